package access

// lastAdmin refuses a change that would leave an organization without an active, direct Admin.
const lastAdmin = "%s is the only active Admin. Make somebody else an Admin first."

// breakGlass refuses a change that would leave nobody to get in by when the provider is down.
const breakGlass = "%s is the one who can get in when the single sign-on is down. Name somebody else for that first."

// dispensable refuses to take an Admin away without whom the organization would have none, or nobody who gets in when its
// provider is down.
func dispensable(m Member, last bool) error {
	if last {
		return Conflict(lastAdmin, m.Label())
	}
	if m.BreakGlass {
		return Conflict(breakGlass, m.Label())
	}
	return nil
}

// InviteMember asks somebody to join the organization.
type InviteMember struct {
	Invitation ID
	Email      string
	Role       Role
	Groups     []GroupFacts // joined on acceptance
	Member     bool         // a member already
	Pending    bool         // invited already
}

func (c InviteMember) allowed(a Actor) error {
	if !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can invite people.")
	}
	if c.Member {
		return Conflict("%s is a member already.", c.Email)
	}
	if c.Pending {
		return Conflict("%s is invited already. Resend or revoke that invitation.", c.Email)
	}
	return addable(a, c.Groups)
}

func (c InviteMember) Event() Event {
	return Event{Action: "invitation.created", Target: invitationRef(c.Invitation, c.Email),
		After: Facts{"role": c.Role.Name, "groups": groupNames(c.Groups)}}
}

// addable tells whether the actor may put people into every one of the groups.
func addable(a Actor, groups []GroupFacts) error {
	for _, group := range groups {
		if err := group.manageable(a); err != nil {
			return err
		}
	}
	return nil
}

func invitationRef(id ID, email string) Ref { return Ref{Type: "invitation", ID: id, Name: email} }

// RenewInvitation makes a new link for an invitation; the old link stops working.
type RenewInvitation struct {
	Invitation ID
	Email      string
	Open       bool // neither accepted nor revoked
}

func (c RenewInvitation) allowed(a Actor) error {
	return openInvitation(a, c.Open)
}

func (c RenewInvitation) Event() Event {
	return Event{Action: "invitation.renewed", Target: invitationRef(c.Invitation, c.Email)}
}

// RevokeInvitation takes an invitation back.
type RevokeInvitation struct {
	Invitation ID
	Email      string
	Open       bool
}

func (c RevokeInvitation) allowed(a Actor) error {
	return openInvitation(a, c.Open)
}

func (c RevokeInvitation) Event() Event {
	return Event{Action: "invitation.revoked", Target: invitationRef(c.Invitation, c.Email)}
}

func openInvitation(a Actor, open bool) error {
	if !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can change an invitation.")
	}
	if !open {
		return Conflict("This invitation was accepted or revoked in the meantime.")
	}
	return nil
}

// AcceptInvitation makes the actor a member. The invitation hands out what its inviter holds now, not what they
// held when they wrote it.
type AcceptInvitation struct {
	Invitation ID
	Email      string // that the invitation was sent to
	Role       Role
	Groups     []GroupFacts
	Open       bool // not accepted, revoked or expired
	Member     bool // the actor is a member already, active or not
	Inviter    Actor
}

func (c AcceptInvitation) allowed(a Actor) error {
	switch {
	case !c.Open:
		return Conflict("This invitation was used, revoked or has expired.")
	case a.Email != c.Email:
		return Denied("This invitation is for another address. Sign out, then open the link again.")
	case c.Member:
		return Conflict("You are a member already.")
	}
	again := InviteMember{Email: c.Email, Role: c.Role, Groups: c.Groups}
	if Decide(c.Inviter, again) != nil {
		return Conflict("%s can no longer invite you. Ask an Admin for a new invitation.", c.Inviter.Name)
	}
	return nil
}

func (c AcceptInvitation) Event() Event {
	return Event{Action: "invitation.accepted", Target: invitationRef(c.Invitation, c.Email),
		After: Facts{"role": c.Role.Name, "groups": groupNames(c.Groups)}}
}

// ChangeMemberRole gives a member another organization role.
type ChangeMemberRole struct {
	Member    Member
	To        Role
	LastAdmin bool // the member is the only active, direct Admin
	Stale     bool // the member's role or status changed since the actor looked at them
	End       End  // until when the actor may change roles
}

func (c ChangeMemberRole) allowed(a Actor) error {
	if !a.may(a.Rights, c.To.needed()) {
		return Denied("Only an Admin of the organization can change roles.")
	}
	if c.Stale {
		return c.Member.changed()
	}
	if c.To.Name != "admin" {
		if err := dispensable(c.Member, c.LastAdmin); err != nil {
			return err
		}
	}
	adds := c.To.Here&^c.Member.Role.Here != 0
	return extending(adds && c.Member.ID == a.ID, c.End, nil)
}

func (c ChangeMemberRole) Event() Event {
	return Event{Action: "member.role_changed", Target: c.Member.Ref(), Subject: c.Member.Ref(),
		Before: Facts{"role": c.Member.Role.Name}, After: Facts{"role": c.To.Name}}
}

// DeactivateMember keeps everything a member has and lets none of it count.
type DeactivateMember struct {
	Member    Member
	LastAdmin bool
	Stale     bool // the member's role or status changed since the actor looked at them
}

func (c DeactivateMember) allowed(a Actor) error {
	if !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can deactivate members.")
	}
	if err := notManaged(a, c.Member.Managed, c.Member.Label()); err != nil {
		return err
	}
	if c.Stale {
		return c.Member.changed()
	}
	if err := dispensable(c.Member, c.LastAdmin); err != nil {
		return err
	}
	if c.Member.Status != Active {
		return Conflict("%s is deactivated already.", c.Member.Label())
	}
	return nil
}

func (c DeactivateMember) Event() Event {
	return Event{Action: "member.deactivated", Target: c.Member.Ref(), Subject: c.Member.Ref(),
		Before: Facts{"status": Active}, After: Facts{"status": Deactivated}}
}

// ReactivateMember lets everything that a member has count again.
type ReactivateMember struct{ Member Member }

func (c ReactivateMember) allowed(a Actor) error {
	if !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can reactivate members.")
	}
	if err := notManaged(a, c.Member.Managed, c.Member.Label()); err != nil {
		return err
	}
	if c.Member.Status != Deactivated {
		return Conflict("%s is active already.", c.Member.Label())
	}
	return nil
}

func (c ReactivateMember) Event() Event {
	return Event{Action: "member.reactivated", Target: c.Member.Ref(), Subject: c.Member.Ref(),
		Before: Facts{"status": Deactivated}, After: Facts{"status": Active}}
}
