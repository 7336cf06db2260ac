package db

import (
	"context"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A GrantRow is a grant on a resource, or on one that contains it, in the list of who has access.
type GrantRow struct {
	access.Grant
	Direct bool // on the resource itself; else Grant.Resource is where it is inherited from
	People int  // inside, for a group
}

// ListGrants lists the grants in force on a resource and on what contains it, its own first. At most 500.
func (s *Store) ListGrants(ctx context.Context, org, resource access.ID) ([]GrantRow, error) {
	rows, err := s.q.ListGrants(ctx, sqlc.ListGrantsParams{OrgID: org, ID: resource, View: int64(access.View), Members: int64(access.Members), PageSize: 500})
	grants := make([]GrantRow, len(rows))
	for i, row := range rows {
		grants[i] = GrantRow{Direct: row.Direct, People: int(row.People), Grant: access.Grant{
			ID: row.ID, Resource: access.Ref{Type: row.PlaceKind, ID: row.PlaceID, Name: row.PlaceName}, Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID),
			Principal: access.Principal{Ref: access.Ref{Type: row.PrincipalType, ID: row.PrincipalID, Name: row.PrincipalName},
				Email: row.Email, External: row.External, Active: row.Active},
			ExpiresAt: row.ExpiresAt}}
	}
	return grants, err
}

// ListGroupsWithGrants says, for each person with a grant on a resource, through which groups they have access as well.
func (s *Store) ListGroupsWithGrants(ctx context.Context, org, resource access.ID) (map[access.ID][]access.Ref, error) {
	rows, err := s.q.ListGroupsWithGrants(ctx, sqlc.ListGroupsWithGrantsParams{OrgID: org, ID: resource, View: int64(access.View)})
	through := map[access.ID][]access.Ref{}
	for _, row := range rows {
		through[row.UserID] = append(through[row.UserID], groupRef(row.GroupID, row.GroupName))
	}
	return through, err
}

// A Share is what somebody asks to hand out: one role for several principals.
type Share struct {
	Who       []access.Ref // as FindPrincipal finds them
	Role      string
	ExpiresAt *time.Time
	Version   int64 // of the access list on which they decided
	Notify    bool  // mail to those who are given access
	Message   string
}

// GrantRoles gives several principals a role on a resource, all of them or none.
func (s *Store) GrantRoles(ctx context.Context, by By, org, resource access.ID, share Share) error {
	if err := share.clean(); err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error { return c.grantRoles(ctx, resource, share) })
}

func (share *Share) clean() (err error) {
	if len(share.Who) == 0 {
		return access.Invalid("who", "Choose who should have access.")
	}
	share.Message, err = access.CleanMessage(share.Message)
	return err
}

func (c *change) grantRoles(ctx context.Context, resource access.ID, share Share) error {
	on, err := c.resource(ctx, resource)
	if err != nil {
		return err
	}
	given, err := c.roleOn(ctx, on, share.Role)
	if err != nil {
		return err
	}
	stale := on.Version != share.Version
	for _, who := range share.Who {
		if err := c.grant(ctx, on, who, given, share.ExpiresAt, stale); err != nil {
			return err
		}
		if err := c.settle(ctx, on, who, given, share); err != nil {
			return err
		}
	}
	if err := c.notify(ctx, on, given, share); err != nil {
		return err
	}
	return c.q.BumpAccessList(ctx, sqlc.BumpAccessListParams{OrgID: c.org.ID, ID: resource})
}

func (c *change) grant(ctx context.Context, on access.Resource, who access.Ref, given access.Role, until *time.Time, stale bool) error {
	principal, err := c.principal(ctx, who)
	if err != nil {
		return err
	}
	already, err := c.hasGrant(ctx, on.ID, principal.ID, given.ID)
	if err != nil {
		return err
	}
	grant := access.Grant{ID: newID(), Resource: on.Ref(), Principal: principal, Role: given, ExpiresAt: until}
	own, end, err := c.own(ctx, on, principal.ID)
	if err != nil {
		return err
	}
	what := access.GrantRole{Resource: on, Grant: grant, Policy: c.org.Policy, Now: c.now, Stale: stale, Already: already, Own: own, End: end}
	return c.make(ctx, what, func() error {
		if err := c.forgetExpired(ctx, on.ID, principal.ID, given.ID); err != nil {
			return err
		}
		return c.addGrant(ctx, grant)
	})
}

