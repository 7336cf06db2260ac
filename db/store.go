// Package db is the only way to PostgreSQL. A Store reads what pages and services ask for, and changes things in one
// way only (change.go): under the organization's lock, judged by package access, with its audit event.
package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Store is safe for use by many requests at once, and by many programs on one database.
type Store struct {
	pool   *pgxpool.Pool
	q      *sqlc.Queries
	checks *coalescer
	tally  *tally
	stays  *together    // the transaction that this Store stands in; nil for one that opens its own
	vault  *vault       // nil where no key was given
	files  *blob.Bucket // nil where no place for files was given
	post   *office      // nil where no mail is sent

	previews chan struct{} // holds one for each that is under way; nil inside a transaction, which has its connection
}

// Open connects to the database at url. It does not migrate.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL is not a connection string that PostgreSQL understands: %w", err)
	}
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.AfterConnect = prepared
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("the database does not answer: %w", err)
	}
	return newStore(pool, sqlc.New(pool)), nil
}

// prepared makes a connection ours. It keeps the plan of a statement: our statements are written so that one plan suits all
// who ask, and making one for the rights of a person costs more than most statements do. An import and a preview take that back for themselves.
func prepared(ctx context.Context, conn *pgx.Conn) error {
	knowIDs(conn.TypeMap())
	_, err := conn.Exec(ctx, "SET plan_cache_mode = force_generic_plan")
	return err
}

// newStore gives checks a quarter of the connections, and previews another, and never less than one: each check of many that share a statement costs the
// database a third of one alone (docs/decisions/0008).
func newStore(pool *pgxpool.Pool, q *sqlc.Queries) *Store {
	counted, quarter := &tally{}, max(1, int(pool.Config().MaxConns)/4)
	return &Store{pool: pool, q: q, tally: counted, checks: &coalescer{q: q, tally: counted, allowed: quarter}, previews: make(chan struct{}, quarter)}
}

// Close ends all connections, after what runs on them has finished.
func (s *Store) Close() { s.pool.Close() }

// Ready tells whether the database answers and has the schema of this program.
func (s *Store) Ready(ctx context.Context) error {
	applied, err := schemaVersion(ctx, s.pool)
	if err != nil {
		return err
	}
	if want := newestMigration(); applied != want {
		return fmt.Errorf("the schema is at version %d and this program needs %d", applied, want)
	}
	return nil
}

// found turns the absence of a row into access.ErrNotFound.
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return access.ErrNotFound
	}
	return err
}

// violates tells whether err is the breach of a constraint or unique index with one of these names.
func violates(err error, names ...string) bool {
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) {
		return false
	}
	for _, name := range names {
		if pgErr.ConstraintName == name {
			return true
		}
	}
	return false
}

// optional is NULL for no ID.
func optional(id access.ID) *access.ID {
	if id == "" {
		return nil
	}
	return &id
}

// required is no ID for NULL.
func required(id *access.ID) access.ID {
	if id == nil {
		return ""
	}
	return *id
}

// Unreachable tells whether a failure says that the database could not be asked, rather than what it answered.
func Unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	var answer *pgconn.PgError
	if errors.As(err, &answer) { // 57P: it is shutting down or starting; 53: it has no room
		return strings.HasPrefix(answer.Code, "57P") || strings.HasPrefix(answer.Code, "53")
	}
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.Timeout(err)
}
