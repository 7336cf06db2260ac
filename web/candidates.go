package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// listCandidates answers what is typed into the picker of the Share dialog.
func (s *Server) listCandidates(r *request) error {
	if err := access.MayHandOut(r.actor(), r.resource); err != nil {
		return err
	}
	search := r.QueryParam("search")
	found, more, err := s.store.ListCandidates(r.ctx(), r.org().ID, r.resource.ID, search)
	if err != nil {
		return err
	}
	shown := views.Candidates{Search: search, More: more}
	known := map[string]bool{}
	for _, one := range found {
		candidate := candidateOf(one)
		known[one.Email] = true
		switch {
		case one.Owner:
			candidate.Refusal = "Owner"
		case one.Roles != "":
			candidate.Detail += " · has access: " + one.Roles
		}
		shown.Options = append(shown.Options, candidate)
	}
	if email, err := db.NormalizeEmail(search); err == nil && !known[email] && r.resource.Kind != access.Organization {
		one, err := s.addressCandidate(r, email)
		if err != nil {
			return err
		}
		shown.Options = append(shown.Options, one)
		if one.Refusal != "" && one.Detail != stillInvited && access.Decide(r.actor(), access.InviteMember{}) == nil {
			shown.Invite = views.InvitationOfPath(r.org().Slug, email)
		}
	}
	organization, err := s.organizationCandidate(r, search)
	shown.Options = append(shown.Options, organization...)
	if err != nil {
		return err
	}
	return r.send(http.StatusOK, views.CandidatesList(shown))
}

// addressCandidate is what is said of a whole address that no active member has. Whether somebody outside has an account is told
// only where something could be shared with them.
func (s *Server) addressCandidate(r *request, email string) (views.Candidate, error) {
	shown := views.Candidate{Value: "email:" + email, Label: email}
	_, invited, err := s.store.InvitationStanding(r.ctx(), r.org().ID, email)
	if err != nil {
		return shown, err
	}
	found, err := s.store.FindPrincipal(r.ctx(), r.org().ID, access.Ref{Type: "email", Name: email})
	if err != nil && !errors.Is(err, access.ErrNotFound) {
		return shown, err
	}
	outside := r.org().Policy.SharesOutside(r.resource.Kind)
	switch here := err == nil; {
	case here && !found.External:
		shown.Label, shown.Detail = found.Name, email+" · Deactivated"
	case here && outside:
		shown.Detail, shown.External = "Outside "+r.org().Name, true
		if invited {
			shown.Detail += " · is invited"
		}
	case invited:
		shown.Detail, shown.Refusal = stillInvited, notYet
	case outside:
		shown.Detail, shown.Refusal = "Has no account on this server. Invite them first.", notYet
	default:
		shown.Detail, shown.Refusal = noMember, notYet
	}
	return shown, nil
}

const (
	notYet       = "Not yet"
	noMember     = "Is no member. Invite them first."
	stillInvited = "Is invited, and can be added when they have accepted."
)
