package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// payloads are what attackers write after ?next=. Most are from the lists that testers use, with evil.example in them.
func payloads() []string {
	hosts := []string{"evil.example", "evil.example/orgs", "gatehouse.test@evil.example", "gatehouse.test.evil.example"}
	before := []string{"//", "///", "////", "http://", "https://", "HTTPS://", "ftp://", "http:", "https:", "http:/", "https:///", "/\\", "\\\\", "\\/", "/\\/", "\\",
		" //", "\t//", "\n//", "\r\n//", "/\t/", "/\n/", "/\r/", "\x00//", "/%09/", "/%0a/", "/%5c", "/%5C/", "//%5c", "/.//", "/..//", "/./..//", "/;//", "/?//",
		"http:\\\\", "https:\\/", "//\t", "/\u2028/", "/\u3002/", "／／", "/／", "﹨﹨", "\u00a0//", "\ufeff//", "//\u00ad"}
	list := []string{"", " ", "x", "orgs", "./orgs", "../orgs", "?next=//evil.example", "#//evil.example", ".evil.example", "@evil.example", ":@evil.example",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
		"javascript://evil.example/%0aalert(1)", "javascript:%61lert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>",
		"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "blob:http://evil.example/1", "file:///etc/passwd", "about:blank", "view-source:http://evil.example",
		"mailto:a@evil.example", "/orgs\r\nLocation: http://evil.example", "/orgs\r\nSet-Cookie: gatehouse=x", "/orgs%0d%0aLocation:%20http://evil.example",
		"/orgs\nX: y", "/%2F%2Fevil.example", "/%2f%2fevil.example", "%2F%2Fevil.example", "%2f%5cevil.example", "http%3A%2F%2Fevil.example",
		"/redirect?url=//evil.example", "/sign-in?next=//evil.example", "/sign-in?next=%2F%2Fevil.example", "/links/../../evil.example", "/\u0000/evil.example",
		strings.Repeat("/", 300) + "evil.example", "/" + strings.Repeat("a", 10000), "http://[", "http://%zz", "/%zz", "//%zz", "http://evil.example:99999999", "//:80", "//@", "/@evil.example",
		"http:evil.example", "https:evil.example", "//gatehouse.test:pw@evil.example", "http://gatehouse.test\\@evil.example", "http://gatehouse.test%2eevil.example",
		"http://gatehouse.test&@evil.example", "//evil%E3%80%82example", "//evil。example", "/\u2215/evil.example", "\\x2f\\x2fevil.example", "\\u002f\\u002fevil.example"}
	for _, prefix := range before {
		for _, host := range hosts {
			list = append(list, prefix+host)
		}
	}
	return list
}

// staysHere tells whether a browser on our pages that follows this Location stays there. It reads it as browsers do: without
// tabs and line breaks, a backslash as a slash, and space around it cut off.
func staysHere(location string) bool {
	read := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimFunc(location, func(r rune) bool { return r <= ' ' }))
	base := mustParse("http://gatehouse.test/sign-in")
	there, err := url.Parse(read)
	if err != nil {
		return false
	}
	resolved := base.ResolveReference(there)
	return resolved.Scheme == "http" && resolved.Host == "gatehouse.test" && !strings.HasPrefix(read, "//")
}

func TestNextNeverLeadsOffTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := header("HX-Current-URL", "")
	count := 0
	for _, payload := range payloads() {
		query := "next=" + url.QueryEscape(payload)
		for _, got := range []*answer{
			w.send("member", http.MethodGet, "/sign-in?"+query, ""),
			w.send("member", http.MethodGet, "/sign-in?"+query, "", partial),
			w.send("member", http.MethodPost, "/preferences/theme", form("theme", "dark", "back", payload)),
			w.send("member", http.MethodPost, "/preferences/theme", form("theme", "dark", "back", payload), partial, link),
			w.send("admin", http.MethodPost, "/orgs/acme/members/"+w.ids["tara"]+"/role", form("role", "member", "confirm", "member"), partial,
				header("HX-Current-URL", strings.NewReplacer("\n", "", "\r", "").Replace(payload))),
		} {
			for _, name := range []string{"Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url"} {
				if to := got.header.Get(name); to != "" && !staysHere(to) {
					t.Errorf("%s: next %q leads to %q", got.asked, payload, to)
				}
			}
			if got.status >= 500 {
				t.Errorf("%s: %d", got.asked, got.status)
			}
		}
		shown := w.send("anonymous", http.MethodGet, "/sign-in?"+query, "")
		if shown.status == http.StatusOK {
			shown.mustHoldNothingForeign()
		}
		count++
	}
	if count < 200 {
		t.Errorf("only %d payloads", count)
	}
}

// Where a passkey or a proof leads to, and what the pages that set one up hold. A passkey is quick: a password would take minutes.
func TestNextNeverLeadsOffTheServerByAPasskeyEither(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone, _, token := w.keeps("member", "My phone")
	w.tokens["member"] = token
	for _, payload := range payloads() {
		if strings.ContainsRune(payload, 0) { // which no form may hold
			continue
		}
		asked, same := w.asks("anonymous", "/sign-in/passkey/challenge")
		in := w.send("anonymous", http.MethodPost, "/sign-in/passkey", form("credential", phone.signs(asked), "next", payload), same).must(http.StatusSeeOther)
		if !staysHere(in.location()) {
			t.Errorf("next %q leads to %q", payload, in.location())
		}
		query := "next=" + url.QueryEscape(payload)
		for _, path := range []string{"/account/passkeys/new?", "/account/app?", "/confirmation?"} {
			w.send("owner", http.MethodGet, path+query, "").must(http.StatusOK).mustHoldNothingForeign()
		}
	}
}

