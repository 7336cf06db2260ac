package mail

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// nowhere is no session: the change is made at the Store, and not on a page.
const nowhere = access.ID("00000000-0000-4000-8000-000000000000")

// Break it: leave out tellOfFactor or tellOfPassword anywhere, or the check of user_status in checkAccountMail.
func TestPeopleAreToldOfChangesOfHowTheySignIn(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	ctx := t.Context()
	ann, gus := acme.Member("ann", "member"), acme.Member("gus", "member")
	by := dbtest.By(ann)
	by.Address = "192.0.2.77"
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.ChangePassword(ctx, by, nowhere, "a new hash"))
	_, _, err := d.AddPasskey(ctx, by, nowhere,
		db.Passkey{Name: "<b>Phone</b>", Credential: []byte("one"), PublicKey: []byte("key"), Transports: []string{}})
	must(err)
	must(d.StartApp(ctx, ann))
	secret, err := d.FindAppSecret(ctx, ann)
	must(err)
	code, err := totp.GenerateCode(secret, time.Now())
	must(err)
	_, _, err = d.ConfirmApp(ctx, by, nowhere, code)
	must(err)
	_, err = d.RenewRecoveryCodes(ctx, by)
	must(err)
	_, err = d.RemoveApp(ctx, by, nowhere)
	must(err)
	keys, err := d.ListPasskeys(ctx, ann)
	must(err)
	_, err = d.RemovePasskey(ctx, by, nowhere, keys[0].ID)
	must(err)
	must(d.ChangePassword(ctx, dbtest.By(gus), nowhere, "a new hash"))
	if _, err := d.Pool.Exec(ctx, "ALTER TABLE users DISABLE TRIGGER ALL; UPDATE users SET status = 'deactivated' WHERE email = 'gus@acme.test'; ALTER TABLE users ENABLE TRIGGER ALL"); err != nil {
		t.Fatal(err)
	}

	box := newMailbox(t, false)
	stop := works(t, d.Store, box.server(t, "smtp", ""))
	subjects := map[string]string{"Your password was changed": "was changed. Everywhere else", "A passkey was added to your account": "“<b>Phone</b>”",
		"Codes from an app were turned on": "now asks for a code", "New recovery codes were made": "no longer count",
		"Codes from an app were turned off": "no longer asks", "A passkey was removed from your account": "Nobody signs in with it"}
	for _, got := range box.waits(t, len(subjects)) {
		says := subjects[got.subject]
		if says == "" || got.to != "ann@acme.test" || !strings.Contains(got.text, says) || !strings.Contains(got.text, "192.0.2.77") ||
			!strings.Contains(got.text, "ann@acme.test") || !strings.Contains(got.text, "https://gatehouse.test/account") {
			t.Errorf("%+v", got)
		}
		if strings.Contains(got.html, "<b>Phone") || !strings.Contains(got.html, `href="https://gatehouse.test/account"`) || !strings.Contains(got.html, "If that was not you") {
			t.Errorf("the HTML of %q is\n%s", got.subject, got.html)
		}
		delete(subjects, got.subject)
	}
	waitsForNone(t, d)
	stop()
	if n := len(box.letters()); len(subjects) != 0 || n != 6 {
		t.Errorf("%d letters; %v were not sent", n, subjects)
	}
	rows, _, err := d.ListMails(ctx, acme.ID)
	must(err)
	for _, row := range rows {
		if row.Kind != db.InvitationMail {
			t.Errorf("the organization sees mail about an account: %+v", row)
		}
	}
}

// waitsForNone waits until every mail has ended.
func waitsForNone(t *testing.T, d *dbtest.Database) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var left int
		if err := d.Pool.QueryRow(t.Context(), "SELECT count(*) FROM mails WHERE state = 'waiting'").Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
	}
	t.Fatal("mail is still waiting")
}

func TestAMailOfAPasswordThatWasChosenByLinkSaysSo(t *testing.T) {
	t.Parallel()
	mail := db.Mail{Kind: db.PasswordMail, To: access.Person{Email: "ann@acme.test"}, Facts: db.MailFacts{Done: db.PasswordReset}}
	if words := Compose(&url.URL{Scheme: "https", Host: "gatehouse.test"}, mail); !strings.Contains(words.Text(), "through a link in your mail") {
		t.Error(words.Text())
	}
	for _, done := range []string{db.AppAdded, db.AppRemoved, db.PasskeyAdded, db.PasskeyRemoved, db.CodesRenewed} {
		if factorSubjects[done] == "" || factorSentences[done] == "" {
			t.Errorf("nothing is said of %q", done)
		}
	}
}
