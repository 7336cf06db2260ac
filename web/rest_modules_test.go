package web

import (
	"testing"

	"gatehouse/access"
)

// moduleShown is a module as services read it.
type moduleShown struct {
	ID, Key, Name, Description string
	Rights                     []string
	Resources, People, Groups  int
}

func (w *world) modulesOver(token, query string) map[string]moduleShown {
	w.t.Helper()
	var list struct{ Items []moduleShown }
	w.rest(token, "GET", "/modules"+query, "").must(200).into(&list)
	found := map[string]moduleShown{}
	for _, one := range list.Items {
		found[one.Name] = one
	}
	return found
}

// Break: in queries/modules.sql, the key, or what is held anyway; in access/resources.go, About.
func TestAModuleGoesFromItsMakingToItsEndOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	for _, actor := range []string{"admin", "operator"} {
		token := tokens[actor]
		var made, shown struct{ ID, Kind, Key, Name, Description string }
		w.rest(token, "POST", "/resources", `{"kind":"module","parent":"{acme}","name":"Risk","description":"What could go wrong"}`).must(201).into(&made)
		w.ids["risk"] = made.ID
		listed := w.modulesOver(token, "")
		if one := listed["Risk"]; len(listed) != 3 || one.ID != made.ID || one.Key != made.Key || one.Description != "What could go wrong" || one.Resources+one.People+one.Groups != 0 {
			t.Errorf("%s made %+v and lists %+v", actor, made, listed)
		}
		if listed["Workspace"].Resources != 1 || len(w.modulesOver(token, "?search=wORK")) != 1 {
			t.Errorf("%s lists %+v", actor, listed)
		}
		w.rest(token, "PATCH", "/resources/{risk}", `{"name":"Credit"}`).must(200).into(&shown)
		if shown.Name != "Credit" || shown.Description != "What could go wrong" || shown.Kind != "module" {
			t.Errorf("another name made it %+v", shown)
		}
		tag := w.rest(token, "GET", "/resources/{risk}/grants", "").must(200).header.Get("ETag")
		tag = w.rest(token, "POST", "/resources/{risk}/grants", `{"user":"plain@acme.test","role":"administrator"}`, tagged(tag)).must(201).header.Get("ETag")
		var given struct{ ID string }
		tag = w.rest(token, "POST", "/resources/{risk}/grants", `{"group":"Research","role":"user"}`, tagged(tag)).must(201).into(&given).header.Get("ETag")
		w.ids["given"] = given.ID
		tag = w.rest(token, "PATCH", "/resources/{risk}/grants/{given}", `{"role":"creator"}`, tagged(tag)).must(200).header.Get("ETag")
		if one := w.modulesOver(token, "")["Credit"]; one.People != 1 || one.Groups != 1 || !w.rightsOf("tara", "risk").Has(access.Create) {
			t.Errorf("with a person and a group it is %+v, and one of the group holds %s", one, w.rightsOf("tara", "risk"))
		}
		w.rest(token, "DELETE", "/resources/{risk}/grants/{given}", "", tagged(tag)).must(204)
		w.rest(token, "DELETE", "/resources/{risk}", "").must(204)
		if left := w.modulesOver(token, ""); len(left) != 2 {
			t.Errorf("%s still lists %+v", actor, left)
		}
	}
}

func TestWhatAModulesPageRefusesIsRefusedOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	before := w.checksums()
	tag := w.rest(tokens["admin"], "GET", "/resources/{workspace}/grants", "").header.Get("ETag")
	for _, each := range []struct {
		actor, method, path, body string
		status                    int
	}{
		{"admin", "POST", "/resources", `{"kind":"module","parent":"{workspace}","name":"Inside"}`, 422},
		{"operator", "POST", "/resources", `{"kind":"module","parent":"{acme}","name":"Again","key":"workspace"}`, 422},
		{"outsider", "POST", "/resources", `{"kind":"module","parent":"{acme}","name":"Mine"}`, 404},
		{"admin", "DELETE", "/resources/{workspace}", "", 409}, // something lies in it
		{"operator", "DELETE", "/resources/{workspace}", "", 409},
		{"admin", "POST", "/resources/{workspace}/grants", `{"user":"plain@acme.test","role":"viewer"}`, 422}, // not a module's role
		{"admin", "PUT", "/resources/{workspace}/access-mode", `{"access_mode":"public"}`, 403},
		{"admin", "PUT", "/resources/{workspace}/owner", `{"email":"plain@acme.test"}`, 403},
		{"admin", "GET", "/modules?kind=project", "", 400},
		{"outsider", "GET", "/resources/{workspace}", "", 404},
	} {
		options := []option{}
		if (serviceRow{method: each.method, path: each.path}).guarded() {
			options = append(options, tagged(tag))
		}
		w.rest(tokens[each.actor], each.method, each.path, each.body, options...).isProblem(each.status)
	}
	w.mustBeAsBefore(before, "a refused module")
}
