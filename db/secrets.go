package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// FindSecretTime says when a secret got its value; nil for one that has none yet, and for who may not view it.
func (s *Store) FindSecretTime(ctx context.Context, org access.ID, resource access.Resource) (*time.Time, error) {
	if !resource.Rights.Has(access.View) {
		return nil, nil
	}
	row, err := s.q.FindSecret(ctx, sqlc.FindSecretParams{OrgID: org, ResourceID: resource.ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &row.ChangedAt, err
}

// ReplaceSecret gives a secret another value. What it was is not kept.
func (s *Store) ReplaceSecret(ctx context.Context, by By, org, id access.ID, value string) error {
	return s.transaction(ctx, by, org, func(c *change) error { // an Editor may be of another organization
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		return c.make(ctx, access.ReplaceSecret{Resource: resource}, func() error { return c.setSecret(ctx, s.vault, id, value) })
	})
}

func (c *change) setSecret(ctx context.Context, vault *vault, id access.ID, value string) error {
	if err := access.CleanSecret(value); err != nil {
		return err
	}
	sealed, err := vault.seal(c.org.ID, id, value)
	if err != nil {
		return err
	}
	return c.q.SetSecret(ctx, sqlc.SetSecretParams{OrgID: c.org.ID, ResourceID: id, Sealed: sealed})
}

// RevealSecret reads the value of a secret, once the log has it that this person read it.
func (s *Store) RevealSecret(ctx context.Context, by By, org, id access.ID) (value string, err error) {
	err = s.transaction(ctx, by, org, func(c *change) error {
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		return c.make(ctx, access.RevealSecret{Resource: resource}, func() error {
			row, err := c.q.FindSecret(ctx, sqlc.FindSecretParams{OrgID: org, ResourceID: id})
			if errors.Is(err, pgx.ErrNoRows) {
				return access.Conflict("%s has no value yet.", resource.Name)
			}
			if err == nil {
				value, err = s.vault.open(org, id, row.Sealed)
			}
			return err
		})
	})
	if err != nil {
		return "", err // nothing is shown that the log does not have
	}
	return value, nil
}
