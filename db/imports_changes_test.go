package db_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// changed are records about what the example made, with the events that they write and one fact afterwards.
var changed = []struct{ line, events, fact, want string }{
	{`{"type":"organization","slug":"acme","name":"Apex"}`, "organization.renamed", "SELECT name FROM resources WHERE kind = 'organization' AND key = 'acme'", "Apex"},
	{`{"type":"user","email":" CY@acme.test","name":"Cyra"}`, "user.imported", "SELECT name || ' ' || status FROM users WHERE email = 'cy@acme.test'", "Cyra active"},
	{`{"status":"deactivated","email":"cy@acme.test","type":"user"}`, "user.imported", "SELECT name || ' ' || status FROM users WHERE email = 'cy@acme.test'", "Cyra deactivated"},
	{`{"type":"member","organization":"acme","user":"bo@acme.test","role":"modeler","status":"deactivated"}`, "member.role_changed member.deactivated",
		"SELECT g.role_id || ' ' || m.status FROM memberships m JOIN users u ON u.id = m.user_id JOIN grants g ON g.user_id = u.id AND g.resource_kind = 'organization' WHERE u.email = 'bo@acme.test'", "organization/modeler deactivated"},
	{`{"type":"member","organization":"acme","user":"bo@acme.test","status":"active"}`, "member.reactivated", "SELECT m.status FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = 'bo@acme.test'", "active"},
	{`{"type":"group","organization":"acme","name":"Research","description":"New."}`, "group.edited", "SELECT name || ' ' || description FROM groups WHERE lower(name) = 'research'", "Research New."},
	{`{"type":"group_member","organization":"acme","group":"RESEARCH","user":"bo@acme.test","role":"member"}`, "group.member_role_changed", "SELECT role FROM group_members", "member"},
	{`{"type":"module","organization":"acme","key":"risk","description":"Ours."}`, "resource.edited", "SELECT name || ' ' || description FROM resources WHERE key = 'risk'", "Risk Ours."},
	{`{"type":"template","organization":"acme","project":"alpha","name":"analyst","rights":["view"]}`, "template.edited", "SELECT here::text || ' ' || below FROM roles WHERE org_id IS NOT NULL", "3 3"},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","name":"Alef"}`, "resource.edited", "SELECT concat_ws(' ', name, access_mode, org_role, acl_version) FROM resources WHERE key = 'alpha'", "Alef restricted editor 2"},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","owner":"bo@acme.test","access_mode":"public"}`, "resource.transferred resource.access_mode_changed",
		"SELECT concat_ws(' ', u.name, access_mode, org_role, acl_version) FROM resources r JOIN users u ON u.id = r.owner_id WHERE key = 'alpha'", "Bo public editor 3"},
	{`{"type":"grant","organization":"acme","resource":"project/alpha","group":"research","role":"viewer","expires_at":"2038-01-01T00:00:00.000001+01:00"}`, "grant.changed",
		"SELECT (expires_at AT TIME ZONE 'UTC')::text FROM grants g JOIN groups gr ON gr.id = g.group_id", "2037-12-31 23:00:00.000001"},
	{`{"type":"grant","organization":"acme","resource":"project/alpha","group":"research","role":"viewer","expires_at":null}`, "grant.changed",
		"SELECT count(*)::text FROM grants WHERE expires_at IS NOT NULL", "0"},
	{`{"type":"grant","organization":"acme","resource":"organization/acme","group":"research","role":"auditor"}`, "grant.created",
		"SELECT role_id FROM grants WHERE resource_kind = 'organization' AND group_id IS NOT NULL", "organization/auditor"},
	{`{"type":"member","organization":"partner","user":"bo@acme.test","role":"member"}`, "member.imported", "SELECT count(*)::text FROM memberships", "5"},
	{`{"type":"member","organization":"acme","user":"pia@partner.test","role":"member"}`, "member.imported", "SELECT count(*)::text FROM grants WHERE external AND user_id IS NOT NULL", "0"},
}

func TestEachTypeOfRecordChangesWhatIsThereAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	imported(t, d, grant("project/alpha", `"user":"pia@partner.test","role":"viewer"`)) // which she keeps as a member
	for _, one := range changed {
		last := number(t, d, "SELECT count(*) FROM audit_events")
		if report := imported(t, d, one.line); report.Changed != 1 {
			t.Errorf("%s\nmade the report %+v", one.line, report)
		}
		events := columnOf(t, d, "SELECT action FROM audit_events ORDER BY xid DESC, seq LIMIT $1", number(t, d, "SELECT count(*) FROM audit_events")-last)
		if got := strings.Join(events, " "); got != one.events {
			t.Errorf("%s\nwrote %s, want %s", one.line, got, one.events)
		}
		if got := columnOf(t, d, one.fact); len(got) != 1 || got[0] != one.want {
			t.Errorf("%s\nled to %q, want %q", one.line, got, one.want)
		}
		before := everything(t, d)
		if again := imported(t, d, one.line); again.Changed != 0 || everything(t, d) != before {
			t.Errorf("%s\nchanged something the second time", one.line)
		}
	}
	soundAudit(t, d, "acme", "partner")
}

// A grant that has expired makes room, as in the Share dialog.
func TestAGrantThatHasExpiredIsGivenAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	if err := commit(t, d, auditSomething+"; UPDATE grants SET expires_at = now() - interval '1 hour' WHERE expires_at IS NOT NULL"); err != nil {
		t.Fatal(err)
	}
	again := grant("project/alpha", `"group":"research","role":"viewer"`)
	if report := imported(t, d, again); report.Changed != 1 {
		t.Errorf("%+v", report)
	}
	if left := number(t, d, "SELECT count(*) FROM grants WHERE expires_at IS NOT NULL"); left != 0 {
		t.Error("the grant is still expired")
	}
}

// Order does not matter: a child may stand above its parent, a member above the account, a template above its project.
func TestTheOrderOfLinesDoesNotMatter(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(example), "\n")
	for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
		lines[i], lines[j] = lines[j], lines[i]
	}
	forwards, backwards := dbtest.New(t), dbtest.New(t)
	imported(t, forwards, example)
	imported(t, backwards, strings.Join(lines, "\n"))
	if a, b := exported(t, forwards, "acme"), exported(t, backwards, "acme"); string(a) != string(b) {
		t.Errorf("forwards\n%s\nbackwards\n%s", a, b)
	}
}

func TestACycleInAFileIsRefusedWhereItCloses(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	var lines []string
	for _, name := range []string{"a", "b", "c", "d"} {
		lines = append(lines, fmt.Sprintf(`{"type":"group","organization":"acme","name":"%s"}`, name))
	}
	for _, edge := range []string{"ab", "bc", "cd", "da", "ad"} {
		lines = append(lines, fmt.Sprintf(`{"type":"group_member","organization":"acme","group":"%c","member_group":"%c","role":"member"}`, edge[0], edge[1]))
	}
	_, sentences := refusals(t, d, importer, strings.Join(lines, "\n"), db.ImportOptions{Continue: true})
	if want := "line 8: a already contains d: a → b → c → d. Adding it would close a circle."; len(sentences) != 1 || sentences[0] != want {
		t.Errorf("%q, want %q", sentences, want)
	}
	if wrong := countClosureFaults(t, d); wrong != 0 {
		t.Errorf("the closure is wrong in %d rows", wrong)
	}
}

// What counts is how it ends: Admins may change places, and of several that go the last one is kept.
func TestTheLastAdminIsKept(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	imported(t, d, `{"type":"member","organization":"acme","user":"ana@acme.test","role":"member"}
		{"type":"member","organization":"acme","user":"bo@acme.test","role":"admin"}
		{"type":"member","organization":"acme","user":"cy@acme.test","role":"admin"}`)
	all := `{"type":"member","organization":"acme","user":"bo@acme.test","role":"auditor"}
		{"type":"member","organization":"acme","user":"cy@acme.test","role":"auditor"}
		{"type":"user","email":"bo@acme.test","status":"deactivated"}
		{"type":"user","email":"cy@acme.test","status":"deactivated"}`
	_, sentences := refusals(t, d, importer, all, db.ImportOptions{Continue: true})
	want := []string{"line 2: Cy is the only active Admin. Make somebody else an Admin first.", "line 4: Cy is the only active Admin. Make somebody else an Admin first."}
	if fmt.Sprint(sentences) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", sentences, want)
	}
	if admins := columnOf(t, d, "SELECT u.email FROM active_admins a JOIN users u ON u.id = a.user_id JOIN organizations o ON o.id = a.org_id WHERE o.slug = 'acme'"); len(admins) != 1 || admins[0] != "cy@acme.test" {
		t.Errorf("the Admins are %q", admins)
	}
	soundAudit(t, d, "acme")
}

// An account that is deactivated counts in every organization, also in one that the file does not name.
func TestTheLastAdminOfAnotherOrganizationIsKeptToo(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	imported(t, d, `{"type":"member","organization":"acme","user":"pia@partner.test","role":"member"}`)
	_, sentences := refusals(t, d, importer, `{"type":"user","email":"pia@partner.test","status":"deactivated"}`, db.ImportOptions{})
	if len(sentences) != 1 || !strings.Contains(sentences[0], "Pia is the only active Admin") {
		t.Errorf("%q", sentences)
	}
}

func TestAnOrganizationWhoseAdminIsRefusedIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	file := `{"type":"organization","slug":"fresh","name":"Fresh"}
		{"type":"user","email":"ana@fresh.test","status":"deactivated"}
		{"type":"member","organization":"fresh","user":"ana@fresh.test","role":"admin"}
		{"type":"module","organization":"fresh","key":"m","name":"M"}`
	_, sentences := refusals(t, d, importer, file, db.ImportOptions{})
	if len(sentences) != 4 || !strings.Contains(sentences[0], "line 1: An organization needs an active Admin") ||
		!strings.Contains(sentences[1], "line 2: There is no organization whose audit log") || !strings.Contains(sentences[2], `no organization "fresh"`) {
		t.Errorf("%q", sentences)
	}
}
