package web

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gatehouse/db"
	"gatehouse/web/rest"
)

func keyed(key string) option { return header("Idempotency-Key", key) }

// newProject asks for a project; each one that is made has a key of its own.
const newProject = `{"kind":"project","parent":"{workspace}","name":"Delta"}`

func (w *world) deltas() int { return w.count(`SELECT count(*) FROM resources WHERE name = 'Delta'`) }

// fourAtOnce sends one request four times at the same time.
func (w *world) fourAtOnce(token string, options ...option) []*answer {
	answers := make([]*answer, 4)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = w.rest(token, "POST", "/resources", newProject, options...) })
	}
	all.Wait()
	return answers
}

// Break: in db/service_answers.go, Once, leave out AddServiceAnswer, or look for the answer before Together.
func TestFourAtOnceWithOneKeyAreCarriedOutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	w.fourAtOnce(token)
	if made := w.deltas(); made != 4 {
		t.Fatalf("without a key four requests made %d projects", made)
	}
	for round := range 10 {
		events := w.events()
		answers := w.fourAtOnce(token, keyed(fmt.Sprint("round-", round)))
		for _, one := range answers {
			if one.must(http.StatusCreated); one.body != answers[0].body {
				t.Errorf("round %d: %s\n%s", round, one.body, answers[0].body)
			}
		}
		if made := w.deltas(); made != 5+round || w.events() != events+1 {
			t.Errorf("round %d: %d projects and %d events", round, made, w.events()-events)
		}
	}
}

func TestAKeyBelongsToOneRequestOfOneToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	first := w.rest(tokens["admin"], "POST", "/resources", newProject, keyed("k")).must(http.StatusCreated)
	before := w.written()
	for name, other := range map[string]*answer{
		"another body": w.rest(tokens["admin"], "POST", "/resources", strings.Replace(newProject, "Delta", "Delta ", 1), keyed("k")),
		"another path": w.rest(tokens["admin"], "POST", "/groups", newProject, keyed("k")),
	} {
		if said := other.isProblem(http.StatusUnprocessableEntity); said.Field != "Idempotency-Key" || w.written() != before {
			t.Errorf("%s: %v", name, said)
		}
	}
	for _, key := range []string{"", strings.Repeat("k", 256), "a key", "schlüssel"} {
		w.rest(tokens["admin"], "POST", "/resources", newProject, func(r *http.Request) { r.Header["Idempotency-Key"] = []string{key} }).isProblem(http.StatusBadRequest)
	}
	again := w.rest(tokens["admin"], "POST", "/resources", newProject, keyed("k")).must(http.StatusCreated)
	other := w.rest(tokens["owner"], "POST", "/resources", newProject, keyed("k")).must(http.StatusCreated)
	if again.body != first.body || other.body == first.body || w.deltas() != 2 {
		t.Errorf("%s\n%s\n%s", first.body, again.body, other.body)
	}
}

func TestWhatWasRefusedIsAskedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	body := `{"name":"Research"}`
	w.rest(token, "POST", "/groups", body, keyed("k")).isProblem(http.StatusUnprocessableEntity)
	w.rest(token, "PATCH", "/groups/{research}", `{"name":"Science"}`).must(http.StatusOK)
	w.rest(token, "POST", "/groups", body, keyed("k")).must(http.StatusCreated)
}

func TestAKeyIsForgottenAfterADayAndWithItsToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	w.rest(tokens["admin"], "POST", "/resources", newProject, keyed("k")).must(http.StatusCreated)
	w.exec(`UPDATE service_answers SET made_at = now() - interval '23 hours 59 minutes'`)
	w.rest(tokens["admin"], "POST", "/resources", newProject, keyed("k")).must(http.StatusCreated)
	if w.deltas() != 1 {
		t.Error("it is forgotten within the day")
	}
	w.exec(`UPDATE service_answers SET made_at = now() - interval '24 hours'`)
	w.rest(tokens["admin"], "POST", "/resources", newProject, keyed("another")).must(http.StatusCreated)
	if kept := w.count(`SELECT count(*) FROM service_answers`); w.deltas() != 2 || kept != 1 {
		t.Errorf("%d answers are kept after a day", kept)
	}
	w.rest(tokens["operator"], "DELETE", "/tokens/"+w.tokenNamed("admin"), "").must(http.StatusNoContent)
	if kept := w.count(`SELECT count(*) FROM service_answers`); kept != 0 {
		t.Errorf("%d answers outlive their token", kept)
	}
}

