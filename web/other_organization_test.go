package web

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// foreign names, for each parameter of a path, what the other organization has, and what this one has of another kind
// or elsewhere.
var foreign = map[string][]string{
	":user":       {"outsider", "gil", "research", "alpha"},
	":invitation": {"globex invitation", "tara"},
	":group":      {"gamma", "globex", "alpha", "tara"},
	":member":     {"gamma", "gil", "research"},
	":resource":   {"beta", "globex workspace", "globex", "research"},
	":token":      {"globex api token", "tara"},
	":template":   {"globex template", "tara", "grant"},
	":grant":      {"globex grant", "role grant", "tara"},
	":request":    {"globex request", "tara", "alpha"},
}

// fixedID gives the request a known number, so that answers can be compared.
var fixedID = header("X-Request-Id", "compared")

var freshToken = regexp.MustCompile(`invitations/[\w-]{43}`)

var requestLink = regexp.MustCompile(`requests/[0-9a-f-]{36}`)

// without is what an answer says when the id in it is left out.
func (a *answer) without(id string) string {
	body := freshToken.ReplaceAllString(strings.ReplaceAll(a.body, id, "ID"), "invitations/TOKEN")
	return fmt.Sprint(a.status, " ", strings.ReplaceAll(a.location(), id, "ID"), "\n", body)
}

// mustAnswerAlike asks with each of the ids in the place of ID, and with one that was never issued.
func (w *world) mustAnswerAlike(actor, method, path, form string, ids ...string) {
	w.t.Helper()
	ask := func(id string) string {
		before := w.written()
		got := w.send(actor, method, strings.ReplaceAll(w.fillIn(path), "ID", id), strings.ReplaceAll(w.fillIn(form), "ID", id), fixedID)
		if w.written() != before {
			w.restore()
		}
		if got.status >= 500 {
			w.t.Errorf("%s: %d", got.asked, got.status)
		}
		return got.without(id)
	}
	never := ask(uuid.NewString())
	for _, name := range ids {
		if got := ask(w.ids[name]); got != strings.ReplaceAll(never, w.ids[name], "ID") { // the panel may name it to who knows of it
			w.t.Errorf("%s: %s %s %s answers otherwise to the id of %s than to one that was never issued:\n%.400s\n--\n%.400s", actor, method, path, form, name, got, never)
		}
	}
}

func TestAnIdOfAnotherOrganizationInAPathAnswersLikeOneNeverIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, row := range pageRows(t) {
		for parameter, names := range foreign {
			if !strings.Contains(row.route+"/", parameter+"/") || parameter == ":token" && !strings.Contains(row.route, "/tokens/") {
				continue
			}
			own := row
			own.route = strings.Replace(row.route+"/", parameter+"/", "ID/", 1)
			own.route = strings.TrimSuffix(own.route, "/")
			path, form := own.path(), row.form
			if row.method == http.MethodGet {
				path, form = path+"?"+form, ""
			}
			if strings.Contains(row.route, "/access/resources/") { // a report can be about a module and the organization itself
				names = []string{"beta", "globex workspace", "globex", "research"}
			}
			for _, actor := range []string{"admin", "owner", "group admin"} {
				w.mustAnswerAlike(actor, row.method, path, form, names...)
				if actor != "admin" {
					continue
				}
				for _, malformed := range []string{"1", "not-an-id", "00000000-0000-0000-0000-00000000000G", "%27%3B--"} {
					got := w.ask(actor, row.method, strings.ReplaceAll(path, "ID", malformed), form)
					if got.status != http.StatusNotFound && got.status != http.StatusForbidden {
						t.Errorf("%s: %d", got.asked, got.status)
					}
				}
			}
		}
	}
	w.mustBeAsBefore(before, "asking with ids of others")
}

func TestTheNameOfAnotherOrganizationAnswersLikeOneThatNobodyHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, row := range pageRows(t) {
		if !strings.Contains(row.route, ":org") {
			continue
		}
		for _, actor := range []string{"admin", "member", "deactivated", "anonymous"} {
			elsewhere := row
			elsewhere.route = strings.Replace(row.route, ":org", "globex", 1)
			there := elsewhere.send(w, actor, fixedID)
			elsewhere.route = strings.Replace(row.route, ":org", "nowhere", 1)
			if nowhere := elsewhere.send(w, actor, fixedID); there.without("globex") != nowhere.without("nowhere") {
				t.Errorf("%s answers otherwise than %s: %d, %d", there.asked, nowhere.asked, there.status, nowhere.status)
			}
		}
	}
	w.mustBeAsBefore(before, "asking in another organization")
}

