package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Narrowing is what a new policy takes back: resources whose mode is too wide, and grants to people outside.
type Narrowing struct {
	Resources []access.Resource // with their mode until now
	Grants    []access.Grant
}

// FindPolicy reads an organization's sharing policy. It asks nobody's rights.
func (s *Store) FindPolicy(ctx context.Context, org access.ID) (access.Policy, error) {
	row, err := s.q.FindPolicy(ctx, org)
	return policyOf(row), found(err)
}

// ChangePolicy sets an organization's sharing policy, and narrows what stands wider than it allows. Seen is the policy that
// was shown before; nil where none was.
func (s *Store) ChangePolicy(ctx context.Context, by By, org access.ID, to access.Policy, seen *access.Policy) error {
	return s.change(ctx, by, org, func(c *change) error {
		narrowed, err := c.narrowing(ctx, to)
		if err != nil {
			return err
		}
		return c.changePolicy(ctx, to, seen, narrowed)
	})
}

// PreviewPolicy says what a new policy would take back, and what would become of whose access.
func (s *Store) PreviewPolicy(ctx context.Context, by By, org access.ID, to access.Policy, seen *access.Policy) (Narrowing, access.Effect, error) {
	var narrowed Narrowing
	effect, err := s.preview(ctx, by, org, func(c *change) (where scope, err error) {
		if narrowed, err = c.narrowing(ctx, to); err != nil {
			return where, err
		}
		if to.FullReach == c.org.Policy.FullReach {
			return c.touching(ctx, narrowed)
		}
		if where, err = c.within(ctx, org); err == nil && len(narrowed.Resources)+len(narrowed.Grants) == 0 {
			where.people, err = c.q.ListPeopleAtFullReach(ctx, org)
		}
		return where, err
	}, func(c *change) error { return c.changePolicy(ctx, to, seen, narrowed) })
	return narrowed, effect, err
}

// narrowing finds what a policy takes back.
func (c *change) narrowing(ctx context.Context, to access.Policy) (Narrowing, error) {
	var wider []string
	for _, mode := range access.Modes() {
		if mode.WiderThan(to.WidestMode) {
			wider = append(wider, string(mode))
		}
	}
	var found Narrowing
	rows, err := c.q.ListWider(ctx, sqlc.ListWiderParams{OrgID: c.org.ID, Modes: wider})
	for _, row := range rows {
		found.Resources = append(found.Resources, access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Name: row.Name, Mode: access.Mode(row.AccessMode)})
	}
	if err != nil || to.ExternalSharing {
		return found, err
	}
	grants, err := c.q.ListExternalGrants(ctx, c.org.ID)
	for _, row := range grants {
		found.Grants = append(found.Grants, access.Grant{ID: row.ID, Resource: access.Ref{Type: row.ResourceKind, ID: row.ResourceID, Name: row.ResourceName},
			Principal: access.Principal{Ref: access.Ref{Type: row.PrincipalType, ID: row.PrincipalID, Name: row.PrincipalName}, Email: row.Email, External: true, Active: true},
			Role:      storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID), ExpiresAt: row.ExpiresAt})
	}
	return found, err
}

// touching is where a narrowing may move access.
func (c *change) touching(ctx context.Context, narrowed Narrowing) (scope, error) {
	roots := []access.ID{}
	for _, resource := range narrowed.Resources {
		roots = append(roots, resource.ID)
	}
	for _, grant := range narrowed.Grants {
		roots = append(roots, grant.Resource.ID)
	}
	return c.within(ctx, roots...)
}

func (c *change) changePolicy(ctx context.Context, to access.Policy, seen *access.Policy, narrowed Narrowing) error {
	row, err := c.q.FindOrganization(ctx, c.org.ID)
	if err != nil {
		return found(err)
	}
	org := c.org
	org.Name = row.Name
	stale := seen != nil && *seen != org.Policy
	err = c.make(ctx, access.ChangePolicy{Org: org, To: to, Stale: stale}, func() error {
		return c.q.SetPolicy(ctx, sqlc.SetPolicyParams{ID: c.org.ID, DefaultMode: string(to.DefaultMode), DefaultRole: to.DefaultRole,
			WidestMode: string(to.WidestMode), ExternalSharing: to.ExternalSharing, FullReach: to.FullReach})
	})
	if err != nil {
		return err
	}
	for _, resource := range narrowed.Resources {
		if err := c.narrow(ctx, resource, to); err != nil {
			return err
		}
	}
	for _, grant := range narrowed.Grants {
		if err := c.endExternal(ctx, grant, to); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) narrow(ctx context.Context, resource access.Resource, to access.Policy) error {
	return c.make(ctx, access.NarrowAccessMode{Resource: resource, Policy: to}, func() error {
		return c.q.NarrowMode(ctx, sqlc.NarrowModeParams{OrgID: c.org.ID, ID: resource.ID, AccessMode: string(to.WidestMode)})
	})
}

func (c *change) endExternal(ctx context.Context, grant access.Grant, to access.Policy) error {
	return c.make(ctx, access.EndExternalGrant{Grant: grant, Policy: to}, func() error { return c.takeGrant(ctx, grant) })
}
