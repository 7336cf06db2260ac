package views

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func known(cursor string) bool { return strings.HasPrefix(cursor, "c") }

// leaf goes on from a page as its links say.
func (p Pager) leaf(t *testing.T, id, next string) Pager {
	t.Helper()
	for _, turn := range p.turns(ofList) {
		if turn.id == id {
			link, err := url.Parse(turn.path("/orgs/northwind/members?search=a&sort=-name", "after"))
			if err != nil || link.Query().Get("search") != "a" || link.Query().Get("sort") != "-name" {
				t.Fatalf("%s leads to %s (%v)", id, link, err)
			}
			return Pager{After: link.Query().Get("after"), Trail: TrailOf(link.Query()["trail"], known), Next: next}
		}
	}
	t.Fatalf("there is no %s on %+v", id, p)
	return p
}

func (p Pager) has(id string) bool {
	for _, turn := range p.turns(ofList) {
		if turn.id == id {
			return true
		}
	}
	return false
}

// Break: in and, what is left off; in turns, where the first page is offered.
func TestALongWayLeadsBackAsFarAsItsTrailGoes(t *testing.T) {
	for name, one := range map[string]struct {
		cursor string
		back   int
	}{"many short cursors": {"c%d", longestTrail}, "few long ones": {"c%0500d", 3}, "one that is too long": {"c%03000d", 0}} {
		cursor := func(n int) string { return fmt.Sprintf(one.cursor, n) }
		page := Pager{Next: cursor(1)}
		for n := 1; n <= 30; n++ {
			page = page.leaf(t, "next-page", cursor(n+1))
		}
		for n := range one.back {
			page = page.leaf(t, "previous-page", "c")
			if page.After != cursor(29-n) {
				t.Errorf("%s: %d pages back is %.20s", name, n+1, page.After)
			}
		}
		if page.has("previous-page") || !page.has("first-page") {
			t.Errorf("%s: at the end of the trail %v", name, page.turns(ofList))
		}
		if first := page.leaf(t, "first-page", "c"); first.has("previous-page") || first.has("first-page") || first.here("/orgs") != "/orgs" {
			t.Errorf("%s: before the first page %v", name, first)
		}
	}
}

func TestWhatIsNoTrailIsNone(t *testing.T) {
	for _, sent := range [][]string{nil, {"x"}, {"", "x"}, {"", ""}, {"c1", ""}, {"c1", "x"}, {strings.Repeat("c", widestTrail+1)}, strings.Split(strings.Repeat("c,", longestTrail)+"c", ",")} {
		if trail := TrailOf(sent, known); trail != nil {
			t.Errorf("%.80q is read as %.80q", sent, trail)
		}
	}
	if trail := TrailOf([]string{"", "c1", "c2"}, known); len(trail) != 3 {
		t.Errorf("a trail is read as %q", trail)
	}
}
