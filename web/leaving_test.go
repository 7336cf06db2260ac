package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const modaLeaves = "/orgs/acme/members/{moda}/removal"

var seenField = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

// reviewed is the form of the last step, as the page has it.
func (w *world) reviewed(path string, chosen ...string) string {
	w.t.Helper()
	got := w.post("admin", path, form(append(chosen, "at", "resources", "to", "review")...)).must(http.StatusOK)
	seen := seenField.FindStringSubmatch(got.body)
	if seen == nil {
		w.t.Fatalf("no review: %s", got.text())
	}
	return form(append(chosen, "at", "review", "to", "done", "seen", seen[1])...)
}

func TestAMemberLeavesStepByStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := w.events()
	w.get("admin", modaLeaves).must(http.StatusOK).says("owns 8 resources").says("Alpha").says("Deactivate instead")
	w.post("admin", modaLeaves, form("at", "resources", "to", "review")).must(http.StatusUnprocessableEntity).says("Choose an active member")
	w.post("admin", modaLeaves, form("at", "resources", "to", "review", "heir", "dan@acme.test")).must(http.StatusUnprocessableEntity).
		says("Choose an active member").holds(`value="dan@acme.test"`)
	w.post("admin", modaLeaves, form("at", "resources", "to", "review", "heir", "nonsense")).must(http.StatusUnprocessableEntity).
		says("is not an e-mail address").holds(`value="nonsense"`)

	// A choice for one resource stays while the list is searched, and what is not on the page is hidden in the form
	pack, wanted := "heir."+w.ids["pack"], []string{"heir", "tara@acme.test", "heir." + w.ids["alpha"], "plain@acme.test", "heir." + w.ids["pack"], "grace@acme.test"}
	found := w.post("admin", modaLeaves, form(append(wanted, "at", "resources", "to", "find", "search", "Pack")...)).must(http.StatusOK).says("Chosen on other pages of the list")
	found.holds(`name="heir.` + w.ids["alpha"] + `" value="plain@acme.test"`).holds(`name="` + pack + `" value="grace@acme.test"`)
	w.post("admin", modaLeaves, form(append(wanted, "at", "resources", "to", "page:")...)).must(http.StatusOK).holds(`name="heir.` + w.ids["alpha"] + `" value="plain@acme.test"`)
	w.post("admin", modaLeaves, form("at", "resources", "to", "review", "heir", "tara@acme.test", pack, "gil@globex.test")).must(http.StatusUnprocessableEntity).
		says("Choose an active member").holds(`name="` + pack + `" value="gil@globex.test"`)
	w.post("admin", modaLeaves, form("at", "resources", "to", "review", "heir", "tara@acme.test", "heir."+w.ids["acme"], "plain@acme.test")).
		must(http.StatusUnprocessableEntity).says("no longer owns something").saysNothingOf("heir." + w.ids["acme"])

	last := w.reviewed(modaLeaves, append(wanted, "sessions", "yes")...)
	if w.events() != events {
		t.Fatal("a step changed something")
	}
	w.post("admin", modaLeaves, last).must(http.StatusSeeOther)
	for resource, owner := range map[string]string{"alpha": "plain", "figures": "plain", "pack": "grace"} {
		if w.count(`SELECT count(*) FROM resources WHERE id = $1::uuid AND owner_id = $2::uuid`, w.ids[resource], w.ids[owner]) != 1 {
			t.Errorf("%s is not %s's", resource, owner)
		}
	}
	w.get("owner", "/orgs/acme").leadsTo("/sign-in?next=%2Forgs%2Facme")
}

// Break: in web/leaving.go, chooseHeirs, Seen; in refuseLeaving, what fills the step again.
func TestAPageThatIsNoLongerTrueIsShownAnewWithWhatWasChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chosen := []string{"heir", "tara@acme.test", "heir." + w.ids["alpha"], "plain@acme.test"}
	last := w.reviewed(modaLeaves, chosen...)
	w.post("owner", "/orgs/acme/resources", "kind=project&name=Delta").must(http.StatusSeeOther)
	stale := w.post("admin", modaLeaves, last).must(http.StatusConflict).says("has changed in the meantime").says("takes over 1 resource").
		holds(`name="heir" value="tara@acme.test"`).holds(`name="heir.` + w.ids["alpha"] + `" value="plain@acme.test"`)
	if again := seenField.FindStringSubmatch(stale.body); again == nil || strings.Contains(last, again[1]) {
		t.Error("the new page has not seen anything new")
	}

	// Somebody who takes over goes meanwhile: the step that names them comes again
	last = w.reviewed(modaLeaves, chosen...)
	w.post("admin", "/orgs/acme/members/{plain}/deactivation", "").must(http.StatusSeeOther)
	w.post("admin", modaLeaves, last).must(http.StatusConflict).says("has changed in the meantime").says("owns Alpha. Choose an active member").
		holds(`name="heir" value="tara@acme.test"`).holds(`name="heir.` + w.ids["alpha"] + `" value="plain@acme.test"`)
	w.post("admin", modaLeaves, w.reviewed(modaLeaves, "heir", "tara@acme.test")).must(http.StatusSeeOther)
}

func TestOnlyTheLastButtonEndsAMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, sent := range [][]string{{"at", "nonsense"}, {"at", "nonsense", "to", "nonsense"}, {"at", "review"}, {"at", "review", "to", "resources"}, {"at", "access", "to", "groups"},
		{"at", "resources", "to", "page:nonsense"}, {"at", "resources", "to", "find", "search", "a\x00b"}, {"at", "resources", "to", "done", "seen", "0"},
		{"at", "resources", "to", "groups", "heir.x", "tara@acme.test", "admin.", "x", "heir." + strings.Repeat("0", 36), "y"},
		{"at", "groups", "to", "review", "admin." + w.ids["research"], "tara@acme.test"}} {
		got := w.post("admin", modaLeaves, form(append(sent, "heir", "tara@acme.test")...))
		if got.status != http.StatusOK && got.status != http.StatusUnprocessableEntity && got.status != http.StatusConflict && got.status != http.StatusBadRequest {
			t.Errorf("%v: %d", sent, got.status)
		}
		w.mustBeAsBefore(before, strings.Join(sent, " "))
	}
	many := []string{"at", "resources", "to", "review", "heir", "tara@acme.test"}
	for n := range maxHeirs + 1 {
		many = append(many, "heir."+fmt.Sprintf("00000000-0000-4000-8000-%012d", n), "tara@acme.test")
	}
	w.post("admin", modaLeaves, form(many...)).must(http.StatusUnprocessableEntity).says("Name at most 200 people")
}

func TestTheOneWhoLeavesHandsOnTheirGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leaves := "/orgs/acme/members/{grace}/removal"
	w.get("group admin", leaves).must(http.StatusOK).says("Leave the organization").says("You are its only admin.").saysNothingOf("Deactivate instead")
	w.post("group admin", leaves, form("at", "groups", "to", "review", "admin."+w.ids["research"], "gil@globex.test")).
		must(http.StatusUnprocessableEntity).says("Choose an active member who looks after Research.")
	w.post("group admin", leaves, form("at", "groups", "to", "review", "admin."+w.ids["research"], "tara@acme.test")).must(http.StatusOK).says("tara@acme.test becomes its admin")
	w.post("group admin", leaves, form("at", "review", "to", "done", "admin."+w.ids["research"], "tara@acme.test")).leadsTo("/")
	w.get("tara", "/orgs/acme/groups/{research}/members/new").must(http.StatusOK)
	w.get("group admin", "/orgs/acme").must(http.StatusNotFound)
}

func TestWhoTakesOverIsFoundByPartOfAName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("admin", modaLeaves+"/heirs?heir=tar").must(http.StatusOK).holds(`value="tara@acme.test"`).saysNothingOf("grace")
	for _, nobody := range []string{"moda", "dan", "gil", "%00", "%25"} { // who goes, is deactivated, is elsewhere
		w.get("admin", modaLeaves+"/heirs?heir.x="+nobody).saysNothingOf("@acme.test").saysNothingOf("@globex.test")
	}
	w.get("admin", "/orgs/acme/members/{admin}/removal").must(http.StatusOK)
	w.post("admin", "/orgs/acme/members/{second}/deactivation", "").must(http.StatusSeeOther)
	w.get("admin", "/orgs/acme/members/{admin}/removal").must(http.StatusOK).says("only active Admin").saysNothingOf("Continue")
}

func TestAServiceHandsOnResourceByResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	body := `{"heir":"tara@acme.test","heirs":[{"resource":"{alpha}","heir":"plain@acme.test"},{"resource":"{pack}","heir":"tara@acme.test"}]}`
	w.rest(tokens["admin"], "POST", "/members/{moda}/removal", body, keyed("goes")).must(http.StatusNoContent)
	w.rest(tokens["admin"], "POST", "/members/{moda}/removal", body, keyed("goes")).must(http.StatusNoContent) // the same answer again
	for resource, owner := range map[string]string{"alpha": "plain", "figures": "plain", "pack": "tara"} {
		if w.count(`SELECT count(*) FROM resources WHERE id = $1::uuid AND owner_id = $2::uuid`, w.ids[resource], w.ids[owner]) != 1 {
			t.Errorf("%s is not %s's", resource, owner)
		}
	}
	// Whoever removes themselves ends the very token with which they ask
	w.rest(tokens["admin"], "POST", "/members/{admin}/removal", `{}`, keyed("self")).must(http.StatusNoContent)
	w.rest(tokens["admin"], "GET", "/members", "").must(http.StatusUnauthorized)
}
