package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// What people see of organizations beside the one that a page is in.

// ListOrganizationsToCreateIn lists the organizations in which a user may create a project, by name.
func (s *Store) ListOrganizationsToCreateIn(ctx context.Context, user access.ID) ([]access.Org, error) {
	rows, err := s.q.ListOrganizationsToCreateIn(ctx, sqlc.ListOrganizationsToCreateInParams{UserID: user, CreateRight: int64(access.Create)})
	orgs := make([]access.Org, len(rows))
	for i, row := range rows {
		orgs[i] = access.Org{ID: row.ID, Slug: row.Slug, Name: row.Name}
	}
	return orgs, err
}

// A SharedResource is what another organization shared to a user.
type SharedResource struct {
	access.Resource            // with the user's rights
	Org             access.Org // that it lies in
}

// ListSharedFromOutside lists what organizations in which a user is no active member shared to them or to an organization of
// theirs, and what they can open of it. At most 200.
func (s *Store) ListSharedFromOutside(ctx context.Context, user access.ID) ([]SharedResource, error) {
	rows, err := s.q.ListSharedFromOutside(ctx, sqlc.ListSharedFromOutsideParams{UserID: user, View: int64(access.View)})
	shared := make([]SharedResource, len(rows))
	for i, row := range rows {
		shared[i] = SharedResource{Org: access.Org{Slug: row.OrgSlug, Name: row.OrgName}, Resource: access.Resource{ID: row.ID,
			Kind: access.Kind(row.Kind), Name: row.Name, Rights: access.Rights(row.Rights)}}
	}
	return shared, err
}
