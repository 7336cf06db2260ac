package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showAcceptance shows what an invitation offers. Opening the link never uses it.
func (s *Server) showAcceptance(r *request) error {
	shown, status, err := s.acceptance(r)
	if err != nil {
		return err
	}
	return r.show(status, acceptancePage(shown))
}

func acceptancePage(shown views.Acceptance) page {
	return pageOf("Invitation", views.AcceptancePage, views.AcceptanceForm, shown)
}

// acceptance reads the invitation and what the person before the screen can do with it.
func (s *Server) acceptance(r *request) (views.Acceptance, int, error) {
	token := r.Param("token")
	invitation, err := s.store.FindInvitation(r.ctx(), token)
	if errors.Is(err, access.ErrNotFound) {
		return views.Acceptance{Token: token, State: views.AcceptUnknown}, http.StatusNotFound, nil
	}
	if err != nil {
		return views.Acceptance{}, 0, err
	}
	shown := views.Acceptance{Token: token, Organization: invitation.Org.Name, Slug: invitation.Org.Slug, Inviter: invitation.Inviter.Label(),
		Email: invitation.Email, Role: invitation.Role, Message: invitation.Message, Groups: invitation.Groups}
	if shown.State, err = s.acceptanceState(r, invitation); err != nil {
		return shown, 0, err
	}
	_, err = s.store.FindSignOn(r.ctx(), shown.Slug)
	if shown.SignOn = err == nil; errors.Is(err, access.ErrNotFound) {
		err = nil
	}
	if r.user != nil {
		shown.SignedInAs = r.user.Email
	}
	status := http.StatusOK
	switch shown.State {
	case views.AcceptUsed, views.AcceptRevoked, views.AcceptExpired:
		status = http.StatusGone
	}
	return shown, status, err
}

func (s *Server) acceptanceState(r *request, invitation db.Invitation) (views.AcceptanceState, error) {
	switch {
	case invitation.Accepted:
		return views.AcceptUsed, nil
	case invitation.Revoked:
		return views.AcceptRevoked, nil
	case invitation.Expired:
		return views.AcceptExpired, nil
	case r.user == nil && invitation.Known:
		return views.AcceptSignIn, nil
	case r.user == nil:
		return views.AcceptNew, nil
	case r.user.Email != invitation.Email:
		return views.AcceptOther, nil
	}
	_, err := s.store.FindMember(r.ctx(), invitation.Org.ID, r.user.ID)
	if errors.Is(err, access.ErrNotFound) {
		return views.AcceptJoin, nil
	}
	return views.AcceptMember, err
}

// acceptInvitation makes the person a member: with a new account, or with the one they are signed in to.
func (s *Server) acceptInvitation(r *request) error {
	name := r.form("name")
	org, err := s.accept(r, name)
	if errors.Is(err, access.ErrNotFound) {
		return s.showAcceptance(r)
	}
	if err != nil {
		shown, _, readErr := s.acceptance(r)
		if readErr != nil {
			return readErr
		}
		shown.Name = name
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return acceptancePage(shown)
		})
	}
	return r.done(views.HomePath(org.Slug), views.Flash{Message: "Welcome to " + org.Name + "."})
}

func (s *Server) accept(r *request, name string) (access.Org, error) {
	token := r.Param("token")
	if r.user != nil {
		return s.store.AcceptInvitation(r.ctx(), r.by(), token)
	}
	if _, err := access.CleanName("name", name); err != nil {
		return access.Org{}, err
	}
	hash, err := hashNewPassword(r.FormValue("password"))
	if err != nil {
		return access.Org{}, err
	}
	org, user, err := s.store.AcceptAsNewUser(r.ctx(), r.by(), token, name, hash)
	if err != nil {
		return org, err
	}
	return org, r.startSession(user)
}
