package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gatehouse/access"
	"gatehouse/db"
)

// Whoever follows a link to what they may not know of gets, byte for byte, what a link to nothing gives, before asking, after it, after
// asking again and after taking it back. Break: in web/requests.go, requestForm, return ErrNotFound for what is not found; in
// web/request.go, onResource, set unknown only where there is a resource; in db/access_requests.go, knownResource, return on as it is.
func TestALinkToWhatIsHiddenAnswersLikeALinkToNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	never, plain := uuid.NewString(), w.ids["plain"]
	w.exec(`DELETE FROM access_requests`)
	ids := map[string]string{"hidden": w.ids["alpha"], "inside": w.ids["pack"], "foreign": w.ids["beta"]}
	ask := func(method, path, form string) {
		t.Helper()
		answer := func(id string) string {
			path := strings.ReplaceAll(path, "ID", id)
			defer w.get("member", "/orgs/acme") // reads what the last change said
			if strings.Contains(path, "REQUEST") {
				var request string
				if err := w.pool.QueryRow(t.Context(), `SELECT id FROM access_requests WHERE user_id = $1 AND asked_id = $2`, plain, id).Scan(&request); err != nil {
					t.Fatal(err)
				}
				path = strings.ReplaceAll(path, "REQUEST", request)
				return strings.ReplaceAll(w.send("member", method, path, form, fixedID).without(id), request, "REQUEST")
			}
			return requestLink.ReplaceAllString(w.send("member", method, path, form, fixedID).without(id), "requests/REQUEST")
		}
		nothing := answer(never)
		for name, id := range ids {
			if got := answer(id); got != nothing {
				t.Errorf("%s %s tells %s from nothing:\n%.600s\n--\n%.600s", method, path, name, got, nothing)
			}
		}
	}
	for _, path := range []string{"", "/share", "/why", "/settings", "/open", "/file", "/grants/" + w.ids["grant"] + "/removal"} {
		ask("GET", "/orgs/acme/resources/ID"+path, "")
	}
	w.get("member", "/orgs/acme/resources/{alpha}").must(404).says("There is nothing here").holds("/orgs/acme/resources/" + w.ids["alpha"] + "/request")
	ask("GET", "/orgs/acme/resources/ID/request", "")
	ask("POST", "/orgs/acme/resources/ID/request", "role=modeler&days=7")
	ask("POST", "/orgs/acme/resources/ID/request", "role=viewer&days=8")
	ask("POST", "/orgs/acme/resources/ID/request", form("role", "viewer", "days", "7", "message", strings.Repeat("x", 2001)))
	ask("POST", "/orgs/acme/resources/ID/request", "role=viewer&days=7&message=Please")
	ask("GET", "/orgs/acme/resources/ID/request", "")
	ask("POST", "/orgs/acme/resources/ID/request", "role=admin&days=0&message=Again")
	ask("GET", "/orgs/acme/resources/ID/request", "")
	ask("GET", "/orgs/acme/requests/REQUEST", "")
	ask("POST", "/orgs/acme/requests/REQUEST/approval", "role=viewer&version=2")
	for _, page := range []string{"/orgs/acme/requests", "/orgs/acme/my-access"} {
		got := w.get("member", page).must(200).says("A link ending in")
		for _, name := range []string{"Alpha", "Pack", "Beta"} {
			got.saysNothingOf(name)
		}
	}
	ask("POST", "/orgs/acme/requests/REQUEST/withdrawal", "")
	ask("GET", "/orgs/acme/resources/ID/request", "")
	w.get("outsider", "/orgs/acme/resources/{alpha}").must(404).saysNothingOf("/request")
	w.get("deactivated", "/orgs/acme/resources/{alpha}").must(404).saysNothingOf("/request")
}

func TestARequestIsAnsweredOnItsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const review = "/orgs/acme/requests/{request}"
	home := w.get("owner", "/orgs/acme").must(200)
	home.says("Requests 1 waits for your answer")
	w.get("admin", "/orgs/acme").must(200).saysNothingOf("request-count")
	w.get("owner", "/orgs/acme/requests").must(200).says("plain asks for Alpha").says("hidden message")
	w.get("owner", "/orgs/acme/resources/{alpha}/share").must(200).says("1 request for access")
	w.get("member", "/orgs/acme/requests").must(200).saysNothingOf("Alpha")
	w.get("owner", review).must(200).says("Has no access there now.").says("Gains discover, view and query On Alpha")
	w.get("owner", review+"?role=editor", partial).must(200).says("edit")
	w.get("owner", review+"?role=nothing").must(200).says(`"nothing" is not a role on a project.`)
	w.post("owner", review+"/approval", "role=admin&preview=yes&version=1").must(200).says("delete")
	w.get("member", "/orgs/acme/resources/{alpha}").must(404)

	// What is typed is kept, and what is stale is said
	w.post("owner", review+"/approval", "role=editor&expires_at=2020-01-01T00:00&version=1").must(422).says("Choose a time in the future").holds("2020-01-01T00:00")
	w.post("owner", review+"/approval", "role=owner&version=1").must(422)
	w.post("owner", review+"/denial", form("version", "1", "reason", strings.Repeat("x", 2001))).must(422).says("A reason has at most 2,000 characters.")
	w.post("member", "/orgs/acme/resources/{alpha}/request", "role=editor&days=1&message=Urgent").leadsTo("/orgs/acme/requests")
	w.post("owner", review+"/approval", "role=viewer&version=1").must(409).says("plain changed the request in the meantime.").says("Urgent")
	w.post("owner", review+"/approval", "role=viewer&version=2&expires_at=2099-01-01T00:00").leadsTo("/orgs/acme/requests")
	w.post("owner", review+"/approval", "role=viewer&version=2").must(409).says("moda approved this request already.")
	w.post("owner", review+"/denial", "version=2").must(409)
	w.get("owner", review).must(200).says("moda approved this request and gave the role Viewer.")
	w.get("owner", "/orgs/acme").saysNothingOf("request-count")
	w.get("member", "/orgs/acme/resources/{alpha}").must(200).holds("Ask for more access")
	w.get("member", "/orgs/acme/requests").must(200).says("moda gave you the role Viewer until 1 January 2099.").says("Alpha")
	w.post("member", "/orgs/acme/resources/{alpha}/request", "role=viewer&days=1").must(409).says("You can do everything on Alpha already")
	w.post("member", "/orgs/acme/requests/{request}/withdrawal", "").must(409)

	// Somebody who sees that it exists asks on its page
	w.get("admin", "/orgs/acme/resources/{alpha}").must(200).holds("ask-button")
	w.get("admin", "/orgs/acme/resources/{alpha}/request").must(200).says("Ask for access to Alpha").says("Analyst")
	w.post("admin", "/orgs/acme/resources/{alpha}/request", "role=Analyst&days=30").leadsTo("/orgs/acme/resources/" + w.ids["alpha"])
	w.get("owner", "/orgs/acme/resources/{alpha}/request").must(403).says("You decide yourself who has access to Alpha.")
	w.get("admin", "/orgs/acme/resources/{acme}/request").must(403)
	w.get("admin", "/orgs/acme/audit").says("moda approved the request of plain for access to Alpha as Viewer.").saysNothingOf("Urgent")
}

func TestTheRequestsPartsAreReadAgainAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.get("owner", "/orgs/acme/requests?part=count", partial).must(200); !strings.HasPrefix(strings.TrimSpace(got.body), "<span") {
		t.Errorf("the count is %q", got.body)
	}
	if got := w.get("admin", "/orgs/acme/requests?part=count", partial).must(200); got.body != "" {
		t.Errorf("no count is %q", got.body)
	}
	w.get("member", "/orgs/acme/requests?part=own", partial).must(200).says("What you asked for").saysNothingOf("Waiting for your answer")
	w.get("owner", "/orgs/acme/requests", partial).must(200).says("Waiting for your answer").saysNothingOf("What you asked for")
	// A role that a request asked for before it was a template's name is the reader's to choose anew.
	by := db.By{User: access.ID(w.ids["plain"]), Via: "page"}
	if _, err := w.store.RequestAccess(t.Context(), by, access.ID(w.ids["acme"]), access.ID(w.ids["workspace"]), db.AskedAccess{Role: "viewer"}); err != nil {
		t.Fatal(err)
	}
	if status := w.get("admin", "/orgs/acme/requests").must(http.StatusOK); !strings.Contains(status.text(), "Workspace") {
		t.Error("a request for a module does not reach who manages its people")
	}
}
