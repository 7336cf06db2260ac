package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gatehouse/access"
)

// An app is a person's app that makes codes.
type app struct {
	w      *world
	secret string
}

// code is one that was not used yet, as if half a minute had gone by.
func (a *app) code() string {
	a.w.t.Helper()
	code, err := totp.GenerateCode(a.secret, time.Now())
	if err != nil {
		a.w.t.Fatal(err)
	}
	a.w.exec(`UPDATE totp_factors SET last_step = 0`) // the half minute is over
	return code
}

var recoveryCode = regexp.MustCompile(`[a-z2-7]{4}(-[a-z2-7]{4}){3}`)

// enrols sets up codes for an actor. It returns the app, the recovery codes and the new token of the session.
func (w *world) enrols(actor, user string) (*app, []string, string) {
	w.t.Helper()
	w.post(actor, "/account/app", "").leadsTo("/account/app")
	w.get(actor, "/account/app").must(http.StatusOK).holds(`src="/account/app/code.png"`)
	picture := w.get(actor, "/account/app/code.png").must(http.StatusOK)
	if !strings.HasPrefix(picture.body, "\x89PNG") || picture.header.Get("Content-Type") != "image/png" {
		w.t.Errorf("the picture is %.20q, %s", picture.body, picture.header.Get("Content-Type"))
	}
	secret, err := w.store.FindAppSecret(w.t.Context(), access.ID(w.ids[user]))
	if err != nil {
		w.t.Fatal(err)
	}
	a := &app{w: w, secret: secret}
	w.post(actor, "/account/app/confirmation", "code=000000x").must(http.StatusUnprocessableEntity).says("This code is not right")
	on := w.post(actor, "/account/app/confirmation", "code="+a.code()).must(http.StatusOK)
	codes := recoveryCode.FindAllString(on.body, -1)
	if len(codes) != 10 {
		w.t.Fatalf("%d recovery codes are shown", len(codes))
	}
	if on.session() == "" || on.session() == w.tokens[actor] {
		w.t.Fatal("the session kept its token when a factor was added")
	}
	return a, codes, on.session()
}

// half signs in with the password and gives the cookie of the second step.
func (w *world) half(email string) option {
	w.t.Helper()
	in := w.signIn(email, password).leadsTo("/sign-in/second-step")
	if len(in.cookies) != 1 || in.cookies[0].Name != "gatehouse-step" || !in.cookies[0].HttpOnly || in.cookies[0].SameSite != http.SameSiteLaxMode {
		w.t.Fatalf("the cookies before the second step are %v", in.cookies)
	}
	return func(r *http.Request) { r.AddCookie(in.cookies[0]) }
}

func (a *answer) signedIn() string {
	for _, c := range a.cookies {
		if c.Name == "gatehouse" && c.MaxAge >= 0 {
			return c.Value
		}
	}
	return ""
}

func TestASecondFactorStandsBetweenThePasswordAndASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sessions := func() int {
		return w.count(`SELECT count(*) FROM sessions WHERE user_id = $1::uuid`, w.ids["plain"])
	}
	other := w.signIn("plain@acme.test", password).session()
	app, codes, token := w.enrols("member", "plain")
	w.get("anonymous", "/orgs", cookie(other)).must(http.StatusSeeOther) // was begun without the factor
	w.get("anonymous", "/orgs", cookie(w.tokens["member"])).must(http.StatusSeeOther)
	w.get("anonymous", "/orgs/acme", cookie(token)).must(http.StatusOK)
	if sessions() != 1 {
		t.Errorf("%d sessions are left", sessions())
	}

	half := w.half("plain@acme.test")
	if sessions() != 1 {
		t.Error("there is a session before the second step")
	}
	for _, path := range []string{"/orgs", "/orgs/acme", "/account", "/account/app/code.png"} {
		if got := w.get("anonymous", path, half); got.cell() != "in" {
			t.Errorf("%s before the second step: %d", path, got.status)
		}
	}
	w.get("anonymous", "/sign-in/second-step", half).must(http.StatusOK).says("One more step")
	w.post("anonymous", "/sign-in/second-step", "code=", half).must(http.StatusUnprocessableEntity)
	w.post("anonymous", "/sign-in/second-step", "code="+password, half).must(http.StatusUnprocessableEntity)
	code := app.code()
	in := w.post("anonymous", "/sign-in/second-step", form("code", code, "next", "/orgs"), half).leadsTo("/orgs")
	w.get("anonymous", "/orgs/acme", cookie(in.signedIn())).must(http.StatusOK)
	w.post("anonymous", "/sign-in/second-step", "code="+app.code(), half).leadsTo("/sign-in") // the step is used up

	again := w.half("plain@acme.test")
	w.exec(`UPDATE totp_factors SET last_step = $1`, time.Now().Unix()/30+1)
	w.post("anonymous", "/sign-in/second-step", "code="+code, again).must(http.StatusUnprocessableEntity) // a replay
	typed := strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))
	w.post("anonymous", "/sign-in/second-step", form("code", typed), again).leadsTo("/")
	again = w.half("plain@acme.test")
	w.post("anonymous", "/sign-in/second-step", "code="+codes[3], again).must(http.StatusUnprocessableEntity) // used
	w.post("anonymous", "/sign-in/second-step", "code="+codes[4], again).leadsTo("/")
}

func TestALinkLeadsToTheSecondStepToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrols("member", "plain")
	got := w.post("anonymous", "/links/{link token}", "").leadsTo("/sign-in/second-step")
	if got.signedIn() != "" {
		t.Error("the link signs in without the second factor")
	}
}

func TestACodeOfManyAtOnceCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, _, _ := w.enrols("member", "plain")
	halves := []option{}
	for range 6 {
		halves = append(halves, w.half("plain@acme.test"))
	}
	code := app.code()
	var in atomic.Int64
	var all sync.WaitGroup
	for _, half := range halves {
		all.Go(func() {
			if w.post("anonymous", "/sign-in/second-step", "code="+code, half).signedIn() != "" {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("one code signed in %d times", in.Load())
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, codes, _ := w.enrols("member", "plain")
	for n := range 10 { // from ten addresses: one bears no more wrong ones for all accounts together
		w.address = fmt.Sprintf("198.51.100.%d:99", n+1)
		w.post("anonymous", "/sign-in/second-step", "code=000000x", w.half("plain@acme.test")).must(http.StatusUnprocessableEntity)
	}
	half := w.half("plain@acme.test")
	w.post("anonymous", "/sign-in/second-step", "code="+app.code(), half).must(http.StatusUnprocessableEntity).says(lockedSentence)
	w.post("anonymous", "/sign-in/second-step", "code="+codes[0], half).must(http.StatusUnprocessableEntity).says(lockedSentence)
	w.exec(`UPDATE sign_in_failures SET at = at - interval '61 minutes'`)
	w.post("anonymous", "/sign-in/second-step", "code="+app.code(), half).leadsTo("/")
}

func TestTheSecretOfAnAppIsNeitherReadableNorShownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, codes, token := w.enrols("member", "plain")
	dump := ""
	if err := w.pool.QueryRow(t.Context(), `SELECT string_agg(f::text, '') || (SELECT string_agg(c::text, '') FROM recovery_codes c) FROM totp_factors f`).Scan(&dump); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump, app.secret) || strings.Contains(dump, codes[0]) {
		t.Error("the database holds a secret as it is")
	}
	w.get("anonymous", "/account/app", cookie(token)).must(http.StatusOK).saysNothingOf(app.secret[:4] + " ")
	w.get("anonymous", "/account/app/code.png", cookie(token)).must(http.StatusNotFound)
	w.get("anonymous", "/account", cookie(token)).must(http.StatusOK).says("10 recovery codes").saysNothingOf(codes[0])
	w.post("anonymous", "/account/app", "", cookie(token)).must(http.StatusSeeOther)
	w.get("anonymous", "/account/app/code.png", cookie(token)).must(http.StatusNotFound) // starting again starts nothing
}

func TestChangingAFactorAsksForTheFactorAndEndsOtherSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.late()
	for _, path := range []string{"/account/app", "/account/app/removal", "/account/recovery-codes"} {
		w.get("member", path).must(http.StatusOK).says("Your password")
	}
	w.post("member", "/account/app", "").must(http.StatusOK).says("Your password")
	if w.count(`SELECT count(*) FROM totp_factors`) != 0 {
		t.Error("a setup was begun")
	}
	w.restore()
	app, codes, token := w.enrols("member", "plain")
	w.late()
	const removal = "/account/app/removal"
	w.post("anonymous", removal, "", cookie(token)).must(http.StatusOK).says("Code from your app")
	w.post("anonymous", removal, form("proof", password), cookie(token)).must(http.StatusUnprocessableEntity) // the password is not enough
	if w.count(`SELECT count(*) FROM totp_factors`) != 1 {
		t.Fatal("the codes are off")
	}
	in := w.post("anonymous", "/sign-in/second-step", "code="+codes[0], w.half("plain@acme.test")).signedIn()
	gone := w.post("anonymous", removal, form("proof", app.code()), cookie(token)).must(http.StatusSeeOther)
	w.get("anonymous", "/orgs", cookie(in)).must(http.StatusSeeOther)
	w.get("anonymous", "/orgs", cookie(token)).must(http.StatusSeeOther)
	if w.count(`SELECT (SELECT count(*) FROM totp_factors) + (SELECT count(*) FROM recovery_codes)`) != 0 {
		t.Error("something of the factor is left")
	}
	last := ""
	for _, c := range gone.cookies {
		last = c.Value
	}
	w.get("anonymous", "/orgs", cookie(last)).must(http.StatusOK)
	if w.signIn("plain@acme.test", password).session() == "" {
		t.Error("signing in still asks for a code")
	}
	for _, action := range []string{"user.factor_added", "user.factor_removed"} {
		if w.count(`SELECT count(*) FROM audit_events WHERE action = $1 AND org_id = $2::uuid`, action, w.ids["acme"]) != 1 {
			t.Errorf("%s is not in the log once", action)
		}
	}
}

