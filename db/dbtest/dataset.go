package dbtest

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A Dataset is an organization of a given size, the same for the same seed: a tenth as many groups as members, nested to
// depth 5, four of them around each member; six times as many resources, half as many projects among them, a fifth of which
// every member may open; ten times as many grants, the members' roles among them.
type Dataset struct {
	Slug    string
	Members int
	Seed    int64
}

//go:embed dataset.sql
var datasetSQL string

// Load writes a dataset into a migrated database, as its superuser, in one transaction. Triggers and foreign keys rest while
// it is written; then the keys are made anew, so that nothing false stays in.
func (d Dataset) Load(ctx context.Context, pool *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		// what the sizes and the seed are, for the statements
		settings := fmt.Sprintf("SET LOCAL bench.slug = '%s'; SET LOCAL bench.members = '%d'; SET LOCAL bench.seed = '%d'", d.Slug, d.Members, d.Seed)
		if _, err := tx.Exec(ctx, settings); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, datasetSQL)
		return err
	})
	if err != nil {
		return fmt.Errorf("dataset %s: %w", d.Slug, err)
	}
	_, err = pool.Exec(ctx, "VACUUM (ANALYZE)")
	return err
}
