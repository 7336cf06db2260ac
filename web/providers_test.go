package web

import (
	"net/http"
	"strings"
	"testing"

	"gatehouse/web/oidc/oidctest"
)

func TestSettingUpSingleSignOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("admin", providerAt).must(http.StatusOK).holds(`value="http://gatehouse.test/sso/acme/callback"`)
	p := oidctest.New(t)
	set := func(status int, pairs ...string) *answer {
		t.Helper()
		fields := map[string]string{"issuer": p.URL, "client_id": oidctest.ClientID, "client_secret": oidctest.Secret, "use": "on", "version": "0", "break_glass": ""}
		for i := 0; i+1 < len(pairs); i += 2 {
			fields[pairs[i]] = pairs[i+1]
		}
		var all []string
		for name, value := range fields {
			all = append(all, name, value)
		}
		return w.post("admin", providerAt, form(all...)).must(status)
	}
	for _, wrong := range [][3]string{
		{"issuer", "", "Enter the address of the provider"}, {"issuer", "login.acme.test", "Enter a whole address"}, {"issuer", "javascript:alert(1)", "Enter a whole address"},
		{"issuer", "https://login.acme.test/?a=b", "Enter a whole address"}, {"issuer", "https://user@login.acme.test", "Enter a whole address"},
		{"client_id", "", "Enter the client ID"}, {"client_secret", "", "Enter the client secret"}, {"client_secret", strings.Repeat("x", 501), "at most 500"},
		{"use", "", "Choose how members sign in"}, {"use", "only", "Name an Admin who can still get in"},
		{"break_glass", "no address", "Enter a whole e-mail address"}, {"break_glass", "plain@acme.test", "is no active Admin"},
		{"break_glass", "outsider@globex.test", "is no active Admin"}, {"break_glass", "nobody@acme.test", "is no active Admin"},
	} {
		got := set(http.StatusUnprocessableEntity, wrong[0], wrong[1]).says(wrong[2]).saysNothingOf(oidctest.Secret)
		if wrong[0] != "client_id" {
			got.holds(`value="` + oidctest.ClientID + `"`)
		}
	}
	set(http.StatusUnprocessableEntity, "use", "only", "break_glass", "second@acme.test").says("has no second factor")
	if w.count(`SELECT count(*) FROM providers`) != 0 {
		t.Fatal("something was saved")
	}
	w.late()
	set(http.StatusOK).says("Confirm that it is you")
	w.restore()
	set(http.StatusSeeOther)
	shown := w.get("admin", providerAt).must(http.StatusOK).saysNothingOf(oidctest.Secret).holds(`value="http://gatehouse.test/sso/acme"`)
	shown.holds(`name="version" value="1"`).holds(`value="` + p.URL + `"`)
	if w.count(`SELECT count(*) FROM providers WHERE position(convert_to($1, 'UTF8') IN sealed) > 0`, oidctest.Secret)+
		w.count(`SELECT count(*) FROM audit_events e WHERE position($1 IN e::text) > 0`, oidctest.Secret) != 0 {
		t.Error("the client secret is written down")
	}
	set(http.StatusConflict, "use", "off").says("Somebody changed this in the meantime").holds(`name="version" value="1"`)
	set(http.StatusSeeOther, "client_secret", "", "version", "1") // the one that is kept
	set(http.StatusUnprocessableEntity, "client_secret", "", "version", "2", "issuer", "https://evil.test").says("is not sent to it")
	w.post("admin", providerAt+"/test", "").must(http.StatusOK).says("The provider answers as it should")
	p.Document = func(c oidctest.Claim) { c["issuer"] = "https://<b>other.test" }
	w.post("admin", providerAt+"/test", "").must(http.StatusOK).says("calls itself https://<b>other.test").saysNothingOf("<b>other")
	set(http.StatusSeeOther, "use", "off", "version", "2")
	w.get("anonymous", "/sso/acme").must(http.StatusNotFound)
	w.get("anonymous", "/sso/acme/callback?code=x&state=y").must(http.StatusNotFound)
	w.get("admin", "/orgs/acme/audit").must(http.StatusOK).says("changed the single sign-on of the organization")
}
