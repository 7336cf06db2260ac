package rest

import (
	"errors"

	"gatehouse/access"
	"gatehouse/db"
)

// A sharing names one principal in one of three ways.
type sharing struct{ User, Group, Organization string }

// principal finds whom a request names, and how the Store finds them again.
func (c *Call) principal(who sharing) (access.Principal, access.Ref, error) {
	kind, text := "", ""
	for name, said := range map[string]string{"user": who.User, "group": who.Group, "organization": who.Organization} {
		if said == "" {
			continue
		}
		if kind != "" {
			return access.Principal{}, access.Ref{}, malformed(name, "Name one principal, not both a %s and a %s.", min(kind, name), max(kind, name))
		}
		kind, text = name, said
	}
	if kind == "" {
		return access.Principal{}, access.Ref{}, malformed("user", "Name whom: a user or a group.")
	}
	return c.store.FindPrincipalNamed(c.ctx(), c.Org.ID, kind, text)
}

// onlyOf is the principal to whose grants a list is narrowed; none for all.
func (c *Call) onlyOf() (access.ID, error) {
	var who sharing
	for name, value := range map[string]*string{"user": &who.User, "group": &who.Group, "organization": &who.Organization} {
		var err error
		if *value, err = c.query(name); err != nil {
			return "", err
		}
	}
	if who == (sharing{}) {
		return "", nil
	}
	principal, _, err := c.principal(who)
	if errors.Is(err, db.ErrNoSuchUser) { // who has an account is nothing that a list tells
		return nobody, nil
	}
	return principal.ID, err
}

// nobody is an id that nobody has.
const nobody access.ID = "00000000-0000-0000-0000-000000000000"
