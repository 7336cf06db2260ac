package db

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// An AuditEvent is one change that was made.
type AuditEvent struct {
	Seq       int64 // in its organization, from 1, without gaps
	At        time.Time
	Actor     access.Ref
	Via       string
	Action    string
	Target    access.Ref
	Subject   access.Ref
	Before    access.Facts
	After     access.Facts
	Address   string
	RequestID string
}

// AuditFilter narrows the audit log; empty fields narrow nothing.
type AuditFilter struct {
	Search string    // in the names of who did it, what was changed, and whom it concerned
	Action string    // "grant", or "grant.created"
	About  access.ID // a user, group or resource that is one of those three
	Before int64     // only events with a smaller number: the cursor
	Size   int       // 50 if it is 0
}

// ListAuditEvents lists an organization's audit log, the newest event first. Next is the Before of the next page, 0 at
// the end.
func (s *Store) ListAuditEvents(ctx context.Context, org access.ID, filter AuditFilter) (events []AuditEvent, next int64, err error) {
	limit := Page{Size: filter.Size}.limit()
	params := sqlc.ListAuditEventsParams{OrgID: org, AboutID: optional(filter.About), Action: filter.Action, Search: filter.Search, PageSize: limit + 1}
	if filter.Before > 0 {
		params.BeforeSeq = &filter.Before
	}
	rows, err := s.q.ListAuditEvents(ctx, params)
	if len(rows) > int(limit) {
		rows = rows[:limit]
		next = rows[limit-1].Seq
	}
	for _, row := range rows {
		event, err := auditEvent(row)
		if err != nil {
			return nil, 0, err
		}
		events = append(events, event)
	}
	return events, next, err
}

// ListExisting lists those of the ids that stand for something in an organization, without names: members ("user"), people outside
// whom a grant names ("outsider"), groups, and resources by their kind. Empty ids are left out.
func (s *Store) ListExisting(ctx context.Context, org access.ID, ids []access.ID) ([]access.Ref, error) {
	asked := make([]access.ID, 0, len(ids))
	for _, id := range ids {
		if id != "" {
			asked = append(asked, id)
		}
	}
	rows, err := s.q.ListExisting(ctx, sqlc.ListExistingParams{OrgID: org, Ids: asked})
	refs := make([]access.Ref, len(rows))
	for i, row := range rows {
		refs[i] = access.Ref{Type: row.Type, ID: row.ID}
	}
	return refs, err
}

func auditEvent(row sqlc.ListAuditEventsRow) (AuditEvent, error) {
	event := AuditEvent{Seq: row.Seq, At: row.At, Actor: access.Ref{Type: "user", ID: required(row.ActorID), Name: row.ActorName}, Via: row.Via,
		Action: row.Action, Target: access.Ref{Type: row.TargetType, ID: required(row.TargetID), Name: row.TargetName},
		Subject: access.Ref{Type: row.SubjectType, ID: required(row.SubjectID), Name: row.SubjectName}, Address: row.Address, RequestID: row.RequestID}
	for text, facts := range map[*[]byte]*access.Facts{&row.Before: &event.Before, &row.After: &event.After} {
		if *text == nil {
			continue
		}
		if err := json.Unmarshal(*text, facts); err != nil {
			return event, err
		}
	}
	return event, nil
}

// VerifyAudit checks an organization's audit log against its chain of hashes: an event that was changed, left out, put in
// or moved, or a tail that was cut, is an error that says where. It returns the number of events.
func (s *Store) VerifyAudit(ctx context.Context, org access.ID) (events int64, err error) {
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly} // of the log and its head
	err = pgx.BeginTxFunc(ctx, s.pool, snapshot, func(tx pgx.Tx) error {
		events, err = verifyAudit(ctx, s.q.WithTx(tx), org)
		return err
	})
	return events, err
}

func verifyAudit(ctx context.Context, q *sqlc.Queries, org access.ID) (int64, error) {
	rows, err := q.ListAuditChain(ctx, org)
	if err != nil {
		return 0, err
	}
	var last []byte
	for i, row := range rows {
		if row.Seq != int64(i+1) {
			return int64(i), fmt.Errorf("event %d is missing", i+1)
		}
		if !bytes.Equal(row.Hash, row.Expected) {
			return int64(i), fmt.Errorf("event %d is not what was written", row.Seq)
		}
		last = row.Hash
	}
	head, err := q.FindAuditHead(ctx, org)
	if err != nil {
		return 0, found(err)
	}
	if head.Seq != int64(len(rows)) || !bytes.Equal(head.Hash, last) {
		return int64(len(rows)), fmt.Errorf("the log ends at event %d and should end at %d", len(rows), head.Seq)
	}
	return head.Seq, nil
}
