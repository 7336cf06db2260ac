package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// routeTable is what every route answers to every actor. "in" sends to the sign-in page. The last column is the form that is
// posted, or the query; names in braces stand for ids. Alpha is a Restricted project of owner, shared to the group
// Research, whose admin is group admin; member is in no group; deactivated owns nothing any more.
//
//	route                                                    anonymous outsider member groupadmin auditor owner admin deactivated
const routeTable = `
	GET  /livez                                                     200   200   200   200   200   200   200   200
	GET  /readyz                                                    200   200   200   200   200   200   200   200
	GET  /static/*                                                  200   200   200   200   200   200   200   200

	GET  /.well-known/authzen-configuration                         200   200   200   200   200   200   200   200
	POST /access/v1/evaluation                                      401   401   401   401   401   401   401   401
	POST /access/v1/evaluations                                     401   401   401   401   401   401   401   401
	POST /access/v1/search/subject                                  401   401   401   401   401   401   401   401
	POST /access/v1/search/resource                                 401   401   401   401   401   401   401   401
	POST /access/v1/search/action                                   401   401   401   401   401   401   401   401

	GET  /                                                          in    303   303   303   303   303   303   303
	GET  /setup/:token                                              200   200   200   200   200   200   200   200
	POST /setup/:token                                              303   303   303   303   303   303   303   303   organization=First&name=Fay&email=fay@first.test&password=long+enough+1
	GET  /sign-in                                                   200   303   303   303   303   303   303   303
	POST /sign-in                                                   303   303   303   303   303   303   303   303   email=plain@acme.test&password=correct+horse+battery
	GET  /sign-in/second-step                                       in    in    in    in    in    in    in    in
	POST /sign-in/second-step                                       in    in    in    in    in    in    in    in    code=123456
	POST /sign-in/second-step/challenge                             in    in    in    in    in    in    in    in
	POST /sign-in/second-step/passkey                               in    in    in    in    in    in    in    in    credential=x
	POST /sign-in/passkey                                           422   422   422   422   422   422   422   422
	POST /sign-in/passkey/challenge                                 200   200   200   200   200   200   200   200
	POST /sign-out                                                  in    in    in    in    in    in    in    in
	GET  /sso                                                       200   200   200   200   200   200   200   200
	POST /sso                                                       422   422   422   422   422   422   422   422   who=acme
	GET  /sso/:org                                                  404   404   404   404   404   404   404   404
	GET  /sso/:org/start                                            404   404   404   404   404   404   404   404
	GET  /sso/:org/callback                                         404   404   404   404   404   404   404   404
	GET  /links/:token                                              200   200   200   200   200   200   200   200
	POST /links/:token                                              303   303   303   303   303   303   303   303
	GET  /invitations/:token                                        200   200   200   200   200   200   200   200
	POST /invitations/:token                                        303   403   403   403   403   403   403   403   name=Nora&password=long+enough+1
	GET  /forgot                                                    200   200   200   200   200   200   200   200
	POST /forgot                                                    200   200   200   200   200   200   200   200   email=plain@acme.test
	GET  /resets/:token                                             410   410   410   410   410   410   410   410
	POST /resets/:token                                             410   410   410   410   410   410   410   410   password=long+enough+1
	GET  /demo/mail                                                 404   404   404   404   404   404   404   404
	GET  /demo/mail/:mail                                           404   404   404   404   404   404   404   404
	GET  /demo/mail/:mail/html                                      404   404   404   404   404   404   404   404

	GET  /orgs                                                      in    200   200   200   200   200   200   200
	GET  /confirmation                                              in    200   200   200   200   200   200   200
	POST /confirmation                                              in    303   303   303   303   303   303   303   proof=correct+horse+battery
	POST /confirmation/challenge                                    in    409   409   409   409   409   409   409
	GET  /account/password                                          in    200   200   200   200   200   200   200
	POST /account/password                                          in    303   303   303   303   303   303   303   current=correct+horse+battery&password=another+one+like+it
	POST /preferences/theme                                         in    303   303   303   303   303   303   303   theme=dark&back=/orgs

	GET  /account                                                   in    200   200   200   200   200   200   200
	POST /account/profile                                           in    303   303   303   303   303   303   409   name=Another+Name
	POST /account/sessions/removal                                  in    303   303   303   303   303   303   303
	POST /account/sessions/:session/removal                         in    404   404   404   404   404   404   404
	GET  /account/app                                               in    200   200   200   200   200   200   200
	POST /account/app                                               in    303   303   303   303   303   303   303
	GET  /account/app/code.png                                      in    404   404   404   404   404   404   404
	POST /account/app/confirmation                                  in    422   422   422   422   422   422   422   code=123456
	GET  /account/app/removal                                       in    200   200   200   200   200   200   200
	POST /account/app/removal                                       in    404   404   404   404   404   404   404
	GET  /account/passkeys/new                                      in    200   200   200   200   200   200   200
	POST /account/passkeys/challenge                                in    200   200   200   200   200   200   200
	POST /account/passkeys                                          in    422   422   422   422   422   422   422   name=Phone
	GET  /account/passkeys/:passkey/name                            in    404   404   404   404   404   404   404
	POST /account/passkeys/:passkey/name                            in    404   404   404   404   404   404   404   name=Phone
	GET  /account/passkeys/:passkey/removal                         in    404   404   404   404   404   404   404
	POST /account/passkeys/:passkey/removal                         in    404   404   404   404   404   404   404
	GET  /account/recovery-codes                                    in    200   200   200   200   200   200   200
	POST /account/recovery-codes                                    in    409   409   409   409   409   409   409

	GET  /orgs/:org                                                 in    404   200   200   200   200   200   404
	GET  /orgs/:org/search                                          in    404   200   200   200   200   200   404   search=a
	GET  /orgs/:org/my-access                                       in    404   200   200   200   200   200   404
	GET  /orgs/:org/audit                                           in    404   404   404   200   404   200   404
	GET  /orgs/:org/settings                                        in    404   404   404   404   404   200   404
	POST /orgs/:org/settings                                        in    404   404   404   404   404   303   404   name=New+Acme

	GET  /orgs/:org/settings/mail                                   in    404   404   404   404   404   200   404
	GET  /orgs/:org/settings/provisioning                           in    404   404   404   404   404   200   404
	POST /orgs/:org/settings/mail                                   in    404   404   404   404   404   409   404
	GET  /orgs/:org/settings/single-sign-on                         in    404   404   404   404   404   200   404
	POST /orgs/:org/settings/single-sign-on                         in    404   404   404   404   404   303   404   issuer=https://login.acme.test&client_id=gatehouse&client_secret=secret&use=on&version=0
	POST /orgs/:org/settings/single-sign-on/test                    in    404   404   404   404   404   404   404
	GET  /orgs/:org/settings/policy                                 in    404   404   404   404   404   200   404
	GET  /orgs/:org/settings/sign-in                                in    404   404   404   404   404   200   404
	POST /orgs/:org/settings/sign-in                                in    404   404   404   404   404   303   404   idle_hours=2&absolute_hours=24&second_factor=no
	POST /orgs/:org/settings/policy                                 in    404   404   404   404   404   303   404   widest_mode=anonymous&default_mode=organization&default_role=viewer&external_sharing=yes&admin_reach=discover

	GET  /orgs/:org/access                                          in    404   404   404   200   404   200   404
	GET  /orgs/:org/access/open/export                              in    404   404   404   200   404   200   404   format=json
	GET  /orgs/:org/access/resources/:resource                      in    404   404   404   200   404   200   404   right=edit
	GET  /orgs/:org/access/resources/:resource/export               in    404   404   404   200   404   200   404   format=csv
	GET  /orgs/:org/access/people/:user                             in    404   404   404   200   404   200   404
	GET  /orgs/:org/access/people/:user/export                      in    404   404   404   200   404   200   404   format=json

	GET  /orgs/:org/tokens                                          in    404   404   404   404   404   200   404
	GET  /orgs/:org/tokens/new                                      in    404   404   404   404   404   200   404
	POST /orgs/:org/tokens                                          in    404   404   404   404   404   200   404   name=Loader&scope=decide
	GET  /orgs/:org/tokens/:token/revocation                        in    404   404   404   404   404   200   404
	POST /orgs/:org/tokens/:token/revocation                        in    404   404   404   404   404   303   404

	GET  /orgs/:org/members                                         in    404   404   404   200   404   200   404
	GET  /orgs/:org/members/selection                               in    404   303   303   303   303   303   404
	POST /orgs/:org/members/selection                               in    404   404   404   403   404   200   404   act=role&role=modeler&who={tara}&who={plain}
	POST /orgs/:org/members/selection/changes                       in    404   404   404   403   404   409   404   act=role&role=modeler&who={tara}&who={plain}
	GET  /orgs/:org/members/:user                                   in    404   200   200   200   200   200   404
	GET  /orgs/:org/members/:user/role                              in    404   403   403   403   403   200   404
	POST /orgs/:org/members/:user/role                              in    404   403   403   403   403   303   404   role=modeler&confirm=modeler
	GET  /orgs/:org/members/:user/deactivation                      in    404   403   403   403   403   200   404
	POST /orgs/:org/members/:user/deactivation                      in    404   403   403   403   403   303   404
	POST /orgs/:org/members/:user/reactivation                      in    404   403   403   403   403   303   404
	GET  /orgs/:org/members/:user/removal                           in    404   403   403   403   403   200   404
	POST /orgs/:org/members/:user/removal                           in    404   403   403   403   403   303   404
	GET  /orgs/:org/members/:user/removal/heirs                     in    404   403   403   403   403   200   404

	POST /orgs/:org/members/:user/identity/removal                  in    404   403   403   403   403   409   404
	POST /orgs/:org/members/:user/sessions/removal                  in    404   403   403   403   403   303   404
	POST /orgs/:org/members/:user/sessions/:session/removal         in    404   403   403   403   403   303   404

	GET  /orgs/:org/invitations/new                                 in    404   404   404   403   404   200   404
	GET  /orgs/:org/invitations/candidates                          in    404   404   404   403   404   200   404   search=r
	GET  /orgs/:org/invitations/file                                in    404   404   404   403   404   200   404
	POST /orgs/:org/invitations/file                                in    404   404   404   403   404   200   404   csv=email%0Anina@invited.test&confirm=yes
	POST /orgs/:org/invitations                                     in    404   404   404   403   404   200   404   to=nina@invited.test&role=member
	POST /orgs/:org/invitations/:invitation/link                    in    404   404   404   403   404   200   404
	POST /orgs/:org/invitations/:invitation/revocation              in    404   404   404   403   404   303   404

	GET  /orgs/:org/groups                                          in    404   404   200   200   404   200   404
	POST /orgs/:org/groups                                          in    404   404   403   403   404   303   404   name=Sales&description=Who+sells
	GET  /orgs/:org/groups/new                                      in    404   404   403   403   404   200   404
	GET  /orgs/:org/groups/:group                                   in    404   200   200   200   200   200   404
	POST /orgs/:org/groups/:group/settings                          in    404   403   303   403   403   303   404   name=Science
	GET  /orgs/:org/groups/:group/deletion                          in    404   403   200   403   403   200   404
	POST /orgs/:org/groups/:group/deletion                          in    404   403   303   403   403   303   404
	GET  /orgs/:org/groups/:group/candidates                        in    404   403   200   403   403   200   404   search=a
	GET  /orgs/:org/groups/:group/members/new                       in    404   403   200   403   403   200   404
	POST /orgs/:org/groups/:group/members                           in    404   403   303   403   403   303   404   who=user:{plain}&role=member
	POST /orgs/:org/groups/:group/members/:user/role                in    404   403   303   403   403   303   404   role=admin
	GET  /orgs/:org/groups/:group/members/:user/removal             in    404   403   200   403   403   200   404
	POST /orgs/:org/groups/:group/members/:user/removal             in    404   403   303   403   403   303   404
	GET  /orgs/:org/groups/:group/groups/:member/removal            in    404   403   200   403   403   200   404
	POST /orgs/:org/groups/:group/groups/:member/removal            in    404   403   303   403   403   303   404

	GET  /orgs/:org/group-roles                                     in    404   404   404   200   404   200   404
	GET  /orgs/:org/modules                                         in    404   404   404   200   404   200   404
	POST /orgs/:org/modules                                         in    404   404   404   403   404   303   404   name=Risk&description=What+could+go+wrong
	GET  /orgs/:org/modules/new                                     in    404   404   404   403   404   200   404

	GET  /orgs/:org/resources/new                                   in    404   403   403   403   200   200   404   kind=project
	GET  /orgs/:org/resources                                       in    404   200   200   200   200   200   404   kind=dataset
	POST /orgs/:org/resources                                       in    404   403   403   403   303   303   404   kind=project&name=Delta

	GET  /orgs/:org/resources/:resource                             in    404   404   200   200   200   200   404
	GET  /orgs/:org/resources/:resource/open                        in    404   404   303   403   303   403   404
	GET  /orgs/:org/resources/:resource/why                         in    404   404   200   200   200   200   404
	GET  /orgs/:org/resources/:resource/settings                    in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/settings                    in    404   404   403   403   303   403   404   name=Omega
	GET  /orgs/:org/resources/:resource/content                     in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/content                     in    404   404   403   403   303   403   404   location=s3://lake/figures
	GET  /orgs/:org/resources/:resource/value                       in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/value                       in    404   404   403   403   303   403   404   value=another
	GET  /orgs/:org/resources/:resource/reveal                      in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/reveal                      in    404   404   403   403   200   403   404
	GET  /orgs/:org/resources/:resource/file                        in    404   404   200   403   200   403   404
	GET  /orgs/:org/resources/:resource/artifacts/new               in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/artifacts                   in    404   404   403   403   303   403   404   name=Rates&file=a,b
	GET  /orgs/:org/resources/:resource/file/new                    in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/file                        in    404   404   403   403   303   403   404   file=c,d
	GET  /orgs/:org/resources/:resource/deletion                    in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/deletion                    in    404   404   403   403   303   403   404   confirm=Alpha
	GET  /orgs/:org/resources/:resource/parent                      in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/parent                      in    404   404   403   403   303   403   404   parent={workspace}&version=1&confirm={workspace}
	GET  /orgs/:org/resources/:resource/owner                       in    404   404   403   403   200   200   404
	POST /orgs/:org/resources/:resource/owner                       in    404   404   403   403   303   303   404   owner=tara@acme.test&confirm=tara@acme.test&version={version}

	POST /orgs/:org/resources/:resource/templates                   in    404   404   403   403   303   403   404   name=Reader&rights=view&confirm=discover+view
	GET  /orgs/:org/resources/:resource/templates/new               in    404   404   403   403   200   403   404
	GET  /orgs/:org/resources/:resource/templates/:template         in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/templates/:template         in    404   404   403   403   303   403   404   name=Reader&rights=view&confirm=discover+view
	GET  /orgs/:org/resources/:resource/templates/:template/deletion in   404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/templates/:template/deletion in   404   404   403   403   303   403   404

	GET  /orgs/:org/resources/:resource/request                     in    404   200   200   200   403   200   404
	POST /orgs/:org/resources/:resource/request                     in    404   303   303   303   403   303   404   role=editor&days=7&message=Please
	GET  /orgs/:org/requests                                        in    404   200   200   200   200   200   404
	GET  /orgs/:org/requests/:request                               in    404   404   404   404   200   404   404
	POST /orgs/:org/requests/:request/approval                      in    404   404   404   404   303   404   404   role=viewer&version=1
	POST /orgs/:org/requests/:request/denial                        in    404   404   404   404   303   404   404   reason=Not+now&version=1
	POST /orgs/:org/requests/:request/withdrawal                    in    404   303   404   404   404   404   404

	GET  /orgs/:org/resources/:resource/share                       in    404   404   200   200   200   200   404
	GET  /orgs/:org/resources/:resource/candidates                  in    404   404   403   403   200   403   404   search=a
	POST /orgs/:org/resources/:resource/grants                      in    404   404   403   403   303   403   404   who=user:{plain}&role=viewer&version={version}
	POST /orgs/:org/resources/:resource/grants/:grant/role          in    404   404   403   403   303   403   404   role=viewer&version={version}
	GET  /orgs/:org/resources/:resource/grants/:grant/removal       in    404   404   403   403   200   403   404
	POST /orgs/:org/resources/:resource/grants/:grant/removal       in    404   404   403   403   303   403   404   version={version}
	GET  /orgs/:org/resources/:resource/access-mode                 in    404   404   403   403   200   403   404   mode=organization&role=viewer
	POST /orgs/:org/resources/:resource/access-mode                 in    404   404   403   403   303   403   404   access_mode=organization&org_role=viewer&version={version}
`

