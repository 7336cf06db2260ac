package db_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What a preview says is what the naive reading of the rules (oracle_reading_test.go) says before and after the change. To see it fail: leave the
// places in groups out of held_facts() in 0014_previews.sql.

// told is an effect as the two readings are compared: what is gained and lost, by how many people, on how many resources.
func told(effect access.Effect) string {
	var lines []string
	for _, line := range effect.Lines {
		lines = append(lines, fmt.Sprintf("+[%s] -[%s]: %d people, %d resources", line.Gained, line.Lost, line.People, line.Resources))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// expected asks the world about everybody before and after a change of it.
func (w *world) expected(people []*worldUser, resources []*worldResource, change func()) string {
	ask := func() map[[2]string]map[string]bool {
		answers := map[[2]string]map[string]bool{}
		for _, user := range people {
			for _, r := range resources {
				answers[[2]string{user.id, r.id}] = w.ask(user, r).rights
			}
		}
		return answers
	}
	before := ask()
	change()
	places := map[[2]string][]string{} // by what is gained and lost, and by whom
	for pair, after := range ask() {
		key := fmt.Sprintf("+[%s] -[%s]", missing(after, before[pair]), missing(before[pair], after))
		if key != "+[] -[]" {
			places[[2]string{key, pair[0]}] = append(places[[2]string{key, pair[0]}], pair[1])
		}
	}
	lines, many := map[string]int{}, map[string]int{}
	for of, places := range places {
		slices.Sort(places)
		line := of[0] + strings.Join(places, " ")
		lines[line]++
		many[line] = len(places)
	}
	var told []string
	for line, people := range lines {
		told = append(told, fmt.Sprintf("%s: %d people, %d resources", line[:strings.LastIndex(line, "]")+1], people, many[line]))
	}
	slices.Sort(told)
	return strings.Join(told, "\n")
}

// missing are the rights in the first set that are not in the second.
func missing(from, in map[string]bool) string {
	var names []string
	for _, right := range storedOrder {
		if from[right] && !in[right] {
			names = append(names, right)
		}
	}
	return strings.Join(names, " ")
}

// known are the active users whom a preview knows of: members, and whoever a grant at one of the places names.
func (w *world) known(org *worldOrg, places map[*worldResource]bool) []*worldUser {
	return slices.DeleteFunc(slices.Clone(w.users), func(user *worldUser) bool {
		return !user.active || user.memberships[org] == "" && !slices.ContainsFunc(w.grants, func(g *worldGrant) bool {
			return places[g.on] && inForce(g) && (g.user == user || g.org != nil && user.memberships[g.org] == "active")
		})
	})
}

func (w *world) within(r *worldResource) (inside []*worldResource, places map[*worldResource]bool) {
	places = map[*worldResource]bool{}
	for _, one := range r.org.resources {
		for up := one; up != nil; up = up.parent {
			if up == r {
				inside = append(inside, one)
			}
		}
	}
	for _, one := range inside {
		for up := one; up != nil; up = up.parent {
			places[up] = true
		}
	}
	return inside, places
}

func TestThePreviewOfAnAccessModeIsWhatTheNaiveReadingSays(t *testing.T) {
	t.Parallel()
	w, d := newWorld(seed(t), 3), dbtest.New(t)
	w.load(t, d)
	moved := 0
	for tries := 0; tries < 40 || moved == 0 && tries < 400; tries++ {
		r := pick(w.random, w.resources)
		if r.owner == nil {
			continue
		}
		old, mode := r.mode, pick(w.random, []string{"restricted", "organization"})
		got, err := d.PreviewAccessMode(t.Context(), db.By{Via: "cli"}, access.ID(r.org.id), access.ID(r.id), access.Mode(mode), r.orgRole, 1)
		if err != nil {
			t.Fatal(err)
		}
		inside, places := w.within(r)
		want := w.expected(w.known(r.org, places), inside, func() { r.mode = mode })
		r.mode = old
		if told(got) != want {
			t.Errorf("the %s %s from %s to %s:\n%s\nwant\n%s", r.kind, r.id, old, mode, told(got), want)
		}
		if want != "" {
			moved++
		}
	}
	if moved == 0 {
		t.Error("no change moved anybody")
	}
}

// Two whom acme deactivated were given Viewer, one by name and one with the other organization: only the second keeps it.
func TestAPreviewTellsApartWhoHoldsARoleThroughAnotherOrganization(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme, partner := d.Organization(t, "acme"), d.Organization(t, "partner")
	own, both := acme.Member("own", "member"), partner.Member("both", "member")
	token, err := d.Invite(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewInvitation{Email: "both@partner.test", Role: "member"})
	must(t, err)
	_, err = d.AcceptInvitation(t.Context(), dbtest.By(both), token)
	must(t, err)
	alpha := acme.Project("Alpha", acme.Admin)
	acme.Grant(acme.Admin, alpha, toUser(own), "viewer")
	acme.Grant(acme.Admin, alpha, access.Ref{Type: "organization", Name: partner.Slug}, "viewer")
	must(t, d.ChangeAccessMode(t.Context(), dbtest.By(acme.Admin), acme.ID, alpha, access.Public, "", versionOf(t, d, alpha)),
		d.DeactivateMember(t.Context(), dbtest.By(acme.Admin), acme.ID, own), d.DeactivateMember(t.Context(), dbtest.By(acme.Admin), acme.ID, both))
	effect, err := d.PreviewAccessMode(t.Context(), dbtest.By(acme.Admin), acme.ID, alpha, access.Restricted, "", versionOf(t, d, alpha))
	must(t, err)
	if got := told(effect); got != "+[] -[discover view query]: 1 people, 1 resources" {
		t.Errorf("narrowing says %s", got)
	}
}

func TestThePreviewOfAGroupInAGroupIsWhatTheNaiveReadingSays(t *testing.T) {
	t.Parallel()
	number, moved := seed(t), 0
	for n := uint64(10); moved == 0 && n < 20; n++ { // there are worlds in which groups have nothing
		moved += groupsIntoGroups(t, newWorld(number, n))
	}
	if moved == 0 {
		t.Error("no change moved anybody")
	}
}

func groupsIntoGroups(t *testing.T, w *world) (moved int) {
	t.Helper()
	d := dbtest.New(t)
	w.load(t, d)
	for range 60 {
		org := pick(w.random, w.orgs)
		outer, inner := pick(w.random, org.groups), pick(w.random, org.groups)
		who := []access.Ref{{Type: "group", ID: access.ID(inner.id)}}
		got, err := d.PreviewGroupAddition(t.Context(), db.By{Via: "cli"}, access.ID(org.id), access.ID(outer.id), who, access.GroupMember)
		if err != nil {
			continue // a circle, or in it already
		}
		people := slices.DeleteFunc(w.everyoneIn(inner), func(u *worldUser) bool { return !u.active })
		want := w.expected(people, org.resources, func() { outer.inside = append(outer.inside, inner) })
		outer.inside = outer.inside[:len(outer.inside)-1]
		if told(got) != want {
			t.Errorf("%s into %s:\n%s\nwant\n%s", inner.id, outer.id, told(got), want)
		}
		if want != "" {
			moved++
		}
	}
	return moved
}

func (w *world) everyoneIn(group *worldGroup) []*worldUser {
	people := map[*worldUser]bool{}
	var walk func(*worldGroup)
	walk = func(g *worldGroup) {
		for _, user := range g.users {
			people[user] = true
		}
		for _, inside := range g.inside {
			walk(inside)
		}
	}
	walk(group)
	return slices.Collect(maps.Keys(people))
}

// What a removal takes, and what it gives to whoever takes over.
func TestThePreviewOfARemovalSaysWhatTheOneWhoGoesLosesAndTheHeirGains(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	ana, bo := o.Member("ana", "modeler"), o.Member("bo", "modeler")
	alpha, beta := o.Project("Alpha", ana), o.Project("Beta", bo)
	o.Grant(bo, beta, access.Ref{Type: "user", ID: ana}, "viewer")
	preview, err := d.PreviewLeaving(t.Context(), dbtest.By(o.Admin), o.ID, ana, db.Leaving{Heir: "bo@acme.test"})
	if err != nil {
		t.Fatal(err)
	}
	effect := preview.Effect
	want := "+[] -[discover create]: 1 people, 1 resources\n" + // on the module, which a Modeler's role reaches
		"+[] -[discover view create]: 1 people, 1 resources\n" +
		"+[] -[discover view query create edit configure connect reveal share delete transfer]: 1 people, 1 resources\n" +
		"+[] -[discover view query]: 1 people, 1 resources\n" +
		"+[discover view query create edit configure connect reveal share delete transfer] -[]: 1 people, 1 resources"
	if told(effect) != want {
		t.Errorf("the preview says\n%s\nwant\n%s", told(effect), want)
	}
	for _, project := range []access.ID{alpha, beta} {
		if rights, err := d.Rights(t.Context(), ana, project); !rights.Has(access.View) || err != nil {
			t.Errorf("the preview took %s away (%v)", project, err)
		}
	}
}
