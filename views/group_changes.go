package views

// What the dialogs that change a group say.

func (a GroupAddition) lead() string {
	if a.Shares == 0 {
		return "Nothing is shared with this group yet."
	}
	return "They get access to " + count(a.Shares, "resource", "resources") + " that the group has."
}

func (a GroupAddition) button() string {
	if a.Effect != nil {
		return "Add them"
	}
	return "Add members"
}

func (a GroupAddition) warning() string {
	roles := make([]string, len(a.Carries))
	for i, carried := range a.Carries {
		roles[i] = carriedText(carried)
	}
	return "Whoever you add also becomes " + list(roles) + "."
}

func (r GroupMemberRemoval) action() string {
	return Group{Org: r.Org, ID: r.Group.ID}.removal(GroupMember{Ref: r.Member})
}

func (r GroupMemberRemoval) title() string {
	if r.You {
		return "Leave " + r.Group.Name + "?"
	}
	return "Remove " + r.Member.Name + " from " + r.Group.Name + "?"
}

func (r GroupMemberRemoval) button() string {
	if r.You {
		return "Leave group"
	}
	return "Remove " + r.Member.Name
}
