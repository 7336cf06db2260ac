package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// hostile strings try to leave the place where they stand: text, a quoted attribute, a title, a script, a URL.
var hostile = []string{
	`<xss-probe xssattr=1>`,
	`"><xss-probe xssattr="1">`,
	`' xssattr='1' x='`,
	`" xssattr="1" onfocus="alert(1)`,
	`</title></textarea></script><xss-probe>`,
	`</option></select><xss-probe onload=alert(1)>`,
	`--></template></svg><xss-probe/>`,
	`javascript:alert(1)//`,
	`{{constructor.constructor('alert(1)')()}}`,
	`&lt;xss-probe&gt;&quot; xssattr=&quot;1`,
}

// mustHoldNothingForeign fails where a stored or typed string became more than text.
func (a *answer) mustHoldNothingForeign() {
	a.t.Helper()
	if a.header.Get("Content-Type") == "application/octet-stream" { // somebody's file, which no browser may show
		if !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || a.header.Get("X-Content-Type-Options") != "nosniff" {
			a.t.Errorf("%s: a browser may show this file", a.asked)
		}
	}
	if a.isFile() { // it is saved, never shown: see TestWhatPeopleStoreIsNeverAFormulaInADownload
		return
	}
	a.elements(func(node *html.Node) {
		if node.Data == "xss-probe" {
			a.t.Errorf("%s: an element was injected", a.asked)
		}
		if node.Data == "script" && (!strings.HasPrefix(attribute(node, "src"), "/static/") || node.FirstChild != nil) {
			a.t.Errorf("%s: a script that is not ours", a.asked)
		}
		if node.Data == "style" || node.Data == "iframe" || node.Data == "object" || node.Data == "base" {
			a.t.Errorf("%s: an element %s", a.asked, node.Data)
		}
		for _, attribute := range node.Attr {
			value := strings.ToLower(strings.TrimSpace(attribute.Val))
			switch {
			case strings.HasPrefix(attribute.Key, "xss"), strings.HasPrefix(attribute.Key, "on"), attribute.Key == "style", attribute.Key == "srcdoc":
				a.t.Errorf("%s: an attribute %s=%q on %s", a.asked, attribute.Key, attribute.Val, node.Data)
			case attribute.Key == "hx-on" || strings.HasPrefix(attribute.Key, "hx-on:") || attribute.Key == "hx-vals" && strings.HasPrefix(value, "js:"):
				a.t.Errorf("%s: script in %s", a.asked, attribute.Key)
			case isAddress(attribute.Key) && value != "" && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "#"):
				a.t.Errorf("%s: %s=%q leads elsewhere", a.asked, attribute.Key, attribute.Val)
			case isAddress(attribute.Key) && strings.HasPrefix(value, "//"):
				a.t.Errorf("%s: %s=%q leads off the server", a.asked, attribute.Key, attribute.Val)
			}
		}
	})
}

func isAddress(attribute string) bool {
	switch attribute {
	case "href", "src", "action", "formaction", "hx-get", "hx-post", "hx-put", "hx-delete", "data-path":
		return true
	}
	return false
}

// poison puts hostile strings wherever something is stored, through the Store, so that the audit log holds them too.
func poison(w *world) {
	w.t.Helper()
	ctx := context.Background()
	next := 0
	text := func() string { next++; return hostile[next%len(hostile)] }
	id := func(name string) access.ID { return access.ID(w.ids[name]) }
	admin, owner, acme := dbtest.By(id("admin")), dbtest.By(id("moda")), id("acme")
	all := strings.Join(hostile, " ")
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	for _, person := range []string{"admin", "second", "plain", "grace", "audra", "moda", "tara", "dan", "gil", "outsider"} {
		w.exec(`UPDATE users SET name = $2 WHERE id = $1::uuid`, w.ids[person], text()+person)
	}
	must(w.store.RenameOrganization(ctx, admin, acme, text()))
	for _, group := range []string{"research", "inner", "board"} {
		must(w.store.EditGroup(ctx, admin, acme, id(group), text()+group, all))
	}
	for _, resource := range []string{"alpha", "pack", "figures", "dashboard", "rate", "password", "bucket", "artifact"} {
		must(w.store.EditResource(ctx, owner, acme, id(resource), text(), all))
	}
	must(w.store.EditContent(ctx, owner, acme, id("figures"), map[string]string{"location": text(), "format": text(), "columns": all}))
	must(w.store.EditContent(ctx, owner, acme, id("rate"), map[string]string{"value": all}))
	w.exec(`UPDATE files SET name = $1`, text())
	w.exec(`UPDATE resources SET name = $2 WHERE id = $1::uuid`, w.ids["workspace"], text())
	w.exec(`UPDATE invitations SET message = $1`, all)
	w.exec(`UPDATE api_tokens SET name = $1`, text())
	version := func() int64 {
		resource, err := w.store.FindResource(ctx, acme, id("moda"), id("alpha"))
		must(err)
		return resource.Version
	}
	who := []access.Ref{{Type: "user", ID: id("plain")}, {Type: "group", ID: id("board")}}
	must(w.store.GrantRoles(ctx, owner, acme, id("alpha"), db.Share{Who: who, Role: "viewer", Version: version()}))
	must(w.store.RevokeGrant(ctx, owner, acme, id("alpha"), id("grant"), version()))
	must(w.store.ChangeMemberRole(ctx, admin, acme, id("plain"), "modeler"))
	must(w.store.AddToGroup(ctx, admin, acme, id("board"), []access.Ref{{Type: "user", ID: id("plain")}}, access.GroupMember))
	must(w.store.RemoveGroupMember(ctx, admin, acme, id("board"), id("plain")))
	must(w.store.ChangeAccessMode(ctx, owner, acme, id("alpha"), access.OrganizationMode, "viewer", version()))
	w.exec(`UPDATE access_requests SET message = $1, reason = $1, role = $2, decider_name = $2, given_role = $2, status = 'denied', decided_at = now()`, all, text())
	w.exec(`INSERT INTO access_requests (org_id, id, user_id, asked_id, role, days, message, reason, decider_name, status, decided_at, expires_at)
		SELECT org_id, gen_random_uuid(), user_id, asked_id, role, days, message, reason, decider_name, status, decided_at, expires_at FROM access_requests WHERE id = $1::uuid`, w.ids["request"])
	w.exec(`UPDATE access_requests SET status = 'open', decided_at = NULL WHERE id = $1::uuid`, w.ids["request"])
	w.exec(`UPDATE grants SET id = $1::uuid WHERE resource_id = $2::uuid AND user_id = $3::uuid`, w.ids["grant"], w.ids["alpha"], w.ids["plain"])
}

