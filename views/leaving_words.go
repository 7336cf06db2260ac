package views

import "gatehouse/access"

func (s LeavingStep) title() string {
	switch s {
	case LeavingResources:
		return "What they own"
	case LeavingGroups:
		return "Groups"
	case LeavingAccess:
		return "Access that ends"
	}
	return "Review"
}

// stepTitle speaks to the one who leaves.
func (l Leaving) stepTitle(step LeavingStep) string {
	if l.You && step == LeavingResources {
		return "What you own"
	}
	return step.title()
}

func (l Leaving) title() string {
	if l.You {
		return "Leave the organization"
	}
	return "Remove " + l.Person.Label()
}

func (l Leaving) lead() string {
	if l.You {
		return "Your account stays, and you stay in your other organizations."
	}
	return "The account stays, and they stay in their other organizations."
}

// back is where the one who asks came from: a member who leaves may not see the list.
func (l Leaving) back() string {
	if l.You {
		return MyAccessPath(l.Org)
	}
	return MembersPath(l.Org)
}

func (l Leaving) button() string {
	if l.You {
		return "Leave organization"
	}
	return "Remove " + l.Person.Label()
}

// they begins a sentence about the one who goes.
func (l Leaving) they() string {
	if l.You {
		return "You"
	}
	return l.Person.Label()
}

func (l Leaving) ownsLead() string {
	owns := " owns "
	if l.You {
		owns = " own "
	}
	return l.they() + owns + count(l.Has.Resources, "resource", "resources") + ". Each needs an active member as its new owner."
}

func (l Leaving) leavesLead() string {
	leaves := " leaves "
	if l.You {
		leaves = " leave "
	}
	return l.they() + leaves + count(l.Has.Groups, "group", "groups") + "."
}

func (g LeftGroup) says(you bool) string {
	others := people(g.Others) + " stay in it."
	if g.Others == 1 {
		others = "1 person stays in it."
	}
	if g.Others == 0 {
		others = "Nobody else is in it."
	}
	if !g.Alone {
		return others
	}
	only := "They are its only admin. "
	if you {
		only = "You are its only admin. "
	}
	return only + others
}

// otherwise says who takes it over where nobody of its own is named.
func (r OwnedRow) otherwise() string {
	if r.InToo {
		return "With " + r.In.Name
	}
	return "As above"
}

func (r OwnedRow) where() string {
	where := capital(r.Resource.Type) + " in " + r.In.Name
	if r.Inside > 0 {
		where += ", with " + number(r.Inside) + " more of theirs in it"
	}
	return where
}

// takesOver says what an heir gets.
func takesOver(heir access.Heir) string {
	if heir.Of.ID == "" {
		return "takes over " + count(heir.Resources, "resource", "resources")
	}
	if heir.Resources > 1 {
		return "takes over " + heir.Of.Name + " with " + number(heir.Resources-1) + " more in it"
	}
	return "takes over " + heir.Of.Name
}

func (l Leaving) effectLead() string {
	if len(l.Effect.Lines) == 0 {
		return "Nobody's access changes."
	}
	return changesLead(l.Effect)
}

func used(token access.APIToken) string {
	if token.LastUsed == nil {
		return "Never used"
	}
	return "Used " + ago(*token.LastUsed)
}

func (l Leaving) ends() []Field {
	var ends []Field
	for _, each := range []struct {
		n         int
		one, many string
	}{
		{l.Has.Resources, "resource gets a new owner", "resources get a new owner"},
		{l.Has.Groups, "group membership ends", "group memberships end"},
		{l.Has.Grants, "share ends", "shares end"},
		{l.Has.Tokens, "API token stops working", "API tokens stop working"},
		{l.Has.Invitations, "open invitation is revoked", "open invitations are revoked"},
	} {
		if each.n > 0 {
			ends = append(ends, Field{Name: number(each.n), Value: plural(each.n, each.one, each.many)})
		}
	}
	return ends
}
