package web

import (
	"net/http"
	"strings"
	"testing"
)

const passwordPage = "/orgs/acme/resources/{password}"

func TestNoAnswerButTheRevealHoldsTheValueOfASecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checked := 0
	for _, row := range pageRows(t) {
		for _, actor := range []string{"owner", "tara", "admin", "auditor"} {
			row := row
			if strings.HasSuffix(row.route, "/reveal") && row.method == http.MethodPost {
				continue
			}
			before := w.written()
			path := strings.NewReplacer("{alpha}", "{password}", "{figures}", "{password}", "{dashboard}", "{password}").Replace(row.path())
			w.ask(actor, row.method, path, row.form).saysNothingOf("hunter2")
			if w.written() != before {
				w.restore()
			}
			checked++
		}
	}
	if checked < 200 {
		t.Errorf("only %d answers were looked at", checked)
	}
	w.post("owner", passwordPage+"/reveal", "").must(http.StatusOK).says("hunter2 <hunter2> and more").saysNothingOf("<hunter2>")
	w.post("tara", passwordPage+"/reveal", "").must(http.StatusOK).says("hunter2") // an Editor through the project
	for actor, status := range map[string]int{"admin": 403, "auditor": 403, "group admin": 403, "member": 404, "outsider": 404} {
		w.post(actor, passwordPage+"/reveal", "").must(status).saysNothingOf("hunter2")
	}
	w.get("admin", "/orgs/acme/audit").must(http.StatusOK).says("revealed the value of the secret").saysNothingOf("hunter2")
	if strings.Contains(w.log.String(), "hunter2") {
		t.Error("the server's log holds a secret")
	}
}

func TestARevealAsksForARecentSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const reveal = passwordPage + "/reveal"
	w.get("owner", reveal).must(http.StatusOK).says("Reveal the value")
	w.exec(`UPDATE sessions SET created_at = now() - interval '11 minutes'`)
	events := w.events()
	w.get("owner", reveal).must(http.StatusOK).says("Confirm that it is you").says(w.fillIn(reveal))
	w.post("owner", reveal, "").must(http.StatusOK).says("Confirm that it is you").saysNothingOf("hunter2")
	w.post("owner", reveal, "", partial).must(http.StatusOK).says("Confirm that it is you").saysNothingOf("hunter2")
	if w.events() != events {
		t.Error("something was recorded, and nothing was revealed")
	}
	w.post("owner", "/confirmation", form("proof", "wrong", "next", w.fillIn(reveal))).must(http.StatusUnprocessableEntity).saysNothingOf("wrong")
	w.post("owner", "/confirmation", form("proof", password, "next", "https://evil.example")).leadsTo("/")

	w.restore()
	w.exec(`UPDATE sessions SET created_at = now() - interval '11 minutes'`)
	confirmed := w.post("owner", "/confirmation", form("proof", password, "next", w.fillIn(reveal))).leadsTo(w.fillIn(reveal))
	if confirmed.session() == "" || confirmed.session() == w.tokens["owner"] {
		t.Fatal("no new session began")
	}
	w.get("owner", reveal).must(http.StatusSeeOther) // the session from before is over
	w.get("", reveal, cookie(confirmed.session())).must(http.StatusOK).says("Reveal the value")
	w.post("", reveal, "", cookie(confirmed.session())).must(http.StatusOK).says("hunter2")
}

func TestWhoHasNoPasswordSignsInAgainInstead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE sessions SET created_at = now() - interval '11 minutes'`)
	w.exec(`UPDATE accounts SET password_hash = ''`)
	asked := w.get("owner", passwordPage+"/reveal").must(http.StatusOK).says("Sign in again first").holds(`action="/sign-out"`)
	asked.saysNothingOf("current-password")
	w.post("owner", "/confirmation", "proof=").must(http.StatusUnprocessableEntity)
	w.post("owner", "/sign-out", form("next", w.fillIn(passwordPage+"/reveal"))).leadsTo("/sign-in?next=" + strings.ReplaceAll(w.fillIn(passwordPage+"/reveal"), "/", "%2F"))
}

func TestAValueThatIsRefusedIsSentBackToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("swordfish", 8000)
	w.post("owner", passwordPage+"/value", "value="+long).must(http.StatusUnprocessableEntity).says("at most 64 KB").holds(`type="password"`).saysNothingOf("swordfish")
	w.post("owner", "/orgs/acme/resources", "kind=secret&parent={alpha}&name=&value=swordfish").must(http.StatusUnprocessableEntity).says("Enter a name.").saysNothingOf("swordfish")
	w.post("owner", "/orgs/acme/resources", "kind=secret&parent={alpha}&name=Other&value=").must(http.StatusUnprocessableEntity).says("Enter the value.")
	w.post("owner", passwordPage+"/value", "value=+swordfish+").must(http.StatusSeeOther)
	w.post("owner", passwordPage+"/reveal", "").must(http.StatusOK).says("swordfish")
}
