package web

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/db"
	"gatehouse/db/dbtest"
	"gatehouse/web/api"
	"gatehouse/web/oidc/oidctest"
	"gatehouse/web/rest"
	"gatehouse/web/scim"
)

// password is that of every account of the world.
const password = "correct horse battery"

// hiddenSecret is the value of acme's secret "password".
const hiddenSecret = "hunter2 <hunter2> and more"

// hiddenFile is what acme's artifact holds.
const hiddenFile = "<script>alert('hidden file')</script>"

// actors are the columns of the table of routes, in this order.
var actors = []string{"anonymous", "outsider", "member", "group admin", "auditor", "owner", "admin", "deactivated"}

// A world is a server on a database of its own with two organizations, acme and globex, in which every actor has a
// live session. Its ids are those of the template that all worlds are copies of.
type world struct {
	t       testing.TB
	server  *Server
	store   *db.Store
	pool    *pgxpool.Pool     // for what a test must see or break behind the Store's back
	ids     map[string]string // "tara" is a user's id, "alpha" a project's; "invitation token" a token
	tokens  map[string]string // of the actors' sessions
	address string            // from which requests come
	log     *strings.Builder  // what the server wrote
}

// The template is made once: copying a database costs 30 ms, filling it costs ten times as much.
var (
	fill     sync.Once
	template world // ids and tokens of all worlds; server is the one whose parts are copied
	source   string
	copies   atomic.Int64
)

// newWorld makes a world as the template has it.
func newWorld(t testing.TB) *world {
	t.Helper()
	fill.Do(func() { makeTemplate(t) })
	if source == "" {
		t.Fatal("the template of all worlds could not be made")
	}
	log := &strings.Builder{}
	w := &world{t: t, ids: maps.Clone(template.ids), tokens: maps.Clone(template.tokens), address: "192.0.2.1:4711", log: log}
	w.server = w.newServer(nil)
	w.restore()
	return w
}

func (w *world) newServer(store *db.Store) *Server {
	w.t.Helper()
	base := &url.URL{Scheme: "http", Host: "gatehouse.test"}
	server, err := New(store, Options{BaseURL: base, SignOns: oidctest.Loopback}, slog.New(slog.NewTextHandler(&lockedWriter{to: w.log}, nil)))
	if err != nil {
		w.t.Fatal(err)
	}
	return server
}

// replica is the same world behind another server: a program of its own on the same database.
func (w *world) replica() *world {
	w.t.Helper()
	store, err := db.Open(w.t.Context(), w.pool.Config().ConnString())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(store.Close)
	other := *w
	other.store, other.server = store, w.newServer(store)
	return &other
}

type lockedWriter struct {
	sync.Mutex
	to *strings.Builder
}

func (l *lockedWriter) Write(line []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.to.Write(line)
}

// restore gives the world a fresh copy of the template.
func (w *world) restore() {
	w.t.Helper()
	ctx := context.Background()
	name := fmt.Sprintf("world_%d", copies.Add(1))
	copyDatabase(w.t, name)
	address := strings.Replace(source, databaseOf(source), name, 1)
	store, err := db.Open(ctx, address)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := dbtest.CopyFiles(databaseOf(source), name); err != nil {
		w.t.Fatal(err)
	}
	if err := dbtest.Furnish(ctx, store, name); err != nil {
		w.t.Fatal(err)
	}
	pool, err := pgxpool.New(ctx, address)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.pool == nil {
		w.t.Cleanup(w.close)
	} else {
		w.close()
	}
	w.store, w.pool = store, pool
	w.server.store, w.server.sessions.store = store, store
	*w.server.api = *api.New(store, w.server.options.BaseURL) // the routes hold on to both
	*w.server.rest = *rest.New(store, w.server.acceptanceLink)
	*w.server.scim = *scim.New(store, w.server.link)
	w.exec(signedInNow)
}

// signedInNow lets everybody have signed in just now, however long ago the template was made: what asks for a recent sign-in
// asks nobody.
const signedInNow = `UPDATE sessions SET (created_at, last_seen_at) = (SELECT sessions.created_at + age, sessions.last_seen_at + age
	FROM (SELECT now() - max(created_at) AS age FROM sessions) AS template)`

func (w *world) close() {
	w.store.Close()
	w.pool.Close()
}

// databaseOf is the name of the database in a connection string.
func databaseOf(address string) string { return regexp.MustCompile(`test_\d+`).FindString(address) }

func copyDatabase(t testing.TB, name string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, strings.Replace(source, databaseOf(source), "postgres", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err = conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+databaseOf(source)+" STRATEGY file_copy"); err != nil {
		t.Fatal(err)
	}
}

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

// fillIn puts ids and tokens in the place of their names in braces. A name that nobody knows is a mistake in the test.
func (w *world) fillIn(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		id, ok := w.ids[strings.Trim(name, "{}")]
		if !ok {
			w.t.Fatalf("nobody is named %s in this world", name)
		}
		return id
	})
}

// count asks the database for a number.
func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var number int
	if err := w.pool.QueryRow(context.Background(), query, args...).Scan(&number); err != nil {
		w.t.Fatal(err)
	}
	return number
}

func (w *world) events() int { return w.count(`SELECT count(*) FROM audit_events`) }

// exec changes what no page changes, past the guards of the audit log.
func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// checksums gives one sum for each table, history included. When somebody or a token was last seen, and what the
// next page says once, are left out.
func (w *world) checksums() map[string]string {
	w.t.Helper()
	ctx := context.Background()
	rows, _ := w.pool.Query(ctx, `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'history')
		AND tablename <> 'people'`) // which repeats the others, and who was seen when
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	var parts []string
	for _, table := range tables {
		without := "'last_seen_at' - 'flash' - 'last_used_at'"
		if table == "public.sessions" { // which begin when a world is restored
			without += " - 'created_at'"
		}
		parts = append(parts, fmt.Sprintf(`SELECT '%s', (SELECT COALESCE(md5(string_agg(line, ',' ORDER BY line)), '') FROM
			(SELECT (to_jsonb(t) - %s)::text AS line FROM %s t) AS lines)`, table, without, table))
	}
	rows, _ = w.pool.Query(ctx, strings.Join(parts, " UNION ALL "))
	sums := map[string]string{}
	var table, sum string
	_, err = pgx.ForEachRow(rows, []any{&table, &sum}, func() error { sums[table] = sum; return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	return sums
}

// mustBeAsBefore fails where a table is not what it was, and says which.
func (w *world) mustBeAsBefore(before map[string]string, what string) bool {
	w.t.Helper()
	same := true
	for table, sum := range w.checksums() {
		if before[table] != sum {
			w.t.Errorf("%s changed %s", what, table)
			same = false
		}
	}
	return same
}
