package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// Ways are the edges above some groups: which groups each lies in directly.
type ways struct {
	names map[access.ID]string
	above map[access.ID][]access.ID
}

// waysUp reads the edges above some groups, all in one query.
func waysUp(ctx context.Context, q *sqlc.Queries, org access.ID, groups []access.Ref) (ways, error) {
	found := ways{names: map[access.ID]string{}, above: map[access.ID][]access.ID{}}
	if len(groups) == 0 {
		return found, nil
	}
	ids := make([]access.ID, len(groups))
	for i, group := range groups {
		ids[i], found.names[group.ID] = group.ID, group.Name
	}
	edges, err := q.ListEdgesAbove(ctx, sqlc.ListEdgesAboveParams{OrgID: org, Groups: ids})
	for _, edge := range edges {
		found.names[edge.GroupID] = edge.GroupName
		found.above[edge.MemberGroupID] = append(found.above[edge.MemberGroupID], edge.GroupID)
	}
	return found, err
}

// chain names the groups from one up to another that contains it, both included, by the shortest way; nothing where
// there is none.
func (w ways) chain(from, to access.ID) []access.Ref {
	cameFrom := map[access.ID]access.ID{from: ""}
	for queue := []access.ID{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			return w.trail(cameFrom, to)
		}
		for _, next := range w.above[queue[0]] {
			if _, seen := cameFrom[next]; !seen {
				cameFrom[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	return nil
}

func (w ways) trail(cameFrom map[access.ID]access.ID, to access.ID) []access.Ref {
	var trail []access.Ref
	for id := to; id != ""; id = cameFrom[id] {
		trail = append([]access.Ref{groupRef(id, w.names[id])}, trail...)
	}
	return trail
}
