package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
	"gatehouse/web/api"
	"gatehouse/web/rest"
	"gatehouse/web/scim"
)

// A request is what handlers get: echo's context, and what the groups of routes found out on the way.
type request struct {
	echo.Context
	server   *Server
	session  *sessions.Session
	user     *db.User        // nil for anyone who is not signed in
	standing db.Standing     // below /orgs/:org
	resource access.Resource // below /orgs/:org/resources/:resource
	around   func() (surroundings, error)
}

// requestKey is where echo's context keeps the request: the answer to an error is given what came before it was identified.
const requestKey = "request"

// with adapts a handler to echo.
func with(handler func(*request) error) echo.HandlerFunc {
	return func(c echo.Context) error { return handler(c.(*request)) }
}

// service adapts a handler of package api to echo.
func service(handler func(http.ResponseWriter, *http.Request) error) echo.HandlerFunc {
	return func(c echo.Context) error { return handler(c.Response(), c.Request()) }
}

// reads and changes adapt handlers of package rest, which find what the path names as net/http gives it.
func (s *Server) reads(handler rest.Handler) echo.HandlerFunc { return named(s.rest.Read(handler)) }

func (s *Server) changes(handler rest.Handler) echo.HandlerFunc { return named(s.rest.Change(handler)) }

func (s *Server) previews(change, preview rest.Handler) echo.HandlerFunc {
	return named(s.rest.ChangeOrPreview(change, preview))
}

// provides and provisions adapt handlers of package scim.
func (s *Server) provides(handler scim.Handler) echo.HandlerFunc { return named(s.scim.Read(handler)) }

func (s *Server) provisions(handler scim.Handler) echo.HandlerFunc {
	return named(s.scim.Change(handler))
}

func named(handler func(http.ResponseWriter, *http.Request) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		for i, name := range c.ParamNames() {
			c.Request().SetPathValue(name, c.ParamValues()[i])
		}
		return handler(c.Response(), c.Request())
	}
}

// guard adapts a check on a group of routes to echo.
func guard(check func(*request) error) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := check(c.(*request)); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// identified finds out who asks: every request reads the session and the user anew.
func (s *Server) identified(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := &request{Context: c, server: s}
		c.Set(requestKey, r)
		if isUnidentified(c.Path()) {
			return next(r)
		}
		var err error
		if r.session, err = s.sessions.Get(c.Request(), s.sessions.cookieName()); err != nil {
			return err
		}
		if id, ok := r.session.Values[userValue].(access.ID); ok && !r.session.IsNew && r.counts() {
			user, err := s.store.FindUser(c.Request().Context(), id)
			if err != nil {
				return err
			}
			r.user = &user
		}
		return next(r)
	}
}

// isUnidentified names what must answer without the database, or for every visitor alike.
func isUnidentified(route string) bool {
	return route == "/livez" || route == "/readyz" || strings.HasPrefix(route, "/static/") || isService(route)
}

// isService tells whether a path is one that services ask: with a token, and never with a cookie.
func isService(path string) bool { return api.Owns(path) || rest.Owns(path) || scim.Owns(path) }

// signedIn sends anyone else to the sign-in page.
func signedIn(r *request) error {
	if r.user == nil {
		return access.ErrUnauthenticated
	}
	return nil
}

// inOrganization finds the organization of the URL. Who is no active member learns nothing of it.
func (s *Server) inOrganization(r *request) error {
	if err := signedIn(r); err != nil {
		return err
	}
	if err := s.findOrganization(r); err != nil {
		return err
	}
	if !r.actor().Rights.Has(access.Discover) {
		return access.ErrNotFound
	}
	return nil
}

func (s *Server) findOrganization(r *request) (err error) {
	r.standing, err = s.store.FindStanding(r.ctx(), r.Param("org"), r.person())
	r.standing.Actor.Proven = r.recent()
	if err == nil {
		err = r.entered()
	}
	if err == nil {
		r.lookAhead()
	}
	return err
}

