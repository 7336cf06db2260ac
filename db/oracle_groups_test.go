package db_test

import (
	"strings"
	"testing"

	"gatehouse/db/dbtest"
)

// A group as a subject, read aloud: it has what every active member inside it gets through it.
func (w *world) askGroup(group *worldGroup, r *worldResource) *answer {
	a := &answer{rights: map[string]bool{}}
	for place := r; place != nil; place = place.parent {
		if group.org == r.org && place.mode != "restricted" {
			a.add(strings.Fields(contentRights[place.orgRole]), "%s mode of the %s %s, a group of the organization", place.mode, place.kind, place.id)
		}
		if (place.mode == "public" || place.mode == "anonymous") && !closed(r.kind) {
			a.add(strings.Fields(contentRights["viewer"]), "%s mode of the %s %s", place.mode, place.kind, place.id)
		}
	}
	for _, grant := range w.grants {
		toGroup := grant.group != nil && group.org == r.org && everythingIn(grant.group, map[*worldGroup]bool{})[group]
		if contains(grant.on, r) && inForce(grant) && (toGroup || grant.org == group.org) {
			a.add(reach(grant, r), "grant %s on the %s %s", grant.id, grant.on.kind, grant.on.id)
		}
	}
	return a
}

// askAboutGroups asks the database about every group and every resource.
func askAboutGroups(t *testing.T, w *world, d *dbtest.Database) map[[2]string]string {
	t.Helper()
	rows, err := d.Pool.Query(t.Context(), `SELECT g.id::text, r.id::text, (SELECT COALESCE(bit_or(p.rights), 0)::bigint FROM access_paths(g.id, r.id) AS p)
		FROM groups g CROSS JOIN resources r`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	answers := map[[2]string]string{}
	for rows.Next() {
		var group, resource string
		var rights int64
		if err := rows.Scan(&group, &resource, &rights); err != nil {
			t.Fatal(err)
		}
		answers[[2]string{group, resource}] = wordsOf(rights)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return answers
}

func TestTheDatabaseDecidesForGroupsAsTheDesignReads(t *testing.T) {
	seed, given := seed(t), map[string]int{}
	for n := range uint64(8) {
		w, d := newWorld(seed, n), dbtest.New(t)
		w.load(t, d)
		wrong := 0
		answers := askAboutGroups(t, w, d)
		for _, group := range w.groups {
			for _, r := range w.resources {
				want, got := w.askGroup(group, r), answers[[2]string{group.id, r.id}]
				given[got]++
				if want.String() != got {
					if wrong++; wrong <= 3 {
						t.Errorf("group %s on the %s %s: the design gives %q, the database %q\n%s", group.id, r.kind, r.id, want, got, strings.Join(want.reasons, "\n"))
					}
				}
			}
		}
	}
	if len(given) < 4 { // of one world it may be true
		t.Errorf("the worlds are too dull: %v", given)
	}
}

// Nobody inside a group has less than the group.
func TestEveryActiveMemberInsideHasWhatTheGroupHas(t *testing.T) {
	w, d := newWorld(seed(t), 1), dbtest.New(t)
	w.load(t, d)
	answers := askAboutGroups(t, w, d)
	for _, group := range w.groups {
		for _, user := range group.org.members {
			if !user.active || user.memberships[group.org] != "active" || !isIn(user, group, map[*worldGroup]bool{}) {
				continue
			}
			for _, r := range w.resources {
				held := w.ask(user, r)
				for _, right := range strings.Fields(answers[[2]string{group.id, r.id}]) {
					if !held.rights[right] {
						t.Fatalf("group %s has %s on the %s %s, and %s inside it has not", group.id, right, r.kind, r.id, user.id)
					}
				}
			}
		}
	}
}

// The comparison above finds each of these faults, alone.
func TestEveryFaultInTheDecisionForGroupsIsFound(t *testing.T) {
	seed := seed(t)
	faults := []mutant{
		{"groups are let in elsewhere by mode Organization", "team_org = target_org AND place.access_mode <> 'restricted'", "team IS NOT NULL AND place.access_mode <> 'restricted'"},
		{"groups are not let in by mode Organization", "team_org = target_org AND place.access_mode <> 'restricted'", "false"},
		{"groups are not let in by mode Public", "place.access_mode = 'public' AND team IS NOT NULL", "false"},
		{"groups have what lies inside them", "SELECT a.ancestor_id, team FROM group_ancestry a WHERE a.org_id = target_org AND a.descendant_id = team",
			"SELECT a.descendant_id, team FROM group_ancestry a WHERE a.org_id = target_org AND a.ancestor_id = team"},
		{"groups have nothing of what their organization has", "SELECT team_org, NULL", "SELECT NULL::uuid, NULL"},
	}
	for _, fault := range faults {
		found := false
		for n := uint64(0); n < 8 && !found; n++ {
			w, d := newWorld(seed, n), dbtest.New(t)
			w.load(t, d)
			text := decisionText(t, d)
			broken := strings.Replace(text, fault.there, fault.instead, 1)
			if broken == text {
				t.Fatalf("%s: the decision no longer says %q", fault.fault, fault.there)
			}
			if _, err := d.Pool.Exec(t.Context(), broken); err != nil {
				t.Fatal(err)
			}
			answers := askAboutGroups(t, w, d)
			for key, got := range answers {
				found = found || got != w.askGroup(w.group(key[0]), w.resource(key[1])).String()
			}
		}
		if !found {
			t.Errorf("%s, and nobody notices", fault.fault)
		}
	}
}

func (w *world) group(id string) *worldGroup {
	for _, group := range w.groups {
		if group.id == id {
			return group
		}
	}
	return nil
}

func (w *world) resource(id string) *worldResource {
	for _, r := range w.resources {
		if r.id == id {
			return r
		}
	}
	return nil
}
