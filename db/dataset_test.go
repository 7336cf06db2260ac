package db_test

import (
	"testing"
	"time"

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
}
