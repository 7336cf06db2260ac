package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// The proof of the one way to decide: random worlds, asked in SQL and read in memory (oracle_reading_test.go).

// A question is who asks, and about what.
type question struct {
	subject  *worldUser // nil for anyone who is not signed in; may stand for a group
	resource *worldResource
}

func (w *world) questions(random *rand.Rand, n int) []question {
	asked := make([]question, n)
	for i := range asked {
		asked[i].resource = pick(random, w.resources)
		switch n := random.IntN(20); {
		case n < 2:
			asked[i].subject = pick(random, w.teams)
		case n < 19:
			asked[i].subject = pick(random, w.users)
		}
	}
	return asked
}

func (q question) subjectID() access.ID {
	if q.subject == nil {
		return ""
	}
	return access.ID(q.subject.id)
}

// A querier is a pool, a connection or a transaction.
type querier interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// askDatabase answers questions with the function that all pages and checks decide with, a thousand at a time.
func askDatabase(t testing.TB, on querier, asked []question) []string {
	t.Helper()
	var answers []string
	for start := 0; start < len(asked); start += 1000 {
		var subjects []*string
		var resources []string
		for _, q := range asked[start:min(start+1000, len(asked))] {
			var subject *string
			if q.subject != nil {
				subject = &q.subject.id
			}
			subjects, resources = append(subjects, subject), append(resources, q.resource.id)
		}
		held, err := on.Query(t.Context(), `SELECT (SELECT COALESCE(bit_or(p.rights), 0)::bigint FROM access_paths(q.subject, q.resource) AS p)
			FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS q (subject, resource, n) ORDER BY q.n`, subjects, resources)
		if err != nil {
			t.Fatal(err)
		}
		bits, err := pgx.CollectRows(held, pgx.RowTo[int64])
		if err != nil {
			t.Fatal(err)
		}
		for _, rights := range bits {
			answers = append(answers, wordsOf(rights))
		}
	}
	return answers
}

func TestTheDatabaseDecidesAsTheDesignReads(t *testing.T) {
	t.Parallel()
	const worlds = 25
	total, seed := dbtest.FromEnvironment(t, "GATEHOUSE_QUESTIONS", 100_000), seed(t)
	var lock sync.Mutex
	started, given := time.Now(), map[string]int{} // how often each answer was given
	t.Run("in every world", func(t *testing.T) {
		for n := range uint64(worlds) {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				answers := compare(t, newWorld(seed, n), total/worlds)
				lock.Lock()
				defer lock.Unlock()
				for _, answer := range answers {
					given[answer]++
				}
			})
		}
	})
	t.Logf("%d questions in %d worlds, %d different answers, %d%% of them nothing, in %.1f s",
		total, worlds, len(given), 100*given[""]/total, time.Since(started).Seconds())
	if len(given) < 20 || given[""] > total/2 {
		t.Errorf("the worlds are too dull to prove anything")
	}
}

// compare asks about a world in both ways, and returns the answers.
func compare(t *testing.T, w *world, questions int) []string {
	d := dbtest.New(t)
	w.load(t, d)
	asked := w.questions(w.random, questions)
	answers := askDatabase(t, d.Pool, asked)
	for i, got := range answers {
		if want := w.ask(asked[i].subject, asked[i].resource); got != want.String() {
			t.Fatal(disagreement(t, d, asked[i], want, got))
		}
	}
	return answers
}

// disagreement prints both sides' whole reasoning about one question.
func disagreement(t testing.TB, d *dbtest.Database, asked question, want *answer, got string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "subject %q on the %s %s\nthe design gives     %s\n", asked.subjectID(), asked.resource.kind, asked.resource.id, want)
	for _, reason := range want.reasons {
		fmt.Fprintf(&b, "    %s\n", reason)
	}
	fmt.Fprintf(&b, "the database answers %s\n", got)
	paths, err := d.Explain(t.Context(), access.ID(asked.resource.org.id), asked.subjectID(), access.ID(asked.resource.id))
	for _, path := range paths {
		fmt.Fprintf(&b, "    by %s on the %s %s, grant %s, via %v: %s\n", path.Source, path.Place.Type, path.Place.ID, path.GrantID, path.Via, wordsOf(int64(path.Rights)))
	}
	if err != nil {
		fmt.Fprintf(&b, "    no explanation: %v\n", err)
	}
	return b.String()
}

// The batch above, one check, one resource as a page reads it and an explanation are the same answer.
func TestCheckPageAndExplanationAgree(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	w, d := newWorld(seed, 0), dbtest.New(t)
	w.load(t, d)
	asked := w.questions(w.random, 400)
	for i, batch := range askDatabase(t, d.Pool, asked) {
		q := asked[i]
		org, resource := access.ID(q.resource.org.id), access.ID(q.resource.id)
		rights, err := d.Rights(t.Context(), q.subjectID(), resource)
		if err != nil || wordsOf(int64(rights)) != batch {
			t.Fatalf("Rights: %v, want %s (%v)", rights, batch, err)
		}
		paths, err := d.Explain(t.Context(), org, q.subjectID(), resource)
		union := access.Rights(0)
		for _, path := range paths {
			if path.Rights == 0 || !wellTold(path, q) {
				t.Errorf("a path that explains nothing: %+v", path)
			}
			union |= path.Rights
		}
		if err != nil || union != rights {
			t.Fatalf("the explanation gives %v, the check %v (%v)", union, rights, err)
		}
		found, err := d.FindResource(t.Context(), org, q.subjectID(), resource)
		if found.Rights != rights && rights.Has(access.Discover) || (err != nil) == rights.Has(access.Discover) {
			t.Fatalf("the page gives %v, the check %v (%v)", found.Rights, rights, err)
		}
	}
}

// wellTold tells whether a path names all that its sentence on the page needs.
func wellTold(path access.Path, q question) bool {
	if path.Inherited == (path.Place.ID == access.ID(q.resource.id)) || path.Place.Name == "" {
		return false
	}
	switch path.Source {
	case access.ByGrant:
		for _, step := range path.Via {
			if step.Name == "" {
				return false
			}
		}
		return path.GrantID != "" && (path.ExpiresAt == nil || path.ExpiresAt.After(time.Now()))
	case access.ByMode:
		return path.Mode != access.Restricted
	}
	return path.Source == access.ByOwner
}

// Nobody learns from ids that were never issued.
func TestAnIDThatWasNeverIssuedGivesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	never := access.ID("00000000-0000-4000-8000-000000000000")
	for _, pair := range [][2]access.ID{{never, acme.ID}, {acme.Admin, never}, {"", never}} {
		if rights, err := d.Rights(t.Context(), pair[0], pair[1]); rights != 0 || err != nil {
			t.Errorf("%v holds %v, %v", pair, rights, err)
		}
	}
}
