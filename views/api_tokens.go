package views

import (
	"strings"
	"time"

	"gatehouse/access"
)

// Tokens is the page of an organization's API tokens.
type Tokens struct {
	Org  string // slug
	Rows []TokenRow
}

// A TokenRow is one token.
type TokenRow struct {
	Token    access.APIToken
	Maker    access.Ref // empty for the operator of the server
	MakerMay bool       // the maker may still make tokens; otherwise it works no longer
}

// TokenForm makes a token. It posts name, scope (repeated) and expires_at.
type TokenForm struct {
	Org       string
	Name      string
	Scopes    []string
	ExpiresAt string // as typed
	Problems  Problems
}

// NewToken shows a token once.
type NewToken struct {
	Org   string
	Name  string
	Token string
}

// TokenRevocation asks whether to end a token.
type TokenRevocation struct {
	Org      string
	Token    access.APIToken
	Problems Problems
}

func (f TokenForm) chosen(scope access.Scope) bool {
	for _, name := range f.Scopes {
		if name == string(scope) {
			return true
		}
	}
	return false
}

func (r TokenRow) scopes() string {
	names := make([]string, len(r.Token.Scopes))
	for i, scope := range r.Token.Scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, ", ")
}

// menuID names the row's menu.
func (r TokenRow) menuID() string { return "token-" + string(r.Token.ID) }

// over tells why a token no longer works; empty for one that does.
func (r TokenRow) over() string {
	switch {
	case past(r.Token.ExpiresAt):
		return "Expired"
	case !r.MakerMay:
		return "Stopped"
	}
	return ""
}

// useHeading is the heading over the time of a token's last use.
func useHeading(provider bool) string {
	if provider {
		return "Last request"
	}
	return "Last used"
}

func (r TokenRevocation) lastUse() string {
	if r.Token.LastUsed == nil {
		return "It was never used."
	}
	return "It was last used on " + fullTime(*r.Token.LastUsed) + "."
}

// latest is the last moment that an expiry field takes.
func latest() string { return inputTime(now().Add(10 * 365 * 24 * time.Hour)) }
