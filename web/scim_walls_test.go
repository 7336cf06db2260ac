package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

func (p *provider) acme() access.ID          { return access.ID(p.ids["acme"]) }
func (p *provider) id(name string) access.ID { return access.ID(p.ids[name]) }

// by is one of the world's people at the pages.
func (p *provider) by(name string) db.By {
	return db.By{User: p.id(name), Via: "page", Recent: true}
}

func (p *provider) does(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// To see this fail: leave the call of unchanged out of changeUser or of groupToChange (web/scim).
func TestAChangeOfWhatSomebodyElseChangedIsRefused(t *testing.T) {
	t.Parallel()
	p := nina(t)
	p.group("Crew", "nina")
	for path, operation := range map[string]string{"/Users/{nina}": `{"op":"replace","path":"title","value":"Lead"}`, "/Groups/{Crew}": `{"op":"add","path":"members","value":{"value":"{tara}"}}`} {
		got := p.sends(http.MethodGet, path, "")
		tag := got.header.Get("ETag")
		if meta := got.is(http.StatusOK)["meta"].(map[string]any); tag == "" || meta["version"] != tag {
			t.Errorf("%s: the ETag is %q and the version %v", path, tag, meta["version"])
		}
		p.sends(http.MethodGet, path, "", header("If-None-Match", tag)).must(http.StatusNotModified)
		changed := p.patches(path, p.fillBody(operation), header("If-Match", tag)).header.Get("ETag")
		if now := p.sends(http.MethodGet, path, "").header.Get("ETag"); now == tag || now != changed {
			t.Errorf("%s: the ETag was %s, the change says %s, and it is %s", path, tag, changed, now)
		}
		before := p.events()
		p.patches(path, `{"op":"replace","path":"displayName","value":"Other"}`, header("If-Match", tag)).refuses(http.StatusPreconditionFailed, "")
		p.sends(http.MethodPut, path, `{"userName":"nina@acme.test"}`, header("If-Match", tag)).refuses(http.StatusPreconditionFailed, "")
		p.sends(http.MethodDelete, path, "", header("If-Match", tag)).refuses(http.StatusPreconditionFailed, "")
		if p.events() != before {
			t.Errorf("%s was changed", path)
		}
		p.sends(http.MethodDelete, path, "", header("If-Match", changed)).must(http.StatusNoContent)
	}
}

// To see this fail: leave the organization out of ListProvisionedPeople, ListProvisionedGroups or FindTypesOfIDs.
func TestAnotherOrganizationsIDsAnswerProvidersAsIfTheyWereNeverIssued(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.group("Crew")
	other := p.newProvider("outsider", "globex")
	other.user("ginger@globex.test", "")
	other.group("Gang", "gil")
	p.ids = other.ids
	const never = "00000000-0000-4000-8000-000000000000"
	for _, row := range scimRows(t) {
		for own, others := range map[string][]string{"{tara}": {"gil", "ginger"}, "{Crew}": {"Gang", "gamma", "research", "gil"}} {
			if !strings.HasSuffix(row.path, own) {
				continue
			}
			unknown := p.sends(row.method, strings.ReplaceAll(row.path, own, never), row.body)
			unknown.refuses(http.StatusNotFound, "")
			for _, name := range others {
				got := p.sends(row.method, strings.ReplaceAll(row.path, own, p.ids[name]), row.body)
				if got.status != unknown.status || got.body != unknown.body {
					t.Errorf("%s of %s: %d %s", row.method, name, got.status, got.body)
				}
			}
		}
	}
	said := func(id string) string {
		detail := p.patches("/Groups/{Crew}", `{"op":"add","path":"members","value":[{"value":"`+id+`"}]}`).refuses(http.StatusBadRequest, "invalidValue")
		return strings.ReplaceAll(detail, id, "it")
	}
	for _, name := range []string{"gil", "ginger", "Gang", "gamma"} {
		if said(p.ids[name]) != said(never) {
			t.Errorf("%s as a member: %s", name, said(p.ids[name]))
		}
		for _, path := range []string{"/Users", "/Groups"} {
			if found := p.found(path + `?filter=id eq "` + p.ids[name] + `"`); len(found) != 0 {
				t.Errorf("%s finds %s", path, name)
			}
		}
	}
	if found := p.found(`/Users?filter=userName eq "gil@globex.test"`); len(found) != 0 {
		t.Error(found)
	}
	if found := p.found(`/Groups?filter=displayName eq "Gang"`); len(found) != 0 {
		t.Error(found)
	}
}

// One organization's provider must not lay hands on an account that others count on. To see this fail: let ProvisionMember or
// EditProvisionedMember (access/provisioning.go) pass over Elsewhere, or Renames always say yes.
func TestAProviderCannotTakeOverAnAccountOfOthers(t *testing.T) {
	t.Parallel()
	p := nina(t)
	before := p.checksums()
	p.sends(http.MethodPost, "/Users", `{"userName":"gil@globex.test","displayName":"Mine"}`).refuses(http.StatusConflict, "uniqueness")
	p.mustBeAsBefore(withoutFailures(p, before), "a user who has an account elsewhere")

	token, err := p.store.Invite(t.Context(), p.by("outsider"), p.id("globex"), db.NewInvitation{Email: "nina@acme.test", Role: "member"})
	p.does(err)
	_, err = p.store.AcceptInvitation(t.Context(), p.by("nina"), token) // now two organizations count on Nina's account
	p.does(err)
	for _, operation := range []string{`{"op":"replace","path":"userName","value":"mine@acme.test"}`, `{"op":"replace","value":{"active":false,"userName":"mine@acme.test"}}`} {
		p.patches("/Users/{nina}", operation).refuses(http.StatusConflict, "")
	}
	p.patches("/Users/{nina}", `{"op":"replace","path":"displayName","value":"Mine"}`).is(http.StatusOK)
	account, err := p.store.FindAccount(t.Context(), "nina@acme.test")
	if err != nil || account.Name != "Nina" || !account.Active {
		t.Errorf("the account is %+v, %v", account, err)
	}
	p.patches("/Users/{nina}", `{"op":"replace","path":"active","value":false}`).is(http.StatusOK)
	elsewhere, err := p.store.FindMember(t.Context(), p.id("globex"), p.id("nina"))
	if err != nil || elsewhere.Status != access.Active {
		t.Errorf("in the other organization: %+v, %v", elsewhere, err)
	}
	p.sends(http.MethodDelete, "/Users/{nina}", "").must(http.StatusNoContent)
	p.sends(http.MethodPost, "/Users", `{"userName":"nina@acme.test"}`).refuses(http.StatusConflict, "uniqueness") // she is asked by an invitation
	if _, err := p.store.FindMember(t.Context(), p.id("globex"), p.id("nina")); err != nil {
		t.Error("in the other organization:", err)
	}
	// An account that provisioning did not make keeps its address, also where nobody else counts on it.
	p.patches("/Users/{tara}", `{"op":"replace","path":"userName","value":"mine@acme.test"}`).refuses(http.StatusConflict, "")
	// What another organization shares with somebody counts too.
	p.user("olga@acme.test", "")
	p.does(p.store.ChangeAccessMode(t.Context(), p.by("gil"), p.id("globex"), p.id("beta"), access.Restricted, "", p.version("beta")))
	p.does(p.store.GrantRoles(t.Context(), p.by("gil"), p.id("globex"), p.id("beta"), db.Share{Who: []access.Ref{{Type: "email", Name: "olga@acme.test"}},
		Role: "viewer", Version: p.version("beta")}))
	p.patches("/Users/{olga}", `{"op":"replace","path":"userName","value":"mine@acme.test"}`).refuses(http.StatusConflict, "")
}

func (p *provider) version(resource string) int64 {
	return int64(p.count(`SELECT acl_version FROM resources WHERE id = $1`, p.ids[resource]))
}

// withoutFailures expects what a refused request notes.
func withoutFailures(p *provider, sums map[string]string) map[string]string {
	sums["public.provisioning_failures"] = p.checksums()["public.provisioning_failures"]
	return sums
}

// Nobody has shown that a new address is theirs. To see this fail: leave ForgetWaysIn or ForgetPassword out of moveAccount.
func TestWhoGetsAnotherAddressSignsInAnew(t *testing.T) {
	t.Parallel()
	p := nina(t)
	hash, err := hashPassword(password)
	p.does(err)
	p.exec(`INSERT INTO accounts (user_id, password_hash) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET password_hash = $2`, p.ids["nina"], hash)
	p.tokens = map[string]string{"admin": p.tokens["admin"]}
	p.tokens["nina"], err = p.store.StartSession(t.Context(), p.id("nina"), "192.0.2.1", "test")
	p.does(err)
	p.get("nina", "/orgs/acme").must(http.StatusOK)
	p.patches("/Users/{nina}", `{"op":"replace","path":"userName","value":"nina.new@acme.test"}`).is(http.StatusOK)
	p.get("nina", "/orgs/acme").leadsTo("/sign-in?next=%2Forgs%2Facme")
	account, err := p.store.FindAccount(t.Context(), "nina.new@acme.test")
	if err != nil || account.ID != p.id("nina") || account.PasswordHash != "" {
		t.Errorf("the account is %+v, %v", account, err)
	}
	p.get("admin", "/orgs/acme/audit").says("provisioned another address for Nina")
}

// In force at the next request, whatever somebody has open.
func TestWhoIsTurnedOffSeesNothingAtTheNextRequest(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.get("owner", "/orgs/acme/resources/{alpha}").must(http.StatusOK)
	p.patches("/Users/{moda}", `{"op":"Replace","path":"active","value":"False"}`).is(http.StatusOK)
	p.get("owner", "/orgs/acme/resources/{alpha}").must(http.StatusNotFound)
	p.patches("/Users/{moda}", `{"op":"Replace","path":"active","value":"True"}`).is(http.StatusOK)
	p.get("owner", "/orgs/acme/resources/{alpha}").must(http.StatusOK)
	p.sends(http.MethodDelete, "/Users/{moda}", "").must(http.StatusNoContent)
	p.get("owner", "/orgs/acme/resources/{alpha}").must(http.StatusNotFound)
	owner := p.count(`SELECT count(*) FROM resources WHERE id = $1 AND owner_id = $2`, p.ids["alpha"], p.ids["admin"])
	if owner != 1 {
		t.Error("what a deleted user owned did not go to the maker of the token")
	}
	p.get("admin", "/orgs/acme/audit").says("The identity provider, with a token of").says("removed moda from the organization")
}

// To see this fail: leave LastAdmin out of DeactivateMember or RemoveMember (access/members.go).
func TestAProviderKeepsTheLastAdmin(t *testing.T) {
	t.Parallel()
	p := newWorld(t).newProvider("", "acme") // the operator's: it has no maker who could be turned off
	p.patches("/Users/{second}", `{"op":"replace","path":"active","value":false}`).is(http.StatusOK)
	for _, operation := range []string{`{"op":"replace","path":"active","value":false}`, `{"op":"replace","value":{"title":"x","active":"False"}}`} {
		detail := p.patches("/Users/{admin}", operation).refuses(http.StatusConflict, "")
		if !strings.Contains(detail, "only active Admin") {
			t.Error(detail)
		}
	}
	p.sends(http.MethodPut, "/Users/{admin}", `{"userName":"admin@acme.test","active":false}`).refuses(http.StatusConflict, "")
	p.sends(http.MethodDelete, "/Users/{admin}", "").refuses(http.StatusConflict, "")
	if shown := p.sends(http.MethodGet, "/Users/{admin}", "").is(http.StatusOK); shown["title"] != nil || shown["active"] != true {
		t.Error(shown)
	}
	if member, err := p.store.FindMember(t.Context(), p.acme(), p.id("admin")); err != nil || member.Managed {
		t.Errorf("a refused change made somebody managed: %v", err)
	}
}

func TestGroupsOfAProviderKeepTheRulesOfGroups(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.sends(http.MethodPost, "/Groups", `{"displayName":"RESEARCH"}`).refuses(http.StatusConflict, "uniqueness") // made here
	p.group("Outer")
	p.group("Middle", "tara")
	p.group("Last", "plain")
	p.patches("/Groups/{Outer}", `{"op":"add","path":"members","value":[{"value":"`+p.ids["Middle"]+`"}]}`).must(http.StatusNoContent)
	p.patches("/Groups/{Middle}", `{"op":"add","path":"members","value":[{"value":"`+p.ids["Last"]+`"}]}`).must(http.StatusNoContent)
	detail := p.patches("/Groups/{Last}", `{"op":"add","path":"members","value":[{"value":"`+p.ids["grace"]+`"},{"value":"`+p.ids["Outer"]+`"}]}`).refuses(http.StatusConflict, "")
	if !strings.Contains(detail, "Outer → Middle → Last") {
		t.Error(detail)
	}
	p.patches("/Groups/{Last}", `{"op":"add","path":"members","value":[{"value":"`+p.ids["Last"]+`"}]}`).refuses(http.StatusConflict, "")
	if inside := p.members("Last"); inside != "plain" {
		t.Error("after a circle was refused:", inside)
	}
	nested := p.sends(http.MethodGet, "/Groups/{Outer}", "").is(http.StatusOK)["members"].([]any)[0].(map[string]any)
	if nested["type"] != "Group" || nested["$ref"] != "http://gatehouse.test/scim/v2/Groups/"+p.ids["Middle"] {
		t.Error(nested)
	}
	p.patches("/Groups/{Outer}", `{"op":"replace","path":"displayName","value":"middle"}`).refuses(http.StatusConflict, "uniqueness")
	p.patches("/Groups/{Outer}", `{"op":"replace","path":"displayName","value":"OUTER"}`).must(http.StatusNoContent)
	if inside := p.count(`SELECT count(*) FROM group_members WHERE group_id = $1 AND user_id = $2`, p.ids["Outer"], p.ids["admin"]); inside != 0 {
		t.Error("the maker of the token is in a group that the provider made")
	}
}

// The token of somebody who may not manage people in a module lifts nobody there through a group. To see this fail: leave
// manageable out of AddGroupMember (access/groups.go).
func TestAProviderHandsOutNoMoreThanItsTokensMakerHolds(t *testing.T) {
	t.Parallel()
	p := newWorld(t).newProvider("second", "acme")
	p.group("Crew")
	by := p.by("admin")
	p.does(p.store.GrantRoles(t.Context(), by, p.acme(), p.acme(), db.Share{Who: []access.Ref{{Type: "group", ID: p.id("Crew")}}, Role: "admin", Version: p.version("acme")}))
	p.patches("/Groups/{Crew}", `{"op":"add","path":"members","value":[{"value":"`+p.ids["tara"]+`"}]}`).must(http.StatusNoContent)
	p.does(p.store.ChangeMemberRole(t.Context(), by, p.acme(), p.id("second"), "auditor"))
	p.patches("/Groups/{Crew}", `{"op":"add","path":"members","value":[{"value":"`+p.ids["plain"]+`"}]}`).refuses(http.StatusUnauthorized, "")
}

// W10, and whatever else a body can be.
func TestBodiesThatAreNoneOfAProvidersAreRefused(t *testing.T) {
	t.Parallel()
	p := nina(t)
	before := p.checksums()
	for _, field := range []string{`"role":"admin"`, `"roles":[{"value":"admin"}]`, `"org_id":"{globex}"`, `"is_admin":true`, `"owner":"{tara}"`, `"rank":"x"`, `"urn:example:2.0:User":{"a":"b"}`,
		`"schemas":["urn:example:2.0:User"]`, `"schemas":"x"`, `"name":{"rank":"x"}`, `"active":"perhaps"`, `"USERNAME":"x@y.test"`, `"emails":[{"value":7}]`} {
		body := `{"userName":"new@acme.test",` + p.fillBody(field) + `}`
		for method, path := range map[string]string{http.MethodPost: "/Users", http.MethodPut: "/Users/{nina}"} {
			got := p.sends(method, path, body)
			if got.status != http.StatusBadRequest {
				t.Errorf("%s with %s: %d %s", method, field, got.status, got.body)
			}
		}
	}
	p.sends(http.MethodPut, "/Users/{nina}", `{"userName":"nina@acme.test","password":"hunter2 hunter2"}`).refuses(http.StatusBadRequest, "mutability")
	for body, status := range map[string]int{``: 400, `{}`: 400, `[]`: 400, `"x"`: 400, `{"userName":7}`: 400, `{"userName":"x"}`: 400, `{"userName":""}`: 400,
		`{"userName":"ana@acme.test` + "\xff" + `"}`: 400, `{"userName":"` + strings.Repeat("a", 1<<20) + `"}`: 413, `{"userName":"İ@acme.test"}`: 400} {
		p.sends(http.MethodPost, "/Users", body, header("Content-Type", "application/scim+json")).must(status)
	}
	p.sends(http.MethodPost, "/Users", `{"userName":"new@acme.test"}`, header("Content-Type", "text/plain")).refuses(http.StatusUnsupportedMediaType, "")
	p.sends(http.MethodPost, "/Groups", `{"displayName":"`+strings.Repeat("x", 121)+`"}`).refuses(http.StatusBadRequest, "invalidValue")
	p.sends(http.MethodPost, "/Groups", `{"members":[]}`).refuses(http.StatusBadRequest, "invalidValue")
	p.sends(http.MethodPost, "/Bulk", `{}`).refuses(http.StatusNotFound, "")
	p.sends(http.MethodGet, "/Users/x", "").refuses(http.StatusNotFound, "")
	p.mustBeAsBefore(withoutFailures(p, before), "what was refused")
}

// What the provider keeps is read-only on every other way, and says why. To see this fail: leave providers out of any rule in
// access/members.go or access/groups.go.
func TestWhatTheProviderKeepsIsReadOnlyOnEveryOtherWay(t *testing.T) {
	t.Parallel()
	p := nina(t)
	p.group("Crew", "nina")
	const reason = "managed by your identity provider"
	shows := func(got *answer, status int) { t.Helper(); got.must(status).says(reason) }
	shows(p.post("admin", "/orgs/acme/members/{nina}/deactivation", ""), http.StatusConflict)
	shows(p.post("admin", "/orgs/acme/members/{nina}/removal", ""), http.StatusConflict)
	shows(p.post("admin", "/orgs/acme/groups/{Crew}/settings", form("name", "Mine")), http.StatusConflict)
	shows(p.post("admin", "/orgs/acme/groups/{Crew}/deletion", ""), http.StatusConflict)
	shows(p.post("admin", "/orgs/acme/groups/{Crew}/members", form("who", p.ids["tara"], "role", "member")), http.StatusConflict)
	shows(p.post("admin", "/orgs/acme/groups/{Crew}/members/{nina}/removal", ""), http.StatusConflict)
	p.get("admin", "/orgs/acme/members/{nina}").must(http.StatusOK).says("Managed by your identity provider")
	p.get("admin", "/orgs/acme/groups/{Crew}").must(http.StatusOK).says("Managed by your identity provider").saysNothingOf("Add members")
	p.get("admin", "/orgs/acme/settings/provisioning").must(http.StatusOK).says("manages 1 member and 1 group").says("http://gatehouse.test/scim/v2").says("Directory of admin")

	ctx, everywhere := t.Context(), map[string]db.By{"page": p.by("admin"), "api": {User: p.id("admin"), Via: "api"}, "cli": {Via: "cli"}}
	for way, by := range everywhere {
		for what, err := range map[string]error{
			"deactivation": p.store.DeactivateMember(ctx, by, p.acme(), p.id("nina")),
			"removal":      p.store.EndMembership(ctx, by, p.acme(), p.id("nina"), db.Leaving{}),
			"deletion":     p.store.DeleteGroup(ctx, by, p.acme(), p.id("Crew")),
			"new name":     p.store.EditGroup(ctx, by, p.acme(), p.id("Crew"), "Mine", ""),
			"addition":     p.store.AddToGroup(ctx, by, p.acme(), p.id("Crew"), []access.Ref{{Type: "user", ID: p.id("tara")}}, access.GroupMember),
			"taking out":   p.store.RemoveGroupMember(ctx, by, p.acme(), p.id("Crew"), p.id("nina")),
		} {
			if !errors.Is(err, access.ErrConflict) || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s by %s: %v", what, way, err)
			}
		}
	}
	if err := p.store.RenameUser(ctx, p.by("nina"), "Mine"); !errors.Is(err, access.ErrConflict) {
		t.Error("one's own name:", err)
	}
	for _, line := range []string{`{"type":"member","organization":"acme","user":"nina@acme.test","role":"member","status":"deactivated"}`,
		`{"type":"group","organization":"acme","name":"Crew","description":"Mine"}`, `{"type":"group_member","organization":"acme","group":"Crew","user":"tara@acme.test","role":"member"}`,
		`{"type":"group_member","organization":"acme","group":"Crew","member_group":"Inner","role":"member"}`} {
		got, err := p.store.Import(ctx, db.By{Via: "import"}, strings.NewReader(line), db.ImportOptions{})
		if said := fmt.Sprint(got, err); !strings.Contains(said, reason) {
			t.Errorf("%s: %s", line, said)
		}
	}
	// What is no matter of the provider's stays: the role, and what is shared with a group.
	p.does(p.store.ChangeMemberRole(ctx, p.by("admin"), p.acme(), p.id("nina"), "modeler"))
	p.does(p.store.AddToGroup(ctx, p.by("admin"), p.acme(), p.id("research"), []access.Ref{{Type: "group", ID: p.id("Crew")}}, access.GroupMember))
	// Without a token nobody provisions, and everything can be changed here again.
	tokens, err := p.store.ListAPITokens(ctx, p.acme())
	p.does(err)
	for _, token := range tokens {
		p.does(p.store.RevokeAPIToken(ctx, p.by("admin"), p.acme(), token.ID))
	}
	p.does(p.store.DeactivateMember(ctx, p.by("admin"), p.acme(), p.id("nina")))
	p.does(p.store.EditGroup(ctx, p.by("admin"), p.acme(), p.id("Crew"), "Mine", ""))
	p.get("admin", "/orgs/acme/settings/provisioning").must(http.StatusOK).says("There is no token")
}

