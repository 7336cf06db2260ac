package db

import (
	"context"
	"errors"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Loss is a resource that people could no longer open after a change.
type Loss struct {
	Resource access.Ref
	People   int
}

// errPreview rolls back a change that was only tried.
var errPreview = errors.New("this was a preview")

// PreviewGroupDeletion says who would lose what if a group were deleted.
func (s *Store) PreviewGroupDeletion(ctx context.Context, by By, org, group access.ID) ([]Loss, error) {
	return s.preview(ctx, by, org, group, func(c *change) error { return c.deleteGroup(ctx, group) })
}

// PreviewGroupMemberRemoval says what a person would lose if they were taken out of a group.
func (s *Store) PreviewGroupMemberRemoval(ctx context.Context, by By, org, group, user access.ID) ([]Loss, error) {
	return s.preview(ctx, by, org, group, func(c *change) error { return c.removeGroupMember(ctx, group, user) })
}

// PreviewUnnesting says who would lose what if a group were taken out of another.
func (s *Store) PreviewUnnesting(ctx context.Context, by By, org, outer, inner access.ID) ([]Loss, error) {
	return s.preview(ctx, by, org, outer, func(c *change) error { return c.unnestGroup(ctx, outer, inner) })
}

// preview makes a change that concerns the people inside a group, compares what they can open before and after, and
// rolls it back: the very same change, so it cannot promise what the change would not keep.
func (s *Store) preview(ctx context.Context, by By, org, group access.ID, steps func(*change) error) ([]Loss, error) {
	var losses []Loss
	err := s.change(ctx, by, org, func(c *change) error {
		before, err := c.q.ListGroupViewers(ctx, sqlc.ListGroupViewersParams{OrgID: org, GroupID: group, View: int64(access.View)})
		if err != nil {
			return err
		}
		if err := steps(c); err != nil {
			return err
		}
		if losses, err = c.losses(ctx, before); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return losses, err
}

// losses are those of the pairs that no longer hold, counted by resource.
func (c *change) losses(ctx context.Context, before []sqlc.ListGroupViewersRow) ([]Loss, error) {
	asked := sqlc.ListStillViewingParams{View: int64(access.View)}
	for _, pair := range before {
		asked.ResourceIds, asked.UserIds = append(asked.ResourceIds, pair.ResourceID), append(asked.UserIds, pair.UserID)
	}
	still, err := c.q.ListStillViewing(ctx, asked)
	if err != nil {
		return nil, err
	}
	kept := make(map[sqlc.ListStillViewingRow]bool, len(still))
	for _, pair := range still {
		kept[pair] = true
	}
	var losses []Loss
	for _, pair := range before { // sorted by resource
		if kept[sqlc.ListStillViewingRow{ResourceID: pair.ResourceID, UserID: pair.UserID}] {
			continue
		}
		if last := len(losses) - 1; last < 0 || losses[last].Resource.ID != pair.ResourceID {
			losses = append(losses, Loss{Resource: access.Ref{Type: pair.Kind, ID: pair.ResourceID, Name: pair.Name}})
		}
		losses[len(losses)-1].People++
	}
	return losses, nil
}
