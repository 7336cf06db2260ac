package db_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// startS3 starts a real S3 server over a folder, with one bucket, and returns its address for GATEHOUSE_FILES and the
// bucket's folder.
func startS3(t *testing.T) (address, bucket string) {
	t.Helper()
	program, err := filepath.Abs("../.cache/versitygw")
	if err == nil {
		_, err = os.Stat(program)
	}
	if err != nil {
		t.Fatal("the S3 server is missing: `make .cache/versitygw` builds it")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	_ = listener.Close()
	folder := t.TempDir()
	bucket = filepath.Join(folder, "buckets", "gatehouse")
	for _, each := range []string{bucket, filepath.Join(folder, "metadata")} {
		if err := os.MkdirAll(each, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "somebody")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "a secret for the test")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(folder, "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(folder, "none"))
	server := exec.Command(program, "--port", at, "--access", "somebody", "--secret", "a secret for the test", "--quiet",
		"posix", "--sidecar", filepath.Join(folder, "metadata"), filepath.Join(folder, "buckets"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for range 1200 {
		if conn, err := net.Dial("tcp", at); err == nil {
			_ = conn.Close()
			return "s3://gatehouse?region=us-east-1&use_path_style=true&endpoint=http://" + at, bucket
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the S3 server does not listen")
	return "", ""
}

// objects counts the files in a bucket's folder, parts of uploads included.
func objects(t *testing.T, bucket string) (count int) {
	t.Helper()
	err := filepath.WalkDir(bucket, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			count++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func TestFilesLieInS3(t *testing.T) {
	address, bucket := startS3(t)
	w := newBucket(t)
	for _, wrong := range []string{strings.Replace(address, "s3://gatehouse", "s3://another", 1), strings.Replace(address, "http://127.0.0.1:", "http://127.0.0.1:1", 1)} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if err := w.UseFiles(ctx, wrong); err == nil || !strings.Contains(err.Error(), "GATEHOUSE_FILES") {
			t.Errorf("%s: %v", wrong, err)
		}
		cancel()
	}
	if err := w.UseFiles(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 12<<20) // several parts
	random := rand.NewChaCha8([32]byte{})
	_, _ = random.Read(large)
	artifact, err := w.upload(w.eddy, bytes.NewReader(large), int64(len(large)))
	if err != nil || w.reads(w.vera, artifact) != string(large) || objects(t, bucket) != 1 {
		t.Fatalf("12 MB are uploaded: %v, %d objects", err, objects(t, bucket))
	}
	if _, err := w.upload(w.eddy, bytes.NewReader(large), int64(len(large))-1); !errors.Is(err, access.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := w.upload(w.eddy, io.MultiReader(bytes.NewReader(large), &brokenReader{1}), 1<<30); err == nil {
		t.Error("a file that was cut off is taken")
	}
	if found := objects(t, bucket); found != 1 {
		t.Errorf("what was refused and what was cut off left %d objects beside the one", found-1)
	}
	if err := w.DeleteResource(t.Context(), dbtest.By(w.otto), w.org, w.bucket); err != nil {
		t.Fatal(err)
	}
	if swept, err := w.SweepFiles(t.Context()); err != nil || swept != 1 || objects(t, bucket) != 0 {
		t.Errorf("after the bucket was deleted %d swept, %v, %d objects", swept, err, objects(t, bucket))
	}
}
