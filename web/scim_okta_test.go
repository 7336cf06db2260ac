package web

import (
	"net/http"
	"testing"

	"gatehouse/access"
)

// What Okta sends: a look at the first page, a search by userName, whole resources, and groups by PATCH with its own id in the
// value.
func TestOktaProvisionsPeopleAndGroups(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	first := p.sends(http.MethodGet, "/Users?startIndex=1&count=2", "").is(http.StatusOK)
	if first["itemsPerPage"] != float64(2) || first["startIndex"] != float64(1) || first["totalResults"].(float64) < 8 {
		t.Error(first)
	}
	if found := p.found(`/Users?filter=userName eq "test.user@okta.test"&startIndex=1&count=100`); len(found) != 0 {
		t.Error(found)
	}
	const sent = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.test","name":{"givenName":"Test","familyName":"User"},
		"emails":[{"primary":true,"value":"test.user@okta.test","type":"work"}],"displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7",`
	made := p.sends(http.MethodPost, "/Users", sent+`"groups":[],"password":"1mz050nq","active":true}`).is(http.StatusCreated)
	p.keep("test user", made)
	if made["password"] != nil || made["groups"] != nil {
		t.Error(made)
	}
	p.sends(http.MethodPost, "/Users", sent+`"active":true}`).refuses(http.StatusConflict, "uniqueness")
	if got := p.sends(http.MethodGet, "/Users/{test user}", "").is(http.StatusOK); got["userName"] != "test.user@okta.test" {
		t.Error(got)
	}
	put := p.sends(http.MethodPut, "/Users/{test user}", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"{test user}","userName":"test.user@okta.test",
		"name":{"givenName":"Another","familyName":"User"},"emails":[{"primary":true,"value":"test.user@okta.test","type":"work"}],"active":true,"groups":[],
		"meta":{"resourceType":"User"}}`).is(http.StatusOK)
	if put["displayName"] != nil || put["locale"] != nil || put["externalId"] != "00ujl29u0le5T6Aj10h7" || put["active"] != true {
		t.Error(put)
	}
	member, err := p.store.FindMember(t.Context(), access.ID(p.ids["acme"]), access.ID(p.ids["test user"]))
	if err != nil || member.Name != "Another User" {
		t.Errorf("%+v, %v", member, err)
	}
	p.patches("/Users/{test user}", `{"op":"replace","value":{"active":false}}`).is(http.StatusOK)
	p.patches("/Users/{test user}", `{"op":"replace","value":{"active":true}}`).is(http.StatusOK)

	p.sends(http.MethodGet, "/Groups?startIndex=1&count=100", "").is(http.StatusOK)
	p.group("Test SCIMv2", "test user", "tara")
	p.patches("/Groups/{Test SCIMv2}", `{"op":"replace","value":{"id":"{Test SCIMv2}","displayName":"Test SCIMv2 B"}}`).must(http.StatusNoContent)
	p.patches("/Groups/{Test SCIMv2}", `{"op":"add","path":"members","value":[{"value":"{plain}","display":"plain@acme.test"}]}`).must(http.StatusNoContent)
	if inside := p.members("Test SCIMv2"); inside != "plain tara test user" {
		t.Error("after one was added:", inside)
	}
	p.patches("/Groups/{Test SCIMv2}", `{"op":"remove","path":"members[value eq \"`+p.ids["plain"]+`\"]"},
		{"op":"add","path":"members","value":[{"value":"{grace}"}]}`).must(http.StatusNoContent)
	if inside := p.members("Test SCIMv2"); inside != "grace tara test user" {
		t.Error(inside)
	}
	p.sends(http.MethodPut, "/Groups/{Test SCIMv2}", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"{Test SCIMv2}","displayName":"Test SCIMv2 B",
		"members":[{"value":"{grace}","display":"grace@acme.test"}]}`).is(http.StatusOK)
	if inside := p.members("Test SCIMv2"); inside != "grace" {
		t.Error(inside)
	}
	p.patches("/Groups/{Test SCIMv2}", `{"op":"replace","path":"members","value":[]}`).must(http.StatusNoContent) // an empty push
	if inside := p.members("Test SCIMv2"); inside != "" {
		t.Error("after an empty push:", inside)
	}
}
