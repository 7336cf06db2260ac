package db_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// The audit log is append-only, and a log that somebody changed with the triggers off does not verify.

func TestTheAuditLogIsAppendOnly(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Organization(t, "acme")
	for _, statement := range []string{"UPDATE audit_events SET actor_name = 'nobody'", "DELETE FROM audit_events",
		"TRUNCATE audit_events", "TRUNCATE organizations CASCADE", "UPDATE audit_events SET hash = hash WHERE false"} {
		if err := commit(t, d, statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// forgeries are what somebody with the database's password could try on event 3 of a log.
var forgeries = map[string]string{
	"delete the first":             "DELETE FROM audit_events WHERE org_id = $org AND seq = 1",
	"delete one":                   "DELETE FROM audit_events WHERE org_id = $org AND seq = 3",
	"delete one and close the gap": "DELETE FROM audit_events WHERE org_id = $org AND seq = 3; UPDATE audit_events SET seq = -seq WHERE org_id = $org AND seq > 3; UPDATE audit_events SET seq = -seq - 1 WHERE org_id = $org AND seq < 0",
	"cut the tail":                 "DELETE FROM audit_events WHERE org_id = $org AND seq > 4",
	"cut it all":                   "DELETE FROM audit_events WHERE org_id = $org",
	"swap two":                     "UPDATE audit_events SET seq = -seq WHERE org_id = $org AND seq IN (3, 4); UPDATE audit_events SET seq = 7 + seq WHERE org_id = $org AND seq < 0",
	"swap two with their hashes": `UPDATE audit_events SET seq = -seq WHERE org_id = $org AND seq IN (3, 4); UPDATE audit_events SET seq = 7 + seq WHERE org_id = $org AND seq < 0;
		UPDATE audit_events a SET hash = b.hash FROM audit_events b WHERE a.org_id = $org AND b.org_id = $org AND a.seq + b.seq = 7 AND a.seq IN (3, 4)`,
	"put one in":                  "UPDATE audit_events SET seq = -seq WHERE org_id = $org AND seq > 3; UPDATE audit_events SET seq = 1 - seq WHERE org_id = $org AND seq < 0; $copy 4 FROM audit_events WHERE org_id = $org AND seq = 3",
	"add one":                     "$copy (SELECT max(seq) + 1 FROM audit_events WHERE org_id = $org) FROM audit_events WHERE org_id = $org AND seq = 3",
	"rewrite one":                 "UPDATE audit_events SET actor_name = 'nobody' WHERE org_id = $org AND seq = 3; UPDATE audit_events e SET hash = audit_hash((SELECT hash FROM audit_events WHERE org_id = $org AND seq = 2), e) WHERE org_id = $org AND seq = 3",
	"rewrite last":                "UPDATE audit_events e SET actor_name = 'nobody' WHERE org_id = $org AND seq = (SELECT seq FROM audit_heads WHERE org_id = $org); UPDATE audit_events e SET hash = audit_hash((SELECT p.hash FROM audit_events p WHERE p.org_id = $org AND p.seq = e.seq - 1), e) WHERE org_id = $org AND seq = (SELECT seq FROM audit_heads WHERE org_id = $org)",
	"take another organization's": "UPDATE audit_events a SET hash = b.hash, action = b.action, target_id = b.target_id FROM audit_events b WHERE a.org_id = $org AND b.org_id <> $org AND a.seq = 3 AND b.seq = 3",
}

const copyAll = `INSERT INTO audit_events (actor_id, actor_name, via, action, target_type, target_id, target_name, subject_type, subject_id,
	subject_name, before, after, address, request_id, at, hash, org_id, seq) SELECT actor_id, actor_name, via, action, target_type, target_id, target_name,
	subject_type, subject_id, subject_name, before, after, address, request_id, at, hash, org_id, `

func TestEveryForgeryOfTheAuditLogIsFound(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme, other := d.Organization(t, "acme"), d.Organization(t, "other")
	for i, org := range []*dbtest.Organization{acme, other, acme, acme, other} {
		org.Group(fmt.Sprint("group ", i), org.Member(fmt.Sprint("user", i), "member"))
	}
	if events, err := d.VerifyAudit(t.Context(), acme.ID); err != nil || events < 8 {
		t.Fatalf("%d events, %v", events, err)
	}
	if err := commit(t, d, "CREATE TABLE kept AS TABLE audit_events"); err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("$org", "'"+string(acme.ID)+"'", "$copy", copyAll)
	all := map[string]string{}
	for name, forgery := range forgeries {
		all[name] = fill.Replace(forgery)
	}
	for name, forgery := range editsOfEveryField(t, d) {
		all[name] = fill.Replace(forgery)
	}
	for name, forgery := range all {
		if err := commit(t, d, "SET LOCAL session_replication_role = replica; "+forgery); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if events, err := d.VerifyAudit(t.Context(), acme.ID); err == nil || events >= 3 && strings.HasPrefix(name, "edit") {
			t.Errorf("%s: said to be sound up to event %d, %v", name, events, err)
		}
		if _, err := d.VerifyAudit(t.Context(), other.ID); err != nil {
			t.Errorf("%s: the other organization's log: %v", name, err)
		}
		restore := "SET LOCAL session_replication_role = replica; DELETE FROM audit_events; INSERT INTO audit_events TABLE kept"
		if err := commit(t, d, restore); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.VerifyAudit(t.Context(), acme.ID); err != nil {
		t.Errorf("after all forgeries were undone: %v", err)
	}
}

// editsOfEveryField changes each field of an event that says what happened. The transaction's number says nothing.
func editsOfEveryField(t *testing.T, d *dbtest.Database) map[string]string {
	edits := map[string]string{}
	others := map[string]string{"uuid": "gen_random_uuid()", "timestamp with time zone": "%[1]s + interval '1 microsecond'", "jsonb": `'{"role": "admin"}'`, "text": "%[1]s || ' '"}
	columns, err := d.Pool.Query(t.Context(), `SELECT column_name::text, data_type::text FROM information_schema.columns
		WHERE table_name = 'audit_events' AND column_name NOT IN ('org_id', 'seq', 'hash', 'xid')`)
	if err != nil {
		t.Fatal(err)
	}
	var name, kind string
	_, err = pgx.ForEachRow(columns, []any{&name, &kind}, func() error {
		other, ok := others[kind]
		if !ok {
			t.Errorf("the field %s is a %s", name, kind)
		}
		if strings.Contains(other, "%") {
			other = fmt.Sprintf(other, name)
		}
		if name == "via" { // only a few are possible
			other = "'import'"
		}
		edits["edit "+name] = "UPDATE audit_events SET " + name + " = " + other + " WHERE org_id = $org AND seq = 3"
		return nil
	})
	if err != nil || len(edits) < 14 {
		t.Fatalf("%d fields, %v", len(edits), err)
	}
	return edits
}

// A verification reads a log that grows: what is written meanwhile is no forgery.
func TestALogThatGrowsWhileItIsVerifiedIsSound(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	writing := make(chan struct{})
	go func() {
		defer close(writing)
		for i := range rounds(t, 150) {
			if err := d.RenameOrganization(t.Context(), dbtest.By(acme.Admin), acme.ID, fmt.Sprint("Acme ", i)); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	for verified := 0; ; verified++ {
		if events, err := d.VerifyAudit(t.Context(), acme.ID); err != nil {
			t.Errorf("after %d events: %v", events, err)
			<-writing
			return
		}
		select {
		case <-writing:
			t.Logf("verified %d times while it grew", verified)
			return
		default:
		}
	}
}

// The same change is never in two logs, and each log counts from 1 without gaps.
func TestEachOrganizationHasALogOfItsOwn(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme, other := d.Organization(t, "acme"), d.Organization(t, "other")
	acme.Group("research")
	events, _, err := d.ListAuditEvents(t.Context(), other.ID, db.AuditFilter{About: acme.ID})
	if err != nil || len(events) != 0 {
		t.Errorf("the other organization sees %d events, %v", len(events), err)
	}
	for _, org := range []access.ID{acme.ID, other.ID} {
		if gaps := number(t, d, "SELECT max(seq) - count(*) FROM audit_events WHERE org_id = $1", org); gaps != 0 {
			t.Errorf("%d gaps", gaps)
		}
	}
}
