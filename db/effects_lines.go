package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

const (
	mostNames = 5   // of people and of resources in a line
	mostLines = 100 // of an effect
)

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

// A movement is what somebody gains and loses.
type movement struct{ gained, lost access.Rights }

// A trail is the resources on which somebody gains and loses the same: some, and those before. There is one of each.
type trail struct {
	before    *trail
	resources *sameResources
}

// A line is an access.EffectLine while it is collected.
type line struct {
	access.EffectLine
	people []samePeople
}

// compare puts those who gain or lose the same on the same resources into one line.
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
	trails, known := map[movement][]*trail{}, map[trail]*trail{}
	moved := make([]bool, len(people))
	var could, can []access.Rights
	for _, resources := range gathered(before, after) {
		effect.Skipped -= len(resources.numbers)
		could, can = before.rights(resources.before, could), after.rights(resources.after, can)
		for i, who := range people {
			had, has := could[who.before], can[who.after]
			if had == has {
				continue
			}
			what := movement{has &^ had, had &^ has}
			if trails[what] == nil {
				trails[what] = make([]*trail, len(people))
			}
			step := trail{trails[what][i], resources}
			longer := known[step]
			if longer == nil {
				longer = &trail{step.before, step.resources}
				known[step] = longer
			}
			trails[what][i] = longer
			if !moved[i] {
				moved[i] = true
				effect.People += int(who.People)
			}
			if changed := resources.numbers[0] == 0; changed && what.lost.Has(access.View) {
				effect.ShutOut += int(who.People)
			}
		}
	}
	return effect, t.list(ctx, &effect, people, trails)
}

// list makes the lines of an effect, those that say most first, and names people in as many as there may be.
func (t *trial) list(ctx context.Context, effect *access.Effect, people []samePeople, trails map[movement][]*trail) error {
	lines := []*line{}
	for moved, of := range trails {
		byTrail := map[*trail]*line{}
		for i, who := range people {
			at := of[i]
			if at == nil {
				continue
			}
			if byTrail[at] == nil {
				byTrail[at] = &line{EffectLine: t.lineOn(moved, at)}
				lines = append(lines, byTrail[at])
			}
			byTrail[at].People += int(who.People)
			byTrail[at].people = append(byTrail[at].people, who)
		}
	}
	slices.SortFunc(lines, func(a, b *line) int { return access.CompareLines(a.EffectLine, b.EffectLine) })
	effect.Omitted = max(0, len(lines)-mostLines)
	for _, at := range lines[:len(lines)-effect.Omitted] {
		if err := t.name(ctx, at); err != nil {
			return err
		}
		effect.Lines = append(effect.Lines, at.EffectLine)
	}
	return nil
}

// lineOn is a line about some resources, with the first few of them.
func (t *trial) lineOn(moved movement, at *trail) access.EffectLine {
	told := access.EffectLine{Gained: moved.gained, Lost: moved.lost}
	var numbers []int
	for ; at != nil; at = at.before {
		told.Resources += len(at.resources.numbers)
		numbers = append(numbers, at.resources.numbers[:min(mostNames, len(at.resources.numbers))]...)
	}
	slices.Sort(numbers)
	for _, number := range numbers[:min(mostNames, len(numbers))] {
		told.Places = append(told.Places, t.scope.resources[number])
	}
	return told
}

// name finds the names of the first few people of a line.
func (t *trial) name(ctx context.Context, at *line) (err error) {
	asked := sqlc.ListNamesOfParams{Preview: t.id, Names: mostNames}
	for _, who := range at.people {
		asked.Befores, asked.Afters = append(asked.Befores, who.Before), append(asked.Afters, who.After)
	}
	at.Names, err = t.q.ListNamesOf(ctx, asked)
	return err
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
