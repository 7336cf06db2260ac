package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// Break: in views/organizations.go, Add, take empty sections too.
func TestASearchNamesWhatWasFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("admin", "/orgs/acme/search?search=nowhere").must(http.StatusOK).says("Nothing was found").saysNothingOf("People").saysNothingOf("Resources")
	w.get("admin", "/orgs/acme/search?search=alph").must(http.StatusOK).holds("<h2>Resources</h2>").saysNothingOf("<h2>People</h2>").saysNothingOf("More match")
}

// Break: in db/group_members.go, ListCandidates, ask for one less.
func TestASearchAndAPickerSayThatThereIsMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := func(number int) {
		name := fmt.Sprintf("Squad %d", number)
		if _, err := w.store.CreateGroup(t.Context(), dbtest.By(access.ID(w.ids["admin"])), access.ID(w.ids["acme"]), name, ""); err != nil {
			t.Fatal(err)
		}
	}
	for number := range 12 {
		group(number)
	}
	picker, search, more := "/orgs/acme/resources/{alpha}/candidates?search=squad", "/orgs/acme/search?search=squad", "More match. Type more to narrow this down."
	w.get("owner", picker).must(http.StatusOK).says("Squad 11").saysNothingOf(more)
	w.get("admin", search).must(http.StatusOK).says("Squad 11").saysNothingOf(more)
	group(12)
	w.get("owner", picker).must(http.StatusOK).says(more)
	w.get("admin", search).must(http.StatusOK).says(more)
}

// Break: in db/groups.go, ListGroups, leave Admin out; in ListGroupMembers, AddedAt.
func TestGroupsSayWhichTheReaderAdministersAndSinceWhenWhoIsInThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.get("admin", "/orgs/acme/groups").must(http.StatusOK).says("Research").says("Board")
	if n := strings.Count(list.body, "You are admin"); n != 1 { // of Board
		t.Errorf("an Admin of the organization is said to be admin of %d groups, not of one", n)
	}
	w.get("group admin", "/orgs/acme/groups").must(http.StatusOK).says("You are admin")
	w.exec(`UPDATE group_members SET created_at = now() - interval '40 days' WHERE group_id = $1`, w.ids["research"])
	w.get("admin", "/orgs/acme/groups/{research}").must(http.StatusOK).says("5 weeks ago")
}

// Break: in web/frame.go, addOrganization, leave More out; in tree, the More of a place.
func TestThePanelLeadsToWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("owner", "/orgs/acme/my-access").must(http.StatusOK).saysNothingOf("All projects").saysNothingOf("All packages")
	project := func(number int) {
		w.post("owner", "/orgs/acme/resources", fmt.Sprintf("kind=project&parent={workspace}&name=Number+%d", number)).must(http.StatusSeeOther)
	}
	for number := range 24 {
		project(number)
	}
	w.get("owner", "/orgs/acme/my-access").must(http.StatusOK).says("Number 23").saysNothingOf("All projects")
	project(24)
	w.get("owner", "/orgs/acme/my-access").must(http.StatusOK).says("All projects")
	for number := range 10 {
		w.post("owner", "/orgs/acme/resources", fmt.Sprintf("kind=package&parent={alpha}&name=Part+%d", number)).must(http.StatusSeeOther)
	}
	w.get("owner", "/orgs/acme/my-access").must(http.StatusOK).says("All packages")
}
