package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// stepCookie holds what the second step of signing in begins with. It opens nothing.
func (s *sessionStore) stepCookie(token string, seconds int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName() + "-step", Value: token, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode}
}

// enter goes on after the first step of signing in: to where the person wanted, or to the second step if they have a second
// factor. Until that is taken there is no session.
func (s *Server) enter(r *request, user access.ID, next string) error {
	has, err := s.store.HasSecondFactor(r.ctx(), user)
	if err != nil {
		return err
	}
	if !has {
		return s.enterWhole(r, user, next)
	}
	token, err := s.store.StartHalfSignIn(r.ctx(), user)
	if err != nil {
		return err
	}
	r.SetCookie(s.sessions.stepCookie(token, int(db.HalfSignInLasts.Seconds())))
	return r.goTo(views.SecondStepPath(safePath(next)))
}

// enterWhole goes on after everything that is asked of a person was shown: this is where a session starts.
func (s *Server) enterWhole(r *request, user access.ID, next string) error {
	if err := r.startSession(user); err != nil {
		return err
	}
	return r.goTo(safeNext(next))
}

// half finds who takes the second step, with their token; access.ErrNotFound for anyone else.
func (s *Server) half(r *request) (access.Person, string, error) {
	cookie, err := r.Cookie(s.sessions.stepCookie("", 0).Name)
	if err != nil {
		return access.Person{}, "", access.ErrNotFound
	}
	person, err := s.store.FindHalfSignIn(r.ctx(), cookie.Value)
	return person, cookie.Value, err
}

// showSecondStep asks for the second factor.
func (s *Server) showSecondStep(r *request) error {
	person, _, err := s.half(r)
	if errors.Is(err, access.ErrNotFound) {
		return r.goTo(views.SignInPath(safePath(r.QueryParam("next"))))
	}
	if err != nil {
		return err
	}
	shown, err := s.secondStepOf(r, person, r.QueryParam("next"))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, secondStepPage(shown))
}

func (s *Server) secondStepOf(r *request, person access.Person, next string) (views.SecondStep, error) {
	factors, err := s.store.FindFactors(r.ctx(), person.ID)
	return views.SecondStep{Email: person.Email, Next: next, App: factors.App, Passkeys: s.passkeys != nil && factors.Passkeys > 0}, err
}

func secondStepPage(shown views.SecondStep) page {
	return pageOf("Sign in", views.SecondStepPage, views.SecondStepForm, shown)
}

// takeSecondStep starts the session, after a right code.
func (s *Server) takeSecondStep(r *request) error {
	return s.secondStep(r, func(person access.Person) error { return r.useCode(person.ID, r.form("code")) })
}

// secondStep starts the session of whoever takes the second step, once they have shown what it asks for.
func (s *Server) secondStep(r *request, show func(access.Person) error) error {
	next := safePath(r.form("next"))
	person, token, err := s.half(r)
	if errors.Is(err, access.ErrNotFound) {
		return r.goTo(views.SignInPath(next))
	}
	if err == nil {
		err = show(person)
	}
	if err == nil {
		err = s.store.EndHalfSignIn(r.ctx(), token)
	}
	if errors.Is(err, access.ErrNotFound) {
		return r.goTo(views.SignInPath(next))
	}
	if err != nil {
		shown, readErr := s.secondStepOf(r, person, next)
		if readErr != nil {
			return readErr
		}
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return secondStepPage(shown)
		})
	}
	r.SetCookie(s.sessions.stepCookie("", -1))
	return s.enterWhole(r, person.ID, next)
}

// useCode shows a second factor. Attempts are counted as those with a password are, apart from them: nobody who does not
// know the password can use them up.
func (r *request) useCode(user access.ID, code string) error {
	store, counted := r.server.store, db.Attempt{Email: "second step of " + string(user), Address: r.RealIP()}
	may, err := store.TrySignIn(r.ctx(), counted)
	if err != nil {
		return err
	}
	if !may {
		return access.Invalid("", "There were too many attempts. Wait an hour, or ask an Admin for help.")
	}
	if err := store.UseCode(r.ctx(), user, code); err != nil {
		return err
	}
	return store.ForgetSignInFailures(r.ctx(), counted)
}
