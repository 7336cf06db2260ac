package db_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// A pastChange is one kind of random change of past_test.go.
type pastChange struct {
	name string
	make func(*past, *testing.T) error
}

var pastChanges = []pastChange{
	{"share", (*past).share},
	{"share", (*past).share},
	{"change a grant", (*past).changeGrant},
	{"revoke", (*past).revoke},
	{"mode", (*past).changeMode},
	{"transfer", (*past).transfer},
	{"join a group", (*past).joinGroup},
	{"leave a group", (*past).leaveGroup},
	{"nest", (*past).nest},
	{"unnest", (*past).unnest},
	{"delete a group", (*past).deleteGroup},
	{"role", (*past).changeRole},
	{"deactivate", (*past).deactivate},
	{"reactivate", (*past).reactivate},
	{"reactivate", (*past).reactivate},
	{"remove", (*past).remove},
	{"come back", (*past).comeBack},
	{"come back", (*past).comeBack},
	{"create", (*past).create},
	{"delete", (*past).delete},
	{"move", (*past).move},
	{"move", (*past).move},
	{"user status", (*past).userStatus},
	{"full reach", (*past).fullReach},
}

func (p *past) d() *dbtest.Database { return p.acme.Database }

func (p *past) user() access.ID     { return pick(p.random, p.users) }
func (p *past) group() access.ID    { return pick(p.random, p.groups) }
func (p *past) resource() access.ID { return pick(p.random, p.resources) }

// version reads the current version of an access list, and of what kind the resource is.
func (p *past) version(t *testing.T, id access.ID) (kind access.Kind, version int64) {
	err := p.d().Pool.QueryRow(t.Context(), "SELECT kind, acl_version FROM resources WHERE id = $1", id).Scan(&kind, &version)
	if err == pgx.ErrNoRows {
		return access.Project, 0
	}
	if err != nil {
		t.Fatal(err)
	}
	return kind, version
}

func (p *past) share(t *testing.T) error {
	on := p.resource()
	kind, version := p.version(t, on)
	who := access.Ref{Type: "group", ID: p.group()}
	if p.random.IntN(2) == 0 {
		who = access.Ref{Type: "user", ID: p.user()}
	}
	share := db.Share{Who: []access.Ref{who}, Role: pick(p.random, access.RolesOf(kind)).Name, Version: version}
	if p.random.IntN(3) == 0 {
		soon := time.Now().Add(time.Duration(p.random.IntN(200)) * time.Millisecond)
		share.ExpiresAt = &soon
	}
	return p.d().GrantRoles(t.Context(), dbtest.Operator, p.acme.ID, on, share)
}

// someGrant is a grant that is there, but for the members' roles.
func (p *past) someGrant(t *testing.T) (on, grant access.ID) {
	err := p.d().Pool.QueryRow(t.Context(), `SELECT resource_id, id FROM grants WHERE org_id = $1
		AND (user_id IS NULL OR resource_kind <> 'organization') ORDER BY random() LIMIT 1`, p.acme.ID).Scan(&on, &grant)
	if err != nil && err != pgx.ErrNoRows {
		t.Fatal(err)
	}
	return on, grant
}

func (p *past) changeGrant(t *testing.T) error {
	on, grant := p.someGrant(t)
	if grant == "" {
		return access.ErrNotFound
	}
	kind, version := p.version(t, on)
	return p.d().ChangeGrant(t.Context(), dbtest.Operator, p.acme.ID, on, grant, pick(p.random, access.RolesOf(kind)).Name, nil, version)
}

func (p *past) revoke(t *testing.T) error {
	on, grant := p.someGrant(t)
	if grant == "" {
		return access.ErrNotFound
	}
	_, version := p.version(t, on)
	return p.d().RevokeGrant(t.Context(), dbtest.Operator, p.acme.ID, on, grant, version)
}

func (p *past) changeMode(t *testing.T) error {
	on := p.resource()
	_, version := p.version(t, on)
	return p.d().ChangeAccessMode(t.Context(), dbtest.Operator, p.acme.ID, on, pick(p.random, access.Modes()), "", version)
}

func (p *past) transfer(t *testing.T) error {
	on := p.resource()
	_, version := p.version(t, on)
	return p.d().TransferResource(t.Context(), dbtest.Operator, p.acme.ID, on, p.emails[p.user()], version)
}

func (p *past) joinGroup(t *testing.T) error {
	who := []access.Ref{{Type: "user", ID: p.user()}}
	return p.d().AddToGroup(t.Context(), dbtest.Operator, p.acme.ID, p.group(), who, access.GroupMember)
}

