package db_test

import (
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// importer is the operator with a file.
var importer = db.By{Via: "import"}

// example has a record of every type, and what they need besides.
const example = `
{"type":"organization","slug":"partner","name":"Partner"}
{"type":"user","email":"pia@partner.test","name":"Pia","status":"active"}
{"type":"member","organization":"partner","user":"pia@partner.test","role":"admin","status":"active"}
{"type":"organization","slug":"acme","name":"Acme"}
{"type":"user","email":"ana@acme.test","name":"Ana Lopes","status":"active"}
{"type":"user","email":"bo@acme.test","name":"Bo","status":"active"}
{"type":"user","email":"cy@acme.test","name":"Cy","status":"active"}
{"type":"member","organization":"acme","user":"ana@acme.test","role":"admin","status":"active"}
{"type":"member","organization":"acme","user":"bo@acme.test","role":"member","status":"active"}
{"type":"member","organization":"acme","user":"cy@acme.test","role":"member","status":"active"}
{"type":"group","organization":"acme","name":"research","description":"…"}
{"type":"group","organization":"acme","name":"quant"}
{"type":"group_member","organization":"acme","group":"research","user":"bo@acme.test","role":"admin"}
{"type":"group_member","organization":"acme","group":"research","member_group":"quant","role":"member"}
{"type":"module","organization":"acme","key":"risk","name":"Risk"}
{"type":"template","organization":"acme","project":"alpha","name":"analyst","rights":["view","query"]}
{"type":"resource","organization":"acme","kind":"project","key":"alpha","name":"Alpha","parent":"module/risk","owner":"ana@acme.test","access_mode":"restricted","org_role":"editor"}
{"type":"resource","organization":"acme","kind":"package","key":"alpha-core","name":"Core","parent":"project/alpha","owner":"ana@acme.test"}
{"type":"grant","organization":"acme","resource":"project/alpha","group":"research","role":"viewer","expires_at":"2037-01-01T00:00:00Z"}
{"type":"grant","organization":"acme","resource":"module/risk","user":"bo@acme.test","role":"creator"}
{"type":"grant","organization":"acme","resource":"project/alpha","grantee_organization":"partner","role":"viewer"}
{"type":"grant","organization":"acme","resource":"project/alpha","user":"cy@acme.test","template":"analyst"}
`

// imported imports a text that must be accepted whole.
func imported(t testing.TB, d *dbtest.Database, text string) db.ImportReport {
	t.Helper()
	report, err := d.Import(t.Context(), importer, strings.NewReader(text), db.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, refusal := range report.Refused {
		t.Errorf("refused: %s", refusal)
	}
	if t.Failed() {
		t.FailNow()
	}
	return report
}

// refusals imports a text and gives the sentences with which it was refused.
func refusals(t testing.TB, d *dbtest.Database, by db.By, text string, options db.ImportOptions) (db.ImportReport, []string) {
	t.Helper()
	report, err := d.Import(t.Context(), by, strings.NewReader(text), options)
	if err != nil {
		t.Fatal(err)
	}
	var sentences []string
	for _, refusal := range report.Refused {
		sentences = append(sentences, refusal.String())
	}
	return report, sentences
}

// orgID is the id of an organization by its slug.
func orgID(t testing.TB, d *dbtest.Database, slug string) access.ID {
	t.Helper()
	standing, err := d.FindStanding(t.Context(), slug, access.Person{})
	if err != nil {
		t.Fatal(err)
	}
	return standing.Org.ID
}

// everything counts what a second import of the same file must leave alone.
func everything(t testing.TB, d *dbtest.Database) string {
	t.Helper()
	return strings.Join(columnOf(t, d, `
		SELECT 'events ' || count(*) FROM audit_events
		UNION ALL SELECT 'versions ' || sum(acl_version) FROM resources
		UNION ALL SELECT 'history ' || (SELECT count(*) FROM history.users) + (SELECT count(*) FROM history.resources) + (SELECT count(*) FROM history.grants)
			+ (SELECT count(*) FROM history.memberships) + (SELECT count(*) FROM history.groups) + (SELECT count(*) FROM history.group_members) + (SELECT count(*) FROM history.roles)
		UNION ALL SELECT 'facts ' || (SELECT count(*) FROM users) || ' ' || (SELECT count(*) FROM memberships) || ' ' || (SELECT count(*) FROM groups) || ' '
			|| (SELECT count(*) FROM group_members) || ' ' || (SELECT count(*) FROM nested_groups) || ' ' || (SELECT count(*) FROM group_ancestry)
			|| ' ' || (SELECT count(*) FROM resources) || ' ' || (SELECT count(*) FROM grants) || ' ' || (SELECT count(*) FROM roles)`), "\n")
}

func soundAudit(t testing.TB, d *dbtest.Database, slugs ...string) {
	t.Helper()
	for _, slug := range slugs {
		if _, err := d.VerifyAudit(t.Context(), orgID(t, d, slug)); err != nil {
			t.Errorf("the audit log of %s: %v", slug, err)
		}
	}
}

func TestTheExampleOfTheContractIsImportedAndTheSecondTimeChangesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	report := imported(t, d, example)
	if report.Read != 22 || report.Changed != 22 || report.Unchanged != 0 {
		t.Errorf("the report is %+v", report)
	}
	before := everything(t, d)
	again := imported(t, d, example)
	if again.Changed != 0 || again.Unchanged != 22 {
		t.Errorf("the second time the report is %+v", again)
	}
	if after := everything(t, d); after != before {
		t.Errorf("the second time changed\n%s\nto\n%s", before, after)
	}
	soundAudit(t, d, "acme", "partner")
	if wrong := countClosureFaults(t, d); wrong != 0 {
		t.Errorf("the closure is wrong in %d rows", wrong)
	}
}

// Events that come with numbers, as an import writes them, must follow what is there.
func TestANumberedAuditEventThatDoesNotFollowIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	for _, number := range []string{"1", "99", "-1"} {
		statement := strings.Replace(auditSomething, "SELECT id, 0,", "SELECT id, "+number+",", 1)
		if err := commit(t, d, statement); err == nil {
			t.Errorf("an event with the number %s is written", number)
		}
	}
	soundAudit(t, d, "acme", "partner")
}
