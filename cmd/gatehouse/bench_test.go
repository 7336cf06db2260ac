package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
	"gatehouse/db/embedded"
)

// BenchmarkGatehouse measures the real program on two databases of the same shape, one ten times the other, and prints one
// table (docs/performance.md). Everything that is compared takes turns in every round, and a figure is the median of the rounds:
// on a machine that others use, believe the ratios.
func BenchmarkGatehouse(b *testing.B) {
	o := benchOptions(b)
	bench := startBench(b, o)
	report := &report{}
	if o.only != "lists" {
		bench.decisions(report)
	}
	if o.only != "decisions" {
		bench.lists(report)
	}
	report.memory(bench.large.program, bench.small.program)
	report.print(os.Stdout)
	b.ReportMetric(0, "ns/op") // one run is the whole table
}

// Sizes come from the environment, so that a quick run is possible.
type benchSizes struct {
	members int           // of the large database; the small one has a tenth
	rounds  int           // of which the median is taken
	each    time.Duration // how long one figure of a round is measured
	folder  string        // where databases stay for the next run; empty for a temporary one
	only    string        // decisions or lists; empty for both
}

func benchOptions(b *testing.B) benchSizes {
	o := benchSizes{members: 100_000, rounds: 5, each: time.Second, folder: os.Getenv("GATEHOUSE_BENCH_DATA"), only: os.Getenv("GATEHOUSE_BENCH_ONLY")}
	number := func(name string, into *int) {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				b.Fatalf("%s is %q and should be a number", name, text)
			}
			*into = n
		}
	}
	number("GATEHOUSE_BENCH_MEMBERS", &o.members)
	number("GATEHOUSE_BENCH_ROUNDS", &o.rounds)
	ms := int(o.each / time.Millisecond)
	number("GATEHOUSE_BENCH_MS", &ms)
	o.each = time.Duration(ms) * time.Millisecond
	return o
}

// A bench is the programs that are measured, on one private PostgreSQL.
type bench struct {
	*testing.B
	benchSizes
	small, large side
}

// A side is one database, the program on it, and the bare handler on it.
type side struct {
	members int
	url     string
	pool    *pgxpool.Pool
	store   *db.Store
	program *program
	bare    *exec.Cmd
	at      string // host and port of the bare handler
	token   string
	allow   []benchQuestion
	deny    []benchQuestion
}

const (
	benchOrg  = "bench"  // as many members as the database has users, but for those of the other
	littleOrg = "little" // 1,000 members, beside it
)

func startBench(b *testing.B, o benchSizes) *bench {
	if o.folder == "" {
		o.folder = filepath.Dir(newData(b))
	}
	server, err := embedded.Start(b.Context(), filepath.Join(o.folder, "data"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop() })
	return &bench{B: b, benchSizes: o, small: startSide(b, server, o.members/10), large: startSide(b, server, o.members)}
}

func startSide(b *testing.B, server *embedded.Server, members int) side {
	name := fmt.Sprintf("bench_%d", members)
	s := side{members: members, url: strings.Replace(server.URL(), "/gatehouse?", "/"+name+"?", 1)}
	s.fill(b, server, name)
	var err error
	if s.store, err = db.Open(b.Context(), s.url); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.store.Close)
	org, err := s.store.FindOrganizationBySlug(b.Context(), benchOrg)
	if err != nil {
		b.Fatal(err)
	}
	if s.token, err = s.store.CreateAPIToken(b.Context(), operator, org.ID, db.NewAPIToken{Name: time.Now().String(), Scopes: []string{"decide"}}); err != nil {
		b.Fatal(err)
	}
	s.draw(b, org.ID)
	s.program = startProgram(b, newData(b), "--database-url", s.url)
	s.startBare(b)
	return s
}

// fill makes and loads a database that is not there yet.
func (s *side) fill(b *testing.B, server *embedded.Server, name string) {
	ctx := b.Context()
	conn, err := pgx.Connect(ctx, server.URL())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		b.Fatal(err)
	}
	if !there {
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
			b.Fatal(err)
		}
	}
	store, err := db.Open(ctx, s.url)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	if s.pool, err = pgxpool.New(ctx, s.url); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.pool.Close)
	for _, one := range []dbtest.Dataset{{Slug: littleOrg, Members: 1000, Seed: 1}, {Slug: benchOrg, Members: s.members, Seed: 1}} {
		if _, err := store.FindOrganizationBySlug(ctx, one.Slug); err == nil {
			continue
		}
		started := time.Now()
		if err := one.Load(ctx, s.pool); err != nil {
			b.Fatal(err)
		}
		fmt.Printf("loaded %s of %s: %d members in %v\n", one.Slug, name, one.Members, time.Since(started).Round(time.Millisecond))
	}
}

// draw picks the questions of the benchmark: half of them allowed, half denied.
func (s *side) draw(b *testing.B, org access.ID) {
	const questions = `SELECT subject::text, resource::text, kind FROM (
		SELECT person.user_id AS subject, r.id AS resource, r.kind,
		       (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(person.user_id, r.id) AS p) & $2::bigint <> 0 AS allowed
		FROM resources r TABLESAMPLE SYSTEM ($3)
		JOIN LATERAL (SELECT COALESCE(g.user_id, (SELECT gm.user_id FROM group_members gm WHERE gm.org_id = $1 AND gm.group_id = g.group_id LIMIT 1)) AS user_id
		              FROM grants g WHERE g.org_id = $1 AND g.resource_id = r.id AND $4
		            UNION ALL
		              SELECT m.user_id FROM memberships m WHERE m.org_id = $1 AND NOT $4 AND m.user_id > r.id) AS person ON person.user_id IS NOT NULL
		WHERE r.org_id = $1 AND r.kind IN ('project', 'package', 'dataset') AND r.access_mode = 'restricted') AS drawn
		WHERE allowed = $4 LIMIT 2000`
	for _, allowed := range []bool{true, false} {
		rows, err := s.pool.Query(b.Context(), questions, org, int64(access.View), min(100, 2_000_000/float64(s.members*6)*1), allowed)
		if err != nil {
			b.Fatal(err)
		}
		drawn, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (q benchQuestion, err error) {
			err = row.Scan(&q.subject, &q.resource, &q.kind)
			q.allowed = allowed
			return q, err
		})
		if err != nil || len(drawn) < 50 {
			b.Fatalf("%d questions, allowed %v: %v", len(drawn), allowed, err)
		}
		if allowed {
			s.allow = drawn
		} else {
			s.deny = drawn
		}
	}
}

// startBare starts the bare handler as a process of its own, like the program: this binary again.
func (s *side) startBare(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	said := &transcript{}
	s.bare = exec.CommandContext(context.Background(), self)
	s.bare.Env, s.bare.Stdout, s.bare.Stderr = append(os.Environ(), bareVariable+"="+s.url), said, os.Stderr
	if err := s.bare.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = s.bare.Process.Kill()
		_ = s.bare.Wait()
	})
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(said.String(), "\n"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatal("the bare handler does not start")
		}
	}
	s.at = strings.TrimSpace(said.String())
}
