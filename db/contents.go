package db

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// FindContent reads what a resource holds, as far as its Rights let: nothing for whoever may not see it.
func (s *Store) FindContent(ctx context.Context, org access.ID, resource access.Resource) (access.Content, error) {
	if !resource.Kind.CanSeeContent(resource.Rights) {
		return access.Content{}, nil
	}
	return findContent(ctx, s.q, org, resource.ID)
}

// findContent is empty for a resource that holds nothing yet, such as an imported one.
func findContent(ctx context.Context, q *sqlc.Queries, org, id access.ID) (access.Content, error) {
	content := access.Content{}
	fields, err := q.FindContent(ctx, sqlc.FindContentParams{OrgID: org, ResourceID: id})
	if errors.Is(err, pgx.ErrNoRows) {
		return content, nil
	}
	if err != nil {
		return nil, err
	}
	return content, json.Unmarshal(fields, &content)
}

// EditContent changes what a resource holds to what was typed into the fields of its kind.
func (s *Store) EditContent(ctx context.Context, by By, org, id access.ID, typed map[string]string) error {
	return s.transaction(ctx, by, org, func(c *change) error { // an Editor may be of another organization
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		what := access.EditContent{Resource: resource}
		if err := access.Decide(c.actor, what); err != nil {
			return err // before anything is said about what was typed
		}
		if what.From, err = findContent(ctx, c.q, org, id); err != nil {
			return err
		}
		if what.To, err = c.cleanContent(ctx, resource.Kind, typed); err != nil {
			return err
		}
		return c.make(ctx, what, func() error { return c.setContent(ctx, resource, what.To) })
	})
}

// cleanContent is access.CleanContent, and looks up the secret that a connection names.
func (c *change) cleanContent(ctx context.Context, kind access.Kind, typed map[string]string) (access.Content, error) {
	content, err := access.CleanContent(kind, typed)
	if err != nil || kind != access.Connection || content["secret"] == "" {
		return content, err
	}
	id, err := c.q.FindIDByKey(ctx, sqlc.FindIDByKeyParams{OrgID: c.org.ID, Kind: string(access.Secret), Key: content["secret"]})
	if err == nil {
		_, err = c.resource(ctx, id)
	}
	if errors.Is(found(err), access.ErrNotFound) { // one that the person may not know of answers the same
		return nil, access.Invalid("secret", "There is no secret with the key %s.", content["secret"])
	}
	return content, err
}

func (c *change) setContent(ctx context.Context, resource access.Resource, content access.Content) error {
	fields, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return c.q.SetContent(ctx, sqlc.SetContentParams{OrgID: c.org.ID, ResourceID: resource.ID, ResourceKind: string(resource.Kind), Fields: fields})
}
