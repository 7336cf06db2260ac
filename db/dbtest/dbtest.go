// Package dbtest gives each test a database of its own on a real PostgreSQL.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/embedded"
)

const template = "gatehouse_template"

var (
	server *embedded.Server
	count  atomic.Int64
	files  string // in which each database has a folder for its files
)

// Run is what a package's TestMain calls: it starts a PostgreSQL, migrates the template of all databases, runs the
// tests and takes everything away again. It returns the exit code.
func Run(m *testing.M) int {
	ctx := context.Background()
	dir, err := os.MkdirTemp(Folder(), "gatehouse-test-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL may run as another user, who must get through
		return fail(err)
	}
	files = filepath.Join(dir, "files")
	settings := embedded.Settings{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300", "autovacuum": "off"}
	if server, err = embedded.StartWith(ctx, filepath.Join(dir, "data"), settings); err != nil {
		return fail(err)
	}
	defer server.Stop()
	if err := makeTemplate(ctx); err != nil {
		return fail(err)
	}
	go watchMemory()
	return m.Run()
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "dbtest:", err)
	return 1
}

// enoughMemory is what the databases of a package may need together, in bytes: each test has one of its own.
const enoughMemory = 12 << 30

// Folder is a folder in memory where there is enough of it, which is much quicker, and the default folder for temporary files
// otherwise: a container may have 64 MB there.
func Folder() string {
	var memory syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &memory); err == nil && memory.Bavail*uint64(memory.Bsize) >= enoughMemory {
		return "/dev/shm"
	}
	return ""
}

func makeTemplate(ctx context.Context) error {
	if err := run(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	store, err := db.Open(ctx, urlOf(template))
	if err != nil {
		return err
	}
	defer store.Close() // a template with an open connection cannot be copied
	return store.Migrate(ctx)
}

// A Database is a database of one test. It goes with the whole server: dropping it would cost more than making it.
type Database struct {
	*db.Store
	URL  string
	Pool *pgxpool.Pool // for what a test must see or break behind the Store's back
}

// New makes a migrated, empty database.
func New(t testing.TB) *Database {
	t.Helper()
	name := fmt.Sprintf("test_%d", count.Add(1))
	if err := run(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY file_copy"); err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(t.Context(), urlOf(name))
	if err != nil {
		t.Fatal(err)
	}
	if err := Furnish(t.Context(), store, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	pool, err := pgxpool.New(t.Context(), urlOf(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &Database{Store: store, URL: urlOf(name), Pool: pool}
}

// Empty makes a database without a schema and returns its connection string.
func Empty(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", count.Add(1))
	if err := run(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return urlOf(name)
}

func urlOf(database string) string {
	return strings.Replace(server.URL(), "/gatehouse?", "/"+database+"?", 1)
}

func run(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, urlOf("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// Furnish gives a store what the program gives it besides a database: a key for secrets and a place for files.
func Furnish(ctx context.Context, store *db.Store, database string) error {
	if err := store.UseSecret(Secret); err != nil {
		return err
	}
	return store.UseFiles(ctx, "file://"+filepath.Join(files, database))
}

// CopyFiles gives a copy of a database its own copy of the files, so that what one deletes the other keeps.
func CopyFiles(from, to string) error {
	return os.CopyFS(filepath.Join(files, to), os.DirFS(filepath.Join(files, from)))
}

// Secret is the server's own secret in tests.
const Secret = "only-for-tests-0123456789-0123456789"

// CountFiles counts the files that an organization keeps.
func CountFiles(t testing.TB, org access.ID) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(files, "*", string(org), "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}
