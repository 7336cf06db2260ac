package db_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// company is an organization in which people hold different things: Ana its Admin, Bo an Admin of project alpha, Cy who
// administers the groups helpers and (which carries the role Auditor) guards, Di an Editor of alpha.
const company = `
{"type":"organization","slug":"acme","name":"Acme"}
{"type":"user","email":"ana@acme.test","name":"Ana"}
{"type":"user","email":"bo@acme.test","name":"Bo"}
{"type":"user","email":"cy@acme.test","name":"Cy"}
{"type":"user","email":"di@acme.test","name":"Di"}
{"type":"user","email":"otto@acme.test","name":"Otto"}
{"type":"user","email":"guest@else.test","name":"Guest"}
{"type":"member","organization":"acme","user":"ana@acme.test","role":"admin"}
{"type":"member","organization":"acme","user":"bo@acme.test","role":"member"}
{"type":"member","organization":"acme","user":"cy@acme.test","role":"member"}
{"type":"member","organization":"acme","user":"di@acme.test","role":"modeler"}
{"type":"member","organization":"acme","user":"otto@acme.test","role":"member"}
{"type":"group","organization":"acme","name":"helpers"}
{"type":"group","organization":"acme","name":"guards"}
{"type":"group_member","organization":"acme","group":"helpers","user":"cy@acme.test","role":"admin"}
{"type":"group_member","organization":"acme","group":"guards","user":"cy@acme.test","role":"admin"}
{"type":"module","organization":"acme","key":"risk","name":"Risk"}
{"type":"resource","organization":"acme","kind":"project","key":"alpha","name":"Alpha","parent":"module/risk","owner":"otto@acme.test","access_mode":"restricted"}
{"type":"resource","organization":"acme","kind":"project","key":"hidden","name":"Hidden","parent":"module/risk","owner":"otto@acme.test","access_mode":"restricted"}
{"type":"template","organization":"acme","project":"alpha","name":"reader","rights":["view"]}
{"type":"grant","organization":"acme","resource":"project/alpha","user":"bo@acme.test","role":"admin"}
{"type":"grant","organization":"acme","resource":"project/alpha","user":"di@acme.test","role":"editor"}
{"type":"grant","organization":"acme","resource":"organization/acme","group":"guards","role":"auditor"}
`

// asked are lines with the people who may import them; everybody else is refused. An outsider may import nothing.
var asked = []struct{ line, may string }{
	{`{"type":"organization","slug":"mine","name":"Mine"}`, ""},
	{`{"type":"organization","slug":"acme","name":"Apex"}`, "ana"},
	{`{"type":"user","email":"new@acme.test","name":"New"}`, ""},
	{`{"type":"user","email":"di@acme.test","status":"deactivated"}`, ""},
	{`{"type":"member","organization":"acme","user":"guest@else.test","role":"member"}`, "ana"},
	{`{"type":"member","organization":"acme","user":"di@acme.test","role":"admin"}`, "ana"},
	{`{"type":"member","organization":"acme","user":"di@acme.test","status":"deactivated"}`, "ana"},
	{`{"type":"group","organization":"acme","name":"fresh"}`, "ana"},
	{`{"type":"group","organization":"acme","name":"helpers","description":"New."}`, "ana cy"},
	{`{"type":"group_member","organization":"acme","group":"helpers","user":"bo@acme.test","role":"member"}`, "ana cy"},
	{`{"type":"group_member","organization":"acme","group":"guards","user":"bo@acme.test","role":"member"}`, "ana"},
	{`{"type":"group_member","organization":"acme","group":"guards","member_group":"helpers","role":"member"}`, "ana"},
	{`{"type":"module","organization":"acme","key":"fresh","name":"Fresh"}`, "ana"},
	{`{"type":"module","organization":"acme","key":"risk","name":"Hazard"}`, "ana"},
	{`{"type":"template","organization":"acme","project":"alpha","name":"writer","rights":["view","edit"]}`, "bo otto"},
	{`{"type":"template","organization":"acme","project":"alpha","name":"reader","rights":["view","query"]}`, "bo otto"},
	{resource("project", "beta", "module/risk", "di@acme.test"), "ana di"},
	{resource("package", "core", "project/alpha", "di@acme.test"), "bo di otto"},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","name":"Alef"}`, "bo di otto"},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","access_mode":"public"}`, "bo otto"},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","owner":"bo@acme.test"}`, "ana otto"},
	{grant("project/alpha", `"user":"cy@acme.test","role":"viewer"`), "bo otto"},
	{grant("project/alpha", `"user":"cy@acme.test","role":"admin"`), "bo otto"},
	{grant("project/alpha", `"user":"bo@acme.test","role":"admin","expires_at":"2038-01-01T00:00:00Z"`), "bo otto"},
	{grant("project/alpha", `"user":"cy@acme.test","template":"reader"`), "bo otto"},
	{grant("project/hidden", `"user":"bo@acme.test","role":"viewer"`), "otto"},
	{grant("module/risk", `"user":"bo@acme.test","role":"creator"`), "ana"},
	{grant("organization/acme", `"group":"helpers","role":"admin"`), "ana"},
}

