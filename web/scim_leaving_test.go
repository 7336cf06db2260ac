package web

import (
	"net/http"
	"strings"
	"testing"

	"gatehouse/db"
)

// Another address takes a password and second factors, which are all that lets this Admin in. To see this fail: leave BreakGlass out of
// EditProvisionedMember (access/provisioning.go).
func TestAProviderKeepsTheAddressOfWhoCanGetInWhenSingleSignOnIsDown(t *testing.T) {
	t.Parallel()
	p := nina(t)
	p.does(p.store.ChangeMemberRole(t.Context(), p.by("admin"), p.acme(), p.id("nina"), "admin"))
	p.exec(`INSERT INTO providers (org_id, issuer, client_id, sealed, enabled, required, break_glass)
		VALUES ($1, 'https://login.acme.test', 'x', 'x', true, true, $2)`, p.acme(), p.id("nina"))
	for method, body := range map[string]string{http.MethodPut: `{"userName":"nina2@acme.test"}`,
		http.MethodPatch: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"userName","value":"nina2@acme.test"}]}`} {
		detail := p.sends(method, "/Users/{nina}", body).refuses(http.StatusConflict, "")
		if !strings.Contains(detail, "when the single sign-on is down") {
			t.Error(detail)
		}
	}
	p.patches("/Users/{nina}", `{"op":"replace","path":"title","value":"Lead"}`).is(http.StatusOK)
	p.patches("/Users/{nina}", `{"op":"replace","path":"active","value":false}`).refuses(http.StatusConflict, "")
	p.sends(http.MethodDelete, "/Users/{nina}", "").refuses(http.StatusConflict, "")
}

// Nobody extends their own access by inheriting, and that is no reason to keep somebody whom the directory deleted. To see this fail:
// leave endOf out of RemoveProvisionedMember (db/provisioned_members.go).
func TestSomebodyElseInheritsWhereTheRoleOfTheTokensMakerEnds(t *testing.T) {
	t.Parallel()
	p := newWorld(t).newProvider("second", "acme")
	p.exec(`UPDATE grants SET expires_at = now() + interval '7 days' WHERE org_id = $1 AND user_id = $2 AND resource_kind = 'organization'`, p.acme(), p.id("second"))
	p.sends(http.MethodDelete, "/Users/{moda}", "").must(http.StatusNoContent)
	if p.count(`SELECT count(*) FROM resources WHERE id = $1 AND owner_id = $2`, p.ids["alpha"], p.ids["admin"]) != 1 {
		t.Error("what a deleted user owned did not go to the Admin whose role does not end")
	}
}

// Provisioning asks nobody whether they want to be a member, and Admins see and end their sessions. To see this fail: leave
// Elsewhere out of RemoveMember (access/leaving.go) or of FindMember (queries/members.sql).
func TestWhomOthersCountOnLeavesWhatProvisioningMadeThemAMemberOf(t *testing.T) {
	t.Parallel()
	p := nina(t)
	const leaves = "/orgs/acme/members/{nina}/removal"
	var err error
	p.tokens["nina"], err = p.store.StartSession(t.Context(), p.id("nina"), "192.0.2.1", "test")
	p.does(err)
	p.post("nina", leaves, form("at", "review", "to", "done")).must(http.StatusConflict).says("managed by your identity provider")

	token, err := p.store.Invite(t.Context(), p.by("outsider"), p.id("globex"), db.NewInvitation{Email: "nina@acme.test", Role: "member"})
	p.does(err)
	_, err = p.store.AcceptInvitation(t.Context(), p.by("nina"), token)
	p.does(err)
	p.post("admin", leaves, form("at", "review", "to", "done")).must(http.StatusConflict).says("managed by your identity provider")
	p.get("nina", leaves).must(http.StatusOK).says("Leave the organization").saysNothingOf("managed by your identity provider")
	p.post("nina", leaves, form("at", "review", "to", "done")).leadsTo("/")
	p.get("nina", "/orgs/acme").must(http.StatusNotFound)
	p.get("nina", "/orgs/globex").must(http.StatusOK)
	p.sends(http.MethodPost, "/Users", `{"userName":"nina@acme.test"}`).refuses(http.StatusConflict, "uniqueness") // she is asked by an invitation
}
