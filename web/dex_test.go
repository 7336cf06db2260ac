package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gatehouse/web/oidc/oidctest"
)

var dexForm = regexp.MustCompile(`<form[^>]*action="([^"]*)"`)

// signsInAt signs somebody in at dex, as a browser that was sent there, and returns the address that it sends them back to.
func signsInAt(t *testing.T, to, email string) *url.URL {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "gatehouse.test" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	read := func(answer *http.Response, err error) (*http.Response, string) {
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(text)
	}
	page, text := read(browser.Get(to))
	action := dexForm.FindStringSubmatch(text)
	if page.StatusCode != http.StatusOK || action == nil {
		t.Fatalf("dex shows %d: %.500s", page.StatusCode, text)
	}
	form, err := page.Request.URL.Parse(strings.ReplaceAll(action[1], "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	done, text := read(browser.PostForm(form.String(), url.Values{"login": {email}, "password": {oidctest.DexPassword}}))
	back, err := done.Location()
	if err != nil {
		t.Fatalf("dex answers %d: %.500s", done.StatusCode, text)
	}
	return back
}

// The whole way with a provider that nobody here wrote.
func TestMembersSignInWithDex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issuer, stop := oidctest.StartDex(t, []string{"plain@acme.test", "newcomer@invited.test", "stranger@acme.test"}, "http://gatehouse.test/sso/acme/callback")
	w.post("admin", providerAt, form("issuer", issuer, "client_id", oidctest.ClientID, "client_secret", oidctest.Secret, "use", "on", "version", "0")).must(http.StatusSeeOther)
	w.post("admin", providerAt+"/test", "").must(http.StatusOK).says("The provider answers as it should")
	query := ""
	through := func(email string) *answer {
		start := w.get("anonymous", "/sso/acme/start"+query).must(http.StatusSeeOther)
		back := signsInAt(t, start.location(), email)
		return w.get("anonymous", back.RequestURI(), func(r *http.Request) { r.AddCookie(start.cookies[0]) })
	}
	for _, email := range []string{"plain@acme.test", "newcomer@invited.test", "plain@acme.test"} {
		in := through(email).leadsTo("/orgs/acme").signedIn()
		w.get("anonymous", "/orgs/acme/my-access", cookie(in)).must(http.StatusOK).says(email)
	}
	through("stranger@acme.test").must(http.StatusForbidden).says("neither a member of this organization nor invited to it")
	query = "?again=yes"
	recent := through("plain@acme.test").leadsTo("/orgs/acme").signedIn()
	if w.count(`SELECT count(*) FROM session_providers sp JOIN sessions s ON s.id = sp.session_id WHERE s.token_hash = sha256($1) AND proven_at > now() - interval '5 minutes'`, recent) != 1 {
		t.Error("dex asked anew, and that does not count")
	}
	w.post("admin", providerAt, form("issuer", issuer, "client_id", oidctest.ClientID, "client_secret", "wrong", "use", "on", "version", "1")).must(http.StatusSeeOther)
	through("plain@acme.test").must(http.StatusBadRequest).says("does not accept the client ID or secret")
	stop()
	w.post("admin", providerAt+"/test", "").must(http.StatusOK).says("cannot be reached")
	w.get("anonymous", "/sso/acme/start").must(http.StatusBadGateway)
}