func TestNewRecoveryCodesTakeThePlaceOfTheOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, codes, token := w.enrols("member", "plain")
	renewed := recoveryCode.FindAllString(w.post("anonymous", "/account/recovery-codes", "", cookie(token)).must(http.StatusOK).body, -1)
	if len(renewed) != 10 {
		t.Fatalf("%d new codes", len(renewed))
	}
	w.post("anonymous", "/sign-in/second-step", "code="+codes[0], w.half("plain@acme.test")).must(http.StatusUnprocessableEntity)
	w.post("anonymous", "/sign-in/second-step", "code="+renewed[0], w.half("plain@acme.test")).leadsTo("/")
}

func TestAnOrganizationThatAsksForASecondFactorShowsNothingBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy := "idle_hours=12&absolute_hours=168&second_factor="
	w.post("admin", "/orgs/acme/settings/sign-in", policy+"yes").must(http.StatusSeeOther)
	for _, row := range pageRows(t) {
		if !strings.HasPrefix(row.route, "/orgs/:org") {
			continue
		}
		for _, actor := range []string{"member", "admin", "owner"} {
			before := w.events()
			got := row.send(w, actor)
			if got.status != http.StatusSeeOther || !strings.HasPrefix(got.location(), "/account/app") {
				t.Errorf("%s: %d to %q", got.asked, got.status, got.location())
			}
			if w.events() != before {
				t.Errorf("%s was carried out", got.asked)
			}
		}
	}
	if to := w.get("member", "/orgs/acme", partial).must(http.StatusOK).header.Get("HX-Redirect"); !strings.HasPrefix(to, "/account/app") {
		t.Errorf("a part leads to %q", to)
	}
	w.get("outsider", "/orgs/globex").must(http.StatusOK)
	w.get("outsider", "/orgs/acme").must(http.StatusNotFound) // and learns nothing of it
	_, _, token := w.enrols("member", "plain")
	w.get("anonymous", "/orgs/acme", cookie(token)).must(http.StatusOK)
	_, _, token = w.enrols("admin", "admin")
	w.post("anonymous", "/orgs/acme/settings/sign-in", policy+"no", cookie(token)).must(http.StatusSeeOther)
	w.get("owner", "/orgs/acme").must(http.StatusOK)
}
