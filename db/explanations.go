package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// ExplainDecisions lists the paths behind each of some decisions about questions, the strongest first, all from one
// statement, and decides again by their union: a decision and its explanation never disagree.
func (s *Store) ExplainDecisions(ctx context.Context, org access.ID, asked []Asked, decisions []Decision) ([]Decision, [][]access.Path, error) {
	params := sqlc.ListPathsOfEachParams{}
	for i, made := range decisions {
		resource := made.Resource
		if !made.Known && asked[i].Subject.Type != "user" {
			resource = ""
		}
		params.Subjects, params.Resources = append(params.Subjects, orNil(made.Subject)), append(params.Resources, orNil(resource))
	}
	rows, err := s.q.ListPathsOfEach(ctx, params)
	if err != nil {
		return nil, nil, err
	}
	paths, err := s.pathsOfEach(ctx, org, rows, len(decisions))
	if err != nil {
		return nil, nil, err
	}
	again := make([]Decision, len(decisions))
	for i, made := range decisions {
		var rights access.Rights
		for n, path := range paths[i] {
			rights |= path.Rights
			if len(path.Via) > 0 && path.Via[0].ID == made.Subject { // a group is no way to itself
				paths[i][n].Via = path.Via[1:]
			}
		}
		again[i] = made.with(asked[i], rights)
	}
	return again, paths, nil
}

func (s *Store) pathsOfEach(ctx context.Context, org access.ID, rows []sqlc.ListPathsOfEachRow, count int) ([][]access.Path, error) {
	unnumbered := make([]sqlc.ListPathsRow, len(rows))
	for i, row := range rows {
		unnumbered[i] = pathRow(row)
	}
	found, err := sortedPaths(ctx, s, org, unnumbered, func(i int) int { return int(rows[i].N) - 1 })
	if err != nil {
		return nil, err
	}
	paths := make([][]access.Path, count)
	for i, of := range found {
		paths[i] = of
	}
	return paths, nil
}

// pathRow is the same row without its number.
func pathRow(row sqlc.ListPathsOfEachRow) sqlc.ListPathsRow {
	return sqlc.ListPathsRow{ResourceID: row.ResourceID, Source: row.Source, RoleID: row.RoleID, Rights: row.Rights, GrantID: row.GrantID,
		GroupID: row.GroupID, PrincipalID: row.PrincipalID, ExpiresAt: row.ExpiresAt,
		RoleName: row.RoleName, RoleHere: row.RoleHere, ProjectID: row.ProjectID, PlaceID: row.PlaceID, PlaceKind: row.PlaceKind,
		PlaceName: row.PlaceName, AccessMode: row.AccessMode, GroupName: row.GroupName, OrganizationName: row.OrganizationName}
}

// Check decides a question of the operator, who needs no token, in an organization, and explains it.
func (s *Store) Check(ctx context.Context, slug string, asked Asked) (Decision, []access.Path, error) {
	org, err := s.q.FindOrganizationBySlug(ctx, slug)
	if err != nil {
		return Decision{}, nil, found(err)
	}
	subject, resource := subjectNamed(asked.Subject), resourceNamed(asked.Resource)
	row, err := s.q.FindAsked(ctx, sqlc.FindAskedParams{OrgID: org.ID, SubjectType: subject.kind, SubjectUuid: optional(subject.id), SubjectName: subject.name,
		ResourceType: resource.kind, ResourceUuid: optional(resource.id), ResourceKey: resource.name})
	if err != nil {
		return Decision{}, nil, err
	}
	made := decision(asked, sqlc.EvaluateRow{SubjectID: row.SubjectID, ResourceID: row.ResourceID})
	decisions, paths, err := s.ExplainDecisions(ctx, org.ID, []Asked{asked}, []Decision{made})
	if err != nil {
		return Decision{}, nil, err
	}
	return decisions[0], paths[0], nil
}