// bumpListsNaming makes every access list stale that names a principal which goes.
func (c *change) bumpListsNaming(ctx context.Context, principal access.ID) error {
	return c.q.BumpAccessListsNaming(ctx, sqlc.BumpAccessListsNamingParams{OrgID: c.org.ID, PrincipalID: principal})
}

// hasGrant tells whether a principal has a role on a resource by a grant that is in force.
func (c *change) hasGrant(ctx context.Context, resource, principal access.ID, roleID string) (bool, error) {
	return c.q.HasGrant(ctx, sqlc.HasGrantParams{OrgID: c.org.ID, ResourceID: resource, PrincipalID: principal, RoleID: roleID})
}

// principal loads whom a grant is to name, for a change.
func (c *change) principal(ctx context.Context, who access.Ref) (access.Principal, error) {
	return findPrincipal(ctx, c.q, c.org.ID, who)
}

// FindPrincipal finds whom a grant can name: a group ("group") or a member ("user") of the organization by ID, or anybody
// with an account by the normalized address in Name ("email"), or an organization by the slug in Name ("organization"). By ID
// nobody outside is found: an ID is no invitation to look.
func (s *Store) FindPrincipal(ctx context.Context, org access.ID, who access.Ref) (access.Principal, error) {
	return findPrincipal(ctx, s.q, org, who)
}

func findPrincipal(ctx context.Context, q *sqlc.Queries, org access.ID, who access.Ref) (access.Principal, error) {
	if who.Type == "group" {
		row, err := q.FindGroupPrincipal(ctx, sqlc.FindGroupPrincipalParams{OrgID: org, ID: who.ID})
		return access.Principal{Ref: groupRef(row.ID, row.Name), Active: true}, found(err)
	}
	if who.Type == string(access.Organization) {
		row, err := q.FindOrganizationPrincipal(ctx, strings.TrimSpace(who.Name))
		return access.Principal{Ref: access.Ref{Type: string(access.Organization), ID: row.ID, Name: row.Name}, Slug: row.Slug,
			External: row.ID != org, Active: true}, found(err)
	}
	row, err := q.FindUserPrincipal(ctx, sqlc.FindUserPrincipalParams{OrgID: org, ID: optional(who.ID), Email: who.Name})
	if err != nil {
		return access.Principal{}, found(err)
	}
	if row.External && who.Type != "email" {
		return access.Principal{}, access.ErrNotFound
	}
	person := access.Person{ID: row.ID, Name: row.Name, Email: row.Email}
	return access.Principal{Ref: person.Ref(), Email: row.Email, External: row.External, Active: row.Active}, nil
}

func (c *change) addGrant(ctx context.Context, g access.Grant) error {
	params := sqlc.AddGrantParams{OrgID: c.org.ID, ID: g.ID, ResourceID: g.Resource.ID, ResourceKind: g.Resource.Type,
		RoleID: g.Role.ID, External: g.Principal.External, ExpiresAt: g.ExpiresAt}
	switch g.Principal.Type {
	case "group":
		params.GroupID = &g.Principal.ID
	case "organization":
		params.OrganizationID = &g.Principal.ID
	default:
		params.UserID = &g.Principal.ID
	}
	return c.q.AddGrant(ctx, params)
}

// FindGrant reads a grant on a resource.
func (s *Store) FindGrant(ctx context.Context, org, resource, grant access.ID) (access.Grant, error) {
	return findGrant(ctx, s.q, org, resource, grant)
}

// FindGrantOf reads the grant by which a principal has a role, by its name or id, on a resource.
func (s *Store) FindGrantOf(ctx context.Context, org, resource, principal access.ID, roleName string) (access.Grant, error) {
	id, err := s.q.FindGrantID(ctx, sqlc.FindGrantIDParams{OrgID: org, ResourceID: resource, PrincipalID: principal, Role: roleName})
	if err != nil {
		return access.Grant{}, found(err)
	}
	return findGrant(ctx, s.q, org, resource, id)
}

