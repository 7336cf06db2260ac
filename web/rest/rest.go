// Package rest is what the pages do, for services: lists and changes as JSON, under a token with the scope manage. It
// knows no sessions; a token acts as whoever made it, in one organization. Handlers return errors, which package web
// turns into answers with AnswerError.
package rest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
)

// Where the API is, and its OpenAPI document.
const (
	Path         = "/api/v1"
	DocumentPath = "/api/openapi.json"
)

// Owns tells whether a path is the API's: even what is no route there is answered as JSON, and nothing there asks for a session.
func Owns(path string) bool {
	return path == DocumentPath || path == Path || strings.HasPrefix(path, Path+"/")
}

// An API answers the requests of services.
type API struct {
	store *db.Store
	link  func(token string) string // where an invitation is accepted
}

// New makes the API on a store.
func New(store *db.Store, link func(token string) string) *API {
	return &API{store: store, link: link}
}

// A Handler answers one call. It returns errors.
type Handler func(*Call) (Answer, error)

// Read answers requests that change nothing.
func (a *API) Read(handle Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		call, err := a.admit(w, r)
		if err != nil {
			return err
		}
		made, err := call.carryOut(handle)
		if err != nil {
			return err
		}
		return send(w, r, made)
	}
}

// Change answers requests that change something: all of it in one transaction, or nothing. What they read stands still
// from the first look to the last, so an If-Match holds.
func (a *API) Change(handle Handler) func(http.ResponseWriter, *http.Request) error {
	return a.changing(func(call *Call) (Answer, error) { return a.change(call.ctx(), call, handle) })
}

// ChangeOrPreview is Change for requests that with preview=true only ask what they would do. A preview rolls back a
// transaction of its own, which nothing outlives, an answer under an Idempotency-Key neither.
func (a *API) ChangeOrPreview(handle, preview Handler) func(http.ResponseWriter, *http.Request) error {
	return a.changing(func(call *Call) (Answer, error) {
		wanted, err := call.choice("preview", "true", "false")
		switch {
		case err != nil:
			return Answer{}, err
		case wanted == "true":
			return call.carryOut(preview)
		}
		return a.change(call.ctx(), call, handle)
	})
}

func (a *API) changing(answer Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		call, err := a.admit(w, r)
		if err != nil {
			return err
		}
		if err := call.readBody(); err != nil { // before anything waits for it
			return err
		}
		made, err := answer(call)
		if err != nil {
			return err
		}
		return send(w, r, made)
	}
}

func (a *API) change(ctx context.Context, call *Call, handle Handler) (made Answer, err error) {
	steps := func(inside *db.Store) error {
		call.store = inside
		made, err = call.carryOut(handle)
		return err
	}
	key, keyed, err := call.key()
	if err != nil {
		return made, err
	}
	if !keyed {
		return made, a.store.Together(ctx, call.Org.ID, steps)
	}
	stored, again, err := a.store.Once(ctx, call.Org.ID, key, func(inside *db.Store) ([]byte, error) {
		if err := steps(inside); err != nil {
			return nil, err
		}
		return json.Marshal(made)
	})
	if again {
		err = json.Unmarshal(stored, &made)
	}
	return made, err
}

func (a *API) admit(w http.ResponseWriter, r *http.Request) (*Call, error) {
	admitted, err := bearer.Admit(w, r, a.store, access.ManageScope, "api")
	return &Call{Admitted: admitted, store: a.store, link: a.link, request: r}, err
}

// key is the Idempotency-Key of a POST, with what tells its request from others.
func (c *Call) key() (request db.KeyedRequest, keyed bool, err error) {
	sent := c.request.Header.Values("Idempotency-Key")
	if len(sent) == 0 || c.request.Method != http.MethodPost {
		return request, false, nil
	}
	if len(sent) > 1 || len(sent[0]) == 0 || len(sent[0]) > 255 || strings.ContainsFunc(sent[0], func(r rune) bool { return r <= ' ' || r > '~' }) {
		return request, false, malformed("Idempotency-Key", "An Idempotency-Key has 1 to 255 characters, none of them a space.")
	}
	sum := sha256.New()
	for _, part := range []string{c.request.Method, c.request.URL.RequestURI(), string(c.body)} {
		sum.Write([]byte(part + "\x00"))
	}
	return db.KeyedRequest{Token: c.Token.ID, Secret: c.Secret, Key: sent[0], Hash: sum.Sum(nil)}, true, nil
}
