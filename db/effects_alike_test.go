package db_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Resources that are alike are asked about once, and no others are taken for alike. To see that fail: in queries/previews.sql,
// ListAlikeResources, leave out the kind, the owner, a mode, the grants or their principal, or what is held here or above.

// addTwins adds resources like those that there are, and as many that differ in one thing only.
func (w *world) addTwins() {
	for _, first := range slices.Clone(w.resources) {
		if first.parent == nil || first.kind == "module" || len(first.templates) > 0 {
			continue
		}
		w.addTwin(first)
		twin := w.addTwin(first)
		grants := slices.DeleteFunc(slices.Clone(w.grants), func(g *worldGrant) bool { return g.on != twin })
		switch w.random.IntN(6) {
		case 0:
			twin.owner = pick(w.random, first.org.members)
		case 1:
			twin.mode = pick(w.random, []string{"restricted", "organization"})
		case 2:
			twin.orgRole = pick(w.random, []string{"viewer", "editor"})
		case 3:
			if other := pick(w.random, insideOf[first.parent.kind]); other != "project" && twin.mode == "restricted" && len(grants) == 0 {
				twin.kind = other
			}
		case 4:
			w.keep(&worldGrant{on: twin, role: pick(w.random, rolesOn(twin.kind)), user: pick(w.random, first.org.members)})
		default:
			if len(grants) > 0 {
				one := pick(w.random, grants)
				one.user, one.group, one.org = nil, pick(w.random, first.org.groups), nil
			}
		}
	}
	for i, g := range w.grants { // of the changed ones, some may now be there twice
		w.grants[i] = nil
		if !slices.ContainsFunc(w.grants, func(other *worldGrant) bool {
			return other != nil && other.on == g.on && other.role == g.role && other.template == g.template && other.user == g.user && other.group == g.group && other.org == g.org
		}) {
			w.grants[i] = g
		}
	}
	w.grants = slices.DeleteFunc(w.grants, func(g *worldGrant) bool { return g == nil })
}

func (w *world) addTwin(first *worldResource) *worldResource {
	twin := *first
	twin.id = newUUID(w.random)
	first.org.resources, w.resources = append(first.org.resources, &twin), append(w.resources, &twin)
	for _, g := range slices.Clone(w.grants) {
		if g.on == first {
			same := *g
			same.id, same.on = newUUID(w.random), &twin
			w.grants = append(w.grants, &same)
		}
	}
	return &twin
}

func TestPreviewsOfResourcesThatAreAlikeAreWhatTheNaiveReadingSays(t *testing.T) {
	t.Parallel()
	number := seed(t)
	w, d := newWorld(number, 5), dbtest.New(t)
	for n := uint64(6); len(w.projects()) == 0; n++ { // one world in four hundred has none
		w = newWorld(number, n)
	}
	w.addTwins()
	w.load(t, d)
	moved, by := map[string]int{}, db.By{Via: "cli"}
	compare := func(what string, got access.Effect, err error, want string) {
		t.Helper()
		if err == nil && (told(got) != want || got.Skipped != 0) {
			t.Errorf("%s says %d skipped and\n%s\nwant\n%s", what, got.Skipped, told(got), want)
		}
		if err == nil && want != "" {
			moved[what]++
		}
	}
	for tries := 0; tries < 16 || len(moved) < 3 && tries < 160; tries++ {
		r, mode := pick(w.random, w.projects()), pick(w.random, []string{"restricted", "organization"})
		got, err := d.PreviewAccessMode(t.Context(), by, access.ID(r.org.id), access.ID(r.id), access.Mode(mode), r.orgRole, 1)
		inside, places := w.within(r)
		old := r.mode
		want := w.expected(w.known(r.org, places), inside, func() { r.mode = mode })
		r.mode = old
		compare("a mode", got, err, want)

		leaf := pick(w.random, w.resources)
		if to := pick(w.random, w.projects()); to.org == leaf.org && leaf.owner != nil && !contains(leaf, to) {
			got, err = d.PreviewMove(t.Context(), by, access.ID(to.org.id), access.ID(leaf.id), access.ID(to.id), 1)
			inside, places = w.within(leaf)
			for up := to; up != nil; up = up.parent {
				places[up] = true
			}
			from := leaf.parent
			want = w.expected(w.known(to.org, places), inside, func() { leaf.parent = to })
			leaf.parent = from
			compare("a move", got, err, want)
		}

		user := pick(w.random, r.org.members)
		if user.active && user.memberships[r.org] == "active" {
			got, err = d.PreviewMemberChange(t.Context(), by, access.ID(r.org.id), access.ID(user.id), db.MemberChange{Status: access.Deactivated})
			want = w.expected([]*worldUser{user}, r.org.resources, func() { user.memberships[r.org] = "deactivated" })
			user.memberships[r.org] = "active"
			compare("a deactivation", got, err, want)
		}

		g := pick(w.random, w.grants)
		got, err = d.PreviewRevocation(t.Context(), by, access.ID(g.on.org.id), access.ID(g.on.id), access.ID(g.id), 1)
		all := w.grants
		want = w.expected(w.active(), g.on.org.resources, func() {
			w.grants = slices.DeleteFunc(slices.Clone(all), func(other *worldGrant) bool { return other == g })
		})
		w.grants = all
		if g.on.owner != nil {
			compare("a revocation", got, err, want)
		}
	}
	t.Log(moved)
	if len(moved) < 3 {
		t.Errorf("only these moved somebody: %v", moved)
	}
}

