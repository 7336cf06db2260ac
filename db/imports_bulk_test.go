package db_test

import (
	"bufio"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// bulkFile writes about so many records: a tenth users, a tenth members, a hundredth groups in a tree ten deep, half
// resources, the rest people in groups and grants.
func bulkFile(to io.Writer, records int) {
	out := bufio.NewWriter(to)
	defer out.Flush()
	users, groups, resources := records/10, records/100, records/2
	projects := resources / 50
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line(`{"type":"organization","slug":"bulk","name":"Bulk"}`)
	for n := range users {
		line(`{"type":"user","email":"user%d@bulk.test","name":"User %d","status":"active"}`, n, n)
	}
	for n := range users {
		line(`{"type":"member","organization":"bulk","user":"user%d@bulk.test","role":"%s","status":"active"}`, n, [...]string{"admin", "member", "modeler"}[min(n, 1)+n%2])
	}
	for n := range groups {
		line(`{"type":"group","organization":"bulk","name":"group %d","description":"Number %d."}`, n, n)
	}
	memberships := records / 20
	for n := range memberships {
		line(`{"type":"group_member","organization":"bulk","group":"group %d","user":"user%d@bulk.test","role":"member"}`, n%groups, (n*7)%users)
	}
	for n := 1; n < groups; n++ { // four in each, so depth is about log4
		line(`{"type":"group_member","organization":"bulk","group":"group %d","member_group":"group %d","role":"member"}`, (n-1)/4, n)
	}
	line(`{"type":"module","organization":"bulk","key":"risk","name":"Risk"}`)
	for n := range projects {
		line(`{"type":"resource","organization":"bulk","kind":"project","key":"project-%d","name":"Project %d","parent":"module/risk","owner":"user%d@bulk.test","access_mode":"restricted","org_role":"editor"}`, n, n, n%users)
	}
	for n := range resources - projects {
		line(`{"type":"resource","organization":"bulk","kind":"%s","key":"thing-%d","name":"Thing %d","parent":"project/project-%d","owner":"user%d@bulk.test"}`,
			[...]string{"package", "dataset", "secret", "analysis"}[n%4], n, n, n%projects, n%users)
	}
	rest := records - 2*users - 2*groups - memberships - resources - 1
	for n := range rest {
		if n%3 == 0 {
			line(`{"type":"grant","organization":"bulk","resource":"project/project-%d","group":"group %d","role":"%s"}`, n%projects, (n/projects)%groups, [...]string{"viewer", "editor"}[n%2])
		} else {
			line(`{"type":"grant","organization":"bulk","resource":"%s/thing-%d","user":"user%d@bulk.test","role":"viewer"}`, [...]string{"package", "dataset", "secret", "analysis"}[n%4], n, (n*13+1)%users)
		}
	}
}

// GATEHOUSE_RECORDS=1000000 is the size that the project promises.
func TestALargeFileIsImportedWithTheSameRules(t *testing.T) {
	d := dbtest.New(t)
	records := dbtest.FromEnvironment(t, "GATEHOUSE_RECORDS", 50_000)
	reader, writer := io.Pipe()
	go func() {
		bulkFile(writer, records)
		writer.Close()
	}()
	started, last, step := time.Now(), time.Now(), int64(0)
	report, err := d.Import(t.Context(), importer, reader, db.ImportOptions{Progress: func(what string, done, total int64) {
		if done-step > int64(records)/10 && total > 0 {
			t.Logf("%s: %d of %d after %v (%v)", what, done, total, time.Since(started).Round(time.Millisecond), time.Since(last).Round(time.Millisecond))
			last, step = time.Now(), done
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("%d records in %v, the program took %d MB from the system", report.Read, time.Since(started).Round(time.Millisecond), memory.Sys>>20)
	if len(report.Refused) > 0 {
		t.Fatalf("%d lines were refused, first %s", len(report.Refused), report.Refused[0])
	}
	if report.Changed != report.Read {
		t.Errorf("%+v", report)
	}
	soundBulk(t, d, records)
	started = time.Now()
	size := len(exported(t, d, "bulk"))
	t.Logf("%d MB were exported in %v", size>>20, time.Since(started).Round(time.Millisecond))
	if records <= 10_000 {
		exportsAlike(t, d, "bulk")
	}
}

// soundBulk checks what triggers and COPY made: the chain, the closure, the paths, no history of what nobody saw.
func soundBulk(t *testing.T, d *dbtest.Database, records int) {
	started := time.Now()
	soundAudit(t, d, "bulk")
	t.Logf("the audit log was verified in %v", time.Since(started).Round(time.Millisecond))
	checks := map[string]string{
		"events":            fmt.Sprintf("SELECT count(*) - %d FROM audit_events", records),
		"closure":           "SELECT count(*) FROM (WITH RECURSIVE i (a, d) AS (SELECT id, id FROM groups UNION SELECT i.a, n.member_group_id FROM i JOIN nested_groups n ON n.group_id = i.d) SELECT a, d FROM i EXCEPT SELECT ancestor_id, descendant_id FROM group_ancestry) AS missing",
		"paths":             "SELECT count(*) FROM resources r LEFT JOIN resources p ON p.id = r.parent_id WHERE r.path IS DISTINCT FROM COALESCE(p.path, '{}') || r.id",
		"history":           "SELECT (SELECT count(*) FROM history.resources) + (SELECT count(*) FROM history.users) + (SELECT count(*) FROM history.grants)",
		"versions":          "SELECT count(*) FROM resources WHERE acl_version <> 1",
		"different moments": "SELECT count(DISTINCT valid_from) - 1 FROM resources",
	}
	for name, statement := range checks {
		if wrong := number(t, d, statement); wrong != 0 {
			t.Errorf("%s: %d", name, wrong)
		}
	}
}
