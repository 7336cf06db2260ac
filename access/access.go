// Package access holds the rules of Gatehouse: what rights there are, which role carries which, what each
// access mode lets in, and who may make which change. It is pure: no database, no clock, no HTTP. What a rule
// needs to know stands in the change that it judges; whoever loads the change (package db) reads it under the
// organization's lock.
package access

import "time"

// An ID is a UUID in its canonical text form, or empty for none.
type ID string

// A Ref names one thing well enough to show and link it.
type Ref struct {
	Type string // "user", "group", "invitation", or a Kind
	ID   ID
	Name string
}

// An Actor is who asks for a change, as read under the lock of the change itself.
type Actor struct {
	ID          ID
	Name        string
	Email       string
	Active      bool   // the account may act at all
	Member      bool   // an active member of the organization that the change is in
	Rights      Rights // held on that organization
	Operator    bool   // someone at the server's own shell: bound by every invariant, by no ceiling
	Proven      bool   // proved lately who they are; a service did so with its token
	Provisioner bool   // the organization's identity provider asks (SCIM)
}

// may tells whether the actor may use the wanted rights, given those held.
func (a Actor) may(held, wanted Rights) bool { return a.Operator || held.Has(wanted) }

// proven is the last rule of a change that asks for a recent sign-in: what cannot be done is refused before anybody is
// asked to prove who they are.
func (a Actor) proven() error {
	if !a.Operator && !a.Proven {
		return errNotRecent
	}
	return nil
}

// A Change is one thing that somebody wants to make different. The interface is sealed: a new kind of change
// does not compile without a rule and an audit event.
type Change interface {
	// allowed is the rule. Nil lets the change happen; anything else is an *Error.
	allowed(Actor) error
	// Event is what the audit log keeps. It never holds a secret.
	Event() Event
}

// An Event is the audit record of one change.
type Event struct {
	Action  string // noun.verb in the past: "member.removed"
	Target  Ref    // what was changed
	Subject Ref    // whom it concerns, if anyone: the grantee, the member added
	Before  Facts
	After   Facts
}

// Facts are the changed values, by name, as the audit log shows them.
type Facts map[string]any

// Decide answers whether the actor may make the change: nil, or an *Error that says why not.
func Decide(actor Actor, change Change) error {
	if !actor.Operator && !actor.Active {
		return ErrUnauthenticated
	}
	return change.allowed(actor)
}

// expiryFact shows an expiry in an audit event.
func expiryFact(until *time.Time) any {
	if until == nil {
		return nil
	}
	return until.UTC().Format(time.RFC3339)
}

// IsID tells whether text has the form of an ID: what has not can name nothing.
func IsID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, letter := range text {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (letter == '-') {
			return false
		}
		if letter != '-' && !('0' <= letter && letter <= '9') && !('a' <= letter && letter <= 'f') {
			return false
		}
	}
	return true
}
