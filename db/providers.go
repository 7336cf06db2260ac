package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// providerPurpose stands in the place of a resource where the vault seals a client secret.
const providerPurpose = access.ID("single sign-on")

// A ProviderRow is an organization's single sign-on as its Admins see it. Without one, Version is 0.
type ProviderRow struct {
	access.Provider
	Version int64 // of what a form was made from
	sealed  []byte
}

// FindProvider reads an organization's single sign-on.
func (s *Store) FindProvider(ctx context.Context, org access.ID) (ProviderRow, error) {
	return findProvider(ctx, s.q, org)
}

func (c *change) provider(ctx context.Context) (ProviderRow, error) {
	return findProvider(ctx, c.q, c.org.ID)
}

func findProvider(ctx context.Context, q *sqlc.Queries, org access.ID) (ProviderRow, error) {
	row, err := q.FindProvider(ctx, org)
	if errors.Is(err, pgx.ErrNoRows) {
		return ProviderRow{}, nil
	}
	return ProviderRow{Version: row.Version, sealed: row.Sealed,
		Provider: access.Provider{Issuer: row.Issuer, ClientID: row.ClientID, Enabled: row.Enabled, Required: row.Required,
			BreakGlass: access.Person{ID: access.ID(row.BreakGlass), Name: row.Name, Email: row.Email}}}, err
}

// A NewProvider is what an Admin asks for. An empty secret keeps the one that is kept.
type NewProvider struct {
	access.Provider        // BreakGlass by normalized address
	Secret          string // as the provider gave it
	Version         int64  // of the row that the form was made from
}

// ChangeProvider sets where an organization's members sign in. What a provider said until now no longer counts where it is
// another one, or turned off.
func (s *Store) ChangeProvider(ctx context.Context, by By, org access.ID, to NewProvider) error {
	return s.change(ctx, by, org, func(c *change) error {
		from, err := c.provider(ctx)
		if err != nil {
			return err
		}
		what := access.ChangeProvider{From: from.Provider, To: to.Provider, Secret: to.Secret != "", Able: s.vault != nil,
			Kept: from.Version > 0 && from.Issuer == to.Issuer}
		if err := c.loadProviderChange(ctx, &what); err != nil {
			return err
		}
		if from.Version != to.Version && access.Decide(c.actor, what) == nil {
			return access.Conflict("Somebody changed this in the meantime. Look at it as it is now, then change it again.")
		}
		return c.make(ctx, what, func() error { return s.setProvider(ctx, c, what, from, to.Secret) })
	})
}

// loadProviderChange reads the organization's name, and what the rule asks about whom the change names.
func (c *change) loadProviderChange(ctx context.Context, what *access.ChangeProvider) error {
	row, err := c.q.FindOrganization(ctx, c.org.ID)
	if err != nil {
		return found(err)
	}
	what.Org = c.org
	what.Org.Name = row.Name
	named := &what.To.BreakGlass
	if named.Email == "" {
		return nil
	}
	user, err := c.q.FindUserByEmail(ctx, named.Email)
	if err == nil {
		var member access.Member
		if member, err = c.member(ctx, user.ID); err == nil {
			*named = member.Person
			what.Admin = member.Role.Name == "admin" && member.Status == access.Active
			what.HasFactor, err = c.q.HasSecondFactor(ctx, user.ID)
		}
	}
	return ignoreNotFound(found(err))
}

func (s *Store) setProvider(ctx context.Context, c *change, what access.ChangeProvider, from ProviderRow, secret string) error {
	sealed := from.sealed
	if secret != "" {
		var err error
		if sealed, err = s.vault.seal(c.org.ID, providerPurpose, secret); err != nil {
			return err
		}
	}
	to := what.To
	err := c.q.SetProvider(ctx, sqlc.SetProviderParams{OrgID: c.org.ID, Issuer: to.Issuer, ClientID: to.ClientID, Sealed: sealed,
		Enabled: to.Enabled, Required: to.Required, BreakGlass: optional(to.BreakGlass.ID)})
	if err != nil || to.Enabled && to.Issuer == from.Issuer && to.ClientID == from.ClientID {
		return err
	}
	return c.q.ForgetWhatProviderSaid(ctx, c.org.ID)
}

// A SignOn is where an organization's members sign in, with what it takes to ask there.
type SignOn struct {
	Org      access.Org
	Issuer   string
	ClientID string
	Secret   string
}

// FindSignOn reads it by the organization's slug; access.ErrNotFound where there is none, or it is turned off.
func (s *Store) FindSignOn(ctx context.Context, slug string) (SignOn, error) {
	row, err := s.q.FindProviderBySlug(ctx, slug)
	if err != nil {
		return SignOn{}, found(err)
	}
	secret, err := s.vault.open(row.ID, providerPurpose, row.Sealed)
	return SignOn{Org: access.Org{ID: row.ID, Slug: row.Slug, Name: row.Name}, Issuer: row.Issuer, ClientID: row.ClientID, Secret: secret}, err
}

// ListSignOns lists the organizations, by slug, whose single sign-on somebody with this normalized address can use, for a
// browser that the account knows. For any other browser there are none, so nobody learns who is where.
func (s *Store) ListSignOns(ctx context.Context, email, device string) ([]string, error) {
	return s.q.ListProvidersOf(ctx, sqlc.ListProvidersOfParams{Email: email, TokenHash: hashToken(device)})
}
