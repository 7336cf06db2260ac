package db

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Service is who asks with an API token. It acts as whoever made the token, and as no more than they are now; a token
// that the operator made acts as the operator, within the token's organization.
type Service struct {
	Standing
	Token access.APIToken
}

// FindService reads a token and who made it, for a request that needs a scope: access.ErrUnauthenticated for one that does
// not work, because it is unknown, has expired, or its maker could not make it now; access.ErrDenied for one without
// the scope.
func (s *Store) FindService(ctx context.Context, secret string, scope access.Scope) (Service, error) {
	hash := hashToken(secret)
	row, err := s.q.FindService(ctx, hash)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !row.Lives {
		return Service{}, access.ErrUnauthenticated
	}
	if err != nil {
		return Service{}, err
	}
	service := Service{Token: tokenOfService(row)}
	maker := access.Person{ID: service.Token.MadeBy, Name: row.MakerName, Email: row.MakerEmail}
	if service.Standing, err = s.FindStanding(ctx, row.Slug, maker); err != nil {
		return Service{}, err
	}
	if maker.ID == "" {
		service.Actor = operator
	}
	if !service.Token.WorksFor(service.Actor) {
		return Service{}, access.ErrUnauthenticated
	}
	if !slices.Contains(service.Token.Scopes, scope) {
		return Service{}, access.Denied("This token has not the scope %s.", scope)
	}
	if row.Unmarked {
		err = s.q.MarkAPITokenUsed(ctx, hash)
	}
	return service, err
}

func tokenOfService(row sqlc.FindServiceRow) access.APIToken {
	return access.APIToken{ID: row.ID, Name: row.Name, Scopes: scopesOf(row.Scopes), MadeBy: required(row.MadeBy),
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, LastUsed: row.LastUsedAt}
}

// FindAPITokenBySecret finds the token with a secret, whether it works or not.
func (s *Store) FindAPITokenBySecret(ctx context.Context, secret string) (access.APIToken, error) {
	row, err := s.q.FindService(ctx, hashToken(secret))
	return tokenOfService(row), found(err)
}
