package db

import (
	"context"
	"errors"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// AskedAccess is what somebody asks for.
type AskedAccess struct {
	Role    string // by its name
	Days    int    // one of access.RequestDays
	Message string
}

// RequestAccess asks for access to what an id names, or changes what was asked for it before. It does the same and says the same
// for something of which the person may not know as for an id that was never issued; a request for the latter reaches nobody.
func (s *Store) RequestAccess(ctx context.Context, by By, org, resource access.ID, asked AskedAccess) (id access.ID, err error) {
	if asked.Message, err = access.CleanMessage(asked.Message); err != nil {
		return "", err
	}
	err = s.change(ctx, by, org, func(c *change) error {
		on, err := c.knownResource(ctx, resource)
		if err != nil {
			return err
		}
		if err := access.CanRequest(c.actor, on); err != nil {
			return err
		}
		role, err := c.requestable(ctx, on, asked.Role)
		if err != nil {
			return err
		}
		open, err := c.openRequest(ctx, resource)
		if err != nil {
			return err
		}
		if open.ID != "" {
			id = open.ID
			return c.changeRequest(ctx, open, on, role, asked)
		}
		id, err = c.makeRequest(ctx, resource, on, role, asked)
		return err
	})
	return id, err
}

// knownResource is what an id names, as far as the actor may know; without a kind for anything else.
func (c *change) knownResource(ctx context.Context, id access.ID) (access.Resource, error) {
	on, err := c.resource(ctx, id)
	if errors.Is(err, access.ErrNotFound) {
		return access.Resource{}, nil
	}
	return on, err
}

// requestable finds a role that can be asked for.
func (c *change) requestable(ctx context.Context, on access.Resource, name string) (access.Role, error) {
	if on.Kind != "" {
		return c.roleOn(ctx, on, name)
	}
	for _, role := range access.RequestableRoles("") {
		if role.Name == name {
			return role, nil
		}
	}
	return access.Role{}, access.Invalid("role", "Choose what you would like to be able to do.")
}

// openRequest is what the actor asks for already of an id; without an ID where there is nothing. One that waited too long is
// put aside.
func (c *change) openRequest(ctx context.Context, about access.ID) (access.Request, error) {
	latest, err := findLatestRequest(ctx, c.q, c.org.ID, c.actor.ID, about)
	if errors.Is(err, access.ErrNotFound) {
		return access.Request{}, nil
	}
	if err != nil || latest.Status != access.OpenRequest && latest.Status != access.ExpiredRequest {
		return access.Request{}, err
	}
	if latest.About, err = c.requestTarget(ctx, about); err != nil || latest.Status == access.OpenRequest {
		return latest, err
	}
	end := sqlc.EndRequestParams{OrgID: c.org.ID, ID: latest.ID, Status: string(access.ExpiredRequest)}
	return access.Request{}, c.make(ctx, access.ExpireRequest{Request: latest, Now: c.now}, func() error { return c.q.EndRequest(ctx, end) })
}

// requestTarget names for the audit log what a request is about, also where the one who asks may not know of it.
func (c *change) requestTarget(ctx context.Context, id access.ID) (access.Ref, error) {
	on, err := findResource(ctx, c.q, c.org.ID, "", id)
	if errors.Is(err, access.ErrNotFound) {
		return access.Ref{Type: "resource", ID: id, Name: "an unknown link"}, nil
	}
	return on.Ref(), err
}

func (c *change) makeRequest(ctx context.Context, about access.ID, on access.Resource, role access.Role, asked AskedAccess) (access.ID, error) {
	target, err := c.requestTarget(ctx, about)
	if err != nil {
		return "", err
	}
	open, err := c.q.CountOpenRequests(ctx, sqlc.CountOpenRequestsParams{OrgID: c.org.ID, UserID: c.actor.ID})
	if err != nil {
		return "", err
	}
	made := access.Request{ID: newID(), From: c.person(), About: target, Role: role.Name, Days: asked.Days, Status: access.OpenRequest}
	what := access.MakeRequest{Request: made, Resource: on, Role: role, Open: int(open)}
	return made.ID, c.make(ctx, what, func() error {
		row := sqlc.AddRequestParams{OrgID: c.org.ID, ID: made.ID, UserID: c.actor.ID, AskedID: about, Role: role.Name, Days: int32(asked.Days),
			Message: asked.Message, ExpiresAt: c.now.Add(access.RequestLife)}
		if err := c.q.AddRequest(ctx, row); err != nil {
			return err
		}
		return c.announce(ctx, made.ID)
	})
}

func (c *change) changeRequest(ctx context.Context, open access.Request, on access.Resource, role access.Role, asked AskedAccess) error {
	what := access.ChangeRequest{Request: open, Resource: on, ToRole: role, ToDays: asked.Days}
	return c.make(ctx, what, func() error {
		return c.q.SetRequest(ctx, sqlc.SetRequestParams{OrgID: c.org.ID, ID: open.ID, Role: role.Name, Days: int32(asked.Days), Message: asked.Message,
			ExpiresAt: c.now.Add(access.RequestLife)})
	})
}

// person is the actor as others see them.
func (c *change) person() access.Person {
	return access.Person{ID: c.actor.ID, Name: c.actor.Name, Email: c.actor.Email}
}

// WithdrawRequest takes back what somebody asked for. A request of somebody else is not found.
func (s *Store) WithdrawRequest(ctx context.Context, by By, org, id access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		request, err := findRequest(ctx, c.q, org, id)
		if err != nil {
			return err
		}
		if request.From.ID != c.actor.ID {
			return access.ErrNotFound
		}
		if request.About, err = c.requestTarget(ctx, request.About.ID); err != nil {
			return err
		}
		return c.make(ctx, access.WithdrawRequest{Request: request}, func() error {
			return c.q.EndRequest(ctx, sqlc.EndRequestParams{OrgID: org, ID: id, Status: string(access.WithdrawnRequest)})
		})
	})
}

