package web

import (
	"slices"
	"testing"

	"gatehouse/access"
)

// templateShown is a rights template as services read it.
type templateShown struct {
	ID, Name       string
	Rights         []string
	Grants, People int
}

// rightsOf are what somebody of the world holds on a resource.
func (w *world) rightsOf(who, on string) access.Rights {
	w.t.Helper()
	held, err := w.store.Rights(w.t.Context(), access.ID(w.ids[who]), access.ID(w.ids[on]))
	if err != nil {
		w.t.Fatal(err)
	}
	return held
}

// Break: in web/rest/templates.go, templateEdit, take what was asked for without a look at what was left out.
func TestARightsTemplateGoesFromItsMakingToItsEndOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	const templates = "/resources/{alpha}/templates"
	var made, shown templateShown
	w.rest(token, "POST", templates, `{"name":"Keeper","rights":["edit","view"]}`).must(201).into(&made)
	w.ids["keeper"] = made.ID
	if made.Name != "Keeper" || !slices.Equal(made.Rights, []string{"discover", "view", "edit"}) || made.Grants != 0 {
		t.Errorf("made is %+v", made)
	}
	var list struct {
		Items []templateShown
		Next  string
	}
	w.rest(token, "GET", templates, "").must(200).into(&list)
	if len(list.Items) != 2 || list.Items[0].Name != "Analyst" || list.Items[1].ID != made.ID || list.Next != "" {
		t.Errorf("listed are %+v", list)
	}
	unheld := w.rest(token, "GET", templates+"/{keeper}", "").must(200).header.Get("ETag")

	var given struct{ ID, Role string }
	list1 := w.rest(token, "GET", "/resources/{alpha}/grants", "").header.Get("ETag")
	got := w.rest(token, "POST", "/resources/{alpha}/grants", `{"user":"plain@acme.test","role":"Keeper"}`, tagged(list1)).must(201).into(&given)
	if w.ids["given"] = given.ID; given.Role != "Keeper" || w.rightsOf("plain", "alpha") != access.Discover|access.View|access.Edit {
		t.Errorf("%+v gives %s", given, w.rightsOf("plain", "alpha"))
	}
	w.rest(token, "PATCH", templates+"/{keeper}", `{"rights":[]}`, tagged(unheld)).isProblem(412) // nobody held it then
	if said := w.rest(token, "DELETE", templates+"/{keeper}", "").isProblem(409); said.Detail != "Keeper is given once, and so 1 person holds it. Give another role under Share first." {
		t.Errorf("%v", said)
	}
	w.rest(token, "PATCH", templates+"/{keeper}", `{"name":"Guard"}`).must(200).into(&shown)
	if shown.Name != "Guard" || shown.People != 1 || w.rightsOf("plain", "alpha") != access.Discover|access.View|access.Edit {
		t.Errorf("another name made it %+v, which gives %s", shown, w.rightsOf("plain", "alpha"))
	}
	w.rest(token, "PATCH", templates+"/{keeper}", `{"rights":["view","query"]}`).must(200).into(&shown)
	if shown.Name != "Guard" || w.rightsOf("plain", "pack") != access.Discover|access.View|access.Query {
		t.Errorf("other rights made it %+v, which gives %s", shown, w.rightsOf("plain", "pack"))
	}
	w.rest(token, "DELETE", "/resources/{alpha}/grants/{given}", "", tagged(got.header.Get("ETag"))).isProblem(412) // what its roles say changed
	w.rest(token, "DELETE", "/resources/{alpha}/grants/{given}", "", tagged(w.rest(token, "GET", "/resources/{alpha}/grants", "").header.Get("ETag"))).must(204)
	w.rest(token, "DELETE", templates+"/{keeper}", "", tagged(unheld)).isProblem(412)
	w.rest(token, "DELETE", templates+"/{keeper}", "").must(204)
	w.rest(token, "GET", templates+"/{keeper}", "").isProblem(404)
}

// Break: in web/rest/templates.go, templating, either of its two questions.
func TestATemplateThatCannotBeIsRefusedOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	var second struct{ ID string }
	w.rest(tokens["owner"], "POST", "/resources", `{"kind":"project","parent":"{workspace}","name":"Second"}`).must(201).into(&second)
	w.ids["second project"] = second.ID
	before := w.checksums()
	for _, each := range []struct {
		actor, method, path, body, field string
		status                           int
	}{
		{"owner", "POST", "{alpha}/templates", `{"name":"","rights":["view"]}`, "name", 422},
		{"owner", "POST", "{alpha}/templates", `{"name":"Viewer","rights":["view"]}`, "name", 422},
		{"owner", "POST", "{alpha}/templates", `{"name":"analyst","rights":["view"]}`, "name", 422},
		{"owner", "POST", "{alpha}/templates", `{"name":"Sharer","rights":["view","share"]}`, "rights", 422},
		{"owner", "POST", "{alpha}/templates", `{"name":"Flyer","rights":["fly"]}`, "rights", 422},
		{"owner", "POST", "{alpha}/templates", `{"name":"Flyer","rights":"view"}`, "rights", 400},
		{"owner", "POST", "{alpha}/templates", `{"name":"Flyer"}`, "rights", 400},
		{"operator", "PATCH", "{alpha}/templates/{template}", `{"name":"owner"}`, "name", 422},
		{"operator", "PATCH", "{alpha}/templates/{template}", `{"rights":["transfer"]}`, "rights", 422},
		{"operator", "PATCH", "{alpha}/templates/{template}", `{"rights":null}`, "rights", 400},
		{"admin", "POST", "{alpha}/templates", `{"name":"Mine","rights":["view"]}`, "", 403}, // oversees, and shares nothing
		{"operator", "POST", "{pack}/templates", `{"name":"Mine","rights":["view"]}`, "", 404},
		{"operator", "GET", "{workspace}/templates", "", "", 404},
		{"owner", "GET", "{second project}/templates/{template}", "", "", 404}, // of another project
		{"owner", "PATCH", "{second project}/templates/{template}", `{"name":"Mine"}`, "", 404},
		{"owner", "DELETE", "{second project}/templates/{template}", "", "", 404},
	} {
		if said := w.rest(tokens[each.actor], each.method, "/resources/"+each.path, each.body).isProblem(each.status); said.Field != each.field {
			t.Errorf("%s %s %s: %v", each.method, each.path, each.body, said)
		}
	}
	w.mustBeAsBefore(before, "a refused template")
}
