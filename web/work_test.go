package web

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Whether an address has an account must not be told by how long an answer takes. Time is noise on a busy machine, so the work is
// compared instead: which statements are sent to the database, in which order, and which hashes a password is compared with.

// A listener stands between a store and its database, and notes the statements that are carried out.
type listener struct {
	mu         sync.Mutex
	statements []string
	wakes      string // the statement that tells whoever sends mail of a new one: ten times a second at most, whoever asks
}

func (l *listener) heard() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := l.statements
	l.statements = nil
	return heard
}

// listensTo puts a listener between the world and its database.
func (w *world) listensTo() *listener {
	w.t.Helper()
	address, err := url.Parse(w.pool.Config().ConnString())
	if err != nil {
		w.t.Fatal(err)
	}
	query := address.Query()
	folder, err := os.MkdirTemp("", "wire") // short: the path of a socket has at most 107 bytes
	if err != nil {
		w.t.Fatal(err)
	}
	port := w.pool.Config().ConnConfig.Port
	name := fmt.Sprintf(".s.PGSQL.%d", port)
	there := filepath.Join(w.pool.Config().ConnConfig.Host, name)
	at, err := net.Listen("unix", filepath.Join(folder, name))
	if err != nil {
		w.t.Fatal(err)
	}
	l := &listener{}
	go l.serve(at, there)
	query.Set("host", folder)
	address.RawQuery = query.Encode()
	store, err := db.Open(w.t.Context(), address.String())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := dbtest.Furnish(w.t.Context(), store, databaseOf(source)); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		store.Close()
		_ = at.Close()
		_ = os.RemoveAll(folder)
	})
	w.server.store, w.server.sessions.store = store, store
	return l
}

func (l *listener) serve(at net.Listener, there string) {
	for {
		from, err := at.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("unix", there)
		if err != nil {
			_ = from.Close()
			return
		}
		go func() {
			_, _ = io.Copy(from, to)
			_ = from.Close()
		}()
		go func() {
			l.passOn(from, to)
			_ = to.Close()
		}()
	}
}

// passOn reads PostgreSQL's messages: a length first, then for each a letter and a length. B binds a statement that was prepared, Q is
// one of its own.
func (l *listener) passOn(from io.Reader, to io.Writer) {
	head := make([]byte, 4)
	for first := true; ; first = false {
		kind := []byte{}
		if !first {
			kind = make([]byte, 1)
			if _, err := io.ReadFull(from, kind); err != nil {
				return
			}
		}
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head)-4)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		l.note(string(kind), body)
		if _, err := to.Write(slices.Concat(kind, head, body)); err != nil {
			return
		}
	}
}

func (l *listener) note(kind string, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	parts := bytes.SplitN(body, []byte{0}, 3)
	switch {
	case kind == "P" && len(parts) > 1 && bytes.Contains(parts[1], []byte("pg_notify")):
		l.wakes = string(parts[0])
	case kind == "B" && len(parts) > 1 && (l.wakes == "" || string(parts[1]) != l.wakes):
		l.statements = append(l.statements, string(parts[1])) // named by a hash of its text
	case kind == "Q" && string(parts[0]) != "-- ping": // which the pool asks a connection that rested for a second
		l.statements = append(l.statements, string(parts[0]))
	}
}

// Break it: in checkPassword, answer where the address has no account before the password is compared; compare with a cheaper hash
// for nobody; in RequestReset, look for the account.
func TestAnAddressWithoutAnAccountMakesAsMuchWorkAsOneWithIt(t *testing.T) {
	t.Parallel()
	w := mailing(t)
	wire := w.listensTo()
	if err := w.server.store.UseMail(); err != nil {
		t.Fatal(err)
	}
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["audra"])
	w.exec(`UPDATE accounts SET password_hash = '' WHERE user_id = $1::uuid`, w.ids["tara"])
	var costs []string
	compare := w.server.compare
	w.server.compare = func(password, hash string) (bool, error) {
		costs = append(costs, regexp.MustCompile(`^\$argon2id\$v=\d+\$[^$]+\$`).FindString(hash))
		return compare(password, hash)
	}
	addresses := []string{"plain@acme.test", "nobody@acme.test", "audra@acme.test", "tara@acme.test", "somebody-else@acme.test", "grace@acme.test"}
	for what, ask := range map[string]func(email string) *answer{
		"signing in": func(email string) *answer { return w.signIn(email, "not the password") },
		"a reset":    func(email string) *answer { return w.post("anonymous", "/forgot", form("email", email)) },
	} {
		for round := range 2 {
			var seen []string
			for i, email := range addresses {
				w.address = fmt.Sprintf("198.51.100.%d:99", i+1)
				wire.heard()
				costs = nil
				ask(email)
				seen = append(seen, strings.Join(append(wire.heard(), costs...), "\n"))
			}
			if !strings.Contains(seen[0], "stmtcache") {
				t.Fatalf("%s: nothing is heard but %q", what, seen[0])
			}
			for i, work := range seen {
				if round == 0 { // in which a connection learns statements and types
					break
				}
				if work != seen[0] {
					t.Errorf("%s: %s makes other work than %s:\n%s\n---\n%s", what, addresses[i], addresses[0], work, seen[0])
				}
			}
		}
	}
}

func TestInvitingTellsNobodyWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	invited := func(email string) string {
		got := w.post("admin", "/orgs/acme/invitations", form("to", email, "role", "member"), fixedID).must(http.StatusOK)
		told := regexp.MustCompile(`/invitations/[A-Za-z0-9_-]{43}`).ReplaceAllString(got.body, "LINK")
		return strings.ReplaceAll(told, email, "EMAIL")
	}
	if invited("gil@globex.test") != invited("nil@globex.test") {
		t.Error("the answer tells who has an account")
	}
}
