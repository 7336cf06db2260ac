package access

// A MemberAct is what can be done to several members and open invitations at once. For each of them it is the change that
// is made to one, so what may be done is decided there.
type MemberAct string

const (
	ActRole       MemberAct = "role"
	ActGroup      MemberAct = "group"
	ActDeactivate MemberAct = "deactivation"
	ActReactivate MemberAct = "reactivation"
	ActRenew      MemberAct = "link"
	ActRevoke     MemberAct = "revocation"
)

// MemberActs are all of them, in the order in which pages offer them.
func MemberActs() []MemberAct {
	return []MemberAct{ActRole, ActGroup, ActDeactivate, ActReactivate, ActRenew, ActRevoke}
}

// ParseMemberAct refuses what is none of them.
func ParseMemberAct(name string) (MemberAct, error) {
	for _, act := range MemberActs() {
		if string(act) == name {
			return act, nil
		}
	}
	return "", Invalid("", "Choose what is to be done: %q cannot be done to several people at once.", name)
}

// ForInvitations tells whether it is done to invitations, and not to members.
func (a MemberAct) ForInvitations() bool { return a == ActRenew || a == ActRevoke }

// Suits refuses those to whom it cannot be done, whoever asks: invitations are no members, and members have none.
func (a MemberAct) Suits(label string, invitation bool) error {
	switch {
	case invitation && !a.ForInvitations():
		return Conflict("%s is invited and no member yet.", label)
	case !invitation && a.ForInvitations():
		return Conflict("%s is a member, and has no open invitation.", label)
	}
	return nil
}
