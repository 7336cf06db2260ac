package web

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

// mailing is a world whose server sends mail, as far as waiting goes.
func mailing(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	if err := w.store.UseMail(); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAskingForANewPasswordDoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	w := mailing(t)
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["audra"])
	answers := map[string]string{}
	for _, email := range []string{"plain@acme.test", "nobody@acme.test", "audra@acme.test"} {
		got := w.post("anonymous", "/forgot", form("email", email), fixedID).must(http.StatusOK).says("If there is an account with this address")
		answers[strings.ReplaceAll(got.body, email, "EMAIL")] = email
	}
	if len(answers) != 1 {
		t.Errorf("there are %d different answers", len(answers))
	}
	if n := w.count(`SELECT count(*) FROM mails WHERE kind = 'reset'`); n != 3 {
		t.Errorf("%d mails wait, and not one for each address", n)
	}
	if n := w.count(`SELECT count(*) FROM password_resets`); n != 0 {
		t.Error("a link was made before its mail is sent")
	}
	w.post("anonymous", "/forgot", form("email", "no address")).must(http.StatusUnprocessableEntity)
}

func TestOneAccountIsMailedFiveLinksAnHourAndOneAddressAsksForTen(t *testing.T) {
	t.Parallel()
	w := mailing(t)
	for range 7 {
		w.post("anonymous", "/forgot", form("email", "plain@acme.test")).must(http.StatusOK).says("If there is an account")
	}
	for i := range 7 {
		w.post("anonymous", "/forgot", form("email", fmt.Sprintf("nobody%d@acme.test", i))).must(http.StatusOK).says("If there is an account")
	}
	if n := w.count(`SELECT count(*) FROM mails WHERE kind = 'reset' AND email = 'plain@acme.test'`); n != 5 {
		t.Errorf("%d links for one account", n)
	}
	if n := w.count(`SELECT count(*) FROM mails WHERE kind = 'reset'`); n != 8 {
		t.Errorf("%d links from one address", n)
	}
}

// resettable puts a reset's link behind the Store's back, as its mail would.
func (w *world) resettable(name string) (path string) {
	w.t.Helper()
	hash := sha256.Sum256([]byte("reset-" + name))
	w.exec(fmt.Sprintf(`INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES ('\x%x', $1::uuid, now() + interval '30 minutes')`, hash), w.ids[name])
	return "/resets/reset-" + name
}

func TestALinkForANewPasswordWorksOnceAndLookingDoesNotUseIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.resettable("plain")
	for range 3 {
		w.get("anonymous", link).must(http.StatusOK).says("For plain@acme.test.")
	}
	w.post("anonymous", link, form("password", "short")).must(http.StatusUnprocessableEntity).says("at least 12 characters")
	w.post("anonymous", link, form("password", "Password1234")).must(http.StatusUnprocessableEntity).says("known from leaks")
	got := w.post("anonymous", link, form("password", "a wholly new one")).must(http.StatusSeeOther)
	if got.session() == "" {
		t.Error("nobody is signed in")
	}
	w.post("anonymous", link, form("password", "and another new one")).must(http.StatusGone)
	w.get("anonymous", link).must(http.StatusGone).says("This link no longer works")
	w.signIn("plain@acme.test", password).must(http.StatusUnprocessableEntity)
	w.signIn("plain@acme.test", "a wholly new one").must(http.StatusSeeOther)
	if n := w.count(`SELECT count(*) FROM password_resets`); n != 0 {
		t.Errorf("%d links are left", n)
	}
}

// Who reads somebody's mail has not their second factor. To see it fail: call startSession in resetPassword.
func TestALinkForANewPasswordDoesNotReplaceTheSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, _, _ := w.enrols("member", "plain")
	half := w.half("plain@acme.test")
	got := w.post("anonymous", w.resettable("plain"), form("password", "a wholly new one")).must(http.StatusSeeOther)
	if got.signedIn() != "" || got.location() != "/sign-in/second-step?next=%2F" {
		t.Errorf("the link leads to %q, signed in %v", got.location(), got.signedIn() != "")
	}
	w.post("anonymous", "/sign-in/second-step", "code="+app.code(), half).leadsTo("/sign-in") // what began with the old password is over
}

func TestALinkForANewPasswordEndsAndIsNotForSomebodyDeactivated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late, gone := w.resettable("plain"), w.resettable("audra")
	w.exec(`UPDATE password_resets SET expires_at = now() - interval '1 second' WHERE user_id = $1::uuid`, w.ids["plain"])
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["audra"])
	for _, link := range []string{late, gone} {
		w.get("anonymous", link).must(http.StatusGone)
		w.post("anonymous", link, form("password", "a wholly new one")).must(http.StatusGone)
	}
}

func TestAStrangersGuessesDoNotKeepTheOwnerOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	device := ""
	for _, each := range w.signIn("plain@acme.test", password).must(http.StatusSeeOther).cookies {
		if each.Name == "gatehouse-device" {
			device = each.Value
		}
	}
	known := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "gatehouse-device", Value: device}) }
	w.address = "198.51.100.1:99"
	for range 10 {
		w.signIn("plain@acme.test", "wrong").must(http.StatusUnprocessableEntity)
	}
	w.signIn("plain@acme.test", password).says(lockedSentence)
	w.signIn("plain@acme.test", password, known).must(http.StatusSeeOther)
	w.signIn("plain@acme.test", password).says(lockedSentence) // the owner's success gives strangers no more tries
	w.signIn("grace@acme.test", password, known).says(lockedSentence)

	for range 10 { // and such a browser may guess no more than others
		w.signIn("plain@acme.test", "wrong", known).says(wrongSentence)
	}
	w.signIn("plain@acme.test", password, known).says(lockedSentence)
}

