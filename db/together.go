package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// together is what a transaction of several steps remembers.
type together struct {
	tx     pgx.Tx
	failed error // the first change in it that was refused
}

// Together carries out steps that change one organization in one transaction, which holds its lock from the start: what
// the steps read stands still, and all that they change happens or none of it. The Store that they get stands inside the
// transaction and is of no use afterwards. A change that fails undoes everything, even where the steps go on after it.
func (s *Store) Together(ctx context.Context, org access.ID, steps func(*Store) error) error {
	return busy(pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		inside := &Store{q: s.q.WithTx(tx), tally: s.tally, stays: &together{tx: tx}, vault: s.vault, files: s.files, post: s.post}
		if _, err := inside.q.LockOrganization(ctx, org); err != nil {
			return found(err)
		}
		if err := steps(inside); err != nil {
			return err
		}
		return inside.stays.failed
	}))
}

// begin runs the steps of one change: in the transaction that the Store stands in, or else in one of their own.
func (s *Store) begin(ctx context.Context, steps func(*sqlc.Queries, pgx.Tx) error) error {
	if s.stays == nil {
		return busy(pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
			return steps(s.q.WithTx(tx), tx)
		}))
	}
	err := steps(s.q, s.stays.tx)
	if errors.Is(err, errPreview) { // which only a transaction of its own undoes
		err = errors.New("a preview was asked for inside another change")
	}
	if s.stays.failed == nil {
		s.stays.failed = err
	}
	return err
}

// busy says of a change that waited too long for a lock that it may be tried again.
func busy(err error) error {
	var answer *pgconn.PgError
	if errors.As(err, &answer) && answer.Code == "55P03" { // lock_not_available
		return access.Busy("Another change takes long here, an import perhaps. Nothing of yours was applied. Try again in a moment.")
	}
	return err
}
