package db_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/db/dbtest"
)

// rows are what goes into one table.
type rows struct {
	table   string
	columns []string
	values  [][]any
}

func (r *rows) add(values ...any) { r.values = append(r.values, values) }

// load writes a world into a database in one transaction, with all constraints on and one audit event, so that the guard
// of the audited tables is content.
func (w *world) load(t testing.TB, d *dbtest.Database) {
	t.Helper()
	outside(t, d, func(tx pgx.Tx) {
		for _, part := range w.tables() {
			if _, err := tx.CopyFrom(t.Context(), pgx.Identifier{part.table}, part.columns, pgx.CopyFromRows(part.values)); err != nil {
				t.Fatalf("%s: %v", part.table, err)
			}
		}
	})
	if _, err := d.Pool.Exec(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
}

// outside makes a change behind the Store's back, with an audit event in some organization.
func outside(t testing.TB, d *dbtest.Database, steps func(pgx.Tx)) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), d.Pool, func(tx pgx.Tx) error {
		steps(tx)
		_, err := tx.Exec(t.Context(), auditSomething)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// auditSomething is what a transaction must not end without.
const auditSomething = `INSERT INTO audit_events (org_id, seq, at, actor_name, via, action, target_type, target_name, hash)
	SELECT id, 0, now(), 'a test', 'job', 'test.changed', 'test', 'test', '' FROM organizations ORDER BY id LIMIT 1`

func (w *world) tables() []*rows {
	users := &rows{table: "users", columns: []string{"id", "email", "status"}}
	for i, user := range w.users {
		users.add(user.id, fmt.Sprintf("user%d@world.test", i), activeOrNot(user.active))
	}
	orgs := &rows{table: "organizations", columns: []string{"id", "slug", "full_reach"}}
	members := &rows{table: "memberships", columns: []string{"org_id", "user_id", "status"}}
	for _, org := range w.orgs {
		orgs.add(org.id, org.slug, org.fullReach)
		for _, user := range org.members {
			members.add(org.id, user.id, user.memberships[org])
		}
	}
	resources, templates := w.resourceRows()
	return append(append([]*rows{users, orgs, members, resources, templates}, w.groupRows()...), w.grantRows())
}

func activeOrNot(active bool) string {
	if active {
		return "active"
	}
	return "deactivated"
}

func (w *world) resourceRows() (resources, templates *rows) {
	resources = &rows{table: "resources", columns: []string{"org_id", "id", "kind", "key", "name", "parent_id", "path", "owner_id", "access_mode", "org_role"}}
	templates = &rows{table: "roles", columns: []string{"id", "kind", "name", "org_id", "project_id", "here", "below", "below_modules", "added_at_full_reach"}}
	for _, r := range w.resources {
		var parent, owner any
		var path []string
		for place := r; place != nil; place = place.parent {
			path = append([]string{place.id}, path...)
		}
		if r.parent != nil {
			parent = r.parent.id
		}
		if r.owner != nil {
			owner = r.owner.id
		}
		resources.add(r.org.id, r.id, r.kind, r.id, r.kind+" "+r.id, parent, path, owner, r.mode, r.orgRole)
		for _, template := range r.templates {
			rights := bitsOf(template.rights)
			templates.add(template.id, "project", template.id, r.org.id, r.id, rights, rights, rights, int64(0))
		}
	}
	return resources, templates
}

func bitsOf(rights []string) int64 {
	var bits int64
	for i, name := range storedOrder {
		for _, right := range rights {
			if right == name {
				bits |= 1 << i
			}
		}
	}
	return bits
}

// wordsOf reads stored rights, as answer.String writes them.
func wordsOf(bits int64) string {
	a := answer{rights: map[string]bool{}}
	for i, name := range storedOrder {
		a.rights[name] = bits&(1<<i) != 0
	}
	if bits>>len(storedOrder) != 0 {
		return fmt.Sprintf("unknown bits %x", bits)
	}
	return a.String()
}

func (w *world) grantRows() *rows {
	grants := &rows{table: "grants", columns: []string{"org_id", "id", "resource_id", "resource_kind", "role_id", "user_id", "group_id", "organization_id", "external", "expires_at"}}
	for _, g := range w.grants {
		roleID := g.on.kind + "/" + g.role
		if g.template != nil {
			roleID = g.template.id
		}
		var user, group, org any
		switch {
		case g.user != nil:
			user = g.user.id
		case g.group != nil:
			group = g.group.id
		default:
			org = g.org.id
		}
		grants.add(g.on.org.id, g.id, g.on.id, g.on.kind, roleID, user, group, org, g.external(), g.expires)
	}
	return grants
}

// groupRows writes groups, who is in them, and the closure, which it finds by walking down from each group.
func (w *world) groupRows() []*rows {
	groups := &rows{table: "groups", columns: []string{"org_id", "id", "name"}}
	members := &rows{table: "group_members", columns: []string{"org_id", "group_id", "user_id", "role"}}
	nested := &rows{table: "nested_groups", columns: []string{"org_id", "group_id", "member_group_id"}}
	ancestry := &rows{table: "group_ancestry", columns: []string{"org_id", "ancestor_id", "descendant_id"}}
	for _, group := range w.groups {
		groups.add(group.org.id, group.id, group.id)
		for i, user := range group.users {
			members.add(group.org.id, group.id, user.id, []string{"member", "admin"}[i%2])
		}
		for _, inner := range group.inside {
			nested.add(group.org.id, group.id, inner.id)
		}
		for inner := range everythingIn(group, map[*worldGroup]bool{}) {
			ancestry.add(group.org.id, group.id, inner.id)
		}
	}
	return []*rows{groups, members, nested, ancestry}
}

// everythingIn collects a group and the groups in it at any depth.
func everythingIn(group *worldGroup, found map[*worldGroup]bool) map[*worldGroup]bool {
	if !found[group] {
		found[group] = true
		for _, inner := range group.inside {
			everythingIn(inner, found)
		}
	}
	return found
}
