package db_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// A counter counts statements, those inside transactions too, and keeps each once to be explained.
type counter struct {
	mu    sync.Mutex
	total int
	seen  map[string]pgx.TraceQueryStartData
}

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, asked pgx.TraceQueryStartData) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total++
	if name := statementName.FindStringSubmatch(asked.SQL); name != nil {
		c.seen[name[1]] = asked
	}
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

var ofLeaving = regexp.MustCompile("Stake|Owned|Inherited|ToLeave|GiveToHeirs|TokensOf|Staying|GroupsAmong")

// explain fails for each of the statements so named whose plan reads a whole table.
func (c *counter) explain(t *testing.T, d *dbtest.Database, named, whole *regexp.Regexp) {
	t.Helper()
	for name, asked := range c.seen {
		if !named.MatchString(name) {
			continue
		}
		rows, err := d.Pool.Query(t.Context(), "EXPLAIN "+asked.SQL, asked.Args...)
		must(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		if plan := strings.Join(lines, "\n"); whole.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}

// Somebody who owns ten thousand resources leaves in as many statements as somebody who owns three.
func TestTenThousandResourcesGoInNoMoreStatementsThanThree(t *testing.T) {
	t.Parallel()
	const many = 10_000
	l := newLeaver(t)
	set := dbtest.Dataset{Slug: "large", Members: 2000, Seed: 1} // so that plans are those of a large server
	must(t, set.Load(t.Context(), l.Pool))
	few := l.leavesIn(t, l.ana, l.how())
	eve := l.acme.Member("eve", "modeler")
	first := l.acme.Project("Mine", eve)
	must(t, commit(t, l.Database, fmt.Sprintf(`INSERT INTO resources (org_id, id, kind, key, name, parent_id, path, owner_id)
		SELECT made.org_id, made.id, 'dataset', made.id, 'Set ' || made.n, '%[1]s', ARRAY['%[2]s', '%[3]s', '%[1]s', made.id]::uuid[], '%[4]s'
		FROM (SELECT '%[2]s'::uuid AS org_id, gen_random_uuid() AS id, n FROM generate_series(1, %[5]d) AS n) AS made; ANALYZE resources; `, first, l.acme.ID, l.acme.Module, eve, many)+auditSomething))
	began := time.Now()
	statements := l.leavesIn(t, eve, db.Leaving{Heir: "bo@acme.test", Heirs: map[access.ID]string{first: "cy@acme.test"}})
	t.Logf("%d resources: previewed and gone in %v and %d statements", many, time.Since(began), statements)
	if statements > few {
		t.Errorf("%d statements, and %d for three resources", statements, few)
	}
	if n := number(t, l.Database, "SELECT count(*) FROM resources WHERE owner_id = $1", l.cy); n != many+1+2 {
		t.Errorf("Cy owns %d", n)
	}
	if n := l.events(t, "resource.transferred"); n != many+1+3 {
		t.Errorf("%d transfers in the log", n)
	}
	if _, err := l.VerifyAudit(t.Context(), l.acme.ID); err != nil {
		t.Error(err)
	}
}

// leavesIn looks at all that a page shows, previews and ends a membership, and returns the number of statements.
func (l leaver) leavesIn(t *testing.T, user access.ID, how db.Leaving) int {
	t.Helper()
	c := counter{seen: map[string]pgx.TraceQueryStartData{}}
	config := l.Pool.Config()
	config.ConnConfig.Tracer = &c
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	defer pool.Close()
	s := l.On(pool)
	ctx, org := t.Context(), l.acme.ID
	_, err1 := s.CountStake(ctx, org, user)
	_, err2 := s.ListOwned(ctx, org, user, "", db.Page{})
	_, err3 := s.ListGroupsToLeave(ctx, org, user)
	_, err4 := s.ListGrantsToLeave(ctx, org, user)
	_, err5 := s.ListTokensToLeave(ctx, org, user)
	_, err6 := s.ListInvitationsToLeave(ctx, org, user)
	preview, err7 := s.PreviewLeaving(ctx, l.by(), org, user, how)
	how.Seen = preview.Seen
	must(t, err1, err2, err3, err4, err5, err6, err7, s.EndMembership(ctx, l.by(), org, user, how))
	if len(c.seen) < 15 {
		t.Errorf("only %d kinds of statement were seen", len(c.seen))
	}
	c.explain(t, l.Database, ofLeaving, wholeTable)
	return c.total
}
