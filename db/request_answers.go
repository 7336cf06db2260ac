package db

import (
	"context"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// An AnswerableRequest is an open request in the list of somebody who can answer it.
type AnswerableRequest struct {
	access.Request
	Held access.Rights // by the one who asks, on what they ask for
}

// CountAnswerableRequests counts the open requests that somebody can answer now, 50 at most.
func (s *Store) CountAnswerableRequests(ctx context.Context, org, user access.ID) (int, error) {
	count, err := s.q.CountAnswerableRequests(ctx, sqlc.CountAnswerableRequestsParams{OrgID: org, Subject: user,
		Share: int64(access.Share), Members: int64(access.Members)})
	return int(count), err
}

// ListAnswerableRequests lists the open requests that somebody can answer now, the oldest first; those about one resource only
// where it is named. Nobody counts them: they become fewer while they are answered.
func (s *Store) ListAnswerableRequests(ctx context.Context, org, user, resource access.ID, page Page) (Listing[AnswerableRequest], error) {
	after := page.cursor()
	rows, err := s.q.ListAnswerableRequests(ctx, sqlc.ListAnswerableRequestsParams{OrgID: org, Subject: user, ResourceID: optional(resource),
		Share: int64(access.Share), Members: int64(access.Members), AfterTime: after.time(), AfterID: after.ID, PageSize: page.limit() + 1})
	all := make([]sqlc.ListEveryOpenRequestRow, len(rows))
	for i, row := range rows {
		all[i] = sqlc.ListEveryOpenRequestRow(row)
	}
	return pageOfRequests(all, page), err
}

// ListEveryOpenRequest is ListAnswerableRequests for the operator, who may answer all.
func (s *Store) ListEveryOpenRequest(ctx context.Context, org access.ID, page Page) (Listing[AnswerableRequest], error) {
	after := page.cursor()
	rows, err := s.q.ListEveryOpenRequest(ctx, sqlc.ListEveryOpenRequestParams{OrgID: org, AfterTime: after.time(), AfterID: after.ID, PageSize: page.limit() + 1})
	return pageOfRequests(rows, page), err
}

func pageOfRequests(rows []sqlc.ListEveryOpenRequestRow, page Page) Listing[AnswerableRequest] {
	fit, total := fitting(rows, page)
	return uncounted(listing(fit, page, func(row sqlc.ListEveryOpenRequestRow) (AnswerableRequest, int64, position) {
		return answerable(row), total, position{Name: row.CreatedAt.UTC().Format(time.RFC3339Nano), ID: row.ID}
	}))
}

func answerable(row sqlc.ListEveryOpenRequestRow) AnswerableRequest {
	return AnswerableRequest{Held: access.Rights(row.Held), Request: access.Request{ID: row.ID, Active: true, Status: access.OpenRequest,
		From: access.Person{ID: row.UserID, Name: row.UserName, Email: row.UserEmail}, About: access.Ref{Type: row.Kind, ID: row.AskedID, Name: row.Name},
		Role: row.Role, Days: int(row.Days), Message: row.Message, Version: row.Version, MadeAt: row.CreatedAt, ExpiresAt: row.ExpiresAt}}
}

// FindRequest reads a request for somebody who can answer it, with the resource and their rights there. For others it is not
// found.
func (s *Store) FindRequest(ctx context.Context, org, user, id access.ID) (access.Request, access.Resource, error) {
	request, err := findRequest(ctx, s.q, org, id)
	if err != nil {
		return request, access.Resource{}, err
	}
	on, err := s.FindResource(ctx, org, user, request.About.ID)
	if err == nil && !on.Rights.Has(on.Kind.Handing()) {
		err = access.ErrNotFound
	}
	request.About = on.Ref()
	return request, on, err
}

// FindAnyRequest is FindRequest for the operator, who may know of all.
func (s *Store) FindAnyRequest(ctx context.Context, org, id access.ID) (access.Request, access.Resource, error) {
	request, err := findRequest(ctx, s.q, org, id)
	if err != nil {
		return request, access.Resource{}, err
	}
	on, err := s.FindAnyResource(ctx, org, request.About.ID)
	request.About = on.Ref()
	return request, on, err
}

// FindOwnRequest reads a request of somebody's own.
func (s *Store) FindOwnRequest(ctx context.Context, org, user, id access.ID) (access.Request, error) {
	request, err := findRequest(ctx, s.q, org, id)
	if err == nil && request.From.ID != user {
		err = access.ErrNotFound
	}
	return request, err
}

// request loads a request with its resource, for a change by somebody who can answer it.
func (c *change) request(ctx context.Context, id access.ID) (access.Request, access.Resource, error) {
	request, err := findRequest(ctx, c.q, c.org.ID, id)
	if err != nil {
		return request, access.Resource{}, err
	}
	on, err := c.resource(ctx, request.About.ID)
	if err == nil && !c.actor.Operator && !on.Rights.Has(on.Kind.Handing()) {
		err = access.ErrNotFound
	}
	request.About = on.Ref()
	return request, on, err
}

// An Approval is what somebody gives who is asked for access.
type Approval struct {
	Role    string
	Until   *time.Time
	Version int64 // of the request on which they decided
}

// ApproveRequest gives the access that was asked for, with a role and an end that the one who decides chose, and closes the request.
func (s *Store) ApproveRequest(ctx context.Context, by By, org, id access.ID, approval Approval) error {
	return s.change(ctx, by, org, func(c *change) error { return c.approve(ctx, id, approval) })
}

func (c *change) approve(ctx context.Context, id access.ID, approval Approval) error {
	request, on, err := c.request(ctx, id)
	if err != nil {
		return err
	}
	given, err := c.roleOn(ctx, on, approval.Role)
	if err != nil {
		return err
	}
	what := access.ApproveRequest{Request: request, Resource: on, Role: given, Until: approval.Until, Stale: request.Version != approval.Version}
	if err := c.close(ctx, what, request, access.RequestAnswer{Role: given.Title, Until: approval.Until}); err != nil {
		return err
	}
	if err := c.grant(ctx, on, request.From.Ref(), given, approval.Until, false); err != nil {
		return err
	}
	if err := c.q.BumpAccessList(ctx, sqlc.BumpAccessListParams{OrgID: c.org.ID, ID: on.ID}); err != nil {
		return err
	}
	return c.tellAnswer(ctx, request, access.ApprovedRequest, access.RequestAnswer{Role: given.Title, Until: approval.Until})
}

// PreviewApproval says what the person who asks would gain.
func (s *Store) PreviewApproval(ctx context.Context, by By, org, id access.ID, approval Approval) (access.Effect, error) {
	return s.preview(ctx, by, org, func(c *change) (scope, error) {
		request, on, err := c.request(ctx, id)
		if err != nil {
			return scope{}, err
		}
		where, err := c.within(ctx, on.ID)
		where.people = []access.ID{request.From.ID}
		return where, err
	}, func(c *change) error { return c.approve(ctx, id, approval) })
}

// DenyRequest answers a request with no, and perhaps with a reason. Version is that of the request on which they decided.
func (s *Store) DenyRequest(ctx context.Context, by By, org, id access.ID, reason string, version int64) error {
	reason, err := access.CleanReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error {
		request, on, err := c.request(ctx, id)
		if err != nil {
			return err
		}
		answer := access.RequestAnswer{Reason: reason}
		what := access.DenyRequest{Request: request, Resource: on, Stale: request.Version != version}
		if err := c.close(ctx, what, request, answer); err != nil {
			return err
		}
		return c.tellAnswer(ctx, request, access.DeniedRequest, answer)
	})
}

