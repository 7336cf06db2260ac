package web

import (
	"net/http"
	"testing"

	"gatehouse/views"
)

// Two Admins with two tabs: the second is told what the first set, and what they chose stays.
// Break: in db/policy.go, changePolicy, make stale false.
func TestAPolicyIsNotSetByAStaleForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/orgs/acme/settings/policy"
	seen := w.get("admin", path).must(http.StatusOK).field("seen")
	policy := func(widest, seen string) string {
		return form("widest_mode", widest, "default_mode", "restricted", "default_role", "viewer", "external_sharing", "yes", "admin_reach", "discover", "seen", seen)
	}
	w.post("admin", path, policy("public", seen)).must(http.StatusSeeOther)

	before := w.checksums()
	for _, widest := range []string{"anonymous", "restricted"} { // the latter would be shown first
		late := w.post("admin", path, policy(widest, seen)).must(http.StatusConflict)
		late.says("Somebody else changed the policy").says("The widest access is Public.").saysNothingOf("What this changes")
		late.holds(`name="widest_mode" value="` + widest + `" checked`)
	}
	w.post("admin", path, policy("anonymous", "nonsense")).must(http.StatusConflict)
	w.mustBeAsBefore(before, "stale forms")
	again := w.post("admin", path, policy("anonymous", seen)).field("seen")
	w.post("admin", path, policy("anonymous", again)).must(http.StatusSeeOther)
}

// Break: in db/session_lists.go, ChangeSignInPolicy, make Stale false.
func TestHowMembersSignInIsNotSetByAStaleForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := views.SignInPolicyPath("acme")
	seen := w.get("admin", path).must(http.StatusOK).field("seen")
	w.post("admin", path, form("idle_hours", "6", "absolute_hours", "100", "second_factor", "no", "seen", seen)).must(http.StatusSeeOther)

	before := w.checksums()
	late := w.post("admin", path, form("idle_hours", "5", "absolute_hours", "168", "second_factor", "no", "seen", seen)).must(http.StatusConflict)
	late.says("Somebody else changed how members sign in.").says("A session ends after 6 hours without use.").says("Every session ends after 100 hours.")
	late.holds(`name="idle_hours" value="5"`).saysNothingOf("second factor.")
	w.post("admin", path, form("idle_hours", "5", "absolute_hours", "168", "second_factor", "no", "seen", "nonsense")).must(http.StatusConflict)
	w.mustBeAsBefore(before, "stale forms")
	w.post("admin", path, form("idle_hours", "5", "absolute_hours", "168", "second_factor", "no", "seen", late.field("seen"))).must(http.StatusSeeOther)
}
