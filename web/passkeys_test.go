package web

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

const (
	wrongPasskey = "This passkey is not one that opens this account."
	lateAnswer   = "This took too long, or was answered already."
)

func TestAPasskeySignsInAndStandsForBothFactors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("admin", "/orgs/acme/settings/sign-in", "idle_hours=12&absolute_hours=168&second_factor=yes").must(http.StatusSeeOther)
	other := w.signIn("plain@acme.test", password).session()
	device, added, token := w.keeps("member", "My phone")
	if codes := recoveryCode.FindAllString(added.body, -1); len(codes) != 10 {
		t.Errorf("%d recovery codes are shown", len(codes))
	}
	w.get("anonymous", "/orgs", cookie(other)).must(http.StatusSeeOther)
	w.get("anonymous", "/orgs", cookie(w.tokens["member"])).must(http.StatusSeeOther)
	if len(device.handle) != 64 || strings.Contains(string(device.handle), "plain") {
		t.Errorf("the handle is %q", device.handle)
	}
	w.get("anonymous", "/account", cookie(token)).must(http.StatusOK).says("My phone").says("never used").saysNothingOf("Hidden phone")

	in := device.signsIn().leadsTo("/orgs")
	w.get("anonymous", "/orgs/acme", cookie(in.session())).must(http.StatusOK) // which asks for a second factor
	w.get("anonymous", "/account", cookie(in.session())).says("last used")
	w.get("owner", "/orgs/acme").must(http.StatusSeeOther) // who has none
	for _, table := range []string{"user.factor_added"} {
		if w.count(`SELECT count(*) FROM audit_events WHERE action = $1 AND after->>'name' = 'My phone'`, table) != 1 {
			t.Error("the log does not name the passkey once")
		}
	}
}

// Break it: in db.UsePasskeyChallenge SELECT instead of DELETE, or leave out purpose, user_id or expires_at.
func TestAnAnswerCountsOnceInItsBrowserForItsPurposeAndPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	device, _, token := w.keeps("member", "My phone")
	refused := func(path, answer, says string, extra ...option) {
		t.Helper()
		if got := w.post("anonymous", path, form("credential", answer), extra...).must(http.StatusUnprocessableEntity).says(says); got.session() != "" {
			t.Error("a session begins")
		}
	}
	asked, same := w.asks("anonymous", "/sign-in/passkey/challenge")
	answer := device.signs(asked)
	refused("/sign-in/passkey", answer, lateAnswer) // from a browser that asked for nothing
	_, elsewhere := w.asks("anonymous", "/sign-in/passkey/challenge")
	refused("/sign-in/passkey", answer, wrongPasskey, elsewhere) // to another challenge
	w.post("anonymous", "/sign-in/passkey", form("credential", answer), same).leadsTo("/")
	refused("/sign-in/passkey", answer, lateAnswer, same) // a replay

	asked, same = w.asks("anonymous", "/sign-in/passkey/challenge")
	w.exec(`UPDATE passkey_challenges SET expires_at = now() - interval '1 second'`)
	refused("/sign-in/passkey", device.signs(asked), lateAnswer, same)

	half := w.half("plain@acme.test") // what was asked at the second step, for a confirmation
	asked, same = w.asks("anonymous", "/sign-in/second-step/challenge", half)
	renamed := func(r *http.Request) {
		same(r)
		r.Header.Set("Cookie", strings.ReplaceAll(r.Header.Get("Cookie"), "-passkey-second-step", "-passkey-confirm"))
	}
	w.post("anonymous", "/confirmation", form("passkey_proof", device.signs(asked)), cookie(token), renamed).
		must(http.StatusUnprocessableEntity).says(lateAnswer)

	asked, same = w.asks("anonymous", "/account/passkeys/challenge", cookie(token)) // of one person, for another
	w.post("owner", "/account/passkeys", form("name", "Mine", "credential", w.newDevice().makes(asked)), same).
		must(http.StatusUnprocessableEntity).says(lateAnswer)
}

func TestAnAnswerOfManyAtOnceCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	device, _, _ := w.keeps("member", "My phone")
	asked, same := w.asks("anonymous", "/sign-in/passkey/challenge")
	answer := device.signs(asked)
	var in atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if w.post("anonymous", "/sign-in/passkey", form("credential", answer), same).session() != "" {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("one answer signed in %d times", in.Load())
	}
}

