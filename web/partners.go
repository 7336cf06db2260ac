package web

import (
	"errors"

	"gatehouse/access"
	"gatehouse/views"
)

// What concerns organizations beside the one that a page is in.

// sharedOutside is what other organizations share with the person, or with an organization of theirs.
func (s *Server) sharedOutside(r *request) ([]views.SharedOutside, error) {
	if !r.own() { // it does not open for a session that an organization's provider stands for
		return nil, nil
	}
	list, err := s.store.ListSharedFromOutside(r.ctx(), r.user.ID)
	shown := make([]views.SharedOutside, len(list))
	for i, one := range list {
		shown[i] = views.SharedOutside{Org: views.OrgLink{Slug: one.Org.Slug, Name: one.Org.Name}, Resource: one.Ref(), Role: roleTitle(one.Resource, r.user.ID)}
	}
	return shown, err
}

// organizationCandidate offers another organization to somebody who typed its whole short name; nobody browses who else is on
// the server. In a module that may be the own organization: everybody in it.
func (s *Server) organizationCandidate(r *request, search string) ([]views.Candidate, error) {
	found, err := s.store.FindPrincipal(r.ctx(), r.org().ID, access.Ref{Type: string(access.Organization), Name: search})
	if errors.Is(err, access.ErrNotFound) {
		return nil, nil
	}
	option := views.Candidate{Value: "organization:" + found.Slug, Label: found.Name, Detail: "Organization · everybody in it", External: found.External}
	fits := r.org().Policy.SharesOutside(r.resource.Kind)
	if !found.External {
		fits = r.resource.Kind == access.Module // elsewhere General access does this
	}
	if err != nil || !fits {
		return nil, err
	}
	return []views.Candidate{option}, nil
}

// ownerOrganizations are those that could own the person's new project: the choice is made at its creation.
func (s *Server) ownerOrganizations(r *request, kind access.Kind) ([]views.OrgLink, error) {
	if kind != access.Project {
		return nil, nil
	}
	orgs, err := s.store.ListOrganizationsToCreateIn(r.ctx(), r.user.ID)
	var links []views.OrgLink
	for _, org := range orgs {
		if r.own() || r.through(org.Slug) {
			links = append(links, views.OrgLink{Slug: org.Slug, Name: org.Name})
		}
	}
	return links, err
}