func TestAnAdminSeesWhatOfTheProvidersRequestsWasRefused(t *testing.T) {
	t.Parallel()
	p := nina(t)
	for i := range 25 {
		p.patches("/Users/{nina}", fmt.Sprintf(`{"op":"replace","path":"rank%d","value":"<b>x</b>"}`, i)).refuses(http.StatusBadRequest, "invalidPath")
	}
	p.sends(http.MethodGet, `/Users?filter=userName eq "nobody@acme.test"`, "").must(http.StatusOK)
	p.sends(http.MethodGet, "/Users/00000000-0000-4000-8000-000000000000", "").must(http.StatusNotFound)
	page := p.get("admin", "/orgs/acme/settings/provisioning").must(http.StatusOK).says("PATCH /scim/v2/Users/" + p.ids["nina"]).says(`400: "rank24" is no attribute`)
	page.saysNothingOf("rank4\"").saysNothingOf("GET /scim")
	if kept := p.count(`SELECT count(*) FROM provisioning_failures`); kept != 20 {
		t.Errorf("%d are kept", kept)
	}
	p.get("admin", "/orgs/acme/tokens/new?scope=scim").must(http.StatusOK)
	if via := p.count(`SELECT count(*) FROM audit_events WHERE via = 'scim' AND action = 'member.provisioned' AND subject_id = $1 AND actor_id = $2`, p.ids["nina"], p.ids["admin"]); via != 1 {
		t.Errorf("%d events of the provider", via)
	}
}

// An open invitation of somebody who is provisioned asks for nothing any more.
func TestWhoIsProvisionedIsNoLongerInvited(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.user("newcomer@invited.test", "")
	if open := p.count(`SELECT count(*) FROM invitations WHERE email = 'newcomer@invited.test' AND accepted_at IS NULL AND revoked_at IS NULL`); open != 0 {
		t.Error("the invitation is still open")
	}
}
