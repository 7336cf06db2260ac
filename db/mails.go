package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A MailKind is what a mail is about.
type MailKind string

const (
	InvitationMail MailKind = "invitation" // somebody is invited
	SharedMail     MailKind = "shared"     // something was shared with somebody, who is to know
	OwnerMail      MailKind = "owner"      // somebody's resource has another owner now
	EndingMail     MailKind = "ending"     // somebody's access ends soon
	ResetMail      MailKind = "reset"      // somebody forgot a password
	TestMail       MailKind = "test"       // an Admin wants to see whether mail arrives
	RequestMail    MailKind = "request"    // somebody asks for access, and this person can give it
	AnswerMail     MailKind = "answer"     // what became of a request of this person's
)

// MailFacts are what a mail tells beside the names that are read when it is sent. They hold no secret.
type MailFacts struct {
	By      string     `json:"by,omitempty"` // who made the change
	Role    string     `json:"role,omitempty"`
	Message string     `json:"message,omitempty"`
	Owner   string     `json:"owner,omitempty"` // the new one
	Name    string     `json:"name,omitempty"`  // of the resource
	Kind    string     `json:"kind,omitempty"`  // of the resource
	Grant   access.ID  `json:"grant,omitempty"`
	Ends    *time.Time `json:"ends,omitempty"`
	Request access.ID  `json:"request,omitempty"`
	Answer  string     `json:"answer,omitempty"` // to a request: approved or denied
}

// A newMail is what a change wants to be sent.
type newMail struct {
	kind  MailKind
	to    access.Person // with an ID for somebody who has an account
	about access.ID
	facts MailFacts
	token string // of the mail's link: sealed until the mail has ended
	once  string // of what is mailed once only; empty for anything else
}

// An office takes mail: it writes jobs in the transactions of changes.
type office struct {
	jobs  *river.Client[pgx.Tx]
	vault *vault
}

// ErrNoSecret is why a server without a secret sends no mail.
var ErrNoSecret = errors.New("mail needs GATEHOUSE_SECRET: the links in waiting mail are kept under it")

// UseMail lets changes enqueue mail. It is called once, after UseSecret and before the Store is used; WorkMail sends it. A
// Store without it enqueues nothing.
func (s *Store) UseMail() error {
	if s.vault == nil {
		return ErrNoSecret
	}
	jobs, err := river.NewClient(riverpgxv5.New(s.pool), &river.Config{PollOnly: true})
	if err == nil {
		s.post = &office{jobs: jobs, vault: s.vault}
	}
	return err
}

// SendsMail tells whether changes enqueue mail.
func (s *Store) SendsMail() bool { return s.post != nil }

// mail enqueues a mail in the transaction of the change, so that both happen or neither does. Without mail it does nothing.
func (c *change) mail(ctx context.Context, wanted newMail) error {
	if c.post == nil {
		return nil
	}
	return c.post.take(ctx, c.q, c.tx, c.org.ID, wanted)
}

// take writes a mail and its job.
func (o *office) take(ctx context.Context, q *sqlc.Queries, tx pgx.Tx, org access.ID, wanted newMail) error {
	facts, err := json.Marshal(wanted.facts)
	if err != nil {
		return err
	}
	row := sqlc.AddMailParams{ID: newID(), OrgID: optional(org), Kind: string(wanted.kind), Email: wanted.to.Email,
		UserID: optional(wanted.to.ID), AboutID: optional(wanted.about), Facts: facts}
	if wanted.token != "" {
		row.Link = o.vault.sealLink(row.ID, wanted.token)
	}
	if wanted.once != "" {
		row.Once = &wanted.once
	}
	added, err := q.AddMail(ctx, row)
	if err != nil || added == 0 {
		return err
	}
	_, err = o.jobs.InsertTx(ctx, tx, mailJob{Mail: row.ID}, nil)
	return err
}

// SendTestMail enqueues a mail to whoever asks.
func (s *Store) SendTestMail(ctx context.Context, by By, org access.ID) error {
	if s.post == nil {
		return access.Conflict("This server sends no mail.")
	}
	return s.change(ctx, by, org, func(c *change) error {
		if !c.actor.Rights.Has(access.Configure) {
			return access.Denied("Only an Admin of the organization can send test mail.")
		}
		return c.mail(ctx, newMail{kind: TestMail, to: access.Person{ID: c.actor.ID, Name: c.actor.Name, Email: c.actor.Email}})
	})
}

// A MailRow is a mail in the list of what an organization sends.
type MailRow struct {
	Kind      MailKind
	Email     string
	State     string // waiting, sent, dropped or failed
	Attempts  int
	Problem   string
	CreatedAt time.Time
	EndedAt   *time.Time
}

// MailCounts says how much of an organization's mail is where.
type MailCounts struct{ Waiting, Sent, Failed int }

// ListMails lists the newest mails of an organization, 100 at most, and counts all of them.
func (s *Store) ListMails(ctx context.Context, org access.ID) ([]MailRow, MailCounts, error) {
	rows, err := s.q.ListMails(ctx, sqlc.ListMailsParams{OrgID: org, PageSize: 100})
	if err != nil {
		return nil, MailCounts{}, err
	}
	mails := make([]MailRow, len(rows))
	for i, row := range rows {
		mails[i] = MailRow{Kind: MailKind(row.Kind), Email: row.Email, State: row.State, Attempts: int(row.Attempts), Problem: row.Problem,
			CreatedAt: row.CreatedAt, EndedAt: row.EndedAt}
	}
	counted, err := s.q.CountMails(ctx, org)
	return mails, MailCounts{Waiting: int(counted.Waiting), Sent: int(counted.Sent), Failed: int(counted.Failed)}, err
}

// A DemoMail is a mail that the demo kept instead of sending it.
type DemoMail struct {
	ID                          access.ID
	Email, Subject, Plain, HTML string
	At                          time.Time
}

// KeepDemoMail keeps a mail of the demo, once.
func (s *Store) KeepDemoMail(ctx context.Context, mail DemoMail) error {
	return s.q.AddDemoMail(ctx, sqlc.AddDemoMailParams{ID: mail.ID, Email: mail.Email, Subject: mail.Subject, Plain: mail.Plain, Html: mail.HTML})
}

// ListDemoMails lists what the demo kept, the newest first, without the texts.
func (s *Store) ListDemoMails(ctx context.Context) ([]DemoMail, error) {
	rows, err := s.q.ListDemoMails(ctx)
	mails := make([]DemoMail, len(rows))
	for i, row := range rows {
		mails[i] = DemoMail{ID: row.ID, Email: row.Email, Subject: row.Subject, At: row.CreatedAt}
	}
	return mails, err
}

// FindDemoMail reads a mail that the demo kept.
func (s *Store) FindDemoMail(ctx context.Context, id access.ID) (DemoMail, error) {
	row, err := s.q.FindDemoMail(ctx, id)
	return DemoMail{ID: row.ID, Email: row.Email, Subject: row.Subject, Plain: row.Plain, HTML: row.Html, At: row.CreatedAt}, found(err)
}
