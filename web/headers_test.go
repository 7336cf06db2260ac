package web

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/static"
)

// mustBeSecured fails where a header is missing that every answer has.
func (a *answer) mustBeSecured() {
	a.t.Helper()
	for name, wanted := range map[string]string{"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "X-Request-Id": ""} {
		if got := a.header.Get(name); got == "" || !strings.HasPrefix(got, wanted) {
			a.t.Errorf("%s: %d with %s %q", a.asked, a.status, name, got)
		}
	}
	policy := a.header.Get("Content-Security-Policy")
	for _, wanted := range []string{"frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, wanted) {
			a.t.Errorf("%s: the policy lacks %s", a.asked, wanted)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		a.t.Errorf("%s: the policy is %s", a.asked, policy)
	}
	if got := a.header.Get("Server") + a.header.Get("X-Powered-By"); got != "" {
		a.t.Errorf("%s says that it is %s", a.asked, got)
	}
	if strings.Contains(a.asked, "/static/") && a.status == http.StatusOK {
		return
	}
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		a.t.Errorf("%s: Cache-Control %q", a.asked, got)
	}
	if got := a.header.Values("Vary"); !strings.Contains(strings.Join(got, ","), "HX-Request") {
		a.t.Errorf("%s: Vary %q", a.asked, got)
	}
}

// everyStatus asks for one answer of each kind.
func everyStatus(w *world) []*answer {
	answers := []*answer{
		w.get("admin", "/orgs/acme").must(200),
		w.get("anonymous", "/sign-in").must(200),
		w.get("admin", "/orgs/acme/members", partial).must(200),
		w.get("anonymous", "/orgs/acme").must(303),
		w.post("admin", "/preferences/theme", "theme=dark").must(303),
		w.get("anonymous", "/orgs/acme", partial).must(401),
		w.post("member", "/orgs/acme/members/{tara}/role", "role=admin").must(403),
		w.post("admin", "/orgs/acme/settings", "name=x", header("Sec-Fetch-Site", "cross-site")).must(403),
		w.get("admin", "/nowhere").must(404),
		w.get("admin", "/orgs/globex").must(404),
		w.get("anonymous", "/static/nothing.js").must(404),
		w.get("anonymous", "/static/../server.go").must(404),
		w.get("anonymous", "/invitations/unknown").must(404),
		w.ask("admin", http.MethodPut, "/sign-in", "").must(405),
		w.post("admin", "/orgs/acme/members/{tara}/reactivation", "").must(409),
		w.post("owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version=99").must(409),
		w.get("anonymous", "/links/unknown").must(410),
		w.get("anonymous", "/setup/unknown").must(410),
		w.post("admin", "/orgs/acme/settings", "name=").must(422),
		w.get("admin", "/orgs/acme?search=%00").must(422),
		w.get("anonymous", "/livez").must(200),
		w.get("anonymous", "/readyz").must(200),
	}
	w.server.Drain()
	answers = append(answers, w.get("anonymous", "/readyz").must(503))
	w.server.draining.Store(false)
	return answers
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range pageRows(t) {
		for _, actor := range []string{"anonymous", "member", row.allowed()} {
			row.send(w, actor).mustBeSecured()
			row.send(w, actor, partial).mustBeSecured()
		}
	}
	w.restore()
	for _, answer := range everyStatus(w) {
		answer.mustBeSecured()
		if answer.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s promises TLS where there is none", answer.asked)
		}
	}
}

func TestEveryAnswerOverTLSSaysThatTLSStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secure, err := New(w.store, Options{BaseURL: mustParse("https://gatehouse.test")}, w.server.log)
	if err != nil {
		t.Fatal(err)
	}
	w.server = secure
	for _, path := range []string{"/", "/sign-in", "/nowhere", "/static/vendor/htmx.min.js", "/links/unknown", "/livez"} {
		if got := w.get("anonymous", path).header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
			t.Errorf("GET %s: Strict-Transport-Security %q", path, got)
		}
	}
	in := w.post("anonymous", "/sign-in", form("email", "plain@acme.test", "password", password)).must(303)
	var c *http.Cookie
	for _, each := range in.cookies { // that of the session, and that of the browser, by which the account knows it
		if !strings.HasPrefix(each.Name, "__Host-gatehouse") || !each.Secure || !each.HttpOnly || each.Path != "/" || each.Domain != "" || each.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie is %v", each)
		}
		if each.Name == "__Host-gatehouse" {
			c = each
		}
	}
	if c == nil || len(in.cookies) != 2 {
		t.Fatalf("signing in sets %v", in.cookies)
	}
	w.get("anonymous", "/orgs", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "__Host-gatehouse", Value: c.Value}) }).must(200)
	w.get("anonymous", "/orgs", cookie(c.Value)).must(303) // a name without the prefix could come from a neighbour
}

func TestAFailureHasTheSecurityHeadersAndSaysNothingOfItsCause(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.Close()
	for _, row := range pageRows(t) {
		if row.route == "/livez" || strings.HasPrefix(row.route, "/static/") {
			row.send(w, "admin").must(200)
			continue
		}
		for _, options := range [][]option{nil, {partial}} {
			got := row.send(w, "admin", append(options, header("X-Request-Id", "number-17"))...)
			got.mustBeSecured()
			if got.status != 500 && got.status != 503 {
				t.Errorf("%s without a database: %d", got.asked, got.status)
			}
			if row.route != "/readyz" {
				got.says("number-17")
			}
			got.saysNothingOf("closed pool").saysNothingOf("panic").saysNothingOf(".go:")
		}
	}
	if !strings.Contains(w.log.String(), "closed pool") || !strings.Contains(w.log.String(), "number-17") {
		t.Error("the log does not tell the cause with the request's number")
	}
}

func TestAPanicIsAnsweredLikeAnyFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.echo.GET("/breaks", with(func(*request) error { panic("the secret cause") }))
	got := w.get("admin", "/breaks").must(500).saysNothingOf("secret cause").saysNothingOf("goroutine")
	got.mustBeSecured()
	if !strings.Contains(w.log.String(), "the secret cause") {
		t.Error("the log does not tell the cause of a panic")
	}
}

func TestEveryKindOfErrorHasItsStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var failure error
	w.server.echo.GET("/fails", with(func(*request) error { return failure }))
	for status, err := range map[int]error{422: access.Invalid("name", "No."), 403: access.Denied("No."), 404: access.ErrNotFound, 409: access.Conflict("No."),
		303: access.ErrUnauthenticated, 500: fs.ErrClosed} {
		failure = err
		w.get("admin", "/fails").must(status).mustBeSecured()
	}
}

func TestStaticFilesAreKeptOnlyUnderTheirHash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	versioned := w.get("anonymous", static.URL("vendor/htmx.min.js")).must(200)
	if got := versioned.header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("with its hash: Cache-Control %q", got)
	}
	for _, path := range []string{"/static/vendor/htmx.min.js", "/static/vendor/htmx.min.js?v=old"} {
		if got := w.get("anonymous", path).must(200).header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
	for _, path := range []string{"/static/", "/static/vendor", "/static/vendor/", "/static/../web/server.go", "/static/%2e%2e/static.go", "/static/static.go",
		"/static/package.json", "/static/node_modules/htmx.org/package.json", "/static//etc/passwd"} {
		w.get("anonymous", path).must(404)
	}
}
