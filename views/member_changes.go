package views

// keeps says what stays with somebody who is deactivated.
func (d Deactivation) keeps() string {
	return "They stay the owner of " + count(d.Owns, "resource", "resources") + ", which others keep using."
}

func (r MemberRemoval) title() string {
	if r.You {
		return "Leave the organization?"
	}
	return "Remove " + r.Person.Label() + "?"
}

// back is where the one who asks came from: a member who leaves may not see the list.
func (r MemberRemoval) back() string {
	if r.You {
		return MyAccessPath(r.Org)
	}
	return MembersPath(r.Org)
}

func (r MemberRemoval) button() string {
	if r.You {
		return "Leave organization"
	}
	return "Remove " + r.Person.Label()
}

func (r MemberRemoval) account() string {
	if r.You {
		return "Your account stays, and you stay in your other organizations."
	}
	return "The account stays, and they stay in their other organizations."
}

// plural chooses the words that go with a number which stands elsewhere.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
