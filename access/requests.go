package access

import (
	"slices"
	"time"
)

// RequestLife is how long a request for access waits for an answer.
const RequestLife = 14 * 24 * time.Hour

// MostRequests is how many open requests somebody may have in an organization.
const MostRequests = 20

// RequestDays are the lengths of time that one can ask for; 0 is until somebody takes the access away.
var RequestDays = []int{1, 7, 30, 90, 0}

// A RequestStatus says where a request stands.
type RequestStatus string

const (
	OpenRequest      RequestStatus = "open"
	ApprovedRequest  RequestStatus = "approved"
	DeniedRequest    RequestStatus = "denied"
	WithdrawnRequest RequestStatus = "withdrawn"
	ExpiredRequest   RequestStatus = "expired"
)

// A Request is somebody's wish for access.
type Request struct {
	ID        ID
	From      Person
	Active    bool // the person is an active member
	About     Ref  // a resource; without a name where the reader may not know of it, or where there is none
	Role      string
	Days      int // how long the access is needed; 0 until it is taken away
	Message   string
	Status    RequestStatus
	Version   int64 // grows when the person changes what they ask for
	MadeAt    time.Time
	ExpiresAt time.Time
	Answer    RequestAnswer
}

// A RequestAnswer is what became of a request.
type RequestAnswer struct {
	At     time.Time
	By     string // who decided
	Reason string
	Role   string // that was given, as pages write it
	Until  *time.Time
}

// RequestableRoles lists what can be asked for on a resource. Of what one may not know of it is the same for every link.
func RequestableRoles(kind Kind, templates ...Role) []Role {
	if kind == "" {
		return RolesOf(Package)
	}
	return append(RolesOf(kind), templates...)
}

// CanRequest tells whether somebody can ask for access to a resource at all: members ask, for what they cannot give.
func CanRequest(a Actor, resource Resource) error {
	switch {
	case !a.Member:
		return Denied("Only a member can ask for access, and only for themselves.")
	case resource.Kind == Organization:
		return Denied("A role in the organization is not asked for here. Ask one of its Admins.")
	case resource.Kind != "" && a.may(resource.Rights, resource.Kind.Handing()):
		return Denied("You decide yourself who has access to %s.", resource.Name)
	}
	return nil
}

// MakeRequest asks those who can share a resource for access to it.
type MakeRequest struct {
	Request  Request
	Resource Resource // with the actor's rights; without a kind where they may not know of it
	Role     Role
	Open     int // requests of the actor that wait already
}

func (c MakeRequest) allowed(a Actor) error {
	if err := asking(a, c.Request, c.Resource, c.Role, c.Request.Days); err != nil {
		return err
	}
	if c.Open >= MostRequests {
		return Conflict("You have %d open requests. Take one back first, or wait for an answer.", c.Open)
	}
	return nil
}

func (c MakeRequest) Event() Event {
	return requestEvent("request.made", c.Request, nil, Facts{"role": c.Request.Role, "days": c.Request.Days})
}

// ChangeRequest changes what an open request asks for.
type ChangeRequest struct {
	Request  Request // as it stands
	Resource Resource
	ToRole   Role
	ToDays   int
}

func (c ChangeRequest) allowed(a Actor) error {
	if err := asking(a, c.Request, c.Resource, c.ToRole, c.ToDays); err != nil {
		return err
	}
	return c.Request.waits()
}

func (c ChangeRequest) Event() Event {
	return requestEvent("request.changed", c.Request, Facts{"role": c.Request.Role, "days": c.Request.Days},
		Facts{"role": c.ToRole.Name, "days": c.ToDays})
}

// asking: one asks for oneself, and for what one does not have.
func asking(a Actor, request Request, resource Resource, role Role, days int) error {
	if err := CanRequest(a, resource); err != nil {
		return err
	}
	if a.ID != request.From.ID {
		return Denied("Only a member can ask for access, and only for themselves.")
	}
	if !slices.Contains(RequestDays, days) {
		return Invalid("days", "Choose how long you need it.")
	}
	if resource.Kind != "" && resource.Rights.Has(role.Here) {
		return Conflict("You can do everything on %s already that the role %s allows.", resource.Name, role.Title)
	}
	return nil
}

// WithdrawRequest takes a request back.
type WithdrawRequest struct{ Request Request }

func (c WithdrawRequest) allowed(a Actor) error {
	if !a.Member || a.ID != c.Request.From.ID {
		return Denied("Only the person who asks can take a request back.")
	}
	return c.Request.waits()
}

func (c WithdrawRequest) Event() Event { return requestEvent("request.withdrawn", c.Request, nil, nil) }

// ApproveRequest answers a request with access. The grant is a change of its own, with its ceiling.
type ApproveRequest struct {
	Request  Request
	Resource Resource // with the actor's rights on it
	Role     Role     // that is given
	Until    *time.Time
	Stale    bool // the request changed since the actor looked at it
}

func (c ApproveRequest) allowed(a Actor) error {
	if err := answering(a, c.Request, c.Resource, c.Stale); err != nil {
		return err
	}
	if !c.Request.Active {
		return Conflict("%s is no active member any more, so access would not count.", c.Request.From.Label())
	}
	return nil
}

func (c ApproveRequest) Event() Event {
	return requestEvent("request.approved", c.Request, Facts{"role": c.Request.Role, "days": c.Request.Days},
		Facts{"role": c.Role.Name, "expires_at": expiryFact(c.Until)})
}

// DenyRequest answers a request with no.
type DenyRequest struct {
	Request  Request
	Resource Resource // with the actor's rights on it
	Stale    bool
}

func (c DenyRequest) allowed(a Actor) error { return answering(a, c.Request, c.Resource, c.Stale) }

func (c DenyRequest) Event() Event {
	return requestEvent("request.denied", c.Request, Facts{"role": c.Request.Role, "days": c.Request.Days}, nil)
}

// answering: who can share a resource answers those who ask for it, once.
func answering(a Actor, request Request, resource Resource, stale bool) error {
	if err := MayHandOut(a, resource); err != nil {
		return err
	}
	if err := request.waits(); err != nil {
		return err
	}
	if stale {
		return Conflict("%s changed the request in the meantime. This is what it says now; nothing was decided.", request.From.Label())
	}
	return nil
}

// ExpireRequest notes that a request waited too long. It could not be answered any more anyway.
type ExpireRequest struct {
	Request Request
	Now     time.Time
}

func (c ExpireRequest) allowed(Actor) error {
	if c.Request.ExpiresAt.After(c.Now) {
		return Conflict("This request has not expired.")
	}
	return nil
}

func (c ExpireRequest) Event() Event { return requestEvent("request.expired", c.Request, nil, nil) }

// waits: only an open request can be changed, taken back or answered.
func (r Request) waits() error {
	switch r.Status {
	case OpenRequest:
		return nil
	case ApprovedRequest:
		return Conflict("%s approved this request already.", r.Answer.By)
	case DeniedRequest:
		return Conflict("%s denied this request already.", r.Answer.By)
	case WithdrawnRequest:
		return Conflict("%s took this request back.", r.From.Label())
	}
	return Conflict("Nobody answered this request in time, and it expired.")
}

// requestEvent leaves out what people wrote to each other.
func requestEvent(action string, request Request, before, after Facts) Event {
	return Event{Action: action, Target: request.About, Subject: request.From.Ref(), Before: before, After: after}
}
