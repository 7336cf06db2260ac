package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/db"
)

// holding keeps the lock of acme, as a long import does, until the answer is called.
func (w *world) holding() (release func()) {
	w.t.Helper()
	tx, err := w.pool.Begin(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := tx.Exec(w.t.Context(), `SELECT FROM organizations WHERE slug = 'acme' FOR UPDATE`); err != nil {
		w.t.Fatal(err)
	}
	return func() { _ = tx.Rollback(w.t.Context()) }
}

// Break: in db/together.go, busy, return err; in queries/changes.sql or sessions.sql, waits_at_most, and this test does not end.
func TestAChangeDoesNotWaitForALockWithoutEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	provider, service := w.newProvider("admin", "acme"), w.services()["admin"]
	impatient := *w
	address, err := url.Parse(w.pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	parameters := address.Query()
	parameters.Set("lock_timeout", "50ms")
	address.RawQuery = parameters.Encode()
	store, err := db.Open(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	impatient.store, impatient.server = store, w.newServer(store)
	provider.world = &impatient

	release, before := w.holding(), w.checksums()
	sentence := "Another change takes long here"
	for name, got := range map[string]*answer{
		"a page":       impatient.post("admin", "/orgs/acme/members/{tara}/role", "role=auditor&confirm=auditor"),
		"a part":       impatient.post("admin", "/orgs/acme/members/{tara}/role", "role=auditor&confirm=auditor", partial),
		"a preview":    impatient.get("admin", "/orgs/acme/members/{tara}/role?role=auditor"),
		"an account":   impatient.post("tara", "/account/profile", "name=Tara+T"),
		"a service":    impatient.rest(service, "PATCH", "/members/{tara}", `{"role":"auditor"}`),
		"its preview":  impatient.rest(service, "PATCH", "/members/{tara}?preview=true", `{"role":"auditor"}`),
		"with a key":   impatient.rest(service, "POST", "/groups", `{"name":"Late"}`, keyed("late")),
		"provisioning": provider.sends("POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Late"}`),
	} {
		if got.must(http.StatusServiceUnavailable); got.header.Get("Retry-After") == "" || !strings.Contains(got.body, sentence) {
			t.Errorf("%s is answered with %q, to be tried again after %q", name, got.body, got.header.Get("Retry-After"))
		}
	}
	w.mustBeAsBefore(before, "waiting in vain")
	release()
	impatient.post("admin", "/orgs/acme/members/{tara}/role", "role=auditor&confirm=auditor").must(http.StatusSeeOther)

	var patience, asked string
	err = pgx.BeginFunc(t.Context(), w.pool, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT current_setting('lock_timeout') FROM (SELECT waits_at_most() OFFSET 0) AS s WHERE s.waits_at_most`).Scan(&patience)
	})
	if err != nil || patience != "30s" {
		t.Errorf("otherwise a change waits %q: %v", patience, err)
	}
	if err := w.pool.QueryRow(t.Context(), `SHOW lock_timeout`).Scan(&asked); err != nil || asked != "0" {
		t.Errorf("after it, its connection waits %q: %v", asked, err)
	}
}

// More previews than there are connections wait for each other before they have one, those of services too, so that a page is
// answered. Break: in db/effects.go, preview, take no place.
func TestPreviewsOfServicesLeaveConnectionsToOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	service := w.services()["admin"]
	release := w.holding()
	const many = 12
	answers := make(chan *answer, many)
	var all sync.WaitGroup
	for range many {
		all.Go(func() { answers <- w.rest(service, "PATCH", "/members/{tara}?preview=true", `{"role":"auditor"}`) })
	}
	for range 20 { // meanwhile they come
		w.get("admin", "/orgs/acme/members").must(http.StatusOK)
	}
	release()
	all.Wait()
	for range many {
		(<-answers).must(http.StatusOK)
	}
}
