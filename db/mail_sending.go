package db

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Mail is one that is to be sent now: everything in it was read a moment ago.
type Mail struct {
	ID         access.ID
	Kind       MailKind
	To         access.Person
	Org        access.Org
	About      access.ID // the resource
	Token      string    // of the mail's link
	Invitation Invitation
	Facts      MailFacts
}

// RefusedMail is a failure that another try does not mend: the address does not exist, for one.
type RefusedMail struct{ Cause error }

func (r *RefusedMail) Error() string { return r.Cause.Error() }
func (r *RefusedMail) Unwrap() error { return r.Cause }

// mailTries is how often a mail is tried, within about four hours.
const mailTries = 10

// mailJob is the job of sending one mail. What the mail is stands in its own row.
type mailJob struct {
	Mail access.ID `json:"mail"`
}

// Kind names the job for River.
func (mailJob) Kind() string { return "mail" }

// InsertOpts say how often it is tried.
func (mailJob) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: mailTries} }

// MailWork says how mail is sent.
type MailWork struct {
	Send func(context.Context, Mail) error
	Log  *slog.Logger
	// Pause is how long to wait after a failed try; nil for a second at first, and longer each time.
	Pause func(tries int) time.Duration
}

// WorkMail sends what changes enqueue, until the context ends. Every replica may: each mail is sent by one of them. It
// asks the database every second and needs no notification from it.
func (s *Store) WorkMail(ctx context.Context, work MailWork) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, &mailWorker{store: s, work: work})
	river.AddWorker(workers, &announceWorker{store: s})
	config := &river.Config{PollOnly: true, FetchPollInterval: time.Second, Workers: workers, Logger: slog.New(warnings{work.Log.Handler()}),
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}, JobTimeout: time.Minute}
	if work.Pause != nil {
		config.RetryPolicy, config.FetchPollInterval = pauses(work.Pause), 100*time.Millisecond
	}
	client, err := river.NewClient(riverpgxv5.New(s.pool), config)
	if err != nil {
		return err
	}
	if err := s.q.ForgetOldMails(ctx); err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := client.Stop(stopping); err == nil {
		return nil
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	return client.StopAndCancel(ending) // what is cut off is tried again
}

// pauses is a retry policy for River.
type pauses func(tries int) time.Duration

// NextRetry is when to try again.
func (p pauses) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(p(len(job.Errors) + 1))
}

type mailWorker struct {
	river.WorkerDefaults[mailJob]
	store *Store
	work  MailWork
}

// Work sends one mail, if there is still reason to.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[mailJob]) error {
	mail, reason, err := w.store.mailToSend(ctx, job.Args.Mail)
	if errors.Is(err, access.ErrNotFound) { // it went with its organization
		return nil
	}
	if err != nil {
		return err
	}
	if reason != "" {
		return w.store.q.EndMail(ctx, sqlc.EndMailParams{ID: job.Args.Mail, State: "dropped", Problem: reason})
	}
	err = w.work.Send(ctx, mail)
	if err == nil {
		return w.store.q.EndMail(context.WithoutCancel(ctx), sqlc.EndMailParams{ID: mail.ID, State: "sent", Tried: 1})
	}
	return w.failed(context.WithoutCancel(ctx), mail, job, err)
}

// failed notes why a mail was not sent, and whether it is tried again.
func (w *mailWorker) failed(ctx context.Context, mail Mail, job *river.Job[mailJob], cause error) error {
	told := cause.Error()
	told = told[:min(len(told), 300)]
	var refused *RefusedMail
	if !errors.As(cause, &refused) && job.Attempt < job.MaxAttempts {
		return errors.Join(cause, w.store.q.NoteMailProblem(ctx, sqlc.NoteMailProblemParams{ID: mail.ID, Problem: told}))
	}
	err := w.store.q.EndMail(ctx, sqlc.EndMailParams{ID: mail.ID, State: "failed", Problem: told, Tried: 1})
	return river.JobCancel(errors.Join(cause, err))
}

// mailToSend reads a mail and whether there is still reason to send it: what has changed since it was enqueued counts. The
// reason not to is a sentence.
func (s *Store) mailToSend(ctx context.Context, id access.ID) (mail Mail, reason string, err error) {
	row, err := s.q.FindMail(ctx, id)
	if err != nil {
		return mail, "", found(err)
	}
	mail = Mail{ID: id, Kind: MailKind(row.Kind), To: access.Person{ID: required(row.UserID), Name: row.UserName, Email: row.Email},
		Org: access.Org{ID: required(row.OrgID), Slug: row.Slug, Name: row.OrgName}, About: required(row.AboutID)}
	if err := json.Unmarshal(row.Facts, &mail.Facts); err != nil {
		return mail, "", err
	}
	if row.State != "waiting" { // sent, by a try whose end was cut off
		return mail, "It has ended already.", nil
	}
	switch mail.Kind {
	case InvitationMail:
		reason, err = s.checkInvitationMail(ctx, &mail, row.Link)
	case ResetMail:
		reason, err = s.prepareReset(ctx, &mail)
	default:
		reason, err = s.checkMemberMail(ctx, &mail, row)
	}
	return mail, reason, err
}

// checkInvitationMail: an invitation is mailed as long as its link works.
func (s *Store) checkInvitationMail(ctx context.Context, mail *Mail, sealed []byte) (reason string, err error) {
	if mail.Token, err = s.vault.openLink(mail.ID, sealed); err != nil {
		return "", err
	}
	mail.Invitation, err = s.FindInvitation(ctx, mail.Token)
	switch {
	case errors.Is(err, access.ErrNotFound):
		return "A newer link took its place.", nil
	case err != nil:
		return "", err
	case mail.Invitation.Accepted:
		return "The invitation was accepted already.", nil
	case mail.Invitation.Revoked:
		return "The invitation was revoked.", nil
	case mail.Invitation.Expired:
		return "The invitation expired.", nil
	}
	return "", nil
}

// checkMemberMail: who was deactivated or removed, or lost what the mail tells of, hears nothing of it.
func (s *Store) checkMemberMail(ctx context.Context, mail *Mail, row sqlc.FindMailRow) (reason string, err error) {
	mail.To.Email = row.UserEmail // of today
	external := mail.Kind == SharedMail || mail.Kind == EndingMail
	switch {
	case row.UserStatus != string(access.Active):
		return "The account is deactivated.", nil
	case row.MemberStatus != string(access.Active) && !(external && row.MemberStatus == ""):
		return "The person is no active member any more.", nil
	case mail.Kind == RequestMail || mail.Kind == AnswerMail:
		return s.checkRequestMail(ctx, mail)
	case mail.Kind == EndingMail:
		ends, err := s.q.FindEndOfGrant(ctx, sqlc.FindEndOfGrantParams{OrgID: mail.Org.ID, ID: mail.Facts.Grant})
		if err := found(err); errors.Is(err, access.ErrNotFound) || err == nil && (ends == nil || !ends.Equal(*mail.Facts.Ends)) {
			return "The end was changed.", nil
		} else if err != nil {
			return "", err
		}
	}
	if !external {
		return "", nil
	}
	resource, err := s.FindResource(ctx, mail.Org.ID, mail.To.ID, mail.About)
	if errors.Is(err, access.ErrNotFound) || err == nil && resource.Rights&(access.View|access.Create|access.Members) == 0 {
		return "The person has no access any more.", nil
	}
	mail.Facts.Name, mail.Facts.Kind = resource.Name, string(resource.Kind)
	return "", err
}
