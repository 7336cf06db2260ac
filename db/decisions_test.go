package db_test

import (
	"fmt"
	"slices"
	"sort"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// The decision API's answers are one: a check, a batch, the searches and the explanation, in random worlds.

// A place is one organization of a world, asked under a token of its own.
type place struct {
	*world
	t     *testing.T
	d     *dbtest.Database
	org   *worldOrg
	token string
	names map[*worldUser]string
}

// A subject is a user, a group or, with neither, anyone.
type subject struct {
	user  *worldUser
	group *worldGroup
}

func newPlace(t *testing.T, w *world) *place {
	d := dbtest.New(t)
	w.load(t, d)
	p := &place{world: w, t: t, d: d, org: w.orgs[0], names: map[*worldUser]string{}}
	for i, user := range w.users {
		p.names[user] = fmt.Sprintf("user%d@world.test", i)
	}
	var err error
	if p.token, err = d.CreateAPIToken(t.Context(), dbtest.Operator, access.ID(p.org.id), db.NewAPIToken{Name: "test", Scopes: []string{"decide"}}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) name(s subject) db.Name {
	switch {
	case s.user != nil:
		return db.Name{Type: "user", ID: p.names[s.user]}
	case s.group != nil:
		return db.Name{Type: "group", ID: s.group.id}
	}
	return db.Name{Type: "anonymous", ID: "anonymous"}
}

func (p *place) holds(s subject, r *worldResource, right string) bool {
	if s.group != nil {
		return p.askGroup(s.group, r).rights[right]
	}
	return p.ask(s.user, r).rights[right]
}

func (p *place) subjects() []subject {
	list := []subject{{}}
	for _, user := range p.users {
		list = append(list, subject{user: user})
	}
	for _, group := range p.org.groups {
		list = append(list, subject{group: group})
	}
	return list
}

func right(name string) access.Rights {
	bit, _ := access.ParseRight(name)
	return bit
}

var searchSizes = []int{1, 5, 16, 100}

func TestCheckBatchSearchesAndExplanationAgree(t *testing.T) {
	seed := seed(t)
	for n := range uint64(5) {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, newWorld(seed, n))
			p.compareChecks(300)
			for range 40 {
				p.compareSubjects(pick(p.random, p.org.resources), pick(p.random, storedOrder))
				p.compareResources(pick(p.random, p.subjects()), pick(p.random, p.org.resources).kind, pick(p.random, storedOrder))
			}
		})
	}
}

// compareChecks: single, batch, explanation and the reading of the design.
func (p *place) compareChecks(count int) {
	p.t.Helper()
	var asked []db.Asked
	var want []bool
	for range count {
		s, r, name := pick(p.random, p.subjects()), pick(p.random, p.org.resources), pick(p.random, storedOrder)
		asked = append(asked, db.Asked{Subject: p.name(s), Resource: db.Name{Type: r.kind, ID: r.id}, Right: right(name)})
		want = append(want, p.holds(s, r, name))
	}
	caller, batch, err := p.d.DecideEach(p.t.Context(), p.token, asked)
	if err != nil {
		p.t.Fatal(err)
	}
	explained, paths, err := p.d.ExplainDecisions(p.t.Context(), caller.Org, asked, batch)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range asked {
		_, single, err := p.d.Decide(p.t.Context(), p.token, asked[i])
		if err != nil || single != batch[i] || explained[i] != batch[i] || single.Allowed != want[i] {
			p.t.Errorf("%+v: the design %v, single %+v, batch %+v, explained %+v by %d paths (%v)", asked[i], want[i], single, batch[i], explained[i], len(paths[i]), err)
		}
	}
}

// compareSubjects: who has a right, in pages of every size.
func (p *place) compareSubjects(r *worldResource, name string) {
	p.t.Helper()
	var users, groups []string
	for _, user := range p.around() {
		if p.holds(subject{user: user}, r, name) {
			users = append(users, p.names[user])
		}
	}
	for _, group := range p.org.groups {
		if p.holds(subject{group: group}, r, name) {
			groups = append(groups, group.id)
		}
	}
	for _, size := range searchSizes {
		p.same(users, "users with "+name+" on the "+r.kind+" "+r.id, size, func(after string) ([]db.Hit, string, error) {
			return p.d.SearchUsers(p.t.Context(), access.ID(p.org.id), access.ID(r.id), right(name), after, size)
		})
		p.same(groups, "groups with "+name+" on the "+r.kind+" "+r.id, size, func(after string) ([]db.Hit, string, error) {
			return p.d.SearchGroups(p.t.Context(), access.ID(p.org.id), access.ID(r.id), right(name), after, size)
		})
	}
}

// around are the users of the organization, and those outside whom a grant in it names, themselves or their organization.
func (p *place) around() []*worldUser {
	var list []*worldUser
	for _, user := range p.users {
		near := user.memberships[p.org] != ""
		for _, grant := range p.grants {
			near = near || grant.on.org == p.org && inForce(grant) && (grant.user == user || grant.org != nil && grant.org != p.org && user.memberships[grant.org] == "active")
		}
		if near {
			list = append(list, user)
		}
	}
	return list
}

// compareResources: on what of a kind somebody has a right, in pages of every size, looked for in both ways.
func (p *place) compareResources(s subject, kind, name string) {
	p.t.Helper()
	var want []string
	for _, r := range p.org.resources {
		if r.kind == kind && p.holds(s, r, name) {
			want = append(want, r.id)
		}
	}
	asked := db.Asked{Subject: p.name(s), Right: right(name)}
	_, found, err := p.d.Decide(p.t.Context(), p.token, asked)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, size := range searchSizes {
		what := fmt.Sprintf("%ss on which %+v has %s", kind, asked.Subject, name)
		p.same(want, what, size, func(after string) ([]db.Hit, string, error) {
			return p.d.SearchResources(p.t.Context(), access.ID(p.org.id), found.Subject, access.Kind(kind), asked.Right, after, size)
		})
		p.same(want, what+", looked for everywhere", size, func(after string) ([]db.Hit, string, error) {
			return p.d.SearchResourcesEverywhere(p.t.Context(), access.ID(p.org.id), found.Subject, access.Kind(kind), asked.Right, after, size)
		})
	}
}

// same fails unless the pages hold exactly what is wanted, each once, each full but the last.
func (p *place) same(want []string, what string, size int, page func(after string) ([]db.Hit, string, error)) {
	p.t.Helper()
	var got []string
	for after := ""; ; {
		hits, next, err := page(after)
		if err != nil || len(hits) > size || next != "" && len(hits) < size {
			p.t.Fatalf("%s: a page of %d has %d, next %q (%v)", what, size, len(hits), next, err)
		}
		for _, hit := range hits {
			got = append(got, hit.Name)
		}
		if after = next; next == "" {
			break
		}
	}
	sort.Strings(want)
	sorted := slices.Clone(got)
	sort.Strings(sorted)
	if !slices.Equal(want, sorted) {
		p.t.Errorf("%s, %d a page:\n got %v\nwant %v", what, size, sorted, want)
	}
}