// Break it: another RPID or RPOrigins in relyingParty, VerificationPreferred, or the condition in the query UsePasskey.
func TestAnAnswerThatIsNotTheOwnersOnThisSiteIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, lie := range map[string]func(*device){
		"another site":                     func(d *device) { d.origin = "http://gatehouse.test.evil.example" },
		"another port":                     func(d *device) { d.origin = "http://gatehouse.test:8443" },
		"https instead of http":            func(d *device) { d.origin = "https://gatehouse.test" },
		"no site":                          func(d *device) { d.origin = "null" },
		"another host's key":               func(d *device) { d.host = "evil.example" },
		"nobody was verified":              func(d *device) { d.flags = present },
		"nobody was there":                 func(d *device) { d.flags = verified },
		"signed with another key":          func(d *device) { d.another = w.newDevice().key },
		"an unknown key":                   func(d *device) { d.id = []byte("unknown") },
		"another person's handle":          func(d *device) { d.handle = make([]byte, 64) },
		"no handle":                        func(d *device) { d.handle = nil },
		"the count of a copy":              func(d *device) { d.count = 3 },
		"the count of one that was copied": func(d *device) { d.count = 6 },
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			device, _, _ := w.keeps("member", "My phone")
			device.count = 6
			device.signsIn().leadsTo("/orgs") // counts 7 now
			lie(device)
			if got := device.signsIn(); got.status != http.StatusUnprocessableEntity && got.status != http.StatusConflict || got.session() != "" {
				t.Errorf("%d, %s", got.status, got.text())
			}
		})
	}
	for _, junk := range []string{"", "{}", "null", "[]", `{"id":"x"}`, strings.Repeat("[", 9000)} {
		_, same := w.asks("anonymous", "/sign-in/passkey/challenge")
		w.post("anonymous", "/sign-in/passkey", form("credential", junk), same).must(http.StatusUnprocessableEntity)
		_, same = w.asks("member", "/account/passkeys/challenge")
		w.post("member", "/account/passkeys", form("name", "x", "credential", junk), same).must(http.StatusUnprocessableEntity)
	}
}

func TestANewKeyMustBeMadeHereAndBelongToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, _, _ := w.keeps("member", "My phone")
	for what, lie := range map[string]func(*device){
		"another site":        func(d *device) { d.origin = "http://evil.example" },
		"another host":        func(d *device) { d.host = "evil.example" },
		"nobody was verified": func(d *device) { d.flags = present },
		"somebody's key":      func(d *device) { d.id = first.id },
	} {
		device := w.newDevice()
		lie(device)
		asked, same := w.asks("owner", "/account/passkeys/challenge")
		got := w.post("owner", "/account/passkeys", form("name", "Mine", "credential", device.makes(asked)), same)
		if got.status != http.StatusUnprocessableEntity && got.status != http.StatusConflict {
			t.Errorf("%s: %d", what, got.status)
		}
	}
	if n := w.count(`SELECT count(*) FROM passkeys WHERE user_id = $1::uuid`, w.ids["moda"]); n != 0 {
		t.Errorf("%d keys were added", n)
	}
	asked, _ := w.asks("owner", "/account/passkeys/challenge", header("Host", "evil.example"), func(r *http.Request) { r.Host = "evil.example" })
	if asked.RP.ID != "gatehouse.test" || asked.User.Name != "moda@acme.test" {
		t.Errorf("the device is asked for %+v", asked)
	}
}

func TestThePasskeyOfTheSecondStepIsThatPersonsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, added, _ := w.keeps("member", "My phone")
	theirs, _, _ := w.keeps("owner", "Their phone")
	half := w.half("plain@acme.test")
	w.get("anonymous", "/sign-in/second-step", half).must(http.StatusOK).says("Use a passkey").says("One of your recovery codes.").says("Passkeys need JavaScript")
	step := func(with *device) *answer {
		asked, same := w.asks("anonymous", "/sign-in/second-step/challenge", half)
		if len(asked.Allowed) != 1 || asked.Allowed[0].ID != base64URL.EncodeToString(mine.id) || asked.Verify != "required" {
			t.Errorf("asked for %+v", asked)
		}
		return w.post("anonymous", "/sign-in/second-step/passkey", form("credential", with.signs(asked), "next", "/orgs"), half, same)
	}
	theirs.handle = mine.handle
	step(theirs).must(http.StatusUnprocessableEntity).says(wrongPasskey)
	w.post("anonymous", "/sign-in/second-step/passkey", "", half).must(http.StatusUnprocessableEntity).says("Passkeys need JavaScript")
	w.get("anonymous", "/orgs/acme", cookie(step(mine).leadsTo("/orgs").signedIn())).must(http.StatusOK)
	w.post("anonymous", "/sign-in/second-step/passkey", "", half).leadsTo("/sign-in") // the step is used up
	code := recoveryCode.FindString(added.body)
	w.post("anonymous", "/sign-in/second-step", form("code", code), w.half("plain@acme.test")).leadsTo("/")
}

func TestAPasskeyConfirmsAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone, _, token := w.keeps("owner", "My phone")
	theirs, _, _ := w.keeps("member", "Their phone")
	const path = "/orgs/acme/resources/{alpha}/owner"
	typed := []string{"owner", "tara@acme.test", "confirm", "tara@acme.test", "version", w.ids["version"]}
	late := func() { w.exec(`UPDATE sessions SET created_at = now() - interval '11 minutes'`) }
	late()
	w.post("anonymous", path, form(typed...), cookie(token)).must(http.StatusOK).says("Confirm that it is you").says("Use a passkey").
		holds(`name="owner" value="tara@acme.test"`)
	prove := func(with *device) *answer {
		asked, same := w.asks("anonymous", "/confirmation/challenge", cookie(token))
		return w.post("anonymous", path, form(append(typed, "passkey_proof", with.signs(asked))...), cookie(token), same)
	}
	theirs.handle = phone.handle
	prove(theirs).must(http.StatusUnprocessableEntity).says(wrongPasskey).holds(`name="owner" value="tara@acme.test"`)
	w.post("anonymous", path, form(append(typed, "passkey_proof", "")...), cookie(token)).must(http.StatusUnprocessableEntity)
	done := prove(phone).must(http.StatusSeeOther)
	if done.session() == "" || w.count(`SELECT count(*) FROM resources WHERE name = 'Alpha' AND owner_id = $1::uuid`, w.ids["tara"]) != 1 {
		t.Error("the owner is the old one, or no new session began")
	}
	w.get("anonymous", "/orgs", cookie(token)).must(http.StatusSeeOther) // the session from before is over
}

// Break it: u.status = 'active' in FindPasskeyOwner and in AddSession.
func TestAPasskeyOfADeactivatedAccountOrARemovedOneDoesNotSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	device, _, token := w.keeps("member", "My phone")
	second, added, token := w.keeps("anonymous", "My key", cookie(token))
	if recoveryCode.MatchString(added.body) {
		t.Error("a second passkey brings new recovery codes")
	}
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, w.ids["plain"])
	device.signsIn().must(http.StatusUnprocessableEntity).says(wrongPasskey)
	if _, err := w.store.StartSession(t.Context(), access.ID(w.ids["plain"]), "", ""); err == nil {
		t.Error("a session of a deactivated account begins")
	}
	w.exec(`UPDATE users SET status = 'active' WHERE id = $1::uuid`, w.ids["plain"])
	id := ""
	if err := w.pool.QueryRow(t.Context(), `SELECT id::text FROM passkeys WHERE name = 'My phone'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	path := "/account/passkeys/" + id
	w.post("owner", path+"/removal", "").must(http.StatusNotFound)
	w.post("owner", path+"/name", "name=Mine").must(http.StatusNotFound)
	w.post("anonymous", path+"/name", "name=", cookie(token)).must(http.StatusUnprocessableEntity).says("Enter a name.")
	w.post("anonymous", path+"/name", "name=Old+phone", cookie(token)).leadsTo("/account")
	other := second.signsIn().leadsTo("/orgs").session()
	w.get("anonymous", path+"/removal", cookie(token)).must(http.StatusOK).says("Remove the passkey Old phone?").saysNothingOf("your last second factor")
	gone := w.post("anonymous", path+"/removal", "", cookie(token)).leadsTo("/account")
	w.get("anonymous", "/orgs", cookie(other)).must(http.StatusSeeOther)
	w.get("anonymous", "/orgs", cookie(gone.session())).must(http.StatusOK)
	device.signsIn().must(http.StatusUnprocessableEntity).says(wrongPasskey)
	second.signsIn().leadsTo("/orgs")
	if _, err := w.store.RestoreAdmin(t.Context(), dbtest.Operator, "acme", "plain@acme.test"); err != nil { // who lost everything
		t.Fatal(err)
	}
	second.signsIn().must(http.StatusUnprocessableEntity).says(wrongPasskey)
	for action, n := range map[string]int{"user.factor_added": 2, "user.passkey_renamed": 1, "user.factor_removed": 1} {
		if w.count(`SELECT count(*) FROM audit_events WHERE action = $1 AND org_id = $2::uuid`, action, w.ids["acme"]) != n {
			t.Errorf("%s is not in the log %d times", action, n)
		}
	}
}

func TestRecoveryCodesGoWithTheLastFactorAndAnOrganizationThenAsksForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, first, token := w.keeps("owner", "My phone")
	w.tokens["owner"] = token
	w.post("owner", "/account/app", "").leadsTo("/account/app")
	secret, err := w.store.FindAppSecret(t.Context(), access.ID(w.ids["moda"]))
	if err != nil {
		t.Fatal(err)
	}
	on := w.post("owner", "/account/app/confirmation", "code="+(&app{w, secret}).code()).leadsTo("/account")
	w.tokens["owner"] = on.session()
	w.tokens["owner"] = w.post("owner", "/account/app/removal", "").leadsTo("/account").session()
	if n := w.count(`SELECT count(*) FROM recovery_codes`); n != 10 {
		t.Errorf("%d recovery codes are left while there is a passkey", n)
	}
	w.post("anonymous", "/sign-in/second-step", form("code", recoveryCode.FindString(first.body)), w.half("moda@acme.test")).leadsTo("/")
	w.post("admin", "/orgs/acme/settings/sign-in", "idle_hours=12&absolute_hours=168&second_factor=yes").must(http.StatusSeeOther)
	w.get("owner", "/orgs/acme").must(http.StatusOK)
	id := ""
	if err := w.pool.QueryRow(t.Context(), `SELECT id::text FROM passkeys WHERE name = 'My phone'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	path := "/account/passkeys/" + id + "/removal"
	w.get("owner", path).must(http.StatusOK).says("your last second factor")
	w.exec(`UPDATE sessions SET created_at = now() - interval '11 minutes'`)
	w.post("owner", path, "").must(http.StatusOK).says("Confirm that it is you")
	w.exec(`UPDATE sessions SET created_at = now()`)
	w.tokens["owner"] = w.post("owner", path, "").leadsTo("/account").session()
	if n := w.count(`SELECT count(*) FROM recovery_codes`); n != 0 {
		t.Errorf("%d recovery codes are left", n)
	}
	lead := w.get("owner", "/orgs/acme").must(http.StatusSeeOther).location()
	w.get("owner", lead).must(http.StatusOK).says("Add a passkey instead")
	_, added, token := w.keeps("owner", "My new phone")
	if !recoveryCode.MatchString(added.body) {
		t.Error("a first factor brings no recovery codes")
	}
	w.get("anonymous", "/orgs/acme", cookie(token)).must(http.StatusOK)
}