// close makes the change that answers a request.
func (c *change) close(ctx context.Context, what access.Change, request access.Request, answer access.RequestAnswer) error {
	status := access.ApprovedRequest
	if _, denied := what.(access.DenyRequest); denied {
		status = access.DeniedRequest
	}
	return c.make(ctx, what, func() error {
		return c.q.EndRequest(ctx, sqlc.EndRequestParams{OrgID: c.org.ID, ID: request.ID, Status: string(status), DecidedBy: optional(c.actor.ID),
			DeciderName: c.actorName(), Reason: answer.Reason, GivenRole: answer.Role, GivenUntil: answer.Until})
	})
}

// settle closes what somebody asks for of a resource that was just shared with them: that is the answer.
func (c *change) settle(ctx context.Context, on access.Resource, who access.Ref, given access.Role, share Share) error {
	principal, err := c.principal(ctx, who)
	if err != nil || principal.Type != "user" {
		return err
	}
	request, err := findLatestRequest(ctx, c.q, c.org.ID, principal.ID, on.ID)
	if err != nil || request.Status != access.OpenRequest || !request.Active {
		return ignoreNotFound(err)
	}
	request.About = on.Ref()
	answer := access.RequestAnswer{Role: given.Title, Until: share.ExpiresAt}
	what := access.ApproveRequest{Request: request, Resource: on, Role: given, Until: share.ExpiresAt}
	if err := c.close(ctx, what, request, answer); err != nil || share.Notify {
		return err // who is told that it was shared need not be told twice
	}
	return c.tellAnswer(ctx, request, access.ApprovedRequest, answer)
}
