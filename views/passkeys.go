package views

import (
	"time"

	"github.com/a-h/templ"

	"gatehouse/access"
)

// A PasskeyRow is one of somebody's passkeys.
type PasskeyRow struct {
	ID       access.ID
	Name     string
	Added    time.Time
	LastUsed *time.Time
}

// NewPasskey adds a passkey. It posts name, next and credential, which the script fills in.
type NewPasskey struct {
	Name     string
	Next     string
	Able     bool // this server can have passkeys
	Problems Problems
}

// PasskeyName changes the name of a passkey. It posts name.
type PasskeyName struct {
	ID       access.ID
	Known    string // the name until now
	Name     string // as typed
	Problems Problems
}

// PasskeyRemoval asks before a passkey is removed.
type PasskeyRemoval struct {
	ID   access.ID
	Name string
	Last bool // signing in asks for no second factor then
}

func (r PasskeyRemoval) explains() string {
	told := "Nobody signs in with it any more, and you are signed out everywhere else. Delete it on your device too: this server cannot."
	if r.Last {
		told += " It is your last second factor, so your recovery codes go too. An organization that asks for a second factor lets you in again once you have one."
	}
	return told
}

const noPasskeysHere = "This server's address is a number, and browsers keep passkeys for names only."

// besidePasskey is how a button stands beside one for a passkey.
func besidePasskey(there bool) templ.Attributes {
	if there {
		return templ.Attributes{"data-variant": "outline"}
	}
	return nil
}
