package db_test

import (
	"slices"
	"testing"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"gatehouse/db/dbtest"
)

// What River's own migrations make of an empty database is what ours make: a newer River with another schema fails here.
func TestTheTablesOfTheJobsAreAsRiverWantsThem(t *testing.T) {
	t.Parallel()
	pool := poolAt(t, dbtest.Empty(t))
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	theirs, ours := &dbtest.Database{Pool: pool}, dbtest.New(t)
	for what, asked := range map[string]string{
		"columns": `SELECT concat_ws(' ', table_name, column_name, udt_name, column_default, is_nullable, character_maximum_length)
			FROM information_schema.columns WHERE table_name LIKE 'river\_%' AND table_name <> 'river_migration' ORDER BY 1`,
		"indexes": `SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'river\_%' AND tablename <> 'river_migration' ORDER BY 1`,
		"constraints": `SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
			WHERE conrelid::regclass::text LIKE 'river\_%' AND conrelid::regclass::text <> 'river_migration' ORDER BY 1`,
		"states":    `SELECT unnest(enum_range(NULL::river_job_state))::text`,
		"functions": `SELECT regexp_replace(prosrc, '\s+', ' ', 'g') FROM pg_proc WHERE proname LIKE 'river\_%' ORDER BY 1`,
	} {
		want, got := columnOf(t, theirs, asked), columnOf(t, ours, asked)
		if len(want) == 0 || !slices.Equal(want, got) {
			t.Errorf("%s:\n%q\nand River wants\n%q", what, got, want)
		}
	}
}
