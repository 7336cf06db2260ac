package access

import "slices"

// An Effect is what a change does to what people may do: a line for each set of rights that somebody gains or loses.
type Effect struct {
	Lines   []EffectLine
	People  int // who gain or lose anything
	Skipped int // resources that were too many to be asked about
}

// An EffectLine tells of people who gain or lose the same rights.
type EffectLine struct {
	Gained, Lost Rights
	People       int
	Names        []string // of the first few people, by name
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

// Closes tells whether the line is about being shut out.
func (l EffectLine) Closes() bool { return l.Lost.Has(View) }

// Loses tells whether the change takes anything from anybody.
func (e Effect) Loses() bool {
	return slices.ContainsFunc(e.Lines, func(l EffectLine) bool { return l.Lost != 0 })
}

// Shutout counts those who can then no longer open something that they can open now, as far as one line tells.
func (e Effect) Shutout() int {
	most := 0
	for _, line := range e.Lines {
		if line.Closes() {
			most = max(most, line.People)
		}
	}
	return most
}

// SortLines puts losses before gains, and what concerns more rights and people first.
func (e Effect) SortLines() {
	slices.SortStableFunc(e.Lines, func(a, b EffectLine) int {
		if (a.Lost != 0) != (b.Lost != 0) {
			if a.Lost != 0 {
				return -1
			}
			return 1
		}
		if d := (b.Lost | b.Gained).Count() - (a.Lost | a.Gained).Count(); d != 0 {
			return d
		}
		if b.People != a.People {
			return b.People - a.People
		}
		return int(a.Gained|a.Lost) - int(b.Gained|b.Lost)
	})
}
