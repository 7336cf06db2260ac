package rest

import (
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// An AccessRequest is somebody's wish for access to a resource.
type AccessRequest struct {
	ID         access.ID            `json:"id"`
	From       Person               `json:"from"`
	On         Named                `json:"on" doc:"Without a name where the one who asked may not know of it."`
	Role       string               `json:"role"`
	Days       int                  `json:"days" doc:"How long the access is needed; 0 until it is taken away."`
	Message    string               `json:"message"`
	Status     access.RequestStatus `json:"status"`
	CreatedAt  time.Time            `json:"created_at"`
	ExpiresAt  time.Time            `json:"expires_at" doc:"Until then it can be answered."`
	AnsweredAt *time.Time           `json:"answered_at" doc:"null for one that was not."`
	AnsweredBy string               `json:"answered_by,omitempty"`
	Reason     string               `json:"reason,omitempty"`
	Given      string               `json:"given,omitempty" doc:"The role that was given, as pages write it."`
	GivenUntil *time.Time           `json:"given_until,omitempty"`
}

func accessRequest(r access.Request) AccessRequest {
	shown := AccessRequest{ID: r.ID, From: person(r.From), On: Named{Type: r.About.Type, ID: r.About.ID, Name: r.About.Name}, Role: r.Role, Days: r.Days, Message: r.Message,
		Status: r.Status, CreatedAt: r.MadeAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), AnsweredBy: r.Answer.By, Reason: r.Answer.Reason, Given: r.Answer.Role, GivenUntil: utc(r.Answer.Until)}
	if !r.Answer.At.IsZero() {
		shown.AnsweredAt = utc(&r.Answer.At)
	}
	return shown
}

// ListRequests lists the open requests that the token's maker can answer, or with from=me what they asked for.
func ListRequests(c *Call) (Answer, error) {
	from, err := c.choice("from", "me")
	if err != nil {
		return Answer{}, err
	}
	if from == "me" && c.Actor.Operator { // who asks for nothing
		return listOf([]access.Request{}, "", accessRequest)
	}
	if from == "me" {
		rows, err := c.store.ListRequestsOf(c.ctx(), c.Org.ID, c.Actor.ID)
		if err != nil {
			return Answer{}, err
		}
		return listOf(rows, "", func(row access.Request) AccessRequest {
			row.From = access.Person{ID: c.Actor.ID, Name: c.Actor.Name, Email: c.Actor.Email}
			return accessRequest(row)
		})
	}
	page, err := c.page()
	if err != nil {
		return Answer{}, err
	}
	show := func(row db.AnswerableRequest) AccessRequest { return accessRequest(row.Request) }
	if c.Actor.Operator {
		list, err := c.store.ListEveryOpenRequest(c.ctx(), c.Org.ID, page)
		return pageOf(list, err, show)
	}
	list, err := c.store.ListAnswerableRequests(c.ctx(), c.Org.ID, c.Actor.ID, "", page)
	return pageOf(list, err, show)
}

// ShowRequest answers with one request, to who can answer it and to who asked.
func ShowRequest(c *Call) (Answer, error) {
	request, err := c.requestOfPath()
	if err != nil {
		return Answer{}, err
	}
	return found(accessRequest(request))
}

func (c *Call) requestOfPath() (access.Request, error) {
	id, err := c.id("request")
	if err != nil {
		return access.Request{}, err
	}
	return c.findRequest(id)
}

func (c *Call) findRequest(id access.ID) (access.Request, error) {
	if c.Actor.Operator {
		request, _, err := c.store.FindAnyRequest(c.ctx(), c.Org.ID, id)
		return request, err
	}
	own, err := c.store.FindOwnRequest(c.ctx(), c.Org.ID, c.Actor.ID, id)
	if err == nil {
		if on, err := c.find(own.About.ID); err == nil {
			own.About = on.Ref()
		}
		return own, nil
	}
	request, _, err := c.store.FindRequest(c.ctx(), c.Org.ID, c.Actor.ID, id)
	return request, err
}

// A NewRequest is what somebody asks for.
type NewRequest struct {
	Role    string `json:"role"`
	Days    int    `json:"days" doc:"1, 7, 30 or 90; 0 until it is taken away."`
	Message string `json:"message,omitempty"`
}

// RequestAccess asks for access in the name of the token's maker, who sees that everything in the organization exists: what is
// not there is not found.
func RequestAccess(c *Call) (Answer, error) {
	on, err := c.resource()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[NewRequest](c)
	if err != nil {
		return Answer{}, err
	}
	id, err := c.store.RequestAccess(c.ctx(), c.By, c.Org.ID, on.ID, db.AskedAccess{Role: asked.value.Role, Days: asked.value.Days, Message: asked.value.Message})
	if err != nil {
		return Answer{}, err
	}
	made, err := c.findRequest(id)
	if err != nil {
		return Answer{}, err
	}
	return created(accessRequest(made))
}

// An Approval is the access that an answer gives.
type Approval struct {
	Role      string     `json:"role"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"null or left out for no end."`
}

// approval reads which access the request of the path is to be answered with.
func (c *Call) approval() (request access.Request, approval db.Approval, err error) {
	if request, err = c.requestOfPath(); err != nil {
		return request, approval, err
	}
	asked, err := read[Approval](c)
	if err != nil {
		return request, approval, err
	}
	approval = db.Approval{Role: asked.value.Role, Until: asked.value.ExpiresAt, Version: request.Version}
	return request, approval, c.unchanged(ShowRequest)
}

// ApproveRequest gives access to who asks for it.
func ApproveRequest(c *Call) (Answer, error) {
	request, approval, err := c.approval()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.ApproveRequest(c.ctx(), c.By, c.Org.ID, request.ID, approval); err != nil {
		return Answer{}, err
	}
	return ShowRequest(c)
}

// A Denial is an answer that gives nothing.
type Denial struct {
	Reason string `json:"reason,omitempty"`
}

// DenyRequest says no to who asks for access.
func DenyRequest(c *Call) (Answer, error) {
	request, err := c.requestOfPath()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[Denial](c)
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowRequest); err != nil {
		return Answer{}, err
	}
	if err := c.store.DenyRequest(c.ctx(), c.By, c.Org.ID, request.ID, asked.value.Reason, request.Version); err != nil {
		return Answer{}, err
	}
	return ShowRequest(c)
}

// WithdrawRequest takes back what the token's maker asked for.
func WithdrawRequest(c *Call) (Answer, error) {
	id, err := c.id("request")
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowRequest); err != nil {
		return Answer{}, err
	}
	if err := c.store.WithdrawRequest(c.ctx(), c.By, c.Org.ID, id); err != nil {
		return Answer{}, err
	}
	return gone()
}
