package db_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What lists show is what checks answer, in random worlds and at every page size: no difference, no duplicate,
// nothing left out.

// paged reads a whole list in pages of one size.
func paged[T any](t *testing.T, size int, page func(db.Page) (db.Listing[T], error), id func(T) access.ID) []access.ID {
	t.Helper()
	var all []access.ID
	for at := (db.Page{Size: size}); ; {
		part, err := page(at)
		if err != nil {
			t.Fatal(err)
		}
		if len(part.Rows) > size || len(part.Rows) > 0 && part.From != len(all)+1 {
			t.Fatalf("a page of %d rows from row %d, after %d rows and with a size of %d", len(part.Rows), part.From, len(all), size)
		}
		for _, row := range part.Rows {
			all = append(all, id(row))
		}
		if at.After = part.Next; part.Next == "" {
			return all
		}
	}
}

var pageSizes = []int{1, 5, 16, 100}

// sameIDs fails unless both hold the same ids, each once.
func sameIDs(t *testing.T, what string, got, want []access.ID) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d ids, want %d\n got %v\nwant %v", what, len(got), len(want), got, want)
	}
}

// holding are the resources of an organization on which a subject holds a right, as the design reads.
func (w *world) holding(subject *worldUser, org *worldOrg, right string, kinds ...string) []access.ID {
	var found []access.ID
	for _, r := range org.resources {
		if (kinds == nil || slices.Contains(kinds, r.kind)) && w.ask(subject, r).rights[right] {
			found = append(found, access.ID(r.id))
		}
	}
	return found
}

// contents are the kinds that lists of resources show.
var contents = []string{"project", "package", "dataset", "constant", "secret", "bucket", "artifact", "release", "analysis", "connection"}

// tree are the projects and packages that a subject can open, the modules around them of which they may know, and those
// that they can open or make something in.
func (w *world) tree(subject *worldUser, org *worldOrg) []access.ID {
	shown := w.holding(subject, org, "view", "project", "package")
	around := map[access.ID]bool{}
	for _, r := range org.resources {
		if r.parent != nil && slices.Contains(shown, access.ID(r.id)) {
			around[access.ID(r.parent.id)] = true
		}
	}
	for _, right := range []string{"view", "create"} {
		for _, module := range w.holding(subject, org, right, "module") {
			around[module] = true
		}
	}
	for _, module := range w.holding(subject, org, "discover", "module") {
		if around[module] {
			shown = append(shown, module)
		}
	}
	return shown
}

func TestListsOfResourcesShowWhatMayBeKnown(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	for n := range uint64(2) {
		w, d := newWorld(seed, n), dbtest.New(t)
		w.load(t, d)
		for i, subject := range append([]*worldUser{nil}, w.users[:5]...) {
			org := pick(w.random, w.orgs)
			id, user := access.ID(org.id), question{subject: subject}.subjectID()
			size := pageSizes[i%len(pageSizes)]
			sameIDs(t, "resources", paged(t, size, func(page db.Page) (db.Listing[access.Resource], error) {
				return d.ListResources(t.Context(), id, user, db.ResourceFilter{}, page)
			}, func(r access.Resource) access.ID { return r.ID }), w.holding(subject, org, "discover", contents...))
			sameIDs(t, "editable datasets", paged(t, size, func(page db.Page) (db.Listing[access.Resource], error) {
				return d.ListResources(t.Context(), id, user, db.ResourceFilter{Kind: access.Dataset, Wanted: access.Edit}, page)
			}, func(r access.Resource) access.ID { return r.ID }), w.holding(subject, org, "edit", "dataset"))
			tree, err := d.ListTree(t.Context(), id, user, db.TreeSize{Projects: 500, PackagesOfEach: 500, Packages: 500, Modules: 500})
			if err != nil {
				t.Fatal(err)
			}
			sameIDs(t, "the tree", places(tree.Places), w.tree(subject, org))
			w.mustCountInside(t, d, subject, org)
			if subject != nil {
				create, err := d.ListPlacesToCreate(t.Context(), id, user)
				if err != nil {
					t.Fatal(err)
				}
				sameIDs(t, "places to create", idsOf(create), w.holding(subject, org, "create", "module"))
			}
		}
	}
}

// mustCountInside fails unless each resource is said to hold as many directly as the design lets the subject know of.
func (w *world) mustCountInside(t *testing.T, d *dbtest.Database, subject *worldUser, org *worldOrg) {
	t.Helper()
	var everything []access.ID
	want := map[access.ID]int{}
	for _, r := range org.resources {
		everything = append(everything, access.ID(r.id))
		if r.parent != nil && w.ask(subject, r).rights["discover"] {
			want[access.ID(r.parent.id)]++
		}
	}
	got, err := d.CountInsideEach(t.Context(), access.ID(org.id), question{subject: subject}.subjectID(), everything)
	if err != nil {
		t.Fatal(err)
	}
	for _, parent := range everything {
		if got[parent] != want[parent] {
			t.Errorf("%d resources are said to lie in %s, want %d", got[parent], parent, want[parent])
		}
	}
}

func idsOf(list []access.Ref) (found []access.ID) {
	for _, one := range list {
		found = append(found, one.ID)
	}
	return found
}

func places(list []db.Place) (found []access.ID) {
	for _, place := range list {
		found = append(found, place.ID)
	}
	return found
}

