package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/views"
)

// A change that asks for a recent sign-in is refused with access.NeedsProof. This is the one place that answers: it asks
// for the password, and the form that was sent is sent again with the proof in it, so that nothing typed is lost.

// proofField is what a form holds that was sent again with the password.
const proofField = "proof"

// proven asks for the password where a handler says that it is needed, and looks at the one in a form that was sent again.
// A right one begins a new session.
func (s *Server) proven(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.(*request)
		if r.user != nil && r.own() && r.Request().PostForm.Has(proofField) {
			err := r.prove(r.Request().PostForm.Get(proofField))
			if errors.Is(err, access.ErrInvalid) {
				return r.askToConfirm(http.StatusUnprocessableEntity, views.Problems{proofField: err.Error()})
			}
			if err != nil {
				return err
			}
		}
		err := next(c)
		if r.user != nil && access.NeedsProof(err) {
			return r.askToConfirm(http.StatusOK, nil)
		}
		return err
	}
}

// prove checks the second factor of whoever has one, and else the password, as signing in does, attempts counted alike. It
// begins a new session.
func (r *request) prove(shown string) error {
	has, err := r.server.store.HasSecondFactor(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	if has {
		err = r.useCode(r.user.ID, shown)
	} else {
		var user access.ID
		if user, err = r.server.checkPassword(r, r.user.Email, shown); err == nil && user != r.user.ID {
			err = access.ErrUnauthenticated
		}
	}
	if err == nil {
		err = r.startSession(r.user.ID)
	}
	return err
}

// recent tells whether the person proved lately who they are: with means of their own or, at the pages of an organization, to
// its provider.
func (r *request) recent() bool {
	if r.session == nil {
		return false
	}
	recent, _ := r.session.Values[recentValue].(bool)
	return recent || r.organizations()[r.Param("org")]
}

// askToConfirm stands in the place of an answer that needs a recent sign-in, and leads back to it.
func (r *request) askToConfirm(status int, problems views.Problems) error {
	account, err := r.server.store.FindAccount(r.ctx(), r.user.Email)
	if err != nil {
		return err
	}
	has, err := r.server.store.HasSecondFactor(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	shown := views.Confirmation{Person: r.user.Person, HasCode: has, HasPassword: account.PasswordHash != "", Problems: problems, Back: r.before()}
	shown.Action, shown.Next, shown.Fields = r.again()
	if r.through(r.org().Slug) && !(r.own() && (shown.HasCode || shown.HasPassword)) {
		shown.SignOn, shown.OrgName = views.SignOnStartPath(r.org().Slug, shown.Next, true), r.org().Name
	}
	if r.partial() { // from a dialog or a row of the page: the question is a dialog
		r.Response().Header().Set("HX-Retarget", "#dialog-body")
		r.Response().Header().Set("HX-Reswap", "innerHTML")
	}
	return r.show(status, pageOf("Confirm", views.ConfirmationPage, views.ConfirmationDialog, shown))
}

// again is how the request is made again: a form is sent to where it was sent, and a page is gone to by the confirmation.
func (r *request) again() (action, next string, fields []views.Field) {
	path := r.Request().URL.RequestURI()
	if r.Request().Method != http.MethodGet && r.Path() != views.ConfirmationPath("") {
		for name, values := range r.Request().PostForm {
			for _, value := range values {
				if name != proofField {
					fields = append(fields, views.Field{Name: name, Value: value})
				}
			}
		}
		slices.SortStableFunc(fields, func(a, b views.Field) int { return cmp.Compare(a.Name, b.Name) })
		return path, r.before(), fields
	}
	inDialog := "no"
	if r.partial() {
		inDialog = "yes"
	}
	if r.Path() == views.ConfirmationPath("") {
		path, inDialog = safeNext(r.form("next")), r.form("dialog")
	}
	return views.ConfirmationPath(""), path, []views.Field{{Name: "next", Value: path}, {Name: "dialog", Value: inDialog}}
}

// before is the page of what the request is about.
func (r *request) before() string {
	switch came := r.cameFrom(""); {
	case came != "":
		return came
	case r.resource.ID != "":
		return views.ResourcePath(r.org().Slug, r.resource.ID)
	case r.org().Slug != "":
		return views.HomePath(r.org().Slug)
	}
	return views.RootPath()
}

// showConfirmation asks somebody who is signed in to prove again who they are, before a step that asks for it.
func (s *Server) showConfirmation(r *request) error { return r.askToConfirm(http.StatusOK, nil) }

// confirm goes on to the page that asked. The proof was looked at before (proven); a form without one is asked for it.
func (s *Server) confirm(r *request) error {
	if !r.Request().PostForm.Has(proofField) {
		return r.askToConfirm(http.StatusUnprocessableEntity, nil)
	}
	if r.partial() && r.form("dialog") == "yes" {
		return r.Redirect(http.StatusSeeOther, safeNext(r.form("next"))) // which the dialog follows, and stays open
	}
	return r.goTo(safeNext(r.form("next")))
}
