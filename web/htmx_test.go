package web

import (
	"net/http"
	"strings"
	"testing"
)

var historyRestore = header("HX-History-Restore-Request", "true")

// whole tells whether an answer is a page with everything around it.
func (a *answer) whole() bool {
	return strings.Contains(strings.ToLower(a.body), "<html")
}

func TestAPartialAnswerIsAPartAndEverythingElseAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wholeOnly := map[string]bool{"/orgs": true, "/links/:token": true, "/sign-in": true, "/setup/:token": true, "/invitations/:token": true, "/resets/:token": true, "/orgs/:org/invitations/file": true}
	parts := map[string]bool{"/orgs/:org/groups/:group/candidates": true, "/orgs/:org/invitations/candidates": true, "/orgs/:org/members/:user/removal/heirs": true, "/orgs/:org/resources/:resource/candidates": true, "/livez": true, "/readyz": true, "/static/*": true}
	for _, row := range pageRows(t) {
		if row.method != http.MethodGet || parts[row.route] {
			continue
		}
		for _, actor := range actors {
			page, part, restored := row.send(w, actor), row.send(w, actor, partial), row.send(w, actor, partial, historyRestore)
			if page.status != http.StatusOK && page.status < 400 || page.isFile() {
				continue
			}
			if !page.whole() {
				t.Errorf("%s: no page", page.asked)
			}
			if part.whole() && !(wholeOnly[row.route] && (part.status < 400 || part.status == http.StatusGone)) || part.status != page.status {
				t.Errorf("%s as a part: %d, whole %v", part.asked, part.status, part.whole())
			}
			if !restored.whole() || restored.status != page.status {
				t.Errorf("%s as it is restored from history: %d, whole %v", restored.asked, restored.status, restored.whole())
			}
		}
	}
}

func TestASessionThatEndedSendsThePageToSignInAndNeverShowsAFormInAPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`DELETE FROM sessions`)
	for _, row := range pageRows(t) {
		if row.statuses[0] != "in" || row.route == "/" || row.route == "/sign-out" || strings.HasPrefix(row.route, "/sign-in/second-step") {
			continue
		}
		got := row.send(w, "admin", partial).must(http.StatusUnauthorized)
		if to := got.header.Get("HX-Redirect"); !strings.HasPrefix(to, "/sign-in") || got.body != "" || got.location() != "" {
			t.Errorf("%s: HX-Redirect %q, body %.80q", got.asked, to, got.body)
		}
		if restored := row.send(w, "admin", partial, historyRestore); restored.cell() != "in" {
			t.Errorf("%s as it is restored: %d", restored.asked, restored.status)
		}
	}
}

func TestAChangeAnswersAFormWith303AndAPartWithoutARedirect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range pageRows(t) {
		if row.method != http.MethodPost || !strings.HasPrefix(row.route, "/orgs/") || row.route == "/orgs/:org/members/selection" { // which asks what a change would do
			continue
		}
		actor := row.allowed()
		if actor == "anonymous" {
			continue // nobody can do it in this world
		}
		form := row.send(w, actor)
		w.restore()
		part := row.send(w, actor, partial)
		w.restore()
		if form.status == http.StatusOK { // an invitation's links, a token and a revealed value are shown at once: they are nowhere afterwards
			if !strings.Contains(row.route, "/invitations") && !strings.HasSuffix(row.route, "/reveal") && row.route != "/orgs/:org/tokens" || part.whole() && !strings.HasSuffix(row.route, "/file") || part.status != http.StatusOK {
				t.Errorf("%s answers a form with %d and a part with %d", row.route, form.status, part.status)
			}
			continue
		}
		if form.status != http.StatusSeeOther || form.location() == "" {
			t.Errorf("%s answers a form with %d to %q", row.route, form.status, form.location())
		}
		if part.status != http.StatusOK || part.location() != "" || part.whole() {
			t.Errorf("%s answers a part with %d", row.route, part.status)
		}
		if part.header.Get("HX-Redirect") == "" && part.header.Get("HX-Trigger") == "" {
			t.Errorf("%s answers a part with neither HX-Redirect nor HX-Trigger", row.route)
		}
		if to := part.header.Get("HX-Redirect"); to != "" && to != form.location() && !madeAnew(row.route) {
			t.Errorf("%s leads a form to %s and a part to %s", row.route, form.location(), to)
		}
	}
}

