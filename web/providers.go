package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
	"gatehouse/web/oidc"
)

// showProvider shows an organization's single sign-on.
func (s *Server) showProvider(r *request) error {
	shown, err := s.provider(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, providerPage(shown))
}

func providerPage(shown views.Provider) page {
	return pageOf("Single sign-on", views.ProviderPage, views.ProviderPart, shown)
}

func (s *Server) provider(r *request) (views.Provider, error) {
	row, err := s.store.FindProvider(r.ctx(), r.org().ID)
	return views.Provider{Org: r.org().Slug, OrgName: r.org().Name, Shown: row.Provider, Exists: row.Version > 0, Version: row.Version,
		NoVault: !s.store.CanKeepSecrets(), RedirectURL: s.link(views.SignOnCallbackPath(r.org().Slug)), Link: s.link(views.SignOnPath(r.org().Slug, ""))}, err
}

// changeProvider sets it. What was typed stays in a form that is refused, but for the secret.
func (s *Server) changeProvider(r *request) error {
	use := r.form("use")
	to := db.NewProvider{Secret: r.form("client_secret"), Version: r.version(), Provider: access.Provider{Issuer: r.form("issuer"), ClientID: r.form("client_id"),
		Enabled: use == "on" || use == "only", Required: use == "only", BreakGlass: access.Person{Email: r.form("break_glass")}}}
	err := s.setProvider(r, to)
	if err == nil {
		return r.done(views.ProviderPath(r.org().Slug), views.Flash{Message: "The single sign-on is changed."})
	}
	shown, readErr := s.provider(r)
	if readErr != nil {
		return readErr
	}
	shown.Shown, shown.Version = to.Provider, r.version()
	if errors.Is(err, access.ErrConflict) { // the form as it is now, so that it can be sent again
		shown, _ = s.provider(r)
	}
	return r.refused(err, func(problems views.Problems) page {
		shown.Problems = problems
		return providerPage(shown)
	})
}

func (s *Server) setProvider(r *request, to db.NewProvider) error {
	switch use := r.form("use"); {
	case use != "off" && use != "on" && use != "only":
		return access.Invalid("required", "Choose how members sign in.")
	case len(to.Secret) > 500:
		return access.Invalid("client_secret", "A client secret has at most 500 characters.")
	case to.BreakGlass.Email != "":
		email, err := db.NormalizeEmail(to.BreakGlass.Email)
		if err != nil {
			return access.Invalid("break_glass", "Enter a whole e-mail address.")
		}
		to.BreakGlass.Email = email
	}
	return s.store.ChangeProvider(r.ctx(), r.by(), r.org().ID, to)
}

// testProvider asks the saved provider what it is.
func (s *Server) testProvider(r *request) error {
	shown, err := s.provider(r)
	if err != nil {
		return err
	}
	if !shown.Exists {
		return access.ErrNotFound
	}
	shown.Test = &views.ProviderTest{}
	var problem *oidc.Problem
	if err := s.signOns.Check(r.ctx(), shown.Shown.Issuer); errors.As(err, &problem) {
		shown.Test.Problem = problem.Sentence
	}
	return r.show(http.StatusOK, providerPage(shown))
}

// unlinkMember ends a member's link to the provider.
func (s *Server) unlinkMember(r *request) error {
	member, err := s.member(r)
	if err != nil {
		return err
	}
	if err := s.store.UnlinkIdentities(r.ctx(), r.by(), r.org().ID, member.ID); err != nil {
		return err
	}
	return r.done(views.MemberPath(r.org().Slug, member.ID), views.Flash{Message: "The provider no longer says who " + member.Label() + " is."})
}
