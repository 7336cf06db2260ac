package access

// What somebody changes about their own account stands in the audit log of each organization that they are a member of.

// own lets only the person whose account it is make a change.
func own(a Actor, whose Person) error {
	if a.ID == "" || a.ID != whose.ID {
		return Denied("Only %s can change that.", whose.Label())
	}
	return nil
}

// RenameUser changes the name under which somebody is shown.
type RenameUser struct {
	User        Person
	To          string
	Provisioner string // the organization whose identity provider keeps the account; empty for none
}

func (c RenameUser) allowed(a Actor) error {
	if err := own(a, c.User); err != nil {
		return err
	}
	if c.Provisioner != "" {
		return Conflict("Your name is managed by the identity provider of %s. Change it there.", c.Provisioner)
	}
	return nil
}

func (c RenameUser) Event() Event {
	return Event{Action: "user.renamed", Target: c.User.Ref(), Before: Facts{"name": c.User.Name}, After: Facts{"name": c.To}}
}

// A Factor is what somebody shows besides their password when they sign in.
type Factor string

const (
	AppFactor     Factor = "app"     // codes from an app on their phone
	PasskeyFactor Factor = "passkey" // a key that a device keeps
)

func (f Factor) facts(name string) Facts {
	facts := Facts{"factor": f}
	if name != "" {
		facts["name"] = name
	}
	return facts
}

// AddFactor makes signing in ask for one more thing.
type AddFactor struct {
	User   Person
	Factor Factor
	Name   string // of a passkey, of which there may be several
}

func (c AddFactor) allowed(a Actor) error { return changeFactors(a, c.User) }

func (c AddFactor) Event() Event {
	return Event{Action: "user.factor_added", Target: c.User.Ref(), After: c.Factor.facts(c.Name)}
}

// RemoveFactor makes signing in ask for one thing less.
type RemoveFactor struct {
	User   Person
	Factor Factor
	Name   string // of a passkey
}

func (c RemoveFactor) allowed(a Actor) error { return changeFactors(a, c.User) }

func (c RemoveFactor) Event() Event {
	return Event{Action: "user.factor_removed", Target: c.User.Ref(), Before: c.Factor.facts(c.Name)}
}

// RenamePasskey changes the name by which somebody tells their passkeys apart.
type RenamePasskey struct {
	User     Person
	From, To string
}

func (c RenamePasskey) allowed(a Actor) error { return own(a, c.User) }

func (c RenamePasskey) Event() Event {
	return Event{Action: "user.passkey_renamed", Target: c.User.Ref(), Before: PasskeyFactor.facts(c.From), After: PasskeyFactor.facts(c.To)}
}

// RenewRecoveryCodes makes new codes for the day on which a factor is lost. Those from before no longer count.
type RenewRecoveryCodes struct{ User Person }

func (c RenewRecoveryCodes) allowed(a Actor) error { return changeFactors(a, c.User) }

func (c RenewRecoveryCodes) Event() Event {
	return Event{Action: "user.recovery_codes_renewed", Target: c.User.Ref()}
}

func changeFactors(a Actor, whose Person) error {
	if err := own(a, whose); err != nil {
		return err
	}
	return a.proven()
}
