package db_test

import (
	"fmt"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// A ring is several pairs of groups, each with its second inside its first. Every writer closes the gap from one pair to
// the next, at an end of its own: all but one may.
type ring struct {
	acme         *dbtest.Organization
	outer, inner []access.ID
}

func newRing(t *testing.T, writers int) ring {
	r := ring{acme: dbtest.New(t).Organization(t, "acme")}
	for i := range writers {
		outer, inner := r.acme.Group(fmt.Sprintf("outer %d", i)), r.acme.Group(fmt.Sprintf("inner %d", i))
		r.acme.AddToGroup(outer, access.Ref{Type: "group", ID: inner})
		r.outer, r.inner = append(r.outer, outer), append(r.inner, inner)
	}
	return r
}

// next is the group that writer i puts into its inner group.
func (r ring) next(i int) access.ID { return r.outer[(i+1)%len(r.outer)] }

// open takes out again what the writers put in.
func (r ring) open(t *testing.T) {
	for i, inner := range r.inner {
		err := r.acme.Database.UnnestGroup(t.Context(), dbtest.Operator, r.acme.ID, inner, r.next(i))
		if err != nil && err != access.ErrNotFound {
			t.Fatal(err)
		}
	}
}

// countCycles counts the groups that lie inside themselves.
func countCycles(t *testing.T, d *dbtest.Database) int {
	return number(t, d, `
		WITH RECURSIVE inside (top, id) AS (
			SELECT group_id, member_group_id FROM nested_groups
		  UNION
			SELECT i.top, n.member_group_id FROM inside i JOIN nested_groups n ON n.group_id = i.id
		) SELECT count(*) FROM inside WHERE top = id`)
}

func TestLockingTheTwoEndsOfAnEdgeLetsCyclesThrough(t *testing.T) {
	t.Parallel()
	for writers := 2; writers <= 4; writers++ {
		r := newRing(t, writers)
		var ways []naiveWay
		for i, inner := range r.inner {
			ways = append(ways, naiveWay{
				fmt.Sprintf(`WITH locked AS MATERIALIZED (SELECT id FROM groups WHERE id IN ('%[1]s', '%[2]s') FOR UPDATE)
					SELECT count(*) = 2 AND NOT EXISTS (SELECT FROM group_ancestry WHERE ancestor_id = '%[2]s' AND descendant_id = '%[1]s') FROM locked`, inner, r.next(i)),
				fmt.Sprintf("INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES ('%s', '%s', '%s')", r.acme.ID, inner, r.next(i))})
		}
		must(t, naively(t, r.acme.Database, ways...)...)
		if countCycles(t, r.acme.Database) == 0 {
			t.Fatalf("%d writers made no cycle: this race proves nothing", writers)
		}
	}
}

func TestWritersAtDisjointEndsNeverCloseACycle(t *testing.T) {
	t.Parallel()
	for writers := 2; writers <= 4; writers++ {
		t.Run(fmt.Sprintf("%d writers", writers), func(t *testing.T) {
			t.Parallel()
			r := newRing(t, writers)
			d, by := r.acme.Database, dbtest.By(r.acme.Admin)
			for range rounds(t, 40) {
				var racers []func() error
				for i, inner := range r.inner {
					racers = append(racers, func() error {
						return d.AddToGroup(t.Context(), by, r.acme.ID, inner, []access.Ref{{Type: "group", ID: r.next(i)}}, access.GroupMember)
					})
				}
				refused := 0
				for _, err := range together(racers...) {
					if isOneOf(err, []error{access.ErrConflict}) {
						refused++
					} else if err != nil {
						t.Fatal(err)
					}
				}
				if refused != 1 || countCycles(t, d) != 0 || countClosureFaults(t, d) != 0 {
					t.Fatalf("%d were refused, %d groups lie in themselves, %d rows of the closure are wrong", refused, countCycles(t, d), countClosureFaults(t, d))
				}
				r.open(t)
			}
		})
	}
}

// Edges that come and go at once leave the closure true.
func TestNestingAgainstUnnestingAndDeletingKeepsTheClosure(t *testing.T) {
	t.Parallel()
	acme := dbtest.New(t).Organization(t, "acme")
	d, by := acme.Database, dbtest.By(acme.Admin)
	top, bottom := acme.Group("top"), acme.Group("bottom")
	for i := range rounds(t, 30) {
		middle, beside := acme.Group(fmt.Sprintf("middle %d", i)), acme.Group(fmt.Sprintf("beside %d", i))
		acme.AddToGroup(top, access.Ref{Type: "group", ID: middle})
		nest := func(outer, inner access.ID) func() error {
			return func() error {
				return d.AddToGroup(t.Context(), by, acme.ID, outer, []access.Ref{{Type: "group", ID: inner}}, access.GroupMember)
			}
		}
		for _, err := range together(nest(middle, bottom), nest(beside, bottom), nest(top, beside),
			func() error { return d.UnnestGroup(t.Context(), by, acme.ID, top, middle) },
			func() error { return d.DeleteGroup(t.Context(), by, acme.ID, middle) }) {
			if err != nil && err != access.ErrNotFound {
				t.Fatal(err)
			}
		}
		if wrong := countClosureFaults(t, d); wrong > 0 {
			t.Fatalf("round %d: %d rows of the closure are wrong", i, wrong)
		}
	}
}
