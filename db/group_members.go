package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// AddToGroup puts people and groups into a group, all of them or none. The role is for the people; a group inside a
// group is a member.
func (s *Store) AddToGroup(ctx context.Context, by By, org, group access.ID, who []access.Ref, groupRole access.GroupRole) error {
	if len(who) == 0 {
		return access.Invalid("who", "Choose people or groups to add.")
	}
	return s.change(ctx, by, org, func(c *change) error { return c.addToGroup(ctx, group, who, groupRole) })
}

func (c *change) addToGroup(ctx context.Context, group access.ID, who []access.Ref, groupRole access.GroupRole) error {
	facts, err := c.group(ctx, group) // once: what the rules ask of it does not change with who comes in
	if err != nil {
		return err
	}
	end, err := c.endOfManaging(ctx, facts)
	for _, one := range who {
		if err != nil {
			return err
		}
		switch one.Type {
		case "group":
			err = c.nestGroup(ctx, facts, end, one.ID)
		case "user":
			err = c.addGroupMember(ctx, facts, end, one.ID, groupRole)
		default:
			err = access.Invalid("who", "Only members and groups of the organization can be in a group.")
		}
	}
	return err
}

func (c *change) addGroupMember(ctx context.Context, group access.GroupFacts, end access.End, user access.ID, groupRole access.GroupRole) error {
	member, err := c.member(ctx, user)
	if err != nil {
		return err
	}
	_, err = c.groupRole(ctx, group.ID, user)
	if err != nil && err != access.ErrNotFound {
		return err
	}
	what := access.AddGroupMember{Group: group, Member: member, Role: groupRole, Already: err == nil, End: end}
	return c.make(ctx, what, func() error {
		return c.q.AddGroupMember(ctx, sqlc.AddGroupMemberParams{OrgID: c.org.ID, GroupID: group.ID, UserID: user, Role: string(groupRole)})
	})
}

// endOfManaging is until when the actor may change who is in a group: its own admins for good.
func (c *change) endOfManaging(ctx context.Context, group access.GroupFacts) (access.End, error) {
	if group.Admin {
		return access.End{}, nil
	}
	return c.endOf(ctx, c.org.ID, access.Groups)
}

// groupRole is what a user is in a group directly; access.ErrNotFound for nothing.
func (c *change) groupRole(ctx context.Context, group, user access.ID) (access.GroupRole, error) {
	name, err := c.q.FindGroupMember(ctx, sqlc.FindGroupMemberParams{OrgID: c.org.ID, GroupID: group, UserID: user})
	return access.GroupRole(name), found(err)
}

func (c *change) nestGroup(ctx context.Context, outer access.GroupFacts, end access.End, inner access.ID) error {
	member, err := findGroup(ctx, c.q, c.org.ID, c.actor.ID, inner) // whoever manages a group may name any group
	if err != nil {
		return err
	}
	nested, err := c.q.FindNestedGroup(ctx, sqlc.FindNestedGroupParams{OrgID: c.org.ID, GroupID: outer.ID, MemberGroupID: inner})
	if err != nil {
		return err
	}
	ways, err := waysUp(ctx, c.q, c.org.ID, []access.Ref{outer.Ref()})
	if err != nil {
		return err
	}
	what := access.NestGroup{Group: outer, Member: member.GroupFacts, Already: nested > 0, Cycle: downward(ways.chain(outer.ID, inner)), Own: member.Inside,
		End: end}
	return c.make(ctx, what, func() error {
		err := c.q.AddNestedGroup(ctx, sqlc.AddNestedGroupParams{OrgID: c.org.ID, GroupID: outer.ID, MemberGroupID: inner})
		if err != nil {
			return err
		}
		return c.q.JoinAncestry(ctx, sqlc.JoinAncestryParams{OrgID: c.org.ID, GroupID: outer.ID, MemberGroupID: inner})
	})
}

// downward names a chain of groups from the outermost to the innermost.
func downward(chain []access.Ref) []string {
	names := make([]string, len(chain))
	for i, group := range chain {
		names[len(chain)-1-i] = group.Name
	}
	return names
}

// ChangeGroupMemberRole makes a member of a group its admin, or no longer.
func (s *Store) ChangeGroupMemberRole(ctx context.Context, by By, org, group, user access.ID, to access.GroupRole) error {
	return s.change(ctx, by, org, func(c *change) error { return c.changeGroupMemberRole(ctx, group, user, to) })
}

func (c *change) changeGroupMemberRole(ctx context.Context, group, user access.ID, to access.GroupRole) error {
	facts, member, from, err := c.groupMember(ctx, group, user)
	if err != nil {
		return err
	}
	end, err := c.endOfManaging(ctx, facts)
	if err != nil {
		return err
	}
	return c.make(ctx, access.ChangeGroupMemberRole{Group: facts, Member: member, From: from, To: to, End: end}, func() error {
		return c.q.SetGroupMemberRole(ctx, sqlc.SetGroupMemberRoleParams{OrgID: c.org.ID, GroupID: group, UserID: user, Role: string(to)})
	})
}

