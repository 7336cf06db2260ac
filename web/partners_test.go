package web

import (
	"net/http"
	"testing"
)

// Break: in web/grants.go, organizationCandidate; in queries/grants.sql, FindOrganizationPrincipal, make it LIKE.
func TestAPartnerOrganizationIsOfferedOnlyToWhoTypesItsWholeShortName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	candidates := w.fillIn("/orgs/acme/resources/{alpha}/candidates?search=")
	for _, typed := range []string{"", "g", "globe", "lobex", "globex2", "%25", "glob_x", "{globex}"} {
		w.get("owner", candidates+typed).must(http.StatusOK).saysNothingOf("Organization")
	}
	for _, typed := range []string{"globex", "GlobeX", "+globex+"} {
		w.get("owner", candidates+typed).must(http.StatusOK).holds(`data-value="organization:globex"`).says("External")
	}
	w.get("owner", candidates+"acme").must(http.StatusOK).saysNothingOf("Organization")
	w.get("admin", "/orgs/acme/resources/{workspace}/candidates?search=globex").must(http.StatusOK).saysNothingOf("Organization")
	w.get("admin", "/orgs/acme/resources/{workspace}/candidates?search=acme").must(http.StatusOK).holds(`data-value="organization:acme"`).saysNothingOf("External")
	w.get("group admin", "/orgs/acme/groups/{research}/candidates?search=globex").must(http.StatusOK).saysNothingOf("Organization")
	w.exec(`UPDATE organizations SET external_sharing = false WHERE slug = 'acme'`)
	w.get("owner", candidates+"globex").must(http.StatusOK).saysNothingOf("Organization")
}

// Break: in access/grants.go, externalFits; in web/pickers.go, chosen, the slug.
func TestAGrantToAPartnerIsEditorAtMostAndGoesByPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alpha := w.fillIn("/orgs/acme/resources/{alpha}")
	give := func(who, role string) *answer {
		return w.post("owner", alpha+"/grants", who+"&role="+role+"&version="+w.aclVersion(w.ids["alpha"]))
	}
	give("who=organization:globex", "admin").must(http.StatusUnprocessableEntity).says("Editor at most").holds("organization:globex").says("External")
	give("who=organization:{globex}", "viewer").must(http.StatusUnprocessableEntity).says("no organization with this short name")
	give("add=nowhere", "viewer").must(http.StatusUnprocessableEntity).says("There is no group with this name.")
	w.post("admin", "/orgs/acme/resources/{workspace}/grants", "who=organization:globex&role=user&version="+w.aclVersion(w.ids["workspace"])).must(http.StatusUnprocessableEntity).says("Only members")
	give("add=Globex", "editor").must(http.StatusSeeOther)
	give("who=organization:globex", "editor").must(http.StatusConflict).says("has the role Editor here already")
	w.get("owner", alpha+"/share").must(http.StatusOK).says("globex").says("External").says("everybody in it")
	w.get("owner", alpha).must(http.StatusOK).says("globex, Editor, External")

	w.exec(`UPDATE organizations SET external_sharing = false WHERE slug = 'acme'`)
	give("who=organization:globex", "viewer").must(http.StatusUnprocessableEntity).says("sharing policy does not allow")
}

