package db

import (
	"context"
	"time"

	"gatehouse/access"
)

// PreviewGrants says who would gain what if several principals were given a role on a resource.
func (s *Store) PreviewGrants(ctx context.Context, by By, org, resource access.ID, share Share) (access.Effect, error) {
	if err := share.clean(); err != nil {
		return access.Effect{}, err
	}
	share.Notify = false
	return s.preview(ctx, by, org, func(c *change) (scope, error) {
		named := make([]access.Ref, len(share.Who))
		for i, who := range share.Who {
			principal, err := c.principal(ctx, who)
			if err != nil {
				return scope{}, err
			}
			named[i] = principal.Ref
		}
		return c.withinFor(ctx, resource, named)
	}, func(c *change) error { return c.grantRoles(ctx, resource, share) })
}

// PreviewGrantChange says who would gain and lose what if a grant gave another role, or ended at another time.
func (s *Store) PreviewGrantChange(ctx context.Context, by By, org, resource, grant access.ID, roleName string, until *time.Time, version int64) (access.Effect, error) {
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.withinOf(ctx, resource, grant) },
		func(c *change) error { return c.changeGrant(ctx, resource, grant, roleName, until, version) })
}

// PreviewRevocation says who would lose what if a grant were taken away.
func (s *Store) PreviewRevocation(ctx context.Context, by By, org, resource, grant access.ID, version int64) (access.Effect, error) {
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.withinOf(ctx, resource, grant) },
		func(c *change) error { return c.revokeGrant(ctx, resource, grant, version) })
}

// withinOf is a resource with everything in it, for those whom a grant on it names.
func (c *change) withinOf(ctx context.Context, resource, grant access.ID) (scope, error) {
	_, held, err := c.grantOn(ctx, resource, grant)
	if err != nil {
		return scope{}, err
	}
	return c.withinFor(ctx, resource, []access.Ref{held.Principal.Ref})
}

// withinFor is a resource with everything in it, for these people and everybody in these groups and organizations.
func (c *change) withinFor(ctx context.Context, resource access.ID, who []access.Ref) (scope, error) {
	where, err := c.within(ctx, resource)
	if err != nil {
		return where, err
	}
	var organizations []access.ID
	var others []access.Ref
	for _, one := range who {
		if one.Type == string(access.Organization) {
			organizations = append(organizations, one.ID)
		} else {
			others = append(others, one)
		}
	}
	if where.people, err = c.everyone(ctx, others); err != nil {
		return where, err
	}
	members, err := c.q.ListMembersOf(ctx, organizations)
	where.people = append(where.people, members...)
	return where, err
}
