package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/views"
)

// showSecretValue asks for another value of a secret.
func (s *Server) showSecretValue(r *request) error {
	if err := access.Decide(r.actor(), access.ReplaceSecret{Resource: r.resource}); err != nil {
		return err
	}
	return r.show(http.StatusOK, s.secretPage(r, nil))
}

func (s *Server) secretPage(r *request, problems views.Problems) page {
	form := views.SecretForm{Org: r.org().Slug, Resource: r.resource.Ref(), NoVault: !s.store.CanKeepSecrets(), Problems: problems}
	return pageOf("Replace value", views.SecretFormPage, views.SecretFormDialog, form)
}

// replaceSecret gives a secret another value. What was typed stands in no answer.
func (s *Server) replaceSecret(r *request) error {
	if err := s.store.ReplaceSecret(r.ctx(), r.by(), r.org().ID, r.resource.ID, r.FormValue("value")); err != nil {
		return r.refused(err, func(problems views.Problems) page { return s.secretPage(r, problems) })
	}
	return r.done(views.ResourcePath(r.org().Slug, r.resource.ID), views.Flash{Message: r.resource.Name + " has another value."})
}

// showReveal asks before a value is shown.
func (s *Server) showReveal(r *request) error {
	err := access.Decide(r.actor(), access.RevealSecret{Resource: r.resource})
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, revealPage(views.Reveal{Org: r.org().Slug, Resource: r.resource.Ref()}))
}

func revealPage(shown views.Reveal) page {
	return pageOf("Reveal", views.RevealPage, views.RevealDialog, shown)
}

// revealSecret answers with the value of a secret: the only answer that holds one.
func (s *Server) revealSecret(r *request) error {
	shown := views.Reveal{Org: r.org().Slug, Resource: r.resource.Ref(), Shown: true}
	var err error
	shown.Value, err = s.store.RevealSecret(r.ctx(), r.by(), r.org().ID, r.resource.ID)
	switch {
	case errors.Is(err, access.ErrConflict):
		shown.Shown, shown.Problem = false, err.Error()
		return r.show(http.StatusConflict, revealPage(shown))
	case err != nil:
		return err
	}
	return r.show(http.StatusOK, revealPage(shown))
}
