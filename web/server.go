// Package web answers requests: pages for people, and what they post. It binds what was sent, asks the Store, chooses
// the view, and turns errors into answers in one place (errors.go).
package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/alexedwards/argon2id"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"gatehouse/db"
	"gatehouse/views"
	"gatehouse/web/api"
	"gatehouse/web/metrics"
	"gatehouse/web/oidc"
	"gatehouse/web/rest"
	"gatehouse/web/scim"
)

// Options are what the operator decides about the server.
type Options struct {
	BaseURL *url.URL         // under which people reach the server: links are made from it, never from a Host header
	Demo    bool             // the demo organization: its sign-in links may be used again
	Mail    string           // where mail goes, in words; empty where none is sent
	Proxies []*net.IPNet     // whose X-Forwarded-For is believed
	SignOns []*net.IPNet     // private networks in which organizations' single sign-on may lie
	MaxFile int64            // bytes of a file that somebody uploads; 100 MB if it is 0
	Metrics *metrics.Metrics // nil where nothing is counted
}

// A Server is the portal as an http.Handler.
type Server struct {
	store    *db.Store
	options  Options
	log      *slog.Logger
	sessions *sessionStore
	api      *api.API
	rest     *rest.API
	signOns  *oidc.Client
	scim     *scim.API
	compare  func(password, hash string) (bool, error) // argon2id, wherever a password is compared
	passkeys *webauthn.WebAuthn                        // nil where the server's address can have none
	nobody   string                                    // the hash of a password that nobody has: unknown addresses cost the same time as known ones
	draining atomic.Bool
	echo     *echo.Echo
}

// New makes a server on a store.
func New(store *db.Store, options Options, log *slog.Logger) (*Server, error) {
	nobody, err := hashPassword("a password that nobody has")
	if err != nil {
		return nil, err
	}
	s := &Server{store: store, options: options, log: log, nobody: nobody, echo: echo.New(), api: api.New(store, options.BaseURL),
		signOns:  oidc.New(options.SignOns),
		compare:  argon2id.ComparePasswordAndHash,
		passkeys: relyingParty(options.BaseURL),
		sessions: &sessionStore{store: store, secure: options.BaseURL.Scheme == "https"}}
	s.rest, s.scim = rest.New(store, s.acceptanceLink), scim.New(store, s.link)
	if s.options.MaxFile == 0 {
		s.options.MaxFile = 100 << 20
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.answerError
	s.echo.IPExtractor = addressBehind(options.Proxies)
	s.echo.Use(requestID, s.logged, s.recovered, secured(s.sessions.secure), s.sameOrigin, s.readable, s.identified, s.ledIn, s.proven)
	s.routes(s.echo)
	return s, nil
}

// ServeHTTP answers one request. HEAD is GET without the body, which net/http leaves out by itself.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	s.echo.ServeHTTP(w, r)
}

// Drain makes /readyz say no, so that no new requests are sent here.
func (s *Server) Drain() { s.draining.Store(true) }

// link is the full URL of a path, from the configured base.
func (s *Server) link(path string) string {
	return strings.TrimSuffix(s.options.BaseURL.String(), "/") + path
}

// acceptanceLink is where an invitation with this token is accepted.
func (s *Server) acceptanceLink(token string) string { return s.link(views.AcceptancePath(token)) }

// addressBehind finds the address that a request comes from: the peer's, unless the peer is one of the proxies, and then the
// last one in X-Forwarded-For that is none of them.
func addressBehind(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trusted := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, proxy := range proxies {
		trusted = append(trusted, echo.TrustIPRange(proxy))
	}
	return echo.ExtractIPFromXFFHeader(trusted...)
}

// live answers whether the process runs.
func (s *Server) live(r *request) error { return r.String(http.StatusOK, "ok\n") }

// ready answers whether requests should be sent here.
func (s *Server) ready(r *request) error {
	ctx, cancel := context.WithTimeout(r.Request().Context(), readyTimeout)
	defer cancel()
	if s.draining.Load() {
		return r.String(http.StatusServiceUnavailable, "draining\n")
	}
	if err := s.store.Ready(ctx); err != nil {
		s.log.Warn("not ready", "cause", err)
		return r.String(http.StatusServiceUnavailable, "the database is not ready\n")
	}
	return r.String(http.StatusOK, "ok\n")
}
