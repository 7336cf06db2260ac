package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// What has bitten others, on pages and in the API. Each comment says which line to break to see the test fail.

// readers ask for every page that there is, with one thing in the place of Alpha, and for whatever else lists resources.
func (w *world) readers(thing string) []string {
	var paths []string
	for _, row := range pageRows(w.t) {
		if row.method != http.MethodGet || strings.HasPrefix(row.route, "/static") || strings.HasPrefix(row.route, "/s") || strings.HasPrefix(row.route, "/links") {
			continue
		}
		path := strings.ReplaceAll(row.path(), "{alpha}", thing)
		if row.form != "" {
			path += "?" + row.form
		}
		paths = append(paths, path)
	}
	for _, kind := range access.Kinds() {
		paths = append(paths, "/orgs/acme/resources?kind="+string(kind), "/orgs/acme/resources/new?kind="+string(kind))
	}
	for _, tab := range []string{"activity", "packages", "others", "templates", "people", "access", "members", "everyone"} {
		paths = append(paths, "/orgs/acme/resources/"+thing+"?tab="+tab, "/orgs/acme/groups/{research}?tab="+tab, "/orgs/acme/members/{moda}?tab="+tab,
			"/orgs/acme/resources/{workspace}?tab="+tab)
	}
	return append(paths, "/orgs/acme/search?search=Hidden", "/orgs/acme/my-access?search=Hidden", "/orgs/acme/resources?kind=package&search=Hidden",
		"/orgs/acme/resources/"+thing+"/candidates?search=Hidden", "/orgs/acme/resources/"+thing+"/why?user={moda}", "/orgs")
}

// A project's child, or the project, listed to one who cannot see it: in lists, searches, reports, logs and trees. Break: in
// queries/resources.sql, ListResources, the places and the rights; in web/resources.go, containers, what is asked of Discover; in
// web/grants.go, addGrants, what is known.
func TestWhoMayNotKnowOfAThingReadsItsNameNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET name = 'Hidden ' || kind WHERE $1 = ANY (path) AND id <> $2`, w.ids["alpha"], w.ids["pack"])
	pack := access.ID(w.ids["pack"])
	for i, who := range []access.Ref{{Type: "user", ID: access.ID(w.ids["plain"])}, {Type: "email", Name: "gil@globex.test"}} {
		share := db.Share{Who: []access.Ref{who}, Role: "viewer", Version: int64(1 + i)}
		if err := w.store.GrantRoles(t.Context(), db.By{User: access.ID(w.ids["moda"]), Via: "page"}, access.ID(w.ids["acme"]), pack, share); err != nil {
			t.Fatal(err)
		}
	}
	for _, actor := range []string{"member", "gil", "outsider", "anonymous", "deactivated"} {
		for _, thing := range []string{"{alpha}", "{pack}", "{figures}", "{bucket}"} {
			for _, path := range w.readers(thing) {
				if got := w.get(actor, path); strings.Contains(strings.ReplaceAll(got.body, "search=Hidden", ""), "Hidden ") || got.status >= 500 {
					t.Errorf("%s: %d names what %s may not know: %.600s", got.asked, got.status, actor, got.text())
				}
			}
		}
	}
	named := 0
	for _, path := range w.readers("{alpha}") {
		if strings.Contains(w.get("owner", path).body, "Hidden ") {
			named++
		}
	}
	if named < 15 {
		t.Errorf("even its owner reads the names on %d pages only: this test looks at too little", named)
	}
}

// A role that the kind does not have, another project's rights template, and an access mode that is none: by page and by API.
// Break: in db/templates.go, roleOn, the project in FindTemplateByName; in access/modes.go, modeFits, the first case; in
// access/roles.go, FindRole, what stands at its end.
func TestNoWayInTakesARoleOrAModeThatThereIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	delta, err := w.store.CreateResource(t.Context(), db.By{User: access.ID(w.ids["moda"]), Via: "page"}, access.ID(w.ids["acme"]),
		db.NewResource{Kind: access.Project, Parent: access.ID(w.ids["workspace"]), Name: "Delta"})
	if err != nil {
		t.Fatal(err)
	}
	w.ids["delta"] = string(delta)
	before := w.checksums()
	roles := map[string][]string{
		"{delta}":     {"Analyst", "analyst", w.ids["template"], w.ids["globex template"], "owner", "user", "creator", "", "project/editor", "Viewer"},
		"{pack}":      {"modeler", "Analyst", w.ids["template"], "administrator", "package/admin"},
		"{workspace}": {"viewer", "admin", "editor", "Analyst", "owner"},
		"{acme}":      {"viewer", "owner", "Analyst"},
	}
	for on, names := range roles {
		version := fmt.Sprint(w.count(`SELECT acl_version FROM resources WHERE id = $1`, w.fillIn(on)))
		for _, role := range names {
			w.post("owner", "/orgs/acme/resources/"+on+"/grants", form("who", "group:"+w.ids["board"], "role", role, "version", version)).must(http.StatusUnprocessableEntity)
			w.rest(token, "POST", "/resources/"+on+"/grants", fmt.Sprintf(`{"group":"{board}","role":%q}`, role), ifMatch(version)).isProblem(http.StatusUnprocessableEntity)
		}
	}
	version := fmt.Sprint(w.count(`SELECT acl_version FROM resources WHERE id = $1`, delta))
	for _, mode := range []string{"everyone", "Public", "", "restricted!", "0"} {
		w.post("owner", "/orgs/acme/resources/{delta}/access-mode", form("access_mode", mode, "org_role", "viewer", "confirm", "yes", "version", version)).must(http.StatusUnprocessableEntity)
		w.rest(token, "PUT", "/resources/{delta}/access-mode", fmt.Sprintf(`{"access_mode":%q}`, mode), ifMatch(version)).isProblem(http.StatusUnprocessableEntity)
		for _, field := range []string{"widest_mode", "default_mode"} {
			fields := map[string]string{"widest_mode": "anonymous", "default_mode": "organization"}
			fields[field] = mode
			w.post("admin", "/orgs/acme/settings/policy", form("widest_mode", fields["widest_mode"], "default_mode", fields["default_mode"], "default_role", "viewer",
				"external_sharing", "yes")).must(http.StatusUnprocessableEntity)
		}
	}
	for _, role := range []string{"admin", "owner", "", "Analyst"} {
		w.rest(token, "PUT", "/resources/{delta}/access-mode", fmt.Sprintf(`{"access_mode":"organization","org_role":%q}`, role+"!"), ifMatch(version)).isProblem(http.StatusUnprocessableEntity)
		w.post("admin", "/orgs/acme/settings/policy", form("widest_mode", "anonymous", "default_mode", "organization", "default_role", role)).must(http.StatusUnprocessableEntity)
	}
	w.mustBeAsBefore(before, "what was refused")
}
