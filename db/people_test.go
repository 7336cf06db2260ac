package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// listSaysWhatIs fails unless the table behind the list of members says what the others say.
func listSaysWhatIs(t *testing.T, d *dbtest.Database, after string) {
	t.Helper()
	for what, statement := range map[string]string{
		"missing":  "SELECT count(*) FROM (TABLE people_now EXCEPT TABLE people) AS gone",
		"left":     "SELECT count(*) FROM (TABLE people EXCEPT TABLE people_now) AS left_over",
		"miscount": "SELECT count(*) FROM (SELECT org_id, status, role_id, count(*) FROM people WHERE sort = 'name' GROUP BY 1, 2, 3 EXCEPT SELECT * FROM people_counts) AS wrong",
		"too many": "SELECT (SELECT sum(total) FROM people_counts) - (SELECT count(*) FROM people WHERE sort = 'name')",
	} {
		if n := number(t, d, statement); n != 0 {
			t.Errorf("after %s: %d %s", after, n, what)
		}
	}
}

func TestTheListOfMembersFollowsEveryChange(t *testing.T) {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	by := dbtest.By(acme.Admin)
	listSaysWhatIs(t, d, "setting up")
	ana, bo := acme.Member("ana", "member"), acme.Member("bo", "modeler")
	listSaysWhatIs(t, d, "accepting")
	steps := []struct {
		what string
		do   func() error
	}{
		{"inviting", func() error {
			_, err := d.Invite(t.Context(), by, acme.ID, db.NewInvitation{Email: "carl@acme.test", Role: "member"})
			return err
		}},
		{"a role", func() error { return d.ChangeMemberRole(t.Context(), by, acme.ID, ana, "auditor") }},
		{"deactivating", func() error { return d.DeactivateMember(t.Context(), by, acme.ID, bo) }},
		{"signing in", func() error { _, err := d.StartSession(t.Context(), ana, "", ""); return err }},
		{"renaming", func() error {
			return commit(t, d, "UPDATE users SET name = 'Änne' WHERE id = '"+string(ana)+"'; "+auditSomething)
		}},
		{"reactivating", func() error { return d.ReactivateMember(t.Context(), by, acme.ID, bo) }},
		{"removing", func() error { return d.EndMembership(t.Context(), by, acme.ID, bo, db.Leaving{}) }},
		{"revoking", func() error {
			list, err := d.ListMembers(t.Context(), acme.ID, db.MemberFilter{Status: access.Invited}, db.Page{})
			if err != nil || len(list.Rows) != 1 || list.Total != 1 {
				return fmt.Errorf("%+v, %v", list, err)
			}
			return d.RevokeInvitation(t.Context(), by, acme.ID, list.Rows[0].ID)
		}},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		listSaysWhatIs(t, d, step.what)
	}
	if names := pagesOf(t, d, acme.ID, "name"); !slices.Equal(names, []string{"admin@acme.test", "ana@acme.test"}) && !slices.Equal(names, []string{"ana@acme.test", "admin@acme.test"}) {
		t.Errorf("%v", names)
	}
}

// Of very many people a page is found in other ways than of few. Both show the same, in the same order.
//
// Break: in db/members_list.go, searchPeople, leave rest.after as it is.
func TestAListOfMembersIsWholeInEveryOrderAndSearch(t *testing.T) {
	d := dbtest.New(t)
	for slug, members := range map[string]int{"short": 120, "long": 2400} {
		if err := (dbtest.Dataset{Slug: slug, Members: members, Seed: 1}).Load(t.Context(), d.Pool); err != nil {
			t.Fatal(err)
		}
		listSaysWhatIs(t, d, "loading "+slug)
		org, err := d.FindOrganizationBySlug(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		pages := func(filter db.MemberFilter, size int) []access.ID {
			return paged(t, size, func(page db.Page) (db.Listing[db.MemberRow], error) {
				return d.ListMembers(t.Context(), org.ID, filter, page)
			}, func(row db.MemberRow) access.ID { return row.ID })
		}
		for _, sort := range []string{"", "role", "status", "seen"} {
			up, down := pages(db.MemberFilter{Sort: sort}, 200), pages(db.MemberFilter{Sort: "-" + sort}, 200)
			slices.Reverse(down)
			if len(up) != members || !slices.Equal(up, down) {
				t.Errorf("%s, sorted by %q: %d, the other way round %d", slug, sort, len(up), len(down))
			}
		}
		for _, search := range []string{"", "zora zh", "ZHANG", "vikt", ".77@", "@" + slug, "q", "an", "a", "nobody", "a%b", `\`} {
			for _, filter := range []db.MemberFilter{{}, {Sort: "name"}, {Sort: "-name"}, {Status: access.Deactivated}, {Status: access.Active}, {Role: "auditor"}, {Sort: "-name", Role: "member", Status: access.Active}} {
				filter.Search = search
				order := map[string]string{"": "NOT starts_with(k.name, $1), k.name, k.id", "name": "k.name, k.id", "-name": "k.name DESC, k.id DESC"}[filter.Sort]
				want := columnOf(t, d, `SELECT k.id::text FROM (SELECT u.id, lower(u.name) COLLATE "C" AS name FROM users u
					JOIN memberships m ON m.user_id = u.id AND m.org_id = $4 JOIN grants g ON g.org_id = $4 AND g.resource_id = $4 AND g.user_id = u.id
					WHERE (strpos(lower(u.name), $1) > 0 OR strpos(u.email, $1) > 0) AND ($2 = '' OR m.status = $2) AND ($3 = '' OR g.role_id = 'organization/' || $3)) AS k
					ORDER BY `+order, strings.ToLower(search), string(filter.Status), filter.Role, org.ID)
				for _, size := range []int{9, 200} {
					if size == 9 && len(want) > 300 {
						continue // hundreds of pages, the same as larger ones
					}
					found := pages(filter, size)
					if !slices.EqualFunc(found, want, func(id access.ID, wanted string) bool { return string(id) == wanted }) {
						t.Errorf("%s, %+v in pages of %d: %d people, want %d\n got %v\nwant %v", slug, filter, size, len(found), len(want), found, want)
					}
				}
			}
		}
	}
}

func TestThePickerFindsPeopleAtTheBeginningOfNamesFirst(t *testing.T) {
	d := dbtest.New(t)
	if err := (dbtest.Dataset{Slug: "long", Members: 2400, Seed: 1}).Load(t.Context(), d.Pool); err != nil {
		t.Fatal(err)
	}
	org, err := d.FindOrganizationBySlug(t.Context(), "long")
	if err != nil {
		t.Fatal(err)
	}
	for search, holds := range map[string]string{"zora": "zora", "zhang": "zhang", ".2398@": ".2398@", "": "", "tanaka.1": "tanaka.1"} {
		found, more, err := d.ListCandidates(t.Context(), org.ID, "", search)
		if err != nil || len(found) == 0 || more && len(found) != 12 {
			t.Errorf("%q: %v, %v", search, found, err)
		}
		for _, one := range found {
			if !strings.Contains(strings.ToLower(one.Name+" "+one.Email), holds) {
				t.Errorf("%q finds %s %s", search, one.Name, one.Email)
			}
		}
	}
}