func (w *world) projects() []*worldResource {
	return slices.DeleteFunc(slices.Clone(w.resources), func(r *worldResource) bool { return r.kind != "project" })
}

// Of what tells two resources in a project apart, nothing is left out.
func TestResourcesThatDifferInOneThingAreToldApart(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme, partner := d.Organization(t, "acme"), d.Organization(t, "partner")
	own, ana := acme.Member("own", "modeler"), acme.Member("ana", "member")
	partner.Member("gil", "member")
	outsider := access.Ref{Type: "email", Name: "gil@partner.test"}
	set := func(resource access.ID, what string) {
		t.Helper()
		must(t, commit(t, d, fmt.Sprintf("UPDATE resources SET %s WHERE id = '%s'; ", what, resource)+auditSomething))
	}
	for name, one := range map[string]struct {
		kind   access.Kind // of the second
		differ func(project, first, second access.ID)
		mode   access.Mode
		role   string
		want   string
	}{
		"their owners": {access.Dataset, func(_, _, second access.ID) { set(second, "owner_id = '"+string(ana)+"'") }, access.OrganizationMode, "viewer",
			"+[discover view query] -[]: 1 people, 2 resources\n+[view query] -[]: 1 people, 3 resources"},
		"their modes": {access.Dataset, func(_, _, second access.ID) { set(second, "access_mode = 'organization'") }, access.OrganizationMode, "viewer",
			"+[discover view query] -[]: 1 people, 2 resources\n+[view query] -[]: 1 people, 2 resources"},
		"whom a grant names": {access.Dataset, func(_, first, second access.ID) {
			acme.Grant(own, first, toUser(ana), "viewer")
			acme.Grant(own, second, toUser(acme.Admin), "viewer")
		}, access.OrganizationMode, "viewer", "+[discover view query] -[]: 1 people, 2 resources\n+[view query] -[]: 1 people, 2 resources"},
		"its role": {access.Dataset, func(_, first, second access.ID) {
			acme.Grant(own, first, toUser(ana), "viewer")
			acme.Grant(own, second, toUser(ana), "editor")
		}, access.OrganizationMode, "editor", "+[create edit configure reveal] -[]: 1 people, 1 resources\n" +
			"+[discover view query create edit configure reveal] -[]: 1 people, 1 resources\n+[view query create edit configure reveal] -[]: 1 people, 3 resources"},
		"their kinds": {access.Secret, func(project, _, _ access.ID) {
			acme.Grant(own, acme.Inside(project, access.Dataset, "Third", own), outsider, "viewer")
		}, access.Public, "editor",
			"+[discover view query create edit configure reveal] -[]: 1 people, 4 resources\n+[discover view query] -[]: 1 people, 2 resources\n" +
				"+[view query create edit configure reveal] -[]: 1 people, 4 resources"},
		"a grant above": {access.Dataset, func(project, first, second access.ID) {
			for i, n := range []string{"One", "Two"} {
				bucket := acme.Inside(project, access.Bucket, n, own)
				acme.Inside(bucket, access.Artifact, n, own)
				acme.Grant(own, bucket, toUser([]access.ID{ana, acme.Admin}[i]), "viewer")
			}
		}, access.OrganizationMode, "viewer", "+[discover view query] -[]: 1 people, 5 resources\n+[view query] -[]: 1 people, 5 resources"},
	} {
		project := acme.Project(name, own)
		one.differ(project, acme.Inside(project, access.Dataset, "First", own), acme.Inside(project, one.kind, "Second", own))
		effect, err := d.PreviewAccessMode(t.Context(), dbtest.By(own), acme.ID, project, one.mode, one.role, versionOf(t, d, project))
		says(t, name, effect, err, one.want)
	}
}

