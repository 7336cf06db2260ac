package db_test

import (
	"slices"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

func TestEverySortOfTheMembersListShowsEverybodyOnceAndTurnsRound(t *testing.T) {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	for _, name := range []string{"zoe", "bo", "mia", "ana", "kai"} {
		acme.Member(name, []string{"member", "modeler", "auditor"}[len(name)%3])
	}
	if _, err := d.Invite(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewInvitation{Email: "carl@acme.test", Role: "member"}); err != nil {
		t.Fatal(err)
	}
	for _, sort := range []string{"", "name", "role", "status", "seen", "what is this"} {
		up, down := pagesOf(t, d, acme.ID, sort), pagesOf(t, d, acme.ID, "-"+sort)
		slices.Reverse(down)
		if len(up) != 7 || !slices.Equal(up, down) {
			t.Errorf("sorted by %q: %v, the other way round %v", sort, up, down)
		}
	}
	if byName := pagesOf(t, d, acme.ID, "name"); !slices.IsSorted(byName) {
		t.Errorf("by name: %v", byName)
	}
}

// pagesOf reads the list two at a time, and says who stood in it in which order.
func pagesOf(t *testing.T, d *dbtest.Database, org access.ID, sort string) []string {
	var names []string
	for page := (db.Page{Size: 2}); ; {
		list, err := d.ListMembers(t.Context(), org, db.MemberFilter{Sort: sort}, page)
		if err != nil {
			t.Fatal(err)
		}
		if list.From != len(names)+1 {
			t.Errorf("a page begins at %d after %d rows", list.From, len(names))
		}
		for _, row := range list.Rows {
			names = append(names, row.Email)
		}
		if page.After = list.Next; page.After == "" {
			return names
		}
	}
}
