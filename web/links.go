package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/views"
)

// showLink shows a sign-in link's one button. Opening the link does nothing: programs that scan mail open links too.
func (s *Server) showLink(r *request) error {
	shown := views.Link{Token: r.Param("token")}
	person, err := s.store.FindSignInLink(r.ctx(), shown.Token)
	status := http.StatusOK
	if errors.Is(err, access.ErrNotFound) {
		shown.Dead, status, err = true, http.StatusGone, nil
	}
	if err != nil {
		return err
	}
	shown.Name, shown.Email = person.Label(), person.Email
	return r.show(status, linkPage(shown))
}

func linkPage(shown views.Link) page {
	return wholePage("Sign in", views.LinkPage, shown)
}

// useLink signs in.
func (s *Server) useLink(r *request) error {
	user, err := s.store.UseSignInLink(r.ctx(), r.Param("token"))
	if errors.Is(err, access.ErrNotFound) {
		return r.show(http.StatusGone, linkPage(views.Link{Token: r.Param("token"), Dead: true}))
	}
	if err != nil {
		return err
	}
	return s.enter(r, user, "")
}
