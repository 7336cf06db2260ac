package rest

import (
	"slices"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// A Principal is whom a grant names.
type Principal struct {
	Named
	Email    string `json:"email,omitempty" doc:"Of a user."`
	External bool   `json:"external" doc:"Not of the organization."`
}

// A Grant gives a principal a role on a resource.
type Grant struct {
	ID        access.ID  `json:"id"`
	Principal Principal  `json:"principal"`
	Role      string     `json:"role"`
	ExpiresAt *time.Time `json:"expires_at" doc:"null for one without an end."`
	On        *Named     `json:"on,omitempty" doc:"Where it is, if that is not the resource that was asked about."`
}

func grant(g access.Grant) Grant {
	return Grant{ID: g.ID, Role: g.Role.Name, ExpiresAt: utc(g.ExpiresAt),
		Principal: Principal{Named: *named(g.Principal.Ref), Email: g.Principal.Email, External: g.Principal.External}}
}

// ListGrants lists the grants in force on a resource, its own first, then those on what contains it; or those of one
// principal only.
func ListGrants(c *Call) (Answer, error) {
	one, err := c.shared()
	if err != nil {
		return Answer{}, err
	}
	only, err := c.onlyOf()
	if err != nil {
		return Answer{}, err
	}
	rows, err := c.store.ListGrants(c.ctx(), c.Org.ID, one.ID)
	if err != nil {
		return Answer{}, err
	}
	rows = slices.DeleteFunc(rows, func(row db.GrantRow) bool { return only != "" && row.Principal.ID != only })
	shown, err := listOf(rows, "", func(row db.GrantRow) Grant {
		shown := grant(row.Grant)
		if !row.Direct {
			shown.On = named(row.Resource)
		}
		return shown
	})
	return shown.of(one.Version), err
}

// shared is the resource of the path for those who may know who has access: an outsider with a grant is shown the
// resource, not its people.
func (c *Call) shared() (access.Resource, error) {
	one, err := c.resource()
	if err == nil && !c.Actor.Operator && !c.Actor.Member && !one.Rights.Has(access.Share) {
		err = access.ErrNotFound
	}
	return one, err
}

// A NewGrant is what somebody asks to hand out. One principal is named.
type NewGrant struct {
	User         string     `json:"user,omitempty" doc:"The e-mail address of a user, or the id of a member."`
	Group        string     `json:"group,omitempty" doc:"The id or the name of a group."`
	Organization string     `json:"organization,omitempty" doc:"The slug of an organization."`
	Role         string     `json:"role"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty" doc:"null or left out for no end."`
}

// grantAsked reads who is to be given what, and on which resource.
func (c *Call) grantAsked() (on access.Resource, who access.ID, share db.Share, err error) {
	if on, err = c.shared(); err != nil {
		return on, who, share, err
	}
	asked, err := read[NewGrant](c)
	if err != nil {
		return on, who, share, err
	}
	version, err := c.version()
	if err != nil {
		return on, who, share, err
	}
	if err := access.MayHandOut(c.Actor, on); err != nil {
		return on, who, share, err
	}
	found, sent, err := c.principal(sharing{User: asked.value.User, Group: asked.value.Group, Organization: asked.value.Organization})
	if found.External && found.Type == "user" && !c.Org.Policy.SharesOutside(on.Kind) {
		err = db.ErrNoSuchUser // nothing can be shared with somebody outside, so nobody learns that they are there
	}
	return on, found.ID, db.Share{Who: []access.Ref{sent}, Role: asked.value.Role, ExpiresAt: asked.value.ExpiresAt, Version: version}, err
}

// AddGrant gives a principal a role on a resource.
func AddGrant(c *Call) (Answer, error) {
	one, who, share, err := c.grantAsked()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.GrantRoles(c.ctx(), c.By, c.Org.ID, one.ID, share); err != nil {
		return Answer{}, err
	}
	made, err := c.store.FindGrantOf(c.ctx(), c.Org.ID, one.ID, who, share.Role)
	if err != nil {
		return Answer{}, err
	}
	shown, err := created(grant(made))
	return shown.of(c.versionNow(one)), err
}

// versionNow is the access list's version after the change that was just made; the lock keeps others from it.
func (c *Call) versionNow(one access.Resource) int64 {
	now, err := c.store.FindAnyResource(c.ctx(), c.Org.ID, one.ID)
	if err != nil {
		return 0
	}
	return now.Version
}

// grantOfPath reads the grant of the path.
func (c *Call) grantOfPath() (on access.Resource, held access.Grant, err error) {
	if on, err = c.shared(); err != nil {
		return on, held, err
	}
	id, err := c.id("grant")
	if err != nil {
		return on, held, err
	}
	held, err = c.store.FindGrant(c.ctx(), c.Org.ID, on.ID, id)
	return on, held, err
}

// A GrantChange is what of a grant is to be different.
type GrantChange struct {
	Role      string     `json:"role,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"null takes the end away."`
}

// A grantEdit is what a grant is to be.
type grantEdit struct {
	on      access.Resource
	id      access.ID
	role    string
	until   *time.Time
	version int64
}

func (c *Call) grantEdit() (edit grantEdit, err error) {
	on, held, err := c.grantOfPath()
	if err != nil {
		return edit, err
	}
	asked, err := read[GrantChange](c)
	if err != nil {
		return edit, err
	}
	version, err := c.version()
	edit = grantEdit{on, held.ID, held.Role.Name, held.ExpiresAt, version}
	if asked.has["role"] != nil {
		edit.role = asked.value.Role
	}
	if asked.has["expires_at"] != nil {
		edit.until = asked.value.ExpiresAt
	}
	return edit, err
}

// ChangeGrant gives a grant another role or another end.
func ChangeGrant(c *Call) (Answer, error) {
	to, err := c.grantEdit()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.ChangeGrant(c.ctx(), c.By, c.Org.ID, to.on.ID, to.id, to.role, to.until, to.version); err != nil {
		return Answer{}, err
	}
	changed, err := c.store.FindGrant(c.ctx(), c.Org.ID, to.on.ID, to.id)
	if err != nil {
		return Answer{}, err
	}
	shown, err := found(grant(changed))
	return shown.of(c.versionNow(to.on)), err
}

// revocation reads which grant is to be taken away.
func (c *Call) revocation() (on access.Resource, held access.Grant, version int64, err error) {
	if on, held, err = c.grantOfPath(); err != nil {
		return on, held, version, err
	}
	version, err = c.version()
	return on, held, version, err
}

// RevokeGrant takes a role away from a principal.
func RevokeGrant(c *Call) (Answer, error) {
	on, held, version, err := c.revocation()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.RevokeGrant(c.ctx(), c.By, c.Org.ID, on.ID, held.ID, version); err != nil {
		return Answer{}, err
	}
	return Answer{Status: 204}.of(c.versionNow(on)), nil
}
