package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const (
	selectionPath = "/orgs/acme/members/selection"
	changesPath   = selectionPath + "/changes"
)

var shownField = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

// seen is what the last step of the answer's form says that it shows.
func (a *answer) seen() string {
	a.t.Helper()
	found := shownField.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("there is no last step in %.400s", a.text())
	}
	return "&seen=" + found[1]
}

// selects does something to several people in both steps, and shows the results.
func (w *world) selects(actor, form string) *answer {
	w.t.Helper()
	preview := w.post(actor, selectionPath, form).must(http.StatusOK)
	w.post(actor, changesPath, form+preview.seen()).must(http.StatusSeeOther).leadsTo(selectionPath)
	return w.get(actor, selectionPath).must(http.StatusOK)
}

// Break: in db/selections.go, changeSelected, any case; in ChangeSelected, the error of one.
func TestSeveralMembersAreChangedEachByTheirOwnRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const three = "&who={tara}&who={plain}&who={moda}"
	w.post("admin", selectionPath, "act=role"+three).must(http.StatusOK).says("See what happens").saysNothingOf("will not")
	before := w.events()
	w.post("admin", selectionPath, "act=role&role=modeler"+three).must(http.StatusOK).says("2 will change, 1 will not").says("moda has the role Modeler already.").
		says("Gets the role Modeler.").says("Change the role of 2 people")
	if w.events() != before {
		t.Error("a preview leaves events")
	}
	w.selects("admin", "act=role&role=modeler"+three).says("2 of 3 people changed, 1 not.").says("moda has the role Modeler already.").says("Has the role Modeler now.")
	if changed := w.count(`SELECT count(*) FROM audit_events WHERE action = 'member.role_changed'`); changed != 2 || w.events() != before+2 {
		t.Errorf("%d changes of roles and %d events", changed, w.events()-before)
	}
	w.get("admin", selectionPath).must(http.StatusSeeOther).leadsTo("/orgs/acme/members") // they are shown once

	w.selects("admin", "act=deactivation&who={tara}&who={dan}&who={invitation}").says("1 of 3 people changed, 2 not.").says("dan is deactivated already.").
		says("newcomer@invited.test is invited and no member yet.")
	w.get("tara", "/orgs/acme").must(http.StatusNotFound)
	w.selects("admin", "act=reactivation&who={tara}&who={plain}").says("plain is active already.").says("Is active again.")
	w.get("tara", "/orgs/acme").must(http.StatusOK)
	w.post("admin", selectionPath, "act=group&group=board&who={plain}&who={grace}").must(http.StatusOK).says("Will be added to Board.").says("This changes nothing that they can do.")
	w.selects("admin", "act=group&group=board&who={plain}&who={grace}").says("Is in Board now.")
	w.selects("admin", "act=group&group=Research&who={plain}&who={grace}").says("1 of 2 people changed").says("grace is in Research already.")
	w.post("admin", selectionPath, "act=group&group=Nowhere&who={plain}").must(http.StatusUnprocessableEntity).says("There is no group named Nowhere.")
}

// Break: in web/selections.go, changeSelection, the links; in changeEach, the condition on mail.
func TestSeveralInvitationsGetNewLinksOrAreRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const both = "&who={invitation}&who={tara}"
	preview := w.post("admin", selectionPath, "act=link"+both).must(http.StatusOK).says("Make 1 new link").says("tara is a member, and has no open invitation.")
	done := w.post("admin", changesPath, "act=link"+both+preview.seen()).must(http.StatusOK).says("Copy the links now")
	w.get("anonymous", "/invitations/{invitation token}").must(http.StatusNotFound)
	link := regexp.MustCompile(`http://gatehouse\.test(/invitations/[^"]+)"`).FindStringSubmatch(done.body)
	if link == nil {
		t.Fatal("the new link is not shown")
	}
	w.get("anonymous", link[1]).must(http.StatusOK)
	if kept := w.count(`SELECT count(*) FROM sessions WHERE flash LIKE '%' || $1 || '%'`, strings.TrimPrefix(link[1], "/invitations/")); kept != 0 {
		t.Error("a link is kept in a session")
	}
	w.post("admin", changesPath, "act=link"+both+preview.seen()).must(http.StatusConflict) // loading the page again makes no further links
	w.selects("admin", "act=revocation"+both).says("1 of 2 people changed").says("The invitation is revoked.")
	w.get("anonymous", link[1]).must(http.StatusGone)
}

// Break: in web/selection_steps.go, findSelected, the order; in db/selections.go, TrySelected, one transaction for all.
func TestTheLastAdminStaysHoweverManyAreSelected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	preview := w.post("admin", selectionPath, "act=deactivation&all=yes&list_role=admin").must(http.StatusOK).says("1 will change, 1 will not").
		says("Admin of acme is the only active Admin.")
	w.post("admin", changesPath, "act=deactivation&all=yes&list_role=admin"+preview.seen()).leadsTo(selectionPath)
	w.get("admin", selectionPath).must(http.StatusOK).says("second").says("Is deactivated.").says("Admin of acme is the only active Admin.")

	w.selects("admin", "act=reactivation&who={second}")
	preview = w.post("admin", selectionPath, "act=deactivation&who={admin}&who={plain}").must(http.StatusOK).says("This is you. Only another Admin can let you in again.")
	w.post("admin", changesPath, "act=deactivation&who={admin}&who={plain}"+preview.seen()).leadsTo("/")
	w.get("member", "/orgs/acme").must(http.StatusNotFound) // both: the one who asked came last
	w.get("admin", "/orgs/acme").must(http.StatusNotFound)
}

