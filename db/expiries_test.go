package db_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

func share(who access.ID, role string, until *time.Time, version int64) db.Share {
	return db.Share{Who: []access.Ref{{Type: "user", ID: who}}, Role: role, ExpiresAt: until, Version: version}
}

func in(span time.Duration) *time.Time { at := time.Now().Add(span); return &at }

// endAt lets what was given until some time end at another, as if it had been given so. To give something that ends in a moment
// and to wait for that fails where a machine takes longer than the moment.
func endAt(t *testing.T, d *dbtest.Database, at time.Time) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), d.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL session_replication_role = replica"); err != nil { // history tells nothing of it
			return err
		}
		ended, err := tx.Exec(t.Context(), "UPDATE grants SET expires_at = $1 WHERE expires_at IS NOT NULL", at)
		if err == nil && ended.RowsAffected() != 1 {
			t.Errorf("%d grants end", ended.RowsAffected())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// To see it fail: write "grant.revoked" in ExpireGrant's event.
func TestAGrantWhoseTimeIsOverIsRecordedAsExpiredAndNotAsRevoked(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	owner, guest := o.Member("owner", "modeler"), o.Member("guest", "member")
	alpha := o.Project("Alpha", owner)
	if err := d.GrantRoles(t.Context(), dbtest.By(owner), o.ID, alpha, share(guest, "viewer", in(time.Hour), versionOf(t, d, alpha))); err != nil {
		t.Fatal(err)
	}
	before := versionOf(t, d, alpha)
	endAt(t, d, time.Now().Add(-time.Second))
	if rights, err := d.Rights(t.Context(), guest, alpha); rights != 0 || err != nil {
		t.Errorf("an expired grant gives %s (%v)", rights, err)
	}
	for _, want := range []int{1, 0} {
		if count, err := d.ExpireGrants(t.Context()); count != want || err != nil {
			t.Fatalf("%d grants expired, want %d (%v)", count, want, err)
		}
	}
	events, _, err := d.ListAuditEvents(t.Context(), o.ID, db.AuditFilter{About: guest, Action: "grant"})
	if err != nil || len(events) != 2 || events[0].Action != "grant.expired" || events[0].Via != "job" || events[0].Actor.Name != "Gatehouse" {
		t.Errorf("the log says %+v (%v)", events, err)
	}
	if versionOf(t, d, alpha) == before {
		t.Error("a list that was read before is not stale")
	}
}

// A grant that expired and is given anew ended by itself all the same.
func TestAnExpiredGrantThatIsGivenAnewIsRecordedAsExpiredFirst(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	owner, guest := o.Member("owner", "modeler"), o.Member("guest", "member")
	alpha := o.Project("Alpha", owner)
	give := func(until *time.Time) {
		t.Helper()
		if err := d.GrantRoles(t.Context(), dbtest.By(owner), o.ID, alpha, share(guest, "viewer", until, versionOf(t, d, alpha))); err != nil {
			t.Fatal(err)
		}
	}
	give(in(time.Hour))
	endAt(t, d, time.Now().Add(-time.Second))
	give(nil)
	events, _, err := d.ListAuditEvents(t.Context(), o.ID, db.AuditFilter{About: guest, Action: "grant"})
	var actions []string
	for _, event := range events {
		actions = append(actions, event.Action)
	}
	if want := []string{"grant.created", "grant.expired", "grant.created"}; err != nil || len(actions) != 3 || actions[1] != want[1] {
		t.Errorf("the log says %v, want %v (%v)", actions, want, err)
	}
}

// Nobody extends their own access, on any way. To see it fail: let extending in access/expiries.go return nil.
func TestNobodyExtendsTheirOwnAccess(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	owner, deputy := o.Member("owner", "modeler"), o.Member("deputy", "member")
	team := o.Group("Deputies", deputy)
	alpha := o.Project("Alpha", owner)
	end := in(time.Hour)
	if err := d.GrantRoles(t.Context(), dbtest.By(owner), o.ID, alpha, share(deputy, "admin", end, versionOf(t, d, alpha))); err != nil {
		t.Fatal(err)
	}
	grants, err := d.ListGrants(t.Context(), o.ID, alpha)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]func(until *time.Time) error{
		"changes the end of the grant": func(until *time.Time) error {
			return d.ChangeGrant(t.Context(), dbtest.By(deputy), o.ID, alpha, grants[0].ID, "admin", until, versionOf(t, d, alpha))
		},
		"takes another role": func(until *time.Time) error {
			return d.GrantRoles(t.Context(), dbtest.By(deputy), o.ID, alpha, share(deputy, "editor", until, versionOf(t, d, alpha)))
		},
		"gives it to a group of theirs": func(until *time.Time) error {
			to := db.Share{Who: []access.Ref{{Type: "group", ID: team}}, Role: "admin", ExpiresAt: until, Version: versionOf(t, d, alpha)}
			return d.GrantRoles(t.Context(), dbtest.By(deputy), o.ID, alpha, to)
		},
	}
	for name, extend := range refused {
		for _, until := range []*time.Time{nil, in(2 * time.Hour)} {
			if err := extend(until); !errors.Is(err, access.ErrDenied) {
				t.Errorf("%s until %v: %v", name, until, err)
			}
		}
	}
	if err := refused["takes another role"](in(time.Minute)); err != nil {
		t.Errorf("what ends sooner is refused: %v", err)
	}
	if err := d.ChangeGrant(t.Context(), dbtest.By(owner), o.ID, alpha, grants[0].ID, "admin", nil, versionOf(t, d, alpha)); err != nil {
		t.Errorf("the owner cannot extend it: %v", err)
	}
}
