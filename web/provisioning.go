package web

import (
	"net/http"
	"slices"

	"gatehouse/access"
	"gatehouse/views"
	"gatehouse/web/scim"
)

// showProvisioning shows how an identity provider keeps the organization in step.
func (s *Server) showProvisioning(r *request) error {
	state, err := s.store.FindProvisioning(r.ctx(), r.org().ID)
	if err != nil {
		return err
	}
	tokens, err := s.store.ListAPITokens(r.ctx(), r.org().ID)
	if err != nil {
		return err
	}
	shown := views.Provisioning{Org: r.org().Slug, BaseURL: s.link(scim.Path), Works: state.Works, People: state.People, Groups: state.Groups}
	for _, token := range tokens {
		if slices.Contains(token.Scopes, access.SCIMScope) {
			shown.Tokens = append(shown.Tokens, tokenRow(token))
		}
	}
	for _, one := range state.Failures {
		shown.Failures = append(shown.Failures, views.ProvisioningFailure(one))
	}
	return r.show(http.StatusOK, pageOf("Provisioning", views.ProvisioningPage, views.ProvisioningPart, shown))
}
