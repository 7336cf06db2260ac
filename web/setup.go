package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showSetup asks for the first organization and its Admin. The link is printed at the start of an empty server.
func (s *Server) showSetup(r *request) error {
	shown := views.Setup{Token: r.Param("token")}
	err := s.store.CheckSetupToken(r.ctx(), shown.Token)
	if errors.Is(err, access.ErrNotFound) {
		return r.show(http.StatusGone, setupPage(views.Setup{Done: true}))
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, setupPage(shown))
}

func setupPage(shown views.Setup) page {
	return pageOf("Set up Gatehouse", views.SetupPage, views.SetupForm, shown)
}

// setUp makes the first organization and signs its Admin in.
func (s *Server) setUp(r *request) error {
	shown := views.Setup{Token: r.Param("token"), Organization: r.form("organization"), Name: r.form("name"), Email: r.form("email")}
	admin, err := s.createFirst(r, shown)
	if errors.Is(err, access.ErrNotFound) {
		return r.show(http.StatusGone, setupPage(views.Setup{Done: true}))
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return setupPage(shown)
		})
	}
	if err := r.startSession(admin); err != nil {
		return err
	}
	return r.goTo(views.RootPath())
}

func (s *Server) createFirst(r *request, typed views.Setup) (access.ID, error) {
	organization, err := access.CleanName("organization", typed.Organization)
	if err != nil {
		return "", err
	}
	name, err := access.CleanName("name", typed.Name)
	if err != nil {
		return "", err
	}
	email, err := db.NormalizeEmail(typed.Email)
	if err != nil {
		return "", err
	}
	hash, err := hashNewPassword(r.FormValue("password"))
	if err != nil {
		return "", err
	}
	made := db.NewOrganization{Slug: db.Slug(organization), Name: organization, Admin: access.Person{Name: name, Email: email}}
	return s.store.SetUp(r.ctx(), r.by(), typed.Token, made, hash)
}
