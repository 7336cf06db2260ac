package db

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// SearchResourcesEverywhere is SearchResources as it looks where a subject reaches much.
func (s *Store) SearchResourcesEverywhere(ctx context.Context, org, subject access.ID, kind access.Kind, right access.Rights, after string, limit int) ([]Hit, string, error) {
	asked := reachable{org: org, subject: optional(subject), kind: string(kind), kinds: kindsAround(kind), wanted: int64(right)}
	if err := s.measure(ctx, &asked); err != nil {
		return nil, "", err
	}
	asked.near.Few = false
	return s.searchReachable(ctx, asked, after, limit)
}

// Through is the same store with something between it and the database.
func (s *Store) Through(between func(sqlc.DBTX) sqlc.DBTX) *Store {
	return newStore(s.pool, sqlc.New(between(s.pool)))
}

// On is a store on another pool.
func (s *Store) On(pool *pgxpool.Pool) *Store { return newStore(pool, sqlc.New(pool)) }

// ChecksWaiting is how many checks wait for a statement that they may share.
func (s *Store) ChecksWaiting() int {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	return len(s.checks.waiting)
}

// ChecksAtOnce is how many statements for checks may run at the same time.
func (s *Store) ChecksAtOnce() int { return s.checks.allowed }
