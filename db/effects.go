package db

import (
	"context"
	"errors"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// mostResources is how many a preview looks at: it does so under the organization's lock.
const mostResources = 30_000

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
// cannot promise what the change would not keep. Previews wait for each other before they wait for the organization's lock, so
// that many of a large project do not keep all connections from everybody else.
func (s *Store) preview(ctx context.Context, by By, org access.ID, where func(*change) (scope, error), steps func(*change) error) (access.Effect, error) {
	var effect access.Effect
	if s.previews != nil {
		select {
		case s.previews <- struct{}{}:
			defer func() { <-s.previews }()
		case <-ctx.Done():
			return effect, ctx.Err()
		}
	}
	err := s.change(ctx, by, org, func(c *change) error {
		if err := c.q.PlanEachStatement(ctx); err != nil {
			return err
		}
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

// effect makes the change and says what it does.
func (c *change) effect(ctx context.Context, where scope, steps func() error) (access.Effect, error) {
	t := &trial{change: c, id: newID(), scope: where}
	before, err := t.read(ctx, false)
	if err != nil {
		return access.Effect{}, err
	}
	if err := steps(); err != nil {
		return access.Effect{}, err
	}
	after, err := t.read(ctx, true)
	if err != nil {
		return access.Effect{}, err
	}
	return t.compare(ctx, before, after)
}

// A trial is one preview at work.
type trial struct {
	*change
	id    access.ID
	scope scope
}
