// Package scim lets an organization's identity provider keep its members and groups in step: SCIM 2.0 (RFC 7643, RFC 7644),
// as Entra ID and Okta speak it, under a token with the scope scim. It knows no sessions; a token acts as whoever made it, in
// one organization. Handlers return errors, which package web turns into answers with AnswerError.
package scim

import (
	"context"
	"net/http"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
)

// Path is the base URL that a provider is given. The token tells which organization is meant.
const Path = "/scim/v2"

// Owns tells whether a path is the provider's: even what is no route there is answered as SCIM, and nothing there asks for a
// session.
func Owns(path string) bool { return path == Path || strings.HasPrefix(path, Path+"/") }

// An API answers the requests of identity providers.
type API struct {
	store *db.Store
	link  func(path string) string // the full URL of a path
}

// New makes the API on a store.
func New(store *db.Store, link func(path string) string) *API { return &API{store: store, link: link} }

// A Handler answers one call. It returns errors.
type Handler func(*Call) (Answer, error)

// Read answers requests that change nothing.
func (a *API) Read(handle Handler) func(http.ResponseWriter, *http.Request) error {
	return a.answer(func(_ context.Context, call *Call) (Answer, error) { return handle(call) })
}

// Change answers requests that change something: all of it in one transaction, or nothing. What they read stands still
// from the first look to the last, so an If-Match holds.
func (a *API) Change(handle Handler) func(http.ResponseWriter, *http.Request) error {
	return a.answer(func(ctx context.Context, call *Call) (made Answer, err error) {
		if err := call.readBody(); err != nil { // before anything waits for it
			return made, err
		}
		err = a.store.Together(ctx, call.Org.ID, func(inside *db.Store) error {
			call.store = inside
			made, err = handle(call)
			return err
		})
		return made, err
	})
}

func (a *API) answer(carryOut func(context.Context, *Call) (Answer, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		call, err := a.admit(w, r)
		if err != nil {
			return err
		}
		made, err := carryOut(r.Context(), call)
		if err != nil {
			return &refused{call.Org.ID, err}
		}
		return send(w, r, made)
	}
}

func (a *API) admit(w http.ResponseWriter, r *http.Request) (*Call, error) {
	admitted, err := bearer.Admit(w, r, a.store, access.SCIMScope, "scim")
	return &Call{Admitted: admitted, store: a.store, link: a.link, request: r}, err
}
