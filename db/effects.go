package db

import (
	"context"
	"errors"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

const (
	mostResources = 500    // that a preview asks about: what everybody holds on each of them is read under the lock
	mostQuestions = 50_000 // kinds of holdings times resources; most have the same answer as another on the same resource
	mostNames     = 5      // of people and of resources in a line
)

// A scope is where a change may move access: which resources, and whom.
type scope struct {
	resources []access.Ref
	total     int         // resources, with those that are too many
	beside    []access.ID // resources whose people the change may let in to those
	people    []access.ID // only these; nil for everybody
}

// A reach is places from which a change may move access.
type reach struct {
	places, roots []access.ID // what lies in the roots is reached too
	modules       bool        // and all modules
}

// add lets the reach of a role on a place in.
func (r *reach) add(place access.ID, inside, modules bool) {
	r.places, r.modules = append(r.places, place), r.modules || modules
	if inside {
		r.roots = append(r.roots, place)
	}
}

// within is some resources with everything in them.
func (c *change) within(ctx context.Context, roots ...access.ID) (scope, error) {
	return c.reached(ctx, reach{places: roots, roots: roots})
}

// reached is the scope of a change, for everybody.
func (c *change) reached(ctx context.Context, from reach) (found scope, err error) {
	rows, err := c.q.ListWithin(ctx, sqlc.ListWithinParams{OrgID: c.org.ID, Places: from.places, Roots: from.roots, Modules: from.modules, Most: mostResources})
	for _, row := range rows {
		found.resources, found.total = append(found.resources, access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}), int(row.Total)
	}
	return found, err
}

// sharedTo is what is shared to a group, with what lies in it, for some people.
func (c *change) sharedTo(ctx context.Context, group access.ID, people []access.ID) (scope, error) {
	rows, err := c.q.ListPlacesOfGroup(ctx, sqlc.ListPlacesOfGroupParams{OrgID: c.org.ID, GroupID: group})
	if err != nil {
		return scope{}, err
	}
	var from reach
	for _, row := range rows {
		from.add(row.ResourceID, row.Reaches, row.ReachesModules)
	}
	found, err := c.reached(ctx, from)
	found.people = people
	return found, err
}

// reachOf is where a user has anything in the organization of the change, with what lies in it, for that user.
func (c *change) reachOf(ctx context.Context, user access.ID) (scope, error) {
	from, err := c.placesOf(ctx, user)
	if err != nil {
		return scope{}, err
	}
	found, err := c.reached(ctx, from)
	found.people = []access.ID{user}
	return found, err
}

func (c *change) placesOf(ctx context.Context, user access.ID) (from reach, err error) {
	rows, err := c.q.ListPlacesOfUser(ctx, sqlc.ListPlacesOfUserParams{OrgID: c.org.ID, UserID: user})
	for _, row := range rows {
		from.add(row.ResourceID, row.Reaches, row.ReachesModules)
	}
	return from, err
}

// sharedToInside is what is shared to one group, for everyone inside another.
func (c *change) sharedToInside(ctx context.Context, group, inside access.ID) (scope, error) {
	people, err := c.everyone(ctx, []access.Ref{groupRef(inside, "")})
	if err != nil {
		return scope{}, err
	}
	return c.sharedTo(ctx, group, people)
}

// everyone is these people, and those inside these groups; never nil.
func (c *change) everyone(ctx context.Context, who []access.Ref) ([]access.ID, error) {
	people, groups := []access.ID{}, []access.ID{}
	for _, one := range who {
		if one.Type == "group" {
			groups = append(groups, one.ID)
		} else {
			people = append(people, one.ID)
		}
	}
	inside, err := c.q.ListPeopleInside(ctx, sqlc.ListPeopleInsideParams{OrgID: c.org.ID, Groups: groups})
	return append(people, inside...), err
}

// errPreview rolls back a change that was only tried.
var errPreview = errors.New("this was a preview")

