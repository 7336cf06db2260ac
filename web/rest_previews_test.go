package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
)

// previewShown is a preview as services read it.
type previewShown struct {
	Effects []struct {
		Gained, Lost, Names []string
		People, Resources   int
		Places              []struct{ Name string }
	}
	Skipped  int
	Narrowed []struct {
		Name       string
		AccessMode string `json:"access_mode"`
	}
	Ended []struct {
		Principal struct{ Email string }
		On        struct{ Name string }
	}
}

// takesPreview tells whether the document offers a preview of what the row does.
func (d openDocument) takesPreview(row serviceRow) bool {
	d.w.t.Helper()
	request, err := http.NewRequest(row.method, "http://gatehouse.test/api/v1"+d.w.fillIn(row.path), nil)
	if err != nil {
		d.w.t.Fatal(err)
	}
	route, _, err := d.router.FindRoute(request)
	if err != nil {
		d.w.t.Fatal(err)
	}
	return route.Operation.Parameters.GetByInAndName("query", "preview") != nil
}

func (r serviceRow) asPreview(query string) serviceRow {
	r.path += "?preview=" + query
	return r
}

// Break: in web/rest/rest.go, ChangeOrPreview, carry out what was to be previewed; in db/previews.go, preview, leave out errPreview.
func TestAPreviewChangesNothingAndIsRefusedWhatTheChangeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	document := readDocument(w)
	before := w.checksums()
	offered := 0
	for _, row := range restRows(t) {
		if !unsafeMethods[row.method] {
			continue
		}
		if !document.takesPreview(row) {
			if got := row.asPreview("true").send(w, tokens["owner"]); got.status < 400 || got.status == http.StatusBadRequest && got.isProblem(400).Field != "preview" {
				t.Errorf("%s has no preview: %d", got.asked, got.status)
			}
			continue
		}
		offered++
		for i, actor := range restActors {
			got := row.asPreview("true").send(w, tokens[actor])
			if want := row.statuses[i]; want < "300" && got.status != http.StatusOK || want >= "300" && fmt.Sprint(got.status) != want {
				t.Errorf("%s as %s: %d, and the change itself %s\n%.300s", got.asked, actor, got.status, want, got.body)
			}
			document.describes(row, got)
		}
		refusals := map[string]int{`"0"`: 412}
		if row.guarded() {
			refusals[""] = 428
		} else if strings.HasSuffix(row.path, "/members") {
			refusals = map[string]int{`"0"`: 400} // there is nothing yet that could have changed
		}
		for tag, status := range refusals {
			row.asPreview("true").send(w, tokens["owner"], tagged(tag)).isProblem(status)
		}
		if said := row.asPreview("perhaps").send(w, tokens["owner"]).isProblem(400); said.Field != "preview" {
			t.Errorf("%s: %v", row.path, said)
		}
	}
	if offered != 14 {
		t.Errorf("%d previews are offered", offered)
	}
	w.mustBeAsBefore(before, "asking what changes would do")
}

// A key belongs to what is carried out: the change after its preview has it still.
func TestAPreviewUsesUpNoKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	body := `{"user":"plain@acme.test","role":"member"}`
	for range 2 {
		w.rest(token, "POST", "/groups/{research}/members?preview=true", body, keyed("k")).must(200)
	}
	w.rest(token, "POST", "/groups/{research}/members", body, keyed("k")).must(201)
	if w.rest(token, "POST", "/groups/{research}/members?preview=true", body, keyed("other")).isProblem(409).Field != "" {
		t.Error("who is in already is previewed")
	}
	w.rest(token, "DELETE", "/groups/{research}/members/{plain}?preview=false", "").must(204)
}

