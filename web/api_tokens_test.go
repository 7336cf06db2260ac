package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// asService sends JSON with a token, as a program does: no cookie, no origin.
func (w *world) asService(token, method, path, body string, options ...option) *answer {
	w.t.Helper()
	service := func(r *http.Request) {
		r.Header = http.Header{"Content-Type": {"application/json"}}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
	return w.send("anonymous", method, path, body, append([]option{service}, options...)...)
}

// newToken makes a token on its page, as the admin.
func (w *world) newToken(name string) string {
	w.t.Helper()
	made := w.post("admin", "/orgs/acme/tokens", form("name", name, "scope", "decide")).must(http.StatusOK)
	token := regexp.MustCompile(`gh_[\w-]{43}`).FindString(made.body)
	if token == "" {
		w.t.Fatalf("no token is shown: %s", made.text())
	}
	return token
}

// question is an evaluation whose answer is yes.
func (w *world) question() string {
	return `{"subject":{"type":"user","id":"` + w.ids["moda"] + `"},"action":{"name":"share"},"resource":{"type":"project","id":"` + w.ids["alpha"] + `"}}`
}

func TestATokenIsShownOnceAndWorksUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.newToken("Loader")
	w.get("admin", "/orgs/acme/tokens").must(http.StatusOK).says("Loader").saysNothingOf(token)
	got := w.asService(token, http.MethodPost, "/access/v1/evaluation", w.question()).must(http.StatusOK)
	if strings.TrimSpace(got.body) != `{"decision":true}` {
		t.Error(got.body)
	}
	w.get("admin", "/orgs/acme/tokens").says("just now")
	id := regexp.MustCompile(`/tokens/([0-9a-f-]{36})/revocation`).FindStringSubmatch(w.get("admin", "/orgs/acme/tokens").body)[1]
	w.get("admin", "/orgs/acme/tokens/"+id+"/revocation").must(http.StatusOK).says("Revoke Loader?")
	w.post("admin", "/orgs/acme/tokens/"+id+"/revocation", "").leadsTo("/orgs/acme/tokens")
	w.asService(token, http.MethodPost, "/access/v1/evaluation", w.question()).must(http.StatusUnauthorized)
	w.get("admin", "/orgs/acme/audit?action=token").says("revoked the API token Loader").says("made the API token Loader for decide").saysNothingOf(token)
}

func TestTheFormForATokenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newToken("Loader")
	for typed, sentence := range map[string]string{
		form("name", "", "scope", "decide"):                                        "Enter a name.",
		form("name", "New"):                                                        "Choose what the token is for.",
		form("name", "New", "scope", "root"):                                       "is not a scope",
		form("name", "loader", "scope", "decide"):                                  "There is a token named loader already.",
		form("name", "New", "scope", "decide", "expires_at", "2001-01-01T00:00"):   "Choose a time in the future",
		form("name", "New", "scope", "decide", "expires_at", "the day after this"): "Enter a date and a time",
	} {
		w.post("admin", "/orgs/acme/tokens", typed).must(http.StatusUnprocessableEntity).says(sentence)
	}
}

// Whatever happens below /access/v1, a program reads JSON, with the headers of every answer, and no session counts.
func TestServicesAreAnsweredInJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.newToken("Loader")
	for _, each := range []struct {
		method, path, token, body string
		status                    int
	}{
		{"GET", "/.well-known/authzen-configuration", "", "", 200},
		{"POST", "/access/v1/evaluation", token, w.question(), 200},
		{"POST", "/access/v1/evaluation", token, "[]", 400},
		{"POST", "/access/v1/evaluation", token, `{"x":"` + strings.Repeat("a", 1<<20) + `"}`, 400},
		{"POST", "/access/v1/evaluation", "", w.question(), 401},
		{"GET", "/access/v1/evaluation", token, "", 405},
		{"POST", "/access/v1/nothing", token, w.question(), 404},
	} {
		got := w.asService(each.token, each.method, each.path, each.body, header("X-Request-ID", "3f2c-77")).must(each.status)
		if got.header.Get("Content-Type") != "application/json" || got.header.Get("X-Request-ID") != "3f2c-77" || got.header.Get("Cache-Control") != "no-store" ||
			got.header.Get("X-Content-Type-Options") != "nosniff" || len(got.cookies) > 0 || (got.header.Get("WWW-Authenticate") != "") != (each.status == 401) {
			t.Errorf("%s %s: %v %s", each.method, each.path, got.header, got.body)
		}
	}
	w.send("admin", http.MethodPost, "/access/v1/evaluation", w.question(), header("Content-Type", "application/json")).must(http.StatusUnauthorized)
}
