package web

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

const plainViews = `{"user":"plain@acme.test","role":"viewer"}`

func tagged(tag string) option { return header("If-Match", tag) }

func TestAnAccessListIsChangedOnlyByWhoSawItAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	before := w.checksums()
	for _, row := range restRows(t) {
		if !row.guarded() {
			continue
		}
		for tag, status := range map[string]int{"": 428, "*": 428, `"0"`: 412, `"1"`: 412, `"999"`: 412, "2": 412, `"two"`: 412, `"-2"`: 412, `"2", "3"`: 412, `"99999999999999999999"`: 412} {
			said := row.send(w, token, tagged(tag)).isProblem(status)
			if said.Field != "If-Match" {
				t.Errorf("%s %s with %s: %v", row.method, row.path, tag, said)
			}
		}
	}
	w.mustBeAsBefore(before, "changing a list unseen")
}

// The ETag of every answer about an access list is that with which the next change is made.
func TestTheTagOfAnAccessListGoesFromChangeToChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	tag := w.rest(token, "GET", "/resources/{alpha}/grants", "").must(200).header.Get("ETag")
	for _, list := range []string{"/access-mode", "/owner", "/parent"} {
		if other := w.rest(token, "GET", "/resources/{alpha}"+list, "").must(200).header.Get("ETag"); other != tag {
			t.Errorf("%s is %s, and the grants are %s", list, other, tag)
		}
	}
	if w.rest(token, "GET", "/resources/{alpha}/grants", "", header("If-None-Match", tag)).must(http.StatusNotModified).body != "" {
		t.Error("an answer that is there already is sent again")
	}
	var made struct{ ID string }
	for _, change := range []struct{ method, path, body string }{
		{"POST", "/grants", plainViews},
		{"PATCH", "/grants/GRANT", `{"role":"editor"}`},
		{"PATCH", "/grants/GRANT", `{"expires_at":"2099-01-01T00:00:00Z"}`},
		{"PATCH", "/grants/GRANT", `{"expires_at":null}`},
		{"PUT", "/access-mode", `{"access_mode":"organization","org_role":"editor"}`},
		{"PUT", "/access-mode", `{"access_mode":"restricted"}`},
		{"DELETE", "/grants/GRANT", ""},
		{"PUT", "/parent", `{"parent":"{yard}"}`},
		{"PUT", "/owner", `{"email":"tara@acme.test"}`},
	} {
		path := "/resources/{alpha}" + strings.Replace(change.path, "GRANT", made.ID, 1)
		got := w.rest(token, change.method, path, change.body, tagged(tag))
		if got.status >= 300 || got.header.Get("ETag") == tag {
			t.Fatalf("%s: %d %s %s", got.asked, got.status, got.header.Get("ETag"), got.body)
		}
		w.rest(token, change.method, path, change.body, tagged(tag)) // the old one is refused, whatever it asks
		if change.method == "POST" {
			got.into(&made)
		}
		tag = got.header.Get("ETag")
		if change.path != "/owner" {
			if now := w.rest(token, "GET", "/resources/{alpha}/grants", "").header.Get("ETag"); now != tag {
				t.Errorf("%s answers %s and the list is %s", got.asked, tag, now)
			}
		}
	}
	if left := w.count(`SELECT count(*) FROM grants WHERE id = $1::uuid`, made.ID); left != 0 {
		t.Error("the grant is still there")
	}
}

// R5 of the proof, for services: of two who decided on the same list, one is told to look again.
func TestOfTwoWhoSawTheSameListOneIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	for _, role := range []string{"viewer", "modeler", "editor"} {
		tag := w.rest(token, "GET", "/resources/{alpha}/grants", "").header.Get("ETag")
		statuses := make([]int, 2)
		var both sync.WaitGroup
		for i, email := range []string{"plain@acme.test", "second@acme.test"} {
			both.Go(func() {
				statuses[i] = w.rest(token, "POST", "/resources/{alpha}/grants", `{"user":"`+email+`","role":"`+role+`"}`, tagged(tag)).status
			})
		}
		both.Wait()
		if min(statuses[0], statuses[1]) != 201 || max(statuses[0], statuses[1]) != 412 {
			t.Errorf("%s: %v", role, statuses)
		}
	}
}

func TestAnythingElseIsChangedUnlessItsTagIsOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	for _, each := range []struct{ path, body, way string }{
		{"/groups/{research}", `{"name":"Science"}`, `{"description":"x"}`},
		{"/members/{tara}", `{"role":"modeler"}`, `{"role":"auditor"}`},
		{"/resources/{alpha}", `{"name":"Omega"}`, `{"description":"x"}`},
		{"/groups/{research}/members/{tara}", `{"role":"admin"}`, `{"role":"member"}`},
		{"/resources/{alpha}/templates/{template}", `{"name":"Reader"}`, `{"rights":[]}`},
	} {
		old := w.rest(token, "GET", each.path, "").must(200).header.Get("ETag")
		if !strings.HasPrefix(old, `W/"`) {
			t.Errorf("%s has the tag %s", each.path, old)
		}
		w.rest(token, "PATCH", each.path, each.body, tagged(`"another", `+old)).must(200)
		before := w.written()
		w.rest(token, "PATCH", each.path, each.way, tagged(old)).isProblem(http.StatusPreconditionFailed)
		w.rest(token, "DELETE", each.path, "", tagged(old)).isProblem(http.StatusPreconditionFailed)
		if w.written() != before {
			t.Errorf("%s was changed unseen", each.path)
		}
		w.rest(token, "PATCH", each.path, each.way).must(200)
		now := w.rest(token, "GET", each.path, "").header.Get("ETag")
		w.rest(token, "PATCH", each.path, each.body, tagged(now)).must(200)
	}
	before := w.written()
	w.rest(token, "POST", "/groups", `{"name":"Sales"}`, tagged(`"1"`)).isProblem(http.StatusBadRequest)
	if w.written() != before {
		t.Error("a precondition that means nothing is ignored")
	}
}
