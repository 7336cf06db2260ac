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
	w.exec(`UPDATE grants SET created_at = now() - interval '2 days', expires_at = '2026-11-20T12:00:00Z' WHERE id = $1::uuid`, w.ids["grant"])
	if count, err := w.store.ExpireGrants(t.Context()); count != 1 || err != nil {
		t.Fatalf("%d grants expired (%v)", count, err)
	}
	w.get("auditor", "/orgs/acme/audit").must(http.StatusOK).says("Gatehouse took the role Editor on Alpha from tara").says("its time was over on 2026-11-20.")
}

// Break: in views/events_resources.go, "resource.access_mode_narrowed".
func TestTheLogSaysWhatASharingPolicyTookBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET access_mode = 'anonymous' WHERE id = $1::uuid`, w.ids["alpha"])
	w.post("owner", "/orgs/acme/resources/{alpha}/grants", "who=organization:globex&role=viewer&version="+w.aclVersion(w.ids["alpha"])).must(http.StatusSeeOther)
	to := access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.OrganizationMode}
	if err := w.store.ChangePolicy(t.Context(), dbtest.By(access.ID(w.ids["admin"])), access.ID(w.ids["acme"]), to); err != nil {
		t.Fatal(err)
	}
	w.get("auditor", "/orgs/acme/audit").must(http.StatusOK).
		says("changed the sharing policy: the widest access is Organization (it was Anonymous)").
		says("took the access of Alpha back to Organization (it was Anonymous), because the sharing policy allows nothing wider.").
		says("took the role Viewer on Alpha from globex").
		says("because the sharing policy no longer allows people outside.")
}
