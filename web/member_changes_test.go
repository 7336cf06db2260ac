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

// Break: in web/rest/members.go, ChangeMember, change the role and the status one after the other.
func TestARefusedStatusLeavesTheRoleAsItWasForServicesToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	before := w.checksums()
	w.rest(token, "PATCH", "/members/{tara}", `{"role":"auditor","status":"active"}`).isProblem(http.StatusConflict)
	w.mustBeAsBefore(before, "a refused status")
}
