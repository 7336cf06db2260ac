package db

import (
	"context"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// An InvitedTo is an open invitation whose acceptance lets somebody open a resource, through one group.
type InvitedTo struct {
	Invitation access.ID
	Email      string
	ExpiresAt  time.Time
	Group      access.Ref
	Role       access.Role // of the group
	Place      access.ID   // the resource, or what contains it
}

// ListInvitedTo lists who would get access to a resource by accepting an invitation into groups, by address. At most 200.
func (s *Store) ListInvitedTo(ctx context.Context, org, resource access.ID) ([]InvitedTo, error) {
	rows, err := s.q.ListInvitedToResource(ctx, sqlc.ListInvitedToResourceParams{OrgID: org, ID: resource, View: int64(access.View), PageSize: 200})
	list := make([]InvitedTo, len(rows))
	for i, row := range rows {
		list[i] = InvitedTo{Invitation: row.ID, Email: row.Email, ExpiresAt: row.ExpiresAt, Group: groupRef(row.GroupID, row.GroupName),
			Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID), Place: row.PlaceID}
	}
	return list, err
}
