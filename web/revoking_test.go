package web

import (
	"net/http"
	"testing"
)

// Each change is made by one person while another has the page open: their very next request is refused.
func TestTheNextRequestAfterAChangeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, one := range []struct {
		what, by, path, form    string // the change
		actor, page, then, body string // who loses what: a page, and a POST that was allowed before
	}{
		{"deactivated", "admin", "/orgs/acme/members/{moda}/deactivation", "",
			"owner", "/orgs/acme/resources/{alpha}", "/orgs/acme/resources/{alpha}/settings", "name=Omega"},
		{"deactivated, an Admin", "admin", "/orgs/acme/members/{second}/deactivation", "", "", "", "", ""},
		{"removed", "admin", "/orgs/acme/members/{moda}/removal", "heir=tara@acme.test",
			"owner", "/orgs/acme", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version={version}"},
		{"removed, a group admin", "admin", "/orgs/acme/members/{grace}/removal", "",
			"group admin", "/orgs/acme/groups/{research}", "/orgs/acme/groups/{research}/members", "who=user:{plain}&role=member"},
		{"demoted, a modeler", "admin", "/orgs/acme/members/{moda}/role", "role=member&confirm=member",
			"owner", "/orgs/acme/resources/new?kind=project", "/orgs/acme/resources", "kind=project&name=Delta"},
		{"demoted, an auditor", "admin", "/orgs/acme/members/{audra}/role", "role=member&confirm=member", "auditor", "/orgs/acme/audit", "", ""},
		{"taken out of a group", "admin", "/orgs/acme/groups/{research}/members/{grace}/removal", "",
			"group admin", "/orgs/acme/resources/{alpha}", "/orgs/acme/groups/{research}/members", "who=user:{plain}&role=member"},
		{"no longer admin of a group", "admin", "/orgs/acme/groups/{research}/members/{grace}/role", "role=member",
			"group admin", "/orgs/acme/groups/{research}/members/new", "/orgs/acme/groups/{research}/settings", "name=Mine"},
		{"a group is deleted", "admin", "/orgs/acme/groups/{research}/deletion", "", "group admin", "/orgs/acme/resources/{alpha}", "", ""},
		{"a grant is revoked", "owner", "/orgs/acme/resources/{alpha}/grants/{grant}/removal", "version={version}",
			"tara", "/orgs/acme/resources/{alpha}/settings", "/orgs/acme/resources/{alpha}/settings", "name=Omega"},
		{"a grant is lowered", "owner", "/orgs/acme/resources/{alpha}/grants/{grant}/role", "version={version}&role=viewer",
			"tara", "/orgs/acme/resources/{alpha}/settings", "/orgs/acme/resources/{alpha}/settings", "name=Omega"},
		{"a project has another owner", "owner", "/orgs/acme/resources/{alpha}/owner", "owner=plain@acme.test&confirm=plain@acme.test&version={version}",
			"owner", "/orgs/acme/resources/{alpha}", "/orgs/acme/resources/{alpha}/settings", "name=Omega"},
		{"a project is deleted", "owner", "/orgs/acme/resources/{alpha}/deletion", "confirm=Alpha", "tara", "/orgs/acme/resources/{pack}", "", ""},
	} {
		if one.actor == "" {
			continue
		}
		if before := w.get(one.actor, one.page); before.status != http.StatusOK {
			t.Errorf("%s: %d before the change", before.asked, before.status)
		}
		w.post(one.by, one.path, one.form).must(http.StatusSeeOther)
		events := w.events()
		for _, options := range [][]option{nil, {partial}} {
			if after := w.get(one.actor, one.page, options...); after.status != http.StatusNotFound && after.status != http.StatusForbidden {
				t.Errorf("%s: %s: %d", one.what, after.asked, after.status)
			}
		}
		if one.then != "" {
			if after := w.post(one.actor, one.then, one.body); after.status != http.StatusNotFound && after.status != http.StatusForbidden || w.events() != events {
				t.Errorf("%s: %s: %d", one.what, after.asked, after.status)
			}
		}
		w.restore()
	}
}

func TestAnExpiredGrantLetsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("tara", "/orgs/acme/resources/{alpha}/settings").must(http.StatusOK)
	w.exec(`UPDATE grants SET expires_at = now() - interval '1 second' WHERE id = $1::uuid`, w.ids["grant"])
	w.get("tara", "/orgs/acme/resources/{alpha}/settings").must(http.StatusForbidden) // what the group gives stays
}

func TestADeactivatedMemberIsLetInByNothingButWhatAnyoneHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id) VALUES ($1::uuid, $2::uuid, 'project', 'project/admin', $3::uuid)`,
		w.ids["acme"], w.ids["alpha"], w.ids["dan"])
	w.exec(`UPDATE resources SET owner_id = $2::uuid, access_mode = 'organization' WHERE id = $1::uuid`, w.ids["alpha"], w.ids["dan"])
	w.get("deactivated", "/orgs/acme/resources/{alpha}").must(http.StatusNotFound)
	w.post("deactivated", "/orgs/acme/resources/{alpha}/settings", "name=Omega").must(http.StatusNotFound)
	w.exec(`UPDATE resources SET access_mode = 'public' WHERE id = $1::uuid`, w.ids["alpha"])
	w.get("deactivated", "/orgs/acme/resources/{alpha}").must(http.StatusOK)
	if got := w.post("deactivated", "/orgs/acme/resources/{alpha}/settings", "name=Omega"); got.status != http.StatusForbidden && got.status != http.StatusNotFound {
		t.Errorf("%s: %d", got.asked, got.status)
	}
	w.get("deactivated", "/orgs/acme").must(http.StatusNotFound)
	w.get("anonymous", "/orgs/acme/resources/{alpha}").leadsTo("/sign-in?next=" + "%2Forgs%2Facme%2Fresources%2F" + w.ids["alpha"])
	w.exec(`UPDATE resources SET access_mode = 'anonymous' WHERE id = $1::uuid`, w.ids["alpha"])
	w.get("anonymous", "/orgs/acme/resources/{alpha}").must(http.StatusOK).saysNothingOf("tara@acme.test")
	w.get("outsider", "/orgs/acme/resources/{alpha}").must(http.StatusOK).saysNothingOf("tara@acme.test")
}

func TestThePersonWhoMayOnlyKnowOfAProjectDoesNotReadItsContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET description = 'the secret plan' WHERE id = $1::uuid`, w.ids["alpha"])
	for _, path := range []string{"/orgs/acme/resources/{alpha}", "/orgs/acme", "/orgs/acme/resources/{alpha}/share", "/orgs/acme/search?search=Alpha",
		"/orgs/acme/resources/{alpha}?tab=activity", "/orgs/acme/resources/{alpha}/owner", "/orgs/acme/resources/{alpha}/why"} {
		for _, actor := range []string{"admin", "auditor"} {
			if got := w.get(actor, path); got.status == http.StatusOK {
				got.saysNothingOf("the secret plan")
			}
		}
	}
	w.get("owner", "/orgs/acme/resources/{alpha}").says("the secret plan")
}

func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("admin", "/orgs/acme/members/{second}/deactivation", "").must(http.StatusSeeOther)
	before := w.checksums()
	w.post("admin", "/orgs/acme/members/{admin}/deactivation", "").must(http.StatusConflict).says("only active Admin")
	w.post("admin", "/orgs/acme/members/{admin}/removal", "").must(http.StatusConflict).says("only active Admin")
	for _, role := range []string{"member", "modeler", "auditor"} {
		w.post("admin", "/orgs/acme/members/{admin}/role", "role="+role+"&confirm="+role).must(http.StatusConflict).says("only active Admin")
	}
	w.mustBeAsBefore(before, "the last Admin")
}