// A row is one line of the table.
type row struct {
	method, route string
	statuses      []string // one for each actor
	form          string   // of a POST, or the query of a GET
}

func rows(t testing.TB) []row {
	t.Helper()
	var list []row
	for line := range strings.Lines(routeTable) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2+len(actors) || len(fields) > 3+len(actors) {
			t.Fatalf("this row has %d columns: %s", len(fields), line)
		}
		r := row{method: fields[0], route: fields[1], statuses: fields[2 : 2+len(actors)]}
		r.form = strings.Join(fields[2+len(actors):], "")
		list = append(list, r)
	}
	return list
}

// pageRows are the rows of pages: what services ask needs a token of theirs, and no session opens it (package api).
func pageRows(t testing.TB) []row {
	t.Helper()
	var list []row
	for _, row := range rows(t) {
		if !strings.HasPrefix(row.route, "/access/") && !strings.HasPrefix(row.route, "/.well-known/") {
			list = append(list, row)
		}
	}
	return list
}

// path is the row's route with the world's ids in the place of its parameters.
func (r row) path() string {
	path := strings.NewReplacer(":org", "acme", ":user", "{tara}", ":invitation", "{invitation}", ":group", "{research}",
		":member", "{inner}", ":resource", "{alpha}", ":grant", "{grant}", ":session", "{tara's session}", ":passkey", "{tara's passkey}", ":template", "{template}", ":request", "{request}", "*", "vendor/htmx.min.js").Replace(r.route)
	if strings.HasSuffix(r.route, "/reactivation") {
		path = strings.Replace(path, "{tara}", "{dan}", 1)
	}
	for part, name := range map[string]string{"/open": "{dashboard}", "/content": "{figures}", "/value": "{password}", "/reveal": "{password}",
		"/parent": "{pack}", "/artifacts": "{bucket}", "/artifacts/new": "{bucket}", "/file": "{artifact}", "/file/new": "{artifact}"} {
		if strings.HasSuffix(r.route, "/:resource"+part) {
			path = strings.Replace(path, "{alpha}", name, 1)
		}
	}
	path = strings.Replace(path, "/tokens/:token", "/tokens/{api token}", 1)
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.route, "/"), "/")
	token := map[string]string{"setup": "{setup token}", "links": "{link token}", "invitations": "{invitation token}", "resets": "{invitation token}"}[kind]
	return strings.Replace(path, ":token", token, 1)
}

