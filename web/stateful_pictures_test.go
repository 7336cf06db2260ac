package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
)

// A picture is what a world is between two requests, read by plain SQL that shares nothing with the program's.
type picture struct {
	holds    map[holding]access.Rights // who may do what where; no entry for nothing
	places   map[string]placing        // of each resource
	statuses map[[2]string]string      // of each member, by organization and user
	unsound  string                    // what may not be, where there is something
	facts    string                    // a fingerprint of every table of access facts
	basis    string                    // of everything that the above is read from
	events   int
}

type holding struct{ user, resource string }

type placing struct {
	Org, Kind, Key, Owner string
	Above                 []string // itself and what contains it
}

// Who holds what, as plainly as the rules can be written: closures walked anew, the paths and the closure that are kept not read.
const holdsSQL = `
	WITH RECURSIVE inside (group_id, user_id) AS (
		SELECT group_id, user_id FROM group_members
		UNION SELECT n.group_id, i.user_id FROM nested_groups n JOIN inside i ON i.group_id = n.member_group_id
	), above (id, place) AS (
		SELECT id, id FROM resources
		UNION SELECT a.id, r.parent_id FROM above a JOIN resources r ON r.id = a.place WHERE r.parent_id IS NOT NULL
	), role (id, here, below, below_modules, reach) AS (
		SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
		UNION ALL SELECT id, here, here, here, 0 FROM roles WHERE project_id IS NOT NULL
	), given (place, user_id, group_id, organization_id, role_id) AS MATERIALIZED (
		SELECT resource_id, user_id, group_id, organization_id, role_id FROM grants WHERE expires_at IS NULL OR expires_at > now()
	), pair AS (
		SELECT u.id AS user_id, r.id AS resource_id, r.org_id, r.kind, m.status, p.id AS place, p.kind AS place_kind, p.owner_id, p.access_mode, p.org_role
		FROM users u CROSS JOIN resources r JOIN above a ON a.id = r.id JOIN resources p ON p.id = a.place
		LEFT JOIN memberships m ON m.org_id = r.org_id AND m.user_id = u.id WHERE u.status = 'active'
	), gets AS (
		SELECT pair.*, place_kind || '/owner' AS role_id FROM pair WHERE owner_id = user_id AND status = 'active'
		UNION ALL SELECT pair.*, g.role_id FROM pair JOIN given g USING (place, user_id) WHERE status IS NULL OR status = 'active'
		UNION ALL SELECT pair.*, g.role_id FROM pair JOIN inside i USING (user_id) JOIN given g ON g.place = pair.place AND g.group_id = i.group_id WHERE status = 'active'
		UNION ALL SELECT pair.*, g.role_id FROM pair JOIN given g ON g.place = pair.place
			JOIN memberships h ON h.org_id = g.organization_id AND h.user_id = pair.user_id AND h.status = 'active'
		UNION ALL SELECT pair.*, place_kind || '/' || org_role FROM pair WHERE access_mode <> 'restricted' AND status = 'active'
		UNION ALL SELECT pair.*, place_kind || '/viewer' FROM pair WHERE access_mode IN ('public', 'anonymous') AND kind NOT IN ('constant', 'secret', 'connection')
	)
	SELECT gets.user_id::text, gets.resource_id::text, bit_or(CASE WHEN place = resource_id THEN role.here ELSE
		CASE WHEN kind = 'module' THEN role.below_modules ELSE role.below END | CASE WHEN o.full_reach THEN role.reach ELSE 0 END END)
	FROM gets JOIN role ON role.id = gets.role_id JOIN organizations o ON o.id = gets.org_id GROUP BY 1, 2`

const placesSQL = `
	WITH RECURSIVE above (id, place) AS (
		SELECT id, id FROM resources UNION SELECT a.id, r.parent_id FROM above a JOIN resources r ON r.id = a.place WHERE r.parent_id IS NOT NULL)
	SELECT r.id::text, r.org_id::text, r.kind, r.key, COALESCE(r.owner_id::text, ''), array_agg(a.place::text) FROM resources r JOIN above a ON a.id = r.id GROUP BY 1, 2, 3, 4, 5`

const statusesSQL = `SELECT org_id::text, user_id::text, status FROM memberships`

