package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// A closureWalk nests, unnests, makes and deletes groups through the Store, and keeps the edges in memory beside it.
type closureWalk struct {
	acme   *dbtest.Organization
	random *rand.Rand
	groups []access.ID
	inside map[access.ID][]access.ID
	made   int
}

func TestTheClosureIsTrueAfterEveryNestingAndUnnesting(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	walk := &closureWalk{acme: d.Organization(t, "acme"), random: rand.New(rand.NewPCG(seed(t), 0)), inside: map[access.ID][]access.ID{}}
	for range 8 {
		walk.create(t)
	}
	kinds := map[string]int{}
	for range dbtest.FromEnvironment(t, "GATEHOUSE_STEPS", 400) {
		step := walk.step(t)
		kinds[step]++
		if wrong := countClosureFaults(t, d); wrong > 0 {
			t.Fatalf("after %q the closure differs from the edges in %d rows", step, wrong)
		}
	}
	t.Logf("steps: %v", kinds)
	for _, kind := range []string{"nest", "cycle", "unnest", "delete", "create"} {
		if kinds[kind] == 0 {
			t.Errorf("no step was of the kind %q", kind)
		}
	}
}

// step makes one random change and says of which kind it was.
func (w *closureWalk) step(t *testing.T) string {
	ctx, d, by := t.Context(), w.acme.Database, dbtest.By(w.acme.Admin)
	outer, inner := pick(w.random, w.groups), pick(w.random, w.groups)
	switch n := w.random.IntN(100); {
	case n < 4 || len(w.groups) < 4:
		w.create(t)
		return "create"
	case n < 8:
		if err := d.DeleteGroup(ctx, by, w.acme.ID, outer); err != nil {
			t.Fatal(err)
		}
		w.forget(outer)
		return "delete"
	case n < 40 && len(w.inside[outer]) > 0:
		inner = pick(w.random, w.inside[outer])
		if err := d.UnnestGroup(ctx, by, w.acme.ID, outer, inner); err != nil {
			t.Fatal(err)
		}
		w.inside[outer] = slices.DeleteFunc(w.inside[outer], func(id access.ID) bool { return id == inner })
		return "unnest"
	}
	return w.nest(t, ctx, outer, inner)
}

func (w *closureWalk) nest(t *testing.T, ctx context.Context, outer, inner access.ID) string {
	err := w.acme.Database.AddToGroup(ctx, dbtest.By(w.acme.Admin), w.acme.ID, outer, []access.Ref{{Type: "group", ID: inner}}, access.GroupMember)
	switch {
	case slices.Contains(w.inside[outer], inner) || w.reaches(inner, outer):
		if !errors.Is(err, access.ErrConflict) {
			t.Fatalf("nesting a group that is there already, or one that contains the other: %v", err)
		}
		return "cycle"
	case err != nil:
		t.Fatal(err)
	}
	w.inside[outer] = append(w.inside[outer], inner)
	return "nest"
}

// reaches tells whether one group is another or contains it, by walking.
func (w *closureWalk) reaches(from, to access.ID) bool {
	return from == to || slices.ContainsFunc(w.inside[from], func(next access.ID) bool { return w.reaches(next, to) })
}

func (w *closureWalk) create(t *testing.T) {
	w.made++
	w.groups = append(w.groups, w.acme.Group(fmt.Sprintf("group %d", w.made)))
}

func (w *closureWalk) forget(gone access.ID) {
	is := func(id access.ID) bool { return id == gone }
	w.groups = slices.DeleteFunc(w.groups, is)
	delete(w.inside, gone)
	for outer := range w.inside {
		w.inside[outer] = slices.DeleteFunc(w.inside[outer], is)
	}
}

// countClosureFaults compares group_ancestry with what the edges say, computed anew.
func countClosureFaults(t testing.TB, d *dbtest.Database) (wrong int) {
	t.Helper()
	err := d.Pool.QueryRow(t.Context(), `
		WITH RECURSIVE true_closure (ancestor_id, descendant_id) AS (
			SELECT id, id FROM groups
		  UNION
			SELECT c.ancestor_id, n.member_group_id FROM true_closure c JOIN nested_groups n ON n.group_id = c.descendant_id
		), kept AS (SELECT ancestor_id, descendant_id FROM group_ancestry)
		SELECT count(*) FROM ((TABLE true_closure EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE true_closure)) AS differing`).Scan(&wrong)
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

func TestACycleIsRefusedWithItsPath(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	research, quant, alpha := acme.Group("research"), acme.Group("quant"), acme.Group("alpha")
	acme.AddToGroup(research, access.Ref{Type: "group", ID: quant})
	acme.AddToGroup(quant, access.Ref{Type: "group", ID: alpha})
	err := d.AddToGroup(t.Context(), dbtest.By(acme.Admin), acme.ID, alpha, []access.Ref{{Type: "group", ID: research}}, access.GroupMember)
	if !errors.Is(err, access.ErrConflict) || err.Error() != "research already contains alpha: research → quant → alpha. Adding it would close a circle." {
		t.Fatalf("the answer is %v", err)
	}
}

// Between the bottom and the top of 24 pairs of groups lie 16 million ways, and the explanation names the shortest.
func TestAnExplanationThroughManyDiamondsIsQuick(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	ana := acme.Member("ana", "member")
	top := acme.Group("top")
	layer := []access.ID{top}
	for i := range 24 {
		next := []access.ID{acme.Group(fmt.Sprintf("left %d", i)), acme.Group(fmt.Sprintf("right %d", i))}
		for _, outer := range layer {
			for _, inner := range next {
				acme.AddToGroup(outer, access.Ref{Type: "group", ID: inner})
			}
		}
		layer = next
	}
	acme.AddToGroup(layer[0], access.Ref{Type: "user", ID: ana})
	alpha := acme.Project("Alpha", acme.Admin)
	acme.Grant(acme.Admin, alpha, access.Ref{Type: "group", ID: top}, "viewer")

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // one by one, all of them take hours
	defer cancel()
	paths, err := d.Explain(ctx, acme.ID, ana, alpha)
	if err != nil || len(paths) != 1 || len(paths[0].Via) != 25 {
		t.Fatalf("after twenty seconds: %d paths, %v", len(paths), err)
	}
}