func (c *change) groupMember(ctx context.Context, group, user access.ID) (access.GroupFacts, access.Member, access.GroupRole, error) {
	facts, err := c.group(ctx, group)
	if err != nil {
		return facts, access.Member{}, "", err
	}
	groupRole, err := c.groupRole(ctx, group, user)
	if err != nil {
		return facts, access.Member{}, "", err
	}
	member, err := c.member(ctx, user)
	return facts, member, groupRole, err
}

// RemoveGroupMember takes a person out of a group.
func (s *Store) RemoveGroupMember(ctx context.Context, by By, org, group, user access.ID) error {
	return s.change(ctx, by, org, func(c *change) error { return c.removeGroupMember(ctx, group, user) })
}

func (c *change) removeGroupMember(ctx context.Context, group, user access.ID) error {
	facts, err := c.group(ctx, group)
	if err != nil {
		return err
	}
	return c.takeOut(ctx, facts, user)
}

func (c *change) takeOut(ctx context.Context, group access.GroupFacts, user access.ID) error {
	from, err := c.groupRole(ctx, group.ID, user)
	if err != nil {
		return err
	}
	member, err := c.member(ctx, user)
	if err != nil {
		return err
	}
	return c.make(ctx, access.RemoveGroupMember{Group: group, Member: member, Role: from}, func() error {
		return c.q.RemoveGroupMember(ctx, sqlc.RemoveGroupMemberParams{OrgID: c.org.ID, GroupID: group.ID, UserID: user})
	})
}

// UnnestGroup takes a group out of another.
func (s *Store) UnnestGroup(ctx context.Context, by By, org, outer, inner access.ID) error {
	return s.change(ctx, by, org, func(c *change) error { return c.unnestGroup(ctx, outer, inner) })
}

func (c *change) unnestGroup(ctx context.Context, outer, inner access.ID) error {
	facts, err := c.group(ctx, outer)
	if err != nil {
		return err
	}
	nested, err := c.q.FindNestedGroup(ctx, sqlc.FindNestedGroupParams{OrgID: c.org.ID, GroupID: outer, MemberGroupID: inner})
	if err != nil {
		return err
	}
	if nested == 0 {
		return access.ErrNotFound
	}
	member, err := findGroup(ctx, c.q, c.org.ID, c.actor.ID, inner)
	if err != nil {
		return err
	}
	return c.make(ctx, access.UnnestGroup{Group: facts, Member: member.GroupFacts}, func() error {
		return c.reweave(ctx, outer, inner, func() error {
			return c.q.RemoveNestedGroup(ctx, sqlc.RemoveNestedGroupParams{OrgID: c.org.ID, GroupID: outer, MemberGroupID: inner})
		})
	})
}

// reweave keeps the closure true while remove takes away the edge between two groups, or one group (given twice): what
// led over it is forgotten, and what other ways still give is put back.
func (c *change) reweave(ctx context.Context, outer, inner access.ID, remove func() error) error {
	ancestors, err := c.q.ListAncestors(ctx, sqlc.ListAncestorsParams{OrgID: c.org.ID, GroupID: outer})
	if err != nil {
		return err
	}
	err = c.q.CutAncestry(ctx, sqlc.CutAncestryParams{OrgID: c.org.ID, GroupID: outer, MemberGroupID: inner})
	if err != nil {
		return err
	}
	if err := remove(); err != nil {
		return err
	}
	if outer == inner { // the group itself is gone
		ancestors = without(ancestors, outer)
	}
	return c.q.RebuildAncestry(ctx, sqlc.RebuildAncestryParams{OrgID: c.org.ID, Ancestors: ancestors})
}

func without(ids []access.ID, gone access.ID) []access.ID {
	var kept []access.ID
	for _, id := range ids {
		if id != gone {
			kept = append(kept, id)
		}
	}
	return kept
}

// ListCandidates finds people and groups that can be put into a group, or be given a role on a resource: on the organization itself
// only groups, since people have their role there already. It gives the first twelve, and says whether there are more.
func (s *Store) ListCandidates(ctx context.Context, org, resource access.ID, search string) (candidates []Candidate, more bool, err error) {
	rows, err := s.q.SearchPrincipals(ctx, sqlc.SearchPrincipalsParams{OrgID: org, ResourceID: optional(resource), Search: search, PageSize: mostCandidates + 1})
	more = len(rows) > mostCandidates
	rows = rows[:min(len(rows), mostCandidates)]
	candidates = make([]Candidate, len(rows))
	for i, row := range rows {
		candidates[i] = Candidate{Ref: access.Ref{Type: row.Type, ID: row.ID, Name: row.Name}, Email: row.Email, People: int(row.People),
			Roles: row.RoleNames, Owner: row.Owner}
	}
	return candidates, more, err
}

const mostCandidates = 12

// A Candidate is a person or a group that a picker offers.
type Candidate struct {
	access.Ref
	Email  string
	People int    // inside, for a group
	Roles  string // what it has on the resource asked about, if one was
	Owner  bool   // of that resource
}