func TestOnlyATrustedProxySaysFromWhereSomebodyComes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, network, err := net.ParseCIDR("192.0.2.0/24")
	if err != nil {
		t.Fatal(err)
	}
	w.server.echo.IPExtractor = addressBehind([]*net.IPNet{network})
	sent := func(peer, forwarded, want string) {
		w.address = peer
		w.exec(`DELETE FROM sign_in_failures`)
		w.signIn("plain@acme.test", "wrong", header("X-Forwarded-For", forwarded))
		if w.count(`SELECT count(*) FROM sign_in_failures WHERE address = '`+want+`'`) != 1 {
			t.Errorf("from %s with %s the address is not %s", peer, forwarded, want)
		}
	}
	sent("192.0.2.7:80", "203.0.113.5", "203.0.113.5")
	sent("192.0.2.7:80", "10.0.0.1, 203.0.113.5", "203.0.113.5") // what the client wrote before it counts for nothing
	sent("192.0.2.7:80", "203.0.113.5, 192.0.2.8", "203.0.113.5")
	sent("198.51.100.9:80", "203.0.113.5", "198.51.100.9")
	sent("127.0.0.1:80", "203.0.113.5", "127.0.0.1")
	sent("[2001:db8::1:2:3:4]:80", "203.0.113.5", "2001:db8::/64")
}

func TestChangingThePasswordEndsEveryOtherSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.signIn("plain@acme.test", password).must(http.StatusSeeOther).session()
	w.post("member", "/account/password", form("current", "wrong", "password", "a wholly new one")).must(http.StatusUnprocessableEntity).says("This is not your password")
	w.post("member", "/account/password", form("current", password, "password", "too short")).must(http.StatusUnprocessableEntity).says("at least 12")
	mine := w.post("member", "/account/password", form("current", password, "password", "a wholly new one")).must(http.StatusSeeOther).session()
	if mine == "" || mine == w.tokens["member"] {
		t.Error("the session goes on under its old token")
	}
	w.get("anonymous", "/orgs", cookie(mine)).must(http.StatusOK)
	for _, old := range []string{other, w.tokens["member"]} {
		if got := w.get("anonymous", "/orgs", cookie(old)); got.cell() != "in" {
			t.Errorf("an old session is answered %d", got.status)
		}
	}
}

func TestAPasswordIsLongAndNotKnownFromLeaksAndElseAnything(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"correct horse battery", "zwölf Zeichen", "aaaabbbbccccdddde", strings.Repeat("ab cdefg", 16)} {
		if err := checkNewPassword(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "elevenchars", "123456789012", "QWERTYuiop123", "passwordpassword", "zzzzzzzzzzzzzzzz", "abcabcabcabc", strings.Repeat("ab cdefg", 16) + "h"} {
		if checkNewPassword(bad) == nil {
			t.Errorf("%q will do", bad)
		}
	}
	hash, err := hashPassword("ﬁve Ångström long") // ligature and composed letters
	if err != nil || hash == "" {
		t.Fatal(err)
	}
	if normalPassword("ﬁve Ångström long") != normalPassword("five A\u030angstro\u0308m long") {
		t.Error("two keyboards write two passwords")
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=47104,") {
		t.Errorf("the hash is %s", hash)
	}
}

func TestThePagesDoNotClaimThatMailIsSentWhereNoneIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("anonymous", "/forgot").must(http.StatusOK).says("This server sends no mail.")
	w.get("admin", "/orgs/acme/settings/mail").must(http.StatusOK).says("This server sends no mail.")
	w.get("admin", "/orgs/acme/invitations/new").must(http.StatusOK).says("This server sends no mail.")
	if err := w.store.UseMail(); err != nil {
		t.Fatal(err)
	}
	w.server.options.Mail = "post.test:587 (STARTTLS), from a@post.test"
	w.post("admin", "/orgs/acme/settings/mail", "").must(http.StatusSeeOther)
	w.get("admin", "/orgs/acme/settings/mail").must(http.StatusOK).says("Mail goes through post.test:587").says("1 waiting").says("Waiting")
}

// What a request says about the host is in no mail's link: the mail has only a sealed token until it is written, and then the
// configured address. Here the request's own answer is asked.
func TestAHostileHostHeaderIsInNoLink(t *testing.T) {
	t.Parallel()
	w := mailing(t)
	hostile := func(r *http.Request) { r.Host = "evil.test"; r.Header.Set("X-Forwarded-Host", "evil.test") }
	got := w.post("admin", "/orgs/acme/invitations", form("to", "nora@elsewhere.test", "role", "member"), hostile).must(http.StatusOK).says("http://gatehouse.test/invitations/")
	w.post("anonymous", "/forgot", form("email", "plain@acme.test"), hostile)
	if strings.Contains(got.body, "evil.test") || w.count(`SELECT count(*) FROM mails m WHERE strpos(m::text, 'evil') > 0`) != 0 {
		t.Error("the Host header got into what is mailed")
	}
}
