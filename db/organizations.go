package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// newID makes an id; ids of one time lie together in an index.
func newID() access.ID { return access.ID(uuid.Must(uuid.NewV7()).String()) }

// A Standing is what a person is in an organization: what the frame around each page asks about.
type Standing struct {
	Org        access.Org
	Actor      access.Actor // with their rights on the organization
	GroupAdmin bool         // of any group
	Entry      access.Entry // what the organization asks of this member's signing in; how they came in, a session knows
}

// FindStanding reads an organization by its slug and what the person is there. It answers for outsiders and for
// anyone (an empty person) too: whoever lacks access.Discover in it must get access.ErrNotFound for all but resources.
func (s *Store) FindStanding(ctx context.Context, slug string, person access.Person) (Standing, error) {
	row, err := s.q.FindStanding(ctx, sqlc.FindStandingParams{Slug: slug, UserID: optional(person.ID)})
	if err != nil {
		return Standing{}, found(err)
	}
	policy := access.Policy{DefaultMode: access.Mode(row.DefaultMode), DefaultRole: row.DefaultRole,
		WidestMode: access.Mode(row.WidestMode), ExternalSharing: row.ExternalSharing, FullReach: row.FullReach}
	return Standing{
		Org: access.Org{ID: row.ID, Slug: row.Slug, Name: row.Name, Policy: policy},
		Actor: access.Actor{ID: person.ID, Name: person.Name, Email: person.Email, Active: person.ID != "",
			Member: row.Member, Rights: access.Rights(row.Rights)},
		GroupAdmin: row.GroupAdmin,
		Entry:      access.Entry{AsksProvider: row.AsksProvider, AsksFactor: row.AsksFactor, HasFactor: row.HasFactor, BreakGlass: row.BreakGlass},
	}, nil
}

// A Belonging is an organization with the role that a member has in it.
type Belonging struct {
	access.Org
	Role access.Role
}

// ListOrganizations lists the organizations in which a user is an active member, by name.
func (s *Store) ListOrganizations(ctx context.Context, user access.ID) ([]Belonging, error) {
	rows, err := s.q.ListOrganizationsOf(ctx, user)
	orgs := make([]Belonging, len(rows))
	for i, row := range rows {
		orgs[i] = Belonging{Org: access.Org{ID: row.ID, Slug: row.Slug, Name: row.Name}, Role: role(row.RoleID)}
	}
	return orgs, err
}

// FindOrganizationBySlug finds an organization by its name in URLs, for the operator: it asks nobody's rights.
func (s *Store) FindOrganizationBySlug(ctx context.Context, slug string) (access.Org, error) {
	row, err := s.q.FindOrganizationBySlug(ctx, slug)
	return access.Org{ID: row.ID, Slug: row.Slug, Name: row.Name}, found(err)
}

// NewOrganization is what setup, the demo and an import make.
type NewOrganization struct {
	Slug, Name string
	Admin      access.Person // an existing user by ID, or a new one by name and address
}

// CreateOrganization makes an organization, its module Workspace and its first Admin, and returns both ids.
func (s *Store) CreateOrganization(ctx context.Context, by By, made NewOrganization) (org, admin access.ID, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		org, admin, err = s.createOrganization(ctx, s.q.WithTx(tx), by, made)
		return err
	})
	return org, admin, takenName(err, made)
}

// takenName says in words what a new organization cannot have because somebody else has it.
func takenName(err error, made NewOrganization) error {
	switch {
	case violates(err, "organizations_slug_key"):
		return access.Invalid("organization", "There is an organization with the short name %s already. Choose another name.", made.Slug)
	case violates(err, "users_email_key"):
		return access.Invalid("email", "There is an account with this address already.")
	}
	return err
}