// heldByAll is what each user of the server holds on each of acme's resources.
func (w *world) heldByAll() map[[2]string]access.Rights {
	w.t.Helper()
	rows, err := w.pool.Query(context.Background(), `SELECT u.id::text, r.id::text, COALESCE((SELECT bit_or(p.rights) FROM access_paths(u.id, r.id) AS p), 0)::bigint
		FROM users u CROSS JOIN resources r WHERE r.org_id = $1::uuid`, w.ids["acme"])
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	held := map[[2]string]access.Rights{}
	for rows.Next() {
		var user, resource string
		var rights access.Rights
		if err := rows.Scan(&user, &resource, &rights); err != nil {
			w.t.Fatal(err)
		}
		held[[2]string{user, resource}] = rights
	}
	return held
}

// moved says which rights how many people gained and lost on how many resources, those together who did so on the same.
func moved(before, after map[[2]string]access.Rights) []string {
	places := map[[2]string][]string{} // by what was gained and lost, and by whom
	for key, had := range before {
		if has := after[key]; had != has {
			of := [2]string{fmt.Sprintf("%v %v", (has &^ had).Names(), (had &^ has).Names()), key[0]}
			places[of] = append(places[of], key[1])
		}
	}
	people := map[[2]string]int{}
	for of, where := range places {
		slices.Sort(where)
		people[[2]string{of[0], strings.Join(where, " ")}]++
	}
	lines := []string{}
	for line, many := range people {
		lines = append(lines, effectLine(line[0], many, len(strings.Fields(line[1]))))
	}
	slices.Sort(lines)
	return lines
}

func effectLine(rights string, people, resources int) string {
	return fmt.Sprintf("%s %d people %d resources", rights, people, resources)
}

func (p previewShown) lines() []string {
	lines := []string{}
	for _, one := range p.Effects {
		lines = append(lines, effectLine(fmt.Sprintf("%v %v", one.Gained, one.Lost), one.People, one.Resources))
	}
	slices.Sort(lines)
	return lines
}

