package web

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
	"gatehouse/web/oidc"
)

// showSignOns asks for somebody's organization.
func (s *Server) showSignOns(r *request) error {
	shown := views.SignOns{Next: safePath(r.QueryParam("next"))}
	if last, err := r.Cookie(s.sessions.lastSignOnCookie("").Name); err == nil {
		if _, err := s.store.FindSignOn(r.ctx(), last.Value); err == nil {
			shown.Several = []string{last.Value}
		}
	}
	return r.show(http.StatusOK, signOnsPage(shown))
}

func signOnsPage(shown views.SignOns) page {
	return pageOf("Sign in with your organization", views.SignOnsPage, views.SignOnsForm, shown)
}

// findSignOn leads to the single sign-on of an organization, by its short name or by the address of a member. An address
// says where its owner is only in a browser in which they signed in before.
func (s *Server) findSignOn(r *request) error {
	shown := views.SignOns{Who: r.form("who"), Next: safePath(r.form("next"))}
	org, several, err := s.signOnOf(r, shown.Who)
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return signOnsPage(shown)
		})
	}
	if shown.Several = several; org == "" {
		return r.show(http.StatusOK, signOnsPage(shown))
	}
	return r.goTo(views.SignOnPath(org, shown.Next))
}

func (s *Server) signOnOf(r *request, who string) (org string, several []string, err error) {
	if !strings.Contains(who, "@") {
		org = strings.ToLower(strings.TrimPrefix(who, "/orgs/"))
		_, err := s.store.FindSignOn(r.ctx(), org)
		if errors.Is(err, access.ErrNotFound) {
			err = access.Invalid("who", "There is no single sign-on under this name.")
		}
		return org, nil, err
	}
	email, err := db.NormalizeEmail(who)
	if err != nil {
		return "", nil, access.Invalid("who", "Enter a whole e-mail address, or a short name.")
	}
	orgs, err := s.store.ListSignOns(r.ctx(), email, r.device())
	switch {
	case err != nil:
		return "", nil, err
	case len(orgs) == 0:
		return "", nil, access.Invalid("who", "This browser does not know the address yet. Enter the short name of your organization.")
	case len(orgs) == 1:
		return orgs[0], nil, nil
	}
	return "", orgs, nil
}

// showSignOn is the page that members of an organization can keep: it leads on to the provider. It names what was asked
// for and nothing else of the organization.
func (s *Server) showSignOn(r *request) error {
	shown := views.SignOn{Org: r.Param("org"), Next: safePath(r.QueryParam("next"))}
	_, err := s.store.FindSignOn(r.ctx(), shown.Org)
	if err == nil && r.user != nil {
		var standing db.Standing
		standing, err = s.store.FindStanding(r.ctx(), shown.Org, r.person())
		shown.Known, shown.Needed = r.user.Email, standing.Entry.AsksProvider
	}
	if errors.Is(err, access.ErrNotFound) {
		shown.Missing = true
		return r.show(http.StatusNotFound, signOnPage(shown))
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, signOnPage(shown))
}

func signOnPage(shown views.SignOn) page {
	return pageOf("Single sign-on", views.SignOnPage, views.SignOnPart, shown)
}

// departureCookie holds what the way to a provider and back begins with. It opens nothing.
func (s *sessionStore) departureCookie(token string, seconds int) *http.Cookie {
	cookie := s.stepCookie(token, seconds)
	cookie.Name = s.cookieName() + "-sso"
	return cookie
}

// lastSignOnCookie holds the organization, by slug, whose single sign-on a browser used last. It opens nothing.
func (s *sessionStore) lastSignOnCookie(slug string) *http.Cookie {
	cookie := s.stepCookie(slug, int(deviceLasts.Seconds()))
	cookie.Name = s.cookieName() + "-org"
	return cookie
}

// startSignOn sends a browser to the provider. Another site cannot: it could sign somebody in as somebody else, unnoticed.
func (s *Server) startSignOn(r *request) error {
	if site := r.Request().Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return r.goTo(views.SignOnPath(r.Param("org"), safePath(r.QueryParam("next"))))
	}
	sign, err := s.store.FindSignOn(r.ctx(), r.Param("org"))
	if errors.Is(err, access.ErrNotFound) {
		return s.showSignOn(r)
	}
	if err != nil {
		return err
	}
	next, again := safePath(r.QueryParam("next")), r.QueryParam("again") == "yes"
	token, err := s.store.StartDeparture(r.ctx(), sign.Org.ID, next, again)
	if err != nil {
		return err
	}
	to, err := s.signOns.Start(r.ctx(), s.app(sign), oidc.Departure{Token: token, Again: again})
	if err != nil {
		return s.notSignedOn(r, sign.Org, next, err)
	}
	r.SetCookie(s.sessions.departureCookie(token, int(db.DepartureLasts.Seconds())))
	return r.Redirect(http.StatusSeeOther, to)
}

