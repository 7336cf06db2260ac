package db

import (
	"context"

	"gatehouse/access"
)

// PreviewGroupDeletion says what would become of whose access if a group were deleted.
func (s *Store) PreviewGroupDeletion(ctx context.Context, by By, org, group access.ID) (access.Effect, error) {
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.sharedToInside(ctx, group, group) },
		func(c *change) error { return c.deleteGroup(ctx, group) })
}

// PreviewGroupMemberRemoval says what a person would lose if they were taken out of a group.
func (s *Store) PreviewGroupMemberRemoval(ctx context.Context, by By, org, group, user access.ID) (access.Effect, error) {
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.sharedTo(ctx, group, []access.ID{user}) },
		func(c *change) error { return c.removeGroupMember(ctx, group, user) })
}

// PreviewGroupAddition says what people, and everyone inside groups, would gain if they were put into a group.
func (s *Store) PreviewGroupAddition(ctx context.Context, by By, org, group access.ID, who []access.Ref, role access.GroupRole) (access.Effect, error) {
	return s.preview(ctx, by, org, func(c *change) (scope, error) {
		people, err := c.everyone(ctx, who)
		if err != nil {
			return scope{}, err
		}
		return c.sharedTo(ctx, group, people)
	}, func(c *change) error { return c.addToGroup(ctx, group, who, role) })
}

// PreviewUnnesting says who would lose what if a group were taken out of another.
func (s *Store) PreviewUnnesting(ctx context.Context, by By, org, outer, inner access.ID) (access.Effect, error) {
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.sharedToInside(ctx, outer, inner) },
		func(c *change) error { return c.unnestGroup(ctx, outer, inner) })
}

// PreviewMove says who would gain or lose what if a resource, with everything inside it, lay in another parent.
func (s *Store) PreviewMove(ctx context.Context, by By, org, id, to access.ID, version int64) (access.Effect, error) {
	return s.preview(ctx, by, org, func(c *change) (scope, error) {
		where, err := c.within(ctx, id)
		where.beside = []access.ID{to}
		return where, err
	}, func(c *change) error { return c.moveResource(ctx, id, to, version) })
}

// PreviewTemplate says who would gain or lose what if a rights template held other rights.
func (s *Store) PreviewTemplate(ctx context.Context, by By, org, project, id access.ID, name string, rights access.Rights) (access.Effect, error) {
	name, err := access.CleanName("name", name)
	if err != nil {
		return access.Effect{}, err
	}
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.within(ctx, project) },
		func(c *change) error { return c.editTemplate(ctx, project, id, name, rights) })
}

// PreviewAccessMode says who would gain or lose what if a resource had another access mode.
func (s *Store) PreviewAccessMode(ctx context.Context, by By, org, id access.ID, mode access.Mode, orgRole string, version int64) (access.Effect, error) {
	return s.preview(ctx, by, org,
		func(c *change) (scope, error) { return c.within(ctx, id) },
		func(c *change) error { return c.changeAccessMode(ctx, id, mode, orgRole, version) })
}