// Five thousand resources in a project cost a preview no more statements and no more questions than fifty.
func TestAPreviewOfThousandsCountsAllAndAsksAboutFew(t *testing.T) {
	t.Parallel()
	f := newFilled(t)
	f.acme.Grant(f.own, f.alpha, toGroup(f.quant), "viewer")
	c := counter{seen: map[string]pgx.TraceQueryStartData{}}
	config := f.Pool.Config()
	config.ConnConfig.Tracer = &c
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	defer pool.Close()
	s := f.On(pool)
	// deletion asks and returns how many statements there were, and the most questions in one
	deletion := func(resources int) (statements, questions int) {
		c.total = 0
		effect, err := s.PreviewGroupDeletion(t.Context(), f.by(), f.acme.ID, f.quant)
		says(t, fmt.Sprint(resources), effect, err, fmt.Sprintf("+[] -[discover view query]: 2 people, %d resources", resources))
		return c.total, len(c.seen["ListAnswers"].Args[0].([]access.ID))
	}
	f.fill(t, 50)
	statements, questions := deletion(58)
	f.fill(t, 4950)
	if again, asked := deletion(5008); again > statements || asked > questions || questions > 40 {
		t.Errorf("%d statements and %d questions, for fewer resources %d and %d", again, asked, statements, questions)
	}
	effect, err := s.PreviewMemberChange(t.Context(), f.by(), f.acme.ID, f.acme.Admin, db.MemberChange{Status: access.Deactivated})
	if err == nil {
		t.Errorf("the last Admin goes: %v", effect)
	}
	effect, err = s.PreviewAccessMode(t.Context(), dbtest.By(f.own), f.acme.ID, f.alpha, access.OrganizationMode, "editor", versionOf(t, f.Database, f.alpha))
	says(t, "opening", effect, err, "+[create edit configure reveal] -[]: 2 people, 5008 resources\n+[view query create edit configure reveal] -[]: 1 people, 5008 resources")
}

// fill makes so many datasets in Alpha.
func (f filled) fill(t *testing.T, many int) {
	t.Helper()
	must(t, commit(t, f.Database, fmt.Sprintf(`INSERT INTO resources (org_id, id, kind, key, name, parent_id, path, owner_id)
		SELECT made.org_id, made.id, 'dataset', made.id, 'Set ' || made.n, '%[1]s', ARRAY['%[2]s', '%[3]s', '%[1]s', made.id]::uuid[], '%[4]s'
		FROM (SELECT '%[2]s'::uuid AS org_id, gen_random_uuid() AS id, n FROM generate_series(1, %[5]d) AS n) AS made; ANALYZE resources; `,
		f.alpha, f.acme.ID, f.acme.Module, f.own, many)+auditSomething))
}
