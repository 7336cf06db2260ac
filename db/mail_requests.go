package db

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"gatehouse/access"
)

// mostAsked is how many people one request is mailed to: the owner, and then those who can share, by name.
const mostAsked = 10

// announceJob is the job of telling those who can answer a request. Who they are is found out by the job: a request for what
// does not exist then takes the same steps, and as long, as any other.
type announceJob struct {
	Org     access.ID `json:"org"`
	Request access.ID `json:"request"`
}

// Kind names the job for River.
func (announceJob) Kind() string { return "announce-request" }

// announce enqueues the job in the transaction of the request.
func (c *change) announce(ctx context.Context, request access.ID) error {
	if c.post == nil {
		return nil
	}
	_, err := c.post.jobs.InsertTx(ctx, c.tx, announceJob{Org: c.org.ID, Request: request}, &river.InsertOpts{MaxAttempts: mailTries})
	return err
}

type announceWorker struct {
	river.WorkerDefaults[announceJob]
	store *Store
}

// Work enqueues the mails about a request, if it still waits.
func (w *announceWorker) Work(ctx context.Context, job *river.Job[announceJob]) error {
	return ignoreNotFound(w.store.announceRequest(ctx, job.Args.Org, job.Args.Request))
}

func (s *Store) announceRequest(ctx context.Context, org, id access.ID) error {
	if s.post == nil {
		return nil
	}
	return s.transaction(ctx, By{Via: "job"}, org, func(c *change) error {
		request, on, err := c.request(ctx, id)
		if err != nil || request.Status != access.OpenRequest {
			return err
		}
		people, err := listWhoCanShare(ctx, c.q, on.ID, on.Kind, mostAsked)
		if err != nil {
			return err
		}
		facts := MailFacts{By: request.From.Label(), Role: roleTitle(on.Kind, request.Role), Message: request.Message, Request: id}
		for _, person := range people {
			once := "request " + string(request.From.ID) + " " + string(on.ID) + " " + string(person.ID) + " " + c.now.UTC().Format("20060102")
			if err := c.mailTo(ctx, person.ID, newMail{kind: RequestMail, about: on.ID, facts: facts, once: once}); err != nil {
				return err
			}
		}
		return nil
	})
}

// roleTitle is how pages write a role; a rights template is written as it is called.
func roleTitle(kind access.Kind, name string) string {
	if role, err := access.FindRole(kind, name); err == nil {
		return role.Title
	}
	return name
}

// tellAnswer mails to whoever asked what became of it.
func (c *change) tellAnswer(ctx context.Context, request access.Request, status access.RequestStatus, answer access.RequestAnswer) error {
	facts := MailFacts{By: c.actorName(), Request: request.ID, Answer: string(status), Message: answer.Reason, Role: answer.Role, Ends: answer.Until}
	return c.mailTo(ctx, request.From.ID, newMail{kind: AnswerMail, about: request.About.ID, facts: facts})
}

// checkRequestMail: who cannot answer any more, or has nothing to answer, is not asked; who asked learns the name of what
// they may know of.
func (s *Store) checkRequestMail(ctx context.Context, mail *Mail) (reason string, err error) {
	request, err := findRequest(ctx, s.q, mail.Org.ID, mail.Facts.Request)
	if errors.Is(err, access.ErrNotFound) {
		return "The request is gone.", nil
	}
	if err != nil {
		return "", err
	}
	on, err := s.FindResource(ctx, mail.Org.ID, mail.To.ID, mail.About)
	gone := errors.Is(err, access.ErrNotFound)
	if err != nil && !gone {
		return "", err
	}
	mail.Facts.Name, mail.Facts.Kind = on.Name, string(on.Kind)
	switch {
	case mail.Kind == RequestMail && request.Status != access.OpenRequest:
		return "The request waits no longer.", nil
	case mail.Kind == RequestMail && !request.Active:
		return "Who asked is no active member any more.", nil
	case mail.Kind == RequestMail && (gone || !on.Rights.Has(on.Kind.Handing())):
		return "The person can no longer answer it.", nil
	case mail.Facts.Answer == string(access.ApprovedRequest) && (gone || on.Rights&(access.View|access.Create|access.Members) == 0):
		return "The person has no access any more.", nil
	}
	return "", nil
}
