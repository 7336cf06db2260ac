package views

import (
	"fmt"
	"strings"

	"gatehouse/access"
)

// What a preview says: who gains or loses what, and where.

func who(line access.EffectLine) string {
	names := line.Names
	more := line.People - len(names)
	if len(names) == 0 {
		return people(more)
	}
	if more > 0 {
		names = append(names[:len(names):len(names)], count(more, "other person", "others"))
	}
	return list(names)
}

func moves(line access.EffectLine) string {
	return capital(rightsMoved(line, plural(line.People, "loses ", "lose "), plural(line.People, "gains ", "gain "))) + " on " + where(line) + "."
}

// rightsMoved says which rights are lost and gained, with the verbs given.
func rightsMoved(line access.EffectLine, loses, gains string) string {
	var moved []string
	if line.Lost != 0 {
		moved = append(moved, loses+list(line.Lost.Names()))
	}
	if line.Gained != 0 {
		moved = append(moved, gains+list(line.Gained.Names()))
	}
	return strings.Join(moved, " and ")
}

// where names the resources of a line: "Alpha, Core and 3 more".
func where(line access.EffectLine) string {
	var names []string
	for _, place := range line.Places {
		names = append(names, place.Name)
	}
	if more := line.Resources - len(names); more > 0 {
		names = append(names, number(more)+" more")
	}
	return list(names)
}

// lead is a sentence before an effect: about the one whom alone it concerns, or about several.
func lead(effect access.Effect, one, several string) string {
	if name := effect.Only(); name != "" {
		return fmt.Sprintf(one, name)
	}
	return several
}

// effectLead is the sentence before who gains and loses what.
func effectLead(effect access.Effect) string {
	if len(effect.Lines) == 0 {
		return "Nobody who is known here gains or loses anything by this."
	}
	return lead(effect, "Of the people who are known here, this concerns %s only:", "Of the people who are known here:")
}

// revocationLead is the sentence before what the end of a grant takes.
func revocationLead(effect access.Effect) string {
	if len(effect.Lines) == 0 {
		return "Nobody who is known here loses anything by it: they have as much in another way, or nobody is inside."
	}
	return lead(effect, "This is what it takes from %s:", "This is what it takes:")
}

// lossLead is the sentence before an effect that can only take.
func lossLead(effect access.Effect) string {
	if len(effect.Lines) == 0 {
		return "Nobody loses access to anything: what the group has is open to them in another way too, or nothing is shared with it."
	}
	return changesLead(effect)
}

func changesLead(effect access.Effect) string {
	return lead(effect, "This changes what %s can do:", "This changes what people can do:")
}

// doesLead is the sentence before the effect of what was chosen above it.
func doesLead(effect access.Effect) string {
	return lead(effect, "This is what it does for %s:", "This is what it does:")
}
