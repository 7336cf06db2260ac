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
	shown := views.SignIn{Next: r.QueryParam("next"), Passkeys: s.passkeys != nil}
	if len(r.organizations()) > 0 {
		shown.Notice = "You are signed in with single sign-on, which opens your organization's pages only. Sign in with your own password to open more: your account, or another organization. Without a password you choose one by mail."
	}
	return r.show(http.StatusOK, signInPage(shown))
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
	r.session.Values[hashValue] = hash
	return account.ID, s.store.ForgetSignInFailures(r.ctx(), attempt)
}

// startSession signs a user in with a new token, with means of their own. A session that the browser had before ends; what
// organizations' providers said of the same person goes on.
func (r *request) startSession(user access.ID) error {
	if err := r.keepDevice(user); err != nil {
		return err
	}
	before := r.session.ID
	r.session.ID = ""
	r.session.Values[userValue] = user
	r.session.Values[recentValue] = true
	r.session.Values[ownValue] = true
	r.session.Values[addressValue] = r.RealIP()
	r.session.Values[agentValue] = r.Request().UserAgent()
	err := r.session.Save(r.Request(), r.Response())
	if err == nil && before != "" {
		err = r.server.store.ReplaceSession(r.ctx(), before, r.session.ID)
	}
	return err
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
	orgs, err := r.belongings()
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