// Importing a file that grants more than the importer holds is refused, line by line. To see it fail, take the call of
// access.Decide out of allow in db/imports_pages.go.
func TestAFileMayDoNoMoreThanWhoImportsIt(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, company)
	for _, person := range []string{"ana@acme.test", "bo@acme.test", "cy@acme.test", "di@acme.test", "otto@acme.test", "guest@else.test"} {
		account, err := d.FindAccount(t.Context(), person)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(person, "@")
		for _, one := range asked {
			may := strings.Contains(" "+one.may+" ", " "+name+" ")
			report := tried(t, d, db.By{User: account.ID, Via: "import"}, one.line)
			if allowed := len(report.Refused) == 0; allowed != may {
				t.Errorf("%s imports %s: %v %v, want %v", name, one.line, allowed, report.Refused, may)
			}
		}
	}
	soundAudit(t, d, "acme")
}

// tried imports a line together with one that nobody may import, so that nothing is applied; the report is about the line.
func tried(t *testing.T, d *dbtest.Database, by db.By, line string) db.ImportReport {
	t.Helper()
	report, sentences := refusals(t, d, by, line+"\nnothing", db.ImportOptions{})
	if len(sentences) == 0 || !strings.HasPrefix(sentences[len(sentences)-1], "line 2:") {
		t.Fatalf("the second line was let through: %q", sentences)
	}
	report.Refused = report.Refused[:len(report.Refused)-1]
	return report
}

func TestWhatTheImporterMayNotSeeIsNotThere(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, company)
	for person, want := range map[string]string{
		"bo@acme.test":    `line 1, resource: There is no project "hidden" in acme.`,
		"guest@else.test": `line 1, organization: There is no organization "acme".`,
	} {
		account, err := d.FindAccount(t.Context(), person)
		if err != nil {
			t.Fatal(err)
		}
		by := db.By{User: account.ID, Via: "import"}
		_, sentences := refusals(t, d, by, grant("project/hidden", `"user":"bo@acme.test","role":"viewer"`), db.ImportOptions{})
		if len(sentences) != 1 || sentences[0] != want {
			t.Errorf("%s reads %q, want %q", person, sentences, want)
		}
	}
}

func TestNobodyImportsWithADeactivatedAccount(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, company)
	imported(t, d, `{"type":"user","email":"bo@acme.test","status":"deactivated"}`)
	account, err := d.FindAccount(t.Context(), "bo@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Import(t.Context(), db.By{User: account.ID, Via: "import"}, strings.NewReader(company), db.ImportOptions{})
	if !errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("%v", err)
	}
}

// The events say who it was, and an import by a person keeps the chain too.
func TestAnImportByAPersonIsAuditedAsTheirs(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, company)
	account, err := d.FindAccount(t.Context(), "ana@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	report, sentences := refusals(t, d, db.By{User: account.ID, Via: "import"}, `{"type":"group","organization":"acme","name":"fresh"}`, db.ImportOptions{})
	last := columnOf(t, d, "SELECT actor_name || ' ' || via || ' ' || action FROM audit_events ORDER BY seq DESC LIMIT 1")
	if report.Changed != 1 || fmt.Sprint(last) != "[Ana import group.created]" {
		t.Errorf("%+v %q, the last event is %q", report, sentences, last)
	}
	soundAudit(t, d, "acme")
}
