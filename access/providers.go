package access

import (
	"net/url"
	"strings"
)

// A Provider is where an organization's members sign in with its single sign-on (OpenID Connect).
type Provider struct {
	Issuer     string
	ClientID   string
	Enabled    bool
	Required   bool   // members reach the organization's pages only through it
	BreakGlass Person // the one Admin who may still use their password, with a second factor
}

func (p Provider) facts() Facts {
	return Facts{"issuer": p.Issuer, "client_id": p.ClientID, "enabled": p.Enabled, "required": p.Required, "break_glass": p.BreakGlass.Email}
}

// ChangeProvider sets where an organization's members sign in, and whether they must.
type ChangeProvider struct {
	Org       Org
	From, To  Provider
	Secret    bool // a client secret was given with it
	Kept      bool // one is kept from before, for the same issuer
	Able      bool // the server can keep secrets
	Admin     bool // whom To names for the break of glass is an active Admin
	HasFactor bool // and has a second factor
}

func (c ChangeProvider) allowed(a Actor) error {
	if !a.may(a.Rights, Configure) {
		return Denied("Only an Admin of the organization can change its single sign-on.")
	}
	if err := c.To.complete(); err != nil {
		return err
	}
	switch {
	case !c.Able:
		return Invalid("client_secret", "This server has no key to keep the client secret under. Ask its operator to set GATEHOUSE_SECRET.")
	case !c.Secret && c.From.Issuer != "" && c.From.Issuer != c.To.Issuer:
		return Invalid("client_secret", "Enter the client secret of the new provider. The one of the old provider is not sent to it.")
	case !c.Secret && !c.Kept:
		return Invalid("client_secret", "Enter the client secret that the provider gave you.")
	}
	if err := c.breakGlass(); err != nil {
		return err
	}
	return a.proven()
}

// complete refuses what no provider can be.
func (p Provider) complete() error {
	issuer, err := url.Parse(p.Issuer)
	switch {
	case p.Issuer == "":
		return Invalid("issuer", "Enter the address of the provider, which it calls its issuer.")
	case len(p.Issuer) > 500 || err != nil || issuer.Host == "" || issuer.User != nil || issuer.RawQuery != "" || issuer.Fragment != "" ||
		issuer.Scheme != "https" && issuer.Scheme != "http":
		return Invalid("issuer", "Enter a whole address, such as https://login.example.org, without a question mark or a # in it.")
	case p.ClientID == "":
		return Invalid("client_id", "Enter the client ID that the provider gave you.")
	case len(p.ClientID) > 500 || strings.ContainsAny(p.ClientID, "\r\n"):
		return Invalid("client_id", "A client ID is one line of at most 500 characters.")
	case p.Required && !p.Enabled:
		return Invalid("required", "Turn single sign-on on before you let members in through it only.")
	}
	return nil
}

// breakGlass refuses what could lock everybody out on the day on which the provider is down.
func (c ChangeProvider) breakGlass() error {
	named := c.To.BreakGlass
	switch {
	case c.To.Required && named.Email == "":
		return Invalid("break_glass", "Name an Admin who can still get in with a password when the provider is down.")
	case named.Email != "" && !c.Admin:
		return Invalid("break_glass", "%s is no active Admin of this organization.", named.Label())
	case c.To.Required && !c.HasFactor:
		return Invalid("break_glass", "%s has no second factor. They set one up on their account page first.", named.Label())
	}
	return nil
}

// Event names no secret: that one was given stands as a fact.
func (c ChangeProvider) Event() Event {
	event := Event{Action: "organization.single_sign_on_changed", Target: c.Org.Ref(), After: c.To.facts()}
	if c.From.Issuer != "" {
		event.Before = c.From.facts()
	}
	event.After["new_secret"] = c.Secret
	return event
}

// LinkIdentity ties what the organization's provider calls somebody to the member with the address that it verified.
type LinkIdentity struct {
	Member  Member
	Issuer  string
	Subject string
	Linked  bool // the member is known to the provider under another name
}

func (c LinkIdentity) allowed(a Actor) error {
	if err := own(a, c.Member.Person); err != nil {
		return err
	}
	if c.Linked {
		return Denied("Your provider knows the address %s under another identity than before. Ask an Admin to end the old link on your member page.", c.Member.Email)
	}
	return active(c.Member)
}

// active lets nobody in whose membership does not count.
func active(m Member) error {
	if m.Status != Active {
		return Denied("Your account is deactivated in this organization. Ask one of its Admins.")
	}
	return nil
}

func (c LinkIdentity) Event() Event {
	return Event{Action: "member.identity_linked", Target: c.Member.Ref(), Subject: c.Member.Ref(), After: Facts{"issuer": c.Issuer, "subject": c.Subject}}
}

// SignInThroughProvider lets a member in whom the organization's provider knows.
type SignInThroughProvider struct {
	Member Member
	Issuer string
}

func (c SignInThroughProvider) allowed(a Actor) error {
	if err := own(a, c.Member.Person); err != nil {
		return err
	}
	return active(c.Member)
}

func (c SignInThroughProvider) Event() Event {
	return Event{Action: "member.signed_in", Target: c.Member.Ref(), Subject: c.Member.Ref(), After: Facts{"through": "single sign-on", "issuer": c.Issuer}}
}

// UnlinkIdentities lets the provider no longer say who a member is, until it names their verified address again.
type UnlinkIdentities struct {
	Member Member
	Linked bool
}

func (c UnlinkIdentities) allowed(a Actor) error {
	if !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can end a member's link to the provider.")
	}
	if !c.Linked {
		return Conflict("%s is not linked to the provider.", c.Member.Label())
	}
	return nil
}

func (c UnlinkIdentities) Event() Event {
	return Event{Action: "member.identity_unlinked", Target: c.Member.Ref(), Subject: c.Member.Ref()}
}
