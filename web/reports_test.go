package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

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
	w.get("admin", "/orgs/acme/access/open/export").must(http.StatusOK).holds("Alpha,moda@acme.test,5")
}