func TestANewPasskeyAsksForARecentSignInAndOneMoreThanTwentyIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.late()
	w.get("member", "/account/passkeys/new").must(http.StatusOK).says("Confirm that it is you")
	asked, same := w.asks("member", "/account/passkeys/challenge")
	answer := w.newDevice().makes(asked)
	w.post("member", "/account/passkeys", form("name", "Late", "credential", answer), same).must(http.StatusOK).says("Confirm that it is you")
	in := w.post("member", "/account/passkeys", form("name", "Late", "credential", answer, "proof", password), same).must(http.StatusOK)
	if !recoveryCode.MatchString(in.body) {
		t.Fatal("the key was not added after the proof")
	}
	w.exec(`UPDATE sessions SET created_at = now()`)
	w.exec(`INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, name)
		SELECT $1::uuid, n::text::bytea, '', 0, '{}', false, false, n::text FROM generate_series(1, 20) n`, w.ids["moda"])
	asked, same = w.asks("owner", "/account/passkeys/challenge")
	if len(asked.Excluded) != 20 {
		t.Errorf("%d keys are excluded", len(asked.Excluded))
	}
	w.post("owner", "/account/passkeys", form("name", "One more", "credential", w.newDevice().makes(asked)), same).
		must(http.StatusConflict).says("You have 20 passkeys.")
}

func TestAServerUnderANumberOffersNoPasskeys(t *testing.T) {
	t.Parallel()
	if relyingParty(mustParse("http://192.0.2.1:8080")) != nil || relyingParty(mustParse("http://localhost:8080")) == nil {
		t.Error("a number is no name, and localhost is one")
	}
	w := newWorld(t)
	w.server.passkeys = nil
	w.get("anonymous", "/sign-in").must(http.StatusOK).saysNothingOf("Sign in with a passkey")
	w.post("anonymous", "/sign-in/passkey/challenge", "").must(http.StatusConflict)
	w.post("anonymous", "/sign-in/passkey", "credential=x").must(http.StatusConflict)
	w.get("member", "/account").must(http.StatusOK).saysNothingOf("Add a passkey")
	w.get("member", "/account/passkeys/new").must(http.StatusOK).says("This server's address is a number")
	w.post("member", "/account/passkeys", "name=x&credential=x").must(http.StatusConflict)
}
