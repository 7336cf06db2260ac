package oidc

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"gatehouse/web/oidc/oidctest"
)

// What providers send that nobody may be signed in by. To see these fail: leave one comparison out of fits or verify.

// begun is somebody who was sent to a provider.
type begun struct {
	*oidctest.Provider
	client    *Client
	app       App
	departure Departure
	back      url.Values
}

func sendTo(t *testing.T, p *oidctest.Provider) begun {
	t.Helper()
	b := begun{Provider: p, client: New(oidctest.Loopback), departure: Departure{Token: "a token of the browser"},
		app: App{Issuer: p.URL, ID: oidctest.ClientID, Secret: oidctest.Secret, RedirectURL: "https://gatehouse.test/sso/acme/callback"}}
	to, err := b.client.Start(t.Context(), b.app, b.departure)
	if err != nil {
		t.Fatal(err)
	}
	b.back = p.Back(to)
	return b
}

func (b begun) finish(t *testing.T) (Person, error) {
	return b.client.Finish(t.Context(), b.app, b.departure, b.back)
}

// refused fails unless the error is a Problem with this sentence.
func refused(t *testing.T, name string, err error, sentence string, unavailable bool) {
	t.Helper()
	var problem *Problem
	if !errors.As(err, &problem) || !strings.Contains(problem.Sentence, sentence) || problem.Unavailable != unavailable {
		t.Errorf("%s: %v, and it should say %q", name, err, sentence)
	}
}

func TestWhomAProviderNamesIsReadFromItsToken(t *testing.T) {
	t.Parallel()
	p := oidctest.New(t)
	p.Says = func(c oidctest.Claim) {
		c["email"], c["auth_time"] = "Ana@Acme.test", time.Now().Add(-time.Hour).Unix()
	}
	b := sendTo(t, p)
	asked := p.Asked()
	for name, want := range map[string]string{"response_type": "code", "client_id": oidctest.ClientID, "scope": "openid email profile", "code_challenge_method": "S256",
		"redirect_uri": b.app.RedirectURL, "prompt": ""} {
		if got := asked.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(asked.Get(name)) != 43 || asked.Get(name) == b.departure.Token {
			t.Errorf("%s is %q", name, asked.Get(name))
		}
	}
	person, err := b.finish(t)
	if err != nil || person.Subject != "subject-1" || person.Email != "Ana@Acme.test" || !person.Verified || person.Name != "Some Body" ||
		person.ProvenAt == nil || time.Since(*person.ProvenAt) < 59*time.Minute {
		t.Errorf("%+v, %v", person, err)
	}
	if before := p.Requests; err == nil {
		if b = sendTo(t, p); p.Requests != before+1 { // another client discovers anew
			t.Errorf("%d requests", p.Requests-before)
		}
		if _, err := b.client.Start(t.Context(), b.app, b.departure); err != nil || p.Requests != before+1 {
			t.Errorf("the same client asked again what it knew: %d, %v", p.Requests-before, err)
		}
	}
}

func TestATokenThatDoesNotFitSignsNobodyIn(t *testing.T) {
	t.Parallel()
	const differs, late = "does not fit", "has expired already"
	for name, test := range map[string]struct {
		says     func(oidctest.Claim)
		sentence string
	}{
		"another nonce":        {func(c oidctest.Claim) { c["nonce"] = "another" }, differs},
		"no nonce":             {func(c oidctest.Claim) { delete(c, "nonce") }, differs},
		"another audience":     {func(c oidctest.Claim) { c["aud"] = "another client" }, differs},
		"one of two audiences": {func(c oidctest.Claim) { c["aud"] = []string{oidctest.ClientID, "another client"} }, differs},
		"made for another": {func(c oidctest.Claim) {
			c["aud"], c["azp"] = []string{oidctest.ClientID, "another client"}, "another client"
		}, differs},
		"another issuer": {func(c oidctest.Claim) { c["iss"] = "https://other.test" }, differs},
		"expired":        {func(c oidctest.Claim) { c["exp"] = time.Now().Add(-time.Second).Unix() }, late},
		"no expiry":      {func(c oidctest.Claim) { delete(c, "exp") }, late},
		"no subject":     {func(c oidctest.Claim) { c["sub"] = "" }, differs},
		"a long subject": {func(c oidctest.Claim) { c["sub"] = strings.Repeat("x", 256) }, differs},
	} {
		p := oidctest.New(t)
		p.Says = test.says
		person, err := sendTo(t, p).finish(t)
		refused(t, name, err, test.sentence, false)
		if person != (Person{}) {
			t.Errorf("%s: %+v", name, person)
		}
	}
	for name, sign := range map[string]func(head, body string) string{
		"another key": func(head, body string) string {
			return head + "." + body + "." + oidctest.SignedWith(nil, head+"."+body)
		},
		"no signature": func(_, body string) string { return "eyJhbGciOiJub25lIn0." + body + "." },
		"no token":     func(string, string) string { return "" },
	} {
		p := oidctest.New(t)
		p.Sign = sign
		_, err := sendTo(t, p).finish(t)
		refused(t, name, err, differs, false)
	}
}

