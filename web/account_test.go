package web

import (
	"net/http"
	"testing"
)

func TestASessionIsEndedFromAnotherOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	firefox := header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	first := w.signIn("plain@acme.test", password, firefox).session()
	w.get("anonymous", "/account", cookie(first)).must(http.StatusOK).says("Firefox on Linux").says("192.0.2.1").says("This session")
	var other string
	if err := w.pool.QueryRow(t.Context(), `SELECT id::text FROM sessions WHERE user_id = $1::uuid AND agent = 'test'`, w.ids["plain"]).Scan(&other); err != nil {
		t.Fatal(err)
	}
	w.post("owner", "/account/sessions/"+other+"/removal", "").must(http.StatusNotFound) // somebody else's
	w.get("member", "/orgs").must(http.StatusOK)
	w.post("anonymous", "/account/sessions/"+other+"/removal", "", cookie(first)).leadsTo("/account")
	w.get("member", "/orgs").must(http.StatusSeeOther)
	w.get("member", "/orgs", partial).must(http.StatusUnauthorized)

	second, third := w.signIn("plain@acme.test", password).session(), w.signIn("plain@acme.test", password).session()
	w.post("anonymous", "/account/sessions/removal", "", cookie(second)).leadsTo("/account")
	w.get("anonymous", "/orgs", cookie(second)).must(http.StatusOK)
	for _, ended := range []string{first, third} {
		w.get("anonymous", "/orgs", cookie(ended)).must(http.StatusSeeOther)
		w.post("anonymous", "/preferences/theme", "theme=dark", cookie(ended)).leadsTo("/sign-in")
	}
	w.get("owner", "/orgs").must(http.StatusOK) // nobody else is signed out
}

func TestAnAdminEndsTheSessionsOfAMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("admin", "/orgs/acme/members/{moda}").must(http.StatusOK).says("End all sessions")
	for _, actor := range []string{"auditor", "member", "owner"} {
		w.get(actor, "/orgs/acme/members/{moda}").must(http.StatusOK).saysNothingOf("End all sessions").saysNothingOf("192.0.2.1")
	}
	w.post("admin", "/orgs/acme/members/{plain}/sessions/{gil's session}/removal", "").must(http.StatusNotFound)
	w.post("admin", "/orgs/acme/members/{moda}/sessions/{tara's session}/removal", "").must(http.StatusNotFound)
	w.get("tara", "/orgs").must(http.StatusOK)
	w.post("admin", "/orgs/acme/members/{tara}/sessions/{tara's session}/removal", "").must(http.StatusSeeOther)
	w.get("tara", "/orgs").must(http.StatusSeeOther)
	w.post("admin", "/orgs/acme/members/{moda}/sessions/removal", "").must(http.StatusSeeOther)
	w.get("owner", "/orgs/acme").must(http.StatusSeeOther)
	w.post("admin", "/orgs/acme/members/{outsider}/sessions/removal", "").must(http.StatusNotFound)
	w.get("outsider", "/orgs").must(http.StatusOK)
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action = 'member.sessions_ended'`); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestTheStrictestOrganizationSaysHowLongASessionLasts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("admin", "/orgs/acme/settings/sign-in", "idle_hours=2&absolute_hours=24&second_factor=no").must(http.StatusSeeOther)
	w.get("admin", "/orgs/acme/settings/sign-in").must(http.StatusOK).holds(`value="24"`)
	w.exec(`UPDATE sessions SET last_seen_at = now() - interval '2 hours 1 minute'`)
	w.get("member", "/orgs").must(http.StatusSeeOther)
	w.get("outsider", "/orgs").must(http.StatusOK) // is a member of globex only
	w.exec(`UPDATE sessions SET last_seen_at = now(), created_at = now() - interval '23 hours'`)
	w.get("member", "/orgs").must(http.StatusOK)
	w.exec(`UPDATE sessions SET created_at = now() - interval '24 hours 1 minute'`)
	w.get("member", "/orgs").must(http.StatusSeeOther)
	w.get("deactivated", "/orgs").must(http.StatusOK) // acme no longer says anything to dan
	w.get("outsider", "/orgs").must(http.StatusOK)

	w.restore()
	for _, wrong := range []string{"idle_hours=0&absolute_hours=24", "idle_hours=13&absolute_hours=24", "idle_hours=2&absolute_hours=169", "idle_hours=x&absolute_hours=24", "idle_hours=-1&absolute_hours=24"} {
		w.post("admin", "/orgs/acme/settings/sign-in", wrong+"&second_factor=no").must(http.StatusUnprocessableEntity).says("Enter a number of hours")
	}
	if w.count(`SELECT count(*) FROM sign_in_policies`) != 0 {
		t.Error("something was kept")
	}
}

func TestANameIsChangedByThePersonAndStandsInTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("member", "/account/profile", "name=Pia+Plain").leadsTo("/account")
	w.get("member", "/account").must(http.StatusOK).says("Pia Plain")
	w.post("member", "/account/profile", "name=").must(http.StatusUnprocessableEntity).says("Enter a name.")
	w.get("admin", "/orgs/acme/audit").must(http.StatusOK).says("changed their name from plain to Pia Plain")
	w.post("deactivated", "/account/profile", "name=Else").must(http.StatusConflict)
}

func TestTheAccountShowsTheTokensAndOrganizationsOfThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("admin", "/account").must(http.StatusOK).says("Loader of acme").saysNothingOf("Loader of globex").
		holds(`href="` + w.fillIn("/orgs/acme/members/{admin}/removal") + `"`)
	w.get("member", "/account").must(http.StatusOK).saysNothingOf("Loader of")
}
