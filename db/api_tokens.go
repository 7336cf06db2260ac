package db

import (
	"context"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// apiTokenPrefix lets programs that look for leaked secrets know ours.
const apiTokenPrefix = "gh_"

// TokenFrom reads the token of an Authorization header. What has not the form of one of ours is not looked up: it is
// access.ErrUnauthenticated.
func TokenFrom(authorization string) (token string, err error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(token, apiTokenPrefix) {
		return "", access.ErrUnauthenticated
	}
	return token, nil
}

// NewAPIToken is what somebody asks for.
type NewAPIToken struct {
	Name      string
	Scopes    []string
	ExpiresAt *time.Time // nil for none
	Until     *time.Time // the end of the token with which it is asked for, which it cannot outlive; nil for none
}

// CreateAPIToken makes a token of an organization and returns it: only its hash is stored, so it is never shown again.
func (s *Store) CreateAPIToken(ctx context.Context, by By, org access.ID, asked NewAPIToken) (token string, err error) {
	name, err := access.CleanName("name", asked.Name)
	if err != nil {
		return "", err
	}
	scopes, err := access.ParseScopes(asked.Scopes)
	if err != nil {
		return "", err
	}
	secret, _ := newToken()
	token = apiTokenPrefix + secret
	made := access.APIToken{ID: newID(), Name: name, Scopes: scopes, MadeBy: by.User, ExpiresAt: asked.ExpiresAt}
	err = s.change(ctx, by, org, func(c *change) error {
		taken, err := c.q.APITokenNameTaken(ctx, sqlc.APITokenNameTakenParams{OrgID: org, Name: name})
		if err != nil {
			return err
		}
		return c.make(ctx, access.CreateToken{Token: made, Taken: taken, Now: c.now, Until: asked.Until}, func() error {
			return c.q.AddAPIToken(ctx, sqlc.AddAPITokenParams{OrgID: org, ID: made.ID, Name: name, TokenHash: hashToken(token),
				Scopes: texts(scopes), MadeBy: optional(by.User), ExpiresAt: made.ExpiresAt})
		})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// texts is a list as the statements take it.
func texts[T ~string](list []T) []string {
	said := make([]string, len(list))
	for i, one := range list {
		said[i] = string(one)
	}
	return said
}

func scopesOf(names []string) []access.Scope {
	scopes := make([]access.Scope, len(names))
	for i, name := range names {
		scopes[i] = access.Scope(name)
	}
	return scopes
}

// RevokeAPIToken ends a token: the next request with it is refused.
func (s *Store) RevokeAPIToken(ctx context.Context, by By, org, id access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		row, err := c.q.FindAPIToken(ctx, sqlc.FindAPITokenParams{OrgID: org, ID: id})
		if err != nil {
			return found(err)
		}
		return c.make(ctx, access.RevokeToken{Token: apiTokenOf(row)}, func() error {
			_, err := c.q.RemoveAPIToken(ctx, sqlc.RemoveAPITokenParams{OrgID: org, ID: id})
			return err
		})
	})
}

func apiTokenOf(row sqlc.FindAPITokenRow) access.APIToken {
	return access.APIToken{ID: row.ID, Name: row.Name, Scopes: scopesOf(row.Scopes), MadeBy: required(row.MadeBy),
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, LastUsed: row.LastUsedAt}
}

// FindAPIToken finds one token of an organization.
func (s *Store) FindAPIToken(ctx context.Context, org, id access.ID) (access.APIToken, error) {
	row, err := s.q.FindAPIToken(ctx, sqlc.FindAPITokenParams{OrgID: org, ID: id})
	return apiTokenOf(row), found(err)
}

// An APITokenRow is a token in the list of them.
type APITokenRow struct {
	access.APIToken
	Maker    access.Ref // empty for the operator of the server
	MakerMay bool       // the maker may still make tokens; otherwise it works no longer
}

// ListAPITokens lists an organization's tokens, the newest first, 1,000 at most.
func (s *Store) ListAPITokens(ctx context.Context, org access.ID) ([]APITokenRow, error) {
	rows, err := s.q.ListAPITokens(ctx, sqlc.ListAPITokensParams{OrgID: org, Configure: int64(access.TokenRights)})
	tokens := make([]APITokenRow, len(rows))
	for i, row := range rows {
		tokens[i] = APITokenRow{MakerMay: row.MakerMay,
			APIToken: access.APIToken{ID: row.ID, Name: row.Name, Scopes: scopesOf(row.Scopes), MadeBy: required(row.MadeBy),
				CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, LastUsed: row.LastUsedAt}}
		if row.MadeBy != nil {
			tokens[i].Maker = access.Ref{Type: "user", ID: *row.MadeBy, Name: row.MakerName}
		}
	}
	return tokens, err
}
