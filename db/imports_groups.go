package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// groupImport is what a page of records about groups came to.
type groupImport struct {
	*importing
	fresh    []sqlc.CopyGroupsParams
	selves   []sqlc.CopyGroupAncestryParams
	changed  []sqlc.UpdateGroupsParams
	members  []sqlc.CopyGroupMembersParams
	roles    []sqlc.UpdateGroupMembersParams
	nested   []sqlc.CopyNestedGroupsParams
	ancestry ways // every edge between groups, those of the file too; read when the first nesting comes
	outer    map[access.ID][]access.ID
}

// seenGroup is a group for a change, with what the actor is in it. One of which they may not know is not found.
func (g *groupImport) seenGroup(ctx context.Context, org *importedOrg, field, asked string, id *access.ID, name *string) (access.GroupFacts, error) {
	missing := access.Invalid(field, "There is no group %q in %s.", asked, org.org.Slug)
	if id == nil {
		return access.GroupFacts{}, missing
	}
	if org.actor.Operator {
		return access.GroupFacts{ID: *id, Name: *name}, nil
	}
	if known, ok := org.groups[*id]; ok {
		return known, nil
	}
	facts, err := org.group(ctx, *id)
	if err == access.ErrNotFound {
		return facts, missing
	}
	org.groups[*id] = facts
	return facts, err
}

func (i *importing) importGroups(ctx context.Context) error {
	g := &groupImport{importing: i}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedGroupsRow, error) {
		return i.q.FindImportedGroups(ctx, sqlc.FindImportedGroupsParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedGroupsRow) int64 { return row.Line },
		func(row sqlc.FindImportedGroupsRow) error { return g.judgeGroup(ctx, row) }, func() error { return g.applyGroups(ctx) })
}

func (g *groupImport) judgeGroup(ctx context.Context, row sqlc.FindImportedGroupsRow) error {
	org, err := g.org(row.Organization)
	if err != nil {
		return err
	}
	if row.GroupID == nil {
		made := access.GroupFacts{ID: newID(), Name: row.Name, Description: orEmpty(row.Description)}
		if err := g.allow(org, access.CreateGroup{Group: made}); err != nil {
			return err
		}
		g.fresh = append(g.fresh, sqlc.CopyGroupsParams{OrgID: org.org.ID, ID: made.ID, Name: made.Name, Description: made.Description})
		g.selves = append(g.selves, sqlc.CopyGroupAncestryParams{OrgID: org.org.ID, AncestorID: made.ID, DescendantID: made.ID})
		return nil
	}
	facts, err := g.seenGroup(ctx, org, "name", row.Name, row.GroupID, row.OldName)
	if err != nil {
		return err
	}
	facts.Description, facts.Managed = orEmpty(row.OldDescription), row.Managed
	about := or(row.Description, facts.Description)
	if row.Name == facts.Name && about == facts.Description {
		return nil
	}
	if err := g.allow(org, access.EditGroup{Group: facts, ToName: row.Name, ToAbout: about}); err != nil {
		return err
	}
	delete(org.groups, facts.ID)
	g.changed = append(g.changed, sqlc.UpdateGroupsParams{OrgID: org.org.ID, ID: facts.ID, Name: row.Name, Description: about})
	return nil
}

func (g *groupImport) applyGroups(ctx context.Context) error {
	if err := copyInto(ctx, g.fresh, g.q.CopyGroups); err != nil {
		return err
	}
	if err := copyInto(ctx, g.selves, g.q.CopyGroupAncestry); err != nil {
		return err
	}
	err := batch(ctx, g.changed, g.q.UpdateGroups)
	g.fresh, g.selves, g.changed = nil, nil, nil
	return err
}

func (i *importing) importGroupMembers(ctx context.Context) error {
	g := &groupImport{importing: i}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedGroupMembersRow, error) {
		return i.q.FindImportedGroupMembers(ctx, sqlc.FindImportedGroupMembersParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedGroupMembersRow) int64 { return row.Line },
		func(row sqlc.FindImportedGroupMembersRow) error { return g.judgeMember(ctx, row) }, func() error { return g.applyMembers(ctx) })
}

// filled is the group of a record that says who is in it.
func (g *groupImport) filled(ctx context.Context, organization, asked string, id *access.ID, name *string, managed bool) (*importedOrg, access.GroupFacts, error) {
	org, err := g.org(organization)
	if err != nil {
		return nil, access.GroupFacts{}, err
	}
	group, err := g.seenGroup(ctx, org, "group", asked, id, name)
	group.Managed = managed
	return org, group, err
}

func (g *groupImport) judgeMember(ctx context.Context, row sqlc.FindImportedGroupMembersRow) error {
	org, group, err := g.filled(ctx, row.Organization, row.GroupName, row.GroupID, row.FoundName, row.Managed)
	if err != nil {
		return err
	}
	if row.UserID == nil || row.MemberStatus == nil {
		return access.Invalid("user", "%s is no member of %s: a group holds only its organization's members.", row.Email, row.Organization)
	}
	member := access.Member{Person: access.Person{ID: *row.UserID, Name: orEmpty(row.UserName), Email: row.Email}, Status: access.Status(*row.MemberStatus)}
	if row.OldRole == nil {
		return g.addMember(ctx, org, group, member, row.Role)
	}
	if row.Role == nil || *row.Role == *row.OldRole {
		return nil
	}
	what := access.ChangeGroupMemberRole{Group: group, Member: member, From: access.GroupRole(*row.OldRole), To: access.GroupRole(*row.Role)}
	if what.End, err = org.endOfManaging(ctx, group); err != nil {
		return err
	}
	if err := g.allow(org, what); err != nil {
		return err
	}
	g.roles = append(g.roles, sqlc.UpdateGroupMembersParams{OrgID: org.org.ID, GroupID: group.ID, UserID: member.ID, Role: *row.Role})
	return nil
}

func (g *groupImport) addMember(ctx context.Context, org *importedOrg, group access.GroupFacts, member access.Member, role *string) error {
	if role == nil {
		return access.Invalid("role", "A new member of a group needs a role: member or admin.")
	}
	end, err := org.endOfManaging(ctx, group)
	if err != nil {
		return err
	}
	if err := g.allow(org, access.AddGroupMember{Group: group, Member: member, Role: access.GroupRole(*role), End: end}); err != nil {
		return err
	}
	g.members = append(g.members, sqlc.CopyGroupMembersParams{OrgID: org.org.ID, GroupID: group.ID, UserID: member.ID, Role: *role})
	return nil
}

func (g *groupImport) applyMembers(ctx context.Context) error {
	if err := copyInto(ctx, g.members, g.q.CopyGroupMembers); err != nil {
		return err
	}
	err := batch(ctx, g.roles, g.q.UpdateGroupMembers)
	g.members, g.roles = nil, nil
	return err
}
