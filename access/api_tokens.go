package access

import (
	"slices"
	"time"
)

// A Scope is what a service may do with an API token.
type Scope string

const (
	DecideScope Scope = "decide" // ask the decision API
	ManageScope Scope = "manage" // do what the pages do, through the REST API
	SCIMScope   Scope = "scim"   // keep members and groups in step with a directory
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{DecideScope, ManageScope, SCIMScope} }

// Explains says what a scope is for, in one sentence for the person who chooses it.
func (s Scope) Explains() string {
	switch s {
	case DecideScope:
		return "Ask who may do what."
	case ManageScope:
		return "Do what the pages do: members, groups, resources and sharing."
	}
	return "Keep members and groups in step with a directory."
}

// ParseScopes reads the names of scopes, each once and in a fixed order. At least one is needed; an unknown one is refused.
func ParseScopes(names []string) ([]Scope, error) {
	for _, name := range names {
		if !slices.Contains(Scopes(), Scope(name)) {
			return nil, Invalid("scope", "%q is not a scope. Choose decide, manage or scim.", name)
		}
	}
	chosen := slices.DeleteFunc(Scopes(), func(scope Scope) bool { return !slices.Contains(names, string(scope)) })
	if len(chosen) == 0 {
		return nil, Invalid("scope", "Choose what the token is for.")
	}
	return chosen, nil
}

// An APIToken lets a service ask the API in the name of one organization. It works no longer than its maker may make it.
type APIToken struct {
	ID        ID
	Name      string
	Scopes    []Scope
	MadeBy    ID // empty for the operator of the server
	CreatedAt time.Time
	ExpiresAt *time.Time
	LastUsed  *time.Time // to the minute; nil for one that was never used
}

// Ref names the token for an audit event.
func (t APIToken) Ref() Ref { return Ref{Type: "token", ID: t.ID, Name: t.Name} }

func (t APIToken) facts() Facts {
	return Facts{"scopes": t.Scopes, "expires_at": expiryFact(t.ExpiresAt)}
}

// TokenRights are what the maker of a token must hold on the organization for as long as it works.
const TokenRights = Configure

// needed is what one must hold on the organization to make a token: what its scopes hand out, as nobody hands
// out more than they hold.
func (t APIToken) needed() Rights {
	if slices.Contains(t.Scopes, SCIMScope) || slices.Contains(t.Scopes, ManageScope) {
		return TokenRights | Members | Groups
	}
	return TokenRights
}

// WorksFor tells whether the token works at all: as long as its maker may still make it.
func (t APIToken) WorksFor(maker Actor) bool {
	return maker.Active && maker.may(maker.Rights, t.needed())
}

// CreateToken makes an API token. The secret is no part of it.
type CreateToken struct {
	Token APIToken
	Taken bool // another token has the name
	Now   time.Time
	Until *time.Time // the end of the token with which this one is asked for; nil for none
}

func (c CreateToken) allowed(a Actor) error {
	if !a.may(a.Rights, c.Token.needed()) {
		return Denied("Only an Admin of the organization can make API tokens.")
	}
	if c.Taken {
		return Invalid("name", "There is a token named %s already.", c.Token.Name)
	}
	if c.Until != nil && (c.Token.ExpiresAt == nil || c.Token.ExpiresAt.After(*c.Until)) {
		return Invalid("expires_at", "A token cannot outlive the one that makes it, which ends at %s.", c.Until.UTC().Format(time.RFC3339))
	}
	if err := future(c.Token.ExpiresAt, c.Now); err != nil {
		return err
	}
	return a.proven()
}

func (c CreateToken) Event() Event {
	return Event{Action: "token.created", Target: c.Token.Ref(), After: c.Token.facts()}
}

// RevokeToken ends an API token for good.
type RevokeToken struct{ Token APIToken }

func (c RevokeToken) allowed(a Actor) error {
	if !a.may(a.Rights, TokenRights) {
		return Denied("Only an Admin of the organization can revoke API tokens.")
	}
	return nil
}

func (c RevokeToken) Event() Event {
	return Event{Action: "token.revoked", Target: c.Token.Ref(), Before: c.Token.facts()}
}

// EndToken ends an API token because its maker's account is in doubt: the password was forgotten, and chosen anew by mail.
type EndToken struct{ Token APIToken }

func (c EndToken) allowed(a Actor) error {
	if a.ID == "" || a.ID != c.Token.MadeBy {
		return Denied("Only tokens that the person made end with their password.")
	}
	return nil
}

func (c EndToken) Event() Event {
	return Event{Action: "token.ended", Target: c.Token.Ref(), Before: c.Token.facts()}
}
