package web

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// mustAnswerServicesAlike asks with each of the ids in the place of ID, and with one that was never issued.
func (w *world) mustAnswerServicesAlike(row serviceRow, tokens map[string]string, actors []string, ids ...string) {
	w.t.Helper()
	for _, actor := range actors {
		ask := func(id string) string {
			own := row
			own.path, own.body = strings.ReplaceAll(row.path, "ID", id), strings.ReplaceAll(row.body, "ID", id)
			before := w.written()
			got := own.send(w, tokens[actor], fixedID)
			if got.status < 400 && got.status != http.StatusOK || w.written() != before {
				w.t.Errorf("%s %s with %s is carried out: %d", row.method, row.path, id, got.status)
			}
			return got.without(id) + got.header.Get("ETag")
		}
		never := ask(uuid.NewString())
		for _, name := range ids {
			if got := ask(w.ids[name]); got != never {
				w.t.Errorf("%s: %s %s %s answers otherwise to the id of %s than to one that was never issued:\n%.400s\n--\n%.400s", actor, row.method, row.path, row.body, name, got, never)
			}
		}
	}
}

// W2 of the proof for services: paths.
func TestAServiceThatNamesAnIdOfAnotherOrganizationInAPathIsAnsweredAsIfItWereNeverIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	before := w.checksums()
	foreign := map[string][]string{
		"{tara}":       {"outsider", "gil", "research", "alpha", "globex"},
		"{invitation}": {"globex invitation", "tara"},
		"{research}":   {"gamma", "globex", "alpha", "tara"},
		"{alpha}":      {"beta", "globex workspace", "globex", "research"},
		"{grant}":      {"globex grant", "tara"},
		"{request}":    {"globex request", "tara"},
		"{template}":   {"globex template", "tara"},
		"{api token}":  {"globex api token", "tara"},
	}
	for _, row := range restRows(t) {
		for parameter, names := range foreign {
			if !strings.Contains(row.path, parameter) {
				continue
			}
			own := row
			own.path = strings.Replace(row.path, parameter, "ID", 1)
			w.mustAnswerServicesAlike(own, tokens, []string{"admin", "owner", "operator"}, names...)
			for _, malformed := range []string{"1", "not-an-id", "00000000-0000-0000-0000-00000000000G", "%27%3B--", "%00"} {
				own := own
				own.path = strings.Replace(own.path, "ID", malformed, 1)
				own.send(w, tokens["admin"]).isProblem(http.StatusNotFound)
			}
		}
	}
	w.mustBeAsBefore(before, "asking with ids of others")
}

// W2 of the proof for services: bodies, queries and cursors.
func TestAServiceThatNamesAnIdOfAnotherOrganizationElsewhereIsAnsweredAsIfItWereNeverIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	before := w.checksums()
	for _, each := range []struct {
		method, path, body string
		ids                []string
	}{
		{"POST", "/groups/{research}/members", `{"user":"ID","role":"member"}`, []string{"outsider", "gil", "inner", "alpha"}},
		{"POST", "/groups/{research}/members", `{"group":"ID"}`, []string{"gamma", "plain", "gil"}},
		{"POST", "/invitations", `{"email":"nina@invited.test","role":"member","groups":["ID"]}`, []string{"gamma", "globex", "tara"}},
		{"POST", "/resources", `{"kind":"package","name":"Stray","parent":"ID"}`, []string{"beta", "globex workspace", "globex", "research"}},
		{"POST", "/resources/{alpha}/grants", `{"user":"ID","role":"viewer"}`, []string{"outsider", "gil", "research"}},
		{"POST", "/resources/{alpha}/grants", `{"group":"ID","role":"viewer"}`, []string{"gamma", "plain", "globex"}},
		{"POST", "/resources/{alpha}/grants", `{"organization":"ID","role":"viewer"}`, []string{"gamma", "beta", "gil"}},
		{"PUT", "/resources/{alpha}/parent", `{"parent":"ID"}`, []string{"beta", "globex workspace", "globex", "gamma"}},
		{"PUT", "/resources/{alpha}/parent?preview=true", `{"parent":"ID"}`, []string{"beta", "globex workspace", "globex", "gamma"}},
		{"POST", "/groups/{research}/members?preview=true", `{"group":"ID"}`, []string{"gamma", "plain", "gil"}},
		{"GET", "/resources?parent=ID", "", []string{"beta", "globex workspace", "globex", "gamma"}},
		{"GET", "/resources/{alpha}/grants?user=ID", "", []string{"outsider", "gil"}},
		{"GET", "/resources/{alpha}/grants?group=ID", "", []string{"gamma", "gil"}},
		{"GET", "/audit-events?about=ID", "", []string{"outsider", "gil", "gamma", "beta", "globex"}},
	} {
		row := serviceRow{method: each.method, path: each.path, body: each.body}
		w.mustAnswerServicesAlike(row, tokens, []string{"owner"}, each.ids...)
	}
	cursor := func(id string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(`{"n":"b","i":"` + id + `","s":0}`))
	}
	for _, list := range []string{"/members", "/invitations", "/groups", "/groups/{research}/members", "/groups/{research}/everyone", "/modules", "/resources"} {
		ask := func(id string) string {
			return w.rest(tokens["admin"], "GET", list+"?after="+cursor(id), "", fixedID).must(http.StatusOK).without(id)
		}
		never := ask(uuid.NewString())
		for _, name := range []string{"outsider", "gamma", "beta", "globex"} {
			if ask(w.ids[name]) != never {
				t.Errorf("%s goes on otherwise from a cursor at %s", list, name)
			}
		}
	}
	for _, word := range []string{"gil", "gamma", "beta", "somebody", "globex"} {
		for _, list := range []string{"/members?", "/invitations?", "/groups?", "/modules?", "/resources?", "/audit-events?", "/resources?kind=project&key=beta&", "/tokens?"} {
			for _, actor := range []string{"admin", "operator"} {
				query := "search=" + word
				if strings.Contains(list, "key=") || list == "/tokens?" {
					query = ""
				}
				got := w.rest(tokens[actor], "GET", list+query, "").must(http.StatusOK)
				for _, name := range []string{"gil", "gamma", "beta", "globex invitation", "globex api token"} {
					got.saysNothingOf(w.ids[name])
				}
			}
		}
	}
	w.mustBeAsBefore(before, "naming things of others")
}

