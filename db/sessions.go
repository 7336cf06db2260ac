package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// How long a session lasts: without use, and at all.
const (
	SessionIdle     = 12 * time.Hour
	SessionAbsolute = 7 * 24 * time.Hour
)

// SessionRecent is for how long somebody who signed in, or confirmed that it is them, need not do so again.
const SessionRecent = 10 * time.Minute

// A Session is somebody who is signed in.
type Session struct {
	ID      access.ID
	User    access.ID
	Flash   string          // what the next page says once
	Own     bool            // begun with their own password or link, not by what a provider said
	Recent  bool            // their own, and begun within SessionRecent: the person proved lately who they are
	Through map[string]bool // organizations, by slug, whose provider said who they are, and whether they proved it there lately
}

// StartSession signs a user in and returns the token for their cookie, of which only the hash is stored. Whichever way somebody
// comes: for a deactivated account it is access.ErrUnauthenticated.
func (s *Store) StartSession(ctx context.Context, user access.ID, address, agent string) (token string, err error) {
	return s.StartSessionByPassword(ctx, user, "", address, agent)
}

// StartSessionByPassword is StartSession for somebody whose password was compared with a hash. Where that is the account's no more,
// it is access.ErrUnauthenticated: comparing takes a while, in which the owner may have chosen another password to keep them out.
func (s *Store) StartSessionByPassword(ctx context.Context, user access.ID, passwordHash, address, agent string) (token string, err error) {
	token, hash := newToken()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := startSession(ctx, s.q.WithTx(tx), sqlc.AddSessionParams{TokenHash: hash, UserID: user, PasswordHash: passwordHash,
			Address: address, Agent: agent, Own: true})
		return err
	})
	return token, err
}

// startSession begins a session, of an account that is active. MarkSeen waits for whoever sets its password and sees to it that
// the password is read after them.
func startSession(ctx context.Context, q *sqlc.Queries, begun sqlc.AddSessionParams) (access.ID, error) {
	if err := q.EndOldSessions(ctx, sqlc.EndOldSessionsParams{UserID: begun.UserID, Idle: SessionIdle}); err != nil {
		return "", err
	}
	if err := q.MarkSeen(ctx, begun.UserID); err != nil {
		return "", err
	}
	begun.Absolute = SessionAbsolute
	id, err := q.AddSession(ctx, begun)
	if errors.Is(err, pgx.ErrNoRows) {
		err = access.ErrUnauthenticated
	}
	return id, err
}

// FindSession finds the session of a cookie's token; access.ErrUnauthenticated if it is over.
func (s *Store) FindSession(ctx context.Context, token string) (Session, error) {
	row, err := s.q.FindSession(ctx, sqlc.FindSessionParams{TokenHash: hashToken(token), Idle: SessionIdle, Recent: SessionRecent,
		Absolute: SessionAbsolute})
	if errors.Is(err, pgx.ErrNoRows) {
		return Session{}, access.ErrUnauthenticated
	}
	if err != nil {
		return Session{}, err
	}
	if time.Since(row.LastSeenAt) > time.Minute {
		err = s.q.TouchSession(ctx, row.ID)
	}
	through := map[string]bool{}
	for i, slug := range row.Slugs {
		through[slug] = row.Recently[i]
	}
	return Session{ID: row.ID, User: row.UserID, Flash: row.Flash, Own: row.Own, Recent: row.Recent, Through: through}, err
}

// SetFlash stores what the next page of a session says; empty clears it.
func (s *Store) SetFlash(ctx context.Context, session access.ID, flash string) error {
	return s.q.SetFlash(ctx, sqlc.SetFlashParams{ID: session, Flash: flash})
}

// ReplaceSession ends a session in whose place its owner began another, which goes on with what providers said of it.
func (s *Store) ReplaceSession(ctx context.Context, old, begun string) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		if err := q.CarryProviders(ctx, sqlc.CarryProvidersParams{Old: hashToken(old), Begun: hashToken(begun)}); err != nil {
			return err
		}
		return q.EndSession(ctx, hashToken(old))
	})
}

// RenewSession gives a session another token. When its owner last proved who they are stays as it was.
func (s *Store) RenewSession(ctx context.Context, user, session access.ID) (token string, err error) {
	token, hash := newToken()
	return token, s.q.RotateSession(ctx, sqlc.RotateSessionParams{UserID: user, ID: session, TokenHash: hash})
}

// EndSession signs out.
func (s *Store) EndSession(ctx context.Context, token string) error {
	return s.q.EndSession(ctx, hashToken(token))
}

// MakeSignInLink makes a link's token with which a user signs in: once, or as often as they like while it lasts.
func (s *Store) MakeSignInLink(ctx context.Context, user access.ID, lasts time.Duration, reusable bool) (token string, err error) {
	token, hash := newToken()
	err = s.q.AddSignInLink(ctx, sqlc.AddSignInLinkParams{TokenHash: hash, UserID: user, Reusable: reusable, Lasts: lasts})
	return token, err
}

// FindSignInLink says whom a link signs in, without using it; access.ErrNotFound if it no longer does.
func (s *Store) FindSignInLink(ctx context.Context, token string) (access.Person, error) {
	row, err := s.q.FindSignInLink(ctx, hashToken(token))
	return access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, found(err)
}

// UseSignInLink uses a link up and returns whom it signs in; access.ErrNotFound if it no longer does.
func (s *Store) UseSignInLink(ctx context.Context, token string) (access.ID, error) {
	id, err := s.q.UseSignInLink(ctx, hashToken(token))
	return id, found(err)
}
