package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A SessionRow is one of somebody's sessions, as they and the Admins of their organizations see it.
type SessionRow struct {
	ID       access.ID
	Address  string
	Agent    string // as the browser called itself
	Began    time.Time
	LastSeen time.Time // to the minute
	Provider bool      // single sign-on said whose it is
}

// ListSessions lists the sessions of a user that still count, the one used last first.
func (s *Store) ListSessions(ctx context.Context, user access.ID) ([]SessionRow, error) {
	rows, err := s.q.ListSessions(ctx, sqlc.ListSessionsParams{UserID: user, Idle: SessionIdle})
	sessions := make([]SessionRow, len(rows))
	for i, row := range rows {
		sessions[i] = SessionRow{ID: row.ID, Address: row.Address, Agent: row.Agent, Began: row.CreatedAt, LastSeen: row.LastSeenAt, Provider: row.ThroughProvider}
	}
	return sessions, err
}

// EndOwnSession ends one session of a user: the next request with it is refused. access.ErrNotFound if it is none of theirs.
func (s *Store) EndOwnSession(ctx context.Context, user, session access.ID) error {
	ended, err := s.q.EndSessionOf(ctx, sqlc.EndSessionOfParams{UserID: user, ID: session})
	if err == nil && ended == 0 {
		return access.ErrNotFound
	}
	return err
}

// EndOtherSessions ends all sessions of a user but one.
func (s *Store) EndOtherSessions(ctx context.Context, user, but access.ID) error {
	return s.q.EndOtherSessions(ctx, sqlc.EndOtherSessionsParams{UserID: user, ID: but})
}

// noSession is the id of no session.
const noSession = access.ID("00000000-0000-0000-0000-000000000000")

// EndMemberSession ends a session of a member, or all where the session is empty.
func (s *Store) EndMemberSession(ctx context.Context, by By, org, user, session access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		member, err := c.member(ctx, user)
		if err != nil {
			return err
		}
		return c.make(ctx, access.EndMemberSessions{Member: member, All: session == ""}, func() error {
			if session == "" {
				return c.q.EndOtherSessions(ctx, sqlc.EndOtherSessionsParams{UserID: user, ID: noSession})
			}
			ended, err := c.q.EndSessionOf(ctx, sqlc.EndSessionOfParams{UserID: user, ID: session})
			if err == nil && ended == 0 {
				return access.ErrNotFound
			}
			return err
		})
	})
}

// FindSignInPolicy reads what an organization asks of its members' signing in.
func (s *Store) FindSignInPolicy(ctx context.Context, org access.ID) (access.SignInPolicy, error) {
	return signInPolicy(ctx, s.q, org)
}

func signInPolicy(ctx context.Context, q *sqlc.Queries, org access.ID) (access.SignInPolicy, error) {
	row, err := q.FindSignInPolicy(ctx, org)
	if errors.Is(err, pgx.ErrNoRows) {
		return access.SignInPolicy{IdleHours: access.MostIdleHours, AbsoluteHours: access.MostAbsoluteHours}, nil
	}
	return access.SignInPolicy{IdleHours: int(row.IdleHours), AbsoluteHours: int(row.AbsoluteHours), SecondFactor: row.SecondFactor}, err
}

// ChangeSignInPolicy sets what an organization asks of its members' signing in. It counts for sessions that began before too.
// seen is what stood there when it was looked at, nil for whoever did not look: access.ErrConflict where that is no longer so.
func (s *Store) ChangeSignInPolicy(ctx context.Context, by By, org access.ID, to access.SignInPolicy, seen *access.SignInPolicy) error {
	return s.change(ctx, by, org, func(c *change) error {
		row, err := c.q.FindOrganization(ctx, org)
		if err != nil {
			return found(err)
		}
		from, err := signInPolicy(ctx, c.q, org)
		if err != nil {
			return err
		}
		named := c.org
		named.Name = row.Name
		what := access.ChangeSignInPolicy{Org: named, From: from, To: to, Able: s.vault != nil, Stale: seen != nil && *seen != from}
		return c.make(ctx, what, func() error {
			return c.q.SetSignInPolicy(ctx, sqlc.SetSignInPolicyParams{OrgID: org, IdleHours: int32(to.IdleHours),
				AbsoluteHours: int32(to.AbsoluteHours), SecondFactor: to.SecondFactor})
		})
	})
}