// preview makes a change, compares what people may do before and after, and rolls it back: the very same change, so it
// cannot promise what the change would not keep.
func (s *Store) preview(ctx context.Context, by By, org access.ID, where func(*change) (scope, error), steps func(*change) error) (access.Effect, error) {
	var effect access.Effect
	err := s.change(ctx, by, org, func(c *change) error {
		concerned, err := where(c)
		if err != nil {
			return err
		}
		if effect, err = c.effect(ctx, concerned, func() error { return steps(c) }); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return effect, err
}

// effect makes the change and says what it does. Who holds the same may do the same, so of those who are alike on a resource
// before, and of those who are alike there after, one is asked about.
func (c *change) effect(ctx context.Context, where scope, steps func() error) (access.Effect, error) {
	t := &trial{change: c, id: newID(), scope: where}
	if err := t.noteBefore(ctx); err != nil {
		return access.Effect{}, err
	}
	if err := steps(); err != nil {
		return access.Effect{}, err
	}
	if err := t.noteAfter(ctx); err != nil {
		return access.Effect{}, err
	}
	return t.compare(ctx)
}

// A trial is one preview at work.
type trial struct {
	*change
	id            access.ID
	scope         scope
	before, after map[held]access.Rights
}

// held is a kind of holdings, asked about on one resource.
type held struct {
	holds    string
	resource access.ID
}

// noteBefore notes who holds what, and leaves out as many resources as would make too many questions.
func (t *trial) noteBefore(ctx context.Context) error {
	err := t.q.NotePeopleBefore(ctx, sqlc.NotePeopleBeforeParams{Preview: t.id, OrgID: t.org.ID, Resources: t.places(), People: t.scope.people})
	if err != nil {
		return err
	}
	kinds, err := t.q.CountAlike(ctx, t.id)
	if err != nil {
		return err
	}
	if fits := max(1, mostQuestions/max(1, int(kinds))); len(t.scope.resources) > fits {
		t.scope.resources = t.scope.resources[:fits]
	}
	t.before, err = t.ask(ctx, false)
	return err
}

func (t *trial) noteAfter(ctx context.Context) error {
	err := t.q.NotePeopleAfter(ctx, sqlc.NotePeopleAfterParams{Preview: t.id, OrgID: t.org.ID, Resources: t.places(), People: t.scope.people})
	if err != nil {
		return err
	}
	t.after, err = t.ask(ctx, true)
	return err
}

// ask finds the rights of each kind of holdings, before the change or after it, on each resource.
func (t *trial) ask(ctx context.Context, after bool) (map[held]access.Rights, error) {
	rows, err := t.q.ListRightsOfAlike(ctx, sqlc.ListRightsOfAlikeParams{Preview: t.id, OrgID: t.org.ID, After: after, Resources: t.ids(), People: t.scope.people})
	rights := make(map[held]access.Rights, len(rows))
	for _, row := range rows {
		rights[held{row.Holds, row.ResourceID}] = access.Rights(row.Rights)
	}
	return rights, err
}

// places are the resources whose people are looked at.
func (t *trial) places() []access.ID { return append(t.ids(), t.scope.beside...) }

func (t *trial) ids() []access.ID {
	ids := make([]access.ID, len(t.scope.resources))
	for i, resource := range t.scope.resources {
		ids[i] = resource.ID
	}
	return ids
}

// sameHoldings are people who went from the same holdings to the same.
type sameHoldings = sqlc.ListAlikeRow

// A line is an access.EffectLine while it is collected.
type line struct {
	access.EffectLine
	people []sameHoldings
	places map[access.ID]bool
}

// compare puts those who gain or lose the same into one line.
func (t *trial) compare(ctx context.Context) (access.Effect, error) {
	effect := access.Effect{Skipped: t.scope.total - len(t.scope.resources)}
	groups, err := t.q.ListAlike(ctx, t.id)
	if err != nil {
		return effect, err
	}
	lines := map[[2]access.Rights]*line{}
	for _, group := range groups {
		seen := map[*line]bool{}
		for _, resource := range t.scope.resources {
			before, after := t.before[held{group.Before, resource.ID}], t.after[held{group.After, resource.ID}]
			if before != after {
				at := lineOf(lines, after&^before, before&^after)
				at.places[resource.ID] = true
				seen[at] = true
			}
		}
		for at := range seen {
			at.People += int(group.People)
			at.people = append(at.people, group)
		}
	}
	for _, at := range lines {
		if err := t.finish(ctx, at); err != nil {
			return effect, err
		}
		effect.Lines = append(effect.Lines, at.EffectLine)
	}
	effect.SortLines()
	return effect, nil
}

func lineOf(lines map[[2]access.Rights]*line, gained, lost access.Rights) *line {
	key := [2]access.Rights{gained, lost}
	if lines[key] == nil {
		lines[key] = &line{EffectLine: access.EffectLine{Gained: gained, Lost: lost}, places: map[access.ID]bool{}}
	}
	return lines[key]
}

// finish counts the resources of a line and keeps the first few, and finds the names of the first few people.
func (t *trial) finish(ctx context.Context, at *line) error {
	at.Resources = len(at.places)
	for _, resource := range t.scope.resources {
		if at.places[resource.ID] && len(at.Places) < mostNames {
			at.Places = append(at.Places, resource)
		}
	}
	asked := sqlc.ListNamesOfParams{Preview: t.id, Names: mostNames}
	for _, group := range at.people {
		asked.Befores, asked.Afters = append(asked.Befores, group.Before), append(asked.Afters, group.After)
	}
	var err error
	at.Names, err = t.q.ListNamesOf(ctx, asked)
	return err
}
