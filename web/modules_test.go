package web

import (
	"net/http"
	"strings"
	"testing"
)

// made posts a form that makes something and gives the id of its page.
func (w *world) made(actor, path, form string) string {
	w.t.Helper()
	got := w.post(actor, path, form).must(http.StatusSeeOther)
	return got.location()[strings.LastIndex(got.location(), "/")+1:]
}

func (w *world) aclVersion(id string) string {
	w.t.Helper()
	var version string
	if err := w.pool.QueryRow(w.t.Context(), `SELECT acl_version::text FROM resources WHERE id = $1`, id).Scan(&version); err != nil {
		w.t.Fatal(err)
	}
	return version
}

// Break: in access/kinds.go, Handing; in web/modules.go, seesModulesPage; in web/grants.go, seesWhoHasAccess.
func TestAModuleAdministratorWhoIsNoAdminManagesTheModule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("group admin", "/orgs/acme/modules").must(http.StatusNotFound)
	risk := w.made("admin", "/orgs/acme/modules", "name=Risk&description=What+could+go+wrong")
	page := "/orgs/acme/resources/" + risk
	w.get("group admin", page).must(http.StatusNotFound)
	w.get("group admin", page+"/share").must(http.StatusNotFound)
	give := func(actor, who, role string) *answer {
		return w.post(actor, page+"/grants", "who="+who+"&role="+role+"&version="+w.aclVersion(risk))
	}
	give("admin", "user:{grace}", "administrator").must(http.StatusSeeOther)

	w.get("group admin", "/orgs/acme").must(http.StatusOK).holds(`href="/orgs/acme/modules"`).holds(page)
	w.get("group admin", "/orgs/acme/modules").must(http.StatusOK).says("Risk").says("Administrator").saysNothingOf("Workspace")
	w.get("group admin", page).must(http.StatusOK).says("What could go wrong").says("Manage people")
	give("group admin", "user:{plain}", "user").must(http.StatusSeeOther)
	give("group admin", "group:{research}", "creator").must(http.StatusSeeOther)
	w.get("group admin", page+"?tab=people").must(http.StatusOK).says("Research").says("Creator").says("plain")
	w.get("group admin", page+"/share").must(http.StatusOK).says("People of Risk").saysNothingOf("General access")
	w.post("group admin", page+"/settings", "name=Credit&description=").must(http.StatusSeeOther)
	w.get("member", page).must(http.StatusOK).says("Credit").saysNothingOf("Manage people")
	w.get("member", page+"?tab=people").must(http.StatusOK).says("Research")
	give("member", "user:{tara}", "user").must(http.StatusForbidden)
	w.post("group admin", page+"/deletion", "confirm=Credit").must(http.StatusForbidden)
	w.post("group admin", "/orgs/acme/modules", "name=Mine").must(http.StatusForbidden)
}

// Break: in access/resources.go, moduleAllowed, the two answers about what is inside.
func TestAModuleGoesOnlyWhenItIsEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	risk := w.made("admin", "/orgs/acme/modules", "name=Risk")
	page := "/orgs/acme/resources/" + risk
	project := w.made("admin", "/orgs/acme/resources", "kind=project&name=Stress&parent="+risk)
	w.get("admin", page).must(http.StatusOK).says("Stress").says("Delete module")
	w.get("admin", page+"/deletion").must(http.StatusOK).says("Risk holds a resource.").saysNothingOf("to confirm")
	w.post("admin", page+"/deletion", "confirm=Risk").must(http.StatusConflict).says("only an empty module can be deleted")
	w.post("admin", "/orgs/acme/resources/"+project+"/deletion", "confirm=Stress").must(http.StatusSeeOther)
	w.post("admin", page+"/deletion", "confirm=risk").must(http.StatusUnprocessableEntity).says("Type Risk to delete it.")
	w.post("admin", page+"/deletion", "confirm=Risk").leadsTo("/orgs/acme/modules")
	w.get("admin", page).must(http.StatusNotFound)
}

// Break: in access/grants.go, handing and externalFits; in web/grants.go, sharePage of what nobody owns.
func TestTheRolesOfAModuleAreItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.fillIn("/orgs/acme/resources/{workspace}")
	send := func(who, role, more string) *answer {
		return w.post("admin", page+"/grants", "who="+who+"&role="+role+"&version="+w.aclVersion(w.ids["workspace"])+more)
	}
	for _, role := range []string{"viewer", "owner", "admin", "", "member"} {
		send("user:{plain}", role, "").must(http.StatusUnprocessableEntity).says("is not a role on a module")
	}
	send("email:gil@globex.test", "user", "").must(http.StatusUnprocessableEntity).says("Is no member. Invite them first.")
	send("user:{plain}", "user", "&expires_at=2001-01-01T00:00").must(http.StatusUnprocessableEntity).says("in the future")
	send("user:{plain}", "user", "&expires_at=2037-01-01T00:00").must(http.StatusSeeOther)
	w.get("admin", page+"/share").must(http.StatusOK).says("Ends in").holds(`value="administrator"`)
	for _, path := range []string{"/access-mode?mode=public", "/owner"} {
		w.get("admin", page+path).must(http.StatusForbidden)
	}
	w.get("member", page+"/why").must(http.StatusOK).says("User on Workspace")
}

// Break: in queries/grants.sql, SearchPrincipals, the line about the organization; in access/grants.go, handing.
func TestOnlyGroupsAreGivenARoleInTheOrganizationBesideTheirMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.fillIn("/orgs/acme/resources/{acme}")
	w.get("admin", page).must(http.StatusNotFound)
	w.post("admin", page+"/settings", "name=Mine").must(http.StatusNotFound)
	w.get("admin", page+"/candidates?search=a").must(http.StatusOK).says("Research").saysNothingOf("@acme.test")
	send := func(actor, who, role string) *answer {
		return w.post(actor, page+"/grants", "who="+who+"&role="+role+"&version="+w.aclVersion(w.ids["acme"]))
	}
	send("admin", "user:{plain}", "auditor").must(http.StatusUnprocessableEntity).says("on the Members page")
	send("group admin", "group:{research}", "admin").must(http.StatusNotFound)
	send("auditor", "group:{research}", "admin").must(http.StatusForbidden)
	w.get("admin", "/orgs/acme/group-roles").must(http.StatusOK).says("No group has a role here")
	send("admin", "group:{research}", "auditor").must(http.StatusSeeOther)
	w.get("auditor", "/orgs/acme/group-roles").must(http.StatusOK).says("Research").says("Auditor").saysNothingOf("Give a group a role")
	w.get("admin", "/orgs/acme/groups").must(http.StatusOK).says("Auditor on acme")
	w.get("group admin", "/orgs/acme/groups/{research}?tab=access").must(http.StatusOK).says("Auditor on acme")
	w.get("tara", "/orgs/acme/audit").must(http.StatusOK)
	w.get("admin", "/orgs/acme/members/{tara}").must(http.StatusOK).says("Auditor through Research")
	w.get("tara", w.fillIn("/orgs/acme/resources/{acme}/why")).must(http.StatusOK).says("Research")
}
