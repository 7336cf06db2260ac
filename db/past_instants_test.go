package db_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

func TestAGrantThatExpiredBetweenTwoMomentsIsSeenInTheFirstOnly(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	ana := acme.Member("ana", "member")
	alpha := acme.Project("Alpha", acme.Admin)
	share := db.Share{Who: []access.Ref{{Type: "user", ID: ana}}, Role: "viewer", ExpiresAt: in(time.Hour), Version: 2}
	if err := d.GrantRoles(t.Context(), dbtest.By(acme.Admin), acme.ID, alpha, share); err != nil {
		t.Fatal(err)
	}
	p := &past{acme: acme, users: []access.ID{ana}, resources: []access.ID{alpha}}
	before := p.remember(t)
	endAt(t, d, before.at.Add(time.Microsecond))
	after := p.remember(t)
	for name, m := range map[string]moment{"discover view query": before, "": after} {
		pair := [2]access.ID{ana, alpha}
		if now, then := wordsOf(m.rights[pair]), wordsOf(p.recall(t, m)[pair]); now != name || then != name {
			t.Errorf("%q when asked, %q as of then; want %q", now, then, name)
		}
	}
}

// The views of as_of must show every column of their tables, or the same query text would not run there.
func TestTheSchemaAsOfHasTheTablesThatDecisionsRead(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	columns := func(schema string) string {
		var all []string
		rows, err := d.Pool.Query(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
			WHERE table_schema = $1 AND table_name IN (SELECT table_name FROM information_schema.views WHERE table_schema = 'as_of')
			ORDER BY table_name, ordinal_position`, schema)
		if err != nil {
			t.Fatal(err)
		}
		if all, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
		return strings.Join(all, "\n")
	}
	if live, then := columns("public"), columns("as_of"); live != then || !strings.Contains(live, "grants.expires_at") {
		t.Errorf("the tables have\n%s\nand as_of has\n%s", live, then)
	}
}

// At the very instant of a change the new row is true and the old one is not: no instant has both, and none has neither.
func TestAtTheInstantOfAChangeOnlyTheNewIsTrue(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	s.acme.Grant(s.owner, s.project, toUser(s.ana), "editor")
	must(t, s.mode(t, s.owner, s.project, access.Restricted, "viewer"))
	grants, err := s.ListGrants(t.Context(), s.acme.ID, s.project)
	if err != nil || len(grants) != 1 {
		t.Fatalf("%d grants, %v", len(grants), err)
	}
	version := number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", s.project)
	must(t, s.ChangeGrant(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, grants[0].ID, "viewer", nil, int64(version)))
	var changed time.Time
	if err := s.Pool.QueryRow(t.Context(), "SELECT valid_from FROM grants WHERE id = $1", grants[0].ID).Scan(&changed); err != nil {
		t.Fatal(err)
	}
	p := &past{acme: s.acme, users: []access.ID{s.ana}, resources: []access.ID{s.project}}
	for at, role := range map[time.Duration]string{-time.Microsecond: "editor", 0: "viewer", time.Microsecond: "viewer"} {
		rights := p.recall(t, moment{at: changed.Add(at)})[[2]access.ID{s.ana, s.project}]
		if got, want := wordsOf(rights), contentRightsInOrder(role); got != want {
			t.Errorf("%v from the change: %q, want %q", at, got, want)
		}
	}
}