func TestAnAddressThatDoesNotFitAsksTheProviderNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		with     url.Values
		sentence string
	}{
		"another state":  {url.Values{"state": {"another"}}, "does not fit"},
		"no state":       {url.Values{"state": {""}}, "does not fit"},
		"no code":        {url.Values{"code": {""}}, "does not fit"},
		"another issuer": {url.Values{"iss": {"https://other.test"}}, "does not fit"},
		"turned back":    {url.Values{"error": {"access_denied"}}, "or you turned back"},
		"a mistake":      {url.Values{"error": {"invalid_scope<b>"}}, "invalid_scope"},
	} {
		p := oidctest.New(t)
		b := sendTo(t, p)
		before := p.Requests
		for key, values := range test.with {
			b.back[key] = values
		}
		_, err := b.finish(t)
		refused(t, name, err, test.sentence, false)
		if p.Requests != before {
			t.Errorf("%s: the provider was asked", name)
		}
	}
	b := sendTo(t, oidctest.New(t)) // a browser with another token has another verifier
	stolen := b
	stolen.departure.Token = "another browser"
	stolen.back = url.Values{"code": b.back["code"], "state": {stolen.departure.State()}}
	_, err := stolen.finish(t)
	refused(t, "a code that was stolen", err, "does not fit", false)
}

func TestOnlyAVerifiedAddressIsOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		says     func(oidctest.Claim)
		verified bool
	}{
		"said":         {func(c oidctest.Claim) {}, true},
		"as text":      {func(c oidctest.Claim) { c["email_verified"] = "true" }, true},
		"by Microsoft": {func(c oidctest.Claim) { delete(c, "email_verified"); c["xms_edov"] = 1 }, true},
		"missing":      {func(c oidctest.Claim) { delete(c, "email_verified") }, false},
		"not":          {func(c oidctest.Claim) { c["email_verified"] = false }, false},
		"not, as text": {func(c oidctest.Claim) { c["email_verified"] = "false" }, false},
		"a list":       {func(c oidctest.Claim) { c["email_verified"] = []bool{true} }, false},
	} {
		p := oidctest.New(t)
		p.Says = func(c oidctest.Claim) { c["email"] = "ana@acme.test"; test.says(c) }
		if person, err := sendTo(t, p).finish(t); err != nil || person.Verified != test.verified {
			t.Errorf("%s: %+v, %v", name, person, err)
		}
	}
	p := oidctest.New(t) // the page about the person says it, if it is about the same one
	p.Info = oidctest.Claim{"sub": "subject-1", "email": "ana@acme.test", "email_verified": true}
	if person, err := sendTo(t, p).finish(t); err != nil || person.Email != "ana@acme.test" || !person.Verified {
		t.Errorf("%+v, %v", person, err)
	}
	p.Info["sub"] = "subject-2"
	_, err := sendTo(t, p).finish(t)
	refused(t, "a page about somebody else", err, "does not fit", false)
	p.Info = oidctest.Claim{"sub": "subject-1", "email": "ana@acme.test"}
	if person, err := sendTo(t, p).finish(t); err != nil || person.Verified {
		t.Errorf("the token's claim was taken for another address: %+v, %v", person, err)
	}
}

func TestWhoIsToProveAnewWhoTheyAreDidSoNow(t *testing.T) {
	t.Parallel()
	p := oidctest.New(t)
	again := func(at any) (Person, error) {
		p.Says = func(c oidctest.Claim) {
			if c["email"] = "ana@acme.test"; at != nil {
				c["auth_time"] = at
			}
		}
		b := sendTo(t, p)
		b.departure.Again = true
		to, err := b.client.Start(t.Context(), b.app, b.departure)
		if err != nil {
			t.Fatal(err)
		}
		b.back = p.Back(to)
		if p.Asked().Get("prompt") != "login" || p.Asked().Get("max_age") != "0" {
			t.Errorf("asked for %v", p.Asked())
		}
		return b.finish(t)
	}
	if person, err := again(time.Now().Unix()); err != nil || time.Since(*person.ProvenAt) > time.Minute {
		t.Errorf("%+v, %v", person, err)
	}
	if person, err := again(nil); err != nil || time.Since(*person.ProvenAt) > time.Minute {
		t.Errorf("%+v, %v", person, err)
	}
	_, err := again(time.Now().Add(-time.Hour).Unix())
	refused(t, "an old proof", err, "did not ask you anew", false)
	if person, err := again(time.Now().Add(24 * time.Hour).Unix()); err != nil || time.Until(*person.ProvenAt) > 0 {
		t.Errorf("the proof lies ahead: %+v, %v", person, err)
	}
}