// Break: in queries/partners.sql, ListSharedFromOutside, any condition; in queries/members.sql, FindPersonAround, the organizations.
func TestPeopleOfAPartnerFindWhatIsSharedWithTheirOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alpha := w.fillIn("/orgs/acme/resources/{alpha}")
	w.get("gil", alpha).must(http.StatusNotFound)
	w.get("gil", "/orgs").must(http.StatusOK).saysNothingOf("Alpha")
	w.post("owner", alpha+"/grants", "who=organization:globex&role=viewer&version="+w.aclVersion(w.ids["alpha"])).must(http.StatusSeeOther)
	for _, actor := range []string{"gil", "outsider"} {
		w.get(actor, "/orgs").must(http.StatusOK).says("Shared with you from other organizations").says("Alpha").says("Project of acme").holds(alpha)
		for _, page := range []string{"/orgs/globex", "/orgs/globex/my-access"} {
			w.get(actor, page).must(http.StatusOK).says("Shared with you from other organizations").says("Project of acme").holds(`href="` + alpha + `"`)
		}
		w.get(actor, alpha).must(http.StatusOK).says("Viewer").saysNothingOf("Research").holds(`<a href="/orgs">Shared with you</a>`)
		w.get(actor, alpha+"/why").must(http.StatusOK).says("globex → Viewer on Alpha")
		w.get(actor, alpha+"/share").must(http.StatusNotFound)
		w.get(actor, "/orgs/acme").must(http.StatusNotFound)
	}
	report := w.fillIn("/orgs/acme/access/people/{gil}")
	w.get("auditor", "/orgs/acme/access/resources/{alpha}").must(http.StatusOK).holds(`href="` + report + `"`)
	w.get("auditor", report).must(http.StatusOK).says("Alpha")
	w.get("auditor", alpha+w.fillIn("/why?user={gil}")).must(http.StatusOK).says("globex → Viewer on Alpha")
	for _, actor := range []string{"member", "tara"} {
		w.get(actor, "/orgs").must(http.StatusOK).saysNothingOf("Shared with you")
	}
	grant := w.fillIn(w.partnerGrant())
	w.get("owner", alpha+"/grants/"+grant+"/removal").must(http.StatusOK).says("ends at once for everybody in globex")
	removed := w.post("owner", alpha+"/grants/"+grant+"/removal", "version="+w.aclVersion(w.ids["alpha"]))
	removed.must(http.StatusSeeOther)
	w.get("owner", alpha+"/share").must(http.StatusOK).holds(`name="who" value="organization:globex"`)
	w.get("gil", "/orgs").must(http.StatusOK).saysNothingOf("Alpha")
	w.get("gil", alpha).must(http.StatusNotFound)
}

func (w *world) partnerGrant() string {
	w.t.Helper()
	var id string
	if err := w.pool.QueryRow(w.t.Context(), `SELECT id::text FROM grants WHERE organization_id IS NOT NULL`).Scan(&id); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Break: in queries/organizations.sql, ListOrganizationsToCreateIn, what is asked of the module.
func TestWhoIsInSeveralOrganizationsChoosesWhichOwnsTheProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("owner", "/orgs/acme/resources/new?kind=project").must(http.StatusOK).saysNothingOf("Organization that owns it")
	w.exec(`INSERT INTO memberships (org_id, user_id) VALUES ('` + w.ids["globex"] + `', '` + w.ids["moda"] + `')`)
	join := func(role string) {
		w.exec(`DELETE FROM grants WHERE resource_kind = 'organization' AND user_id = '` + w.ids["moda"] + `' AND org_id = '` + w.ids["globex"] + `'`)
		w.exec(`INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id) VALUES ($1, $1, 'organization', $2, $3)`, w.ids["globex"], role, w.ids["moda"])
	}
	join("organization/member") // who may not create there has nothing to choose
	w.get("owner", "/orgs/acme/resources/new?kind=project").must(http.StatusOK).saysNothingOf("Organization that owns it")
	join("organization/modeler")
	w.get("owner", "/orgs/acme/resources/new?kind=project").must(http.StatusOK).says("Organization that owns it").
		holds("/orgs/globex/resources/new?kind=project")
	w.get("owner", "/orgs/globex/resources/new?kind=project").must(http.StatusOK).holds(`action="/orgs/globex/resources"`)
	w.made("owner", "/orgs/globex/resources", "kind=project&name=Ours")
	if n := w.count(`SELECT count(*) FROM resources WHERE name = 'Ours' AND org_id = $1`, w.ids["globex"]); n != 1 {
		t.Errorf("%d projects are owned by the organization that was chosen", n)
	}
	w.get("owner", "/orgs/acme/resources/new?kind=package&parent={alpha}").must(http.StatusOK).saysNothingOf("Organization that owns it")
}
