package db_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/dbtest"
	"gatehouse/db/internal/sqlc"
)

// A moment is what everybody could do with everything at one time.
type moment struct {
	at     time.Time
	rights map[[2]access.ID]int64 // of user and resource
}

// A past is an organization in which everything changes, and the moments remembered on the way.
type past struct {
	acme      *dbtest.Organization
	other     *dbtest.Organization
	random    *rand.Rand
	users     []access.ID
	emails    map[access.ID]string
	groups    []access.ID
	resources []access.ID
	made      map[string]int // changes that were made, by what they are
	names     int
}

// What was true at some time is answered later by the same query text, in the schema as_of.
func TestThePastAnswersWithTheSameQuery(t *testing.T) {
	t.Parallel()
	p := newPast(t)
	moments := p.live(t, 5)
	dull := func() bool { return moments[0].same(moments[len(moments)-1]) || len(p.made) < 10 }
	for more := 0; dull() && more < 20; more++ { // where all was deleted early there is little to change
		moments = append(moments, p.live(t, 1)...)
	}
	compared, wrong := p.compare(t, moments)
	for _, one := range wrong {
		t.Error(one)
	}
	t.Logf("%d answers about the past compared; changes made: %v", compared, p.made)
	if dull() {
		t.Error("too little changed to prove anything")
	}
}

// The comparison above can fail: here no row that is replaced goes to history.
func TestThePastIsLostWithoutHistory(t *testing.T) {
	t.Parallel()
	p := newPast(t)
	for _, table := range []string{"memberships", "group_members", "nested_groups", "resources", "grants", "organizations", "users"} {
		_, err := p.d().Pool.Exec(t.Context(), "ALTER TABLE "+table+" DISABLE TRIGGER keep_history_of_update, DISABLE TRIGGER keep_history_of_delete")
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 20 { // some pasts are so dull that nothing of them is missed
		if _, wrong := p.compare(t, p.live(t, 3)); len(wrong) > 0 {
			return
		}
	}
	t.Error("nobody notices that there is no history")
}

// live lets so many moments pass, with changes between them.
func (p *past) live(t *testing.T, moments int) []moment {
	all := make([]moment, moments)
	for i := range all {
		for range dbtest.FromEnvironment(t, "GATEHOUSE_CHANGES", 24) {
			p.change(t)
		}
		all[i] = p.remember(t)
	}
	return all
}

// compare asks again about each moment, and says where the past is not what it was.
func (p *past) compare(t *testing.T, moments []moment) (compared int, wrong []string) {
	for i, then := range moments {
		for pair, rights := range p.recall(t, then) {
			if compared++; rights != then.rights[pair] {
				wrong = append(wrong, fmt.Sprintf("moment %d, user %s on %s: %q then, %q as of then", i, pair[0], pair[1], wordsOf(then.rights[pair]), wordsOf(rights)))
			}
		}
	}
	return compared, wrong
}

func (m moment) same(other moment) bool {
	for pair, rights := range m.rights {
		if other.rights[pair] != rights {
			return false
		}
	}
	return true
}

func newPast(t *testing.T) *past {
	d := dbtest.New(t)
	p := &past{acme: d.Organization(t, "acme"), other: d.Organization(t, "other"), random: rand.New(rand.NewPCG(seed(t), 0)),
		emails: map[access.ID]string{}, made: map[string]int{}}
	for i := range 6 {
		name := fmt.Sprintf("user%d", i)
		user := p.acme.Member(name, pick(p.random, []string{"admin", "modeler", "member"}))
		p.users, p.emails[user] = append(p.users, user), name+"@acme.test"
	}
	p.users, p.emails[p.other.Admin] = append(p.users, p.other.Admin), "admin@other.test"
	for range 4 {
		p.groups = append(p.groups, p.acme.Group(p.name()))
	}
	p.resources = []access.ID{p.acme.ID, p.acme.Module}
	for range 3 {
		project := p.acme.Project(p.name(), p.acme.Admin)
		p.resources = append(p.resources, project, p.acme.Inside(project, access.Secret, p.name(), p.acme.Admin))
	}
	return p
}

func (p *past) name() string {
	p.names++
	return fmt.Sprintf("thing %d", p.names)
}

// remember asks everything now. The time is the one that the answers were computed for: that of the transaction.
func (p *past) remember(t *testing.T) moment {
	t.Helper()
	return p.ask(t, "SET LOCAL search_path = public")
}

func (p *past) recall(t *testing.T, then moment) map[[2]access.ID]int64 {
	t.Helper()
	at := then.at.Format("2006-01-02 15:04:05.999999Z07:00")
	return p.ask(t, "SET LOCAL search_path = as_of, public; SET LOCAL gatehouse.as_of = '"+at+"'").rights
}

func (p *past) ask(t *testing.T, settings string) moment {
	t.Helper()
	m := moment{rights: map[[2]access.ID]int64{}}
	err := pgx.BeginFunc(t.Context(), p.acme.Database.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), settings, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		if err := tx.QueryRow(t.Context(), "SELECT now()").Scan(&m.at); err != nil {
			return err
		}
		for _, user := range append([]access.ID{""}, p.users...) {
			for _, resource := range p.resources {
				asked := sqlc.FindRightsParams{Subject: &user, Resource: resource}
				if user == "" {
					asked.Subject = nil
				}
				rights, err := sqlc.New(tx).FindRights(t.Context(), asked)
				if err != nil {
					return err
				}
				m.rights[[2]access.ID{user, resource}] = rights
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// change makes one random change. What the rules refuse changes nothing and counts as nothing.
func (p *past) change(t *testing.T) {
	t.Helper()
	what := pick(p.random, pastChanges)
	err := what.make(p, t)
	var refused *access.Error
	switch {
	case err == nil:
		p.made[what.name]++
	case !errors.As(err, &refused) && !errors.Is(err, access.ErrNotFound) && !errors.Is(err, access.ErrUnauthenticated):
		t.Fatalf("%s: %v", what.name, err)
	}
}
