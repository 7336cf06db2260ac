package views

import (
	"github.com/a-h/templ"

	"gatehouse/access"
)

// SecretForm gives a secret another value. It posts value, which is never shown again.
type SecretForm struct {
	Org      string
	Resource access.Ref
	NoVault  bool // the server has no key
	Problems Problems
}

// Reveal asks before the value of a secret is shown; with Shown it is the one page that holds a value.
type Reveal struct {
	Org      string
	Resource access.Ref
	Shown    bool
	Value    string
	Problem  string // why there is nothing to show
}

// Confirmation asks somebody to prove again who they are. It posts proof or passkey_proof, and with it what it was asked in the middle of.
type Confirmation struct {
	Person      access.Person
	HasPassword bool
	HasCode     bool    // a code is asked for instead: from an app, or a recovery code
	HasApp      bool    // codes come from an app too
	HasPasskey  bool    // a device can answer instead
	Action      string  // ConfirmationPath, or where the form that was sent too late is sent again
	Fields      []Field // of that form
	SignOn      string  // instead: where they sign in again with the organization's single sign-on
	OrgName     string
	Next        string // where whoever has no password goes on after signing in again
	Back        string // where Cancel leads
	Problems    Problems
}

func (c Confirmation) codeLabel() string {
	if c.HasApp {
		return "Code from your app, or a recovery code"
	}
	return "One of your recovery codes"
}

// variant makes the passkey the first thing to try where there is one.
func (c Confirmation) variant() templ.Attributes { return besidePasskey(c.HasPasskey) }
