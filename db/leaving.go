package db

import (
	"context"
	"maps"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Leaving is how a member leaves. Addresses are normalized.
type Leaving struct {
	Heir        string               // takes over what nobody of Heirs does; may be empty for somebody who owns nothing else
	Heirs       map[access.ID]string // by resource of the member's: who takes it over with what the member owns in it
	Admins      map[access.ID]string // by group: who becomes its admin
	EndSessions bool                 // sign them out everywhere
	Seen        string               // of the LeavingEffect that was looked at; empty for none
}

// EndMembership ends a membership, and hands on what the member had, all in one.
func (s *Store) EndMembership(ctx context.Context, by By, org, user access.ID, how Leaving) error {
	return s.change(ctx, by, org, func(c *change) error { return c.endMembership(ctx, user, how) })
}

// JudgeLeaving says what EndMembership would be refused for, as far as can be told without making it. It does nothing, so
// nobody proves for it who they are.
func (s *Store) JudgeLeaving(ctx context.Context, by By, org, user access.ID, how Leaving) error {
	by.Recent = true
	return s.change(ctx, by, org, func(c *change) error {
		leaving, err := c.leaving(ctx, user, how)
		if err != nil {
			return err
		}
		return access.Decide(c.actor, leaving)
	})
}

// A LeavingEffect is what somebody's leaving does.
type LeavingEffect struct {
	access.Effect               // on the one who goes, and on those who take over
	Heirs         []access.Heir // and what each takes over
	Seen          string        // tells later whether it is all the same still
}

// PreviewLeaving says what EndMembership would do; nobody proves for it who they are.
func (s *Store) PreviewLeaving(ctx context.Context, by By, org, user access.ID, how Leaving) (shown LeavingEffect, err error) {
	by.Recent, how.Seen = true, ""
	shown.Effect, err = s.preview(ctx, by, org, func(c *change) (scope, error) {
		leaving, err := c.leaving(ctx, user, how)
		if err == nil {
			err = access.Decide(c.actor, leaving)
		}
		if err != nil {
			return scope{}, err
		}
		shown.Heirs = leaving.Heirs
		stake, err := c.stake(ctx, user, how)
		if err != nil {
			return scope{}, err
		}
		shown.Seen = stake.Seen
		where, err := c.reachOf(ctx, user)
		for _, heir := range leaving.Heirs {
			where.people = append(where.people, heir.Person.ID)
		}
		for _, successor := range leaving.Admins {
			where.people = append(where.people, successor.Person.ID)
		}
		return where, err
	}, func(c *change) error { return c.endMembership(ctx, user, how) })
	return shown, err
}

func (c *change) endMembership(ctx context.Context, user access.ID, how Leaving) error {
	leaving, err := c.leaving(ctx, user, how)
	if err != nil {
		return err
	}
	return c.make(ctx, leaving, func() error { return c.removeMember(ctx, leaving, how) })
}

func (c *change) stake(ctx context.Context, user access.ID, how Leaving) (sqlc.CountStakeRow, error) {
	return c.q.CountStake(ctx, sqlc.CountStakeParams{OrgID: c.org.ID, UserID: user, Emails: how.emails()})
}

// emails are the addresses of those who take over.
func (how Leaving) emails() []string {
	return slices.Concat([]string{how.Heir}, slices.Collect(maps.Values(how.Heirs)), slices.Collect(maps.Values(how.Admins)))
}

// leaving loads the change.
func (c *change) leaving(ctx context.Context, user access.ID, how Leaving) (what access.RemoveMember, err error) {
	if what.Member, what.LastAdmin, err = c.memberAndLast(ctx, user); err != nil {
		return what, err
	}
	stake, err := c.stake(ctx, user, how)
	if err != nil {
		return what, err
	}
	what.Owns, what.Groups, what.Grants, what.Tokens = int(stake.Resources), int(stake.Groups), int(stake.Grants), int(stake.Tokens)
	what.Stale = how.Seen != "" && how.Seen != stake.Seen
	if what.End, err = c.endOf(ctx, c.org.ID, access.Members); err != nil {
		return what, err
	}
	staying, err := c.staying(ctx, user, how)
	if err != nil {
		return what, err
	}
	if what.Heirs, err = c.heirs(ctx, user, how, staying); err != nil {
		return what, err
	}
	what.Admins, err = c.successors(ctx, user, how, staying)
	return what, err
}

// staying finds, by address, the active members among those who are to take over.
func (c *change) staying(ctx context.Context, leaving access.ID, how Leaving) (map[string]access.Person, error) {
	rows, err := c.q.ListStaying(ctx, sqlc.ListStayingParams{OrgID: c.org.ID, UserID: leaving, Emails: how.emails()})
	people := map[string]access.Person{}
	for _, row := range rows {
		people[row.Email] = access.Person{ID: row.ID, Name: row.Name, Email: row.Email}
	}
	return people, err
}

// heirs finds who takes over what. The organization contains everything, so who takes over all the rest is its heir.
func (c *change) heirs(ctx context.Context, user access.ID, how Leaving, staying map[string]access.Person) ([]access.Heir, error) {
	asked := slices.Sorted(maps.Keys(how.Heirs))
	rows, err := c.q.ListOwnedAmong(ctx, sqlc.ListOwnedAmongParams{OrgID: c.org.ID, UserID: user, Ids: asked})
	if err != nil {
		return nil, err
	}
	owned := map[access.ID]access.Ref{}
	for _, row := range rows {
		owned[row.ID] = access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}
	}
	places := append(slices.Clone(asked), c.org.ID)
	counts, err := c.q.CountInherited(ctx, sqlc.CountInheritedParams{OrgID: c.org.ID, UserID: user, Places: places})
	takes := map[access.ID]int{}
	for _, count := range counts {
		takes[count.Place] = int(count.Resources)
	}
	var heirs []access.Heir
	add := func(heir access.Heir, place access.ID, email string) {
		person, fits := staying[email]
		if heir.Fits, heir.Person = fits, person; !fits {
			heir.Person.Email = email
		}
		heir.Resources = takes[place]
		heirs = append(heirs, heir)
	}
	if how.Heir != "" {
		add(access.Heir{Field: "heir"}, c.org.ID, how.Heir)
	}
	for _, id := range asked {
		_, owns := owned[id]
		add(access.Heir{Field: access.HeirField(id), Of: owned[id], Gone: !owns}, id, how.Heirs[id])
	}
	return heirs, err
}

// successors finds who becomes admin of which group.
func (c *change) successors(ctx context.Context, user access.ID, how Leaving, staying map[string]access.Person) ([]access.Successor, error) {
	asked := slices.Sorted(maps.Keys(how.Admins))
	rows, err := c.q.ListGroupsAmong(ctx, sqlc.ListGroupsAmongParams{OrgID: c.org.ID, UserID: user, Ids: asked})
	named := map[access.ID]access.Ref{}
	for _, row := range rows {
		named[row.ID] = groupRef(row.ID, row.Name)
	}
	var successors []access.Successor
	for _, id := range asked {
		group, known := named[id]
		person, fits := staying[how.Admins[id]]
		successors = append(successors, access.Successor{Field: access.AdminField(id), Group: group, Gone: !known, Person: person, Fits: fits})
	}
	return successors, err
}
