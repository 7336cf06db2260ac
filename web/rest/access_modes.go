package rest

import (
	"gatehouse/access"
	"gatehouse/db"
)

// An AccessMode is who is let in to a resource without a grant.
type AccessMode struct {
	AccessMode access.Mode `json:"access_mode"`
	OrgRole    string      `json:"org_role" doc:"What the mode organization gives."`
}

// ShowAccessMode answers who is let in without a grant.
func ShowAccessMode(c *Call) (Answer, error) {
	one, err := c.resource()
	if err != nil {
		return Answer{}, err
	}
	shown, err := found(AccessMode{AccessMode: one.Mode, OrgRole: one.OrgRole})
	return shown.of(one.Version), err
}

// An AccessModeChange is who is to be let in without a grant.
type AccessModeChange struct {
	AccessMode access.Mode `json:"access_mode"`
	OrgRole    string      `json:"org_role,omitempty" doc:"Stays as it is where it is left out."`
}

// accessModeChange reads who is to be let in to the resource of the path.
func (c *Call) accessModeChange() (one access.Resource, to AccessModeChange, version int64, err error) {
	if one, err = c.resource(); err != nil {
		return one, to, version, err
	}
	asked, err := read[AccessModeChange](c)
	if err != nil {
		return one, to, version, err
	}
	version, err = c.version()
	return one, asked.value, version, err
}

// ChangeAccessMode sets who is let in without a grant.
func ChangeAccessMode(c *Call) (Answer, error) {
	one, to, version, err := c.accessModeChange()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.ChangeAccessMode(c.ctx(), c.By, c.Org.ID, one.ID, to.AccessMode, to.OrgRole, version); err != nil {
		return Answer{}, err
	}
	return ShowAccessMode(c)
}

// ShowOwner answers who owns a resource.
func ShowOwner(c *Call) (Answer, error) {
	one, err := c.resource()
	if err == nil && one.Owner.ID == "" {
		err = access.ErrNotFound
	}
	if err != nil {
		return Answer{}, err
	}
	shown, err := found(person(one.Owner))
	return shown.of(one.Version), err
}

// A NewOwner is who is to own a resource.
type NewOwner struct {
	Email string `json:"email" doc:"Of an active member."`
}

// ChangeOwner gives a resource another owner. Whoever made the token may know of it no longer afterwards.
func ChangeOwner(c *Call) (Answer, error) {
	one, err := c.resource()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[NewOwner](c)
	if err != nil {
		return Answer{}, err
	}
	version, err := c.version()
	if err != nil {
		return Answer{}, err
	}
	email, err := db.EmailIn("email", asked.value.Email)
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.TransferResource(c.ctx(), c.By, c.Org.ID, one.ID, email, version); err != nil {
		return Answer{}, err
	}
	after, err := c.store.FindAnyResource(c.ctx(), c.Org.ID, one.ID)
	if err != nil {
		return Answer{}, err
	}
	shown, err := found(person(after.Owner))
	return shown.of(after.Version), err
}
