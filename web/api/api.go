// Package api is what services ask: decisions, in the shape of the OpenID AuthZEN Authorization API 1.0. It knows no
// sessions; a token says for which organization somebody asks. Handlers return errors, which package web turns into
// answers with AnswerError.
package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/message"
)

// A decider answers questions under a token. Between it and the handlers is the place where evaluations that wait at the
// same time may share one statement, if that starts after they arrived.
type decider interface {
	Decide(ctx context.Context, token string, asked db.Asked) (db.Caller, db.Decision, error)
	DecideEach(ctx context.Context, token string, asked []db.Asked) (db.Caller, []db.Decision, error)
}

// A finder lists and explains what a decider decides.
type finder interface {
	ExplainDecisions(ctx context.Context, org access.ID, asked []db.Asked, decisions []db.Decision) ([]db.Decision, [][]access.Path, error)
	SearchUsers(ctx context.Context, org, resource access.ID, right access.Rights, after string, limit int) ([]db.Hit, string, error)
	SearchGroups(ctx context.Context, org, resource access.ID, right access.Rights, after string, limit int) ([]db.Hit, string, error)
	SearchResources(ctx context.Context, org, subject access.ID, kind access.Kind, right access.Rights, after string, limit int) ([]db.Hit, string, error)
}

// An API answers the requests of services.
type API struct {
	decider       decider
	finder        finder
	configuration []byte
}

// New makes the API on a store. Base is the URL under which the server is reached.
func New(store *db.Store, base *url.URL) *API {
	return &API{decider: store, finder: store, configuration: configuration(strings.TrimSuffix(base.String(), "/"))}
}

// Where the API is.
const (
	EvaluationPath     = "/access/v1/evaluation"
	EvaluationsPath    = "/access/v1/evaluations"
	SubjectSearchPath  = "/access/v1/search/subject"
	ResourceSearchPath = "/access/v1/search/resource"
	ActionSearchPath   = "/access/v1/search/action"
	ConfigurationPath  = "/.well-known/authzen-configuration"
)

// Owns tells whether a path is the API's: even what is no route there is answered as JSON, and nothing there asks for a session.
func Owns(path string) bool {
	return strings.HasPrefix(path, "/access/v1/") || path == ConfigurationPath
}

func configuration(base string) []byte {
	document, _ := json.Marshal(map[string]string{ // strings always encode
		"policy_decision_point":       base,
		"access_evaluation_endpoint":  base + EvaluationPath,
		"access_evaluations_endpoint": base + EvaluationsPath,
		"search_subject_endpoint":     base + SubjectSearchPath,
		"search_resource_endpoint":    base + ResourceSearchPath,
		"search_action_endpoint":      base + ActionSearchPath,
	})
	return document
}

// Configuration says where everything is. It needs no token.
func (a *API) Configuration(w http.ResponseWriter, _ *http.Request) error {
	return send(w, a.configuration)
}

// send answers with a JSON document.
func send(w http.ResponseWriter, document []byte) error {
	return message.Write(w, http.StatusOK, "application/json", document)
}

// sendJSON answers with a value that encodes to a JSON document.
func sendJSON(w http.ResponseWriter, value any) error {
	return message.WriteJSON(w, http.StatusOK, "application/json", value)
}
