package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to date and writes the built-in roles. Several programs may call it at once: one
// does the work, the others wait. It refuses a schema that is newer than the program.
func (s *Store) Migrate(ctx context.Context) error {
	applied, err := schemaVersion(ctx, s.pool)
	if err != nil {
		return err
	}
	if applied > newestMigration() {
		return fmt.Errorf("the schema is at version %d, newer than the %d that this program knows: start a newer Gatehouse", applied, newestMigration())
	}
	if applied < newestMigration() {
		if err := applyMigrations(ctx, s.pool); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return s.writeRoles(ctx)
}

func applyMigrations(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	// A lock in a table: advisory locks do not survive a pooler in transaction mode.
	locker, err := lock.NewPostgresTableLocker(lock.WithTableHeartbeatInterval(2*time.Second), lock.WithTableLockTimeout(250*time.Millisecond, 480))
	if err != nil {
		return err
	}
	handle := stdlib.OpenDBFromPool(pool)
	defer func(handle *sql.DB) { _ = handle.Close() }(handle)
	provider, err := goose.NewProvider(goose.DialectPostgres, handle, files, goose.WithLocker(locker))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// schemaVersion is the number of the newest migration applied, 0 for an empty database.
func schemaVersion(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	var version int64
	err := pool.QueryRow(ctx, "SELECT COALESCE(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == "42P01" { // there is no such table yet
		return 0, nil
	}
	return version, err
}

// newestMigration is the number of the last file in migrations.
func newestMigration() int64 {
	entries, err := migrations.ReadDir("migrations")
	if err != nil || len(entries) == 0 {
		panic("no migrations are embedded")
	}
	number, _, _ := strings.Cut(entries[len(entries)-1].Name(), "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(err)
	}
	return version
}

// writeRoles stores the built-in roles as package access defines them, where they differ.
func (s *Store) writeRoles(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		for _, role := range access.Roles() {
			err := q.WriteRole(ctx, sqlc.WriteRoleParams{ID: role.ID, Kind: string(role.Kind), Name: role.Name,
				Here: int64(role.Here), Below: int64(role.Below), BelowModules: int64(role.BelowOnModules()), AddedAtFullReach: int64(role.AddedAtFullReach())})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// adminRole is the role that an organization must always have somebody in.
const adminRole = "organization/admin"
