package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// scimTable is what every route for identity providers answers to the token of an Admin here, of another organization's Admin and
// of the operator, and what is sent. Crew is a group that the provider keeps.
//
//	admin outsider operator
const scimTable = `
	GET    /ServiceProviderConfig   200 200 200
	GET    /ResourceTypes           200 200 200
	GET    /ResourceTypes/User      200 200 200
	GET    /Schemas                 200 200 200
	GET    /Schemas/urn:ietf:params:scim:schemas:core:2.0:Group   200 200 200
	GET    /Users                   200 200 200
	POST   /Users                   201 201 201   {"userName":"nina@new.test"}
	GET    /Users/{tara}            200 404 200
	PUT    /Users/{tara}            200 404 200   {"userName":"tara@acme.test","displayName":"Tara T."}
	PATCH  /Users/{tara}            200 404 200   {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"title","value":"Dr."}]}
	DELETE /Users/{tara}            204 404 204
	GET    /Groups                  200 200 200
	POST   /Groups                  201 201 201   {"displayName":"Sales"}
	GET    /Groups/{Crew}           200 404 200
	PUT    /Groups/{Crew}           200 404 200   {"displayName":"Ship","members":[]}
	PATCH  /Groups/{Crew}           204 404 204   {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members"}]}
	DELETE /Groups/{Crew}           204 404 204
`

var scimActors = []string{"admin", "outsider", "operator"}

func scimRows(t testing.TB) []serviceRow {
	t.Helper()
	return serviceRows(t, scimTable, scimActors)
}

func TestEveryRouteForProvidersStandsInItsTable(t *testing.T) {
	t.Parallel()
	var table []string
	for _, row := range scimRows(t) {
		path := regexp.MustCompile(`^(/\w+/).+`).ReplaceAllString(row.path, "$1:id")
		table = append(table, row.method+" /scim/v2"+path)
	}
	mustBeTheSameRoutes(t, newWorld(t).routesBelow("/scim/"), table)
}

func TestEveryRouteForProvidersAnswersEveryTokenAsTheTableSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	crewed := func() []*provider {
		p := w.newProvider("admin", "acme")
		p.group("Crew", "tara", "plain")
		return []*provider{p, w.newProvider("outsider", "globex"), w.newProvider("", "acme")}
	}
	providers := crewed()
	for _, row := range scimRows(t) {
		for i, actor := range scimActors {
			before := w.written()
			got := providers[i].sends(row.method, row.path, row.body)
			if row.mustBeAnswered(w, actor, row.statuses[i], got, before) {
				w.restore()
				providers = crewed()
			}
		}
	}
}

// Revoked and expired tokens, tokens for something else, makers who may no longer, and whatever a browser has.
func TestNoRouteForProvidersLetsInWhoHasNoTokenThatWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := map[string]int{"": 401, "gh_nothing": 401}
	by := db.By{User: access.ID(w.ids["admin"]), Via: "page", Recent: true}
	for _, scope := range []string{"decide", "manage"} {
		token, err := w.store.CreateAPIToken(t.Context(), by, access.ID(w.ids["acme"]), db.NewAPIToken{Name: "Only " + scope, Scopes: []string{scope}})
		if err != nil {
			t.Fatal(err)
		}
		tokens[token] = 403
	}
	if err := w.store.ChangeMemberRole(t.Context(), by, access.ID(w.ids["acme"]), access.ID(w.ids["moda"]), "admin"); err != nil {
		t.Fatal(err)
	}
	for maker, end := range map[string]string{"second": `DELETE FROM api_tokens WHERE name = 'Directory of second'`,
		"moda": `UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE name = 'Directory of moda'`} {
		p := w.newProvider(maker, "acme")
		w.exec(end)
		tokens[p.token] = 401
	}
	demoted := w.newProvider("second", "acme")
	if err := w.store.ChangeMemberRole(t.Context(), by, access.ID(w.ids["acme"]), access.ID(w.ids["second"]), "auditor"); err != nil {
		t.Fatal(err)
	}
	tokens[demoted.token] = 401
	before := w.checksums()
	for _, row := range scimRows(t) {
		row.path = strings.ReplaceAll(row.path, "{Crew}", w.ids["research"])
		for token, status := range tokens {
			got := (&provider{w, token}).sends(row.method, row.path, row.body)
			got.refuses(status, "")
			if got.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s says not how to come in", got.asked)
			}
		}
		p := &provider{w, ""}
		p.sends(row.method, row.path, row.body, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "gatehouse", Value: w.tokens["admin"]}) }).refuses(401, "")
	}
	w.mustBeAsBefore(before, "asking without a token that works")
}
