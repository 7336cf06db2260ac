package db

import (
	"context"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A ProvisionedGroup is a group that the identity provider keeps. It knows of no others.
type ProvisionedGroup struct {
	access.Ref
	ExternalID string
	Version    int64 // goes up with what is stored of it and with who is directly in it
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// CountProvisionedGroups counts them.
func (s *Store) CountProvisionedGroups(ctx context.Context, org access.ID) (int, error) {
	count, err := s.q.CountProvisionedGroups(ctx, org)
	return int(count), err
}

// ListProvisionedGroupIDs lists their ids, the oldest first, after leaving some out.
func (s *Store) ListProvisionedGroupIDs(ctx context.Context, org access.ID, skip, size int) ([]access.ID, error) {
	return s.q.ListProvisionedGroupIDs(ctx, sqlc.ListProvisionedGroupIDsParams{OrgID: org, Skip: int32(skip), PageSize: int32(size)})
}

// ListGroupIDsByExternalID lists the groups that the provider knows by an id of its own.
func (s *Store) ListGroupIDsByExternalID(ctx context.Context, org access.ID, externalID string) ([]access.ID, error) {
	return s.q.ListGroupIDsByExternalID(ctx, sqlc.ListGroupIDsByExternalIDParams{OrgID: org, ExternalID: externalID})
}

// ListProvisionedGroups reads those of some ids that the provider keeps, the oldest first.
func (s *Store) ListProvisionedGroups(ctx context.Context, org access.ID, ids []access.ID) ([]ProvisionedGroup, error) {
	rows, err := s.q.ListProvisionedGroups(ctx, sqlc.ListProvisionedGroupsParams{OrgID: org, Ids: ids})
	groups := make([]ProvisionedGroup, len(rows))
	for i, row := range rows {
		groups[i] = ProvisionedGroup{Ref: groupRef(row.ID, row.Name), ExternalID: row.ExternalID, Version: row.Version,
			CreatedAt: row.CreatedAt, ChangedAt: row.ChangedAt}
	}
	return groups, err
}

// ListProvisionedGroupMembers reads who is directly in each of some groups: users, then groups, each without a name.
func (s *Store) ListProvisionedGroupMembers(ctx context.Context, org access.ID, groups []access.ID) (map[access.ID][]access.Ref, error) {
	rows, err := s.q.ListProvisionedGroupMembers(ctx, sqlc.ListProvisionedGroupMembersParams{OrgID: org, Groups: groups})
	members := map[access.ID][]access.Ref{}
	for _, row := range rows {
		members[row.GroupID] = append(members[row.GroupID], access.Ref{Type: row.Type, ID: row.ID})
	}
	return members, err
}

// FindTypesOfIDs says which ids are those of members, "user", and which those of groups that the provider keeps, "group".
func (s *Store) FindTypesOfIDs(ctx context.Context, org access.ID, ids []access.ID) (map[access.ID]string, error) {
	rows, err := s.q.FindTypesOfIDs(ctx, sqlc.FindTypesOfIDsParams{OrgID: org, Ids: ids})
	types := map[access.ID]string{}
	for _, row := range rows {
		types[row.ID] = row.Type
	}
	return types, err
}

// ProvisionGroup makes a group that the identity provider keeps. Nobody is in it.
func (s *Store) ProvisionGroup(ctx context.Context, by By, org access.ID, name, externalID string) (access.ID, error) {
	name, err := access.CleanName("displayName", name)
	if err != nil {
		return "", err
	}
	id := newID()
	return id, s.change(ctx, by, org, func(c *change) error {
		taken, err := c.q.GroupNameTaken(ctx, sqlc.GroupNameTakenParams{OrgID: org, Name: name, ExceptID: id})
		if err != nil {
			return err
		}
		group := access.GroupFacts{ID: id, Name: name}
		return c.make(ctx, access.ProvisionGroup{Group: group, Taken: taken}, func() error {
			if err := c.addEmptyGroup(ctx, group); err != nil {
				return err
			}
			return c.q.AddProvisionedGroup(ctx, sqlc.AddProvisionedGroupParams{OrgID: org, GroupID: id, ExternalID: externalID})
		})
	})
}

// EditProvisionedGroup changes the name of a group that the identity provider keeps, or the id by which it knows it.
func (s *Store) EditProvisionedGroup(ctx context.Context, by By, org, group access.ID, name, externalID string) error {
	name, err := access.CleanName("displayName", name)
	if err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error {
		facts, err := c.group(ctx, group)
		if err != nil {
			return err
		}
		kept, err := c.q.ListProvisionedGroups(ctx, sqlc.ListProvisionedGroupsParams{OrgID: org, Ids: []access.ID{group}})
		if err != nil || len(kept) == 0 {
			return orNotFound(err)
		}
		what := access.EditProvisionedGroup{Group: facts, ToName: name, ExternalID: kept[0].ExternalID, ToExternalID: externalID}
		if !strings.EqualFold(name, facts.Name) {
			what.Taken, err = c.q.GroupNameTaken(ctx, sqlc.GroupNameTakenParams{OrgID: org, Name: name, ExceptID: group})
		}
		if err != nil {
			return err
		}
		return c.make(ctx, what, func() error {
			if err := c.q.EditGroup(ctx, sqlc.EditGroupParams{OrgID: org, ID: group, Name: name, Description: facts.Description}); err != nil {
				return err
			}
			return c.q.SetProvisionedGroup(ctx, sqlc.SetProvisionedGroupParams{OrgID: org, GroupID: group, ExternalID: externalID})
		})
	})
}

// TakeOutOfGroup takes people and groups out of a group, all of them or none.
func (s *Store) TakeOutOfGroup(ctx context.Context, by By, org, group access.ID, who []access.Ref) error {
	return s.change(ctx, by, org, func(c *change) error {
		facts, err := c.group(ctx, group)
		for _, one := range who {
			if err != nil {
				return err
			}
			if one.Type == "group" {
				err = c.unnestGroup(ctx, group, one.ID)
			} else {
				err = c.takeOut(ctx, facts, one.ID)
			}
		}
		return err
	})
}

// orNotFound is access.ErrNotFound where nothing else went wrong.
func orNotFound(err error) error {
	if err == nil {
		err = access.ErrNotFound
	}
	return err
}
