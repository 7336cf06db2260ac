package web

import (
	"net/http"
	"strings"
	"testing"
)

// Break: in queries/invitations.sql, ListInvitedToResource, what is asked of an invitation; in web/grants.go, addInvited, whom it is for.
func TestWhoIsInvitedIntoAGroupStandsInTheListOfWhoHasAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	invite := func(email, group string) {
		w.post("admin", "/orgs/acme/invitations", "to="+email+"&role=member&who=group:"+group).must(http.StatusOK)
	}
	invite("petra@invited.test", "{inner}") // which lies in Research, a Viewer of Alpha
	invite("quentin@invited.test", "{board}")
	share := w.fillIn("/orgs/acme/resources/{alpha}/share")
	for _, actor := range []string{"owner", "admin", "auditor"} {
		w.get(actor, share).must(http.StatusOK).says("petra@invited.test").says("Invited · expires in 6 days · through Research").
			saysNothingOf("quentin@invited.test").saysNothingOf("newcomer@invited.test")
	}
	w.get("tara", share).must(http.StatusOK).says("Research").saysNothingOf("invited.test")
	w.get("owner", w.fillIn("/orgs/acme/resources/{pack}/share")).must(http.StatusOK).says("petra@invited.test")

	// A list that does not hold all says how many it leaves out
	w.exec(`WITH made AS (INSERT INTO invitations (org_id, email, role_id, token_hash, expires_at)
			SELECT $1, 'many' || n || '@invited.test', 'organization/member', n::text::bytea, now() + interval '7 days' FROM generate_series(1, 104) n RETURNING id)
		INSERT INTO invitation_groups (org_id, invitation_id, group_id) SELECT $1, made.id, $2 FROM made`, w.ids["acme"], w.ids["inner"])
	w.get("owner", share).must(http.StatusOK).says("many1@invited.test").saysNothingOf("petra@invited.test").says("And 5 more invited people")
	w.exec(`DELETE FROM invitations WHERE email IN ('many1@invited.test', 'many2@invited.test', 'many3@invited.test', 'many4@invited.test', 'many5@invited.test')`)
	w.get("owner", share).must(http.StatusOK).says("petra@invited.test").saysNothingOf("more invited")

	w.exec(`UPDATE invitations SET expires_at = now() WHERE email = 'petra@invited.test'`)
	w.get("owner", share).must(http.StatusOK).saysNothingOf("petra@invited.test")
	w.exec(`UPDATE invitations SET expires_at = now() + interval '6 days', revoked_at = now() WHERE email = 'petra@invited.test'`)
	w.get("owner", share).must(http.StatusOK).saysNothingOf("petra@invited.test")
}

// Break: in web/candidates.go, addressCandidate, any case.
func TestThePickerSaysOfAWholeAddressWhetherItCanBeAdded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := func(actor, resource, email string) *answer {
		return w.get(actor, w.fillIn("/orgs/acme/resources/"+resource+"/candidates?search=")+email).must(http.StatusOK)
	}
	asked("owner", "{alpha}", "gil@globex.test").says("External").saysNothingOf(`aria-disabled="true"`)
	asked("owner", "{alpha}", "newcomer@invited.test").says("Is invited, and can be added when they have accepted.").
		holds(`aria-disabled="true"`).saysNothingOf("External").saysNothingOf("/invitations/new")
	asked("owner", "{alpha}", "nobody@nowhere.test").says("Has no account on this server. Invite them first.").
		holds(`aria-disabled="true"`).saysNothingOf("External").saysNothingOf("/invitations/new") // they may not invite
	asked("owner", "{alpha}", "dan@acme.test").says("Deactivated").saysNothingOf("External")
	asked("owner", "{alpha}", "somebody@invited.test").says("Has no account") // globex invited them, which is not told here
	asked("admin", "{workspace}", "nobody@nowhere.test").says("Is no member. Invite them first.").holds("/orgs/acme/invitations/new?to=nobody%40nowhere.test")
	w.post("owner", w.fillIn("/orgs/acme/resources/{alpha}/grants"), "add=newcomer@invited.test&role=viewer&version="+w.aclVersion(w.ids["alpha"])).
		must(http.StatusUnprocessableEntity).says("Is invited, and can be added when they have accepted.")
}

// Break: in web/candidates.go, addressCandidate, take outside as true; in web/grant_changes.go, grantRoles, leave out mayHandOut.
func TestWhoCannotShareOutsideLearnsOfNoAccountThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, actor := range []string{"tara", "auditor", "admin"} {
		for _, email := range []string{"gil@globex.test", "nobody@nowhere.test"} {
			w.get(actor, w.fillIn("/orgs/acme/resources/{alpha}/candidates?search=")+email).must(http.StatusForbidden)
			w.post(actor, w.fillIn("/orgs/acme/resources/{alpha}/grants"), "add="+email+"&role=viewer&version="+w.aclVersion(w.ids["alpha"])).
				must(http.StatusForbidden)
		}
	}
	same := func(actor, resource string) {
		t.Helper()
		asked := func(email string) string {
			found := w.get(actor, w.fillIn("/orgs/acme/resources/"+resource+"/candidates?search=")+email).must(http.StatusOK)
			posted := w.post(actor, w.fillIn("/orgs/acme/resources/"+resource+"/grants"), "add="+email+"&role=viewer&version="+w.aclVersion(w.ids[strings.Trim(resource, "{}")]))
			posted.must(http.StatusUnprocessableEntity).says("Is no member. Invite them first.")
			return strings.ReplaceAll(strings.ReplaceAll(found.text(), email, "it"), "  ", " ")
		}
		if known, unknown := asked("gil@globex.test"), asked("gna@globex.test"); known != unknown {
			t.Errorf("an address with an account is told from one without:\n%s\n%s", known, unknown)
		}
	}
	same("admin", "{workspace}")
	w.exec(`UPDATE organizations SET external_sharing = false WHERE slug = 'acme'`)
	same("owner", "{alpha}")
}
