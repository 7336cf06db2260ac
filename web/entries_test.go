package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/oidc/oidctest"
)

// joins makes a member of acme one of globex too, who accepted that themselves.
func (w *world) joins(user string) {
	w.t.Helper()
	ctx, globex := w.t.Context(), access.ID(w.ids["globex"])
	token, err := w.store.Invite(ctx, db.By{User: access.ID(w.ids["outsider"]), Via: "page"}, globex, db.NewInvitation{Email: user + "@acme.test", Role: "member"})
	if err == nil {
		_, err = w.store.AcceptInvitation(ctx, db.By{User: access.ID(w.ids[user]), Via: "page"}, token)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// Globex names, by its provider, a person who is an Admin of acme. What that opens is globex's: at every other route the
// session is none. To see it fail: let counts return true.
func TestTheProviderOfOneOrganizationOpensNothingOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.joins("admin")
	p := w.providerOf("outsider", "globex", "on", "")
	names(p, "1", "admin@acme.test")
	token := w.signsOn(p, "globex", "").leadsTo("/orgs/globex").signedIn()
	w.get("anonymous", "/orgs/globex", cookie(token)).must(http.StatusOK).saysNothingOf("/orgs/acme")
	w.get("anonymous", "/orgs", cookie(token)).must(http.StatusOK).saysNothingOf("/orgs/acme").says("globex")
	w.get("anonymous", "/", cookie(token)).leadsTo("/orgs/globex")
	w.get("anonymous", "/sign-in?next=/account", cookie(token)).must(http.StatusOK).says("which opens your organization's pages only")
	before := w.checksums()
	for _, row := range pageRows(t) {
		if row.statuses[0] != "in" || slices.Contains(unowned, row.route) || row.route == "/sign-out" {
			continue
		}
		got := row.send(w, "anonymous", cookie(token))
		if got.cell() != "in" {
			t.Errorf("%s: %d, and without a session it leads to the sign-in page", got.asked, got.status)
		}
	}
	w.mustBeAsBefore(before, "a session that globex stands for")
	if row := w.post("anonymous", "/invitations/{invitation token}", "", cookie(token)); row.status != http.StatusUnprocessableEntity {
		t.Errorf("an invitation of acme: %d", row.status)
	}

	// With means of their own the same person goes on, and keeps what the provider said.
	w.post("anonymous", "/confirmation", form("proof", password, "next", "/account"), cookie(token)).leadsTo("/sign-in")
	in := w.signIn("admin@acme.test", password, cookie(token)).signedIn()
	w.get("anonymous", "/orgs/acme/members", cookie(in)).must(http.StatusOK)
	w.get("anonymous", "/account", cookie(in)).must(http.StatusOK).says("by single sign-on")
	w.get("anonymous", "/orgs/globex", cookie(token)).must(http.StatusSeeOther) // the token before is over
	if other := w.signIn("plain@acme.test", password, cookie(in)).signedIn(); w.count(`SELECT count(*) FROM session_providers`) != 0 {
		t.Errorf("what a provider said of one person went on to another: %s", other)
	}
}

// Proving to a provider who one is proves it to its organization alone.
func TestARecentSignInAtAProviderCountsAtItsOrganizationOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.providerOf("admin", "acme", "on", "")
	proven := func(at any) {
		p.Says = func(c oidctest.Claim) {
			if c["sub"], c["email"] = "1", "admin@acme.test"; at != nil {
				c["auth_time"] = at
			}
		}
	}
	const tokens = "/orgs/acme/tokens"
	asks := func(token string) {
		t.Helper()
		got := w.post("anonymous", tokens, "name=Mine&scope=decide", cookie(token)).must(http.StatusOK).says("Confirm that it is you")
		if !strings.Contains(got.body, `/sso/acme/start?again=yes`) || strings.Contains(got.text(), "Your password") {
			t.Error("it asks otherwise: " + got.text())
		}
		w.post("anonymous", tokens, form("name", "Mine", "scope", "decide", "proof", password), cookie(token)).must(http.StatusOK).says("Confirm that it is you")
		if w.count(`SELECT count(*) FROM api_tokens WHERE name = 'Mine'`) != 0 {
			t.Fatal("a token was made")
		}
	}
	proven(nil)
	asks(w.signsOn(p, "acme", "").signedIn()) // the provider did not say when
	proven(time.Now().Add(-time.Hour).Unix())
	token := w.signsOn(p, "acme", "").signedIn()
	asks(token)
	w.signsOn(p, "acme", "?again=yes", cookie(token)).must(http.StatusBadRequest).says("did not ask you anew")
	proven(time.Now().Unix())
	token = w.signsOn(p, "acme", "?again=yes&next="+tokens, cookie(token)).leadsTo(tokens).signedIn()
	w.post("anonymous", tokens, "name=Mine&scope=decide", cookie(token)).must(http.StatusOK).says("Mine")

	own := w.tokens["admin"]
	w.late()
	own = w.signsOn(p, "acme", "", cookie(own)).signedIn()
	w.post("anonymous", tokens, "name=Again&scope=decide", cookie(own)).must(http.StatusOK).says("Again")
	w.get("anonymous", "/account/app", cookie(own)).must(http.StatusOK).says("Your password") // the account is the person's own
}