func TestSigningInLeadsWhereSomebodyWantedToGoButNotAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("anonymous", "/orgs/acme/members?search=a&status=active").leadsTo("/sign-in?next=%2Forgs%2Facme%2Fmembers%3Fsearch%3Da%26status%3Dactive")
	for next, to := range map[string]string{"/orgs/acme/members?search=a&status=active": "/orgs/acme/members?search=a&status=active", "//evil.example": "/",
		"https://evil.example": "/", "/\\evil.example": "/", "": "/"} {
		w.post("anonymous", "/sign-in", form("email", "plain@acme.test", "password", password, "next", next)).leadsTo(to)
	}
	again := w.post("anonymous", "/sign-in", form("email", "plain@acme.test", "password", "wrong", "next", "/orgs/acme/members")).must(http.StatusUnprocessableEntity)
	again.says("/orgs/acme/members").says("plain@acme.test").saysNothingOf("wrong\"")
	w.post("anonymous", "/orgs/acme/settings", "name=x").leadsTo("/sign-in") // what was a POST cannot be gone back to
}

// hosts are what a proxy might let through.
var hostileHosts = []option{
	func(r *http.Request) { r.Host = "evil.example" },
	func(r *http.Request) { r.Host = "evil.example:8080" },
	func(r *http.Request) { r.Host = "" },
	func(r *http.Request) { r.Host = "gatehouse.test\"><xss-probe>" },
	header("X-Forwarded-Host", "evil.example"), header("X-Forwarded-Proto", "https"), header("Forwarded", "host=evil.example"), header("X-Original-URL", "http://evil.example/"),
}

func TestLinksComeFromTheBaseAddressAndNeverFromTheHostHeader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, host := range hostileHosts {
		for _, row := range pageRows(t) {
			if row.method == http.MethodPost && !strings.Contains(row.route, "/orgs/:org/invitations") || strings.HasPrefix(row.route, "/static") {
				continue
			}
			for _, actor := range []string{"anonymous", "admin"} {
				got := row.send(w, actor, host)
				got.saysNothingOf("evil.example")
				if strings.Contains(got.location(), "evil.example") {
					t.Errorf("%s leads to %s", got.asked, got.location())
				}
				got.mustHoldNothingForeign()
			}
		}
		w.restore()
	}
	w.get("owner", "/orgs/acme/resources/{alpha}/share").holds("http://gatehouse.test/orgs/acme/resources/" + w.ids["alpha"])
}

// Every link and every form on every page that an actor can open leads to something that is open to them.
func TestEveryLinkOnEveryPageLeadsSomewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	routes := registered(w)
	for _, actor := range []string{"anonymous", "member", "group admin", "auditor", "owner", "admin", "outsider"} {
		seen := map[string]string{} // path: the page that links to it
		queue := []string{"/", "/orgs", "/orgs/acme"}
		for _, row := range pageRows(t) {
			if row.method == http.MethodGet && !strings.HasPrefix(row.route, "/static") {
				queue = append(queue, w.fillIn(row.path())+"?"+row.form)
			}
		}
		for _, path := range pagesWithTabs {
			queue = append(queue, w.fillIn(path))
		}
		for first := len(queue); len(queue) > 0; first-- {
			path := queue[0]
			queue = queue[1:]
			got := w.send(actor, http.MethodGet, path, "")
			if got.status >= 400 {
				if first <= 0 {
					t.Errorf("%s: the page %s links to %s, which answers %d", actor, seen[path], path, got.status)
				}
				continue
			}
			got.elements(func(node *html.Node) {
				for _, name := range []string{"href", "hx-get", "data-path", "action", "hx-post"} {
					to := strings.SplitN(attribute(node, name), "#", 2)[0]
					if node.Data == "form" && attribute(node, "method") == "get" {
						continue // its fields say what it asks for
					}
					method := http.MethodGet
					if name == "hx-post" || name == "action" && attribute(node, "method") == "post" {
						method = http.MethodPost
					}
					switch {
					case to == "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "/static/") && seen[to] != "":
					case method == http.MethodPost:
						if !hasRoute(routes, "POST", to) {
							t.Errorf("%s: the page %s posts to %s, which is no route", actor, path, to)
						}
					case seen[to] == "":
						seen[to] = path
						queue = append(queue, to)
					}
				}
			})
		}
	}
}

// hasRoute tells whether a path fits one of the routes.
func hasRoute(routes []string, method, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	want := strings.Split(path, "/")
next:
	for _, route := range routes {
		kind, pattern, _ := strings.Cut(route, " ")
		have := strings.Split(pattern, "/")
		if kind != method || len(have) != len(want) {
			continue
		}
		for i := range have {
			if have[i] != want[i] && (!strings.HasPrefix(have[i], ":") || want[i] == "") {
				continue next
			}
		}
		return true
	}
	return false
}