// tokenNamed is the id of the token with a name.
func (w *world) tokenNamed(name string) (id string) {
	w.t.Helper()
	if err := w.pool.QueryRow(w.t.Context(), `SELECT id::text FROM api_tokens WHERE name = $1`, name).Scan(&id); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Break: in db/service_answers.go, Once, store the answer as it is.
func TestAStoredAnswerIsReadableOnlyWithItsToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	var made struct{ Token string }
	body := `{"name":"Second","scopes":["decide"]}`
	w.rest(token, "POST", "/tokens", body, keyed("k")).must(http.StatusCreated).into(&made)
	if found := w.count(`SELECT count(*) FROM service_answers WHERE strpos(encode(answer, 'escape'), $1) > 0 OR strpos(encode(answer, 'escape'), 'Second') > 0`, made.Token); found > 0 || made.Token == "" {
		t.Errorf("the database holds the token %q", made.Token)
	}
	var again struct{ Token string }
	if w.rest(token, "POST", "/tokens", body, keyed("k")).must(http.StatusCreated).into(&again); again != made {
		t.Errorf("%v, %v", made, again)
	}
	w.asService(made.Token, "POST", "/access/v1/evaluation", w.question()).must(http.StatusOK)
}

// A cutter stands between the program and PostgreSQL and cuts a connection at COMMIT: before it arrives, or after it was
// carried out and before its answer arrives.
type cutter struct {
	t       *testing.T
	to      string       // PostgreSQL's socket
	armed   atomic.Int32 // 0 lets through, 1 cuts before, 2 cuts after
	commits atomic.Int32 // that were cut
}

// newCutter returns a cutter and the address of a database through it.
func newCutter(t *testing.T, address string) (*cutter, string) {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	port := query.Get("port")
	if port == "" {
		port = "5432"
	}
	name := ".s.PGSQL." + port
	folder, err := os.MkdirTemp("", "cut")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{t: t, to: filepath.Join(query.Get("host"), name)}
	listener, err := net.Listen("unix", filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close(); os.RemoveAll(folder) })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go c.serve(client)
		}
	}()
	query.Set("host", folder)
	parsed.RawQuery = query.Encode()
	return c, parsed.String()
}

func (c *cutter) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", c.to)
	if err != nil {
		return
	}
	defer server.Close()
	var deaf atomic.Bool // answers are no longer passed on
	go func() {
		defer client.Close()
		chunk := make([]byte, 1<<16)
		for {
			n, err := server.Read(chunk)
			if err != nil || deaf.Load() {
				return
			}
			if _, err := client.Write(chunk[:n]); err != nil {
				return
			}
		}
	}()
	chunk := make([]byte, 1<<16)
	for {
		n, err := client.Read(chunk)
		if err != nil {
			return
		}
		if bytes.Contains(chunk[:n], []byte("commit\x00")) && c.armed.Load() > 0 {
			c.commits.Add(1)
			if c.armed.Swap(0) == 1 {
				return
			}
			deaf.Store(true)
			_, _ = server.Write(chunk[:n])
			_, _ = io.ReadAll(client) // until the other side has read the answer and closed
			return
		}
		if _, err := server.Write(chunk[:n]); err != nil {
			return
		}
	}
}

// F2 of the proof: whatever became of the COMMIT, the request that is sent again with its key is carried out once.
func TestARequestWhoseCommitWasCutIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	cut, address := newCutter(t, strings.Replace(source, databaseOf(source), w.database(), 1))
	store, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	*w.server.rest = *rest.New(store, w.server.acceptanceLink)
	committed := 0
	for round := range 20 {
		key := keyed(fmt.Sprint("cut-", round))
		before, events := w.deltas(), w.events()
		cut.armed.Store(int32(1 + round%2))
		if lost := w.rest(token, "POST", "/resources", newProject, key); lost.status < 500 {
			t.Errorf("round %d: the connection is cut and the answer is %d", round, lost.status)
		}
		committed += w.deltas() - before
		w.rest(token, "POST", "/resources", newProject, key).must(http.StatusCreated)
		w.rest(token, "POST", "/resources", newProject, key).must(http.StatusCreated)
		if made := w.deltas() - before; made != 1 || w.events() != events+1 {
			t.Errorf("round %d made %d projects", round, made)
		}
	}
	if cut.commits.Load() != 20 || committed != 10 {
		t.Errorf("%d connections were cut, %d of them after the change was made: this test shows nothing", cut.commits.Load(), committed)
	}
}

// database is the name of the world's database.
func (w *world) database() (name string) {
	w.t.Helper()
	if err := w.pool.QueryRow(w.t.Context(), `SELECT current_database()`).Scan(&name); err != nil {
		w.t.Fatal(err)
	}
	return name
}
