package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// Rights is what a user holds on a resource; the user is empty for anyone who is not signed in. A resource that does
// not exist gives none.
func (s *Store) Rights(ctx context.Context, user, resource access.ID) (access.Rights, error) {
	rights, err := s.q.FindRights(ctx, sqlc.FindRightsParams{Subject: optional(user), Resource: resource})
	return access.Rights(rights), err
}

// Explain lists every path by which a user has rights on a resource of this organization, the strongest first. Their
// union is what Rights answers: both read the same rows.
func (s *Store) Explain(ctx context.Context, org, user, resource access.ID) ([]access.Path, error) {
	paths, err := s.ExplainEach(ctx, org, user, []access.ID{resource})
	return paths[resource], err
}

// ExplainEach is Explain for several resources at once.
func (s *Store) ExplainEach(ctx context.Context, org, user access.ID, resources []access.ID) (map[access.ID][]access.Path, error) {
	rows, err := s.q.ListPaths(ctx, sqlc.ListPathsParams{Subject: optional(user), Resources: resources})
	if err != nil {
		return nil, err
	}
	return sortedPaths(ctx, s, org, rows, func(i int) access.ID { return rows[i].ResourceID })
}

// sortedPaths reads the paths of rows, each with its way through groups, for everything that rows are of: the strongest first.
func sortedPaths[K comparable](ctx context.Context, s *Store, org access.ID, rows []sqlc.ListPathsRow, of func(row int) K) (map[K][]access.Path, error) {
	var groups []access.Ref
	for _, row := range rows {
		if row.GroupID != nil {
			groups = append(groups, groupRef(*row.GroupID, row.GroupName))
		}
	}
	ways, err := waysUp(ctx, s.q, org, groups)
	if err != nil {
		return nil, err
	}
	paths := map[K][]access.Path{}
	for i, row := range rows {
		path := pathOf(ways, row)
		again := func(other access.Path) bool { // a mode may let a member in twice, as a member and as anyone
			return path.Source == access.ByMode && other.Source == access.ByMode && other.Place.ID == path.Place.ID && other.Role.ID == path.Role.ID
		}
		if !slices.ContainsFunc(paths[of(i)], again) {
			paths[of(i)] = append(paths[of(i)], path)
		}
	}
	for _, each := range paths {
		access.SortPaths(each)
	}
	return paths, nil
}

func pathOf(ways ways, row sqlc.ListPathsRow) access.Path {
	return access.Path{Source: access.Source(row.Source), Rights: access.Rights(row.Rights), Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID),
		Place: access.Ref{Type: row.PlaceKind, ID: row.PlaceID, Name: row.PlaceName}, Inherited: row.PlaceID != row.ResourceID,
		Mode: access.Mode(row.AccessMode), Via: via(ways, row), GrantID: required(row.GrantID), ExpiresAt: row.ExpiresAt}
}

// via names the groups from the person's own up to the one that a grant names, or the organization that it names.
func via(ways ways, row sqlc.ListPathsRow) []access.Ref {
	switch {
	case row.GroupID != nil:
		return ways.chain(*row.GroupID, required(row.PrincipalID))
	case row.OrganizationName != "":
		return []access.Ref{{Type: "organization", ID: required(row.PrincipalID), Name: row.OrganizationName}}
	}
	return nil
}

// ListWhoCanShare names up to five active members who can give access to a resource of a kind, its owner first.
func (s *Store) ListWhoCanShare(ctx context.Context, resource access.ID, kind access.Kind) ([]access.Person, error) {
	return listWhoCanShare(ctx, s.q, resource, kind, 5)
}

func listWhoCanShare(ctx context.Context, q *sqlc.Queries, resource access.ID, kind access.Kind, most int32) ([]access.Person, error) {
	rows, err := q.ListWhoCanShare(ctx, sqlc.ListWhoCanShareParams{Resource: resource, Share: int64(kind.Handing()), Most: most})
	people := make([]access.Person, len(rows))
	for i, row := range rows {
		people[i] = access.Person{ID: row.ID, Name: row.Name, Email: row.Email}
	}
	return people, err
}
