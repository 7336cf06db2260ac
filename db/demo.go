package db

import (
	"context"
	"errors"

	"gatehouse/access"
)

// ErrNotDemo says that the database holds something else than a whole demo.
var ErrNotDemo = errors.New("the demo is refused on a database that holds anything else")

// StartDemo marks an empty database as the demo's, to be loaded now (fresh is true), or finds the demo loaded already.
func (s *Store) StartDemo(ctx context.Context) (fresh bool, err error) {
	started, err := s.q.StartDemo(ctx)
	if err != nil || started > 0 {
		return started > 0, err
	}
	loaded, err := s.q.FindDemo(ctx)
	if err = found(err); errors.Is(err, access.ErrNotFound) {
		return false, ErrNotDemo
	}
	if err == nil && !loaded {
		return false, errors.New("the demo was interrupted while it loaded: remove the data folder and start again")
	}
	return false, err
}

// FinishDemo marks the demo as loaded.
func (s *Store) FinishDemo(ctx context.Context) error { return s.q.FinishDemo(ctx) }
