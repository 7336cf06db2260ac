package views

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gatehouse/access"
)

// Account is what belongs to a person themselves. Its profile form posts name.
type Account struct {
	Person         access.Person
	Name           string // as typed
	Theme          Theme
	App            bool // signing in asks for a code from an app
	Passkeys       []PasskeyRow
	CanAddPasskeys bool // the server's address is one for which browsers keep them
	RecoveryCodes  int  // that were not used yet
	CanKeepFactors bool // the server has a key to keep them under
	Sessions       []SessionRow
	Tokens         []OwnToken
	Orgs           []OrgLink
	Provisioner    string // the organization whose identity provider keeps the name; empty for none
	Problems       Problems
}

// A SessionRow is one of somebody's sessions.
type SessionRow struct {
	ID       access.ID
	Device   string
	Address  string
	Began    time.Time
	LastSeen time.Time
	Current  bool // the one that the page is shown in
	Provider bool // single sign-on said whose it is
}

// An OwnToken is an API token that the person made.
type OwnToken struct {
	Org      OrgLink
	Token    access.APIToken
	MakerMay bool // the person may still make tokens there; otherwise it works no longer
}

func (t OwnToken) scopes() string {
	names := []string{}
	for _, scope := range t.Token.Scopes {
		names = append(names, string(scope))
	}
	return strings.Join(names, ", ")
}

// elsewhere tells whether there is a session besides the one that the page is shown in.
func elsewhere(sessions []SessionRow) bool {
	return slices.ContainsFunc(sessions, func(s SessionRow) bool { return !s.Current })
}

// hasFactor tells whether there is something that recovery codes stand in for.
func (a Account) hasFactor() bool { return a.App || len(a.Passkeys) > 0 }

// SecondStep asks for the second factor. It posts code and next, or credential and next.
type SecondStep struct {
	Email    string
	Next     string
	App      bool // codes come from an app too
	Passkeys bool
	Problems Problems
}

func (s SecondStep) codeHint() string {
	if s.App {
		return "A code from your app, or one of your recovery codes."
	}
	return "One of your recovery codes."
}

// variant makes the passkey the first thing to try where there is one.
func (s SecondStep) variant() templ.Attributes { return besidePasskey(s.Passkeys) }

// AppSetup sets up codes from an app. It posts next, and code once there is a secret.
type AppSetup struct {
	On       bool
	Secret   string // in base32; empty before the setup begins
	Next     string
	NoVault  bool
	Passkeys bool // would do instead
	Problems Problems
}

// spaced is a secret in groups of four, for whoever types it.
func (s AppSetup) spaced() string {
	var groups []string
	for group := range slices.Chunk([]byte(s.Secret), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// AppRemoval asks before codes are turned off.
type AppRemoval struct{}

// RecoveryCodes shows new codes, this once, or asks before they are made.
type RecoveryCodes struct {
	Codes    []string
	Next     string
	Problems Problems
}

// SignInPolicy is what an organization asks of its members' signing in. It posts idle_hours, absolute_hours and second_factor.
type SignInPolicy struct {
	Org, OrgName             string
	IdleHours, AbsoluteHours string // as typed
	SecondFactor             bool
	Seen                     string        // what stood there when the form was made
	Present                  *SignInPolicy // where somebody else changed it since: what is in force
	Problems                 Problems
}

// theirs is what somebody else set differently from what is typed here.
func (p SignInPolicy) theirs() (lines []string) {
	now := p.Present
	if now.IdleHours != p.IdleHours {
		lines = append(lines, "A session ends after "+now.IdleHours+" hours without use.")
	}
	if now.AbsoluteHours != p.AbsoluteHours {
		lines = append(lines, "Every session ends after "+now.AbsoluteHours+" hours.")
	}
	if now.SecondFactor != p.SecondFactor {
		lines = append(lines, map[bool]string{true: "Every member needs a second factor.", false: "Members choose whether they have a second factor."}[now.SecondFactor])
	}
	return lines
}

const noFactorVault = "This server has no key to keep second factors under. Its operator sets GATEHOUSE_SECRET."
