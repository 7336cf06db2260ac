package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/views"
)

// showConfirmation asks somebody who is signed in to prove again who they are, before a step that asks for it.
func (s *Server) showConfirmation(r *request) error {
	shown, err := s.confirmation(r, r.QueryParam("next"))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, confirmationPage(shown))
}

func confirmationPage(shown views.Confirmation) page {
	return pageOf("Confirm", views.ConfirmationPage, views.ConfirmationDialog, shown)
}

func (s *Server) confirmation(r *request, next string) (views.Confirmation, error) {
	account, err := s.store.FindAccount(r.ctx(), r.user.Email)
	return views.Confirmation{Person: r.user.Person, HasPassword: account.PasswordHash != "", Next: safePath(next), Back: views.RootPath()}, err
}

// confirm checks the password as signing in does, attempts counted alike, and begins a new session.
func (s *Server) confirm(r *request) error {
	shown, err := s.confirmation(r, r.form("next"))
	if err != nil {
		return err
	}
	user, err := s.checkPassword(r, r.user.Email, r.FormValue("password"))
	if err == nil && user != r.user.ID {
		err = access.ErrUnauthenticated
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return confirmationPage(shown)
		})
	}
	if err := r.startSession(user); err != nil {
		return err
	}
	return r.goTo(safeNext(shown.Next))
}
