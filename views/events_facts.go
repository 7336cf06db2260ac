package views

import (
	"fmt"
	"strings"

	"gatehouse/access"
)

// fact is a recorded value as text; empty where there is none.
func fact(facts access.Facts, name string) string {
	if value, ok := facts[name]; ok && value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// facts are the values of a recorded list.
func facts(facts access.Facts, name string) []string {
	recorded, _ := facts[name].([]any)
	values := make([]string, len(recorded))
	for i, value := range recorded {
		values[i] = fmt.Sprint(value)
	}
	return values
}

// counted is a recorded number with its noun; empty where there is none.
func counted(facts access.Facts, name, noun string) string {
	switch fact(facts, name) {
	case "":
		return ""
	case "1":
		return "1 " + noun
	}
	return fact(facts, name) + " " + noun + "s"
}

// factorFact names a recorded way of signing in.
func factorFact(facts access.Facts) string {
	if fact(facts, "factor") == string(access.PasskeyFactor) {
		return "the passkey " + fact(facts, "name")
	}
	return "codes from an app"
}

func title(facts access.Facts, name string) string { return capital(fact(facts, name)) }

func was(before access.Facts, name string) phrase {
	if fact(before, name) == "" {
		return text("")
	}
	return text(" (was %s)", title(before, name))
}

func asAdmin(after access.Facts) string {
	if fact(after, "role") == string(access.GroupAdmin) {
		return " as Admin"
	}
	return ""
}

func heir(after access.Facts) phrase {
	if fact(after, "heir") == "" {
		return text("")
	}
	return text("; %s took over %s", fact(after, "heir"), counted(after, "resources", "resource"))
}

// endDay is on which day something recorded ends; empty for good.
func endDay(facts access.Facts) string {
	day, _, _ := strings.Cut(fact(facts, "expires_at"), "T")
	return day
}

func until(facts access.Facts) phrase {
	if endDay(facts) == "" {
		return text("")
	}
	return text(" until %s", endDay(facts))
}
