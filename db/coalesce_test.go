package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
	"gatehouse/db/internal/sqlc"
)

// A gate counts the statements for several checks, and can hold or break them.
type gate struct {
	sqlc.DBTX
	together *atomic.Int64
	how      string
	held     chan struct{} // statements for one check wait for it to be closed
}

func (g gate) QueryRow(ctx context.Context, text string, args ...any) pgx.Row {
	if g.held != nil && strings.Contains(text, "name: Evaluate :one") {
		<-g.held
	}
	return g.DBTX.QueryRow(ctx, text, args...)
}

func (g gate) Query(ctx context.Context, text string, args ...any) (pgx.Rows, error) {
	if !strings.Contains(text, "name: EvaluateEach") {
		return g.DBTX.Query(ctx, text, args...)
	}
	g.together.Add(1)
	switch g.how {
	case "error":
		return g.DBTX.Query(ctx, "SELECT 1/0")
	case "panic":
		panic("a fault")
	case "timeout":
		late, cancel := context.WithTimeout(ctx, -time.Second)
		cancel()
		return g.DBTX.Query(late, text, args...)
	}
	return g.DBTX.Query(ctx, text, args...)
}

// A crowd asks more than the database answers at once.
type crowd struct {
	d     *dbtest.Database
	acme  *dbtest.Organization
	store *db.Store
	token string
	gate  gate
	asked db.Asked
	then  func() // what happens when all wait, before they go on
}

func newCrowd(t *testing.T, how string) *crowd {
	d := dbtest.New(t)
	c := &crowd{d: d, acme: d.Organization(t, "acme"), gate: gate{together: &atomic.Int64{}, how: how, held: make(chan struct{})}}
	c.acme.Project("Alpha", c.acme.Admin)
	var err error
	if c.token, err = d.CreateAPIToken(t.Context(), dbtest.By(c.acme.Admin), c.acme.ID, db.NewAPIToken{Name: "robot", Scopes: []string{"decide"}}); err != nil {
		t.Fatal(err)
	}
	c.asked = db.Asked{Subject: db.Name{Type: "user", ID: "admin@acme.test"}, Resource: db.Name{Type: "project", ID: "alpha"}, Right: access.Edit}
	c.store = d.Through(func(between sqlc.DBTX) sqlc.DBTX {
		c.gate.DBTX = between
		return c.gate
	})
	return c
}

// A heard is what one of them was told.
type heard struct {
	allowed bool
	err     error
}

// ask lets n ask while all statements that may run are held, and then go on.
func (c *crowd) ask(t *testing.T, n int, one func(i int) heard) []heard {
	answers := make([]heard, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { answers[i] = one(i) })
	}
	for deadline := time.Now().Add(60 * time.Second); c.store.ChecksWaiting() < n-c.store.ChecksAtOnce(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d wait", c.store.ChecksWaiting())
		}
	}
	if c.then != nil {
		c.then()
	}
	close(c.gate.held)
	group.Wait()
	return answers
}

func (c *crowd) decide(ctx context.Context, token string, asked db.Asked) heard {
	_, made, err := c.store.Decide(ctx, token, asked)
	return heard{made.Allowed || made.Rights != 0, err}
}

func TestChecksThatWaitShareAStatementAndEachGetsItsOwnAnswer(t *testing.T) {
	c := newCrowd(t, "")
	answers := c.ask(t, 40, func(i int) heard {
		asked, token := c.asked, c.token
		switch i % 4 {
		case 1:
			asked.Subject.ID = "nobody@acme.test"
		case 2:
			token = fmt.Sprintf("gh_wrong%d", i)
		case 3:
			asked.Resource.ID = "beta\x00"
		}
		return c.decide(t.Context(), token, asked)
	})
	for i, got := range answers {
		if want := i%4 == 0; got.allowed != want || errors.Is(got.err, access.ErrUnauthenticated) != (i%4 == 2) || i%4 != 2 && got.err != nil {
			t.Errorf("%d: %+v", i, got)
		}
	}
	if n := c.gate.together.Load(); n < 1 || n > 2 {
		t.Errorf("%d statements for all who waited", n)
	}
}