// Break: in web/rest/previews.go, in any of them, the change that it asks about.
func TestAPreviewSaysWhatTheChangeThenDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	const policy = `{"default_mode":"restricted","default_role":"viewer","widest_mode":"WIDEST","external_sharing":false,"admin_reach":"REACH"}`
	said := func(widest, reach string) string {
		return strings.NewReplacer("WIDEST", widest, "REACH", reach).Replace(policy)
	}
	for _, each := range []struct{ method, path, body, first string }{
		{"POST", "/requests/{request}/approval", `{"role":"viewer"}`, "[discover view query] [] 1 people"},
		{"POST", "/groups/{inner}/members", `{"user":"second@acme.test","role":"member"}`, "[view query] [] 1 people"},
		{"POST", "/groups/{research}/members", `{"group":"Board"}`, "[view query] [] 1 people"},
		{"PUT", "/resources/{pack}/parent", `{"parent":"{workspace}"}`, "[] [discover view query"},
		{"DELETE", "/groups/{research}/members/{inner}", "", "[] [view query] 1 people"},
		{"POST", "/resources/{alpha}/grants", `{"user":"plain@acme.test","role":"Analyst"}`, ""},
		{"PATCH", "/resources/{alpha}/grants/{grant}", `{"role":"admin"}`, "[] 1 people"},
		{"PATCH", "/resources/{alpha}/grants/{grant}", `{"expires_at":"2099-01-01T00:00:00Z"}`, ""},
		{"POST", "/resources/{alpha}/grants", `{"group":"Board","role":"viewer"}`, ""},
		{"POST", "/resources/{alpha}/grants", `{"organization":"globex","role":"editor"}`, "[discover view query"},
		{"DELETE", "/resources/{alpha}/grants/{grant}", "", "[] ["},
		{"PATCH", "/members/{plain}", `{"role":"auditor"}`, "[discover] [] 1 people"},
		{"PATCH", "/members/{plain}", `{"role":"modeler"}`, "[] [discover] 1 people"},
		{"PATCH", "/members/{plain}", `{"status":"deactivated"}`, "[] [discover view"},
		{"PATCH", "/members/{plain}", `{"role":"admin","status":"active"}`, "[discover view"},
		{"PATCH", "/members/{plain}", `{"role":"member"}`, "[] ["},
		{"PATCH", "/resources/{alpha}/templates/{template}", `{"rights":["view","edit"]}`, "[edit] [] 1 people"},
		{"PUT", "/resources/{alpha}/access-mode", `{"access_mode":"organization","org_role":"viewer"}`, "[view query] [] 1 people"},
		{"POST", "/resources/{alpha}/grants", `{"user":"gil@globex.test","role":"editor"}`, ""},
		{"PUT", "/policy", said("restricted", "discover"), "[] [discover view query"},
		{"PUT", "/policy", said("restricted", "full"), "["},
		{"PUT", "/policy", said("restricted", "discover"), "[] ["},
		{"DELETE", "/groups/{research}", "", "[] [discover view query] 1 people"},
		{"POST", "/members/{tara}/removal", `{"heir":"plain@acme.test"}`, "[] [discover"},
		{"DELETE", "/members/{plain}?heir=second@acme.test", "", "[] [discover"},
	} {
		var options []option
		if row := (serviceRow{method: each.method, path: each.path}); row.guarded() {
			list := each.path[:strings.Index(each.path, "}")+1] + "/grants"
			options = append(options, tagged(w.rest(token, "GET", list, "").must(200).header.Get("ETag")))
		}
		before := w.heldByAll()
		var foreseen previewShown
		preview := each.path + "?preview=true"
		if strings.Contains(each.path, "?") {
			preview = each.path + "&preview=true"
		}
		w.rest(token, each.method, preview, each.body, options...).must(200).into(&foreseen)
		if got := w.rest(token, each.method, each.path, each.body, options...); got.status >= 300 {
			t.Fatalf("%s %s: %d %s", each.method, each.path, got.status, got.body)
		}
		if happened := moved(before, w.heldByAll()); !slices.Equal(foreseen.lines(), happened) {
			t.Errorf("%s %s %s: foreseen was\n%v\nand it became\n%v", each.method, each.path, each.body, foreseen.lines(), happened)
		}
		if each.first != "" && !strings.Contains(strings.Join(foreseen.lines(), "\n"), each.first) {
			t.Errorf("%s %s %s: %v", each.method, each.path, each.body, foreseen.lines())
		}
	}
}

// A policy says also which modes it narrows and which grants it ends.
func TestThePreviewOfAPolicyNamesWhatItTakesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	tag := w.rest(token, "PUT", "/resources/{alpha}/access-mode", `{"access_mode":"public"}`, ifMatch(w.ids["version"])).must(200).header.Get("ETag")
	w.rest(token, "POST", "/resources/{alpha}/grants", `{"user":"gil@globex.test","role":"viewer"}`, tagged(tag)).must(201)
	asked := `{"default_mode":"restricted","default_role":"viewer","widest_mode":"organization","external_sharing":false,"admin_reach":"discover"}`
	var foreseen previewShown
	w.rest(token, "PUT", "/policy?preview=true", asked).must(200).into(&foreseen)
	if len(foreseen.Narrowed) != 1 || foreseen.Narrowed[0].Name != "Alpha" || foreseen.Narrowed[0].AccessMode != "public" ||
		len(foreseen.Ended) != 1 || foreseen.Ended[0].Principal.Email != "gil@globex.test" || foreseen.Ended[0].On.Name != "Alpha" {
		t.Errorf("foreseen is %+v", foreseen)
	}
	old := w.rest(token, "GET", "/policy", "").must(200).header.Get("ETag")
	w.rest(token, "PUT", "/policy", asked, tagged(old)).must(200)
	w.rest(token, "PUT", "/policy", asked, tagged(old)).isProblem(412)
	var mode struct {
		Mode string `json:"access_mode"`
	}
	if w.rest(token, "GET", "/resources/{alpha}/access-mode", "").into(&mode); mode.Mode != "organization" {
		t.Errorf("Alpha is %s", mode.Mode)
	}
}
