package views

// What the page of an invitation says in each state.

// dead tells whether nothing can be done with the link any more.
func (a Acceptance) dead() bool {
	switch a.State {
	case AcceptNew, AcceptJoin, AcceptSignIn, AcceptMember, AcceptOther:
		return false
	}
	return true
}

// action: somebody under another address signs out first, and comes back.
func (a Acceptance) action() string {
	if a.State == AcceptOther {
		return SignOutPath()
	}
	return AcceptancePath(a.Token)
}

func (a Acceptance) title() string {
	switch a.State {
	case AcceptExpired:
		return "This invitation has expired"
	case AcceptUsed:
		return "This invitation was used already"
	case AcceptRevoked:
		return "This invitation was taken back"
	case AcceptMember:
		return "You are a member already"
	case AcceptOther:
		return "This invitation is for another address"
	case AcceptNew, AcceptJoin, AcceptSignIn:
		return "Join " + a.Organization
	}
	return "This link does not work"
}

func (a Acceptance) explains() string {
	switch a.State {
	case AcceptExpired, AcceptRevoked:
		return a.ask() + " for a new one."
	case AcceptUsed:
		return "If that was you, sign in. If not, tell " + a.whom() + "."
	case AcceptMember:
		return "You belong to " + a.Organization + ". There is nothing to accept."
	case AcceptOther:
		return "It is for " + a.Email + ", and you are signed in as " + a.SignedInAs + ". Sign out, then open the link again."
	case AcceptSignIn:
		return a.invites() + " Sign in as " + a.Email + " to join."
	case AcceptNew:
		return a.invites() + " Choose your name and a password."
	case AcceptJoin:
		return a.invites()
	}
	return "Check that you opened the whole address, or ask whoever gave it to you for a new one."
}

func (a Acceptance) invites() string {
	sentence := a.Inviter + " invites you to " + a.Organization + " as " + article(a.Role.Title)
	if len(a.Groups) > 0 {
		sentence += ", in " + plural(len(a.Groups), "the group ", "the groups ") + list(a.Groups)
	}
	return sentence + "."
}

func (a Acceptance) ask() string { return "Ask " + a.whom() }

func (a Acceptance) whom() string {
	switch {
	case a.Inviter != "" && a.Organization != "":
		return a.Inviter + " at " + a.Organization
	case a.Organization != "":
		return "an Admin of " + a.Organization
	}
	return "whoever invited you"
}
