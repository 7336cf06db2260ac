package db_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What stands behind the program in the database itself: guards that hold even for code that forgets the rules.

// columnOf is the one column of text that a statement selects.
func columnOf(t testing.TB, d *dbtest.Database, statement string, args ...any) []string {
	t.Helper()
	selected, err := d.Pool.Query(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(selected, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// unaudited are statements that change one row of each audited table, on what guarded makes.
var unaudited = map[string][]string{
	"users": {"INSERT INTO users (email) VALUES ('eve@world.test')", "UPDATE users SET name = 'Eve' WHERE id = '$lone'",
		"DELETE FROM users WHERE id = '$lone'"},
	"organizations": {"INSERT INTO organizations (id, slug) VALUES (gen_random_uuid(), 'evil')", "UPDATE organizations SET full_reach = true",
		"DELETE FROM organizations WHERE id = '$lone'"},
	"memberships": {"INSERT INTO memberships (org_id, user_id) VALUES ('$org', '$lone')", "UPDATE memberships SET status = 'deactivated'",
		"DELETE FROM memberships WHERE user_id = '$ana'"},
	"groups": {"INSERT INTO groups (org_id, name) VALUES ('$org', 'evil')", "UPDATE groups SET name = 'evil' WHERE id = '$outer'",
		"DELETE FROM groups WHERE id = '$outer'"},
	"group_members": {"INSERT INTO group_members (org_id, group_id, user_id, role) VALUES ('$org', '$inner', '$ana', 'admin')",
		"UPDATE group_members SET role = 'admin' WHERE user_id = '$ana'", "DELETE FROM group_members WHERE user_id = '$ana'"},
	"nested_groups": {"INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES ('$org', '$inner', '$outer')",
		"UPDATE nested_groups SET created_at = now()", "DELETE FROM nested_groups"},
	"resources": {"INSERT INTO resources (org_id, kind, key, name, parent_id, id, path) VALUES ('$org', 'module', 'evil', 'evil', '$org', '$lone', ARRAY['$org', '$lone']::uuid[])",
		"UPDATE resources SET access_mode = 'anonymous' WHERE kind = 'project'", "DELETE FROM resources WHERE kind = 'project'"},
	"grants": {"INSERT INTO grants (org_id, resource_id, resource_kind, role_id, group_id) VALUES ('$org', '$org', 'organization', 'organization/admin', '$outer')",
		"UPDATE grants SET role_id = 'organization/admin' WHERE user_id = '$ana'", "DELETE FROM grants"},
	"invitations": {"INSERT INTO invitations (org_id, email, role_id, token_hash, expires_at) VALUES ('$org', 'eve@world.test', 'organization/admin', 'x', now())",
		"UPDATE invitations SET role_id = 'organization/admin'", "DELETE FROM invitations"},
	"invitation_groups": {"INSERT INTO invitation_groups (org_id, invitation_id, group_id) SELECT org_id, id, '$inner' FROM invitations WHERE email = 'new@world.test'",
		"UPDATE invitation_groups SET group_id = '$inner'", "DELETE FROM invitation_groups"},
	"api_tokens": {"INSERT INTO api_tokens (org_id, id, name, token_hash, scopes) VALUES ('$org', gen_random_uuid(), 'evil', 'evil', '{manage}')",
		"UPDATE api_tokens SET scopes = '{manage}'", "DELETE FROM api_tokens"},
	"contents": {"INSERT INTO contents (org_id, resource_id, resource_kind, fields) SELECT org_id, id, kind, '{}' FROM resources WHERE key = 'empty'",
		"UPDATE contents SET fields = '{}'", "DELETE FROM contents"},
	"secrets": {"INSERT INTO secrets (org_id, resource_id, sealed) SELECT org_id, id, 'x' FROM resources WHERE key = 'no-value'",
		"UPDATE secrets SET sealed = 'x'", "DELETE FROM secrets"},
	"files": {"INSERT INTO files (org_id, resource_id, name, blob, size, sha256) SELECT org_id, id, 'x', 'evil', 0, 'x' FROM resources WHERE key = 'no-file'",
		"UPDATE files SET blob = 'evil'", "DELETE FROM files"},
	"sign_in_policies": {"INSERT INTO sign_in_policies (org_id, idle_hours, absolute_hours) VALUES ('$lone', 12, 168)",
		"UPDATE sign_in_policies SET second_factor = false", "DELETE FROM sign_in_policies"},
	"access_requests": {"INSERT INTO access_requests (org_id, id, user_id, asked_id, role, days, expires_at) VALUES ('$org', gen_random_uuid(), '$ana', '$lone', 'admin', 0, now())",
		"UPDATE access_requests SET role = 'admin'", "DELETE FROM access_requests"},
	"providers": {"INSERT INTO providers (org_id, issuer, client_id, sealed, enabled, required) VALUES ('$lone', 'https://evil.test', 'evil', 'evil', true, false)",
		"UPDATE providers SET required = false", "DELETE FROM providers"},
	"identities": {"INSERT INTO identities (org_id, issuer, subject, user_id) VALUES ('$org', 'https://evil.test', 'evil', '$ana')",
		"UPDATE identities SET subject = 'evil'", "DELETE FROM identities"},
	"provisioned_members": {"INSERT INTO provisioned_members (org_id, user_id) SELECT org_id, user_id FROM memberships WHERE user_id <> '$ana'",
		"UPDATE provisioned_members SET external_id = 'evil'", "DELETE FROM provisioned_members"},
	"provisioned_groups": {"INSERT INTO provisioned_groups (org_id, group_id) VALUES ('$org', '$outer')",
		"UPDATE provisioned_groups SET external_id = 'evil'", "DELETE FROM provisioned_groups"},
	"roles": {"INSERT INTO roles (id, kind, name, org_id, project_id, here, below, below_modules, added_at_full_reach) VALUES ('evil', 'project', 'evil', '$org', '$org', -1, -1, -1, -1)",
		"UPDATE roles SET here = -1, below = -1 WHERE id = 'template'", "DELETE FROM roles WHERE id = 'template'"},
}

// guarded makes an organization in which every audited table has a row, and fills in ids.
func guarded(t *testing.T) (*dbtest.Database, *strings.Replacer) {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	ana := acme.Member("ana", "member")
	inner := acme.Group("inner")
	outer := acme.Group("outer", ana)
	acme.AddToGroup(outer, access.Ref{Type: "group", ID: inner})
	alpha := acme.Project("Alpha", acme.Admin)
	for name, kind := range map[string]access.Kind{"rate": access.Constant, "empty": access.Constant, "password": access.Secret, "no value": access.Secret} {
		acme.Inside(alpha, kind, name, acme.Admin)
	}
	bucket := acme.Inside(alpha, access.Bucket, "files", acme.Admin)
	acme.Inside(bucket, access.Artifact, "file", acme.Admin)
	acme.Inside(bucket, access.Artifact, "no file", acme.Admin)
	invited := db.NewInvitation{Email: "new@world.test", Role: "member", Groups: []access.ID{outer}}
	if _, err := d.Invite(t.Context(), dbtest.By(acme.Admin), acme.ID, invited); err != nil {
		t.Fatal(err)
	}
	const lone = "ffffffff-ffff-4fff-bfff-ffffffffffff"
	outside(t, d, func(tx pgx.Tx) {
		_, err := tx.Exec(t.Context(), fmt.Sprintf(`INSERT INTO users (id, email) VALUES ('%[1]s', 'lone@world.test');
			INSERT INTO organizations (id, slug) VALUES ('%[1]s', 'lone');
			INSERT INTO api_tokens (org_id, id, name, token_hash, scopes) VALUES ('%[2]s', '%[1]s', 'token', 'hash', '{decide}');
			INSERT INTO contents (org_id, resource_id, resource_kind, fields) SELECT org_id, id, kind, '{"value": "1"}' FROM resources WHERE key = 'rate';
			INSERT INTO secrets (org_id, resource_id, sealed) SELECT org_id, id, 'sealed' FROM resources WHERE key = 'password';
			INSERT INTO files (org_id, resource_id, name, blob, size, sha256) SELECT org_id, id, 'x', 'blob', 0, 'x' FROM resources WHERE key = 'file';
			INSERT INTO access_requests (org_id, id, user_id, asked_id, role, days, expires_at) SELECT org_id, gen_random_uuid(), user_id, gen_random_uuid(), 'viewer', 0, now() FROM memberships LIMIT 1;
			INSERT INTO sign_in_policies (org_id, idle_hours, absolute_hours, second_factor) VALUES ('%[2]s', 12, 168, true);
			INSERT INTO providers (org_id, issuer, client_id, sealed, enabled, required) VALUES ('%[2]s', 'https://world.test', 'x', 'x', true, true);
			INSERT INTO identities (org_id, issuer, subject, user_id) VALUES ('%[2]s', 'https://world.test', 'x', '%[3]s');
			INSERT INTO provisioned_members (org_id, user_id) VALUES ('%[2]s', '%[3]s');
			INSERT INTO provisioned_groups (org_id, group_id) VALUES ('%[2]s', '%[4]s');
			INSERT INTO roles (id, kind, name, org_id, project_id, here, below, below_modules, added_at_full_reach)
			VALUES ('template', 'project', 'template', '%[2]s', '%[2]s', 1, 1, 1, 0)`, lone, acme.ID, ana, inner), pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatal(err)
		}
	})
	return d, strings.NewReplacer("$org", string(acme.ID), "$ana", string(ana), "$inner", string(inner), "$outer", string(outer), "$lone", lone)
}

// auditedTables are those that say who may do what: every one of a tenant, every one with a past, and users. The closure
// of groups and their sizes follow from the edges, the list of people from what is listed, an answer to a service from a change that has its
// event, mail tells of changes and is none, the log does not log itself, an account that provisioning made comes with its member, and
// a failure changed nothing.
const auditedTables = `
	SELECT DISTINCT c.table_name::text FROM information_schema.columns c
	JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
	WHERE (c.table_schema = 'public' AND c.column_name = 'org_id' OR c.table_schema = 'history')
	AND c.table_name NOT IN ('group_ancestry', 'group_sizes', 'people', 'people_counts', 'service_answers', 'mails', 'audit_events', 'audit_heads',
		'provisioned_accounts', 'provisioning_failures')`

func TestNoAuditedTableChangesWithoutAnEvent(t *testing.T) {
	t.Parallel()
	d, fill := guarded(t)
	tables := columnOf(t, d, auditedTables)
	if len(tables) < 11 {
		t.Fatalf("only %v were found", tables)
	}
	for _, table := range tables {
		if len(unaudited[table]) != 3 {
			t.Errorf("%s has no INSERT, UPDATE and DELETE here", table)
		}
		for _, statement := range unaudited[table] {
			if err := commit(t, d, fill.Replace(statement)); err == nil || !strings.Contains(err.Error(), "has no audit event") {
				t.Errorf("%s: %v", statement, err)
			}
			if err := commit(t, d, fill.Replace(statement)+"; "+auditSomething+"; SET CONSTRAINTS ALL IMMEDIATE; SELECT 1/0"); err == nil || !strings.Contains(err.Error(), "division by zero") {
				t.Errorf("with an event, %s: %v", statement, err)
			}
		}
	}
}

// commit runs statements in one transaction.
func commit(t *testing.T, d *dbtest.Database, statements string) error {
	return pgx.BeginFunc(t.Context(), d.Pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol)
		return err
	})
}

func TestEveryTableThatDecidesHasAPast(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	past := columnOf(t, d, "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'history'")
	for _, table := range []string{"users", "organizations", "memberships", "groups", "group_members", "nested_groups", "roles", "resources", "grants"} {
		if !strings.Contains(" "+strings.Join(past, " ")+" ", " "+table+" ") {
			t.Errorf("%s keeps no past", table)
		}
		triggers := number(t, d, "SELECT count(*) FROM pg_trigger WHERE tgrelid = $1::regclass AND tgname IN ('keep_history_of_update', 'keep_history_of_delete') AND tgenabled = 'O'", table)
		if triggers != 2 {
			t.Errorf("%s has %d of its 2 history triggers", table, triggers)
		}
	}
}

// A change that is refused, and one that fails half way, leave neither a row nor an event.
func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	ana, group := acme.Member("ana", "member"), acme.Group("research")
	count := func() string {
		return fmt.Sprint(number(t, d, "SELECT count(*) FROM audit_events"), number(t, d, "SELECT count(*) FROM group_members"), number(t, d, "SELECT count(*) FROM groups"))
	}
	before := count()
	who := []access.Ref{{Type: "user", ID: ana}, {Type: "user", ID: ana}} // the second is in it already
	if err := d.AddToGroup(t.Context(), dbtest.By(acme.Admin), acme.ID, group, who, access.GroupMember); err == nil {
		t.Error("the same person was added twice")
	}
	if _, err := d.CreateGroup(t.Context(), dbtest.By(ana), acme.ID, "mine", ""); err == nil {
		t.Error("a member made a group")
	}
	if after := count(); after != before {
		t.Errorf("events, group members and groups were %s and are %s", before, after)
	}
}
