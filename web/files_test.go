package web

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

func TestAFileIsDownloadedAndNeverShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, actor := range []string{"owner", "tara", "group admin"} {
		got := w.get(actor, "/orgs/acme/resources/{artifact}/file").must(http.StatusOK)
		if got.body != hiddenFile {
			t.Errorf("%s downloads %q", actor, got.body)
		}
		for name, want := range map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename=report.html`,
			"X-Content-Type-Options": "nosniff", "Content-Length": fmt.Sprint(len(hiddenFile)), "Cache-Control": "no-store"} {
			if got.header.Get(name) != want {
				t.Errorf("%s is %q", name, got.header.Get(name))
			}
		}
	}
	for _, actor := range []string{"admin", "auditor"} {
		w.get(actor, "/orgs/acme/resources/{artifact}/file").must(http.StatusForbidden).saysNothingOf("hidden file")
		w.get(actor, "/orgs/acme/resources/{artifact}").must(http.StatusOK).saysNothingOf("SHA-256")
	}
	w.get("owner", "/orgs/acme/resources/{bucket}/file").must(http.StatusNotFound)
	w.get("owner", "/orgs/acme/resources/{bucket}").must(http.StatusOK).says("report.html").says("37 bytes")
}

func TestANameLeadsNowhere(t *testing.T) {
	for name, want := range map[string]string{
		"report.csv": "report.csv", "../../etc/passwd": "_.._etc_passwd", `..\..\x`: "_.._x", ".bashrc": "bashrc",
		`a"; filename="b.exe`: "a_; filename=_b.exe", "Übersicht.csv": "Übersicht.csv", "...": "",
	} {
		kind, parameters, err := mime.ParseMediaType(attachment(name))
		if err != nil || kind != "attachment" || parameters["filename"] != want {
			t.Errorf("%q is kept as %q (%v), want %q", name, parameters["filename"], err, want)
		}
	}
}

// Break: in web/uploads.go, writtenName.
func TestQuotesInTheNameOfAFileAreKeptAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asBrowsersDo := func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		written := strings.Replace(string(body), "uploaded.csv", "%22Q3%22 100%.csv", 1)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(written)), int64(len(written))
	}
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", form("file", "small"), asBrowsersDo).must(http.StatusSeeOther)
	w.get("owner", "/orgs/acme/resources/{bucket}").must(http.StatusOK).says(`"Q3" 100%.csv`).saysNothingOf("%22")
}

func TestAnUploadThatIsTooLargeIsAnsweredWith413AndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.options.MaxFile = 2 << 20
	before := w.checksums()
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", form("name", "Big", "file", strings.Repeat("x", 2<<20+1))).
		must(http.StatusRequestEntityTooLarge).says("A file has at most 2 MB here.").says("Big")
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", form("name", "Huge", "file", strings.Repeat("x", 4<<20))).
		must(http.StatusRequestEntityTooLarge).says("A file has at most 2 MB here.")
	unknownLength := func(r *http.Request) { r.ContentLength = -1 }
	w.post("owner", "/orgs/acme/resources/{artifact}/file", form("file", strings.Repeat("x", 8<<20)), unknownLength).must(http.StatusRequestEntityTooLarge)
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", "name=None").must(http.StatusUnprocessableEntity).says("Choose a file.")
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", form("name", "a\x00b", "file", "x")).must(http.StatusUnprocessableEntity)
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", form("name", strings.Repeat("x", 1<<18), "file", "x")).must(http.StatusUnprocessableEntity)
	w.mustBeAsBefore(before, "an upload that was refused")
	w.post("owner", "/orgs/acme/resources/{bucket}/artifacts", form("file", "small")).leadsTo(w.fillIn("/orgs/acme/resources/{bucket}"))
	w.get("owner", "/orgs/acme/resources/{bucket}").says("uploaded.csv")
}

// Forms elsewhere are no larger than before.
func TestOnlyTheTwoRoutesForFilesTakeLargeRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	large := form("name", "x", "description", strings.Repeat("x", 2<<20))
	for _, row := range pageRows(t) {
		if row.method == http.MethodPost && !strings.HasSuffix(row.route, "/artifacts") && !strings.HasSuffix(row.route, "/file") {
			w.post("owner", row.path(), large).must(http.StatusUnprocessableEntity)
		}
	}
}

// A file passes through: what the program holds does not grow with it. Not parallel: the memory is everybody's.
func TestAFileIsNeverHeldInMemory(t *testing.T) {
	w := newWorld(t)
	served := httptest.NewServer(w.server)
	defer served.Close()
	const size = 64 << 20
	head := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.bin\"\r\n\r\n"
	body := io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, size), strings.NewReader("\r\n--b--\r\n"))
	ask, err := http.NewRequest(http.MethodPost, served.URL+w.fillIn("/orgs/acme/resources/{bucket}/artifacts"), body)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	ask.Header.Set("Sec-Fetch-Site", "same-origin")
	ask.AddCookie(&http.Cookie{Name: "gatehouse", Value: w.tokens["owner"]})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	answer, err := client.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	runtime.ReadMemStats(&after)
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", answer.StatusCode)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > size/2 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
	if stored := w.count(`SELECT count(*) FROM files WHERE size = $1`, int64(size)); stored != 1 {
		t.Error("the file is not there whole")
	}
	var big string // goes alone: all worlds share the file of the template's artifact
	if err := w.pool.QueryRow(t.Context(), `SELECT resource_id::text FROM files WHERE size = $1`, int64(size)).Scan(&big); err != nil {
		t.Fatal(err)
	}
	if err := w.store.DeleteResource(t.Context(), dbtest.By(access.ID(w.ids["moda"])), access.ID(w.ids["acme"]), access.ID(big)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.SweepFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
}

type zeros struct{}

func (zeros) Read(to []byte) (int, error) {
	clear(to)
	return len(to), nil
}
