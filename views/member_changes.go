package views

func (m MemberRole) effectLead() string {
	if len(m.Effect.Lines) == 0 {
		return "This changes nothing that " + m.Person.Label() + " can do."
	}
	return changesLead(*m.Effect)
}

// keeps says what stays with somebody who is deactivated.
func (d Deactivation) keeps() string {
	return "They stay the owner of " + count(d.Owns, "resource", "resources") + ", which others keep using."
}

// plural chooses the words that go with a number which stands elsewhere.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
