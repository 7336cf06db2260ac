package db_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// A bucket of a project, and people around it.
type bucketWorld struct {
	*dbtest.Database
	t                *testing.T
	org, bucket      access.ID
	otto, vera, eddy access.ID // owner, viewer, editor
}

func newBucket(t *testing.T) bucketWorld {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	w := bucketWorld{Database: d, t: t, org: acme.ID, otto: acme.Member("otto", "modeler"), vera: acme.Member("vera", "member"), eddy: acme.Member("eddy", "member")}
	alpha := acme.Project("Alpha", w.otto)
	acme.Grant(w.otto, alpha, toUser(w.vera), "viewer")
	acme.Grant(w.otto, alpha, toUser(w.eddy), "editor")
	w.bucket = acme.Inside(alpha, access.Bucket, "Files", w.otto)
	return w
}

func (w bucketWorld) upload(user access.ID, content io.Reader, limit int64) (access.ID, error) {
	return w.UploadArtifact(w.t.Context(), dbtest.By(user), w.org, db.NewResource{Parent: w.bucket}, db.Upload{Name: "report.csv", Content: content, Limit: limit})
}

// reads is what a user downloads; empty where there is nothing for them.
func (w bucketWorld) reads(user, artifact access.ID) string {
	w.t.Helper()
	resource, err := w.FindResource(w.t.Context(), w.org, user, artifact)
	if err != nil {
		w.t.Fatal(err)
	}
	file, err := w.FindFile(w.t.Context(), w.org, resource)
	if err != nil {
		w.t.Fatal(err)
	}
	if file == nil {
		return ""
	}
	content, err := w.OpenFile(w.t.Context(), file)
	if err != nil {
		w.t.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil || int64(len(text)) != file.Size {
		w.t.Fatalf("%d bytes of %d, %v", len(text), file.Size, err)
	}
	return string(text)
}

// mustBeEmpty: neither a row, nor a blob, nor the promise of one.
func (w bucketWorld) mustBeEmpty(after string) {
	w.t.Helper()
	if artifacts, unclaimed := number(w.t, w.Database, "SELECT count(*) FROM resources WHERE kind = 'artifact'"), number(w.t, w.Database, "SELECT count(*) FROM unclaimed_blobs"); artifacts+unclaimed > 0 {
		w.t.Errorf("after %s %d artifacts and %d unclaimed blobs are there", after, artifacts, unclaimed)
	}
	if blobs := w.blobs(); blobs > 0 {
		w.t.Errorf("after %s %d blobs are there", after, blobs)
	}
}

// blobs counts what lies in the organization's part of the place for files.
func (w bucketWorld) blobs() int {
	w.t.Helper()
	return dbtest.CountFiles(w.t, w.org)
}

func TestAFileIsUploadedReplacedAndRemovedByThoseWhoMay(t *testing.T) {
	t.Parallel()
	w := newBucket(t)
	if _, err := w.upload(w.vera, strings.NewReader("a,b"), 10); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a viewer uploads: %v", err)
	}
	w.mustBeEmpty("a refusal")
	artifact, err := w.upload(w.eddy, strings.NewReader("a,b"), 10)
	if err != nil || w.reads(w.vera, artifact) != "a,b" {
		t.Fatalf("an editor uploads %q, %v", w.reads(w.vera, artifact), err)
	}
	admin := adminOf(t, w.Database, "acme")
	if got := w.reads(admin, artifact); got != "" {
		t.Errorf("an org admin, who may only discover, downloads %q", got)
	}
	next := func(user access.ID) error {
		return w.ReplaceFile(t.Context(), dbtest.By(user), w.org, artifact, db.Upload{Name: "../../report 2.csv", Content: strings.NewReader("c,d"), Limit: 3})
	}
	if err := next(w.vera); !errors.Is(err, access.ErrDenied) || w.reads(w.vera, artifact) != "a,b" || w.blobs() != 1 {
		t.Errorf("a viewer replaces a file: %v, %d blobs", err, w.blobs())
	}
	if err := next(w.eddy); err != nil || w.reads(w.vera, artifact) != "c,d" {
		t.Errorf("an editor replaces a file: %v", err)
	}
	if swept, err := w.SweepFiles(t.Context()); err != nil || swept != 1 || w.blobs() != 1 {
		t.Errorf("%d swept, %v, %d left", swept, err, w.blobs())
	}
	if err := w.DeleteResource(t.Context(), dbtest.By(w.otto), w.org, w.bucket); err != nil {
		t.Fatal(err)
	}
	if swept, err := w.SweepFiles(t.Context()); err != nil || swept != 1 {
		t.Errorf("after the bucket was deleted %d swept, %v", swept, err)
	}
	w.mustBeEmpty("everything was deleted")
}