func findGrant(ctx context.Context, q *sqlc.Queries, org, resource, grant access.ID) (access.Grant, error) {
	row, err := q.FindGrant(ctx, sqlc.FindGrantParams{OrgID: org, ResourceID: resource, ID: grant})
	return access.Grant{ID: row.ID, Resource: access.Ref{ID: row.ResourceID}, Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID), ExpiresAt: row.ExpiresAt,
		Principal: access.Principal{Ref: access.Ref{Type: row.PrincipalType, ID: row.PrincipalID, Name: row.PrincipalName},
			Email: row.Email, Slug: row.Slug, External: row.External}}, found(err)
}

// grantOn loads a resource and a grant on it for a change.
func (c *change) grantOn(ctx context.Context, resource, grant access.ID) (access.Resource, access.Grant, error) {
	on, err := c.resource(ctx, resource)
	if err != nil {
		return on, access.Grant{}, err
	}
	held, err := findGrant(ctx, c.q, c.org.ID, resource, grant)
	held.Resource = on.Ref()
	return on, held, err
}

// ChangeGrant gives a grant another role and end. Version is that of the access list on which the one who asks decided.
func (s *Store) ChangeGrant(ctx context.Context, by By, org, resource, grant access.ID, roleName string, until *time.Time, version int64) error {
	return s.change(ctx, by, org, func(c *change) error { return c.changeGrant(ctx, resource, grant, roleName, until, version) })
}

func (c *change) changeGrant(ctx context.Context, resource, grant access.ID, roleName string, until *time.Time, version int64) error {
	on, held, err := c.grantOn(ctx, resource, grant)
	if err != nil {
		return err
	}
	to, err := c.roleOn(ctx, on, roleName)
	if err != nil {
		return err
	}
	already := false
	if to.ID != held.Role.ID {
		if already, err = c.hasGrant(ctx, resource, held.Principal.ID, to.ID); err != nil {
			return err
		}
	}
	own, end, err := c.own(ctx, on, held.Principal.ID)
	if err != nil {
		return err
	}
	what := access.ChangeGrant{Resource: on, Own: own, End: end, Grant: held, ToRole: to, ToExpiry: until, Policy: c.org.Policy, Now: c.now,
		Stale: on.Version != version, Already: already}
	return c.make(ctx, what, func() error {
		if to.ID != held.Role.ID {
			if err := c.forgetExpired(ctx, on.ID, held.Principal.ID, to.ID); err != nil {
				return err
			}
		}
		if err := c.q.SetGrant(ctx, sqlc.SetGrantParams{OrgID: c.org.ID, ID: grant, RoleID: to.ID, ExpiresAt: until}); err != nil {
			return err
		}
		return c.q.BumpAccessList(ctx, sqlc.BumpAccessListParams{OrgID: c.org.ID, ID: resource})
	})
}

// RevokeGrant takes a role away from a principal. Version is that of the access list on which the one who asks decided.
func (s *Store) RevokeGrant(ctx context.Context, by By, org, resource, grant access.ID, version int64) error {
	return s.change(ctx, by, org, func(c *change) error { return c.revokeGrant(ctx, resource, grant, version) })
}

func (c *change) revokeGrant(ctx context.Context, resource, grant access.ID, version int64) error {
	on, held, err := c.grantOn(ctx, resource, grant)
	if err != nil {
		return err
	}
	return c.make(ctx, access.RevokeGrant{Resource: on, Grant: held, Stale: on.Version != version}, func() error { return c.takeGrant(ctx, held) })
}

// takeGrant removes a grant and makes every access list stale that shows it.
func (c *change) takeGrant(ctx context.Context, grant access.Grant) error {
	if err := c.q.RemoveGrant(ctx, sqlc.RemoveGrantParams{OrgID: c.org.ID, ID: grant.ID}); err != nil {
		return err
	}
	return c.q.BumpAccessList(ctx, sqlc.BumpAccessListParams{OrgID: c.org.ID, ID: grant.Resource.ID})
}
