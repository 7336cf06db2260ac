package db

import (
	"context"

	"gatehouse/access"
)

// A MemberChange is what of a member is to be different.
type MemberChange struct {
	Role   string        // name of an organization role; empty for the one that they have
	Status access.Status // active or deactivated; empty for the one that they have
}

// PreviewMemberChange says what a member would gain and lose with another role, another status, or both.
func (s *Store) PreviewMemberChange(ctx context.Context, by By, org, user access.ID, asked MemberChange) (access.Effect, error) {
	var to access.Role
	if asked.Role != "" {
		var err error
		if to, err = access.FindRole(access.Organization, asked.Role); err != nil {
			return access.Effect{}, err
		}
	}
	return s.preview(ctx, by, org, func(c *change) (scope, error) {
		from, err := c.reachOfChange(ctx, user, to, asked.Status)
		if err != nil {
			return scope{}, err
		}
		where, err := c.reached(ctx, from)
		where.people = []access.ID{user}
		return where, err
	}, func(c *change) error {
		if asked.Role != "" {
			if err := c.changeMemberRole(ctx, user, to); err != nil {
				return err
			}
		}
		switch asked.Status {
		case access.Active:
			return c.reactivateMember(ctx, user)
		case access.Deactivated:
			return c.deactivateMember(ctx, user)
		}
		return nil
	})
}

// reachOfChange is where the old and the new role reach, and for another status where the member has anything.
func (c *change) reachOfChange(ctx context.Context, user access.ID, to access.Role, status access.Status) (from reach, err error) {
	member, err := c.member(ctx, user)
	if err != nil {
		return from, err
	}
	if status != "" {
		if from, err = c.placesOf(ctx, user); err != nil {
			return from, err
		}
	}
	for _, role := range []access.Role{member.Role, to} {
		from.add(c.org.ID, role.Below != 0, role.BelowOnModules() != 0)
	}
	return from, nil
}
