package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/access"
)

const (
	wrongSentence  = "This address and password do not go together."
	lockedSentence = "There were too many attempts."
)

func (w *world) signIn(email, secret string, options ...option) *answer {
	w.t.Helper()
	return w.post("anonymous", "/sign-in", form("email", email, "password", secret), options...)
}

func TestSigningInDoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["audra"])
	w.exec(`UPDATE accounts SET password_hash = '' WHERE user_id = $1::uuid`, w.ids["tara"])
	answers := map[string]string{}
	for what, try := range map[string][2]string{
		"unknown":                       {"nobody@acme.test", password},
		"known, wrong password":         {"plain@acme.test", "not the password"},
		"deactivated, wrong password":   {"audra@acme.test", "not the password"},
		"deactivated, right password":   {"audra@acme.test", password},
		"without a password":            {"tara@acme.test", ""},
		"without a password, some word": {"tara@acme.test", "a password that nobody has"},
		"unknown, nobody's password":    {"nobody@acme.test", "a password that nobody has"},
	} {
		got := w.signIn(try[0], try[1], fixedID).must(http.StatusUnprocessableEntity).says(wrongSentence)
		if got.session() != "" {
			t.Errorf("%s: a session was started", what)
		}
		answers[strings.ReplaceAll(got.body, try[0], "EMAIL")] = what
	}
	if len(answers) != 1 {
		t.Errorf("there are %d different answers", len(answers))
	}
}

func TestTenWrongPasswordsLockAnAccountForTheRightOneToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 10 {
		w.address = fmt.Sprintf("198.51.100.%d:99", i+1) // from anywhere
		spelled := []string{"plain@acme.test", "PLAIN@acme.test ", "Plain@ACME.test"}[i%3]
		w.signIn(spelled, fmt.Sprint("wrong ", i)).must(http.StatusUnprocessableEntity).says(wrongSentence)
	}
	w.address = "203.0.113.9:99"
	w.signIn("plain@acme.test", password).must(http.StatusUnprocessableEntity).says(lockedSentence)
	w.signIn(" Plain@acme.test", password).must(http.StatusUnprocessableEntity).says(lockedSentence)
	w.signIn("plain@acme.test", password, header("X-Forwarded-For", "203.0.113.77"), header("X-Real-IP", "203.0.113.78"),
		header("Forwarded", "for=203.0.113.79")).must(http.StatusUnprocessableEntity).says(lockedSentence)
	w.signIn("grace@acme.test", password).must(http.StatusSeeOther) // nobody else is locked out
	w.exec(`UPDATE sign_in_failures SET at = at - interval '61 minutes'`)
	w.signIn("plain@acme.test", password).must(http.StatusSeeOther)
}

func TestALockedAccountIsToldLikeAnUnknownOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	locked := func(email string) string {
		for range 10 {
			w.signIn(email, "x").must(http.StatusUnprocessableEntity)
		}
		return strings.ReplaceAll(w.signIn(email, "x", fixedID).says(lockedSentence).body, email, "EMAIL")
	}
	if locked("plain@acme.test") != locked("nobody@acme.test") {
		t.Error("the lock tells who has an account")
	}
}

func TestARightPasswordStartsTheCountAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		for range 9 {
			w.signIn("plain@acme.test", "wrong").must(http.StatusUnprocessableEntity)
		}
		w.signIn("plain@acme.test", password).must(http.StatusSeeOther)
	}
}

func TestAnAddressThatGuessesAtManyAccountsIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO sign_in_failures (email, address) SELECT 'u' || n || '@acme.test', '192.0.2.1' FROM generate_series(1, 10) n`)
	w.signIn("plain@acme.test", password).must(http.StatusUnprocessableEntity).says(lockedSentence)
	w.signIn("plain@acme.test", password, header("X-Forwarded-For", "203.0.113.77")).says(lockedSentence)
	w.address = "203.0.113.9:99"
	w.signIn("plain@acme.test", password).must(http.StatusSeeOther)
}

func TestASpoofedForwardingHeaderIsNotTheAddressThatIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("plain@acme.test", "wrong", header("X-Forwarded-For", "203.0.113.77"))
	w.post("admin", "/orgs/acme/settings", "name=Else", header("X-Forwarded-For", "203.0.113.77")).must(http.StatusSeeOther)
	if n := w.count(`SELECT count(*) FROM sign_in_failures WHERE address = '192.0.2.1'`); n != 1 {
		t.Errorf("%d failures under the address that sent them", n)
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE address = '203.0.113.77'`); n != 0 {
		t.Error("the audit log believes X-Forwarded-For")
	}
}

