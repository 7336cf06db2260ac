package db

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3:// addresses
	"gocloud.dev/gcerrors"

	"gatehouse/access"
)

// UseFiles opens the place where the files of artifacts lie: a folder (file:///var/lib/gatehouse/files), which is made
// where it is not there, or a bucket (s3://name?region=…). It is called once, before the Store is used.
func (s *Store) UseFiles(ctx context.Context, address string) error {
	opened, err := openFiles(ctx, address)
	if err != nil {
		return err
	}
	reaching, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if there, err := opened.IsAccessible(reaching); err != nil || !there {
		return errors.Join(fmt.Errorf("the place for files, GATEHOUSE_FILES, cannot be reached"), err, opened.Close())
	}
	s.files = opened
	return nil
}

func openFiles(ctx context.Context, address string) (*blob.Bucket, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("GATEHOUSE_FILES is not an address such as file:///var/lib/gatehouse/files or s3://bucket?region=eu-central-1")
	}
	switch {
	case parsed.Scheme == "s3" && parsed.Host != "":
		return blob.OpenBucket(ctx, address)
	case parsed.Scheme == "file" && parsed.Host == "" && filepath.IsAbs(parsed.Path):
		// NoTempDir: a file is renamed within its folder once it is whole
		return fileblob.OpenBucket(parsed.Path, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	}
	return nil, errors.New("GATEHOUSE_FILES should be like file:///var/lib/gatehouse/files, with the whole path, or s3://bucket?region=eu-central-1")
}

// An Upload is a file on its way in. It is read once, and never held.
type Upload struct {
	Name    string
	Content io.Reader
	Limit   int64 // bytes
}

// A storedFile is a blob that is whole, and that nobody has claimed yet.
type storedFile struct {
	name, blob string
	size       int64
	sha256     []byte
}

// store writes a file to a blob of its own. What cannot be written whole is not there.
func (s *Store) store(ctx context.Context, org access.ID, file Upload) (storedFile, error) {
	if s.files == nil {
		return storedFile{}, access.Invalid("file", "This server has no place for files. Ask its operator to set GATEHOUSE_FILES.")
	}
	name, err := access.CleanFileName(file.Name)
	if err != nil {
		return storedFile{}, err
	}
	stored := storedFile{name: name, blob: string(org) + "/" + string(newID())}
	if err := s.q.ReserveBlob(ctx, stored.blob); err != nil {
		return stored, err
	}
	if stored.size, stored.sha256, err = s.write(ctx, stored.blob, file); err != nil {
		s.abandon(ctx, stored)
	}
	return stored, err
}

// write copies a file to a blob, and makes nothing of it when it is cut off or too large.
func (s *Store) write(ctx context.Context, key string, file Upload) (size int64, hash []byte, err error) {
	ctx, cancel := context.WithCancel(ctx) // before Close, this leaves no blob
	defer cancel()
	to, err := s.files.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return 0, nil, storeFailed(err)
	}
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(to, sum), io.LimitReader(file.Content, file.Limit+1))
	if err == nil && size > file.Limit {
		err = access.TooLarge("file", "A file has at most %s here.", access.Size(file.Limit))
	}
	if err != nil {
		cancel()
		_ = to.Close() // says only that it was cancelled
		return 0, nil, storeFailed(err)
	}
	return size, sum.Sum(nil), storeFailed(to.Close())
}

// storeFailed hides from Unreachable, which is about the database, that a file or a network was the cause. What is said to
// whoever sends a file stays as it is.
func storeFailed(err error) error {
	var refusal *access.Error
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("the place for files: %v", err)
}

// abandon removes a blob that no row will point at; where that fails, SweepFiles does it later.
func (s *Store) abandon(ctx context.Context, stored storedFile) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if unclaimed, err := s.q.AbandonBlob(ctx, stored.blob); err == nil && unclaimed > 0 {
		_ = s.remove(ctx, stored.blob)
	}
}

func (s *Store) remove(ctx context.Context, key string) error {
	if err := s.files.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return s.q.ForgetBlob(ctx, key)
}

// SweepFiles removes blobs that no row points at. It may run at any time, on any replica, and returns how many went.
func (s *Store) SweepFiles(ctx context.Context) (int, error) {
	if s.files == nil {
		return 0, nil
	}
	for swept := 0; ; {
		keys, err := s.q.ListUnclaimedBlobs(ctx)
		if err != nil || len(keys) == 0 {
			return swept, err
		}
		for _, key := range keys {
			if err := s.remove(ctx, key); err != nil {
				return swept, err
			}
			swept++
		}
	}
}
