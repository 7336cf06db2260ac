package db_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

func TestMigrationNumbersAreUniqueAndHaveNoGaps(t *testing.T) {
	files, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files { // sorted by name
		number, why, _ := strings.Cut(file.Name(), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 || len(number) != 4 || !strings.HasSuffix(why, ".sql") {
			t.Errorf("%s should have the number %04d", file.Name(), i+1)
		}
		text, err := os.ReadFile("migrations/" + file.Name())
		if err != nil || !strings.HasPrefix(string(text), "-- ") {
			t.Errorf("%s does not begin with its why", file.Name())
		}
	}
}

func openAt(t *testing.T, url string) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

func poolAt(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func TestFourProgramsThatMigrateAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	url := dbtest.Empty(t)
	var programs []func() error
	for range 4 {
		store := openAt(t, url)
		if err := store.Ready(t.Context()); err == nil {
			t.Error("an empty database is ready")
		}
		programs = append(programs, func() error { return store.Migrate(t.Context()) })
	}
	must(t, together(programs...)...)
	d := &dbtest.Database{Store: openAt(t, url), Pool: poolAt(t, url)}
	if err := d.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if twice := number(t, d, "SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version"); twice != 0 {
		t.Errorf("%d migrations were applied twice", twice)
	}
	d.Organization(t, "acme") // it works
}

func TestASchemaThatIsNewerThanTheProgramIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if err := commit(t, d, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("Migrate: %v", err)
	}
	if err := d.Ready(t.Context()); err == nil {
		t.Error("Ready says nothing")
	}
}

// storedRoles are the built-in roles as the database decides by them.
func storedRoles(t *testing.T, d *dbtest.Database) map[string]string {
	stored := map[string]string{}
	for _, line := range columnOf(t, d, "SELECT concat_ws(' ', id, kind, name, here, below, below_modules, added_at_full_reach) FROM roles WHERE org_id IS NULL") {
		id, rest, _ := strings.Cut(line, " ")
		stored[id] = rest
	}
	return stored
}

func TestTheStoredRolesAreThoseOfTheProgram(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	compare := func(when string) {
		stored := storedRoles(t, d)
		for _, role := range access.Roles() {
			want := fmt.Sprint(role.Kind, role.Name, int64(role.Here), int64(role.Below), int64(role.BelowOnModules()), int64(role.AddedAtFullReach()))
			if got := strings.ReplaceAll(stored[role.ID], " ", ""); got != strings.ReplaceAll(want, " ", "") {
				t.Errorf("%s: %s is stored as %q, want %q", when, role.ID, stored[role.ID], want)
			}
		}
		if len(stored) != len(access.Roles()) {
			t.Errorf("%s: %d roles are stored, want %d", when, len(stored), len(access.Roles()))
		}
	}
	compare("in a new database")
	if err := commit(t, d, "UPDATE roles SET here = -1, below = 0 WHERE kind = 'organization'; UPDATE roles SET here = 0, below = 0 WHERE kind = 'project'; DELETE FROM roles WHERE id = 'module/user'"); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	compare("after a start with other ones stored")
}

// The roles are also what the oracle's table says, which was written without looking at them (oracle_reading_test.go).
func TestTheRolesOfTheProgramAreThoseOfTheOracle(t *testing.T) {
	for _, role := range access.Roles() {
		want := contentRights[role.Name]
		if !role.Kind.Owned() {
			want = hereOnContainers[string(role.Kind)+" "+role.Title]
		}
		if got := wordsOf(int64(role.Here)); got != wordsOf(bitsOf(strings.Fields(want))) || got == "" {
			t.Errorf("%s gives %q, and the design says %q", role.ID, got, want)
		}
		if below := belowContainers[string(role.Kind)+" "+role.Title]; !role.Kind.Owned() && wordsOf(int64(role.Below)) != wordsOf(bitsOf(strings.Fields(below))) {
			t.Errorf("%s gives %q below, and the design says %q", role.ID, role.Below, below)
		}
		if role.Kind.Owned() && role.Below != role.Here {
			t.Errorf("%s gives %q here and %q below", role.ID, role.Here, role.Below)
		}
	}
}

// What goes takes its edges along by their keys, under the organization's lock: each key needs an index that begins with
// one of its columns, or every removal reads a whole table.
func TestRemovingAMemberAGroupOrAResourceReadsNoWholeTable(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	missing := columnOf(t, d, `
		SELECT k.conname::text FROM pg_constraint k
		WHERE k.contype = 'f' AND k.confrelid IN ('memberships'::regclass, 'groups'::regclass, 'resources'::regclass, 'invitations'::regclass)
		AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = ANY (k.conkey)
			AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) LIKE '(% IS NOT NULL)'))`)
	for _, key := range missing {
		t.Errorf("%s has no index", key)
	}
}
