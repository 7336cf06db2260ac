package db_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// E-mail is compared normalized, in one place, by every path.

func TestEverySpellingOfAnAddressIsOneAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"ana@acme.test":              "ana@acme.test",
		"  ana@acme.test\t\n":        "ana@acme.test",
		"Ana@ACME.Test":              "ana@acme.test",
		"\u00a0ana@acme.test\u3000":  "ana@acme.test", // spaces that are not the space bar's
		"ａｎａ@ａｃｍｅ．ｔｅｓｔ":              "ana@acme.test", // full-width letters and dot
		"ana＠acme.test":              "ana@acme.test", // full-width @
		"\u212aim@acme.test":         "kim@acme.test", // the sign for kelvin
		"o\ufb03ce@acme.test":        "office@acme.test",
		"ana+home@acme.test":         "ana+home@acme.test",
		"o'hara_x-y.z@sub.acme.test": "o'hara_x-y.z@sub.acme.test",
	} {
		if got, err := db.NormalizeEmail(typed); got != want || err != nil {
			t.Errorf("%q becomes %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	for _, typed := range []string{"", "   ", "ana", "@acme.test", "ana@", "ana@acme", "ana@.test", "ana@acme.", "ana@@acme.test", "a b@acme.test",
		"Ana <ana@acme.test>", "<ana@acme.test>", `"ana"@acme.test`, "ana@acme.test, bob@acme.test", "ana@acme.test (Ana)", "ana@acme..test",
		"ana\n@acme.test", "ana@acme.test\r\nBcc: eve@world.test", "ana\x00@acme.test", "ana\xff@acme.test", "ana@acme.test\u200b",
		"аna@acme.test",      // the first letter is Cyrillic
		"ana@acmé.test",      // a name in Unicode must come in its ASCII form
		"\u0130na@acme.test", // its small form is two letters
		"ana@[192.0.2.1]", strings.Repeat("a", 250) + "@acme.test"} {
		if got, err := db.NormalizeEmail(typed); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("%q becomes %q, %v", typed, got, err)
		}
	}
}

// A normalized address is left as it is: comparing may normalize as often as it likes.
func TestNormalizingTwiceChangesNothing(t *testing.T) {
	for _, typed := range []string{"Ana@ACME.Test", "ａｎａ@acme.test", "\u212aim@acme.test", " x@y.z "} {
		once, _ := db.NormalizeEmail(typed)
		if twice, err := db.NormalizeEmail(once); twice != once || err != nil {
			t.Errorf("%q becomes %q, then %q, %v", typed, once, twice, err)
		}
	}
}

// What the function lets through, the tables take.
func TestTheTablesTakeEveryNormalizedAddress(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	for _, typed := range []string{"Ana@ACME.Test", "ｂob@acme.test", "\u212aim@acme.test", "o'hara_x-y.z@sub.acme.test", "a!#$%&*+/=?^`{|}~b@acme.test"} {
		email, err := db.NormalizeEmail(typed)
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		token, err := d.Invite(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewInvitation{Email: email, Role: "member"})
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		if _, _, err := d.AcceptAsNewUser(t.Context(), db.By{Via: "page"}, token, "New", ""); err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// FindAccount promises to find an address in any spelling.
func TestAnAccountIsFoundByEverySpelling(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	for _, typed := range []string{"admin@acme.test", " Admin@ACME.test ", "ａdmin@acme.test"} {
		if account, err := d.FindAccount(t.Context(), typed); account.ID != acme.Admin || err != nil {
			t.Errorf("%q is %+v, %v", typed, account.Person, err)
		}
	}
	if _, err := d.FindAccount(t.Context(), "nobody@acme.test"); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("somebody who is not there: %v", err)
	}
}
