package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// listTokens shows the organization's API tokens.
func (s *Server) listTokens(r *request) error {
	tokens, err := s.store.ListAPITokens(r.ctx(), r.org().ID)
	if err != nil {
		return err
	}
	shown := views.Tokens{Org: r.org().Slug}
	for _, token := range tokens {
		shown.Rows = append(shown.Rows, tokenRow(token))
	}
	return r.show(http.StatusOK, pageOf("API tokens", views.TokensPage, views.TokensTable, shown))
}

func tokenRow(token db.APITokenRow) views.TokenRow {
	return views.TokenRow{Token: token.APIToken, Maker: token.Maker, MakerMay: token.MakerMay}
}

// showNewToken asks what a token is for. The address may say so already.
func (s *Server) showNewToken(r *request) error {
	what := access.CreateToken{Token: access.APIToken{Scopes: []access.Scope{access.DecideScope}}}
	if err := access.Decide(r.actor(), what); err != nil {
		return err
	}
	chosen := access.DecideScope
	if r.QueryParam("scope") == string(access.SCIMScope) {
		chosen = access.SCIMScope
	}
	return r.show(http.StatusOK, tokenForm(views.TokenForm{Org: r.org().Slug, Scopes: []string{string(chosen)}}))
}

func tokenForm(shown views.TokenForm) page {
	return pageOf("Create an API token", views.TokenFormPage, views.TokenFormDialog, shown)
}

// createToken makes a token and shows it, this once.
func (s *Server) createToken(r *request) error {
	form := views.TokenForm{Org: r.org().Slug, Name: r.form("name"), ExpiresAt: r.form("expires_at"), Scopes: r.Request().Form["scope"]}
	until, err := r.until()
	var token string
	if err == nil {
		asked := db.NewAPIToken{Name: form.Name, Scopes: form.Scopes, ExpiresAt: until}
		token, err = s.store.CreateAPIToken(r.ctx(), r.by(), r.org().ID, asked)
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return tokenForm(form)
		})
	}
	made := views.NewToken{Org: form.Org, Name: form.Name, Token: token}
	return r.show(http.StatusOK, pageOf("API token", views.NewTokenPage, views.NewTokenDialog, made))
}

// showTokenRevocation asks before a token ends.
func (s *Server) showTokenRevocation(r *request) error {
	shown, err := s.tokenRevocation(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, revocationPage(shown))
}

func (s *Server) tokenRevocation(r *request) (views.TokenRevocation, error) {
	id, err := r.id("token")
	if err != nil {
		return views.TokenRevocation{}, err
	}
	token, err := s.store.FindAPIToken(r.ctx(), r.org().ID, id)
	return views.TokenRevocation{Org: r.org().Slug, Token: token}, err
}

func revocationPage(shown views.TokenRevocation) page {
	return pageOf("Revoke a token", views.TokenRevocationPage, views.TokenRevocationDialog, shown)
}

// revokeToken ends a token.
func (s *Server) revokeToken(r *request) error {
	shown, err := s.tokenRevocation(r)
	if err != nil {
		return err
	}
	if err := s.store.RevokeAPIToken(r.ctx(), r.by(), r.org().ID, shown.Token.ID); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return revocationPage(shown)
		})
	}
	return r.done(views.TokensPath(shown.Org), views.Flash{Message: "The token " + shown.Token.Name + " no longer works."})
}