// send asks what the row says, as an actor.
func (r row) send(w *world, actor string, options ...option) *answer {
	w.t.Helper()
	if r.method == http.MethodGet && r.form != "" {
		return w.get(actor, r.path()+"?"+r.form, options...)
	}
	return w.ask(actor, r.method, r.path(), r.form, options...)
}

// allowed names an actor for whom the row does what it is for; empty where there is none but anonymous.
func (r row) allowed() string {
	for i, actor := range actors {
		if actor != "anonymous" && (r.statuses[i] == "200" || r.statuses[i] == "303") {
			return actor
		}
	}
	return "anonymous"
}

// cell is an answer as the table writes it.
func (a *answer) cell() string {
	if a.status == http.StatusSeeOther && strings.HasPrefix(a.location(), "/sign-in") {
		return "in"
	}
	return strconv.Itoa(a.status)
}

// registered are the method and path of every route, without what echo adds to groups by itself. What is below /api and
// /scim has a table of its own (rest_table_test.go, scim_table_test.go).
func registered(w *world) []string {
	var routes []string
	for _, route := range w.server.echo.Routes() {
		if !strings.HasPrefix(route.Method, "echo_") && !strings.HasPrefix(route.Path, "/api/") && !strings.HasPrefix(route.Path, "/scim/") {
			routes = append(routes, route.Method+" "+route.Path)
		}
	}
	return routes
}