// A brokenReader gives some bytes, and then what a browser that goes away gives.
type brokenReader struct{ left int }

func (b *brokenReader) Read(to []byte) (int, error) {
	if b.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(b.left, len(to))
	b.left -= n
	return n, nil
}

// A failingReader says in words why it ends.
type failingReader struct{}

func (failingReader) Read([]byte) (int, error) {
	return 0, access.Invalid("file", "The file did not arrive whole.")
}

func TestAFileThatIsTooLargeOrCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newBucket(t)
	if _, err := w.upload(w.otto, strings.NewReader("four"), 3); !errors.Is(err, access.ErrTooLarge) || err.Error() != "A file has at most 3 bytes here." {
		t.Errorf("too large: %v", err)
	}
	w.mustBeEmpty("a file that is too large")
	if _, err := w.upload(w.otto, &brokenReader{1 << 20}, 1<<30); err == nil || db.Unreachable(err) {
		t.Errorf("cut off: %v", err)
	}
	w.mustBeEmpty("a file that was cut off")
	if _, err := w.upload(w.otto, io.MultiReader(strings.NewReader("a"), failingReader{}), 10); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("what the reader says is lost: %v", err)
	}
	for _, name := range []string{"", ".", "..", "/", `\`, strings.Repeat("x", 121), "a\nb"} {
		_, err := w.UploadArtifact(t.Context(), dbtest.By(w.otto), w.org, db.NewResource{Parent: w.bucket}, db.Upload{Name: name, Content: strings.NewReader("x"), Limit: 1})
		if !errors.Is(err, access.ErrInvalid) {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	w.mustBeEmpty("bad names")
	if _, err := w.upload(w.otto, strings.NewReader("tri"), 3); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

// What was cut off by a crash is swept a day later; an upload that is under way is left alone.
func TestABlobThatNobodyClaimedIsSweptLater(t *testing.T) {
	t.Parallel()
	w := newBucket(t)
	started, finish := make(chan bool), make(chan bool)
	done := make(chan error, 1)
	go func() {
		_, err := w.upload(w.otto, io.MultiReader(strings.NewReader("a"), &waitingReader{started, finish}), 10)
		done <- err
	}()
	<-started
	if swept, err := w.SweepFiles(t.Context()); err != nil || swept != 0 {
		t.Errorf("an upload under way: %d swept, %v", swept, err)
	}
	if _, err := w.Pool.Exec(t.Context(), "UPDATE unclaimed_blobs SET remove_after = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	if swept, err := w.SweepFiles(t.Context()); err != nil || swept != 1 {
		t.Errorf("a day later: %d swept, %v", swept, err)
	}
	close(finish)
	if err := <-done; !errors.Is(err, access.ErrConflict) { // or its row would point at nothing
		t.Errorf("an upload that took more than a day: %v", err)
	}
}

// A waitingReader says that it was reached, and ends when it is told to.
type waitingReader struct{ started, finish chan bool }

func (r *waitingReader) Read([]byte) (int, error) {
	close(r.started)
	<-r.finish
	return 0, io.EOF
}

func TestThePlaceForFilesIsCheckedAtTheStart(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, address := range []string{"", "files", "file://host/x", "file:relative", "mem://x", "https://x", "s3://", "file:///proc/nowhere/at/all"} {
		store, err := db.Open(t.Context(), d.URL)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.UseFiles(context.Background(), address); err == nil || store.CanKeepFiles() {
			t.Errorf("%q is taken", address)
		}
		store.Close()
	}
}
