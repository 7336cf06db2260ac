package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// MoveResource puts a resource, with everything inside it, into another parent of the same organization. Version is that of
// the access list on which the one who asks decided.
func (s *Store) MoveResource(ctx context.Context, by By, org, id, to access.ID, version int64) error {
	return s.change(ctx, by, org, func(c *change) error { return c.moveResource(ctx, id, to, version) })
}

func (c *change) moveResource(ctx context.Context, id, to access.ID, version int64) error {
	resource, err := c.resource(ctx, id)
	if err != nil {
		return err
	}
	parent, err := c.resource(ctx, to)
	if err != nil {
		return err
	}
	path, err := c.path(ctx, id)
	if err != nil {
		return err
	}
	toPath, err := c.path(ctx, to)
	if err != nil {
		return err
	}
	what := access.MoveResource{Resource: resource, To: parent, Within: slices.Contains(toPath, id), Stale: resource.Version != version}
	if resource.Parent != "" { // it is that of a module or more: a name for the log, whoever may know it
		if what.From, err = findResource(ctx, c.q, c.org.ID, c.actor.ID, resource.Parent); err != nil {
			return err
		}
	}
	if what.Moving, err = c.rightsBetween(ctx, path[:len(path)-1], toPath); err != nil {
		return err
	}
	return c.make(ctx, what, func() error {
		return c.q.MoveResource(ctx, sqlc.MoveResourceParams{OrgID: c.org.ID, ID: id, ToID: to, ToPath: toPath, Depth: int32(len(path))})
	})
}

func (c *change) path(ctx context.Context, id access.ID) ([]access.ID, error) {
	path, err := c.q.FindPath(ctx, sqlc.FindPathParams{OrgID: c.org.ID, ID: id})
	return path, found(err)
}

// rightsBetween is every right that comes from the places that only one of two paths has.
func (c *change) rightsBetween(ctx context.Context, from, to []access.ID) (access.Rights, error) {
	var places []access.ID
	for _, place := range slices.Concat(from, to) {
		if slices.Contains(from, place) != slices.Contains(to, place) {
			places = append(places, place)
		}
	}
	rights, err := c.q.FindRightsBelow(ctx, sqlc.FindRightsBelowParams{OrgID: c.org.ID, Places: places})
	return access.Rights(rights), err
}
