package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// restTable is what every route of the management API answers to the token of each maker who is let in, and what is sent.
// Alpha is a Restricted project of owner. What lets nobody in is asked of every route below.
//
//	outsider admin owner operator
const restTable = `
	GET    /organization                                             200   200   200   200
	GET    /policy                                                   200   200   200   200
	PUT    /policy                                                   200   200   200   200   {"default_mode":"restricted","default_role":"viewer","widest_mode":"anonymous","external_sharing":true,"admin_reach":"discover"}
	GET    /members                                                  200   200   200   200
	GET    /members/{tara}                                           404   200   200   200
	PATCH  /members/{tara}                                           404   200   200   200   {"role":"modeler"}
	DELETE /members/{tara}                                           404   204   204   204
	POST   /members/{tara}/removal                                   404   204   204   204   {"heir":"plain@acme.test","heirs":[],"end_sessions":true}
	GET    /invitations                                              200   200   200   200
	POST   /invitations                                              201   201   201   201   {"email":"nina@invited.test","role":"member"}
	POST   /invitations/{invitation}/link                            404   200   200   200
	DELETE /invitations/{invitation}                                 404   204   204   204
	GET    /groups                                                   200   200   200   200
	POST   /groups                                                   201   201   201   201   {"name":"Sales","description":"Who sell"}
	GET    /groups/{research}                                        404   200   200   200
	PATCH  /groups/{research}                                        404   200   200   200   {"name":"Science"}
	DELETE /groups/{research}                                        404   204   204   204
	GET    /groups/{research}/members                                404   200   200   200
	POST   /groups/{research}/members                                404   201   201   201   {"user":"plain@acme.test","role":"member"}
	GET    /groups/{research}/members/{tara}                         404   200   200   200
	PATCH  /groups/{research}/members/{tara}                         404   200   200   200   {"role":"admin"}
	DELETE /groups/{research}/members/{tara}                         404   204   204   204
	GET    /groups/{research}/everyone                               404   200   200   200
	GET    /modules                                                  200   200   200   200
	GET    /resources                                                200   200   200   200
	POST   /resources                                                404   201   201   403   {"kind":"project","parent":"{workspace}","name":"Delta"}
	GET    /resources/{alpha}                                        404   200   200   200
	PATCH  /resources/{alpha}                                        404   403   200   200   {"name":"Omega"}
	DELETE /resources/{alpha}                                        404   403   204   204
	GET    /resources/{alpha}/grants                                 404   200   200   200
	POST   /resources/{alpha}/grants                                 404   403   201   201   {"user":"plain@acme.test","role":"viewer"}
	PATCH  /resources/{alpha}/grants/{grant}                         404   403   200   200   {"role":"viewer","expires_at":"2099-01-01T00:00:00Z"}
	DELETE /resources/{alpha}/grants/{grant}                         404   403   204   204
	GET    /resources/{alpha}/access-mode                            404   200   200   200
	PUT    /resources/{alpha}/access-mode                            404   403   200   200   {"access_mode":"organization","org_role":"viewer"}
	GET    /resources/{alpha}/owner                                  404   200   200   200
	PUT    /resources/{alpha}/owner                                  404   200   200   200   {"email":"tara@acme.test"}
	GET    /resources/{alpha}/parent                                 404   200   200   200
	PUT    /resources/{alpha}/parent                                 404   403   200   200   {"parent":"{yard}"}
	GET    /resources/{alpha}/templates                              404   403   200   200
	POST   /resources/{alpha}/templates                              404   403   201   201   {"name":"Reader","rights":["view","query"]}
	GET    /resources/{alpha}/templates/{template}                   404   403   200   200
	PATCH  /resources/{alpha}/templates/{template}                   404   403   200   200   {"name":"Reader","rights":["view","edit"]}
	DELETE /resources/{alpha}/templates/{template}                   404   403   204   204
	POST   /resources/{alpha}/requests                               404   201   403   403   {"role":"viewer","days":7}
	GET    /requests                                                 200   200   200   200
	GET    /requests/{request}                                       404   404   200   200
	DELETE /requests/{request}                                       404   404   404   404
	POST   /requests/{request}/approval                              404   404   200   200   {"role":"editor"}
	POST   /requests/{request}/denial                                404   404   200   200   {"reason":"Not now"}
	GET    /tokens                                                   200   200   200   200
	POST   /tokens                                                   201   201   201   201   {"name":"Second","scopes":["decide"]}
	GET    /tokens/{api_token}                                       404   200   200   200
	DELETE /tokens/{api_token}                                       404   204   204   204
	GET    /audit-events                                             200   200   200   200
`

var restActors = []string{"outsider", "admin", "owner", "operator"}

func restRows(t testing.TB) []serviceRow {
	t.Helper()
	return serviceRows(t, restTable, restActors)
}

// guarded tells whether the row changes an access list, for which If-Match is needed.
func (r serviceRow) guarded() bool {
	return unsafeMethods[r.method] && regexp.MustCompile(`/(grants|access-mode|owner|parent)`).MatchString(r.path)
}

// send asks what the row says, with a token.
func (r serviceRow) send(w *world, token string, options ...option) *answer {
	w.t.Helper()
	if r.guarded() {
		options = append([]option{ifMatch(w.ids["version"])}, options...)
	}
	return w.rest(token, r.method, r.path, r.body, options...)
}

// parameters of routes and what stands for them in the table.
var inPath = strings.NewReplacer("{tara}", ":x", "{invitation}", ":x", "{research}", ":x", "{alpha}", ":x", "{grant}", ":x", "{request}", ":x", "{template}", ":x", "{api token}", ":x")

func TestEveryManagementRouteStandsInItsTable(t *testing.T) {
	t.Parallel()
	var routes, table []string
	for _, route := range newWorld(t).routesBelow("/api/") {
		if route != "GET /api/openapi.json" {
			routes = append(routes, regexp.MustCompile(`:\w+`).ReplaceAllString(route, ":x"))
		}
	}
	for _, row := range restRows(t) {
		table = append(table, row.method+" /api/v1"+inPath.Replace(row.path))
	}
	mustBeTheSameRoutes(t, routes, table)
}

func TestEveryManagementRouteAnswersEveryTokenAsTheTableSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	document := readDocument(w)
	for _, row := range restRows(t) {
		for i, actor := range restActors {
			before := w.written()
			got := row.send(w, tokens[actor])
			document.describes(row, got)
			if row.mustBeAnswered(w, actor, row.statuses[i], got, before) {
				w.restore()
				tokens = w.services()
			}
		}
	}
}

// Deactivated, demoted and removed makers, expired and revoked tokens, tokens for something else, and whatever a browser has.
func TestNoManagementRouteLetsInWhoHasNoTokenThatWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	before := w.checksums()
	for _, row := range restRows(t) {
		for maker, status := range makers {
			if status == 0 {
				continue
			}
			got := row.send(w, tokens[maker])
			got.isProblem(status)
			if got.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s says not how to come in", got.asked)
			}
		}
		row.send(w, "", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "gatehouse", Value: w.tokens["admin"]}) }).isProblem(401)
		row.send(w, "", header("Authorization", "Basic YWRtaW46YWRtaW4=")).isProblem(401)
		row.send(w, "gh_nothing").isProblem(401)
	}
	w.mustBeAsBefore(before, "asking without a token that works")
}