// onResource finds the resource of the URL for anybody who may know of it, members or not.
func (s *Server) onResource(r *request) error {
	err := s.findOrganization(r)
	if err == nil {
		var id access.ID
		if id, err = r.id("resource"); err == nil {
			r.resource, err = s.store.FindResource(r.ctx(), r.org().ID, r.person().ID, id)
		}
		if err == access.ErrNotFound && r.actor().Member && id != "" {
			return notOpen{ask: views.RequestAccessPath(r.org().Slug, id)}
		}
	}
	if err == access.ErrNotFound && r.user == nil {
		return access.ErrUnauthenticated // a colleague with a link signs in first; what is not there answers the same
	}
	return err
}

// hasPage: an organization is a resource, with roles and reasons for them, but its page and settings are its own.
func hasPage(r *request) error {
	if r.resource.Kind == access.Organization {
		return access.ErrNotFound
	}
	return nil
}

// needsAny lets only those in who hold at least one of the rights on the organization; for others the page does not exist.
func needsAny(rights access.Rights) func(*request) error {
	return func(r *request) error {
		if r.actor().Rights&rights == 0 {
			return access.ErrNotFound
		}
		return nil
	}
}

func (r *request) org() access.Org     { return r.standing.Org }
func (r *request) actor() access.Actor { return r.standing.Actor }

// person is who asks; empty for anyone who is not signed in.
func (r *request) person() access.Person {
	if r.user == nil {
		return access.Person{}
	}
	return r.user.Person
}

// by is who asks, for the audit log.
func (r *request) by() db.By {
	return db.By{User: r.person().ID, Via: "page", Address: r.RealIP(), RequestID: idOf(r), Recent: r.recent()}
}

// id is an ID from the path. What has not the form of one was never issued.
func (r *request) id(name string) (access.ID, error) { return parseID(r.Param(name)) }

func parseID(text string) (access.ID, error) {
	if !access.IsID(text) {
		return "", access.ErrNotFound
	}
	return access.ID(text), nil
}

// form is a text field as typed, without the space around it.
func (r *request) form(name string) string { return strings.TrimSpace(r.FormValue(name)) }

// version is the access list's version that a form was made from; 0, which is none, for what is no number.
func (r *request) version() int64 {
	var version int64
	for _, digit := range r.form("version") {
		if digit < '0' || digit > '9' || version > 1<<50 {
			return 0
		}
		version = version*10 + int64(digit-'0')
	}
	return version
}

// until is an expiry as the browser's field for date and time sends it, in UTC; nil for none.
func (r *request) until() (*time.Time, error) {
	typed := r.form("expires_at")
	if typed == "" {
		return nil, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if at, err := time.Parse(layout, typed); err == nil {
			return &at, nil
		}
	}
	return nil, access.Invalid("expires_at", "Enter a date and a time, such as 2027-01-31T18:00.")
}

// partial tells whether the browser asks for a part of the page that it shows.
func (r *request) partial() bool {
	header := r.Request().Header
	return header.Get("HX-Request") == "true" && header.Get("HX-History-Restore-Request") != "true"
}

// cameFrom is the page on which the person was when they asked for a change, if it is one of ours.
func (r *request) cameFrom(otherwise string) string {
	current, err := url.Parse(r.Request().Header.Get("HX-Current-URL"))
	if err != nil || current.Path == "" || !r.partial() {
		return otherwise
	}
	return safeNext(current.RequestURI())
}

// isAt tells whether a part is asked for from the page with this path, on whichever page of its list.
func (r *request) isAt(path string) bool {
	return r.partial() && firstPage(r.cameFrom("")) == firstPage(path)
}

// firstPage is where the list of a path begins.
func firstPage(path string) string {
	path, rest, _ := strings.Cut(path, "?")
	query, _ := url.ParseQuery(rest)
	query.Del("after")
	query.Del("trail")
	return path + "?" + query.Encode()
}
