package db

import (
	"bytes"
	"context"
	"fmt"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// An AuditHead is the last event of an organization's audit log at some time. Kept off the database, it tells later whether
// the log up to there is still the same.
type AuditHead struct {
	Org  access.ID
	Slug string
	Seq  int64
	Hash []byte
}

// ListAuditHeads lists the head of every organization's audit log, by slug.
func (s *Store) ListAuditHeads(ctx context.Context) ([]AuditHead, error) {
	rows, err := s.q.ListAuditHeads(ctx)
	heads := make([]AuditHead, len(rows))
	for i, row := range rows {
		heads[i] = AuditHead{Org: row.OrgID, Slug: row.Slug, Seq: row.Seq, Hash: row.Hash}
	}
	return heads, err
}

// HasAuditHead fails unless a log still goes through a head of earlier.
func (s *Store) HasAuditHead(ctx context.Context, head AuditHead) error {
	hash, err := s.q.FindAuditHash(ctx, sqlc.FindAuditHashParams{OrgID: head.Org, Seq: head.Seq})
	if found(err) == access.ErrNotFound {
		return fmt.Errorf("the log ends before event %d, at which it stood", head.Seq)
	}
	if err == nil && !bytes.Equal(hash, head.Hash) {
		err = fmt.Errorf("event %d is another than when it was written", head.Seq)
	}
	return err
}
