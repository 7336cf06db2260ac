package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

const mostNames = 5 // of people and of resources in a line

// sameResources are resources that went from one class to another, or stayed in theirs.
type sameResources struct {
	before, after int
	numbers       []int // in the scope
}

// samePeople are people who went from one kind to another, or stayed in theirs.
type samePeople struct {
	sqlc.ListAlikePeopleRow
	before, after int
}

// A line is an access.EffectLine while it is collected.
type line struct {
	access.EffectLine
	moved   []bool         // by samePeople
	numbers []int          // of the first resources
	last    *sameResources // that it is about
}

// compare puts those who gain or lose the same into one line.
func (t *trial) compare(ctx context.Context, before, after *reading) (access.Effect, error) {
	rows, err := t.q.ListAlikePeople(ctx, t.id)
	if err != nil {
		return access.Effect{}, err
	}
	people := make([]samePeople, len(rows))
	for i, row := range rows {
		people[i] = samePeople{row, before.kinds[row.Before], after.kinds[row.After]}
	}
	effect := access.Effect{Skipped: t.scope.total}
	lines := map[[2]access.Rights]*line{}
	var could, can []access.Rights
	moved := make([]bool, len(people))
	for _, resources := range gathered(before, after) {
		effect.Skipped -= len(resources.numbers)
		could, can = before.rights(resources.before, could), after.rights(resources.after, can)
		for i, who := range people {
			if had, has := could[who.before], can[who.after]; had != has {
				lineOf(lines, has&^had, had&^has, len(people)).add(i, resources)
				moved[i] = true
			}
		}
	}
	for i, who := range people {
		if moved[i] {
			effect.People += int(who.People)
		}
	}
	for _, at := range lines {
		if err := t.finish(ctx, at, people); err != nil {
			return effect, err
		}
		effect.Lines = append(effect.Lines, at.EffectLine)
	}
	effect.SortLines()
	return effect, nil
}

// gathered puts the resources of a scope together that are alike before and after, but for those left out at either moment.
func gathered(before, after *reading) []*sameResources {
	var all []*sameResources
	known := map[[2]int]*sameResources{}
	for number, from := range before.classOf {
		to := after.classOf[number]
		if from < 0 || to < 0 {
			continue
		}
		same := known[[2]int{from, to}]
		if same == nil {
			same = &sameResources{before: from, after: to}
			known[[2]int{from, to}], all = same, append(all, same)
		}
		same.numbers = append(same.numbers, number)
	}
	return all
}

func lineOf(lines map[[2]access.Rights]*line, gained, lost access.Rights, people int) *line {
	key := [2]access.Rights{gained, lost}
	if lines[key] == nil {
		lines[key] = &line{EffectLine: access.EffectLine{Gained: gained, Lost: lost}, moved: make([]bool, people)}
	}
	return lines[key]
}

// add notes that some people gain and lose this on some resources.
func (l *line) add(people int, resources *sameResources) {
	l.moved[people] = true
	if l.last != resources {
		l.last = resources
		l.Resources += len(resources.numbers)
		l.numbers = append(l.numbers, resources.numbers[:min(mostNames, len(resources.numbers))]...)
	}
}

// finish counts the people of a line, and finds the names of the first few, and of the first few resources.
func (t *trial) finish(ctx context.Context, at *line, people []samePeople) error {
	slices.Sort(at.numbers)
	for _, number := range at.numbers[:min(mostNames, len(at.numbers))] {
		at.Places = append(at.Places, t.scope.resources[number])
	}
	asked := sqlc.ListNamesOfParams{Preview: t.id, Names: mostNames}
	for i, who := range people {
		if at.moved[i] {
			at.People += int(who.People)
			asked.Befores, asked.Afters = append(asked.Befores, who.Before), append(asked.Afters, who.After)
		}
	}
	var err error
	at.Names, err = t.q.ListNamesOf(ctx, asked)
	return err
}
