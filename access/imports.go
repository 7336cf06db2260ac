package access

// The changes that only a file of records makes. All else in a file is judged as the change that a page would make.

// ImportUser makes an account, or changes its name or status. An account belongs to no organization, so only the
// server's operator can.
type ImportUser struct {
	User      Person // with the new name
	Status    Status
	OldName   string
	OldStatus Status // empty for a new account
	LastAdmin bool   // the user is the only active, direct Admin of some organization
}

func (c ImportUser) allowed(a Actor) error {
	if !a.Operator {
		return Denied("Only the operator of this server can make or change accounts.")
	}
	if c.LastAdmin && c.Status != Active {
		return Conflict(lastAdmin, c.User.Label())
	}
	return nil
}

func (c ImportUser) Event() Event {
	event := Event{Action: "user.imported", Target: c.User.Ref(), After: Facts{"name": c.User.Name, "status": c.Status}}
	if c.OldStatus != "" {
		event.Before = Facts{"name": c.OldName, "status": c.OldStatus}
	}
	return event
}

// ImportMember makes a user a member without an invitation.
type ImportMember struct{ Member Member }

func (c ImportMember) allowed(a Actor) error {
	if !a.may(a.Rights, c.Member.Role.needed()) {
		return Denied("Only an Admin of the organization can add members.")
	}
	return nil
}

func (c ImportMember) Event() Event {
	return Event{Action: "member.imported", Target: c.Member.Ref(), Subject: c.Member.Ref(),
		After: Facts{"role": c.Member.Role.Name, "status": c.Member.Status}}
}

// ImportResource makes a resource that somebody else may own, with its access mode; or a module, which nobody owns.
type ImportResource struct {
	Parent   Resource // with the actor's rights on it
	Resource Resource
	Owner    Member // without a status for somebody who is no member
	Policy   Policy
}

func (c ImportResource) allowed(a Actor) error {
	if err := (CreateResource{Parent: c.Parent, Resource: c.Resource}).allowed(a); err != nil {
		return err
	}
	if !c.Resource.Kind.Owned() {
		return nil
	}
	if err := c.ownerFits(a); err != nil {
		return err
	}
	if err := modeFits(c.Resource.Kind, c.Resource.Mode, c.Policy); err != nil {
		return err
	}
	_, err := organizationRole(c.Resource.Kind, c.Resource.OrgRole)
	return err
}

// ownerFits: every owner is a member, also of what a file brings. The operator may bring back what a deactivated member owned.
func (c ImportResource) ownerFits(a Actor) error {
	if c.Owner.Status == "" {
		return Invalid("owner", "%s is no member of the organization.", c.Owner.Label())
	}
	if c.Owner.Status != Active && !a.Operator {
		return Invalid("owner", "Choose an active member of the organization.")
	}
	return nil
}

func (c ImportResource) Event() Event {
	after := Facts{"key": c.Resource.Key, "parent": c.Parent.Name}
	event := Event{Action: "resource.imported", Target: c.Resource.Ref(), After: after}
	if c.Resource.Kind.Owned() {
		event.Subject = c.Owner.Ref()
		after["owner"], after["access_mode"], after["org_role"] = c.Owner.Email, c.Resource.Mode, c.Resource.OrgRole
	}
	return event
}
