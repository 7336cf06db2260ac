package access

import (
	"cmp"
	"slices"
	"strings"
)

// An Effect is what a change does to what people may do: a line for those who gain or lose the same on the same.
type Effect struct {
	Lines   []EffectLine
	People  int // who gain or lose anything
	ShutOut int // who can then no longer open what is changed, and can now
	Omitted int // lines that were too many to be told
	Skipped int // resources that were too many to be asked about
}

// An EffectLine tells of people who gain or lose the same rights on the same resources.
type EffectLine struct {
	Gained, Lost Rights
	People       int
	Names        []string // of the first few people, by name; of those who may be named
	Resources    int
	Places       []Ref // the first few resources: where the change begins first, then the outermost
}

// Only names the person whom an effect is about when it is about one; empty otherwise.
func (e Effect) Only() string {
	if e.People != 1 || len(e.Lines) == 0 || len(e.Lines[0].Names) == 0 {
		return ""
	}
	return e.Lines[0].Names[0]
}

// Loses tells whether the change takes anything from anybody.
func (e Effect) Loses() bool {
	return slices.ContainsFunc(e.Lines, func(l EffectLine) bool { return l.Lost != 0 })
}

// CompareLines orders losses before gains, and what concerns more rights, people and resources first.
func CompareLines(a, b EffectLine) int {
	if (a.Lost != 0) != (b.Lost != 0) {
		if a.Lost != 0 {
			return -1
		}
		return 1
	}
	return cmp.Or((b.Lost|b.Gained).Count()-(a.Lost|a.Gained).Count(), b.People-a.People, b.Resources-a.Resources,
		int(a.Gained|a.Lost)-int(b.Gained|b.Lost), strings.Compare(firstOf(a.Places), firstOf(b.Places)))
}

func firstOf(places []Ref) string {
	if len(places) == 0 {
		return ""
	}
	return places[0].Name
}
