package db

import (
	"context"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// Stake is how much a member has in an organization.
type Stake struct{ Resources, Groups, Grants, Tokens, Invitations int }

// CountStake counts what a member owns, is in, was granted, made and sent.
func (s *Store) CountStake(ctx context.Context, org, user access.ID) (Stake, error) {
	row, err := s.q.CountStake(ctx, sqlc.CountStakeParams{OrgID: org, UserID: user, Emails: []string{}})
	return Stake{Resources: int(row.Resources), Groups: int(row.Groups), Grants: int(row.Grants), Tokens: int(row.Tokens), Invitations: int(row.Invitations)}, err
}

// An OwnedRow is a resource in the list of what somebody owns.
type OwnedRow struct {
	access.Ref
	In     access.Ref // what contains it
	InToo  bool       // that they own as well
	Inside int        // what they own in it
}

// ListOwned lists what somebody owns, by name.
func (s *Store) ListOwned(ctx context.Context, org, user access.ID, search string, page Page) (Listing[OwnedRow], error) {
	after := page.cursor()
	rows, err := s.q.ListOwned(ctx, sqlc.ListOwnedParams{OrgID: org, UserID: user, Search: search, AfterName: after.Name, AfterID: after.ID, PageSize: page.limit()})
	return listing(rows, page, func(row sqlc.ListOwnedRow) (OwnedRow, int64, position) {
		return OwnedRow{Ref: access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}, In: access.Ref{Type: row.ParentKind, ID: row.ParentID, Name: row.ParentName},
			InToo: row.ParentToo, Inside: int(row.Inside)}, row.Total, position{Name: row.SortName, ID: row.ID}
	}), err
}

// FindOwned finds those of some resources that somebody owns.
func (s *Store) FindOwned(ctx context.Context, org, user access.ID, ids []access.ID) ([]access.Ref, error) {
	rows, err := s.q.ListOwnedAmong(ctx, sqlc.ListOwnedAmongParams{OrgID: org, UserID: user, Ids: ids})
	owned := make([]access.Ref, len(rows))
	for i, row := range rows {
		owned[i] = access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}
	}
	return owned, err
}

// mostListed is how many of each a member's stake names; the rest is counted.
const mostListed = 100

// A GroupToLeave is a group that a member is in directly.
type GroupToLeave struct {
	Group  access.Ref
	Alone  bool // nobody else who is active is its admin
	Others int  // other people in it
}

// ListGroupsToLeave lists the groups that a member is in directly, those without another admin first. At most 100.
func (s *Store) ListGroupsToLeave(ctx context.Context, org, user access.ID) ([]GroupToLeave, error) {
	rows, err := s.q.ListGroupsToLeave(ctx, sqlc.ListGroupsToLeaveParams{OrgID: org, UserID: user, Most: mostListed})
	groups := make([]GroupToLeave, len(rows))
	for i, row := range rows {
		groups[i] = GroupToLeave{Group: groupRef(row.ID, row.Name), Alone: row.Alone, Others: int(row.Others)}
	}
	return groups, err
}

// A GrantToLeave is a role that a member was given themselves.
type GrantToLeave struct {
	Resource  access.Ref
	Role      access.Role
	ExpiresAt *time.Time
}

// ListGrantsToLeave lists what was shared with a member themselves, what ends first in front. At most 100.
func (s *Store) ListGrantsToLeave(ctx context.Context, org, user access.ID) ([]GrantToLeave, error) {
	rows, err := s.q.ListGrantsToLeave(ctx, sqlc.ListGrantsToLeaveParams{OrgID: org, UserID: user, Most: mostListed})
	grants := make([]GrantToLeave, len(rows))
	for i, row := range rows {
		grants[i] = GrantToLeave{Resource: access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name},
			Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID), ExpiresAt: row.ExpiresAt}
	}
	return grants, err
}

// ListTokensToLeave lists the API tokens that a member made. At most 100.
func (s *Store) ListTokensToLeave(ctx context.Context, org, user access.ID) ([]access.APIToken, error) {
	rows, err := s.q.ListTokensToLeave(ctx, sqlc.ListTokensToLeaveParams{OrgID: org, UserID: user, Most: mostListed})
	tokens := make([]access.APIToken, len(rows))
	for i, row := range rows {
		tokens[i] = access.APIToken{ID: row.ID, Name: row.Name, Scopes: scopesOf(row.Scopes), ExpiresAt: row.ExpiresAt, LastUsed: row.LastUsedAt}
	}
	return tokens, err
}

// ListInvitationsToLeave lists the addresses of the open invitations that a member sent. At most 100.
func (s *Store) ListInvitationsToLeave(ctx context.Context, org, user access.ID) ([]string, error) {
	return s.q.ListInvitationsToLeave(ctx, sqlc.ListInvitationsToLeaveParams{OrgID: org, UserID: user, Most: mostListed})
}