func TestGuessesAtTheSameTimeAreCountedToo(t *testing.T) {
	w := newWorld(t)
	const guesses = 30
	var judged sync.Map
	var all sync.WaitGroup
	for i := range guesses {
		all.Go(func() {
			got := w.signIn("plain@acme.test", fmt.Sprint("wrong ", i))
			if strings.Contains(got.text(), wrongSentence) {
				judged.Store(i, true)
			}
		})
	}
	all.Wait()
	count := 0
	judged.Range(func(any, any) bool { count++; return true })
	if count > 10 {
		t.Errorf("%d of %d guesses at once were compared with the password, not 10", count, guesses)
	}
}

func TestSigningInGivesANewTokenAndEndsTheOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.tokens["member"]
	first := w.signIn("plain@acme.test", password, cookie(old)).leadsTo("/")
	if first.session() == "" || first.session() == old {
		t.Fatalf("the token after signing in is %q", first.session())
	}
	w.get("anonymous", "/orgs", cookie(old)).leadsTo("/sign-in?next=%2Forgs")
	w.get("anonymous", "/orgs", cookie(first.session())).must(http.StatusOK)
	chosen := w.signIn("plain@acme.test", password, cookie("chosen-by-somebody-else")) // session fixation
	if chosen.session() == "chosen-by-somebody-else" || chosen.session() == "" {
		t.Errorf("the token is %q", chosen.session())
	}
	w.get("anonymous", "/orgs", cookie("chosen-by-somebody-else")).must(http.StatusSeeOther)
}

func TestTheCookieIsOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.signIn("plain@acme.test", password)
	c := in.cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || len(c.Value) < 43 || strings.Contains(c.Value, w.ids["plain"]) {
		t.Errorf("the cookie is %v", c)
	}
}

func TestSigningOutEndsTheSessionOnTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := w.post("member", "/sign-out", "").leadsTo("/sign-in")
	if out.cookies[0].MaxAge >= 0 {
		t.Error("the cookie stays")
	}
	w.get("member", "/orgs").leadsTo("/sign-in?next=%2Forgs")
	w.post("member", "/sign-out", "").leadsTo("/sign-in")
	w.post("anonymous", "/sign-out", "").leadsTo("/sign-in")
}

func TestASessionEndsWhenItIsIdleOrOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("member", "/orgs").must(http.StatusOK)
	w.exec(`UPDATE sessions SET last_seen_at = now() - interval '12 hours 1 minute' WHERE user_id = $1::uuid`, w.ids["plain"])
	w.get("member", "/orgs").must(http.StatusSeeOther)
	w.exec(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1::uuid`, w.ids["moda"])
	w.get("owner", "/orgs").must(http.StatusSeeOther)
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["audra"])
	w.get("auditor", "/orgs").must(http.StatusSeeOther)
}

func TestATokenThatIsNoneSignsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, token := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 5000), w.tokens["member"] + "A", w.tokens["member"][:42], strings.ToLower(w.tokens["member"]),
		w.ids["plain"], "' OR 1=1 --"} {
		w.get("anonymous", "/orgs", cookie(token)).must(http.StatusSeeOther)
	}
	hash := w.count(`SELECT count(*) FROM sessions WHERE encode(token_hash, 'escape') = $1 OR token_hash::text LIKE '%' || $1 || '%'`, w.tokens["member"])
	if hash != 0 {
		t.Error("a session's token is stored as it is")
	}
}

func TestASignInLinkWorksOnceAndOnlyByItsButton(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.get("anonymous", "/links/{link token}").must(http.StatusOK).says("Sign in as plain")
	}
	in := w.post("anonymous", "/links/{link token}", "").leadsTo("/")
	w.get("anonymous", "/orgs/acme", cookie(in.session())).must(http.StatusOK)
	w.get("anonymous", "/links/{link token}").must(http.StatusGone).says("no longer works")
	again := w.post("anonymous", "/links/{link token}", "").must(http.StatusGone).says("no longer works")
	if again.session() != "" {
		t.Error("a used link signs in")
	}
}

func TestASignInLinkOfManyAtOnceSignsInOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var in sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if got := w.post("anonymous", "/links/{link token}", ""); got.session() != "" {
				in.Store(i, true)
			}
		})
	}
	all.Wait()
	count := 0
	in.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("%d were signed in by one link", count)
	}
}

func TestALinkThatIsOverOrOfADeactivatedAccountIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	link := func(lasts time.Duration) string {
		token, err := w.store.MakeSignInLink(ctx, access.ID(w.ids["tara"]), lasts, true)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	over, live := link(-time.Second), link(time.Hour)
	w.get("anonymous", "/links/"+over).must(http.StatusGone)
	w.post("anonymous", "/links/"+over, "").must(http.StatusGone)
	w.post("anonymous", "/links/"+live, "").must(http.StatusSeeOther)
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["tara"])
	w.get("anonymous", "/links/"+live).must(http.StatusGone)
	w.post("anonymous", "/links/"+live, "").must(http.StatusGone)
}

func TestTheSetupLinkWorksOnceAndOpeningItDoesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	typed := form("organization", "First Ltd", "name", "Fay", "email", "fay@first.test", "password", "long enough 1")
	for range 3 {
		w.get("anonymous", "/setup/{setup token}").must(http.StatusOK)
	}
	in := w.post("anonymous", "/setup/{setup token}", typed).leadsTo("/")
	w.get("anonymous", "/orgs/first-ltd/settings", cookie(in.session())).must(http.StatusOK)
	w.get("anonymous", "/setup/{setup token}").must(http.StatusGone).says("works once")
	second := strings.ReplaceAll(typed, "First", "Second")
	if got := w.post("anonymous", "/setup/{setup token}", second).must(http.StatusGone); got.session() != "" {
		t.Error("a used setup link signs in")
	}
	w.post("anonymous", "/setup/unknown", second).must(http.StatusGone)
	w.exec(`INSERT INTO setup_tokens (token_hash, expires_at) VALUES (sha256('late'), now() - interval '1 second')`)
	w.get("anonymous", "/setup/late").must(http.StatusGone)
	w.post("anonymous", "/setup/late", second).must(http.StatusGone)
	if n := w.count(`SELECT count(*) FROM organizations`); n != 3 {
		t.Errorf("there are %d organizations", n)
	}
}

func TestASetupThatIsRefusedKeepsTheLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for field, bad := range map[string]string{"organization": "", "name": " ", "email": "nobody", "password": "short"} {
		values := map[string]string{"organization": "First Ltd", "name": "Fay", "email": "fay@first.test", "password": "long enough 1"}
		values[field] = bad
		got := w.post("anonymous", "/setup/{setup token}", form("organization", values["organization"], "name", values["name"], "email", values["email"],
			"password", values["password"])).must(http.StatusUnprocessableEntity)
		if got.session() != "" {
			t.Errorf("a bad %s signs in", field)
		}
		if field != "email" {
			got.says(values["email"])
		}
		got.saysNothingOf("long enough 1")
	}
	// what is taken already
	w.post("anonymous", "/setup/{setup token}", form("organization", "acme", "name", "Fay", "email", "fay@first.test", "password", "long enough 1")).
		must(http.StatusUnprocessableEntity)
	w.post("anonymous", "/setup/{setup token}", form("organization", "First", "name", "Fay", "email", "plain@acme.test", "password", "long enough 1")).
		must(http.StatusUnprocessableEntity)
	w.mustBeAsBefore(before, "a refused setup")
	w.get("anonymous", "/setup/{setup token}").must(http.StatusOK)
}
