package db_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/db/dbtest"
)

// A mutant is a fault that somebody could put into the decision: what is there, and what would stand there instead.
type mutant struct{ fault, there, instead string }

var mutants = []mutant{
	{"expired grants count", "found.expires_at IS NULL OR found.expires_at > decision_time()", "true"},
	{"grants that expire do not count", "found.expires_at IS NULL OR found.expires_at > decision_time()", "found.expires_at IS NULL"},
	{"deactivated users count", "u.id = subject AND u.status = 'active'", "u.id = subject"},
	{"deactivated members own", "m.status = 'active' AND place.owner_id = person", "place.owner_id = person"},
	{"deactivated members are let in by mode", "m.status = 'active' AND place.access_mode <> 'restricted'", "m.status IS NOT NULL AND place.access_mode <> 'restricted'"},
	{"outsiders are let in by mode Organization", "m.status = 'active' AND place.access_mode <> 'restricted'", "person IS NOT NULL AND place.access_mode <> 'restricted'"},
	{"deactivated members keep their own grants", "m.status IS DISTINCT FROM 'deactivated'", "true"},
	{"outsiders have no grants of their own", "m.status IS DISTINCT FROM 'deactivated'", "m.status = 'active'"},
	{"deactivated members keep their groups", "gm.user_id = person AND m.status = 'active'", "gm.user_id = person"},
	{"groups do not nest", "a.descendant_id = gm.group_id", "a.descendant_id = gm.group_id AND a.ancestor_id = gm.group_id"},
	{"nesting works downwards", "a.org_id = gm.org_id AND a.descendant_id = gm.group_id", "a.org_id = gm.org_id AND a.ancestor_id = gm.group_id"},
	{"deactivated members act for their organization elsewhere", "home.user_id = person AND home.status = 'active'", "home.user_id = person"},
	{"anyone is let in by mode Public", "place.access_mode = 'public' AND person IS NOT NULL", "place.access_mode = 'public'"},
	{"nobody is let in by mode Anonymous", "place.access_mode = 'anonymous' OR ", ""},
	{"a group is nobody of its organization", "team_org = target_org AND place.access_mode <> 'restricted'", "false"},
	{"a group is somebody of every organization", "team_org = target_org AND", "team IS NOT NULL AND"},
	{"a group is not signed in", "place.access_mode = 'public' AND team IS NOT NULL", "false"},
	{"a group has what the groups inside it have", "a.org_id = target_org AND a.descendant_id = team", "a.org_id = target_org AND a.ancestor_id = team"},
	{"a group has nothing of its organization's", "SELECT team_org, NULL", "SELECT NULL::uuid, NULL"},
	{"secrets are opened by what contains them", "target_kind NOT IN ('constant', 'secret', 'connection')", "true"},
	{"nothing is inherited from a mode", "p.id = ANY (target_path)", "p.id = target"},
	{"grants to users are not inherited", "own.resource_id = ANY (target_path)", "own.resource_id = target"},
	{"grants to groups are not inherited", "far.resource_id = ANY (target_path)", "far.resource_id = target"},
	{"groups have no grants", "far.user_id IS NULL", "far.organization_id IS NOT NULL"},
	{"organizations have no grants", "SELECT home.org_id, NULL", "SELECT NULL::uuid, NULL"},
	{"everybody is in every group", "through.principal_id = g.principal_id", "true"},
	{"an organization role reaches below as it does here", "found.place_id = target THEN role.here", "true THEN role.here"},
	{"create does not reach modules", "target_kind = 'module'", "false"},
	{"full reach for every organization", "o.full_reach", "true"},
	{"full reach for none", "o.full_reach", "false"},
}

// A test that cannot fail is a defect: each fault, alone, makes the comparison of oracle_test.go find mismatches.
func TestEveryFaultInTheDecisionIsFound(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	alive := slices.Clone(mutants)
	for n := uint64(0); n < 20 && len(alive) > 0; n++ { // in one world or another
		w, d := newWorld(seed, n), dbtest.New(t)
		w.load(t, d)
		text := decisionText(t, d)
		alive = slices.DeleteFunc(alive, func(m mutant) bool {
			broken := strings.Replace(text, m.there, m.instead, 1)
			if broken == text {
				t.Fatalf("%s: the decision no longer says %q", m.fault, m.there)
			}
			return mismatchesWith(t, w, d, broken) > 0
		})
	}
	for _, m := range alive {
		t.Errorf("%s, and nobody notices", m.fault)
	}
}

// decisionText makes the functions that decide.
func decisionText(t *testing.T, d *dbtest.Database) (text string) {
	t.Helper()
	const functions = "SELECT pg_get_functiondef('paths_between'::regproc) || ';' || pg_get_functiondef('access_paths'::regproc)"
	if err := d.Pool.QueryRow(t.Context(), functions).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// mismatchesWith counts the wrong answers of a broken decision, which is gone again afterwards.
func mismatchesWith(t *testing.T, w *world, d *dbtest.Database, functions string) int {
	tx, err := d.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func(tx pgx.Tx) { _ = tx.Rollback(t.Context()) }(tx)
	if _, err := tx.Exec(t.Context(), functions); err != nil {
		t.Fatal(err)
	}
	wrong := 0
	asked := w.questions(w.random, 800)
	for i, got := range askDatabase(t, tx, asked) {
		if got != w.ask(asked[i].subject, asked[i].resource).String() {
			wrong++
		}
	}
	return wrong
}
