package db

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Name is how a service names something: a user by address or id, a group by name or id, a resource by key or id.
type Name struct{ Type, ID string }

// Asked is one question of a service: may this subject use this right on this resource?
type Asked struct {
	Subject  Name // of the type user, group or anonymous
	Resource Name // of the type that is its kind
	Right    access.Rights
}

// A Caller is who asks, as its token says.
type Caller struct{ Org access.ID }

// A Decision is the answer to one question. The zero value denies.
type Decision struct {
	Allowed  bool
	Rights   access.Rights // all that the subject holds on the resource
	Known    bool          // there is such a subject
	Subject  access.ID     // empty for anyone who is not signed in
	Resource access.ID     // empty where there is no such resource in the organization
}

// Decide reads the token, finds what was named and decides, in one statement, which checks that wait may share. The token must have the scope decide:
// access.ErrUnauthenticated for one that does not work, access.ErrDenied for one without the scope. What is unknown is no
// error: an unknown user gets what anyone gets, and everything else that is unknown gets nothing.
func (s *Store) Decide(ctx context.Context, token string, asked Asked) (Caller, Decision, error) {
	hash := hashToken(token)
	row, err := s.ask(ctx, check{hash, asked})
	if err != nil {
		return Caller{}, Decision{}, noToken(err)
	}
	caller, err := s.admit(ctx, hash, row)
	if err != nil {
		return Caller{}, Decision{}, err
	}
	made := decision(asked, row)
	s.tally.count(made.Allowed)
	return caller, made, nil
}

// ask shares statements where the store has connections of its own; inside a transaction each check has one.
func (s *Store) ask(ctx context.Context, one check) (sqlc.EvaluateRow, error) {
	if s.checks == nil {
		return evaluate(ctx, s.q, one)
	}
	return s.checks.ask(ctx, one)
}

// DecideEach is Decide for several questions, at least one, in one statement of their own. The decisions come in their order.
func (s *Store) DecideEach(ctx context.Context, token string, asked []Asked) (Caller, []Decision, error) {
	checks, hash := make([]check, len(asked)), hashToken(token)
	for i, each := range asked {
		checks[i] = check{hash, each}
	}
	rows, err := evaluateEach(ctx, s.q, checks)
	if err != nil {
		return Caller{}, nil, err
	}
	if len(rows) == 0 || slices.Contains(rows, nil) {
		return Caller{}, nil, access.ErrUnauthenticated
	}
	caller, err := s.admit(ctx, hash, *rows[0])
	if err != nil {
		return Caller{}, nil, err
	}
	decisions := make([]Decision, len(rows))
	for i, row := range rows {
		decisions[i] = decision(asked[i], *row)
		s.tally.count(decisions[i].Allowed)
	}
	return caller, decisions, nil
}

func noToken(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return access.ErrUnauthenticated
	}
	return err
}

// admit lets a token in, by its hash, that works and has the scope, and remembers once a minute that it was used.
func (s *Store) admit(ctx context.Context, token []byte, row sqlc.EvaluateRow) (Caller, error) {
	if !row.Works {
		return Caller{}, access.ErrUnauthenticated
	}
	if !row.Decides {
		return Caller{}, access.Denied("This token has not the scope decide.")
	}
	if row.Unmarked {
		if err := s.q.MarkAPITokenUsed(ctx, token); err != nil {
			return Caller{}, err
		}
	}
	return Caller{Org: row.OrgID}, nil
}

func decision(asked Asked, row sqlc.EvaluateRow) Decision {
	made := Decision{Subject: access.ID(row.SubjectID), Resource: access.ID(row.ResourceID),
		Known: row.SubjectID != "" || asked.Subject.Type == "anonymous"}
	return made.with(asked, access.Rights(row.Rights))
}

// with answers the question from the rights that were found. Of all that is unknown, only a user counts as anyone.
func (d Decision) with(asked Asked, rights access.Rights) Decision {
	if d.Known || asked.Subject.Type == "user" {
		d.Rights = rights
	}
	d.Allowed = asked.Right != 0 && d.Rights.Has(asked.Right)
	return d
}

// named is a Name as the statements look for it.
type named struct {
	kind string
	id   access.ID // empty for text that has not the form of one
	name string
}

func subjectNamed(asked Name) named {
	found := resourceNamed(asked)
	if asked.Type == "user" && found.id == "" {
		found.name, _ = NormalizeEmail(asked.ID) // what is no address names nobody
	}
	return found
}

func resourceNamed(asked Name) named {
	found := named{kind: stored(asked.Type), name: stored(asked.ID)}
	if id := strings.ToLower(asked.ID); access.IsID(id) {
		found.id = access.ID(id)
	}
	return found
}

// stored is text that can stand in the database: nothing there holds a NUL, and nothing is empty.
func stored(text string) string {
	if strings.ContainsRune(text, 0) {
		return ""
	}
	return text
}

// orNil is the nil uuid, which names nothing, for no ID.
func orNil(id access.ID) access.ID {
	if id == "" {
		return firstID
	}
	return id
}
