package db

import (
	"context"

	"gatehouse/access"
)

// PreviewMemberChange says what a member would gain and lose with another role, another status, or both.
func (s *Store) PreviewMemberChange(ctx context.Context, by By, org, user access.ID, asked MemberChange) (access.Effect, error) {
	to, err := asked.role()
	if err != nil {
		return access.Effect{}, err
	}
	return s.preview(ctx, by, org, func(c *change) (scope, error) {
		from, err := c.reachOfChange(ctx, user, to, asked.Status)
		if err != nil {
			return scope{}, err
		}
		where, err := c.reached(ctx, from)
		where.people = []access.ID{user}
		return where, err
	}, func(c *change) error { return c.changeMember(ctx, user, asked) })
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
