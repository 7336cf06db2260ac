package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// late makes every sign-in of the world older than ten minutes.
func (w *world) late() { w.exec(`UPDATE sessions SET created_at = now() - interval '11 minutes'`) }

// guarded are the steps that ask for a recent sign-in, and what each does then.
var guarded = []struct {
	actor, path, form string
	status            int
	changed           string // counts 1 once it is done
}{
	{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=tara@acme.test&confirm=tara@acme.test&version={version}", http.StatusSeeOther,
		`SELECT count(*) FROM resources r JOIN users u ON u.id = r.owner_id WHERE r.name = 'Alpha' AND u.email = 'tara@acme.test'`},
	{"admin", "/orgs/acme/tokens", "name=Late&scope=decide&scope=manage", http.StatusOK,
		`SELECT count(*) FROM api_tokens WHERE name = 'Late' AND scopes = '{decide,manage}'`},
	{"owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode=public&org_role=viewer&version={version}&confirm=yes", http.StatusSeeOther,
		`SELECT count(*) FROM resources WHERE name = 'Alpha' AND access_mode = 'public'`},
	{"admin", "/orgs/acme/members/{moda}/removal", "heir=tara@acme.test", http.StatusSeeOther,
		`SELECT 1 - count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = 'moda@acme.test'`},
	{"owner", "/orgs/acme/resources/{password}/reveal", "", http.StatusOK, `SELECT count(*) FROM audit_events WHERE action = 'secret.revealed'`},
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

func TestAStepAfterAnOldSignInAsksForThePasswordAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, partly := range []bool{false, true} {
		for _, step := range guarded {
			w.restore()
			w.late()
			var options []option
			if partly {
				options = append(options, partial)
			}
			asked := w.post(step.actor, step.path, step.form, options...).must(http.StatusOK).says("Confirm that it is you")
			if partly && asked.header.Get("HX-Retarget") != "#dialog-body" {
				t.Errorf("%s: the question stands in %q", step.path, asked.header.Get("HX-Retarget"))
			}
			if w.count(step.changed) != 0 {
				t.Fatalf("%s was done", step.path)
			}
			again := []string{}
			part := asked.body[max(0, strings.Index(asked.body, `id="dialog-body"`)):] // the menu around it has a form of its own
			for _, field := range hiddenInput.FindAllStringSubmatch(part, -1) {
				again = append(again, field[1], field[2])
			}
			if want := strings.Count(step.form, "="); len(again) != 2*want {
				t.Errorf("%s: %d of %d fields are sent again", step.path, len(again)/2, want)
			}
			action := w.fillIn(step.path)
			if !strings.Contains(asked.body, `action="`+action+`"`) {
				t.Fatalf("%s is not sent again: %s", step.path, asked.text())
			}
			wrong := w.post(step.actor, action, form(append(again, "proof", "wrong")...), options...).must(http.StatusUnprocessableEntity).says(wrongSentence)
			if w.count(step.changed) != 0 || wrong.session() != "" {
				t.Fatalf("%s was done with a wrong password", step.path)
			}
			in := w.post(step.actor, action, form(append(again, "proof", password)...), options...)
			if !partly {
				in.must(step.status)
			}
			if w.count(step.changed) != 1 {
				t.Errorf("%s was not done after the right password: %d %s", step.path, in.status, in.text())
			}
			if in.session() == "" || in.session() == w.tokens[step.actor] {
				t.Errorf("%s: no new session began", step.path)
			}
			w.get(step.actor, "/orgs").must(http.StatusSeeOther) // the session from before is over
		}
	}
}

func TestThePageOfAStepAsksForThePasswordBeforeAnythingIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.late()
	for path, actor := range map[string]string{"/orgs/acme/tokens/new": "admin", "/orgs/acme/resources/{alpha}/owner": "owner",
		"/orgs/acme/resources/{alpha}/access-mode?mode=public&role=viewer": "owner", "/orgs/acme/resources/{password}/reveal": "owner"} {
		w.get(actor, path).must(http.StatusOK).says("Confirm that it is you")
	}
	w.get("owner", "/orgs/acme/resources/{alpha}/access-mode?mode=organization&role=viewer").must(http.StatusOK).saysNothingOf("Confirm that it is you")
	w.get("member", "/orgs/acme/tokens/new").must(http.StatusNotFound)
	w.get("group admin", "/orgs/acme/resources/{alpha}/owner").must(http.StatusForbidden).saysNothingOf("Confirm that it is you")

	next := w.fillIn("/orgs/acme/resources/{alpha}/owner")
	asked := w.get("owner", next, partial).holds(`name="dialog" value="yes"`)
	in := w.post("owner", "/confirmation", form("proof", password, "next", next, "dialog", "yes"), partial).must(http.StatusSeeOther)
	if in.header.Get("Location") != next || in.header.Get("HX-Redirect") != "" {
		t.Errorf("the dialog goes to %q after %s", in.header.Get("Location"), asked.text())
	}
}

func TestAPasswordThatConfirmsIsCountedLikeOneThatSignsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.late()
	for range 10 {
		w.post("admin", "/orgs/acme/tokens", form("name", "Late", "scope", "decide", "proof", "wrong")).must(http.StatusUnprocessableEntity).says(wrongSentence)
	}
	w.post("admin", "/orgs/acme/tokens", form("name", "Late", "scope", "decide", "proof", password)).must(http.StatusUnprocessableEntity).says(lockedSentence)
	if w.count(`SELECT count(*) FROM api_tokens WHERE name = 'Late'`) != 0 {
		t.Error("a token was made")
	}
}

func TestAProofInTheAddressCountsForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.late()
	w.post("admin", "/orgs/acme/tokens?proof="+strings.ReplaceAll(password, " ", "+"), "name=Late&scope=decide").must(http.StatusOK).says("Confirm that it is you")
}
