package oidc

import (
	"net"
	"net/http"
	"testing"
	"time"

	"gatehouse/web/oidc/oidctest"
)

// What an Admin enters that the server must not ask, and what answers there. To see these fail: let control return nil, or
// take a check out of fit.

func TestAProviderThatIsNoneIsToldApart(t *testing.T) {
	t.Parallel()
	const discovery = "/.well-known/openid-configuration"
	var p *oidctest.Provider
	stuck := make(chan struct{})
	for name, test := range map[string]struct {
		breaks      func()
		sentence    string
		unavailable bool
	}{
		"another issuer": {func() { p.Document = func(c oidctest.Claim) { c["issuer"] = "https://other.test" } }, "calls itself https://other.test", false},
		"no PKCE": {func() {
			p.Document = func(c oidctest.Claim) { c["code_challenge_methods_supported"] = []string{"plain"} }
		}, "PKCE", false},
		"no token endpoint": {func() { p.Document = func(c oidctest.Claim) { delete(c, "token_endpoint") } }, "token_endpoint", false},
		"a script":          {func() { p.Document = func(c oidctest.Claim) { c["authorization_endpoint"] = "javascript:alert(1)" } }, "authorization_endpoint", false},
		"nothing there":     {func() { p.Answer[discovery] = http.NotFound }, "gives no OpenID Connect configuration", true},
		"a page": {func() {
			p.Answer[discovery] = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }
		}, "gives no OpenID Connect configuration", true},
		"too long":        {func() { p.Answer[discovery] = oidctest.Long }, "more than a provider has to say", false},
		"leads elsewhere": {func() { p.Answer[discovery] = http.RedirectHandler("http://127.0.0.1:1/", http.StatusFound).ServeHTTP }, "sends us to another address", false},
		"closed":          {func() { p.Close() }, "cannot be reached", true},
		"slow": {func() {
			p.Answer[discovery] = func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-stuck:
				case <-r.Context().Done():
				}
			}
		}, "does not answer in time", true},
	} {
		p = oidctest.New(t)
		test.breaks()
		client := New(oidctest.Loopback)
		if name == "slow" {
			client.http.Timeout = 500 * time.Millisecond
		}
		refused(t, name, client.Check(t.Context(), p.URL), test.sentence, test.unavailable)
	}
	close(stuck)
	p = oidctest.New(t)
	p.Answer[discovery] = http.NotFound
	client := New(oidctest.Loopback)
	for range 3 {
		if _, err := client.Start(t.Context(), App{Issuer: p.URL}, Departure{Token: "x"}); err == nil {
			t.Error("a page that is none was taken")
		}
	}
	if p.Requests != 1 {
		t.Errorf("visitors made us ask %d times", p.Requests)
	}
	delete(p.Answer, discovery)
	if err := client.Check(t.Context(), p.URL); err != nil || p.Requests != 2 {
		t.Errorf("an Admin's test: %v after %d requests", err, p.Requests)
	}
	p = oidctest.New(t) // what does not say whether it knows PKCE is asked for it all the same
	p.Document = func(c oidctest.Claim) { delete(c, "code_challenge_methods_supported") }
	if err := New(oidctest.Loopback).Check(t.Context(), p.URL); err != nil {
		t.Error(err)
	}
}

func TestAProviderThatFailsInTheMiddleIsNoMistakeOfOurs(t *testing.T) {
	t.Parallel()
	for path, answer := range map[string]http.HandlerFunc{"/token": oidctest.Status(http.StatusInternalServerError), "/keys": oidctest.Status(http.StatusBadGateway)} {
		p := oidctest.New(t)
		p.Answer[path] = answer
		_, err := sendTo(t, p).finish(t)
		refused(t, path, err, "Try again in a moment", true)
	}
	p := oidctest.New(t)
	p.Answer["/token"] = oidctest.Long
	if _, err := sendTo(t, p).finish(t); err == nil {
		t.Error("a token without end was read")
	}
	b := sendTo(t, oidctest.New(t))
	b.app.Secret = "wrong"
	_, err := b.finish(t)
	refused(t, "a wrong secret", err, "does not accept the client ID or secret", false)
}

func TestTheServerAsksOnlyWhereItMay(t *testing.T) {
	t.Parallel()
	p := oidctest.New(t)
	refused(t, "loopback", New(nil).Check(t.Context(), p.URL), "lies where this server may not ask", false)
	if p.Requests != 0 {
		t.Error("it was asked")
	}
	public, private := guard{nil, true}, guard{nil, false}
	for address, may := range map[string]bool{"192.0.2.7:443": true, "[2001:db8::1]:443": true, "10.0.0.1:443": false, "127.0.0.1:443": false, "169.254.169.254:443": false,
		"172.16.3.4:443": false, "192.168.1.1:443": false, "100.64.0.1:443": false, "0.0.0.0:443": false, "[::1]:443": false, "[fe80::1%eth0]:443": false, "[fd00::1]:443": false,
		"[::ffff:10.0.0.1]:443": false, "[64:ff9b::a00:1]:443": false, "[2002:a00:1::]:443": false, "224.0.0.1:443": false, "255.255.255.255:443": false, "no address": false} {
		if err := public.control("tcp", address, nil); (err == nil) != may {
			t.Errorf("https at %s: %v", address, err)
		}
		if private.control("tcp", address, nil) == nil {
			t.Errorf("http at %s may be asked", address)
		}
	}
	named := guard{[]*net.IPNet{{IP: net.IPv4(10, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}}, false}
	if named.control("tcp", "10.1.2.3:80", nil) != nil || named.control("tcp", "11.1.2.3:80", nil) == nil {
		t.Error("a network that was named is not told apart")
	}
}
