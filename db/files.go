package db

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A File is what an artifact holds.
type File struct {
	Name      string // under which it is downloaded
	Size      int64  // bytes
	SHA256    string // in hexadecimal; empty in lists
	ChangedAt time.Time
	blob      string
}

// CanKeepFiles tells whether the Store was given a place for files.
func (s *Store) CanKeepFiles() bool { return s.files != nil }

// FindFile reads what an artifact holds; nil for one without a file yet, and for who may not view it.
func (s *Store) FindFile(ctx context.Context, org access.ID, artifact access.Resource) (*File, error) {
	if !artifact.Rights.Has(access.View) {
		return nil, nil
	}
	row, err := s.q.FindFile(ctx, sqlc.FindFileParams{OrgID: org, ResourceID: artifact.ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &File{Name: row.Name, Size: row.Size, SHA256: hex.EncodeToString(row.Sha256), ChangedAt: row.ChangedAt, blob: row.Blob}, err
}

// ListFiles reads what each of these artifacts holds, of those that the asking person may view.
func (s *Store) ListFiles(ctx context.Context, org access.ID, artifacts []access.Resource) (map[access.ID]File, error) {
	var ids []access.ID
	for _, artifact := range artifacts {
		if artifact.Kind == access.Artifact && artifact.Rights.Has(access.View) {
			ids = append(ids, artifact.ID)
		}
	}
	rows, err := s.q.ListFiles(ctx, sqlc.ListFilesParams{OrgID: org, Resources: ids})
	files := make(map[access.ID]File, len(rows))
	for _, row := range rows {
		files[row.ResourceID] = File{Name: row.Name, Size: row.Size, ChangedAt: row.ChangedAt}
	}
	return files, err
}

// OpenFile opens a file that FindFile found, to be read while it is sent. The caller closes it.
func (s *Store) OpenFile(ctx context.Context, file *File) (io.ReadCloser, error) {
	if s.files == nil {
		return nil, access.Conflict("This server has no place for files. Ask its operator to set GATEHOUSE_FILES.")
	}
	content, err := s.files.NewReader(ctx, file.blob, nil)
	if err != nil {
		return nil, storeFailed(err)
	}
	return content, nil
}

// UploadArtifact makes an artifact in a bucket out of a file. Its name is the file's where it has none. The file is stored
// whole before the artifact's row and event are committed; where they are refused it is removed.
func (s *Store) UploadArtifact(ctx context.Context, by By, org access.ID, made NewResource, file Upload) (access.ID, error) {
	stored, err := s.store(ctx, org, file)
	if err != nil {
		return "", err
	}
	made.Kind, made.file = access.Artifact, &stored
	if made.Name == "" {
		made.Name = stored.name
	}
	id, err := s.CreateResource(ctx, by, org, made)
	if err != nil {
		s.abandon(ctx, stored)
	}
	return id, err
}

// ReplaceFile gives an artifact another file. The one before is removed after the commit.
func (s *Store) ReplaceFile(ctx context.Context, by By, org, id access.ID, file Upload) error {
	stored, err := s.store(ctx, org, file)
	if err != nil {
		return err
	}
	err = s.transaction(ctx, by, org, func(c *change) error { // an Editor may be of another organization
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		return c.make(ctx, access.ReplaceFile{Resource: resource}, func() error { return c.addFile(ctx, id, stored) })
	})
	if err != nil {
		s.abandon(ctx, stored)
	}
	return err
}

// addFile makes a row point at a blob, which from then on is claimed.
func (c *change) addFile(ctx context.Context, id access.ID, stored storedFile) error {
	claimed, err := c.q.ClaimBlob(ctx, stored.blob)
	if err == nil && claimed == 0 {
		err = access.Conflict("The upload took too long. Upload the file again.")
	}
	if err != nil {
		return err
	}
	return c.q.SetFile(ctx, sqlc.SetFileParams{OrgID: c.org.ID, ResourceID: id, Name: stored.name, Blob: stored.blob, Size: stored.size, Sha256: stored.sha256})
}
