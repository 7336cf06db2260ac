package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// By says who asks for a change and from where, as its audit event records it.
type By struct {
	User      access.ID // empty for the operator at the server's own shell
	Via       string    // page, api, cli, import, job or scim
	Address   string
	RequestID string
	Recent    bool // on a page: proved lately who they are
}

// A change is one transaction that changes things in one organization. Everything it loads stands still until it ends,
// because it holds the organization's lock.
type change struct {
	q     *sqlc.Queries
	tx    pgx.Tx  // for the jobs of mail
	post  *office // nil where no mail is sent
	org   access.Org
	by    By
	actor access.Actor
	now   time.Time // the database's time, with which expiries are compared
}

// change is the one way to change anything: it opens the transaction, takes the organization's lock before anything is
// read, reads the actor anew, and commits what the steps make. What an outsider asks for is not found.
func (s *Store) change(ctx context.Context, by By, org access.ID, steps func(*change) error) error {
	return s.transaction(ctx, by, org, func(c *change) error {
		if !c.actor.Operator && !c.actor.Rights.Has(access.Discover) {
			return access.ErrNotFound
		}
		return steps(c)
	})
}

// transaction is change for somebody who may be no member yet.
func (s *Store) transaction(ctx context.Context, by By, org access.ID, steps func(*change) error) error {
	return s.begin(ctx, func(q *sqlc.Queries, tx pgx.Tx) error {
		c, err := s.enter(ctx, q, tx, by, org)
		if err != nil {
			return err
		}
		return steps(c)
	})
}

// enter takes an organization's lock in a transaction, and reads the actor anew.
func (s *Store) enter(ctx context.Context, q *sqlc.Queries, tx pgx.Tx, by By, org access.ID) (*change, error) {
	row, err := q.LockOrganization(ctx, org)
	if err != nil {
		return nil, found(err)
	}
	clock, err := q.StartChange(ctx)
	if err != nil {
		return nil, err
	}
	c := &change{q: q, tx: tx, post: s.post, by: by, org: access.Org{ID: row.ID, Slug: row.Slug, Policy: policyOf(row)}, now: clock.DecidedAt}
	c.actor, err = c.readActor(ctx, by.User)
	return c, err
}

// operator is the actor behind whoever is at the server's own shell.
var operator = access.Actor{Name: "The operator of this server", Active: true, Operator: true}

// readActor reads who somebody is in the organization of the change, now. The operator needs no account.
func (c *change) readActor(ctx context.Context, user access.ID) (access.Actor, error) {
	if user == "" && c.by.Via == "job" {
		return access.Actor{Name: "Gatehouse", Active: true, Operator: true}, nil
	}
	if user == "" {
		shell := operator
		shell.Provisioner = c.provisioner()
		return shell, nil
	}
	row, err := c.q.FindActor(ctx, sqlc.FindActorParams{UserID: user, OrgID: c.org.ID})
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !row.Active {
		return access.Actor{}, access.ErrUnauthenticated
	}
	return access.Actor{ID: row.ID, Name: row.Name, Email: row.Email, Active: row.Active, Member: row.Member,
		Rights: access.Rights(row.Rights), Proven: c.by.Recent || c.by.Via != "page", Provisioner: c.provisioner()}, err
}

// provisioner tells whether the organization's identity provider asks.
func (c *change) provisioner() bool { return c.by.Via == viaSCIM }

// make judges one change, applies it and writes its audit event. A transaction may make several.
func (c *change) make(ctx context.Context, what access.Change, apply func() error) error {
	if err := access.Decide(c.actor, what); err != nil {
		return err
	}
	if err := apply(); err != nil {
		return err
	}
	return c.audit(ctx, what.Event())
}

func (c *change) audit(ctx context.Context, event access.Event) error {
	row, err := c.eventRow(event)
	if err != nil {
		return err
	}
	return c.q.AddAuditEvent(ctx, sqlc.AddAuditEventParams{
		OrgID: row.OrgID, ActorID: row.ActorID, ActorName: row.ActorName, Via: row.Via, Action: row.Action,
		TargetType: row.TargetType, TargetID: row.TargetID, TargetName: row.TargetName,
		SubjectType: row.SubjectType, SubjectID: row.SubjectID, SubjectName: row.SubjectName,
		Before: row.Before, After: row.After, Address: row.Address, RequestID: row.RequestID,
	})
}

// auditEach writes many events at once, with their numbers: one by one each would cost more than the one before.
func (c *change) auditEach(ctx context.Context, events []access.Event) error {
	if len(events) == 0 {
		return nil
	}
	head, err := c.q.FindAuditHead(ctx, c.org.ID)
	if err = ignoreNotFound(found(err)); err != nil {
		return err
	}
	rows := make([]sqlc.CopyAuditEventsParams, len(events))
	for i, event := range events {
		if rows[i], err = c.eventRow(event); err != nil {
			return err
		}
		rows[i].Seq = head.Seq + int64(i) + 1
	}
	if _, err := c.q.CopyAuditEvents(ctx, rows); err != nil {
		return err
	}
	return c.q.MoveAuditHead(ctx, sqlc.MoveAuditHeadParams{OrgID: c.org.ID, Seq: head.Seq + int64(len(events))})
}

// eventRow is an event as the table holds it, without its number.
func (c *change) eventRow(event access.Event) (sqlc.CopyAuditEventsParams, error) {
	before, err := factsJSON(event.Before)
	if err != nil {
		return sqlc.CopyAuditEventsParams{}, err
	}
	after, err := factsJSON(event.After)
	return sqlc.CopyAuditEventsParams{
		OrgID: c.org.ID, At: c.now, ActorID: optional(c.actor.ID), ActorName: c.actorName(), Via: c.by.Via, Action: event.Action,
		TargetType: event.Target.Type, TargetID: optional(event.Target.ID), TargetName: event.Target.Name,
		SubjectType: event.Subject.Type, SubjectID: optional(event.Subject.ID), SubjectName: event.Subject.Name,
		Before: before, After: after, Address: c.by.Address, RequestID: c.by.RequestID, Hash: []byte{},
	}, err
}

// factsJSON is NULL for no facts.
func factsJSON(facts access.Facts) ([]byte, error) {
	if facts == nil {
		return nil, nil
	}
	return json.Marshal(facts)
}

func policyOf(row sqlc.Organization) access.Policy {
	return access.Policy{DefaultMode: access.Mode(row.DefaultMode), DefaultRole: row.DefaultRole,
		WidestMode: access.Mode(row.WidestMode), ExternalSharing: row.ExternalSharing, FullReach: row.FullReach}
}