func TestListsOfPeopleAndGroupsAreComplete(t *testing.T) {
	t.Parallel()
	w, d := newWorld(seed(t), 0), dbtest.New(t)
	w.load(t, d)
	for i, org := range w.orgs {
		id, size := access.ID(org.id), pageSizes[i%len(pageSizes)]
		var groups []access.ID
		for _, group := range org.groups {
			groups = append(groups, access.ID(group.id))
			var inside []access.ID
			for _, member := range org.members {
				if member.active && member.memberships[org] == "active" && isIn(member, group, map[*worldGroup]bool{}) {
					inside = append(inside, access.ID(member.id))
				}
			}
			sameIDs(t, "everyone inside", paged(t, size, func(page db.Page) (db.Listing[db.InsideRow], error) {
				return d.ListEveryoneInside(t.Context(), id, access.ID(group.id), page)
			}, func(row db.InsideRow) access.ID { return row.ID }), inside)
		}
		sameIDs(t, "groups", paged(t, size, func(page db.Page) (db.Listing[db.GroupRow], error) {
			return d.ListGroups(t.Context(), id, db.GroupFilter{}, page)
		}, func(row db.GroupRow) access.ID { return row.ID }), groups)
		var withRole []access.ID // a member without a role cannot be made, but the worlds have some
		for _, member := range org.members {
			if slices.ContainsFunc(w.grants, func(g *worldGrant) bool { return g.on == org.resources[0] && g.user == member }) {
				withRole = append(withRole, access.ID(member.id))
			}
		}
		sameIDs(t, "members", paged(t, size, func(page db.Page) (db.Listing[db.MemberRow], error) {
			return d.ListMembers(t.Context(), id, db.MemberFilter{}, page)
		}, func(row db.MemberRow) access.ID { return row.ID }), withRole)
	}
}

func TestThoseWhoAreCountedCanOpenAResource(t *testing.T) {
	t.Parallel()
	w, d := newWorld(seed(t), 1), dbtest.New(t)
	w.load(t, d)
	for range 60 {
		r := pick(w.random, w.resources)
		var open []*worldUser
		for _, member := range r.org.members {
			if member.active && member.memberships[r.org] == "active" && w.ask(member, r).rights["view"] {
				open = append(open, member)
			}
		}
		if viewers, err := d.CountViewers(t.Context(), access.ID(r.org.id), access.ID(r.id)); viewers != len(open) || err != nil {
			t.Errorf("the %s %s: %d can open it, want %d (%v)", r.kind, r.id, viewers, len(open), err)
		}
	}
}

// Whoever is told whom to ask is told people who can do it.
func TestWhoeverIsNamedAsAbleToShareIsAbleTo(t *testing.T) {
	t.Parallel()
	w, d := newWorld(seed(t), 2), dbtest.New(t)
	w.load(t, d)
	for range 60 {
		r := pick(w.random, w.resources)
		named, err := d.ListWhoCanShare(t.Context(), access.ID(r.id), access.Kind(r.kind))
		if err != nil {
			t.Fatal(err)
		}
		for _, person := range named {
			for _, user := range w.users {
				if user.id == string(person.ID) && !w.ask(user, r).rights[access.Kind(r.kind).Handing().String()] {
					t.Errorf("%s is named and cannot share the %s %s", person.Email, r.kind, r.id)
				}
			}
		}
		if r.owner != nil && w.ask(r.owner, r).rights["share"] && (len(named) == 0 || string(named[0].ID) != r.owner.id) {
			t.Errorf("the owner of the %s %s is not the first of %s", r.kind, r.id, strings.Join(labels(named), ", "))
		}
	}
}

func labels(people []access.Person) (names []string) {
	for _, person := range people {
		names = append(names, person.Label())
	}
	return names
}

// Break: in queries/resources.sql, ListTree, leave out 1 + before @packages_of_each.
func TestATreeHoldsTheFirstAndSaysWhereThereIsMore(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	for name, inside := range map[string][]string{"Delta": {"d1"}, "alpha": {"a2", "a1"}, "Charlie": {"c3", "c1", "c2"}, "bravo": nil} {
		project := acme.Project(name, acme.Admin)
		for _, each := range inside {
			acme.Inside(project, access.Package, each, acme.Admin)
		}
	}
	acme.Inside(acme.Module, access.Package, "e", acme.Admin)
	for _, c := range []struct {
		size db.TreeSize
		want string // a plus stands after what holds more
		more bool
	}{
		{db.TreeSize{Projects: 4, PackagesOfEach: 3, Packages: 7, Modules: 1}, "a1 a2 alpha bravo c1 c2 c3 Charlie d1 Delta e", false},
		{db.TreeSize{Projects: 3, PackagesOfEach: 2, Packages: 7, Modules: 1}, "a1 a2 alpha bravo c1 c2 Charlie+ e", true},
		{db.TreeSize{Projects: 3, PackagesOfEach: 3, Packages: 2, Modules: 1}, "a1 a2 alpha bravo Charlie+", true},
		{db.TreeSize{Projects: 1, PackagesOfEach: 1, Packages: 7, Modules: 1}, "a1 alpha+ e", true},
	} {
		tree, err := d.ListTree(t.Context(), acme.ID, acme.Admin, c.size)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, place := range tree.Places {
			name := place.Name
			if place.More {
				name += "+"
			}
			if place.Type != "module" {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != c.want || tree.MoreProjects != c.more {
			t.Errorf("%+v: %v, more projects %t; want %s, %t", c.size, got, tree.MoreProjects, c.want, c.more)
		}
	}
}
