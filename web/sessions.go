package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showSignIn asks for an address and a password.
func (s *Server) showSignIn(r *request) error {
	if r.user != nil {
		return r.goTo(safeNext(r.QueryParam("next")))
	}
	return r.show(http.StatusOK, signInPage(views.SignIn{Next: r.QueryParam("next"), Passkeys: s.passkeys != nil}))
}

func signInPage(shown views.SignIn) page {
	return pageOf("Sign in", views.SignInPage, views.SignInForm, shown)
}

// signIn starts a session. What is wrong is not told apart: unknown address, wrong password, deactivated account.
func (s *Server) signIn(r *request) error {
	shown := views.SignIn{Next: r.form("next"), Email: r.form("email"), Passkeys: s.passkeys != nil}
	user, err := s.checkPassword(r, shown.Email, r.FormValue("password"))
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return signInPage(shown)
		})
	}
	return s.enter(r, user, shown.Next)
}

// checkPassword finds the user whose address and password these are, with the same work whether there is one or not.
func (s *Server) checkPassword(r *request, typed, password string) (access.ID, error) {
	wrong := access.Invalid("", "This address and password do not go together.")
	email, err := db.NormalizeEmail(typed)
	if err != nil {
		email = "no address" // nobody's: what is none is counted together
	}
	attempt := db.Attempt{Email: email, Address: r.RealIP(), Device: r.device()}
	may, err := s.store.TrySignIn(r.ctx(), attempt)
	if err != nil {
		return "", err
	}
	if !may {
		return "", access.Invalid("", "There were too many attempts. Wait an hour, or choose a new password by mail.")
	}
	account, err := s.store.FindAccount(r.ctx(), email)
	if err != nil && !errors.Is(err, access.ErrNotFound) {
		return "", err
	}
	hash := account.PasswordHash
	if hash == "" {
		hash = s.nobody
	}
	match, err := s.compare(normalPassword(password), hash)
	if err != nil {
		return "", err
	}
	if !match || !account.Active || account.PasswordHash == "" {
		return "", wrong
	}
	return account.ID, s.store.ForgetSignInFailures(r.ctx(), attempt)
}

// startSession signs a user in with a new token; a session that the browser had before ends.
func (r *request) startSession(user access.ID) error {
	if !r.session.IsNew {
		if err := r.server.store.EndSession(r.ctx(), r.session.ID); err != nil {
			return err
		}
	}
	if err := r.keepDevice(user); err != nil {
		return err
	}
	r.session.ID = ""
	r.session.Values[userValue] = user
	r.session.Values[recentValue] = true
	r.session.Values[addressValue] = r.RealIP()
	r.session.Values[agentValue] = r.Request().UserAgent()
	return r.session.Save(r.Request(), r.Response())
}

// safeNext is where to go after signing in: a path on this server, or the first page.
func safeNext(next string) string { return cmp.Or(safePath(next), views.RootPath()) }

// safePath is a path on this server, or empty for anything else.
func safePath(next string) string {
	parsed, err := url.Parse(next)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\t\r\n") {
		return ""
	}
	return next
}

// signOut ends the session.
func (s *Server) signOut(r *request) error {
	if !r.session.IsNew {
		r.session.Options.MaxAge = -1
		if err := r.session.Save(r.Request(), r.Response()); err != nil {
			return err
		}
	}
	return r.goTo(views.SignInPath(safePath(r.form("next"))))
}

// showRoot leads to the person's organization, or to the list of them.
func (s *Server) showRoot(r *request) error {
	if r.user == nil {
		return r.goTo(views.SignInPath(""))
	}
	orgs, err := s.store.ListOrganizations(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	if len(orgs) == 1 {
		return r.goTo(views.HomePath(orgs[0].Slug))
	}
	return r.goTo(views.OrganizationsPath())
}

// setTheme keeps the person's choice of light, dark or system.
func (s *Server) setTheme(r *request) error {
	if err := s.store.SetTheme(r.ctx(), r.user.ID, r.form("theme")); err != nil {
		return err
	}
	return r.goTo(safeNext(r.form("back")))
}
