package web

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// isFile tells whether a browser saves the answer instead of showing it.
func (a *answer) isFile() bool {
	return strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") && a.header.Get("X-Content-Type-Options") == "nosniff"
}

// To see it fail: let harmless return its cell.
func TestWhatPeopleStoreIsNeverAFormulaInADownload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, formula := range []string{`=HYPERLINK("http://evil.test")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1"} {
		w.exec(`UPDATE users SET name = $2 WHERE id = $1::uuid`, w.ids["plain"], formula)
		w.exec(`UPDATE resources SET name = $2 WHERE id = $1::uuid`, w.ids["alpha"], formula)
		for _, path := range []string{"/orgs/acme/access/resources/{alpha}/export", "/orgs/acme/access/people/{plain}/export", "/orgs/acme/access/people/{moda}/export"} {
			got := w.get("admin", path).must(http.StatusOK)
			table, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range table {
				for _, cell := range row {
					if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
						t.Errorf("%d %s: the cell %q is a formula", i, path, cell)
					}
				}
			}
		}
	}
}

// A download is the whole report, in both formats. GATEHOUSE_ROWS asks for more: a release for 100,000.
func TestADownloadHoldsEveryRowOfTheReport(t *testing.T) {
	t.Parallel()
	w, rows := newWorld(t), dbtest.FromEnvironment(t, "GATEHOUSE_ROWS", 1200)
	w.exec(`WITH made AS (INSERT INTO users (id, email) SELECT gen_random_uuid(), 'many' || n || '@acme.test' FROM generate_series(1, $3::int) AS n RETURNING id),
		joined AS (INSERT INTO memberships (org_id, user_id) SELECT $1::uuid, id FROM made RETURNING user_id)
		INSERT INTO group_members (org_id, group_id, user_id, role) SELECT $1::uuid, $2::uuid, user_id, 'member' FROM joined`, w.ids["acme"], w.ids["research"], rows)
	path := "/orgs/acme/access/resources/{alpha}/export?right=view&format="
	table, err := csv.NewReader(strings.NewReader(w.get("auditor", path+"csv").must(http.StatusOK).body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Email string
		Paths []string
	}
	if err := json.Unmarshal([]byte(w.get("auditor", path+"json").must(http.StatusOK).body), &list); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range list {
		if seen[row.Email] || len(row.Paths) == 0 {
			t.Errorf("%s stands twice, or without a reason", row.Email)
		}
		seen[row.Email] = true
	}
	for n := 1; n <= rows; n++ {
		if email := fmt.Sprintf("many%d@acme.test", n); !seen[email] {
			t.Errorf("%s is missing", email)
		}
	}
	if len(table) != len(list)+1 {
		t.Errorf("%d rows as CSV and %d as JSON", len(table)-1, len(list))
	}
	w.get("auditor", path+"xml").must(http.StatusUnprocessableEntity)
	w.get("auditor", "/orgs/acme/access/resources/{alpha}/export?right=fly").must(http.StatusUnprocessableEntity)
}

// What is said to open with a project is what does. Break: in queries/resources.sql, CountFollowersInside, or queries/reports.sql,
// ListOpenResources, leave out opens.
func TestWhatIsSaidToOpenWithAProjectDoesOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alpha := w.fillIn("/orgs/acme/resources/{alpha}")
	w.get("owner", alpha+"/access-mode?mode=public").must(http.StatusOK).says("This counts for 5 resources inside it too. 2 more go no wider than Organization")
	w.get("owner", alpha+"/access-mode?mode=anonymous").must(http.StatusOK).says("This counts for 5 resources inside it too. 2 more go no wider than Organization")
	w.get("owner", alpha+"/access-mode?mode=organization&role=viewer").must(http.StatusOK).says("This counts for 7 resources inside it too.").saysNothingOf("no wider")
	w.exec(`UPDATE resources SET access_mode = 'anonymous' WHERE id = $1`, w.ids["alpha"])
	opened := 0
	for _, thing := range []string{"pack", "figures", "dashboard", "rate", "password", "bucket", "artifact"} {
		if w.get("anonymous", w.fillIn("/orgs/acme/resources/{"+thing+"}")).status == http.StatusOK {
			opened++
		}
	}
	if opened != 5 {
		t.Errorf("%d things are open, not 5", opened)
	}
	w.get("owner", alpha+"/access-mode?mode=restricted").must(http.StatusOK).says("This counts for 7 resources inside it too.")
	w.get("admin", "/orgs/acme/access?tab=open").must(http.StatusOK).says("5 resources")
	w.get("admin", "/orgs/acme/access/open/export").must(http.StatusOK).holds("Alpha,Workspace,moda@acme.test,5")
}

// Break: in web/reports.go, addPlacesToAsk or what addPeopleToAsk adds of people outside, or its Status; in views/modules.templ, Reports.
func TestReportsAreFoundForEveryKindAndForPeopleOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("owner", "/orgs/acme/resources/{alpha}/grants", "add=gil@globex.test&role=viewer&version="+w.aclVersion(w.ids["alpha"])).must(http.StatusSeeOther)
	for kind, search := range map[string]string{"acme": "ACM", "yard": "yar", "workspace": "Workspace", "alpha": "alpha", "figures": "figures"} {
		report := w.fillIn("/orgs/acme/access/resources/{" + kind + "}")
		w.get("auditor", "/orgs/acme/access?search="+search).must(http.StatusOK).holds(`href="` + report + `"`)
		w.get("auditor", report).must(http.StatusOK)
	}
	w.get("auditor", "/orgs/acme/access?search=nowhere").must(http.StatusOK).says("Nothing was found")
	for _, search := range []string{"", "GIL", "gil@globex"} {
		w.get("auditor", "/orgs/acme/access?tab=people&search="+search).must(http.StatusOK).says("People outside").says("gil@globex.test").says("External").
			holds(w.fillIn(`/orgs/acme/access/people/{gil}`))
	}
	everybody := w.get("auditor", "/orgs/acme/access?tab=people").saysNothingOf(w.ids["outsider"]).saysNothingOf("newcomer@invited.test")
	everybody.says("1–8 of 8") // members: no invitation, and nobody from outside
	for _, kind := range []string{"yard", "alpha", "figures"} {
		w.get("auditor", "/orgs/acme/resources/{"+kind+"}").must(http.StatusOK).holds(w.fillIn("/orgs/acme/access/resources/{" + kind + "}"))
		w.get("member", "/orgs/acme/resources/{"+kind+"}").saysNothingOf("/access/resources/")
	}
}

// Break: in web/reports.go, modes; in queries/reports.sql, ListOpenResources, key or place.
func TestWhatIsOpenToOthersIsOneListThatTellsEqualNamesApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET access_mode = 'anonymous' WHERE id = $1::uuid`, w.ids["alpha"])
	w.exec(`UPDATE resources SET access_mode = 'public', name = 'Alpha' WHERE id = $1::uuid`, w.ids["pack"])
	w.exec(`UPDATE resources SET access_mode = 'organization' WHERE id = $1::uuid`, w.ids["figures"])
	list := "/orgs/acme/access?tab=open"
	w.get("auditor", list).must(http.StatusOK).says("Project in Workspace").says("Package in Workspace / Alpha").says("1–2 of 2").
		saysNothingOf(w.fillIn(`href="/orgs/acme/resources/{figures}"`))
	w.get("auditor", list+"&mode=anonymous").must(http.StatusOK).says("1–1 of 1").says("Project in Workspace").saysNothingOf("Package in")
	w.get("auditor", list+"&mode=public").must(http.StatusOK).says("1–1 of 1").says("Package in Workspace / Alpha").saysNothingOf("Project in")
	table, err := csv.NewReader(strings.NewReader(w.get("auditor", "/orgs/acme/access/open/export").must(http.StatusOK).body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"access_mode", "kind", "key", "resource", "place", "owner", "inside"},
		{"anonymous", "project", "alpha", "Alpha", "Workspace", "moda@acme.test"}, {"public", "package", "pack", "Alpha", "Workspace / Alpha", "moda@acme.test"}}
	for _, row := range want[1:] {
		if !slices.ContainsFunc(table, func(got []string) bool { return slices.Equal(got[:6], row) }) {
			t.Errorf("the download lacks %v: %v", row, table)
		}
	}
	if len(table) != len(want) || !slices.Equal(table[0], want[0]) {
		t.Errorf("the download is %v", table)
	}
}