func TestAnIdOfAnotherOrganizationInAFormOrQueryAnswersLikeOneNeverIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cursor := func(id string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(`{"n":"","i":"` + id + `","s":0}`))
	}
	for _, one := range []struct {
		actor, method, path, form string
		ids                       []string
	}{
		{"group admin", "POST", "/orgs/acme/groups/{research}/members", "role=member&who=user:ID", []string{"outsider", "gil"}},
		{"group admin", "POST", "/orgs/acme/groups/{research}/members", "role=member&who=group:ID", []string{"gamma", "tara", "gil"}},
		{"admin", "POST", "/orgs/acme/groups/{research}/members", "role=admin&who=user:ID", []string{"outsider", "gil", "inner"}},
		{"admin", "POST", "/orgs/acme/groups/{research}/members", "role=admin&who=organization:ID", []string{"globex", "acme"}},
		{"owner", "POST", "/orgs/acme/resources/{alpha}/grants", "role=viewer&version={version}&who=user:ID", []string{"outsider", "gil", "research"}},
		{"owner", "POST", "/orgs/acme/resources/{alpha}/grants", "role=viewer&version={version}&who=group:ID", []string{"gamma", "plain", "outsider"}},
		{"owner", "POST", "/orgs/acme/resources", "kind=package&name=Stray&parent=ID", []string{"beta", "globex workspace", "globex"}},
		{"admin", "POST", "/orgs/acme/resources", "kind=project&name=Stray&parent=ID", []string{"beta", "globex workspace", "globex"}},
		{"owner", "GET", "/orgs/acme/resources/new?kind=package&parent=ID", "", []string{"beta", "globex workspace", "globex"}},
		{"admin", "GET", "/orgs/acme/resources/new?kind=project&parent=ID", "", []string{"beta", "globex workspace", "globex"}},
		{"admin", "POST", "/orgs/acme/invitations", "to=nina@invited.test&role=member&who=group:ID", []string{"gamma", "globex"}},
		{"owner", "GET", "/orgs/acme/resources/{alpha}/why?user=ID", "", []string{"outsider", "gil", "gamma"}},
		{"admin", "GET", "/orgs/acme/resources/{alpha}/why?user=ID", "", []string{"outsider", "gil", "gamma"}},
	} {
		w.mustAnswerAlike(one.actor, one.method, one.path, one.form, one.ids...)
	}
	for _, list := range []string{"/orgs/acme", "/orgs/acme/my-access", "/orgs/acme/members", "/orgs/acme/groups",
		"/orgs/acme/groups/{research}", "/orgs/acme/groups/{research}?tab=everyone"} {
		ask := func(id string) string {
			after := "?after="
			if strings.Contains(list, "?") {
				after = "&after="
			}
			return w.get("admin", list+after+cursor(id), fixedID).must(http.StatusOK).without(cursor(id))
		}
		never := ask(uuid.NewString())
		for _, name := range []string{"outsider", "gamma", "beta", "globex"} {
			if ask(w.ids[name]) != never {
				t.Errorf("%s goes on otherwise from a cursor at %s", list, name)
			}
		}
	}
}

func TestAnAddressOfAnotherOrganizationAnswersLikeAnUnknownOneWhereOnlyMembersCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, one := range []struct{ actor, path, form string }{
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=EMAIL&confirm=EMAIL&version={version}"},
		{"admin", "/orgs/acme/members/{moda}/removal", "heir=EMAIL"},
		{"group admin", "/orgs/acme/groups/{research}/members", "role=member&who=email:EMAIL"},
		{"group admin", "/orgs/acme/groups/{research}/members", "role=member&add=EMAIL"},
	} {
		ask := func(email string) string {
			got := w.post(one.actor, one.path, strings.ReplaceAll(one.form, "EMAIL", email), fixedID)
			if got.status >= 500 {
				t.Errorf("%s with %s: %d", got.asked, email, got.status)
			}
			return got.without(email)
		}
		if known, unknown := ask("gil@globex.test"), ask("hal@globex.test"); known != unknown {
			t.Errorf("POST %s tells who has an account elsewhere:\n%.300s\n--\n%.300s", one.path, known, unknown)
		}
	}
	w.mustBeAsBefore(before, "naming people of others")
}

func TestASearchFindsNothingOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/orgs/acme?", "/orgs/acme/search?", "/orgs/acme/members?", "/orgs/acme/groups?", "/orgs/acme/audit?", "/orgs/acme/my-access?",
		"/orgs/acme/groups/{research}/candidates?"} {
		for _, word := range []string{"gil", "gamma", "beta", "somebody"} {
			got := w.get("admin", path+"search="+word).must(http.StatusOK)
			for _, name := range []string{"gil", "gamma", "beta", "globex invitation"} {
				got.saysNothingOf(w.ids[name])
			}
		}
	}
	w.get("owner", "/orgs/acme/resources/{alpha}/candidates?search=gil").must(http.StatusOK).saysNothingOf(w.ids["gil"])
}
