package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
	"gatehouse/db/internal/sqlc"
)

// A saboteur stands between a store and its database, and breaks the nth statement in one way.
type saboteur struct {
	sqlc.DBTX
	how   string
	nth   int
	count *int
}

func (s saboteur) breaks() bool {
	*s.count++
	return *s.count == s.nth
}

// context is one under which the statement cannot succeed.
func (s saboteur) context(ctx context.Context) context.Context {
	switch s.how {
	case "panic":
		panic("a fault")
	case "timeout":
		late, cancel := context.WithTimeout(ctx, -time.Second)
		cancel()
		return late
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	return over
}

func (s saboteur) Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error) {
	if !s.breaks() {
		return s.DBTX.Exec(ctx, text, args...)
	}
	if s.how == "error" {
		return s.DBTX.Exec(ctx, "SELECT 1/0")
	}
	return s.DBTX.Exec(s.context(ctx), text, args...)
}

func (s saboteur) Query(ctx context.Context, text string, args ...any) (pgx.Rows, error) {
	if !s.breaks() {
		return s.DBTX.Query(ctx, text, args...)
	}
	if s.how == "error" {
		return s.DBTX.Query(ctx, "SELECT 1/0")
	}
	return s.DBTX.Query(s.context(ctx), text, args...)
}

func (s saboteur) QueryRow(ctx context.Context, text string, args ...any) pgx.Row {
	if !s.breaks() {
		return s.DBTX.QueryRow(ctx, text, args...)
	}
	if s.how == "error" {
		return s.DBTX.QueryRow(ctx, "SELECT 1/0")
	}
	return s.DBTX.QueryRow(s.context(ctx), text, args...)
}

func TestAFaultInAnyStatementOfACheckNeverAllows(t *testing.T) {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	project := acme.Project("Alpha", acme.Admin)
	acme.Inside(project, access.Package, "Core", acme.Admin)
	token, err := d.CreateAPIToken(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewAPIToken{Name: "robot", Scopes: []string{"decide"}})
	if err != nil {
		t.Fatal(err)
	}
	asked := db.Asked{Subject: db.Name{Type: "user", ID: "admin@acme.test"}, Resource: db.Name{Type: "package", ID: "core"}, Right: access.Edit}
	checks := map[string]func(*db.Store) (bool, error){
		"single": func(s *db.Store) (bool, error) {
			_, made, err := s.Decide(t.Context(), token, asked)
			return made.Allowed || made.Rights != 0, err
		},
		"batch": func(s *db.Store) (bool, error) {
			_, made, err := s.DecideEach(t.Context(), token, []db.Asked{asked, asked})
			return len(made) > 0 && made[0].Allowed, err
		},
		"explanation": func(s *db.Store) (bool, error) {
			made, paths, err := s.ExplainDecisions(t.Context(), acme.ID, []db.Asked{asked}, []db.Decision{{Known: true, Subject: acme.Admin, Resource: project}})
			return len(paths) > 0 && made[0].Allowed, err
		},
		"shell": func(s *db.Store) (bool, error) {
			made, _, err := s.Check(t.Context(), "acme", asked)
			return made.Allowed, err
		},
		"users": func(s *db.Store) (bool, error) {
			hits, _, err := s.SearchUsers(t.Context(), acme.ID, project, access.Edit, "", 10)
			return len(hits) > 0, err
		},
		"resources": func(s *db.Store) (bool, error) {
			hits, _, err := s.SearchResources(t.Context(), acme.ID, acme.Admin, access.Package, access.Edit, "", 10)
			return len(hits) > 0, err
		},
	}
	for name, check := range checks {
		for _, how := range []string{"error", "timeout", "cancel", "panic"} {
			broken := 0
			for nth := 1; ; nth++ {
				if _, err := d.Pool.Exec(t.Context(), "UPDATE api_tokens SET last_used_at = NULL"); err != nil {
					t.Fatal(err)
				}
				count := 0
				allowed, err := try(check, d.Through(func(between sqlc.DBTX) sqlc.DBTX { return saboteur{between, how, nth, &count} }))
				if count < nth {
					if !allowed || err != nil {
						t.Errorf("%s without a fault: %v %v", name, allowed, err)
					}
					break
				}
				if broken++; allowed || err == nil {
					t.Errorf("%s, %s in statement %d: allowed %v, error %v", name, how, nth, allowed, err)
				}
			}
			if broken == 0 {
				t.Errorf("%s asks nothing that could break", name)
			}
		}
	}
}

// try makes an error of a panic, as package web does.
func try(check func(*db.Store) (bool, error), store *db.Store) (allowed bool, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			allowed, err = false, errors.Join(err, fmt.Errorf("panic: %v", cause))
		}
	}()
	return check(store)
}
