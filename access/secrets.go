package access

import (
	"errors"
	"unicode/utf8"
)

// CleanSecret refuses what cannot be the value of a secret. It is kept exactly as it was typed.
func CleanSecret(value string) error {
	switch {
	case value == "":
		return Invalid("value", "Enter the value.")
	case !utf8.ValidString(value):
		return Invalid("value", "The value is text.")
	case len(value) > 64<<10:
		return Invalid("value", "A value has at most 64 KB.")
	}
	return nil
}

// ReplaceSecret gives a secret another value. No change that concerns a secret holds the value itself.
type ReplaceSecret struct{ Resource Resource }

func (c ReplaceSecret) allowed(a Actor) error {
	if c.Resource.Kind != Secret {
		return ErrNotFound
	}
	return mayEditContent(a, c.Resource)
}

func (c ReplaceSecret) Event() Event {
	return Event{Action: "secret.replaced", Target: c.Resource.Ref()}
}

// RevealSecret shows somebody the value of a secret. It changes nothing but the log.
type RevealSecret struct{ Resource Resource }

func (c RevealSecret) allowed(a Actor) error {
	if c.Resource.Kind != Secret {
		return ErrNotFound
	}
	if !a.may(c.Resource.Rights, Reveal) {
		return Denied("You cannot reveal the value of %s.", c.Resource.Name)
	}
	return a.proven()
}

func (c RevealSecret) Event() Event {
	return Event{Action: "secret.revealed", Target: c.Resource.Ref()}
}

// NeedsProof tells whether a change was refused only because the actor has not proved lately who they are.
func NeedsProof(err error) bool { return errors.Is(err, errNotRecent) }

var errNotRecent = Denied("Confirm first that it is you.")
