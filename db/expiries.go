package db

import (
	"context"
	"errors"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// ExpireGrants takes away the grants whose time is over, in every organization, and records them as expired. They give
// nothing from that time on, whether it ran or not. It may run in several programs at once. It returns how many there were.
func (s *Store) ExpireGrants(ctx context.Context) (int, error) {
	orgs, err := s.q.ListOrganizationsWithExpired(ctx)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, org := range orgs {
		for {
			expired := 0
			err := s.transaction(ctx, By{Via: "job"}, org, func(c *change) error {
				expired, err = c.expireGrants(ctx, sqlc.ListExpiredGrantsParams{OrgID: org})
				return err
			})
			if err != nil && !errors.Is(err, access.ErrNotFound) { // the organization is gone, with its grants
				return count, err
			}
			if count += expired; expired == 0 {
				break
			}
		}
	}
	return count, nil
}

func (c *change) expireGrants(ctx context.Context, which sqlc.ListExpiredGrantsParams) (int, error) {
	rows, err := c.q.ListExpiredGrants(ctx, which)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		grant := access.Grant{ID: row.ID, Resource: access.Ref{Type: row.ResourceKind, ID: row.ResourceID, Name: row.ResourceName},
			Principal: access.Principal{Ref: access.Ref{Type: row.PrincipalType, ID: row.PrincipalID, Name: row.PrincipalName}},
			Role:      access.Role{ID: row.RoleID, Name: row.RoleName}, ExpiresAt: row.ExpiresAt}
		err := c.make(ctx, access.ExpireGrant{Grant: grant, Now: c.now}, func() error { return c.takeGrant(ctx, grant) })
		if err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// forgetExpired makes room for a grant by taking away an expired one of the same role.
func (c *change) forgetExpired(ctx context.Context, resource, principal access.ID, roleID string) error {
	_, err := c.expireGrants(ctx, sqlc.ListExpiredGrantsParams{OrgID: c.org.ID, ResourceID: &resource, PrincipalID: &principal, RoleID: &roleID})
	return err
}

// forgetExpiredOf takes away what gave a role until it expired, which would keep the role from being deleted.
func (c *change) forgetExpiredOf(ctx context.Context, roleID string) error {
	for {
		expired, err := c.expireGrants(ctx, sqlc.ListExpiredGrantsParams{OrgID: c.org.ID, RoleID: &roleID})
		if err != nil || expired == 0 {
			return err
		}
	}
}

// own tells whether a grant to a principal is one to the actor, and until when the actor may give it.
func (c *change) own(ctx context.Context, on access.Resource, principal access.ID) (own bool, end access.End, err error) {
	if c.actor.Operator {
		return false, access.End{}, nil
	}
	if own, err = c.isInside(ctx, principal); err != nil || !own {
		return own, end, err
	}
	end, err = c.endOf(ctx, on.ID, on.Kind.Handing())
	return own, end, err
}

// isInside tells whether the actor is a principal: themselves, a group that they are in, or an organization, this one or another.
func (c *change) isInside(ctx context.Context, principal access.ID) (bool, error) {
	return c.q.IsInside(ctx, sqlc.IsInsideParams{OrgID: c.org.ID, UserID: c.actor.ID, PrincipalID: principal})
}

// endOf is until when the actor holds a right on a resource.
func (c *change) endOf(ctx context.Context, resource access.ID, wanted access.Rights) (access.End, error) {
	if c.actor.Operator {
		return access.End{}, nil
	}
	at, err := endOfRight(ctx, c.q, c.actor.ID, resource, wanted)
	return access.End{At: at}, err
}

// endOfRight is until when a user holds a right on a resource; nil for good, and for one who does not hold it.
func endOfRight(ctx context.Context, q *sqlc.Queries, user, resource access.ID, wanted access.Rights) (*time.Time, error) {
	ends, err := q.ListEndsOfRight(ctx, sqlc.ListEndsOfRightParams{UserID: user, Resource: resource, Wanted: int64(wanted)})
	return access.LastEnd(ends), err
}

// EndOfAccess is until when a user can open a resource; nil for good, and for one who cannot.
func (s *Store) EndOfAccess(ctx context.Context, user, resource access.ID) (*time.Time, error) {
	return endOfRight(ctx, s.q, user, resource, access.View)
}
