// Package bearer lets services in: with an API token in the header Authorization (RFC 6750), and no session.
package bearer

import (
	"errors"
	"fmt"
	"net"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
)

// An Admitted is a service whose token works, and as whom it acts.
type Admitted struct {
	db.Service
	Secret string // the token itself
	By     db.By
}

// Admit finds out who asks: every request reads the token and its maker anew. The token needs the scope; via is how the
// caller reaches the organization, for its audit log.
func Admit(w http.ResponseWriter, r *http.Request, store *db.Store, scope access.Scope, via string) (Admitted, error) {
	secret, err := Token(w, r)
	if err != nil {
		return Admitted{}, err
	}
	service, err := store.FindService(r.Context(), secret, scope)
	if errors.Is(err, access.ErrDenied) {
		NeedScope(w.Header(), scope)
	}
	if err != nil {
		return Admitted{}, err
	}
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	return Admitted{Service: service, Secret: secret,
		By: db.By{User: service.Actor.ID, Via: via, Address: address, RequestID: w.Header().Get("X-Request-Id")}}, nil
}

// Token reads a request's token. Whoever sent none is asked for one without an error, which is for tokens that do not work.
func Token(w http.ResponseWriter, r *http.Request) (string, error) {
	sent := r.Header.Get("Authorization")
	if sent == "" {
		challenge(w.Header(), "")
	}
	return db.TokenFrom(sent)
}

// NeedScope says that the token lacks a scope.
func NeedScope(header http.Header, scope access.Scope) {
	challenge(header, fmt.Sprintf(`, error="insufficient_scope", scope="%s"`, scope))
}

// Explain says of an answer with 401, in its header, that the token does not work, where nothing else was said before.
func Explain(header http.Header, status int) {
	if status == http.StatusUnauthorized && header.Get("WWW-Authenticate") == "" {
		challenge(header, `, error="invalid_token"`)
	}
}

func challenge(header http.Header, why string) {
	header.Set("WWW-Authenticate", `Bearer realm="Gatehouse"`+why)
}
