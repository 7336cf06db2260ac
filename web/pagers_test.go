package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// manyRows gives every list of acme three pages.
func (w *world) manyRows() {
	w.audited(`INSERT INTO users (id, email) SELECT gen_random_uuid(), 'many' || n || '@acme.test' FROM generate_series(1, 120) n;
		INSERT INTO memberships (org_id, user_id) SELECT '{acme}', id FROM users WHERE email LIKE 'many%';
		INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id) SELECT '{acme}', '{acme}', 'organization', 'organization/member', id FROM users WHERE email LIKE 'many%';
		INSERT INTO group_members (org_id, group_id, user_id, role) SELECT '{acme}', '{research}', id, 'member' FROM users WHERE email LIKE 'many%';
		INSERT INTO access_requests (org_id, id, user_id, asked_id, role, days, expires_at, created_at)
			SELECT '{acme}', gen_random_uuid(), id, '{alpha}', 'editor', 7, now() + interval '7 days', now() - interval '1 minute' * (ascii(right(email, 11)) % 3) FROM users WHERE email LIKE 'many%';
		INSERT INTO groups (org_id, name) SELECT '{acme}', 'Many ' || n FROM generate_series(1, 120) n;
		INSERT INTO resources (org_id, id, kind, key, name, parent_id, path, owner_id, access_mode)
			SELECT '{acme}', id, kind, id::text, 'Many ' || n, path[cardinality(path)], path || id, owner, mode
			FROM generate_series(1, 120) n, LATERAL (SELECT n AS number, gen_random_uuid() AS one, gen_random_uuid() AS two, gen_random_uuid() AS three, gen_random_uuid() AS four) AS ids,
			LATERAL (VALUES (one, 'module', ARRAY['{acme}']::uuid[], NULL::uuid, 'restricted'), (two, 'project', ARRAY['{acme}', '{workspace}']::uuid[], '{moda}', 'public'),
				(three, 'dataset', ARRAY['{acme}', '{workspace}', '{alpha}']::uuid[], '{moda}', 'restricted'),
				(four, 'artifact', ARRAY['{acme}', '{workspace}', '{alpha}', '{bucket}']::uuid[], '{moda}', 'restricted')) AS made (id, kind, path, owner, mode)`)
	for range 120 {
		w.audited("SELECT 1")
	}
}

// turned finds the link or button with which somebody leafs; nil where there is none.
func (a *answer) turned(id string) *html.Node {
	var found *html.Node
	a.elements(func(node *html.Node) {
		if attribute(node, "id") == id {
			found = node
		}
	})
	return found
}

// turn is where the link leads, with JavaScript and without; empty where there is none.
func (a *answer) turn(id string) string {
	a.t.Helper()
	link := a.turned(id)
	if link == nil {
		return ""
	}
	path := attribute(link, "href")
	if attribute(link, "hx-get") != path {
		a.t.Errorf("%s leads to %s, and with JavaScript to %s", a.asked, path, attribute(link, "hx-get"))
	}
	return path
}

// Break: in views/pager.go, turns, the trail of a turn; and, the page that is added.
func TestEveryListIsLeafedThroughForwardsAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.manyRows()
	for _, list := range []struct{ actor, path string }{
		{"admin", "/orgs/acme/members?role=member&search=many&sort=-name"},
		{"admin", "/orgs/acme/members?sort=seen"},
		{"admin", "/orgs/acme/groups?search=many"},
		{"admin", "/orgs/acme/groups/{research}"},
		{"admin", "/orgs/acme/groups/{research}?tab=everyone"},
		{"owner", "/orgs/acme/requests"},
		{"owner", "/orgs/acme?search=many"},
		{"owner", "/orgs/acme/my-access?search=many"},
		{"owner", "/orgs/acme/resources?kind=dataset&search=many"},
		{"owner", "/orgs/acme/resources/{bucket}"},
		{"admin", "/orgs/acme/modules?search=many"},
		{"owner", "/orgs/acme/resources/{workspace}?search=many&tab=resources"},
		{"admin", "/orgs/acme/access?search=many&tab=resources"},
		{"auditor", "/orgs/acme/access?search=many&tab=people"},
		{"admin", "/orgs/acme/access?mode=public&tab=open"},
		{"auditor", "/orgs/acme/access/people/{moda}?right=view"},
		{"auditor", "/orgs/acme/access/resources/{alpha}?right=view"},
		{"auditor", "/orgs/acme/audit?action=test&search=test"},
	} {
		w.leafs(list.actor, w.fillIn(list.path))
	}
	for _, path := range []string{"/orgs/acme?search=many", "/orgs/acme/my-access?search=many"} { // which nobody counts
		w.get("owner", path).says("1–50 of more than 50")
	}
}