// Whoever may only know of a resource does not read its content here either.
func TestAServiceReadsNoContentThatItsMakerMayNotOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	w.exec(`UPDATE resources SET description = 'the secret plan' WHERE id = $1::uuid`, w.ids["alpha"])
	for _, path := range []string{"/resources/{alpha}", "/resources", "/resources?kind=project&key=alpha", "/resources?search=alpha", "/resources/{alpha}/grants"} {
		w.rest(tokens["admin"], "GET", path, "").must(http.StatusOK).saysNothingOf("the secret plan")
		if got := w.rest(tokens["owner"], "GET", path, "").must(http.StatusOK); !strings.Contains(got.body, "the secret plan") && !strings.HasSuffix(path, "grants") {
			t.Errorf("%s does not say it to the owner", got.asked)
		}
	}
	got := w.rest(tokens["admin"], "PATCH", "/resources/{alpha}", `{"name":"Omega"}`)
	got.isProblem(http.StatusForbidden)
	got.saysNothingOf("the secret plan")
}

// A list comes whole and each thing once, however many a page has.
func TestEveryListIsReadWholeFromPageToPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	type page struct {
		Items []map[string]any
		Next  string
	}
	for _, list := range []string{"/members", "/members?sort=-seen", "/members?sort=role", "/invitations", "/groups", "/groups/{research}/members", "/groups/{research}/everyone", "/modules", "/resources", "/audit-events"} {
		join := "?"
		if strings.Contains(list, "?") {
			join = "&"
		}
		var whole page
		w.rest(token, "GET", list+join+"limit=200", "").must(http.StatusOK).into(&whole)
		if len(whole.Items) == 0 || whole.Next != "" {
			t.Errorf("%s has %d items and goes on at %q", list, len(whole.Items), whole.Next)
		}
		for _, size := range []string{"1", "2", "3"} {
			var seen []string
			next := ""
			for range 200 {
				var part page
				w.rest(token, "GET", list+join+"limit="+size+"&after="+next, "").must(http.StatusOK).into(&part)
				for _, item := range part.Items {
					seen = append(seen, itemName(item))
				}
				if next = part.Next; next == "" {
					break
				}
			}
			var all []string
			for _, item := range whole.Items {
				all = append(all, itemName(item))
			}
			if !slices.Equal(seen, all) {
				t.Errorf("%s by %s:\n%v\n%v", list, size, seen, all)
			}
		}
		for query, field := range map[string]string{"after=x": "after", "after=" + base64.RawURLEncoding.EncodeToString([]byte("{}")): "after", "limit=0": "limit", "limit=201": "limit",
			"limit=-1": "limit", "limit=x": "limit", "limit=1&limit=2": "limit", "search=%ff": "search", "a=%zz": ""} {
			if field == "search" && (strings.Contains(list, "everyone")) {
				continue
			}
			if said := w.rest(token, "GET", list+join+query, "").isProblem(http.StatusBadRequest); said.Field != field {
				t.Errorf("%s%s%s: %v", list, join, query, said)
			}
		}
	}
}

// itemName tells an item of a list from others.
func itemName(item map[string]any) string { return fmt.Sprint(item["id"], item["seq"]) }