// FindLatestRequest reads what somebody last asked for of an id, open or not; access.ErrNotFound where there is nothing.
func (s *Store) FindLatestRequest(ctx context.Context, org, user, about access.ID) (access.Request, error) {
	return findLatestRequest(ctx, s.q, org, user, about)
}

func findLatestRequest(ctx context.Context, q *sqlc.Queries, org, user, about access.ID) (access.Request, error) {
	id, err := q.FindLatestRequest(ctx, sqlc.FindLatestRequestParams{OrgID: org, UserID: user, AskedID: about})
	if err != nil {
		return access.Request{}, found(err)
	}
	return findRequest(ctx, q, org, id)
}

// findRequest reads a request. What it is about it names by its id only.
func findRequest(ctx context.Context, q *sqlc.Queries, org, id access.ID) (access.Request, error) {
	row, err := q.FindRequest(ctx, sqlc.FindRequestParams{OrgID: org, ID: id})
	if err != nil {
		return access.Request{}, found(err)
	}
	kept := row.AccessRequest
	request := access.Request{ID: kept.ID, From: access.Person{ID: kept.UserID, Name: row.UserName, Email: row.UserEmail}, Active: row.Active,
		About: access.Ref{ID: kept.AskedID}, Role: kept.Role, Days: int(kept.Days), Message: kept.Message, Version: kept.Version,
		Status: requestStatus(kept.Status, kept.ExpiresAt, row.ReadAt), MadeAt: kept.CreatedAt, ExpiresAt: kept.ExpiresAt,
		Answer: access.RequestAnswer{By: kept.DeciderName, Reason: kept.Reason, Role: kept.GivenRole, Until: kept.GivenUntil}}
	if kept.DecidedAt != nil {
		request.Answer.At = *kept.DecidedAt
	}
	return request, nil
}

// requestStatus is where a request stands: one that waited too long has expired, whether that was noted or not.
func requestStatus(stored string, expires, now time.Time) access.RequestStatus {
	if stored == string(access.OpenRequest) && !expires.After(now) {
		return access.ExpiredRequest
	}
	return access.RequestStatus(stored)
}

// ListRequestsOf lists what somebody asks for, and what became of what they asked for lately; 50 at most. What they may not
// know of has no name.
func (s *Store) ListRequestsOf(ctx context.Context, org, user access.ID) ([]access.Request, error) {
	rows, err := s.q.ListRequestsOf(ctx, sqlc.ListRequestsOfParams{OrgID: org, UserID: user, Discover: int64(access.Discover), PageSize: 50})
	requests := make([]access.Request, len(rows))
	for i, row := range rows {
		requests[i] = access.Request{ID: row.ID, From: access.Person{ID: user}, Active: true, About: access.Ref{Type: row.Kind, ID: row.AskedID, Name: row.Name},
			Role: row.Role, Days: int(row.Days), Message: row.Message, Version: row.Version, Status: requestStatus(row.Status, row.ExpiresAt, row.ReadAt),
			MadeAt: row.CreatedAt, ExpiresAt: row.ExpiresAt,
			Answer: access.RequestAnswer{By: row.DeciderName, Reason: row.Reason, Role: row.GivenRole, Until: row.GivenUntil}}
		if row.DecidedAt != nil {
			requests[i].Answer.At = *row.DecidedAt
		}
	}
	return requests, err
}
