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
}

const shownInvited = 100 // invitations to one resource

// ListInvitedTo lists who would get access to a resource by accepting an invitation into groups that have it there or on one of
// the places around, by address, and tells how many more there are than the first 100.
func (s *Store) ListInvitedTo(ctx context.Context, org, resource access.ID, places []access.ID) (list []InvitedTo, more int, err error) {
	rows, err := s.q.ListInvitedToResource(ctx, sqlc.ListInvitedToResourceParams{OrgID: org, ID: resource, Places: places, View: int64(access.View),
		PageSize: shownInvited})
	list = make([]InvitedTo, len(rows))
	for i, row := range rows {
		list[i] = InvitedTo{Invitation: row.ID, Email: row.Email, ExpiresAt: row.ExpiresAt, Group: groupRef(row.GroupID, row.GroupName),
			Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID)}
		more = max(0, int(row.Total)-shownInvited)
	}
	return list, more, err
}
