package db

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A check is one question under the hash of a token.
type check struct {
	token []byte
	asked Asked
}

// A coalescer lets checks share statements when there are more than the database answers at once. While few ask, each has a
// statement of its own, at once. While all that may run are running, checks wait, and the first statement that ends is
// followed by one for all of them: it starts after they arrived, so nobody is told what was true before they asked.
type coalescer struct {
	q       *sqlc.Queries
	tally   *tally
	allowed int // statements at the same time

	mu      sync.Mutex
	running int
	waiting []*waiter
}

// maxShared bounds one statement, so that the first of many does not wait for the last.
const maxShared = 128

// A waiter is a check that shares a statement. What came of it may be read when done is closed.
type waiter struct {
	check
	row    sqlc.EvaluateRow
	err    error
	done   chan struct{}
	shared *shared // nil while it waits
}

// A shared statement ends when nobody waits for it any more.
type shared struct {
	waiters []*waiter
	left    int
	cancel  context.CancelFunc
}

// ask answers a check: pgx.ErrNoRows for a token that there is not. Whoever stops waiting takes nothing from the others, and
// no fault of a shared statement is anybody's answer.
func (c *coalescer) ask(ctx context.Context, one check) (sqlc.EvaluateRow, error) {
	c.mu.Lock()
	if c.running < c.allowed {
		c.running++
		c.mu.Unlock()
		defer c.next()
		return evaluate(ctx, c.q, one)
	}
	w := &waiter{check: one, done: make(chan struct{})}
	c.waiting = append(c.waiting, w)
	c.mu.Unlock()
	select {
	case <-w.done:
		return w.row, w.err
	case <-ctx.Done():
		c.leave(w)
		return sqlc.EvaluateRow{}, ctx.Err()
	}
}

// leave takes a check back, out of the queue or out of its statement, which goes on for the others.
func (c *coalescer) leave(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.shared == nil {
		c.waiting = slices.DeleteFunc(c.waiting, func(other *waiter) bool { return other == w })
		return
	}
	if w.shared.left--; w.shared.left == 0 {
		w.shared.cancel()
	}
}

// next follows a statement that has ended: with one for those who wait, or with none.
func (c *coalescer) next() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.running--
		return
	}
	together := c.waiting[:min(len(c.waiting), maxShared)]
	c.waiting = slices.Clone(c.waiting[len(together):])
	ctx, cancel := context.WithCancel(context.Background())
	s := &shared{waiters: together, left: len(together), cancel: cancel}
	for _, w := range together {
		w.shared = s
	}
	go c.run(ctx, s)
}

// run answers all that share a statement. Where the database refuses the statement, each asks alone: one question must not
// be another's failure.
func (c *coalescer) run(ctx context.Context, s *shared) {
	defer c.next()
	defer s.cancel()
	defer s.end()
	if len(s.waiters) == 1 {
		s.waiters[0].row, s.waiters[0].err = evaluate(ctx, c.q, s.waiters[0].check)
		return
	}
	checks := make([]check, len(s.waiters))
	for i, w := range s.waiters {
		checks[i] = w.check
	}
	c.tally.shared.Add(1)
	c.tally.sharing.Add(uint64(len(checks)))
	rows, err := evaluateEach(ctx, c.q, checks)
	for i, w := range s.waiters {
		switch {
		case err != nil && ctx.Err() == nil && !Unreachable(err):
			w.row, w.err = evaluate(ctx, c.q, w.check)
		case err != nil:
			w.err = err
		case rows[i] == nil:
			w.err = pgx.ErrNoRows
		default:
			w.row = *rows[i]
		}
	}
}

// end gives everybody their answer; after a panic, which nobody above would catch, that is an error.
func (s *shared) end() {
	cause := recover()
	for _, w := range s.waiters {
		if cause != nil {
			w.row, w.err = sqlc.EvaluateRow{}, fmt.Errorf("panic: %v", cause)
		}
		close(w.done)
	}
}

