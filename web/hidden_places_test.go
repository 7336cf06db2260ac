package web

import (
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// Who may share a package may know nothing of the project that it lies in: what they are shown does not name it. Break: in
// web/grants.go, addGrants and addInvited, the places that are known; in web/why.go, pathsOf; in
// web/resources.go, activity.
func TestWhoSharesAPackageIsNotToldOfTheProjectThatTheyMayNotKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET name = 'Hidden Alpha' WHERE id = $1`, w.ids["alpha"])
	moda, acme, pack := db.By{User: access.ID(w.ids["moda"]), Via: "page"}, access.ID(w.ids["acme"]), access.ID(w.ids["pack"])
	for _, who := range []string{"plain", "tara"} {
		version := int64(w.count(`SELECT acl_version FROM resources WHERE id = $1`, pack))
		err := w.store.GrantRoles(t.Context(), moda, acme, pack, db.Share{Who: []access.Ref{{Type: "user", ID: access.ID(w.ids[who])}}, Role: "admin", Version: version})
		if err != nil {
			t.Fatal(err)
		}
	}
	var grant string
	if err := w.pool.QueryRow(t.Context(), `SELECT id::text FROM grants WHERE resource_id = $1 AND user_id = $2`, pack, w.ids["tara"]).Scan(&grant); err != nil {
		t.Fatal(err)
	}
	other, err := w.store.CreateResource(t.Context(), moda, acme, db.NewResource{Kind: access.Project, Parent: access.ID(w.ids["workspace"]), Name: "Hidden Gamma"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.ChangeAccessMode(t.Context(), moda, acme, other, access.Restricted, "", 1); err != nil {
		t.Fatal(err)
	}
	for _, to := range []access.ID{other, access.ID(w.ids["alpha"])} {
		if err := w.store.MoveResource(t.Context(), moda, acme, pack, to, int64(w.count(`SELECT acl_version FROM resources WHERE id = $1`, pack))); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"", "/share", "?tab=activity", "/why", "/why?user={tara}", "/why?user={moda}", "/grants/" + grant + "/removal", "/settings", "/deletion", "/parent",
		"/access-mode?mode=organization&role=viewer"} {
		got := w.get("member", "/orgs/acme/resources/{pack}"+path).must(200)
		if strings.Contains(got.body, "Hidden") {
			t.Errorf("%s names a place that member may not know: %s", path, got.text())
		}
	}
	w.get("member", "/orgs/acme/resources/{pack}?tab=activity").says("moda moved Pack .")
	w.get("admin", "/orgs/acme/audit").says("from Hidden Alpha to Hidden Gamma")
	w.post("admin", "/orgs/acme/invitations", "to=petra@invited.test&role=member&who=group:{research}").must(http.StatusOK) // a Viewer of Alpha
	w.get("member", "/orgs/acme/resources/{pack}/share").saysNothingOf("petra@invited.test")
	w.get("owner", "/orgs/acme/resources/{pack}/share").says("Hidden Alpha").says("petra@invited.test")
}

// Break: in views/resources.go, about, the role.
func TestAListTellsWhoMayOnlyKnowOfAProjectNothingOfItsDescription(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, description := range []string{"", "Secretive"} {
		w.exec(`UPDATE resources SET description = $1 WHERE id = $2`, description, w.ids["alpha"])
		w.get("admin", "/orgs/acme").must(http.StatusOK).says("Alpha Not open to you").saysNothingOf("Secretive").saysNothingOf("No description")
	}
	w.get("tara", "/orgs/acme").must(http.StatusOK).says("Secretive")
}

// Break: in views/layout.go, modules or alone; in views/resource.templ, what is asked of You.
func TestWhatStandsWithoutItsModuleIsSetApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("tara", "/orgs/acme").must(http.StatusOK).says("Shared with you Alpha Pack").saysNothingOf("Open to you")
	w.post("admin", "/orgs/acme/resources/{yard}/grants", "who=user:{tara}&role=user&version="+w.aclVersion(w.ids["yard"])).must(http.StatusSeeOther)
	w.get("tara", "/orgs/acme").must(http.StatusOK).says("Open to you Yard Shared with you Alpha Pack")
	w.post("admin", "/orgs/acme/resources/{workspace}/grants", "who=user:{tara}&role=user&version="+w.aclVersion(w.ids["workspace"])).must(http.StatusSeeOther)
	w.get("tara", "/orgs/acme").must(http.StatusOK).says("Open to you Workspace Alpha Pack Yard").saysNothingOf("Shared with you")

	w.exec(`UPDATE resources SET access_mode = 'anonymous' WHERE id = $1::uuid`, w.ids["alpha"])
	w.get("anonymous", "/orgs/acme/resources/{alpha}").must(http.StatusOK).says("Your role").saysNothingOf("/why")
	w.get("tara", "/orgs/acme/resources/{alpha}").must(http.StatusOK).holds(w.fillIn("/orgs/acme/resources/{alpha}/why"))
}