func TestAnOrganizationThatAsksForSingleSignOnShowsNothingBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.providerOf("admin", "acme", "on", "")
	_, _, kept := w.enrols("admin", "admin")
	w.post("anonymous", providerAt, form("issuer", p.URL, "client_id", oidctest.ClientID, "use", "only", "break_glass", "admin@acme.test", "version", "1"),
		cookie(kept)).must(http.StatusSeeOther)
	for _, row := range pageRows(t) {
		if !strings.HasPrefix(row.route, "/orgs/:org") {
			continue
		}
		for _, actor := range []string{"member", "auditor", "owner"} {
			before := w.events()
			got := row.send(w, actor)
			if got.status != http.StatusSeeOther || !strings.HasPrefix(got.location(), "/sso/acme") {
				t.Errorf("%s: %d to %q", got.asked, got.status, got.location())
			}
			if w.events() != before {
				t.Errorf("%s was carried out", got.asked)
			}
		}
	}
	w.get("member", "/orgs/acme").leadsTo("/sso/acme?next=%2Forgs%2Facme")
	w.get("member", "/sso/acme").must(http.StatusOK).says("You are signed in as plain@acme.test")
	w.get("member", "/account").must(http.StatusOK)
	w.get("outsider", "/sso/acme").must(http.StatusOK).saysNothingOf("single sign-on only")
	w.get("outsider", "/orgs/acme").must(http.StatusNotFound) // and learns nothing of it
	w.get("outsider", "/orgs/globex").must(http.StatusOK)

	names(p, "1", "plain@acme.test") // in the session that there is
	in := w.signsOn(p, "acme", "?next=/orgs/acme", cookie(w.tokens["member"])).leadsTo("/orgs/acme").signedIn()
	w.get("anonymous", "/orgs/acme", cookie(in)).must(http.StatusOK)
	w.get("anonymous", "/account", cookie(in)).must(http.StatusOK)
	w.get("member", "/account").must(http.StatusSeeOther) // under its old token it is over

	// The one Admin for the day on which it is down: with a password, and a second factor.
	w.get("anonymous", "/orgs/acme/members", cookie(kept)).must(http.StatusOK)
	for path, form := range map[string]string{"role": "role=member", "deactivation": "", "removal": ""} {
		w.post("anonymous", "/orgs/acme/members/{admin}/"+path, form, cookie(kept)).must(http.StatusConflict).says("when the single sign-on is down")
	}
	w.exec(`DELETE FROM totp_factors`)
	if got := w.get("anonymous", "/orgs/acme/members", cookie(kept)); !strings.HasPrefix(got.location(), "/account/app") {
		t.Errorf("without the factor: %d to %q", got.status, got.location())
	}

	w.exec(`UPDATE session_providers SET at = now() - interval '7 days'`)
	w.get("anonymous", "/orgs/acme", cookie(in)).must(http.StatusSeeOther) // no longer than any session lasts
	if _, err := w.store.RestoreAdmin(t.Context(), db.By{Via: "cli"}, "acme", "second@acme.test"); err != nil {
		t.Fatal(err)
	}
	w.get("owner", "/orgs/acme").must(http.StatusOK) // the operator's way in is everybody's again
}

// A provider's word is the organization's own: it asks for no second factor besides.
func TestTheProviderStandsForASecondFactorToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.providerOf("admin", "acme", "on", "")
	w.post("admin", "/orgs/acme/settings/sign-in", "idle_hours=12&absolute_hours=168&second_factor=yes").must(http.StatusSeeOther)
	names(p, "1", "plain@acme.test")
	in := w.signsOn(p, "acme", "").leadsTo("/orgs/acme").signedIn()
	w.get("anonymous", "/orgs/acme", cookie(in)).must(http.StatusOK)
	if got := w.get("member", "/orgs/acme"); !strings.HasPrefix(got.location(), "/account/app") {
		t.Errorf("with a password: %d to %q", got.status, got.location())
	}
	w.exec(`UPDATE providers SET enabled = false`)
	w.get("anonymous", "/orgs/acme", cookie(in)).must(http.StatusSeeOther) // turned off, it stands for nothing
}
