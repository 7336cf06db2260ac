package access

// An organization's identity provider keeps members and groups in step (SCIM). What it keeps, nobody else changes.

// notManaged refuses what is the identity provider's to change, to everybody but the provider.
func notManaged(a Actor, managed bool, what string) error {
	if managed && !a.Provisioner {
		return Conflict("%s is managed by your identity provider. Change it there.", what)
	}
	return nil
}

// onlyProvisioner refuses everybody but the identity provider, acting for somebody who may do the same here.
func onlyProvisioner(a Actor, needed Rights) error {
	if !a.Provisioner || !a.may(a.Rights, needed) {
		return Denied("Only the identity provider of the organization can do that, with the token of an Admin.")
	}
	return nil
}

// An AccountStanding is what the account with an address is to an organization.
type AccountStanding struct {
	Person
	New       bool // there is none yet
	Member    bool // of the organization
	MadeHere  bool // its provisioning made the account
	Elsewhere bool // other organizations count on it: as a member, or with something that they share
}

// Renames tells whether the organization's provider says what the account is called. One on which others count keeps its name.
func (s AccountStanding) Renames() bool { return !s.Elsewhere }

// ProvisionMember makes somebody a member because the identity provider says so. An account that others may count on joins by
// invitation only: its person was asked nothing, and an Admin holds power over the sessions of members.
type ProvisionMember struct {
	Account AccountStanding
	Role    Role
}

func (c ProvisionMember) allowed(a Actor) error {
	if err := onlyProvisioner(a, Members|c.Role.Here); err != nil {
		return err
	}
	switch {
	case c.Account.Member:
		return Taken("email", "%s is a member already.", c.Account.Email)
	case !c.Account.New && (!c.Account.MadeHere || c.Account.Elsewhere):
		return Taken("email", "%s has an account that provisioning did not make here. Invite them: once they accept, provisioning finds them.", c.Account.Email)
	}
	return nil
}

func (c ProvisionMember) Event() Event {
	return Event{Action: "member.provisioned", Target: c.Account.Ref(), Subject: c.Account.Ref(), After: Facts{"role": c.Role.Name}}
}

// EditProvisionedMember changes what the identity provider says of a member. Whoever it changes first is managed from then on.
type EditProvisionedMember struct {
	Account AccountStanding
	ToName  string
	ToEmail string
	Taken   bool     // somebody else has the address
	Fields  []string // the other attributes that differ

	BreakGlass bool // they can get in when the single sign-on is down; another address would take their password and factors
}

func (c EditProvisionedMember) allowed(a Actor) error {
	if err := onlyProvisioner(a, Members); err != nil {
		return err
	}
	moved, renamed := c.ToEmail != c.Account.Email, c.ToName != c.Account.Name
	switch {
	case moved && c.Taken:
		return Taken("email", "%s is the address of another account.", c.ToEmail)
	case renamed && !c.Account.Renames():
		return Conflict("The account of %s belongs to other organizations too, so only they themselves can change its name.", c.Account.Email)
	case moved && c.Account.Elsewhere:
		return Conflict("The account of %s belongs to other organizations too, so provisioning cannot change its address.", c.Account.Email)
	case moved && !c.Account.MadeHere:
		return Conflict("Provisioning did not make the account of %s, so it cannot change its address.", c.Account.Email)
	case moved && c.BreakGlass:
		return Conflict(breakGlass, c.Account.Label())
	}
	return nil
}

func (c EditProvisionedMember) Event() Event {
	event := Event{Action: "member.profile_changed", Target: c.Account.Ref(), Subject: c.Account.Ref(), Before: Facts{}, After: Facts{}}
	if c.ToName != c.Account.Name {
		event.Before["name"], event.After["name"] = c.Account.Name, c.ToName
	}
	if c.ToEmail != c.Account.Email {
		event.Before["email"], event.After["email"] = c.Account.Email, c.ToEmail
	}
	if len(c.Fields) > 0 {
		event.After["fields"] = c.Fields
	}
	return event
}

// ProvisionGroup makes a group that the identity provider keeps.
type ProvisionGroup struct {
	Group GroupFacts
	Taken bool
}

func (c ProvisionGroup) allowed(a Actor) error {
	if err := onlyProvisioner(a, Groups); err != nil {
		return err
	}
	return unusedName(c.Group.Name, c.Taken)
}

func (c ProvisionGroup) Event() Event {
	return Event{Action: "group.provisioned", Target: c.Group.Ref(), After: Facts{"name": c.Group.Name}}
}

func unusedName(name string, taken bool) error {
	if taken {
		return Taken("name", "There is a group named %s already.", name)
	}
	return nil
}

// EditProvisionedGroup changes the name of a group that the identity provider keeps, or the id by which it knows it.
type EditProvisionedGroup struct {
	Group                    GroupFacts
	ToName                   string
	ExternalID, ToExternalID string
	Taken                    bool
}

func (c EditProvisionedGroup) allowed(a Actor) error {
	if err := onlyProvisioner(a, Groups); err != nil {
		return err
	}
	return unusedName(c.ToName, c.Taken)
}

func (c EditProvisionedGroup) Event() Event {
	event := Event{Action: "group.profile_changed", Target: c.Group.Ref(), Before: Facts{"name": c.Group.Name}, After: Facts{"name": c.ToName}}
	if c.ExternalID != c.ToExternalID {
		event.Before["external_id"], event.After["external_id"] = c.ExternalID, c.ToExternalID
	}
	return event
}