// Tables of access facts, and those that pictures read besides.
var (
	factTables  = []string{"organizations", "memberships", "groups", "group_members", "nested_groups", "resources", "grants", "roles", "invitations", "invitation_groups"}
	otherTables = []string{"users", "group_ancestry", "group_sizes"}
)

// sumSQL makes a fingerprint of each of them, and tells how many grants have ended and what was written down.
var sumSQL = func() string {
	var sums []string
	for _, table := range slices.Concat(factTables, otherTables) {
		sums = append(sums, "(SELECT COALESCE(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM "+table+" t)")
	}
	return "SELECT ARRAY[" + strings.Join(sums, ", ") + "], (SELECT count(*) FROM grants WHERE expires_at <= now())::text, (SELECT count(*) FROM audit_events)"
}()

// take reads what the world is now. What is not other than in an earlier picture is taken from there.
func (g *ground) take(earlier picture) picture {
	var now picture
	var sums []string
	var ended string
	g.must(g.eyes.QueryRow(g.t.Context(), sumSQL).Scan(&sums, &ended, &now.events))
	now.facts = strings.Join(sums[:len(factTables)], " ")
	now.basis = strings.Join(append(sums, ended), " ")
	if now.basis == earlier.basis {
		now.holds, now.places, now.statuses, now.unsound = earlier.holds, earlier.places, earlier.statuses, earlier.unsound
		return now
	}
	now.holds, now.places, now.statuses, now.unsound = map[holding]access.Rights{}, map[string]placing{}, map[[2]string]string{}, g.unsound()
	var who holding
	var rights int64
	g.read(holdsSQL, rolesKnown(), []any{&who.user, &who.resource, &rights}, func() {
		if rights != 0 {
			now.holds[who] = access.Rights(rights)
		}
	})
	var id string
	var at placing
	g.read(placesSQL, nil, []any{&id, &at.Org, &at.Kind, &at.Key, &at.Owner, &at.Above}, func() { now.places[id] = at; at.Above = nil })
	var member [2]string
	var status string
	g.read(statusesSQL, nil, []any{&member[0], &member[1], &status}, func() { now.statuses[member] = status })
	return now
}

// rolesKnown are the arguments of holdsSQL.
func rolesKnown() []any {
	var ids []string
	var here, below, modules, reach []int64
	for _, role := range access.Roles() {
		ids, here, below = append(ids, role.ID), append(here, int64(role.Here)), append(below, int64(role.Below))
		modules, reach = append(modules, int64(role.BelowOnModules())), append(reach, int64(role.AddedAtFullReach()))
	}
	return []any{ids, here, below, modules, reach}
}

func (g *ground) read(query string, args, into []any, row func()) {
	rows, _ := g.eyes.Query(g.t.Context(), query, args...)
	_, err := pgx.ForEachRow(rows, into, func() error { row(); return nil })
	g.must(err)
}

func (g *ground) must(err error) {
	if err != nil {
		g.t.Helper()
		g.t.Fatal(err)
	}
}

// TestPicturesAreTakenAnewWhenWhatTheyReadChanges finds the table that a picture reads and its fingerprint does not cover.
func TestPicturesAreTakenAnewWhenWhatTheyReadChanges(t *testing.T) {
	t.Parallel()
	g := newGround(t, "")
	covered := slices.Concat(factTables, otherTables)
	for _, query := range []string{holdsSQL, placesSQL, statusesSQL, unsoundSQL, thingsSQL} {
		var args []any
		if query == holdsSQL {
			args = rolesKnown()
		}
		var plan []byte
		g.must(g.pool.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) "+query, args...).Scan(&plan))
		var nodes any
		g.must(json.Unmarshal(plan, &nodes))
		tables := tablesIn(nodes)
		if len(tables) == 0 {
			t.Errorf("nothing is read by %s", query)
		}
		for _, table := range tables {
			if !slices.Contains(covered, table) {
				t.Errorf("%s is read, and its changes are not seen", table)
			}
		}
	}
}

// tablesIn are the tables that a plan reads.
func tablesIn(node any) (tables []string) {
	switch node := node.(type) {
	case []any:
		for _, each := range node {
			tables = append(tables, tablesIn(each)...)
		}
	case map[string]any:
		if name, reads := node["Relation Name"].(string); reads {
			tables = append(tables, name)
		}
		for _, each := range node {
			tables = append(tables, tablesIn(each)...)
		}
	}
	return tables
}