// createOrganization needs no lock: nobody else can know of what it makes before it commits.
func (s *Store) createOrganization(ctx context.Context, q *sqlc.Queries, by By, made NewOrganization) (org, admin access.ID, err error) {
	org = newID()
	if err := q.AddOrganization(ctx, sqlc.AddOrganizationParams{ID: org, Slug: made.Slug}); err != nil {
		return "", "", err
	}
	if _, err := q.StartChange(ctx); err != nil {
		return "", "", err
	}
	c := &change{q: q, org: access.Org{ID: org, Slug: made.Slug}, by: by}
	if c.actor, err = c.readActor(ctx, by.User); err != nil {
		return "", "", err
	}
	person := made.Admin
	if person.ID == "" {
		if person.ID, err = q.AddUser(ctx, sqlc.AddUserParams{Email: person.Email, Name: person.Name}); err != nil {
			return "", "", err
		}
	}
	what := access.CreateOrganization{Org: access.Org{ID: org, Slug: made.Slug, Name: made.Name}, Admin: person}
	err = c.make(ctx, what, func() error {
		if err := c.addContainer(ctx, access.Organization, org, "", made.Slug, made.Name); err != nil {
			return err
		}
		if err := c.addContainer(ctx, access.Module, newID(), org, "workspace", "Workspace"); err != nil {
			return err
		}
		return c.addMember(ctx, person.ID, adminRole)
	})
	return org, person.ID, err
}

// addContainer adds an organization's or a module's place in the tree.
func (c *change) addContainer(ctx context.Context, kind access.Kind, id, parent access.ID, key, name string) error {
	return c.q.AddResource(ctx, sqlc.AddResourceParams{OrgID: c.org.ID, ID: id, Kind: string(kind), Key: key, Name: name,
		ParentID: optional(parent), AccessMode: string(access.Restricted), OrgRole: "viewer"})
}

// RenameOrganization changes an organization's name. Its slug, and so its addresses, stay.
func (s *Store) RenameOrganization(ctx context.Context, by By, org access.ID, name string) error {
	name, err := access.CleanName("name", name)
	if err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error {
		row, err := c.q.FindOrganization(ctx, org)
		if err != nil {
			return found(err)
		}
		what := access.RenameOrganization{Org: access.Org{ID: org, Slug: row.Slug, Name: row.Name}, To: name}
		return c.make(ctx, what, func() error {
			return c.q.EditResource(ctx, sqlc.EditResourceParams{OrgID: org, ID: org, Name: name})
		})
	})
}

// RestoreAdmin makes the user with this address, new or known, an active Admin of an organization, and returns a
// one-time sign-in link's token. It is for the operator, when nobody can get in.
func (s *Store) RestoreAdmin(ctx context.Context, by By, slug, email string) (token string, err error) {
	email, err = NormalizeEmail(email)
	if err != nil {
		return "", err
	}
	org, err := s.q.FindOrganizationBySlug(ctx, slug)
	if err != nil {
		return "", found(err)
	}
	var person access.Person
	err = s.change(ctx, by, org.ID, func(c *change) error {
		if person, err = c.findOrAddUser(ctx, email, ""); err != nil {
			return err
		}
		until, err := c.provider(ctx)
		if err != nil {
			return err
		}
		what := access.RestoreAdmin{Org: access.Org{ID: org.ID, Slug: org.Slug, Name: org.Name}, Admin: person, Lifts: until.Required}
		return c.make(ctx, what, func() error { return c.restoreAdmin(ctx, person.ID) })
	})
	if err != nil {
		return "", err
	}
	return s.MakeSignInLink(ctx, person.ID, time.Hour, false)
}

func (c *change) restoreAdmin(ctx context.Context, user access.ID) error {
	if err := c.q.ActivateUser(ctx, user); err != nil {
		return err
	}
	if err := c.removeFactors(ctx, user); err != nil { // they may be what was lost
		return err
	}
	if err := c.q.LiftRequirement(ctx, c.org.ID); err != nil { // and so may the single sign-on
		return err
	}
	if _, err := c.member(ctx, user); err != nil {
		return c.addMember(ctx, user, adminRole)
	}
	if _, err := c.q.SetMemberStatus(ctx, sqlc.SetMemberStatusParams{OrgID: c.org.ID, UserID: user, Status: string(access.Active)}); err != nil {
		return err
	}
	return c.q.SetMemberRole(ctx, sqlc.SetMemberRoleParams{OrgID: c.org.ID, UserID: user, RoleID: adminRole})
}
