package db_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// An import takes away as little as a page who can get in when the single sign-on is down.
func TestAnImportKeepsWhoCanGetInWhenSingleSignOnIsDown(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	kept := acme.Member("kept", "admin")
	outside(t, d, func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), `INSERT INTO providers (org_id, issuer, client_id, sealed, enabled, required, break_glass)
			VALUES ($1, 'https://login.acme.test', 'x', 'x', true, true, $2)`, acme.ID, kept); err != nil {
			t.Fatal(err)
		}
	})
	for _, change := range []string{`"role":"member"`, `"status":"deactivated"`} {
		_, sentences := refusals(t, d, importer, `{"type":"member","organization":"acme","user":"kept@acme.test",`+change+`}`, db.ImportOptions{})
		if len(sentences) != 1 || !strings.Contains(sentences[0], "when the single sign-on is down") {
			t.Errorf("%s: %q", change, sentences)
		}
	}
}
