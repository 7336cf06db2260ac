package web

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// An openDocument is the OpenAPI document, read by somebody else's library.
type openDocument struct {
	w      *world
	spec   *openapi3.T
	router routers.Router
}

// readDocument loads the document as the server gives it to anyone, and fails where it is not one.
func readDocument(w *world) openDocument {
	w.t.Helper()
	got := w.get("anonymous", "/api/openapi.json").must(http.StatusOK)
	spec, err := openapi3.NewLoader().LoadFromData([]byte(got.body))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := spec.Validate(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	router, err := legacy.NewRouter(spec)
	if err != nil {
		w.t.Fatal(err)
	}
	return openDocument{w, spec, router}
}

// describes fails where an answer, or a request that was let in, is not what the document says.
func (d openDocument) describes(row serviceRow, got *answer) {
	d.w.t.Helper()
	ctx := d.w.t.Context()
	request, err := http.NewRequestWithContext(ctx, row.method, "http://gatehouse.test/api/v1"+d.w.fillIn(row.path), strings.NewReader(d.w.fillBody(row.body)))
	if err != nil {
		d.w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if row.guarded() {
		request.Header.Set("If-Match", `"1"`)
	}
	route, parameters, err := d.router.FindRoute(request)
	if err != nil {
		d.w.t.Errorf("%s %s is not in the document: %v", row.method, row.path, err)
		return
	}
	asked := &openapi3filter.RequestValidationInput{Request: request, Route: route, PathParams: parameters,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}
	if got.status < 300 {
		if err := openapi3filter.ValidateRequest(ctx, asked); err != nil {
			d.w.t.Errorf("%s was carried out, and the document does not allow it: %v", got.asked, err)
		}
	}
	answered := &openapi3filter.ResponseValidationInput{RequestValidationInput: asked, Status: got.status, Header: got.header,
		Body: io.NopCloser(bytes.NewBufferString(got.body)), Options: asked.Options}
	if err := openapi3filter.ValidateResponse(ctx, answered); err != nil {
		d.w.t.Errorf("%s is not answered as the document says: %v", got.asked, err)
	}
}

func TestTheDocumentNamesEveryManagementRouteAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var routes, operations []string
	for _, route := range w.server.echo.Routes() {
		if strings.HasPrefix(route.Path, "/api/v1") && !strings.HasPrefix(route.Method, "echo_") {
			routes = append(routes, route.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}"))
		}
	}
	names := map[string]bool{}
	for path, item := range readDocument(w).spec.Paths.Map() {
		for method, operation := range item.Operations() {
			operations = append(operations, method+" "+path)
			if names[operation.OperationID] || operation.Summary == "" {
				t.Errorf("%s %s needs a name of its own and a sentence", method, path)
			}
			names[operation.OperationID] = true
		}
	}
	slices.Sort(routes)
	slices.Sort(operations)
	if len(routes) < 30 || !slices.Equal(routes, operations) {
		t.Errorf("routes and document differ:\n%v\n%v", routes, operations)
	}
}

// What the document offers behind a question mark is taken, and nothing else.
func TestTheParametersOfTheDocumentAreThoseThatAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	values := map[string]string{"search": "a", "limit": "7", "after": "", "role": "admin", "status": "active", "sort": "-seen", "kind": "project", "key": "alpha",
		"parent": w.ids["workspace"], "action": "grant", "about": w.ids["tara"], "heir": "", "user": "tara@acme.test", "group": "research", "organization": "", "from": "me"}
	d := readDocument(w)
	for _, row := range restRows(t) {
		if row.method != http.MethodGet {
			continue
		}
		pattern := "/api/v1" + strings.NewReplacer("{tara}", "{member}", "{research}", "{group}", "{alpha}", "{resource}", "{api token}", "{token}").Replace(row.path)
		if row.path == "/members/{tara}" {
			pattern = "/api/v1/members/{user}"
		}
		for _, parameter := range d.spec.Paths.Find(pattern).Get.Parameters {
			if parameter.Value.In != "query" {
				continue
			}
			query := "?" + parameter.Value.Name + "=" + values[parameter.Value.Name]
			if parameter.Value.Name == "key" {
				query += "&kind=project"
			}
			w.rest(token, row.method, row.path+query, "").must(http.StatusOK)
		}
		if said := w.rest(token, row.method, row.path+"?evil=1", "").isProblem(400); said.Field != "evil" {
			t.Errorf("%s: %v", row.path, said)
		}
	}
}
