package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// A provider is an identity provider with a token of an organization.
type provider struct {
	*world
	token string
}

// newProvider gives an organization's provider a token of one of its Admins.
func (w *world) newProvider(maker, org string) *provider {
	w.t.Helper()
	by := db.By{User: access.ID(w.ids[maker]), Via: "page", Recent: true}
	if maker == "" {
		by = db.By{Via: "cli"}
	}
	token, err := w.store.CreateAPIToken(w.t.Context(), by, access.ID(w.ids[org]), db.NewAPIToken{Name: "Directory of " + maker, Scopes: []string{"scim"}})
	if err != nil {
		w.t.Fatal(err)
	}
	return &provider{w, token}
}

func newProvider(t testing.TB) *provider { return newWorld(t).newProvider("admin", "acme") }

// sends asks as the provider. Names in braces right behind a quotation mark or in the path stand for ids.
func (p *provider) sends(method, path, body string, options ...option) *answer {
	p.t.Helper()
	scimmed := append([]option{header("Content-Type", "application/scim+json; charset=utf-8")}, options...)
	path, query, asked := strings.Cut(p.fillIn(path), "?")
	if asked {
		path += "?" + strings.NewReplacer(" ", "%20", `"`, "%22", "[", "%5B", "]", "%5D", "\\", "%5C").Replace(query)
	}
	return p.asService(p.token, method, "/scim/v2"+path, p.fillBody(body), scimmed...)
}

// patches sends one operation.
func (p *provider) patches(path, operations string, options ...option) *answer {
	p.t.Helper()
	body := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}`, operations)
	return p.sends(http.MethodPatch, path, body, options...)
}

// is the resource in an answer with this status.
func (a *answer) is(status int) map[string]any {
	a.t.Helper()
	if a.must(status).status != status {
		a.t.FailNow()
	}
	var resource map[string]any
	if err := json.Unmarshal([]byte(a.body), &resource); err != nil {
		a.t.Fatalf("%s: %v in %s", a.asked, err, a.body)
	}
	if a.header.Get("Content-Type") != "application/scim+json" {
		a.t.Errorf("%s: is %s", a.asked, a.header.Get("Content-Type"))
	}
	return resource
}

// refuses fails unless the answer is an error as SCIM says it, of this kind.
func (a *answer) refuses(status int, kind string) string {
	a.t.Helper()
	var said struct {
		Schemas          []string
		Status, ScimType string
		Detail           string
	}
	a.must(status).into(&said)
	if a.header.Get("Content-Type") != "application/scim+json" || said.Status != fmt.Sprint(status) || said.ScimType != kind || said.Detail == "" ||
		len(said.Schemas) != 1 || said.Schemas[0] != "urn:ietf:params:scim:api:messages:2.0:Error" {
		a.t.Errorf("%s: not an error of the kind %q: %v %s", a.asked, kind, a.header.Get("Content-Type"), a.body)
	}
	return said.Detail
}

// found are the resources of a list, of which there are as many as it says.
func (p *provider) found(path string) []map[string]any {
	p.t.Helper()
	list := p.sends(http.MethodGet, path, "").is(http.StatusOK)
	var rows []map[string]any
	for _, one := range list["Resources"].([]any) {
		rows = append(rows, one.(map[string]any))
	}
	if list["totalResults"] != float64(len(rows)) || list["itemsPerPage"] != float64(len(rows)) {
		p.t.Errorf("%s: %v and %v of %d", path, list["totalResults"], list["itemsPerPage"], len(rows))
	}
	return rows
}

// user makes a user, whose id has the part before the @ as its name.
func (p *provider) user(email, more string) string {
	p.t.Helper()
	body := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q%s}`, email, more)
	made := p.sends(http.MethodPost, "/Users", body).is(http.StatusCreated)
	name, _, _ := strings.Cut(email, "@")
	return p.keep(name, made)
}

// group makes a group of members, whose id has its name.
func (p *provider) group(name string, members ...string) string {
	p.t.Helper()
	list := make([]string, len(members))
	for i, one := range members {
		list[i] = fmt.Sprintf(`{"value":"{%s}"}`, one)
	}
	body := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":%q,"members":[%s]}`, name, strings.Join(list, ","))
	return p.keep(name, p.sends(http.MethodPost, "/Groups", body).is(http.StatusCreated))
}

// keep gives a resource's id a name. The names of a world are shared by all copies of its template, so they are copied first.
func (p *provider) keep(name string, made map[string]any) string {
	ids := map[string]string{}
	for key, id := range p.ids {
		ids[key] = id
	}
	ids[name] = made["id"].(string)
	p.ids = ids
	return ids[name]
}

// members names who is in a group, in alphabetical order.
func (p *provider) members(group string) string {
	p.t.Helper()
	shown := p.sends(http.MethodGet, "/Groups/{"+group+"}", "").is(http.StatusOK)
	names := map[string]string{}
	for name, id := range p.ids {
		names[id] = name
	}
	list, _ := shown["members"].([]any)
	inside := make([]string, len(list))
	for i, one := range list {
		inside[i] = names[one.(map[string]any)["value"].(string)]
	}
	return sorted(inside)
}
