package web

import (
	"net/http"
	"testing"
)

// The page that asks before a deactivation shows what it takes. Break: in web/member_changes.go, showDeactivation, the preview.
func TestADeactivationShowsFirstWhatItTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	w.get("admin", "/orgs/acme/members/{moda}/deactivation").must(http.StatusOK).says("This changes what ").says("Loses discover")
	w.mustBeAsBefore(before, "looking at a deactivation")
}

// Nobody gets another role before it was shown what that does. Break: in web/members.go, changeMemberRole, leave out the question.
func TestAnotherRoleIsGivenOnlyAfterItWasShownWhatItDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/orgs/acme/members/{tara}/role"
	w.get("admin", path).must(http.StatusOK).saysNothingOf("Gains")
	before := w.checksums()
	w.get("admin", path+"?role=auditor").must(http.StatusOK).says("Gains audit")
	w.post("admin", path, "role=auditor").must(http.StatusOK).says("Gains audit")
	w.post("admin", path, "role=auditor&confirm=modeler").must(http.StatusOK).says("Gains audit")
	w.get("admin", path+"?role=emperor").must(http.StatusUnprocessableEntity).says("is not a role")
	w.mustBeAsBefore(before, "looking at another role")
	w.post("admin", path, "role=auditor&confirm=auditor").must(http.StatusSeeOther)
	w.get("admin", "/orgs/acme/members/{tara}").says("Auditor")
}

// A form that was made when the member had another role or status is answered with what they have now.
// Break: in db/members.go, stale, return false; in web/members.go, the Seen of the undo.
func TestAMembersRoleAndStatusAreNotChangedByAStaleForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role, deactivation := "/orgs/acme/members/{tara}/role", "/orgs/acme/members/{tara}/deactivation"
	seen := w.get("admin", role+"?role=admin").must(http.StatusOK).says("Gains").field("seen")
	if on := w.get("admin", deactivation).must(http.StatusOK).field("seen"); on != seen {
		t.Errorf("one form was made from %q, the other from %q", seen, on)
	}
	meant := form("role", "auditor", "confirm", "auditor", "seen", seen)
	w.post("admin", role, meant).must(http.StatusSeeOther)

	before := w.checksums()
	late := w.post("admin", role, form("role", "admin", "confirm", "admin", "seen", seen)).must(http.StatusConflict)
	late.says("the role is Auditor now, and the status is active").says("Nothing of yours was applied").saysNothingOf("Gains")
	late.holds(`value="auditor" checked`).holds(`name="seen" value="auditor active"`)
	w.post("admin", deactivation, form("seen", seen)).must(http.StatusConflict).says("the role is Auditor now").says("Loses").holds(`name="seen" value="auditor active"`)
	w.mustBeAsBefore(before, "stale forms")

	w.post("admin", deactivation, form("seen", "auditor active")).must(http.StatusSeeOther)
	w.post("admin", role, form("role", "admin", "confirm", "admin", "seen", "auditor active")).must(http.StatusConflict).says("the status is deactivated")

	// What was undone is what was done, and not what somebody else did after it
	given := w.post("admin", role, form("role", "modeler", "confirm", "modeler", "seen", "auditor deactivated"))
	undo := w.get("admin", given.location()).must(http.StatusOK).field("seen")
	w.post("admin", role, form("role", "member", "confirm", "member")).must(http.StatusSeeOther)
	w.post("admin", role, form("role", "auditor", "confirm", "auditor", "seen", undo)).must(http.StatusConflict)
	w.get("admin", role+"?role=").must(http.StatusOK)
	w.post("admin", role, "role=&seen="+undo).must(http.StatusUnprocessableEntity)
}

// Break: in web/rest/members.go, ChangeMember, change the role and the status one after the other.
func TestARefusedStatusLeavesTheRoleAsItWasForServicesToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	before := w.checksums()
	w.rest(token, "PATCH", "/members/{tara}", `{"role":"auditor","status":"active"}`).isProblem(http.StatusConflict)
	w.mustBeAsBefore(before, "a refused status")
}
