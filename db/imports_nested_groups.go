package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// importNestedGroups puts groups into groups. The edges are kept in memory, so that a cycle is found where a line of the
// file closes it, with its path; the closure in the database is made once, at the end.
func (i *importing) importNestedGroups(ctx context.Context) error {
	g := &groupImport{importing: i, outer: map[access.ID][]access.ID{}}
	err := pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedNestedGroupsRow, error) {
		return i.q.FindImportedNestedGroups(ctx, sqlc.FindImportedNestedGroupsParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedNestedGroupsRow) int64 { return row.Line },
		func(row sqlc.FindImportedNestedGroupsRow) error { return g.judgeNesting(ctx, row) }, func() error {
			err := copyInto(ctx, g.nested, i.q.CopyNestedGroups)
			g.nested = nil
			return err
		})
	if err != nil {
		return err
	}
	return g.rebuildAncestry(ctx)
}

func (g *groupImport) judgeNesting(ctx context.Context, row sqlc.FindImportedNestedGroupsRow) error {
	org, group, err := g.filled(ctx, row.Organization, row.GroupName, row.GroupID, row.FoundName, row.Managed)
	if err != nil {
		return err
	}
	if row.MemberID == nil { // whoever manages a group may name any group
		return access.Invalid("member_group", "There is no group %q in %s.", row.MemberName, row.Organization)
	}
	if row.Nested {
		return nil
	}
	if err := g.readEdges(ctx); err != nil {
		return err
	}
	member := access.GroupFacts{ID: *row.MemberID, Name: *row.MemberFoundName}
	g.ancestry.names[group.ID], g.ancestry.names[member.ID] = group.Name, member.Name
	what := access.NestGroup{Group: group, Member: member, Cycle: downward(g.ancestry.chain(group.ID, member.ID))}
	if what.End, err = org.endOfManaging(ctx, group); err != nil {
		return err
	}
	if what.End.At != nil {
		if what.Own, err = org.isInside(ctx, member.ID); err != nil {
			return err
		}
	}
	if err := g.allow(org, what); err != nil {
		return err
	}
	g.ancestry.above[member.ID] = append(g.ancestry.above[member.ID], group.ID)
	g.outer[org.org.ID] = append(g.outer[org.org.ID], group.ID)
	g.nested = append(g.nested, sqlc.CopyNestedGroupsParams{OrgID: org.org.ID, GroupID: group.ID, MemberGroupID: member.ID})
	return nil
}

// readEdges reads every edge between groups of the organizations, once.
func (g *groupImport) readEdges(ctx context.Context) error {
	if g.ancestry.above != nil {
		return nil
	}
	g.ancestry = ways{names: map[access.ID]string{}, above: map[access.ID][]access.ID{}}
	var orgs []access.ID
	for _, org := range g.orgs {
		orgs = append(orgs, org.org.ID)
	}
	edges, err := g.q.ListNestedGroups(ctx, orgs)
	for _, edge := range edges {
		g.ancestry.names[edge.GroupID] = edge.GroupName
		g.ancestry.above[edge.MemberGroupID] = append(g.ancestry.above[edge.MemberGroupID], edge.GroupID)
	}
	return err
}

// rebuildAncestry makes the closure anew for every group that contains something new: the outer groups of the new edges,
// and what contained those before. A chain of new edges is covered because each of its outer groups is among them.
func (g *groupImport) rebuildAncestry(ctx context.Context) error {
	for org, outer := range g.outer {
		slices.Sort(outer)
		ancestors, err := g.q.ListAncestorsOfEach(ctx, sqlc.ListAncestorsOfEachParams{OrgID: org, Groups: slices.Compact(outer)})
		if err != nil {
			return err
		}
		if err := g.q.RebuildAncestry(ctx, sqlc.RebuildAncestryParams{OrgID: org, Ancestors: ancestors}); err != nil {
			return err
		}
	}
	return nil
}
