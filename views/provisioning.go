package views

import (
	"strconv"
	"time"
)

// Provisioning is Settings → Provisioning: how an identity provider reaches the organization, and how it does.
type Provisioning struct {
	Org            string
	BaseURL        string
	Works          bool // there is a token for it
	People, Groups int  // that it keeps
	Tokens         []TokenRow
	Failures       []ProvisioningFailure
}

// A ProvisioningFailure is a request of the provider that was refused.
type ProvisioningFailure struct {
	At        time.Time
	Request   string // method and path
	Status    int
	Detail    string
	RequestID string
}

// state says in a sentence what the provider does here.
func (p Provisioning) state() string {
	kept := count(p.People, "member", "members") + " and " + count(p.Groups, "group", "groups")
	switch {
	case p.Works && p.People+p.Groups == 0:
		return "There is a token, and the provider has changed nothing yet."
	case p.Works:
		return "Your identity provider manages " + kept + ". What it sends of them is changed there and not here."
	case p.People+p.Groups > 0:
		return "There is no token, so nothing is provisioned. The " + kept + " that the provider managed can be changed here until there is one."
	}
	return "There is no token, so nothing is provisioned."
}

func (f ProvisioningFailure) status() string { return strconv.Itoa(f.Status) }
