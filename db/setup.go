package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// MakeSetupToken makes the token of the one-time setup link; earlier ones stop working.
func (s *Store) MakeSetupToken(ctx context.Context) (string, error) {
	token, hash := newToken()
	return token, s.q.ReplaceSetupToken(ctx, sqlc.ReplaceSetupTokenParams{TokenHash: hash, Lasts: 7 * 24 * time.Hour})
}

// CheckSetupToken is access.ErrNotFound for a token that is wrong, used or too old.
func (s *Store) CheckSetupToken(ctx context.Context, token string) error {
	count, err := s.q.FindSetupToken(ctx, hashToken(token))
	if err == nil && count == 0 {
		return access.ErrNotFound
	}
	return err
}

// SetUp uses the setup token up and makes the first organization with its Admin, whose id it returns.
func (s *Store) SetUp(ctx context.Context, by By, token string, made NewOrganization, passwordHash string) (access.ID, error) {
	by.User = "" // the token proves the operator, whoever is signed in
	var admin access.ID
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		used, err := q.UseSetupToken(ctx, hashToken(token))
		if err != nil {
			return err
		}
		if used == 0 {
			return access.ErrNotFound
		}
		if _, admin, err = s.createOrganization(ctx, q, by, made); err != nil {
			return err
		}
		return q.SetPassword(ctx, sqlc.SetPasswordParams{UserID: admin, PasswordHash: passwordHash})
	})
	return admin, takenName(err, made)
}
