package db

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// changeOwn is how people change their own account: one transaction that holds the lock of each organization in which they
// are an active member, and leaves the same event in each of their audit logs. Who is a member nowhere has nobody to
// whom the log would say something. What is applied has no organization yet: its mail is about the account.
func (s *Store) changeOwn(ctx context.Context, by By, what func(access.Person) access.Change, apply func(*change) error) error {
	return s.begin(ctx, func(q *sqlc.Queries, tx pgx.Tx) error {
		orgs, err := q.LockOrganizationsOf(ctx, by.User)
		if err != nil {
			return err
		}
		clock, err := q.StartChange(ctx)
		if err != nil {
			return err
		}
		user, err := q.FindUser(ctx, by.User)
		if err != nil {
			return found(err)
		}
		wanted := what(access.Person{ID: user.ID, Name: user.Name, Email: user.Email})
		c := &change{q: q, tx: tx, post: s.post, by: by, now: clock.DecidedAt, actor: access.Actor{ID: user.ID, Name: user.Name, Email: user.Email,
			Active: user.Status == string(access.Active), Proven: by.Recent || by.Via != "page"}}
		if err := access.Decide(c.actor, wanted); err != nil {
			return err
		}
		if err := apply(c); err != nil {
			return err
		}
		for _, org := range orgs {
			c.org = access.Org{ID: org.ID, Slug: org.Slug}
			if err := c.audit(ctx, wanted.Event()); err != nil {
				return err
			}
		}
		return nil
	})
}

// RenameUser changes the name of whoever asks.
func (s *Store) RenameUser(ctx context.Context, by By, name string) error {
	name, err := access.CleanName("name", name)
	if err != nil {
		return err
	}
	orgs, err := s.ListOrganizations(ctx, by.User)
	if err != nil {
		return err
	}
	if len(orgs) == 0 {
		return access.Conflict("You are in no organization. Your name can be changed once you are in one.")
	}
	provisioner, err := s.FindProvisioner(ctx, by.User)
	if err != nil {
		return err
	}
	return s.changeOwn(ctx, by, func(user access.Person) access.Change {
		return access.RenameUser{User: user, To: name, Provisioner: provisioner}
	},
		func(c *change) error { return c.q.RenameUser(ctx, sqlc.RenameUserParams{ID: by.User, Name: name}) })
}

// An OwnToken is an API token with the organization that it is of.
type OwnToken struct {
	APITokenRow
	Org access.Org
}

// ListOwnTokens lists the API tokens that a user made in the organizations where they are an active member.
func (s *Store) ListOwnTokens(ctx context.Context, user access.ID) ([]OwnToken, error) {
	rows, err := s.q.ListAPITokensOf(ctx, sqlc.ListAPITokensOfParams{UserID: user, Configure: int64(access.TokenRights)})
	tokens := make([]OwnToken, len(rows))
	for i, row := range rows {
		tokens[i] = OwnToken{Org: access.Org{Slug: row.Slug, Name: row.Organization},
			APITokenRow: APITokenRow{MakerMay: row.MakerMay, APIToken: access.APIToken{ID: row.ID, Name: row.Name, Scopes: scopesOf(row.Scopes),
				MadeBy: user, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, LastUsed: row.LastUsedAt}}}
	}
	return tokens, err
}