// evaluate asks one check in a statement of its own.
func evaluate(ctx context.Context, q *sqlc.Queries, one check) (sqlc.EvaluateRow, error) {
	subject, resource := subjectNamed(one.asked.Subject), resourceNamed(one.asked.Resource)
	if byID(subject, resource) {
		row, err := q.EvaluateByID(ctx, sqlc.EvaluateByIDParams{TokenHash: one.token, Configure: int64(access.TokenRights),
			Subject: subject.id, Resource: resource.id, ResourceType: resource.kind})
		if err != nil || row.Found {
			return foundByID(row, subject.id, resource.id), err
		}
	}
	return q.Evaluate(ctx, sqlc.EvaluateParams{TokenHash: one.token, Configure: int64(access.TokenRights),
		SubjectType: subject.kind, SubjectUuid: optional(subject.id), SubjectName: subject.name,
		ResourceType: resource.kind, ResourceUuid: optional(resource.id), ResourceKey: resource.name})
}

// byID tells whether a question names a user and a resource by what may be their ids: the statements for these do less.
func byID(subject, resource named) bool {
	return subject.kind == "user" && subject.id != "" && resource.id != ""
}

// names are what several questions name, as the columns of a statement.
type names struct {
	kinds []string
	ids   []access.ID // the nil uuid, which names nothing, for none
	texts []string
}

func namesOf(count int) names {
	return names{make([]string, 0, count), make([]access.ID, 0, count), make([]string, 0, count)}
}

func (n *names) add(one named) {
	n.kinds, n.ids, n.texts = append(n.kinds, one.kind), append(n.ids, orNil(one.id)), append(n.texts, one.name)
}

// evaluateEach asks several in one statement, and gives their rows in their order: nil where there is no such token.
func evaluateEach(ctx context.Context, q *sqlc.Queries, checks []check) ([]*sqlc.EvaluateRow, error) {
	hashes, subjects, resources, ids := make([][]byte, len(checks)), namesOf(len(checks)), namesOf(len(checks)), true
	for i, one := range checks {
		subject, resource := subjectNamed(one.asked.Subject), resourceNamed(one.asked.Resource)
		ids = ids && byID(subject, resource)
		hashes[i] = one.token
		subjects.add(subject)
		resources.add(resource)
	}
	if ids {
		if rows, err := evaluateEachByID(ctx, q, hashes, subjects, resources); rows != nil || err != nil {
			return rows, err
		}
	}
	found, err := q.EvaluateEach(ctx, sqlc.EvaluateEachParams{TokenHashes: hashes, Configure: int64(access.TokenRights),
		SubjectTypes: subjects.kinds, SubjectUuids: subjects.ids, SubjectNames: subjects.texts,
		ResourceTypes: resources.kinds, ResourceUuids: resources.ids, ResourceKeys: resources.texts})
	if err != nil {
		return nil, err
	}
	rows := make([]*sqlc.EvaluateRow, len(checks))
	for _, row := range found {
		rows[row.N-1] = &sqlc.EvaluateRow{OrgID: row.OrgID, Works: row.Works, Decides: row.Decides, Unmarked: row.Unmarked,
			SubjectID: row.SubjectID, ResourceID: row.ResourceID, Rights: row.Rights}
	}
	return rows, nil
}

// evaluateEachByID gives no rows unless everything was found: then all are asked anew, so that they have one instant.
func evaluateEachByID(ctx context.Context, q *sqlc.Queries, hashes [][]byte, subjects, resources names) ([]*sqlc.EvaluateRow, error) {
	found, err := q.EvaluateEachByID(ctx, sqlc.EvaluateEachByIDParams{TokenHashes: hashes, Configure: int64(access.TokenRights),
		Subjects: subjects.ids, ResourceTypes: resources.kinds, Resources: resources.ids})
	if err != nil || len(found) < len(hashes) {
		return nil, err
	}
	rows := make([]*sqlc.EvaluateRow, len(found))
	for i, row := range found {
		if !row.Found {
			return nil, nil
		}
		found := foundByID(sqlc.EvaluateByIDRow(row), subjects.ids[i], resources.ids[i])
		rows[i] = &found
	}
	return rows, nil
}

// foundByID is the row for a user and a resource that were named by their ids.
func foundByID(row sqlc.EvaluateByIDRow, subject, resource access.ID) sqlc.EvaluateRow {
	return sqlc.EvaluateRow{OrgID: row.OrgID, Works: row.Works, Decides: row.Decides, Unmarked: row.Unmarked,
		SubjectID: string(subject), ResourceID: string(resource), Rights: row.Rights}
}
