package access

import "time"

// Warning is how long before the end of a grant its people are told.
const Warning = 3 * 24 * time.Hour

// EndsSoon tells whether something that ends then is to be warned of now.
func EndsSoon(until *time.Time, now time.Time) bool {
	return until != nil && until.After(now) && until.Before(now.Add(Warning))
}

// LastEnd is the last of several ends; nil, which is for good, where one of them is or there is none.
func LastEnd(ends []*time.Time) *time.Time {
	var last *time.Time
	for _, end := range ends {
		if end == nil {
			return nil
		}
		if last == nil || end.After(*last) {
			last = end
		}
	}
	return last
}

// An End is until when somebody holds a right on a resource: the zero value is for good.
type End struct{ At *time.Time }

// reaches tells whether the end allows a grant until that time.
func (e End) reaches(until *time.Time) bool {
	return e.At == nil || until != nil && !until.After(*e.At)
}

// extending: nobody extends their own access. Who may do something only until a time can give to themselves by it, or to
// what they are in, nothing that lasts longer.
func extending(own bool, end End, until *time.Time) error {
	if own && !end.reaches(until) {
		return Denied("Your own right to do this ends on %s. Nobody extends their own access: ask somebody else who can do it.",
			end.At.UTC().Format("2 January 2006, 15:04 UTC"))
	}
	return nil
}

// ExpireGrant takes away a grant whose time is over. It gives nothing any more; this records that it ended by itself.
type ExpireGrant struct {
	Grant Grant
	Now   time.Time
}

func (c ExpireGrant) allowed(Actor) error {
	if c.Grant.ExpiresAt == nil || c.Grant.ExpiresAt.After(c.Now) {
		return Conflict("This grant has not expired.")
	}
	return nil
}

func (c ExpireGrant) Event() Event {
	return grantEvent("grant.expired", c.Grant, Facts{"role": c.Grant.Role.Name, "expires_at": expiryFact(c.Grant.ExpiresAt)}, nil)
}
