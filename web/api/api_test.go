package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// A desk is an organization, acme, and a service that asks about it. Alpha is a Restricted project of owner with the
// package core in it; quant, in which bo is, may edit it; ana may view it; open is a project for anyone.
type desk struct {
	t     *testing.T
	d     *dbtest.Database
	acme  *dbtest.Organization
	api   *API
	token string
	ids   map[string]access.ID
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	k := &desk{t: t, d: d, acme: acme, api: New(d.Store, &url.URL{Scheme: "https", Host: "gatehouse.test"}), ids: map[string]access.ID{}}
	for name, role := range map[string]string{"owner": "modeler", "ana": "member", "bo": "member", "eve": "member"} {
		k.ids[name] = acme.Member(name, role)
	}
	k.ids["quant"] = acme.Group("Quant", k.ids["bo"])
	k.ids["alpha"] = acme.Project("Alpha", k.ids["owner"])
	k.ids["core"] = acme.Inside(k.ids["alpha"], access.Package, "Core", k.ids["owner"])
	k.ids["open"] = acme.Project("Open", k.ids["owner"])
	acme.Grant(k.ids["owner"], k.ids["alpha"], access.Ref{Type: "group", ID: k.ids["quant"]}, "editor")
	acme.Grant(k.ids["owner"], k.ids["alpha"], access.Ref{Type: "user", ID: k.ids["ana"]}, "viewer")
	if err := d.ChangeAccessMode(t.Context(), dbtest.By(k.ids["owner"]), acme.ID, k.ids["open"], access.Anonymous, "viewer", 2); err != nil {
		t.Fatal(err)
	}
	k.token = k.tokenOf(dbtest.Operator, "decide")
	return k
}

func (k *desk) tokenOf(by db.By, scopes ...string) string {
	k.t.Helper()
	token, err := k.d.CreateAPIToken(k.t.Context(), by, k.acme.ID, db.NewAPIToken{Name: strings.Join(scopes, " ") + time.Now().String(), Scopes: scopes})
	if err != nil {
		k.t.Fatal(err)
	}
	return token
}

// statusOf is what package web would answer.
func statusOf(err error) int {
	for kind, status := range map[error]int{access.ErrInvalid: 422, access.ErrUnauthenticated: 401, access.ErrDenied: 403, context.DeadlineExceeded: 503} {
		if errors.Is(err, kind) {
			return status
		}
	}
	return 500
}

func (k *desk) handler(path string) func(http.ResponseWriter, *http.Request) error {
	return map[string]func(http.ResponseWriter, *http.Request) error{EvaluationPath: k.api.Evaluate, EvaluationsPath: k.api.EvaluateEach,
		SubjectSearchPath: k.api.SearchSubject, ResourceSearchPath: k.api.SearchResource, ActionSearchPath: k.api.SearchAction}[path]
}

// post sends a body under a token and returns status, headers and body.
func (k *desk) post(token, path, body string, options ...func(*http.Request)) *httptest.ResponseRecorder {
	k.t.Helper()
	r := httptest.NewRequestWithContext(k.t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, change := range options {
		change(r)
	}
	w := httptest.NewRecorder()
	if err := k.handler(path)(w, r); err != nil {
		if err := AnswerError(w, statusOf(err), err); err != nil {
			k.t.Fatal(err)
		}
	}
	return w
}

// ask posts and reads the answer, which must be 200.
func (k *desk) ask(path, body string, into any) {
	k.t.Helper()
	w := k.post(k.token, path, body)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		k.t.Fatalf("%s %s: %d %s", path, body, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		k.t.Fatalf("%s: %v", w.Body, err)
	}
}

// An answered is one evaluation as a client reads it.
type answered struct {
	Decision bool
	Context  struct {
		Rights []string
		Paths  []struct{ Sentence, Source, Role string }
		Error  struct {
			Status  int
			Message string
		}
	}
}

// may asks in short: "user ana@acme.test view project alpha".
func (k *desk) may(words string) bool {
	k.t.Helper()
	var got answered
	k.ask(EvaluationPath, body(words, ""), &got)
	return got.Decision
}

// body is the evaluation of five words, with more members at its end.
func body(words, more string) string {
	w := strings.Split(words, " ")
	text, _ := json.Marshal(map[string]any{"subject": map[string]string{"type": w[0], "id": w[1]}, "action": map[string]string{"name": w[2]},
		"resource": map[string]string{"type": w[3], "id": w[4]}})
	return strings.TrimSuffix(string(text), "}") + more + "}"
}
