package db_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

const (
	foreignKey = "23503"
	unique     = "23505"
	check      = "23514"
)

const grantOn = "INSERT INTO grants (org_id, resource_id, resource_kind, role_id, external, user_id, group_id) VALUES "

// edges are rows that must not be, whoever writes them. Names with a 2 belong to the other organization.
var edges = map[string]struct{ statement, state string }{
	"a group inside a group of another organization": {
		"INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES ('$org', '$group', '$group2')", foreignKey},
	"the same, written as the other organization's": {
		"INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES ('$org2', '$group', '$group2')", foreignKey},
	"a group inside itself": {
		"INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES ('$org', '$group', '$group')", check},
	"a member of another organization in a group": {
		"INSERT INTO group_members (org_id, group_id, user_id, role) VALUES ('$org', '$group', '$user2', 'member')", foreignKey},
	"the closure across organizations": {
		"INSERT INTO group_ancestry (org_id, ancestor_id, descendant_id) VALUES ('$org', '$group', '$group2')", foreignKey},
	"a group role that there is not": {
		"UPDATE group_members SET role = 'owner' WHERE group_id = '$group'", check},
	"a resource inside one of another organization": {
		"UPDATE resources SET parent_id = '$module2' WHERE id = '$project'", foreignKey},
	"a resource that moves to another organization": {
		"UPDATE resources SET org_id = '$org2' WHERE id = '$project'", ""},
	"an owner who is no member": {
		"UPDATE resources SET owner_id = '$user2' WHERE id = '$project'", foreignKey},
	"a resource without an owner": {
		"UPDATE resources SET owner_id = NULL WHERE id = '$project'", check},
	"an owner of an organization": {
		"UPDATE resources SET owner_id = '$user' WHERE id = '$org'", check},
	"an owner of a module": {
		"UPDATE resources SET owner_id = '$user' WHERE id = '$module'", check},
	"an organization inside another": {
		"UPDATE resources SET parent_id = '$org2' WHERE id = '$org'", ""},
	"a public module": {
		"UPDATE resources SET access_mode = 'public' WHERE id = '$module'", check},
	"a public secret": {
		"UPDATE resources SET access_mode = 'public' WHERE kind = 'secret'", check},
	"an access mode that there is not": {
		"UPDATE resources SET access_mode = 'friends' WHERE id = '$project'", check},
	"a path that leads elsewhere": {
		"UPDATE resources SET path = ARRAY['$org2', '$project']::uuid[] WHERE id = '$project'", check},
	"a grant on a resource of another organization": {
		grantOn + "('$org', '$project2', 'project', 'project/viewer', false, '$user', NULL)", foreignKey},
	"a grant to a group of another organization": {
		grantOn + "('$org', '$project', 'project', 'project/viewer', false, NULL, '$group2')", foreignKey},
	"the same, called external": {
		grantOn + "('$org', '$project', 'project', 'project/viewer', true, NULL, '$group2')", ""},
	"a grant to an outsider that is not called external": {
		grantOn + "('$org', '$project', 'project', 'project/viewer', false, '$user2', NULL)", foreignKey},
	"a grant to two at once": {
		grantOn + "('$org', '$project', 'project', 'project/viewer', false, '$user', '$group')", check},
	"a grant to nobody": {
		grantOn + "('$org', '$project', 'project', 'project/viewer', false, NULL, NULL)", ""},
	"a role of another kind": {
		grantOn + "('$org', '$project', 'project', 'organization/admin', false, '$user', NULL)", foreignKey},
	"a role that there is not": {
		grantOn + "('$org', '$project', 'project', 'project/superuser', false, '$user', NULL)", foreignKey},
	"a grant that calls its resource another kind": {
		grantOn + "('$org', '$project', 'organization', 'organization/admin', false, NULL, '$group')", foreignKey},
	"two roles of one member in an organization": {
		grantOn + "('$org', '$org', 'organization', 'organization/admin', false, '$user', NULL)", unique},
	"the same grant twice": {
		grantOn + "('$org', '$project', 'project', 'project/viewer', false, NULL, '$group'), ('$org', '$project', 'project', 'project/viewer', false, NULL, '$group')", unique},
	"an invitation into a group of another organization": {
		"INSERT INTO invitation_groups (org_id, invitation_id, group_id) SELECT org_id, id, '$group2' FROM invitations WHERE org_id = '$org'", foreignKey},
	"an invitation that is accepted and revoked": {
		"UPDATE invitations SET revoked_at = now(), accepted_at = now()", check},
	"two groups of one name": {
		"UPDATE groups SET name = 'SPARE' WHERE id = '$group'", unique},
	"an address in upper case": {
		"UPDATE users SET email = 'Ana@acme.test' WHERE id = '$user'", check},
	"an address with a space": {
		"UPDATE users SET email = ' ana@acme.test' WHERE id = '$user'", check},
	"an address in full-width letters": {
		"UPDATE users SET email = 'ａna@acme.test' WHERE id = '$user'", check},
	"an address of somebody else": {
		"UPDATE users SET email = 'admin@acme.test' WHERE id = '$user'", unique},
}

func TestNoEdgeCrossesAnOrganization(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme, other := d.Organization(t, "acme"), d.Organization(t, "other")
	user, user2 := acme.Member("ana", "member"), other.Member("bob", "member")
	group, group2 := acme.Group("research", user), other.Group("research", user2)
	acme.Group("spare")
	project, project2 := acme.Project("Alpha", acme.Admin), other.Project("Beta", other.Admin)
	acme.Inside(project, access.Secret, "Key", acme.Admin)
	fill := strings.NewReplacer("$org2", string(other.ID), "$user2", string(user2), "$group2", string(group2), "$project2", string(project2), "$module2", string(other.Module),
		"$org", string(acme.ID), "$user", string(user), "$group", string(group), "$project", string(project), "$module", string(acme.Module))
	for name, edge := range edges {
		err := commit(t, d, fill.Replace(edge.statement)+"; "+auditSomething+"; SET CONSTRAINTS ALL IMMEDIATE")
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || edge.state != "" && refused.Code != edge.state {
			t.Errorf("%s: %v", name, err)
		} else if edge.state == "" && !strings.HasPrefix(refused.Code, "23") {
			t.Errorf("%s is refused for another reason: %v", name, err)
		}
	}
}