// madeAnew: what these routes make has another id each time.
func madeAnew(route string) bool {
	return strings.HasSuffix(route, "/:org/groups") || strings.HasSuffix(route, "/:org/resources") || strings.HasSuffix(route, "/:org/modules")
}

func TestAChangeMadeFromThePageThatShowsItStaysThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from := func(path string) option { return header("HX-Current-URL", "http://gatehouse.test"+w.fillIn(path)) }
	for _, one := range []struct{ path, form, page string }{
		{"/orgs/acme/members/{tara}/role", "role=modeler&confirm=modeler", "/orgs/acme/members?search=a&status=active"},
		{"/orgs/acme/members/{tara}/deactivation", "", "/orgs/acme/members"},
		{"/orgs/acme/members/{tara}/reactivation", "", "/orgs/acme/members"},
		{"/orgs/acme/members/{tara}/role", "role=member&confirm=member", "/orgs/acme/members/{tara}"},
		{"/orgs/acme/groups/{research}/members", "who=user:{plain}&role=member", "/orgs/acme/groups/{research}"},
		{"/orgs/acme/groups/{research}/members/{plain}/role", "role=admin", "/orgs/acme/groups/{research}"},
		{"/orgs/acme/groups/{research}/members/{plain}/removal", "", "/orgs/acme/groups/{research}"},
		{"/orgs/acme/invitations/{invitation}/revocation", "", "/orgs/acme/members"},
	} {
		got := w.post("admin", one.path, one.form, partial, from(one.page)).must(http.StatusOK)
		if got.header.Get("HX-Trigger") == "" || got.header.Get("HX-Redirect") != "" || got.header.Get("HX-Retarget") != "#flash" || got.whole() || got.text() == "" {
			t.Errorf("%s from %s: HX-Trigger %q, HX-Redirect %q, HX-Retarget %q, %.200q", got.asked, one.page, got.header.Get("HX-Trigger"),
				got.header.Get("HX-Redirect"), got.header.Get("HX-Retarget"), got.text())
		}
	}
	if w.get("admin", "/orgs/acme/members").must(http.StatusOK); w.count(`SELECT count(*) FROM sessions WHERE flash <> ''`) != 0 {
		t.Error("a sentence that was shown in place is kept for the next page")
	}
}

func TestASentenceAboutAChangeIsShownOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next := w.post("admin", "/orgs/acme/members/{tara}/role", "role=modeler&confirm=modeler").location()
	w.send("admin", http.MethodGet, next, "").must(http.StatusOK).says("tara has the role Modeler now.").says("Undo")
	w.send("admin", http.MethodGet, next, "").must(http.StatusOK).saysNothingOf("has the role Modeler now.")
}

func TestARefusedFormAnswersThePartThatHoldsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, one := range []struct {
		actor, path, form string
		status            int
	}{
		{"admin", "/orgs/acme/groups", "name=Board", 422}, {"admin", "/orgs/acme/settings", "name=", 422}, {"admin", "/orgs/acme/invitations", "to=x&role=member", 422},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version=0", 409},
		{"admin", "/orgs/acme/groups/{research}/members", "who=user:{tara}&role=member", 409},
		{"admin", "/orgs/acme/groups/{inner}/members", "who=group:{research}&role=member", 409},
	} {
		page, part := w.post(one.actor, one.path, one.form).must(one.status), w.post(one.actor, one.path, one.form, partial).must(one.status)
		if !page.whole() || part.whole() || !strings.Contains(part.body, "<form") && one.status == 422 {
			t.Errorf("%s: page whole %v, part whole %v", page.asked, page.whole(), part.whole())
		}
	}
}
