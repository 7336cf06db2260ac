package web

import (
	"net/http"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// Break: in web/audit.go, Job.
func TestTheLogSaysWhatGatehouseDidByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE grants SET created_at = '2020-11-18', expires_at = '2020-11-20T12:00:00Z' WHERE id = $1::uuid`, w.ids["grant"])
	if count, err := w.store.ExpireGrants(t.Context()); count != 1 || err != nil {
		t.Fatalf("%d grants expired (%v)", count, err)
	}
	w.get("auditor", "/orgs/acme/audit").must(http.StatusOK).says("Gatehouse took the role Editor on Alpha from tara").says("its time was over on 2020-11-20.")
}

// Break: in views/events_resources.go, "resource.access_mode_narrowed".
func TestTheLogSaysWhatASharingPolicyTookBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET access_mode = 'anonymous' WHERE id = $1::uuid`, w.ids["alpha"])
	w.post("owner", "/orgs/acme/resources/{alpha}/grants", "who=organization:globex&role=viewer&version="+w.aclVersion(w.ids["alpha"])).must(http.StatusSeeOther)
	to := access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.OrganizationMode}
	if err := w.store.ChangePolicy(t.Context(), dbtest.By(access.ID(w.ids["admin"])), access.ID(w.ids["acme"]), to, nil); err != nil {
		t.Fatal(err)
	}
	w.get("auditor", "/orgs/acme/audit").must(http.StatusOK).
		says("changed the sharing policy: the widest access is Organization (it was Anonymous)").
		says("took the access of Alpha back to Organization (it was Anonymous), because the sharing policy allows nothing wider.").
		says("took the role Viewer on Alpha from globex").
		says("because the sharing policy no longer allows people outside.")
}

// Break: in web/audit.go, eventPaths; in web/reports.go, reportRow; in queries/audit.sql, ListExisting, any condition.
func TestNamesLeadOnlyToPagesThatExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("owner", "/orgs/acme/resources/{alpha}/grants", "add=gil@globex.test&role=viewer&version="+w.aclVersion(w.ids["alpha"])).must(http.StatusSeeOther)
	w.exec(`DELETE FROM groups WHERE id = $1::uuid`, w.ids["board"])
	report, member, group := w.fillIn(`href="/orgs/acme/access/people/{gil}"`), w.fillIn(`members/{gil}`), w.fillIn("groups/{board}")
	for _, page := range []string{"/orgs/acme/audit", "/orgs/acme/access/resources/{alpha}"} {
		w.get("auditor", page).must(http.StatusOK).holds(report).saysNothingOf(member).saysNothingOf(group)
	}
	w.get("auditor", "/orgs/acme/audit").holds(w.fillIn(`href="/orgs/acme/members/{tara}"`)).holds(w.fillIn(`href="/orgs/acme/groups/{research}"`))
	w.get("auditor", w.fillIn("/orgs/acme/access/people/{gil}")).must(http.StatusOK).says("Alpha")
	w.get("owner", "/orgs/acme/resources/{alpha}?tab=activity").must(http.StatusOK).says("gil").saysNothingOf(report).saysNothingOf(member)
}
