package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// An import is one change made of many. Every line of the file goes into a temporary table; page by page, and type by
// type whatever the order of the lines, they come back together with what is there already; package access judges each
// line as the change that it is; what it allows goes by COPY into the tables, with an audit event for each. A file of
// three lines takes the same way as one of a million.

// ImportOptions say how to import a file.
type ImportOptions struct {
	Continue bool                                 // apply all that is valid; else all or nothing
	Progress func(step string, done, total int64) // called now and then; lines, or bytes with an unknown total (0) while reading
}

// An ImportReport says what an import did.
type ImportReport struct {
	Read, Changed, Unchanged int
	Refused                  []ImportRefusal // by line
}

// An ImportRefusal says why one line of a file was not applied.
type ImportRefusal struct {
	Line    int64
	Field   string // at fault, if it is one
	Message string // a full sentence
}

func (r ImportRefusal) String() string {
	if r.Field == "" {
		return fmt.Sprintf("line %d: %s", r.Line, r.Message)
	}
	return fmt.Sprintf("line %d, %s: %s", r.Line, r.Field, r.Message)
}

// errRefused rolls back an import of which something was refused.
var errRefused = errors.New("something in the file was refused")

// Import applies a file of records (docs/import.md) in one transaction. Unless options.Continue is set, a file of which
// something is refused changes nothing; the report lists every refusal either way. The operator (no By.User) is bound
// by every invariant; anybody else also by what they hold.
func (s *Store) Import(ctx context.Context, by By, file io.Reader, options ImportOptions) (ImportReport, error) {
	var i *importing
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		encodeIDsAsBytes(tx.Conn())
		i = &importing{tx: tx, q: s.q.WithTx(tx), by: by, options: options, refused: map[int64]ImportRefusal{},
			repeated: map[int64]bool{}, lastAdmin: map[int64]bool{}, adminless: map[access.ID]bool{}}
		return i.run(ctx, file)
	})
	if violates(err, "users_email_key", "organizations_slug_key") {
		err = access.Conflict("Somebody made one of these accounts or organizations in the meantime. Import the file again.")
	}
	if err != nil && !errors.Is(err, errRefused) {
		return ImportReport{}, err
	}
	return i.report(err == nil), nil
}

// importing is an import under way.
type importing struct {
	tx      pgx.Tx
	q       *sqlc.Queries
	by      By
	options ImportOptions
	now     time.Time
	account access.Actor // who imports, outside of any organization

	read      int64
	done      int64                   // lines judged, of those that were read
	refused   map[int64]ImportRefusal // by line
	repeated  map[int64]bool          // lines that say word for word what an earlier one says
	changed   int
	expecting bool               // the file makes organizations, which can record accounts
	lastAdmin map[int64]bool     // lines that would leave an organization without an Admin
	adminless map[access.ID]bool // organizations without an Admin even before

	locked []sqlc.LockImportedOrganizationsRow
	orgs   map[string]*importedOrg // by slug: locked or made
	events []sqlc.CopyAuditEventsParams
}

// An importedOrg is an organization that the import may change. It holds the organization's lock.
type importedOrg struct {
	*change
	head    int64 // the number of its last audit event
	started int64 // the same before the import
	line    int64 // that made it, if one did
	named   bool  // by the file
	groups  map[access.ID]access.GroupFacts
}

func (i *importing) run(ctx context.Context, file io.Reader) error {
	if err := i.q.StartImport(ctx); err != nil {
		return err
	}
	if err := i.stage(ctx, file); err != nil {
		return err
	}
	if err := i.lock(ctx); err != nil {
		return err
	}
	steps := []func(context.Context) error{i.people, i.importGroups, i.importGroupMembers, i.importNestedGroups, i.importResources,
		i.importTemplates, i.importGrants, i.recordAccounts, i.moveHeads}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if len(i.refused) > 0 && !i.options.Continue {
		return errRefused
	}
	return nil
}

// lock takes the lock of every organization concerned before anything of it is read, and reads the actor anew.
func (i *importing) lock(ctx context.Context) error {
	var err error
	if i.locked, err = i.q.LockImportedOrganizations(ctx); err != nil {
		return err
	}
	clock, err := i.q.StartChange(ctx)
	if err != nil {
		return err
	}
	i.now = clock.DecidedAt
	i.account = access.Actor{Active: true, Operator: i.by.User == "", ID: i.by.User}
	return i.openOrganizations(ctx)
}

func (i *importing) openOrganizations(ctx context.Context) error {
	i.orgs = map[string]*importedOrg{}
	for _, row := range i.locked {
		org := access.Org{ID: row.Organization.ID, Slug: row.Organization.Slug, Policy: policyOf(row.Organization)}
		opened, err := i.open(ctx, org)
		if err != nil {
			return err
		}
		opened.named = row.Named
	}
	return nil
}

func (i *importing) open(ctx context.Context, org access.Org) (*importedOrg, error) {
	c := &change{q: i.q, org: org, by: i.by, now: i.now}
	var err error
	if c.actor, err = c.readActor(ctx, i.by.User); err != nil {
		return nil, err
	}
	head, err := i.q.FindAuditHead(ctx, org.ID)
	if err = ignoreNotFound(found(err)); err != nil {
		return nil, err
	}
	opened := &importedOrg{change: c, head: head.Seq, started: head.Seq, groups: map[access.ID]access.GroupFacts{}}
	i.orgs[org.Slug] = opened
	return opened, nil
}

// org finds the organization of a record. One of which the actor may not know is as if it were not.
func (i *importing) org(slug string) (*importedOrg, error) {
	org, ok := i.orgs[slug]
	if !ok || !org.actor.Operator && !org.actor.Rights.Has(access.Discover) {
		return nil, access.Invalid("organization", "There is no organization %q.", slug)
	}
	return org, nil
}

// refuse keeps the first reason for which a line is refused.
func (i *importing) refuse(line int64, err error) error {
	var refusal *access.Error
	if !errors.As(err, &refusal) {
		return fmt.Errorf("line %d: %w", line, err)
	}
	if _, already := i.refused[line]; !already {
		i.refused[line] = ImportRefusal{Line: line, Field: refusal.Field, Message: refusal.Message}
	}
	return nil
}

func (i *importing) report(applied bool) ImportReport {
	report := ImportReport{Read: int(i.read)}
	for _, refusal := range i.refused {
		report.Refused = append(report.Refused, refusal)
	}
	slices.SortFunc(report.Refused, func(a, b ImportRefusal) int { return int(a.Line - b.Line) })
	if applied {
		report.Changed = i.changed
		report.Unchanged = report.Read - i.changed - len(report.Refused)
	}
	return report
}
