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
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
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

// makeTemplate fills the database that all worlds are copies of.
func makeTemplate(t testing.TB) {
	d := dbtest.New(t)
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	acme, globex := d.Organization(t, "acme"), d.Organization(t, "globex")
	template.ids, template.tokens = map[string]string{}, map[string]string{}
	name := func(key string, id access.ID) access.ID { template.ids[key] = string(id); return id }
	user := func(id access.ID) access.Ref { return access.Ref{Type: "user", ID: id} }
	group := func(id access.ID) access.Ref { return access.Ref{Type: "group", ID: id} }

	// acme: its people, a group with a group inside, a project with a package, grants and an invitation
	admin := name("admin", acme.Admin)
	plain := name("plain", acme.Member("plain", "member"))
	grace := name("grace", acme.Member("grace", "member"))
	audra := name("audra", acme.Member("audra", "auditor"))
	moda := name("moda", acme.Member("moda", "modeler"))
	tara := name("tara", acme.Member("tara", "member"))
	dan := name("dan", acme.Member("dan", "modeler"))
	name("second", acme.Member("second", "admin")) // nobody is the last Admin
	research := name("research", acme.Group("Research", tara, dan))
	must(d.AddToGroup(ctx, dbtest.By(admin), acme.ID, research, []access.Ref{user(grace)}, access.GroupAdmin))
	inner := name("inner", acme.Group("Inner", tara))
	for _, group := range []access.ID{research, inner} { // an Admin of the organization is in neither
		must(d.RemoveGroupMember(ctx, dbtest.By(admin), acme.ID, group, admin))
	}
	acme.AddToGroup(research, group(inner))
	name("board", acme.Group("Board"))
	alpha := name("alpha", acme.Project("Alpha", moda))
	name("pack", acme.Inside(alpha, access.Package, "Pack", moda))
	holding := func(key string, kind access.Kind, content map[string]string) {
		made := db.NewResource{Kind: kind, Parent: alpha, Name: key, Content: content}
		id, err := d.CreateResource(ctx, dbtest.By(moda), acme.ID, made)
		must(err)
		name(key, id)
	}
	holding("figures", access.Dataset, map[string]string{"location": "s3://lake/first"})
	holding("dashboard", access.Release, map[string]string{"url": "https://dashboard.example.org/hidden-address"})
	holding("rate", access.Constant, map[string]string{"value": "hidden-value"})
	secret, err := d.CreateResource(ctx, dbtest.By(moda), acme.ID, db.NewResource{Kind: access.Secret, Parent: alpha, Name: "password", Secret: hiddenSecret})
	must(err)
	name("password", secret)
	bucket := name("bucket", acme.Inside(alpha, access.Bucket, "Files", moda))
	artifact, err := d.UploadArtifact(ctx, dbtest.By(moda), acme.ID, db.NewResource{Parent: bucket},
		db.Upload{Name: "report.html", Content: strings.NewReader(hiddenFile), Limit: 1000})
	must(err)
	name("artifact", artifact)
	acme.Grant(moda, alpha, group(research), "viewer")
	acme.Grant(moda, alpha, user(tara), "editor")
	name("workspace", acme.Module)
	yard, err := d.CreateResource(ctx, dbtest.By(admin), acme.ID, db.NewResource{Kind: access.Module, Parent: acme.ID, Name: "Yard"})
	must(err)
	name("yard", yard)
	name("invitation token", access.ID(invite(t, d, acme, "newcomer@invited.test")))
	must(d.DeactivateMember(ctx, dbtest.By(admin), acme.ID, dan))

	// globex: one of each kind that acme has
	outsider := name("outsider", globex.Admin)
	gil := name("gil", globex.Member("gil", "modeler"))
	gamma := name("gamma", globex.Group("Gamma", gil))
	beta := name("beta", globex.Project("Beta", gil))
	globex.Grant(gil, beta, user(outsider), "viewer")
	globex.Grant(gil, beta, group(gamma), "viewer")
	name("globex workspace", globex.Module)
	invite(t, d, globex, "somebody@invited.test")
	name("acme", acme.ID)
	name("globex", globex.ID)

	for key, at := range map[string]struct{ org, project, by access.ID }{"template": {acme.ID, alpha, moda}, "globex template": {globex.ID, beta, gil}} {
		id, err := d.CreateTemplate(ctx, dbtest.By(at.by), at.org, at.project, "Analyst", access.View|access.Query)
		must(err)
		name(key, id)
	}

	wish := db.AskedAccess{Role: "viewer", Days: 7, Message: "hidden message"}
	mine, err := d.RequestAccess(ctx, dbtest.By(plain), acme.ID, alpha, wish)
	must(err)
	name("request", mine)
	theirs, err := d.RequestAccess(ctx, dbtest.By(globex.Member("gus", "member")), globex.ID, beta, wish)
	must(err)
	name("globex request", theirs)

	one := func(key, query string, args ...any) {
		var id string
		must(d.Pool.QueryRow(ctx, query, args...).Scan(&id))
		template.ids[key] = id
	}
	one("grant", `SELECT id::text FROM grants WHERE resource_id = $1 AND user_id = $2`, alpha, tara)
	one("globex grant", `SELECT id::text FROM grants WHERE resource_id = $1 AND user_id = $2`, beta, outsider)
	one("role grant", `SELECT id::text FROM grants WHERE org_id = $1 AND user_id = $2 AND resource_kind = 'organization'`, acme.ID, tara)
	one("invitation", `SELECT id::text FROM invitations WHERE org_id = $1 AND accepted_at IS NULL`, acme.ID)
	one("globex invitation", `SELECT id::text FROM invitations WHERE org_id = $1 AND accepted_at IS NULL`, globex.ID)
	one("version", `SELECT acl_version::text FROM resources WHERE id = $1`, alpha)

	for org, admin := range map[string]access.ID{"acme": acme.Admin, "globex": globex.Admin} {
		asked := db.NewAPIToken{Name: "Loader of " + org, Scopes: []string{"decide"}}
		_, err := d.CreateAPIToken(ctx, dbtest.By(admin), access.ID(template.ids[org]), asked)
		must(err)
	}
	one("api token", `SELECT id::text FROM api_tokens WHERE org_id = $1`, acme.ID)
	one("globex api token", `SELECT id::text FROM api_tokens WHERE org_id = $1`, globex.ID)

	// The ways in
	hash, err := hashPassword(password)
	must(err)
	_, err = d.Pool.Exec(ctx, `INSERT INTO accounts (user_id, password_hash) SELECT id, $1 FROM users
		ON CONFLICT (user_id) DO UPDATE SET password_hash = EXCLUDED.password_hash`, hash)
	must(err)
	setup, err := d.MakeSetupToken(ctx)
	must(err)
	name("setup token", access.ID(setup))
	link, err := d.MakeSignInLink(ctx, plain, time.Hour, false)
	must(err)
	name("link token", access.ID(link))
	sessions := map[string]access.ID{"outsider": outsider, "member": plain, "group admin": grace, "auditor": audra, "owner": moda,
		"admin": admin, "deactivated": dan, "tara": tara, "gil": gil}
	for actor, id := range sessions {
		template.tokens[actor], err = d.StartSession(ctx, id, "192.0.2.1", "test")
		must(err)
	}
	one("tara's session", `SELECT id::text FROM sessions WHERE user_id = $1`, tara)
	_, err = d.Pool.Exec(ctx, `INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, name)
		VALUES ($1, 'tara', 'none', 0, '{}', false, false, 'Hidden phone')`, tara)
	must(err)
	one("tara's passkey", `SELECT id::text FROM passkeys`)
	one("gil's session", `SELECT id::text FROM sessions WHERE user_id = $1`, gil)
	d.Store.Close()
	d.Pool.Close()
	source = d.URL
}

func invite(t testing.TB, d *dbtest.Database, org *dbtest.Organization, email string) string {
	t.Helper()
	token, err := d.Invite(t.Context(), dbtest.By(org.Admin), org.ID, db.NewInvitation{Email: email, Role: "member", Message: "Come and join us."})
	if err != nil {
		t.Fatal(err)
	}
	return token
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
