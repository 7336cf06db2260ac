package access

// A SignInPolicy is what an organization asks of its members' signing in. Of several, the strictest counts.
type SignInPolicy struct {
	IdleHours     int  // after which a session ends that was not used
	AbsoluteHours int  // after which every session ends
	SecondFactor  bool // members reach the organization's pages only with one
}

// What the server itself asks, which no organization can loosen.
const (
	MostIdleHours     = 12
	MostAbsoluteHours = 7 * 24
)

func (p SignInPolicy) facts() Facts {
	return Facts{"idle_hours": p.IdleHours, "absolute_hours": p.AbsoluteHours, "second_factor": p.SecondFactor}
}

// ChangeSignInPolicy sets what an organization asks of its members' signing in.
type ChangeSignInPolicy struct {
	Org  Org
	From SignInPolicy
	To   SignInPolicy
	Able bool // the server can keep second factors

	Stale bool // the policy changed since the actor looked at it
}

func (c ChangeSignInPolicy) allowed(a Actor) error {
	switch {
	case !a.may(a.Rights, Configure):
		return Denied("Only an Admin of the organization can change how its members sign in.")
	case c.Stale:
		return Conflict("Somebody else changed how members sign in. Nothing of yours was applied.")
	case c.To.IdleHours < 1 || c.To.IdleHours > MostIdleHours:
		return Invalid("idle_hours", "Enter a number of hours from 1 to %d.", MostIdleHours)
	case c.To.AbsoluteHours < 1 || c.To.AbsoluteHours > MostAbsoluteHours:
		return Invalid("absolute_hours", "Enter a number of hours from 1 to %d.", MostAbsoluteHours)
	case c.To.SecondFactor && !c.Able:
		return Invalid("second_factor", "This server has no key to keep second factors under. Ask its operator to set GATEHOUSE_SECRET.")
	}
	return nil
}

func (c ChangeSignInPolicy) Event() Event {
	return Event{Action: "organization.sign_in_policy_changed", Target: c.Org.Ref(), Before: c.From.facts(), After: c.To.facts()}
}

// EndMemberSessions signs a member out: of one session, or of all.
type EndMemberSessions struct {
	Member Member
	All    bool
}

func (c EndMemberSessions) allowed(a Actor) error {
	if !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can end a member's sessions.")
	}
	return nil
}

func (c EndMemberSessions) Event() Event {
	return Event{Action: "member.sessions_ended", Target: c.Member.Ref(), Subject: c.Member.Ref(), After: Facts{"all": c.All}}
}
