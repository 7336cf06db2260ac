package db_test

import (
	"bytes"
	"testing"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// exported is an organization as records.
func exported(t testing.TB, d *dbtest.Database, slug string) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := d.Export(t.Context(), slug, &text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// exportsAlike imports an export into an empty database, and exports it again.
func exportsAlike(t *testing.T, d *dbtest.Database, slug string) {
	t.Helper()
	first := exported(t, d, slug)
	empty := dbtest.New(t)
	report, err := empty.Import(t.Context(), importer, bytes.NewReader(first), db.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, refusal := range report.Refused {
		t.Errorf("the export is refused: %s", refusal)
	}
	alike(t, first, exported(t, empty, slug))
}

// alike compares two exports, and says where they part.
func alike(t *testing.T, first, second []byte) {
	t.Helper()
	if bytes.Equal(first, second) {
		return
	}
	was, is := bytes.Split(first, []byte("\n")), bytes.Split(second, []byte("\n"))
	for n := range min(len(was), len(is)) {
		if !bytes.Equal(was[n], is[n]) {
			t.Fatalf("line %d was\n%s\nand is\n%s", n+1, was[n], is[n])
		}
	}
	t.Fatalf("%d lines were exported, and then %d", len(was), len(is))
}

// What the format carries comes back byte for byte: every organization of a world, in one file, with people who are in
// several and grants from one to the other.
func TestWhatIsExportedIsImportedToTheSameState(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	for n := range uint64(dbtest.FromEnvironment(t, "GATEHOUSE_WORLDS", 4)) {
		d := dbtest.New(t)
		w := newWorld(seed, n)
		w.load(t, d)
		makeImportable(t, d)
		var all [][]byte
		for _, org := range w.orgs {
			all = append(all, exported(t, d, org.slug))
		}
		empty := dbtest.New(t)
		imported(t, empty, string(bytes.Join(all, nil)))
		for i, org := range w.orgs {
			alike(t, all[i], exported(t, empty, org.slug))
			if report := imported(t, d, string(all[i])); report.Changed != 0 {
				t.Errorf("an export changes %d things where it comes from", report.Changed)
			}
		}
	}
}

// makeImportable mends what a random world has and no organization can: one without an Admin or without its first module,
// and roles that the rules give to nobody: outside, what is more than an Editor has (191).
func makeImportable(t *testing.T, d *dbtest.Database) {
	t.Helper()
	for _, statement := range []string{
		`UPDATE resources r SET key = o.slug FROM organizations o WHERE r.id = o.id`,
		`UPDATE users SET status = 'active' WHERE id IN (SELECT min(user_id::text)::uuid FROM memberships GROUP BY org_id)`,
		`UPDATE memberships m SET status = 'active' WHERE user_id = (SELECT min(x.user_id::text)::uuid FROM memberships x WHERE x.org_id = m.org_id)`,
		`DELETE FROM grants WHERE resource_kind = 'organization' AND user_id IS NOT NULL`,
		`INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id)
			SELECT m.org_id, m.org_id, 'organization', CASE WHEN m.user_id = (SELECT min(x.user_id::text)::uuid FROM memberships x WHERE x.org_id = m.org_id) OR random() < 0.1
			THEN 'organization/admin' ELSE 'organization/modeler' END, m.user_id FROM memberships m`,
		`DELETE FROM grants g USING roles r WHERE r.id = g.role_id AND g.external AND (g.resource_kind IN ('organization', 'module') OR r.here & ~191::bigint <> 0)`,
		`DELETE FROM grants WHERE role_id LIKE '%/owner'`,
		`INSERT INTO resources (org_id, id, kind, key, name, parent_id, path)
			SELECT o.id, new.id, 'module', 'workspace', 'Workspace', o.id, ARRAY[o.id, new.id] FROM organizations o
			CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE o.id IS NOT NULL) AS new
			WHERE NOT EXISTS (SELECT FROM resources r WHERE r.org_id = o.id AND r.kind = 'module' AND r.key = 'workspace')`,
	} {
		if err := commit(t, d, auditSomething+"; "+statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