func (s *Server) app(sign db.SignOn) oidc.App {
	return oidc.App{Issuer: sign.Issuer, ID: sign.ClientID, Secret: sign.Secret, RedirectURL: s.link(views.SignOnCallbackPath(sign.Org.Slug))}
}

// finishSignOn reads the provider's answer and signs in whom it means.
func (s *Server) finishSignOn(r *request) error {
	sign, err := s.store.FindSignOn(r.ctx(), r.Param("org"))
	if errors.Is(err, access.ErrNotFound) {
		return s.showSignOn(r)
	}
	if err != nil {
		return err
	}
	token, next, person, err := s.comeBack(r, sign)
	if err == nil {
		err = s.enterThrough(r, sign, person)
	}
	if token != "" {
		r.SetCookie(s.sessions.departureCookie("", -1))
	}
	if err != nil {
		return s.notSignedOn(r, sign.Org, next, err)
	}
	return r.goTo(cmp.Or(next, views.HomePath(sign.Org.Slug)))
}

// comeBack finds who came back from the provider. Of two answers to one departure, one is too late.
func (s *Server) comeBack(r *request, sign db.SignOn) (token, next string, person oidc.Person, err error) {
	lost := access.Invalid("", "You were away too long, or began in another browser or window. Start again.")
	cookie, err := r.Cookie(s.sessions.departureCookie("", 0).Name)
	if err != nil || !(oidc.Departure{Token: cookie.Value}).Fits(r.QueryParams()) { // what others send a browser here with uses nothing up
		return "", "", person, lost
	}
	token = cookie.Value
	next, again, err := s.store.UseDeparture(r.ctx(), sign.Org.ID, token)
	if errors.Is(err, access.ErrNotFound) {
		return token, "", person, lost
	}
	if err != nil {
		return token, "", person, err
	}
	person, err = s.signOns.Finish(r.ctx(), s.app(sign), oidc.Departure{Token: token, Again: again}, r.QueryParams())
	return token, next, person, err
}

// enterThrough begins a session that the provider of an organization stands for, and that opens that organization alone.
// It does not go through enter: the provider stands for a second factor too, as it does for all that the organization asks,
// and whatever is the person's own stays closed. The browser does not become one that the account knows either, in which
// more passwords could be guessed.
func (s *Server) enterThrough(r *request, sign db.SignOn, person oidc.Person) error {
	who := db.Identity{Issuer: sign.Issuer, Subject: person.Subject, Verified: person.Verified, Name: person.Name}
	who.Email, _ = db.NormalizeEmail(person.Email) // what is no address finds nobody
	by := r.by()
	if !r.own() {
		by.User = ""
	}
	user, err := s.store.SignInThrough(r.ctx(), by, sign.Org.ID, who)
	if err != nil {
		return err
	}
	token, err := s.store.StartSessionThrough(r.ctx(), sign.Org.ID, user.ID, r.RealIP(), r.Request().UserAgent(), r.session.ID, person.ProvenAt)
	if err != nil {
		return err
	}
	r.renewToken(token)
	r.SetCookie(s.sessions.lastSignOnCookie(sign.Org.Slug))
	if who.Email == user.Email || who.Email == "" {
		return nil
	}
	return r.tell(token, "Your provider knows you as "+who.Email+" now. Here your address is "+user.Email+" as before.")
}

// tell leaves a sentence for the first page of a session that was begun in this request.
func (r *request) tell(token, sentence string) error {
	begun, err := r.server.store.FindSession(r.ctx(), token)
	if err != nil {
		return err
	}
	r.session.IsNew = false
	r.session.Values[sessionID] = begun.ID
	r.session.AddFlash(views.Flash{Message: sentence})
	return r.session.Save(r.Request(), r.Response())
}

// notSignedOn says why nobody is signed in: the provider, what it said, or who it says it is.
func (s *Server) notSignedOn(r *request, org access.Org, next string, err error) error {
	shown := views.SignOn{Org: org.Slug, Next: next}
	var problem *oidc.Problem
	var refusal *access.Error
	status := http.StatusBadRequest
	switch {
	case errors.As(err, &problem):
		shown.Problem = problem.Sentence
		if problem.Unavailable {
			status = http.StatusBadGateway
		}
		s.log.Warn("single sign-on failed", "id", idOf(r), "org", org.Slug, "cause", problem.Cause)
	case errors.As(err, &refusal):
		shown.Problem, status = refusal.Message, statusOf(err)
	default:
		return err
	}
	return r.show(status, signOnPage(shown))
}