// A fault never allows, not even where a statement is shared.
func TestAFaultInASharedStatementNeverAllows(t *testing.T) {
	for _, how := range []string{"panic", "timeout"} {
		c := newCrowd(t, how)
		failed := 0
		for _, got := range c.ask(t, 20, func(int) heard { return c.decide(t.Context(), c.token, c.asked) }) {
			if got.err != nil {
				failed++
			}
			if got.allowed != (got.err == nil) {
				t.Errorf("%s: %+v", how, got)
			}
		}
		if failed != 20-c.store.ChecksAtOnce() {
			t.Errorf("%s: %d failed", how, failed)
		}
		if again := c.decide(t.Context(), c.token, c.asked); !again.allowed || again.err != nil {
			t.Errorf("after a %s: %+v", how, again)
		}
	}
}

// Where the database refuses the shared statement, everybody is asked alone.
func TestOneQuestionIsNotAnothersFailure(t *testing.T) {
	c := newCrowd(t, "error")
	for i, got := range c.ask(t, 20, func(int) heard { return c.decide(t.Context(), c.token, c.asked) }) {
		if !got.allowed || got.err != nil {
			t.Errorf("%d: %+v", i, got)
		}
	}
	if c.gate.together.Load() == 0 {
		t.Error("nothing was shared")
	}
}

func TestWhoeverStopsWaitingTakesNothingFromTheOthers(t *testing.T) {
	c := newCrowd(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	c.then = cancel
	answers := c.ask(t, 20, func(i int) heard {
		if i%2 == 0 {
			return c.decide(t.Context(), c.token, c.asked)
		}
		return c.decide(ctx, c.token, c.asked)
	})
	for i, got := range answers {
		if i%2 == 0 && (!got.allowed || got.err != nil) || i%2 == 1 && (got.allowed || got.err == nil) {
			t.Errorf("%d: %+v", i, got)
		}
	}
}

// With shared statements too: after the answer to a revoke nobody who asks then is let in, on any program.
func TestNoCheckThatStartsAfterARevokeIsLetInByASharedStatement(t *testing.T) {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	project, ana := acme.Project("Alpha", acme.Admin), acme.Member("ana", "member")
	token, err := d.CreateAPIToken(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewAPIToken{Name: "robot", Scopes: []string{"decide"}})
	if err != nil {
		t.Fatal(err)
	}
	other := openAt(t, d.URL)
	asked := db.Asked{Subject: db.Name{Type: "user", ID: "ana@acme.test"}, Resource: db.Name{Type: "project", ID: "alpha"}, Right: access.View}
	var turn atomic.Int64 // even while everything that was granted is revoked, and that was answered
	var late, early, stale atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for i := range 24 {
		store := []*db.Store{d.Store, other}[i%2]
		group.Go(func() {
			for ctx.Err() == nil {
				before := turn.Load()
				revoked := before%2 == 0
				_, made, err := store.Decide(ctx, token, asked)
				switch {
				case err != nil:
				case revoked && turn.Load() == before && made.Allowed:
					stale.Add(1)
				case revoked && turn.Load() == before:
					late.Add(1)
				case made.Allowed:
					early.Add(1)
				}
			}
		})
	}
	for range 60 {
		turn.Add(1)
		acme.Grant(acme.Admin, project, access.Ref{Type: "user", ID: ana}, "viewer")
		grants, err := d.ListGrants(t.Context(), acme.ID, project)
		if err != nil || len(grants) != 1 {
			t.Fatal(grants, err)
		}
		found, err := d.FindResource(t.Context(), acme.ID, acme.Admin, project)
		if err != nil {
			t.Fatal(err)
		}
		must(t, d.RevokeGrant(t.Context(), dbtest.By(acme.Admin), acme.ID, project, grants[0].ID, found.Version))
		turn.Add(1)
		// Until somebody was told so: how long that takes, the machine decides.
		told := func() int64 { return late.Load() + stale.Load() }
		for seen, deadline := told(), time.Now().Add(30*time.Second); told() == seen && time.Now().Before(deadline); {
			time.Sleep(100 * time.Microsecond)
		}
	}
	stop()
	group.Wait()
	if stale.Load() > 0 || late.Load() == 0 || early.Load() == 0 {
		t.Errorf("%d were let in after the revoke, %d were not, %d before it", stale.Load(), late.Load(), early.Load())
	}
}
