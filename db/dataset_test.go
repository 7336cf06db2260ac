package db_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What the benchmark measures is an organization like any other.
func TestAGeneratedOrganizationIsSound(t *testing.T) {
	d := dbtest.New(t)
	started := time.Now()
	size := dbtest.FromEnvironment(t, "GATEHOUSE_MEMBERS", 1000)
	if err := (dbtest.Dataset{Slug: "large", Members: size, Seed: 1}).Load(t.Context(), d.Pool); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d members in %v", size, time.Since(started).Round(time.Millisecond))
	checks := map[string]string{
		"closure":       "SELECT count(*) FROM (WITH RECURSIVE i (a, d) AS (SELECT id, id FROM groups UNION SELECT i.a, n.member_group_id FROM i JOIN nested_groups n ON n.group_id = i.d) SELECT a, d FROM i EXCEPT SELECT ancestor_id, descendant_id FROM group_ancestry) AS missing",
		"paths":         "SELECT count(*) FROM resources r LEFT JOIN resources p ON p.id = r.parent_id WHERE r.path IS DISTINCT FROM COALESCE(p.path, '{}') || r.id",
		"without role":  "SELECT count(*) FROM memberships m WHERE NOT EXISTS (SELECT FROM grants g WHERE g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization')",
		"without admin": "SELECT (count(*) = 0)::int FROM active_admins",
		"few grants":    "SELECT (count(*) < (SELECT count(*) FROM memberships) * 9.98)::int FROM grants",
		"shallow":       "SELECT (max(depth) <> 5)::int FROM (SELECT count(*) AS depth FROM group_ancestry GROUP BY descendant_id) AS d",
	}
	for name, statement := range checks {
		if wrong := number(t, d, statement); wrong != 0 {
			t.Errorf("%s: %d", name, wrong)
		}
	}
	everyoneIsListed(t, d)
}

// everyoneIsListed: the list of everyone inside a group is complete and in order, of many people and of few.
func everyoneIsListed(t *testing.T, d *dbtest.Database) {
	t.Helper()
	const inside = `SELECT DISTINCT gm.user_id FROM group_ancestry a JOIN group_members gm ON gm.group_id = a.descendant_id
		JOIN memberships m ON m.org_id = gm.org_id AND m.user_id = gm.user_id AND m.status = 'active' WHERE a.ancestor_id = $1`
	sizes := map[bool]int{}
	rows, _ := d.Pool.Query(t.Context(), "SELECT g.id, g.org_id FROM groups g ORDER BY length(g.description), g.description LIMIT 8")
	groups, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ ID, Org access.ID }])
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range groups {
		rows, _ := d.Pool.Query(t.Context(), "SELECT u.id FROM ("+inside+") AS i (id) JOIN users u USING (id) ORDER BY lower(u.name) COLLATE \"C\", u.id", group.ID)
		want, err := pgx.CollectRows(rows, pgx.RowTo[access.ID])
		if err != nil {
			t.Fatal(err)
		}
		got := paged(t, 100, func(page db.Page) (db.Listing[db.InsideRow], error) {
			return d.ListEveryoneInside(t.Context(), group.Org, group.ID, page)
		}, func(row db.InsideRow) access.ID { return row.ID })
		if !slices.Equal(got, want) {
			t.Errorf("%d of %d people of a group are listed, or in another order", len(got), len(want))
		}
		sizes[len(want) > 300]++
	}
	if sizes[true] == 0 || sizes[false] == 0 {
		t.Errorf("groups with many people and with few: %v", sizes)
	}
}
