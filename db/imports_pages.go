package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// importPage is how many lines are judged at a time: enough that a page costs more than its statements, few enough that
// memory does not grow with the file.
const importPage = 10_000

// firstPage is small and each that follows four times as large, and between them all plans are made anew: those of foreign
// keys too, which else would go on reading a table from its beginning as they did when it was empty.
const firstPage = 100

// pages reads lines page by page, lets each be judged unless it is refused already, and applies what the page came to.
// What judge refuses with an access.Error is refused; any other error ends the import.
func pages[R any](ctx context.Context, i *importing, load func(after int64, size int32) ([]R, error), lineOf func(R) int64,
	judge func(R) error, apply func() error) error {
	for after, size := int64(0), int32(firstPage); ; size = min(4*size, importPage) {
		rows, err := load(after, size)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			after = lineOf(row)
			if _, refused := i.refused[after]; refused || i.repeated[after] {
				continue
			}
			if err := judge(row); err != nil {
				if err := i.refuse(after, err); err != nil {
					return err
				}
			}
		}
		if err := apply(); err != nil {
			return err
		}
		if err := i.writeEvents(ctx); err != nil {
			return err
		}
		i.progress("Importing", int64(len(rows)))
		if len(rows) < int(size) {
			return nil
		}
		if size < importPage {
			if _, err := i.tx.Exec(ctx, "DISCARD PLANS"); err != nil {
				return err
			}
		}
	}
}

func (i *importing) progress(step string, more int64) {
	i.done += more
	if i.options.Progress != nil {
		i.options.Progress(step, min(i.done, i.read), i.read)
	}
}

// allow judges everything that one line changes, and keeps the audit events. No change at all is allowed.
func (i *importing) allow(org *importedOrg, changes ...access.Change) error {
	for _, what := range changes {
		if err := access.Decide(org.actor, what); err != nil {
			return err
		}
	}
	for _, what := range changes {
		if err := i.record(org, what.Event()); err != nil {
			return err
		}
	}
	if len(changes) > 0 {
		i.changed++
	}
	return nil
}

// record keeps an audit event, with the next number of its organization.
func (i *importing) record(org *importedOrg, event access.Event) error {
	before, err := factsJSON(event.Before)
	if err != nil {
		return err
	}
	after, err := factsJSON(event.After)
	if err != nil {
		return err
	}
	i.recordFacts(org, event, before, after)
	return nil
}

func (i *importing) recordFacts(org *importedOrg, event access.Event, before, after []byte) {
	name := org.actor.Name
	if name == "" {
		name = org.actor.Email
	}
	org.head++
	i.events = append(i.events, sqlc.CopyAuditEventsParams{
		OrgID: org.org.ID, Seq: org.head, At: i.now, ActorID: optional(org.actor.ID), ActorName: name, Via: i.by.Via, Action: event.Action,
		TargetType: event.Target.Type, TargetID: optional(event.Target.ID), TargetName: event.Target.Name,
		SubjectType: event.Subject.Type, SubjectID: optional(event.Subject.ID), SubjectName: event.Subject.Name,
		Before: before, After: after, Address: i.by.Address, RequestID: i.by.RequestID, Hash: []byte{},
	})
}

func (i *importing) writeEvents(ctx context.Context) error {
	if len(i.events) == 0 {
		return nil
	}
	_, err := i.q.CopyAuditEvents(ctx, i.events)
	i.events = i.events[:0]
	return err
}

// recordAccounts writes what changed in accounts into the audit log of every organization in which the user is a member
// or was granted something. An account that is in none is recorded by those that the file names, else by the only one.
func (i *importing) recordAccounts(ctx context.Context) error {
	byID := map[access.ID]*importedOrg{}
	for _, org := range i.orgs {
		byID[org.org.ID] = org
	}
	for after := int64(0); ; {
		rows, err := i.q.FindImportedAccounts(ctx, sqlc.FindImportedAccountsParams{After: after, PageSize: importPage})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			after = row.Line
			places := i.placesToRecord(byID[row.OrgID])
			if len(places) == 0 {
				return access.Invalid("", "No organization could record these accounts. Import it first, or in the same file.")
			}
			event := access.Event{Action: access.ImportUser{}.Event().Action, Target: access.Ref{Type: "user", ID: row.UserID, Name: row.Name}}
			for _, org := range places {
				i.recordFacts(org, event, row.Before, row.After)
			}
		}
		if err := i.writeEvents(ctx); err != nil {
			return err
		}
	}
}

func (i *importing) placesToRecord(own *importedOrg) []*importedOrg {
	if own != nil {
		return []*importedOrg{own}
	}
	var named, all []*importedOrg
	for _, org := range i.orgs {
		all = append(all, org)
		if org.named {
			named = append(named, org)
		}
	}
	if len(named) == 0 && len(all) == 1 {
		return all
	}
	return named
}

// moveHeads says how far each audit log now goes.
func (i *importing) moveHeads(ctx context.Context) error {
	for _, org := range i.orgs {
		if org.head == org.started {
			continue
		}
		if err := i.q.MoveAuditHead(ctx, sqlc.MoveAuditHeadParams{OrgID: org.org.ID, Seq: org.head}); err != nil {
			return err
		}
	}
	return nil
}

// batch runs one of sqlc's :batchexec functions for some rows, if there are any, and gives the first error.
func batch[R any, B interface{ Exec(func(int, error)) }](ctx context.Context, rows []R, run func(context.Context, []R) B) error {
	if len(rows) == 0 {
		return nil
	}
	var first error
	run(ctx, rows).Exec(func(_ int, err error) {
		if first == nil {
			first = err
		}
	})
	return first
}

// encodeIDsAsBytes lets COPY, which is binary, take an access.ID directly: else pgx tries, fails, and goes over text, for
// each of millions.
func encodeIDsAsBytes(conn *pgx.Conn) {
	const known = "IDs as bytes"
	if conn.PgConn().CustomData()[known] != nil {
		return
	}
	conn.PgConn().CustomData()[known] = true
	types := conn.TypeMap()
	wrap := func(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
		if id, ok := value.(access.ID); ok {
			return &encodeID{}, uuidText(id), true
		}
		return nil, nil, false
	}
	types.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrap}, types.TryWrapEncodePlanFuncs...)
}

type encodeID struct{ next pgtype.EncodePlan }

func (e *encodeID) SetNext(next pgtype.EncodePlan) { e.next = next }

func (e *encodeID) Encode(value any, buf []byte) ([]byte, error) {
	return e.next.Encode(uuidText(value.(access.ID)), buf)
}

// uuidText is an ID as pgx takes one.
type uuidText access.ID

func (id uuidText) UUIDValue() (pgtype.UUID, error) {
	var uuid pgtype.UUID
	err := uuid.Scan(string(id))
	return uuid, err
}
