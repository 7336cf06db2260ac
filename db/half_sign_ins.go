package db

import (
	"context"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// HalfSignInLasts is for how long the second step of signing in can be taken.
const HalfSignInLasts = 10 * time.Minute

// StartHalfSignIn remembers that somebody's password or link was right, and returns a token that opens nothing: with it and
// the second factor they sign in.
func (s *Store) StartHalfSignIn(ctx context.Context, user access.ID) (token string, err error) {
	token, hash := newToken()
	err = s.q.AddHalfSignIn(ctx, sqlc.AddHalfSignInParams{TokenHash: hash, UserID: user, Lasts: HalfSignInLasts})
	return token, err
}

// FindHalfSignIn says whose second step a token is for; access.ErrNotFound if it is over.
func (s *Store) FindHalfSignIn(ctx context.Context, token string) (access.Person, error) {
	row, err := s.q.FindHalfSignIn(ctx, hashToken(token))
	return access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, found(err)
}

// EndHalfSignIn uses a token up: of two requests with it, the second gets access.ErrNotFound.
func (s *Store) EndHalfSignIn(ctx context.Context, token string) error {
	ended, err := s.q.EndHalfSignIn(ctx, hashToken(token))
	if err == nil && ended == 0 {
		return access.ErrNotFound
	}
	return err
}