func (p *past) leaveGroup(t *testing.T) error {
	return p.d().RemoveGroupMember(t.Context(), dbtest.Operator, p.acme.ID, p.group(), p.user())
}

func (p *past) nest(t *testing.T) error {
	who := []access.Ref{{Type: "group", ID: p.group()}}
	return p.d().AddToGroup(t.Context(), dbtest.Operator, p.acme.ID, p.group(), who, access.GroupMember)
}

func (p *past) unnest(t *testing.T) error {
	var outer, inner access.ID
	err := p.d().Pool.QueryRow(t.Context(), "SELECT group_id, member_group_id FROM nested_groups ORDER BY random() LIMIT 1").Scan(&outer, &inner)
	if err == pgx.ErrNoRows {
		return access.ErrNotFound
	}
	if err != nil {
		t.Fatal(err)
	}
	return p.d().UnnestGroup(t.Context(), dbtest.Operator, p.acme.ID, outer, inner)
}

// deleteGroup deletes one and makes another in its place.
func (p *past) deleteGroup(t *testing.T) error {
	if p.random.IntN(3) > 0 {
		return access.ErrNotFound
	}
	i := p.random.IntN(len(p.groups))
	gone := p.groups[i]
	p.groups[i] = p.acme.Group(p.name())
	return p.d().DeleteGroup(t.Context(), dbtest.Operator, p.acme.ID, gone)
}

func (p *past) changeRole(t *testing.T) error {
	role := pick(p.random, access.RolesOf(access.Organization)).Name
	return p.d().ChangeMemberRole(t.Context(), dbtest.Operator, p.acme.ID, p.user(), role)
}

func (p *past) deactivate(t *testing.T) error {
	return p.d().DeactivateMember(t.Context(), dbtest.Operator, p.acme.ID, p.user())
}

func (p *past) reactivate(t *testing.T) error {
	return p.d().ReactivateMember(t.Context(), dbtest.Operator, p.acme.ID, p.user())
}

func (p *past) remove(t *testing.T) error {
	return p.d().EndMembership(t.Context(), dbtest.Operator, p.acme.ID, p.user(), db.Leaving{Heir: "admin@acme.test"})
}

// comeBack invites somebody, who accepts; most are members already, which is refused.
func (p *past) comeBack(t *testing.T) error {
	user := p.user()
	token, err := p.d().Invite(t.Context(), dbtest.Operator, p.acme.ID, db.NewInvitation{Email: p.emails[user], Role: "member"})
	if err != nil {
		return err
	}
	if _, err = p.d().AcceptInvitation(t.Context(), dbtest.By(user), token); err != nil {
		revokeAll(t, p.d())
	}
	return err
}

// revokeAll takes back an invitation that a deactivated user could not accept, so that there can be another.
func revokeAll(t *testing.T, d *dbtest.Database) {
	outside(t, d, func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "UPDATE invitations SET revoked_at = now() WHERE accepted_at IS NULL AND revoked_at IS NULL"); err != nil {
			t.Fatal(err)
		}
	})
}

func (p *past) create(t *testing.T) error {
	p.resources = append(p.resources, p.acme.Inside(p.acme.Module, access.Package, p.name(), p.acme.Admin))
	return nil
}

// delete leaves the module, which could go once it is empty: what is created lies in it.
func (p *past) delete(t *testing.T) error {
	on := p.resource()
	if on == p.acme.Module {
		return access.ErrNotFound
	}
	return p.d().DeleteResource(t.Context(), dbtest.Operator, p.acme.ID, on)
}

// move takes a package to the module or into a project, or a project into another module.
func (p *past) move(t *testing.T) error {
	on, to := p.resource(), p.resource()
	if p.random.IntN(2) == 0 {
		to = p.acme.Module
	}
	_, version := p.version(t, on)
	return p.d().MoveResource(t.Context(), dbtest.Operator, p.acme.ID, on, to, version)
}

// userStatus deactivates an account on the whole server, or lets it back; no page does that yet.
func (p *past) userStatus(t *testing.T) error {
	status := pick(p.random, []string{"active", "active", "deactivated"})
	outside(t, p.d(), func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "UPDATE users SET status = $1 WHERE id = $2", status, p.user()); err != nil {
			t.Fatal(err)
		}
	})
	return nil
}

func (p *past) fullReach(t *testing.T) error {
	outside(t, p.d(), func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "UPDATE organizations SET full_reach = NOT full_reach WHERE id = $1", p.acme.ID); err != nil {
			t.Fatal(err)
		}
	})
	return nil
}
