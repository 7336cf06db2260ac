package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// A change that asks for a recent sign-in is refused with access.NeedsProof. This is the one place that answers: it asks
// for the password, and the form that was sent is sent again with the proof in it, so that nothing typed is lost.

// What a form holds that was sent again: the password or a code, or what a device answered.
const (
	proofField   = "proof"
	passkeyField = "passkey_proof"
)

// proven asks for the password where a handler says that it is needed, and looks at the one in a form that was sent again.
// A right one begins a new session.
func (s *Server) proven(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.(*request)
		if r.user != nil && r.own() && r.shows() {
			field, err := r.prove()
			if errors.Is(err, access.ErrInvalid) || errors.Is(err, access.ErrConflict) {
				return r.askToConfirm(statusOf(err), views.Problems{field: err.Error()})
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

// shows tells whether a form holds a proof.
func (r *request) shows() bool {
	return r.Request().PostForm.Has(proofField) || r.Request().PostForm.Has(passkeyField)
}

// prove checks what a form shows, and begins a new session. It names the field that is wrong: an answer of a device has none.
func (r *request) prove() (field string, err error) {
	form := r.Request().PostForm
	if form.Has(passkeyField) {
		err = r.server.usePasskey(r, db.Confirming, r.user.Person, form.Get(passkeyField))
	} else {
		field, err = proofField, r.proveByText(form.Get(proofField))
	}
	if err == nil {
		err = r.startSession(r.user.ID)
	}
	return field, err
}

// proveByText checks the second factor of whoever has one, and else the password, as signing in does, attempts counted alike.
func (r *request) proveByText(shown string) error {
	has, err := r.server.store.HasSecondFactor(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	if has {
		return r.useCode(r.user.ID, shown)
	}
	user, err := r.server.checkPassword(r, r.user.Email, shown)
	if err == nil && user != r.user.ID {
		err = access.ErrUnauthenticated
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
	factors, err := r.server.store.FindFactors(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	shown := views.Confirmation{Person: r.user.Person, HasApp: factors.App, HasPasskey: r.server.passkeys != nil && factors.Passkeys > 0,
		HasCode: factors.App || factors.Passkeys > 0, HasPassword: account.PasswordHash != "", Problems: problems, Back: r.before()}
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
				if name != proofField && name != passkeyField {
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
	case r.actor().Rights.Has(access.Discover):
		return views.HomePath(r.org().Slug)
	}
	return views.RootPath()
}

// showConfirmation asks somebody who is signed in to prove again who they are, before a step that asks for it.
func (s *Server) showConfirmation(r *request) error { return r.askToConfirm(http.StatusOK, nil) }

// confirm goes on to the page that asked. The proof was looked at before (proven); a form without one is asked for it.
func (s *Server) confirm(r *request) error {
	if !r.shows() {
		return r.askToConfirm(http.StatusUnprocessableEntity, nil)
	}
	if r.partial() && r.form("dialog") == "yes" {
		return r.Redirect(http.StatusSeeOther, safeNext(r.form("next"))) // which the dialog follows, and stays open
	}
	return r.goTo(safeNext(r.form("next")))
}
