package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// How somebody came in decides where their session counts. One that is their own counts everywhere; one that only an
// organization's provider stands for counts at that organization's pages. Everywhere else its holder is nobody, as without
// a session: so no organization's provider can open what is another's or the person's own.

// unowned are the routes beyond the organization's at which such a session counts: they show and change nothing of others.
var unowned = []string{"/", "/orgs", "/preferences/theme"}

// counts tells whether the session says here who somebody is.
func (r *request) counts() bool {
	if strings.HasPrefix(r.Path(), "/orgs/:org") && !r.own() {
		return r.through(r.Param("org"))
	}
	return r.own() || len(r.organizations()) > 0 && slices.Contains(unowned, r.Path())
}

// own tells whether the session was begun with means of the person's own.
func (r *request) own() bool {
	own, _ := r.session.Values[ownValue].(bool)
	return own
}

// organizations are those, by slug, whose provider stands for the session, and whether the person proved themselves there lately.
func (r *request) organizations() map[string]bool {
	through, _ := r.session.Values[throughValue].(map[string]bool)
	return through
}

func (r *request) through(slug string) bool {
	_, ok := r.organizations()[slug]
	return ok
}

// belongings are the organizations of the person, as far as the session counts in them.
func (r *request) belongings() ([]db.Belonging, error) {
	orgs, err := r.server.store.ListOrganizations(r.ctx(), r.user.ID)
	return slices.DeleteFunc(orgs, func(org db.Belonging) bool { return !r.own() && !r.through(org.Slug) }), err
}

// errNeedsProvider: the organization lets its members in through its provider only.
var errNeedsProvider = access.Denied("This organization lets its members in through its single sign-on only.")

// entered refuses somebody who came in otherwise than the organization of the URL asks of its members.
func (r *request) entered() error {
	if r.user == nil {
		return nil
	}
	entry := r.standing.Entry
	entry.Own, entry.Through = r.own(), r.through(r.org().Slug)
	switch entry.Missing() {
	case access.NoStep:
		return nil
	case access.GoToProvider:
		return errNeedsProvider
	case access.SetUpFactor:
		return errNeedsFactor
	}
	return access.ErrUnauthenticated
}

// errNeedsFactor: the organization asks its members for a second factor, and this one has none.
var errNeedsFactor = access.Denied("This organization asks its members for a second factor. Set one up first.")

// ledIn leads a member who came in otherwise than their organization asks to where they do, and back.
func (s *Server) ledIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		r := c.(*request)
		if r.user == nil {
			return err
		}
		back := views.RootPath()
		if r.Request().Method == http.MethodGet && !r.partial() {
			back = r.Request().URL.RequestURI()
		}
		switch {
		case errors.Is(err, errNeedsFactor):
			return r.goTo(views.AppPath(back))
		case errors.Is(err, errNeedsProvider):
			return r.goTo(views.SignOnPath(r.org().Slug, back))
		}
		return err
	}
}