// leafs goes through a list to its end and back, and looks at each page as a whole and as a part.
func (w *world) leafs(actor, first string) {
	w.t.Helper()
	ways, texts := []string{first}, []string{}
	for len(ways) < 10 {
		here := ways[len(ways)-1]
		got, part := w.get(actor, here, fixedID).must(http.StatusOK), w.get(actor, here, fixedID, partial).must(http.StatusOK)
		texts = append(texts, part.text())
		for _, id := range []string{"first-page", "previous-page", "next-page"} {
			if got.turn(id) != part.turn(id) {
				w.t.Errorf("%s: %s leads elsewhere from the part than from the page", got.asked, id)
			}
		}
		next := got.turn("next-page")
		if next == "" {
			break
		}
		for name, value := range mustParse(first).Query() {
			if mustParse(next).Query().Get(name) != value[0] {
				w.t.Errorf("%s forgets %s on the way to %s", got.asked, name, next)
			}
		}
		ways = append(ways, next)
	}
	if len(ways) < 3 || len(ways) == 10 {
		w.t.Errorf("%s has %d pages", first, len(ways))
	}
	for at := len(ways) - 1; at >= 0; at-- {
		previous, start := "", ""
		if at > 0 {
			previous = ways[at-1]
		}
		if at > 1 { // where the page before is not the first
			start = first
		}
		got := w.get(actor, ways[at], fixedID, partial)
		if back := got.turn("previous-page"); back != previous {
			w.t.Errorf("%s leads back to %q, not %q", got.asked, back, previous)
		}
		if begin := got.turn("first-page"); begin != start {
			w.t.Errorf("%s leads to %q as the first page, not %q", got.asked, begin, start)
		}
		if again := got.text(); again != texts[at] || at > 0 && again == texts[at-1] {
			w.t.Errorf("%s shows other rows on the way back", got.asked)
		}
	}
}

// Break: in web/pages.go, done, ask for the very same path; in views/group.templ, refresh the first page; in web/pagers.go, paged, return what is empty.
func TestAChangeKeepsTheLaterPageOfAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.manyRows()
	first := w.fillIn("/orgs/acme/groups/{research}")
	second := w.get("admin", first).must(http.StatusOK).turn("next-page")
	page := w.get("admin", second).must(http.StatusOK).says("51–100 of 124")

	part := attribute(page.turned("group"), "hx-get")
	if !strings.Contains(part, "after=") {
		t.Errorf("on its second page a group's list reads %s again after a change", part)
	}
	var removal string
	page.elements(func(node *html.Node) {
		if path := attribute(node, "hx-get"); strings.HasSuffix(path, "/removal") {
			removal = path
		}
	})
	made := w.post("admin", removal, "", partial, header("HX-Current-URL", "http://gatehouse.test"+second)).must(http.StatusOK)
	if made.header.Get("HX-Redirect") != "" || made.header.Get("HX-Trigger") != "done" {
		t.Errorf("a change on the second page leads away: %v", made.header)
	}
	w.get("admin", part, partial).must(http.StatusOK).says("51–100 of 123")

	last := w.get("admin", part).turn("next-page")
	w.get("admin", last).must(http.StatusOK).says("101–123 of 123")
	w.audited("DELETE FROM group_members WHERE group_id = '{research}' AND user_id IN (SELECT id FROM users WHERE email > 'many3' AND email LIKE '%@acme.test')")
	w.get("admin", last).must(http.StatusOK).says("1–46 of 46")
}

func TestTheListOfWhatALeaverOwnsIsLeafedThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.manyRows()
	page := w.get("admin", modaLeaves).must(http.StatusOK)
	turn := func(id string) {
		t.Helper()
		button := page.turned(id)
		if button == nil {
			t.Fatalf("%s has no %s", page.asked, id)
		}
		page = w.post("admin", modaLeaves, form("at", "resources", "to", attribute(button, "value"), "heir", "tara@acme.test")).must(http.StatusOK).holds("tara@acme.test")
	}
	turn("next-page")
	turn("next-page")
	page.says("51–75 of")
	turn("previous-page")
	page.says("26–50 of")
	turn("previous-page")
	if page.says("1–25 of"); page.turned("previous-page") != nil {
		t.Error("there is a page before the first")
	}
	turn("next-page")
	turn("next-page")
	turn("first-page")
	page.says("1–25 of")
}

// What is no trail leads nowhere, and one of another list nowhere but into this one. Break: in views/pager.go, TrailOf.
func TestATrailThatSomebodyMadeUpIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.manyRows()
	second := w.get("admin", "/orgs/acme/members").turn("next-page")
	third := mustParse(w.get("admin", second).turn("next-page")).Query()
	with := func(trail ...string) *answer {
		values := url.Values{"after": third["after"], "trail": trail}
		return w.get("admin", "/orgs/acme/members?"+values.Encode()).must(http.StatusOK).says("101–")
	}
	if with(third["trail"]...).turn("previous-page") != second {
		t.Error("the trail of a link does not lead back")
	}
	for _, trail := range [][]string{{"nonsense"}, {"", "nonsense"}, {"", ""}, {third.Get("after"), ""}, {"javascript:alert(1)"}, {strings.Repeat("x", 5000)}, strings.Split(strings.Repeat(third.Get("after")+" ", 30), " ")} {
		got := with(trail...)
		if got.turn("previous-page") != "" || got.turn("first-page") != "/orgs/acme/members" {
			t.Errorf("%.200s leads back to %q", got.asked, got.turn("previous-page"))
		}
	}
	for _, path := range []string{"/orgs/acme/members?trail=", "/orgs/acme/members?after=nonsense&trail=", "/orgs/acme/audit?before=nonsense&trail=7", "/orgs/acme/audit?before=-3&trail="} {
		if got := w.get("admin", path).must(http.StatusOK); got.turned("previous-page") != nil {
			t.Errorf("%s is the first page and leads back", got.asked)
		}
	}
	if got := w.get("admin", "/orgs/acme/audit?before=99&trail=x").must(http.StatusOK); got.turned("first-page") == nil || got.turned("previous-page") != nil {
		t.Errorf("%s leads back", got.asked)
	}
	elsewhere := w.get("admin", "/orgs/acme/groups?"+third.Encode()).must(http.StatusOK)
	if back := elsewhere.turn("previous-page"); back != "" && !strings.HasPrefix(back, "/orgs/acme/groups?") {
		t.Errorf("a trail of another list leads to %s", back)
	}
}
