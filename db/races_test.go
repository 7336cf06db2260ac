package db_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Races. Each test first shows that the naive way, which looks before it locks, breaks the rule in the
// database as it is; then that the Store keeps it, whoever comes first.

// rounds is how often each race is run: GATEHOUSE_ROUNDS, 10,000 for a release.
func rounds(t testing.TB, usual int) int { return dbtest.FromEnvironment(t, "GATEHOUSE_ROUNDS", usual) }

// together runs all of them at once and returns their errors in order.
func together(racers ...func() error) []error {
	var ready, done sync.WaitGroup
	start, errs := make(chan struct{}), make([]error, len(racers))
	ready.Add(len(racers))
	for i, racer := range racers {
		done.Go(func() {
			ready.Done()
			<-start
			errs[i] = racer()
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return errs
}

// exactlyOne fails unless one of the racers won, and every other was refused for one of the reasons.
func exactlyOne(t *testing.T, errs []error, reasons ...error) {
	t.Helper()
	winners := 0
	for _, err := range errs {
		if err == nil {
			winners++
		} else if !isOneOf(err, reasons) {
			t.Fatalf("a racer lost with %v", err)
		}
	}
	if winners != 1 {
		t.Fatalf("%d won: %v", winners, errs)
	}
}

func isOneOf(err error, reasons []error) bool {
	for _, reason := range reasons {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// A naiveWay looks whether all is well and then writes, as a careful programmer would who knows no lock but their own.
type naiveWay struct{ look, write string }

// naively runs transactions that all look before any of them writes, one after the other: the interleaving that the
// organization's lock forbids.
func naively(t *testing.T, d *dbtest.Database, ways ...naiveWay) []error {
	t.Helper()
	var looked sync.WaitGroup
	looked.Add(len(ways))
	racers, before := make([]func() error, len(ways)), make(chan struct{})
	close(before)
	for i, way := range ways {
		turn, ended := before, make(chan struct{})
		before = ended
		racers[i] = func() error {
			defer close(ended)
			return pgx.BeginFunc(t.Context(), d.Pool, func(tx pgx.Tx) error {
				var fine bool
				err := tx.QueryRow(t.Context(), way.look).Scan(&fine)
				looked.Done()
				looked.Wait() // everybody has looked
				<-turn
				if err != nil || !fine {
					return errors.Join(err, errors.New("it looks bad"))
				}
				_, err = tx.Exec(t.Context(), way.write+"; "+auditSomething, pgx.QueryExecModeSimpleProtocol)
				return err
			})
		}
	}
	return together(racers...)
}

// must fails unless all went well.
func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// number is the one number that a statement selects.
func number(t testing.TB, d *dbtest.Database, statement string, args ...any) (n int) {
	t.Helper()
	if err := d.Pool.QueryRow(t.Context(), statement, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// lastAdmins is an organization with two Admins, of whom one must stay.
type lastAdmins struct {
	acme *dbtest.Organization
	a, b access.ID
}

func newLastAdmins(t *testing.T) lastAdmins {
	acme := dbtest.New(t).Organization(t, "acme")
	return lastAdmins{acme, acme.Admin, acme.Member("bea", "admin")}
}

func (l lastAdmins) demote(t *testing.T, by, who access.ID) func() error {
	return func() error {
		return l.acme.Database.ChangeMemberRole(t.Context(), dbtest.By(by), l.acme.ID, who, "member")
	}
}

func (l lastAdmins) deactivate(t *testing.T, by, who access.ID) func() error {
	return func() error {
		return l.acme.Database.DeactivateMember(t.Context(), dbtest.By(by), l.acme.ID, who)
	}
}

func (l lastAdmins) remove(t *testing.T, by, who access.ID) func() error {
	return func() error {
		return l.acme.Database.EndMembership(t.Context(), dbtest.By(by), l.acme.ID, who, db.Leaving{})
	}
}

func (l lastAdmins) count(t *testing.T) int {
	return number(t, l.acme.Database, "SELECT count(*) FROM active_admins WHERE org_id = $1", l.acme.ID)
}

// restore makes both Admins again, whatever has happened to them.
func (l lastAdmins) restore(t *testing.T) {
	for _, email := range []string{"admin@acme.test", "bea@acme.test"} {
		if _, err := l.acme.Database.RestoreAdmin(t.Context(), dbtest.Operator, "acme", email); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCountingAdminsWithoutTheLockLeavesNone(t *testing.T) {
	t.Parallel()
	l := newLastAdmins(t)
	demote := func(user access.ID) naiveWay {
		return naiveWay{"SELECT count(*) > 1 FROM active_admins",
			"UPDATE grants SET role_id = 'organization/member' WHERE resource_kind = 'organization' AND user_id = '" + string(user) + "'"}
	}
	for range 20 {
		must(t, naively(t, l.acme.Database, demote(l.a), demote(l.b))...)
		if left := l.count(t); left != 0 {
			t.Fatalf("%d Admins are left: this race proves nothing", left)
		}
		l.restore(t)
	}
}

func TestOneOfTwoAdminsAlwaysStays(t *testing.T) {
	t.Parallel()
	for name, race := range map[string]func(*testing.T, lastAdmins) []func() error{
		"each demotes the other": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.demote(t, l.a, l.b), l.demote(t, l.b, l.a)}
		},
		"each steps down": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.demote(t, l.a, l.a), l.demote(t, l.b, l.b)}
		},
		"demote against remove": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.demote(t, l.a, l.b), l.remove(t, l.b, l.a)}
		},
		"each deactivates the other": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.deactivate(t, l.a, l.b), l.deactivate(t, l.b, l.a)}
		},
		"deactivate against leave": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.deactivate(t, l.a, l.b), l.remove(t, l.a, l.a)}
		},
		"each leaves": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.remove(t, l.a, l.a), l.remove(t, l.b, l.b)}
		},
		"the operator demotes both": func(t *testing.T, l lastAdmins) []func() error {
			return []func() error{l.demote(t, "", l.a), l.demote(t, "", l.b)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLastAdmins(t)
			for range rounds(t, 60) {
				exactlyOne(t, together(race(t, l)...), access.ErrConflict, access.ErrDenied, access.ErrNotFound)
				if left := l.count(t); left != 1 {
					t.Fatalf("%d Admins are left", left)
				}
				l.restore(t)
			}
		})
	}
}