// pagesWithTabs are the pages that the table names only once.
var pagesWithTabs = []string{
	"/orgs/acme/groups/{research}?tab=everyone", "/orgs/acme/groups/{research}?tab=access", "/orgs/acme/groups/{research}?tab=settings",
	"/orgs/acme/resources/{alpha}?tab=packages", "/orgs/acme/resources/{alpha}?tab=activity", "/orgs/acme/resources/{pack}",
	"/orgs/acme/resources/{pack}/share", "/orgs/acme/resources/{pack}/why", "/orgs/acme/resources/{pack}/why?user={plain}", "/orgs/acme/members/{plain}",
	"/orgs/acme/resources/new?kind=package&parent={alpha}", "/orgs/acme/audit?action=grant", "/orgs/acme/members/{moda}/removal",
	"/orgs/acme/resources/{figures}", "/orgs/acme/resources/{rate}", "/orgs/acme/resources/{bucket}", "/orgs/acme/resources/{artifact}",
	"/orgs/acme/resources/{alpha}?tab=others", "/orgs/acme/resources/new?kind=connection&parent={alpha}", "/orgs/acme/resources/{password}",
	"/orgs/acme/resources/{alpha}/access-mode?mode=anonymous&role=viewer", "/orgs/acme/resources/{alpha}/access-mode?mode=restricted&role=viewer",
}

func TestWhatPeopleStoreIsNeverMoreThanTextOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	poison(w)
	look := func(a *answer) { a.mustHoldNothingForeign() }
	seen := 0
	for _, row := range pageRows(t) {
		if row.method == http.MethodGet && strings.HasPrefix(row.route, "/static") {
			continue
		}
		for _, actor := range []string{"admin", "owner", "member", "auditor", "anonymous"} {
			if row.method != http.MethodGet {
				continue
			}
			page := row.send(w, actor)
			look(page)
			look(row.send(w, actor, partial))
			if strings.Contains(page.text(), "xss-probe") {
				seen++
			}
		}
	}
	for _, path := range pagesWithTabs {
		for _, actor := range []string{"admin", "owner", "auditor"} {
			look(w.get(actor, path))
			look(w.get(actor, path, partial))
		}
	}
	if seen < 50 {
		t.Errorf("only %d pages show what was stored: this test looks at too little", seen)
	}
	for i, row := range pageRows(t) { // what a change answers, and what the next page says about it
		if row.method != http.MethodPost || strings.HasPrefix(row.route, "/s") || row.route == "/confirmation" {
			continue
		}
		for _, options := range [][]option{nil, {partial}, {partial, header("HX-Current-URL", "http://gatehouse.test/orgs/acme/members")}} {
			for _, actor := range []string{"admin", "owner"} {
				changed := row.send(w, actor, options...)
				look(changed)
				if next := changed.location() + changed.header.Get("HX-Redirect"); next != "" {
					look(w.send(actor, http.MethodGet, next, ""))
				}
			}
		}
		if i%8 == 0 {
			w.restore()
			poison(w)
		}
	}
}

func TestWhatPeopleTypeIsNeverMoreThanTextInTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fields := []string{"location", "value", "url", "password", "name", "description", "email", "next", "organization", "message", "to", "role", "owner", "confirm", "heir", "who", "add", "expires_at",
		"access_mode", "org_role", "theme", "back", "kind", "parent", "group", "version", "search", "after", "before", "trail", "status", "action", "tab", "mode", "user"}
	for i, text := range hostile {
		var pairs []string
		for _, field := range fields {
			pairs = append(pairs, field, text)
		}
		typed := form(pairs...)
		for _, row := range pageRows(t) {
			if strings.HasPrefix(row.route, "/static") || row.route == "/sign-out" || row.route == "/setup/:token" && i > 0 {
				continue
			}
			actor, got := row.allowed(), (*answer)(nil)
			if row.method == http.MethodGet {
				got = w.get(actor, row.path()+"?"+typed)
			} else {
				got = w.post(actor, row.path(), typed)
			}
			got.mustHoldNothingForeign()
			if got.status >= 500 {
				t.Errorf("%s: %d", got.asked, got.status)
			}
		}
		w.restore()
	}
	w.get("anonymous", `/<xss-probe%20xssattr=1>"onload="x`).mustHoldNothingForeign()
}