// A cursor that names somebody's id tells nothing of how their name sorts. Break: in db/reports.go, peopleByName, look up the name of last.ID.
func TestACursorOfWhoCanTellsOfNoStrangersName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET access_mode = 'organization' WHERE id = $1::uuid`, w.ids["alpha"])
	listed := func(cursor func(id string) string, who string) string {
		id := w.ids[who]
		if id == "" {
			id = uuid.NewString()
		}
		return w.get("auditor", "/orgs/acme/access/resources/{alpha}?after=by-name:"+cursor(id), fixedID).must(http.StatusOK).says("Admin of acme").without(cursor(id))
	}
	for name, cursor := range map[string]func(id string) string{
		"an id": func(id string) string { return id },
		"a position without a name": func(id string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(`{"n":"","i":"` + id + `","s":0}`))
		},
	} {
		want := listed(cursor, "nobody")
		for _, who := range []string{"gil", "outsider", "dan"} { // whom the list does not hold
			if got := listed(cursor, who); got != want {
				t.Errorf("%s of %s is answered otherwise than one that was never issued:\n%s\n%s", name, who, got, want)
			}
		}
	}
}

// Break: in db/reports.go, the order of peopleByName or where it begins; in views/reports.go, rightOptions.
func TestWhoCanIsInTheOrderOfNamesAndAsksForRightsOfItsKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE resources SET access_mode = 'organization' WHERE id = $1::uuid`, w.ids["alpha"])
	w.exec(`UPDATE users SET name = 'Zoe' WHERE id = $1::uuid`, w.ids["audra"])
	table, err := csv.NewReader(strings.NewReader(w.get("auditor", "/orgs/acme/access/resources/{alpha}/export").must(http.StatusOK).body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range table[1:] {
		names = append(names, row[0])
	}
	if want := []string{"Admin of acme", "grace", "moda", "plain", "second", "tara", "Zoe"}; !slices.Equal(names, want) {
		t.Errorf("they come as %v, want %v", names, want)
	}
	for thing, rights := range map[string]string{
		"resources/{acme}":  "discover view create configure connect members groups audit",
		"resources/{yard}":  "discover view create configure members",
		"resources/{alpha}": "discover view query create edit configure connect reveal share delete transfer",
		"people/{tara}":     "discover view query create edit configure connect reveal share delete transfer members",
	} {
		page := w.get("auditor", "/orgs/acme/access/"+thing).must(http.StatusOK)
		for _, right := range access.AllRights() {
			if offered := strings.Contains(page.body, `<option value="`+right.String()+`"`); offered != slices.Contains(strings.Fields(rights), right.String()) {
				t.Errorf("%s: that %s is offered is %v", thing, right, offered)
			}
		}
	}
}
