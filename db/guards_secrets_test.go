package db_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Secrets never enter the audit (docs/security.md), and a token that lets somebody in is nowhere in the database at all.
func TestNoSecretIsWrittenDown(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	const passwordHash = "$argon2id$not-for-the-log"
	token := func(secret string, err error) string {
		t.Helper()
		if err != nil || len(secret) < 40 {
			t.Fatalf("the token %q, %v", secret, err)
		}
		return secret
	}
	tokens := map[string]string{"setup": token(d.MakeSetupToken(t.Context()))}
	made := db.NewOrganization{Slug: "acme", Name: "Acme", Admin: access.Person{Name: "Ada", Email: "ada@acme.test"}}
	admin, err := d.SetUp(t.Context(), db.By{Via: "page"}, tokens["setup"], made, passwordHash)
	if err != nil {
		t.Fatal(err)
	}
	orgs, err := d.ListOrganizations(t.Context(), admin)
	if err != nil || len(orgs) != 1 {
		t.Fatalf("%d organizations, %v", len(orgs), err)
	}
	org, by := orgs[0].ID, dbtest.By(admin)
	tokens["invitation"] = token(d.Invite(t.Context(), by, org, db.NewInvitation{Email: "bea@acme.test", Role: "admin", Message: "welcome"}))
	found, err := d.FindInvitation(t.Context(), tokens["invitation"])
	if err != nil {
		t.Fatal(err)
	}
	renewed, _, err := d.RenewInvitation(t.Context(), by, org, found.ID)
	tokens["renewed invitation"] = token(renewed, err)
	_, bea, err := d.AcceptAsNewUser(t.Context(), db.By{Via: "page"}, renewed, "Bea", passwordHash)
	if err != nil {
		t.Fatal(err)
	}
	tokens["session"] = token(d.StartSession(t.Context(), bea, "192.0.2.1", "a browser"))
	tokens["sign-in link"] = token(d.MakeSignInLink(t.Context(), bea, time.Hour, false))
	tokens["API"] = token(d.CreateAPIToken(t.Context(), by, org, db.NewAPIToken{Name: "robot", Scopes: []string{"manage"}}))
	tokens["restored admin's link"] = token(d.RestoreAdmin(t.Context(), dbtest.Operator, "acme", "cyd@acme.test"))

	for name, token := range tokens {
		hash := sha256.Sum256([]byte(token))
		for _, table := range everyTable(t, d) {
			if holds(t, d, table, token) {
				t.Errorf("%s holds the %s token", table, name)
			}
			if logs(table) && holds(t, d, table, hex.EncodeToString(hash[:])) {
				t.Errorf("%s holds the hash of the %s token", table, name)
			}
		}
	}
	for _, table := range everyTable(t, d) {
		if logs(table) && holds(t, d, table, passwordHash) {
			t.Errorf("%s holds the hash of a password", table)
		}
	}
	if !holds(t, d, "public.accounts", passwordHash) || !holds(t, d, "public.audit_events", "bea@acme.test") {
		t.Error("this test finds nothing at all")
	}
}

func everyTable(t *testing.T, d *dbtest.Database) []string {
	return columnOf(t, d, "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'history')")
}

// logs tells whether a table is read by auditors, or kept for good.
func logs(table string) bool { return table == "public.audit_events" || table[:8] == "history." }

func holds(t *testing.T, d *dbtest.Database, table, text string) bool {
	return number(t, d, "SELECT count(*) FROM "+table+" AS held WHERE strpos(held::text, $1) > 0", text) > 0
}
