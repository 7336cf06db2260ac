package db_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// secretValue has letters that no encoding leaves alone, so that it is found in no disguise by chance.
const secretValue = "s3cr3t-äß'\"<&>\\-value"

func TestARevealIsARightOfItsOwnAndStandsInTheLog(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	otto, vera, ed := acme.Member("otto", "modeler"), acme.Member("vera", "member"), acme.Member("ed", "member")
	alpha := acme.Project("Alpha", otto)
	acme.Grant(otto, alpha, toUser(vera), "modeler") // edits and cannot reveal
	acme.Grant(otto, alpha, toUser(ed), "editor")
	key := create(t, d, acme.ID, otto, db.NewResource{Kind: access.Secret, Parent: alpha, Name: "Warehouse", Secret: secretValue})
	reveal := func(user access.ID, recent bool) (string, error) {
		by := dbtest.By(user)
		by.Recent = recent
		return d.RevealSecret(t.Context(), by, acme.ID, key)
	}
	revealed := func() int {
		return number(t, d, "SELECT count(*) FROM audit_events WHERE action = 'secret.revealed' AND target_id = $1", key)
	}
	for name, user := range map[string]access.ID{"a modeler": vera, "an org admin": acme.Admin} {
		if value, err := reveal(user, true); !errors.Is(err, access.ErrDenied) || access.NeedsProof(err) || value != "" {
			t.Errorf("%s reveals %q, %v", name, value, err)
		}
	}
	if value, err := reveal(ed, false); !access.NeedsProof(err) || value != "" {
		t.Errorf("an editor whose sign-in is old reveals %q, %v", value, err)
	}
	if revealed() != 0 {
		t.Error("a refusal was recorded as a reveal")
	}
	if value, err := reveal(ed, true); err != nil || value != secretValue || revealed() != 1 {
		t.Errorf("an editor reveals %q, %v, %d events", value, err, revealed())
	}
	if err := d.ReplaceSecret(t.Context(), dbtest.By(vera), acme.ID, key, "another"); err != nil {
		t.Errorf("a modeler replaces a value: %v", err)
	}
	if value, _ := reveal(otto, true); value != "another" {
		t.Errorf("the value after that is %q", value)
	}
}

func TestTheValueOfASecretIsNowhereInTheDatabase(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	alpha := acme.Project("Alpha", acme.Admin)
	key := create(t, d, acme.ID, acme.Admin, db.NewResource{Kind: access.Secret, Parent: alpha, Name: "Warehouse", Secret: secretValue})
	if _, err := d.RevealSecret(t.Context(), dbtest.By(acme.Admin), acme.ID, key); err != nil {
		t.Fatal(err)
	}
	if err := d.ReplaceSecret(t.Context(), dbtest.By(acme.Admin), acme.ID, key, secretValue+"2"); err != nil {
		t.Fatal(err)
	}
	if err := d.EditResource(t.Context(), dbtest.By(acme.Admin), acme.ID, key, "Renamed", ""); err != nil {
		t.Fatal(err)
	}
	var export strings.Builder
	if err := d.Export(t.Context(), "acme", &export); err != nil || !strings.Contains(export.String(), "Renamed") {
		t.Fatalf("%v\n%s", err, export.String())
	}
	for _, part := range []string{"s3cr3t", "-value"} {
		for _, table := range everyTable(t, d) {
			if holds(t, d, table, part) || number(t, d, "SELECT count(*) FROM "+table+" AS held WHERE strpos(held::text, encode($1, 'hex')) > 0", []byte(part)) > 0 {
				t.Errorf("%s holds %q", table, part)
			}
		}
		if strings.Contains(export.String(), part) {
			t.Errorf("the export holds %q", part)
		}
	}
	if !holds(t, d, "public.resources", "Renamed") {
		t.Error("this test finds nothing at all")
	}
}

// A sealed value that is copied into another row, or changed in one bit, opens nothing.
func TestASealedValueOpensOnlyInItsOwnRow(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme, other := d.Organization(t, "acme"), d.Organization(t, "other")
	made := db.NewResource{Kind: access.Secret, Parent: acme.Module, Name: "mine", Secret: "my own"}
	mine := create(t, d, acme.ID, acme.Admin, made)
	made.Name, made.Secret = "theirs", secretValue
	theirs := create(t, d, acme.ID, acme.Admin, made)
	made.Parent = other.Module
	foreign := create(t, d, other.ID, other.Admin, made)
	reveal := func() error {
		value, err := d.RevealSecret(t.Context(), dbtest.By(acme.Admin), acme.ID, mine)
		if value != "" && err != nil {
			t.Errorf("%q came with %v", value, err)
		}
		return err
	}
	if err := reveal(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]string{
		"another row":          "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE resource_id = '" + string(theirs) + "') WHERE resource_id = $1",
		"another organization": "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE resource_id = '" + string(foreign) + "') WHERE resource_id = $1",
		"one bit":              "UPDATE secrets SET sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200)) WHERE resource_id = $1",
		"a part":               "UPDATE secrets SET sealed = substr(sealed, 1, 8) WHERE resource_id = $1",
	} {
		pastTheGuards(t, d, change, mine)
		if err := reveal(); !errors.Is(err, db.ErrWrongKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	pastTheGuards(t, d, "DELETE FROM secrets WHERE resource_id = $1", mine)
	if err := reveal(); !errors.Is(err, access.ErrConflict) {
		t.Errorf("no value: %v", err)
	}
}

func TestAStoreWithoutAKeyKeepsNoSecretAndAWrongKeyOpensNone(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	made := db.NewResource{Kind: access.Secret, Parent: acme.Module, Name: "mine", Secret: secretValue}
	key := create(t, d, acme.ID, acme.Admin, made)
	without, err := db.Open(t.Context(), d.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer without.Close()
	made.Name = "second"
	if _, err := without.CreateResource(t.Context(), dbtest.By(acme.Admin), acme.ID, made); !errors.Is(err, access.ErrInvalid) || without.CanKeepSecrets() {
		t.Errorf("without a key: %v", err)
	}
	if number(t, d, "SELECT count(*) FROM resources WHERE name = 'second'") != 0 {
		t.Error("half a secret is there")
	}
	for secret, why := range map[string]string{"short": "has 5 characters", "with a space in the middle of a long text": "holds a space", "": "has 0 characters"} {
		if err := without.UseSecret(secret); err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "middle") {
			t.Errorf("%q: %v", secret, err)
		}
	}
	if err := without.UseSecret(strings.Repeat("another", 6)); err != nil {
		t.Fatal(err)
	}
	if value, err := without.RevealSecret(t.Context(), dbtest.By(acme.Admin), acme.ID, key); !errors.Is(err, db.ErrWrongKey) || value != "" {
		t.Errorf("under another key: %q, %v", value, err)
	}
}

// pastTheGuards runs a statement with the guards of the audit log content.
func pastTheGuards(t *testing.T, d *dbtest.Database, statement string, args ...any) {
	t.Helper()
	outside(t, d, func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	})
}