func TestEveryRouteStandsInTheTableAndEveryRowHasItsRoute(t *testing.T) {
	t.Parallel()
	routes := registered(newWorld(t))
	seen := map[string]bool{}
	for _, row := range rows(t) {
		name := row.method + " " + row.route
		if seen[name] {
			t.Errorf("%s stands twice in the table", name)
		}
		seen[name] = true
		if !slices.Contains(routes, name) {
			t.Errorf("%s stands in the table and is no route", name)
		}
	}
	for _, route := range routes {
		if !seen[route] {
			t.Errorf("%s is missing in the table", route)
		}
	}
}

func TestEveryRouteAnswersEveryActorAsTheTableSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cells := 0
	for _, row := range rows(t) {
		for i, actor := range actors {
			before := w.written()
			got := row.send(w, actor)
			if got.cell() != row.statuses[i] {
				t.Errorf("%s %s as %s: %s, not %s\n%.300s", row.method, row.route, actor, got.cell(), row.statuses[i], got.text())
			}
			if row.method != http.MethodGet && w.written() != before {
				w.restore()
			}
			cells++
		}
	}
	t.Logf("%d cells", cells)
}

// written tells apart what a world was before and after a change that later requests could notice.
func (w *world) written() int {
	return w.count(`SELECT (SELECT count(*) FROM audit_events) * 1000 + (SELECT COALESCE(sum(hashtext(id::text || token_hash::text)), 0) FROM sessions)
		+ (SELECT count(*) FROM sign_in_links WHERE used_at IS NOT NULL) * 100
		+ (SELECT count(*) FROM totp_factors) * 10 + (SELECT COALESCE(sum(hashtext(p::text)), 0) FROM passkeys p)`)
}

func TestAMethodThatARouteDoesNotHaveIsRefusedToEveryActor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	methods := map[string]map[string]bool{}
	paths := map[string]string{}
	for _, row := range rows(t) {
		if methods[row.route] == nil {
			methods[row.route] = map[string]bool{}
		}
		methods[row.route][row.method], paths[row.route] = true, row.path()
	}
	before := w.checksums()
	for route, has := range methods {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} {
			if has[method] {
				continue
			}
			for _, actor := range actors {
				got := w.ask(actor, method, paths[route], "")
				refused := got.status == http.StatusMethodNotAllowed || got.status == http.StatusNotFound || got.status == http.StatusForbidden
				if !refused && got.cell() != "in" && got.status != http.StatusUnauthorized && !(method == "HEAD" && has["GET"]) {
					t.Errorf("%s %s as %s: %d", method, route, actor, got.status)
				}
			}
		}
	}
	w.mustBeAsBefore(before, "a method that no route has")
}