// Break: in web/selections.go, changeSelection, seen; in web/selection_steps.go, trySelected, what is summed.
func TestAChangeInBetweenIsShownBeforeAnybodyIsChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const form = "act=role&role=auditor&who={plain}&who={tara}"
	preview := w.post("admin", selectionPath, form).must(http.StatusOK)
	for name, between := range map[string]string{
		"a role":   "act=role&role=modeler&who={tara}",
		"a status": "act=deactivation&who={tara}",
	} {
		w.selects("admin", between)
		before := w.events()
		stale := w.post("admin", changesPath, form+preview.seen()).must(http.StatusConflict).says("Nobody was changed. This is how it is now.")
		if w.events() != before {
			t.Errorf("%s: somebody was changed", name)
		}
		preview = stale
	}
	w.post("admin", changesPath, form+"&role=admin"+preview.seen()+"&who={moda}").must(http.StatusConflict) // more than was shown
	w.post("admin", changesPath, "act=role&role=admin&who={plain}&who={tara}"+preview.seen()).must(http.StatusConflict)
	w.post("admin", changesPath, "act=deactivation&who={plain}&who={tara}"+preview.seen()).must(http.StatusConflict)

	const all = "act=group&group=Board&all=yes&list_search=%40acme.test&list_status=active"
	matching := w.post("admin", selectionPath, all).must(http.StatusOK)
	w.selects("admin", "act=deactivation&who={moda}")
	w.post("admin", changesPath, all+matching.seen()).must(http.StatusConflict).saysNothingOf("moda@acme.test")
	w.post("admin", "/orgs/acme/members/{grace}/removal", "").must(http.StatusSeeOther)
	w.post("admin", selectionPath, "act=deactivation&who={grace}&who={plain}").must(http.StatusOK).says("1 person whom you selected is no longer here.")
	w.post("admin", changesPath, form+preview.seen()).must(http.StatusSeeOther)
}

// Break: in queries/members.sql, ListChosenPeople, org_id, together with what FindSelected in db/selections.go leaves out;
// in web/selection_steps.go, readSelection, what is decided first.
func TestNobodyIsSelectedWhomOneMayNotChangeOrWhoIsElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustAnswerAlike("admin", http.MethodPost, selectionPath, "act=role&role=modeler&who=ID&who={plain}", "gil", "globex invitation")
	w.post("admin", selectionPath, "act=role&role=modeler&who={gil}").must(http.StatusUnprocessableEntity).says("Nobody is selected who is still here.").saysNothingOf("gil")
	preview := w.post("admin", selectionPath, "act=deactivation&who={plain}").must(http.StatusOK)
	w.post("admin", changesPath, "act=deactivation&who={plain}&who={gil}"+preview.seen()).must(http.StatusSeeOther)
	if w.count(`SELECT count(*) FROM memberships WHERE user_id = $1::uuid AND status = 'active'`, w.ids["gil"]) != 1 {
		t.Error("somebody of another organization was deactivated")
	}
	for _, act := range []string{"role&role=modeler", "deactivation", "reactivation", "link", "revocation", "group&group=Board"} {
		for _, path := range []string{selectionPath, changesPath} {
			w.post("tara", path, "act="+act+"&who={grace}").must(http.StatusNotFound)
			w.post("auditor", path, "act="+act+"&who={grace}").must(http.StatusForbidden)
		}
	}
	for _, form := range []string{"", "act=removal&who={tara}", "act=role", "act=role&who=x&who=%00", "act=role&role=owner&who={tara}", "act=group&group=%00&who={tara}"} {
		w.post("admin", selectionPath, form).must(http.StatusUnprocessableEntity)
	}
}

// audited changes acme's database with all its triggers, and leaves an event for the guards.
func (w *world) audited(statement string) {
	w.t.Helper()
	event := `; INSERT INTO audit_events (org_id, seq, at, actor_name, via, action, target_type, target_name, hash)
		VALUES ('{acme}', 0, now(), 'a test', 'job', 'test.changed', 'test', 'test', '')`
	if _, err := w.pool.Exec(w.t.Context(), w.fillIn(statement+event)); err != nil {
		w.t.Fatal(err)
	}
}

// Break: in web/selection_steps.go, findSelected or findTicked, the bound.
func TestAtMostAThousandAreChangedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var many strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&many, "&who=00000000-0000-4000-8000-%012d", i)
	}
	w.post("admin", selectionPath, "act=deactivation"+many.String()).must(http.StatusUnprocessableEntity).says("At most 1,000 people can be changed at once")
	thousand := strings.TrimSuffix(many.String(), "&who=00000000-0000-4000-8000-000000001000")
	w.post("admin", selectionPath, "act=deactivation"+thousand).must(http.StatusUnprocessableEntity).says("Nobody is selected who is still here.")
	w.audited(`INSERT INTO invitations (org_id, email, role_id, token_hash, expires_at)
		SELECT '{acme}', 'guest-' || n || '@many.test', 'organization/member', sha256(n::text::bytea), now() + interval '1 day' FROM generate_series(1, 1001) n`)
	w.post("admin", selectionPath, "act=revocation&all=yes&list_search=many.test").must(http.StatusUnprocessableEntity).says("At most 1,000 people can be changed at once")
}
