package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
)

func sorted(names []string) string {
	slices.Sort(names)
	return strings.Join(names, " ")
}

// What Entra ID sends, in its order: it looks for somebody, creates them, changes them a little at a time, and turns them off. Its
// dialect: Add and Replace with a capital, booleans as text, and members taken out by a list.
func TestEntraIDProvisionsPeopleAndGroups(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	if found := p.found(`/Users?filter=userName eq "Nina@Acme.test"`); len(found) != 0 {
		t.Fatal(found)
	}
	made := p.sends(http.MethodPost, "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
		"externalId":"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef","userName":"Nina@Acme.test","active":true,"displayName":"Nina Petrova",
		"emails":[{"primary":true,"type":"work","value":"nina.petrova@acme.test"}],"meta":{"resourceType":"User"},
		"name":{"formatted":"Nina Petrova","familyName":"Petrova","givenName":"Nina"},"title":"Analyst","preferredLanguage":"en",
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Risk","employeeNumber":"701984"}}`).is(http.StatusCreated)
	p.keep("nina", made)
	if made["userName"] != "nina@acme.test" || made["active"] != true || made["externalId"] != "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef" {
		t.Error(made)
	}
	member, err := p.store.FindMember(t.Context(), access.ID(p.ids["acme"]), access.ID(p.ids["nina"]))
	if err != nil || member.Name != "Nina Petrova" || member.Role.Name != "member" || !member.Managed || member.Status != access.Active {
		t.Errorf("%+v, %v", member, err)
	}
	account, err := p.store.FindAccount(t.Context(), "nina@acme.test")
	if err != nil || account.PasswordHash != "" {
		t.Errorf("the account is %+v, %v", account, err)
	}

	changed := p.patches("/Users/{nina}", `{"op":"Replace","path":"displayName","value":"Nina P."},{"op":"Add","path":"nickName","value":"Nin"},
		{"op":"Replace","path":"emails[type eq \"work\"].value","value":"nina@elsewhere.test"},
		{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Audit"},
		{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"{admin}"}`).is(http.StatusOK)
	extension := changed["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"].(map[string]any)
	email := changed["emails"].([]any)[0].(map[string]any)
	if changed["displayName"] != "Nina P." || changed["nickName"] != "Nin" || email["value"] != "nina@elsewhere.test" || email["primary"] != true ||
		extension["department"] != "Audit" || extension["employeeNumber"] != "701984" || extension["manager"].(map[string]any)["value"] != p.ids["admin"] {
		t.Error(changed)
	}

	p.keep("analysts", p.sends(http.MethodPost, "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],
		"externalId":"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159","displayName":"Analysts","meta":{"resourceType":"Group"}}`).is(http.StatusCreated))
	for _, query := range []string{`/Groups?excludedAttributes=members&filter=displayName eq "analysts"`, `/Groups?filter=externalId eq "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159"`} {
		if found := p.found(query); len(found) != 1 || found[0]["id"] != p.ids["analysts"] {
			t.Error(query, found)
		}
	}
	p.patches("/Groups/{analysts}", `{"name":"addMember","op":"Add","path":"members","value":[{"$ref":null,"value":"{nina}"},{"$ref":null,"value":"{tara}"}]}`).must(http.StatusNoContent)
	if inside := p.members("analysts"); inside != "nina tara" {
		t.Error(inside)
	}
	if found := p.found(`/Groups?excludedAttributes=members&filter=id eq "{analysts}" and members eq "{nina}"`); len(found) != 1 || found[0]["members"] != nil {
		t.Error(found)
	}
	p.patches("/Groups/{analysts}", `{"op":"Remove","path":"members","value":[{"$ref":null,"value":"{tara}"}]}`).must(http.StatusNoContent)
	if inside := p.members("analysts"); inside != "nina" {
		t.Error("after the removal of one:", inside)
	}

	off := p.patches("/Users/{nina}", `{"op":"Replace","path":"active","value":"False"}`).is(http.StatusOK)
	if off["active"] != false {
		t.Error(off)
	}
	if found := p.found(`/Users?filter=userName eq "nina@acme.test"`); len(found) != 1 || found[0]["active"] != false {
		t.Error("somebody who is deactivated is not found:", found)
	}
	p.sends(http.MethodDelete, "/Users/{nina}", "").must(http.StatusNoContent)
	p.sends(http.MethodGet, "/Users/{nina}", "").refuses(http.StatusNotFound, "")
	p.patches("/Users/{nina}", `{"op":"Replace","path":"active","value":"True"}`).refuses(http.StatusNotFound, "")
	again := p.sends(http.MethodPost, "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"nina@acme.test","displayName":"Nina"}`).is(http.StatusCreated)
	if again["active"] != true || again["title"] != nil {
		t.Error("whoever comes back has what they had before:", again)
	}
	p.sends(http.MethodDelete, "/Groups/{analysts}", "").must(http.StatusNoContent)
	p.sends(http.MethodGet, "/Groups/{analysts}", "").refuses(http.StatusNotFound, "")
	p.get("admin", "/orgs/acme/audit").must(http.StatusOK).says("Nina")
}

// With its newer flag Entra ID writes lower case, booleans, filters, and one operation without a path whose keys are paths.
func TestEntraIDInItsNewerDialect(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.user("nina@acme.test", `,"displayName":"Nina"`)
	p.user("olga@acme.test", "")
	changed := p.patches("/Users/{nina}", `{"op":"replace","value":{"displayName":"Nina P.","name.givenName":"Nina","name.familyName":"Petrova",
		"emails[type eq \"work\"].value":"np@acme.test","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Risk",
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"division":"North"},"active":false}}`).is(http.StatusOK)
	name := changed["name"].(map[string]any)
	extension := changed["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"].(map[string]any)
	if changed["displayName"] != "Nina P." || name["givenName"] != "Nina" || name["familyName"] != "Petrova" || changed["active"] != false ||
		extension["department"] != "Risk" || extension["division"] != "North" {
		t.Error(changed)
	}
	p.group("Desk", "nina", "olga", "tara")
	p.patches("/Groups/{Desk}", `{"op":"remove","path":"members[value eq \"`+p.ids["nina"]+`\"]"}`).must(http.StatusNoContent)
	if inside := p.members("Desk"); inside != "olga tara" {
		t.Error("after the removal of one:", inside)
	}
}
