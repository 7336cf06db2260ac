package db_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// Break: in db/change.go, enter, take the organization without its lock; or in access/requests.go, answering, leave out waits.
func TestOfFourWhoAnswerOneRequestOneDoes(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	// The naive way: everybody looks whether it is open, and all of them give access by a role of their choice.
	id := a.asked(a.alpha, "viewer")
	look := "SELECT status = 'open' FROM access_requests WHERE id = '" + string(id) + "'"
	naive := func(role string) naiveWay {
		return naiveWay{look, "INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id) VALUES ('" + string(a.acme.ID) + "', '" + string(a.alpha) +
			"', 'project', 'project/" + role + "', '" + string(a.dev) + "'); UPDATE access_requests SET status = 'approved', decided_at = now() WHERE id = '" + string(id) + "'"}
	}
	must(t, naively(t, a.d, naive("viewer"), naive("editor"))...)
	grants := "SELECT count(*) FROM grants WHERE user_id = $1 AND resource_kind = 'project'"
	if n := number(t, a.d, grants, a.dev); n != 2 {
		t.Fatalf("the naive way gave %d roles", n)
	}
	for range rounds(t, 15) {
		outside(t, a.d, func(tx pgx.Tx) {
			_, _ = tx.Exec(t.Context(), "DELETE FROM grants WHERE user_id = $1 AND resource_kind = 'project'", a.dev)
		})
		id := a.asked(a.alpha, "viewer")
		exactlyOne(t, together(
			func() error { return a.approve(a.moda, id, "viewer", nil, 1) },
			func() error { return a.approve(a.olga, id, "editor", nil, 1) },
			func() error { return a.approve(a.moda, id, "admin", nil, 1) },
			func() error { return a.d.DenyRequest(t.Context(), dbtest.By(a.olga), a.acme.ID, id, "", 1) },
		), access.ErrConflict)
		given := number(t, a.d, grants, a.dev)
		if denied := a.latest(a.alpha).Status == access.DeniedRequest; denied && given != 0 || !denied && given != 1 {
			t.Fatalf("%d grants after one answer, denied: %v", given, denied)
		}
	}
}
