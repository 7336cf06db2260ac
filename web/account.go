package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showAccount shows what belongs to the person themselves, in whatever organization.
func (s *Server) showAccount(r *request) error {
	shown, err := s.account(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, accountPage(shown))
}

func accountPage(shown views.Account) page {
	return pageOf("Your account", views.AccountPage, views.AccountPart, shown)
}

func (s *Server) account(r *request) (views.Account, error) {
	shown := views.Account{Person: r.user.Person, Name: r.user.Name, Theme: views.Theme(r.user.Theme), CanKeepFactors: s.store.CanKeepSecrets()}
	factors, err := s.store.FindFactors(r.ctx(), r.user.ID)
	if err != nil {
		return shown, err
	}
	if shown.Provisioner, err = s.store.FindProvisioner(r.ctx(), r.user.ID); err != nil {
		return shown, err
	}
	shown.App, shown.RecoveryCodes, shown.CanAddPasskeys = factors.App, factors.RecoveryCodes, s.passkeys != nil
	passkeys, err := s.store.ListPasskeys(r.ctx(), r.user.ID)
	if err != nil {
		return shown, err
	}
	for _, key := range passkeys {
		shown.Passkeys = append(shown.Passkeys, views.PasskeyRow{ID: key.ID, Name: key.Name, Added: key.AddedAt, LastUsed: key.LastUsed})
	}
	sessions, err := s.store.ListSessions(r.ctx(), r.user.ID)
	if err != nil {
		return shown, err
	}
	shown.Sessions = sessionRows(sessions, r.sessionID())
	orgs, err := s.store.ListOrganizations(r.ctx(), r.user.ID)
	if err != nil {
		return shown, err
	}
	for _, org := range orgs {
		shown.Orgs = append(shown.Orgs, views.OrgLink{Slug: org.Slug, Name: org.Name, Role: org.Role.Title})
	}
	tokens, err := s.store.ListOwnTokens(r.ctx(), r.user.ID)
	for _, token := range tokens {
		shown.Tokens = append(shown.Tokens, views.OwnToken{Org: views.OrgLink{Slug: token.Org.Slug, Name: token.Org.Name}, Token: token.APIToken, MakerMay: token.MakerMay})
	}
	return shown, err
}

func sessionRows(sessions []db.SessionRow, current access.ID) []views.SessionRow {
	rows := make([]views.SessionRow, len(sessions))
	for i, session := range sessions {
		rows[i] = views.SessionRow{ID: session.ID, Device: views.Device(session.Agent), Address: session.Address, Began: session.Began,
			LastSeen: session.LastSeen, Current: session.ID == current, Provider: session.Provider}
	}
	return rows
}

// sessionID is the id of the session that the request came with.
func (r *request) sessionID() access.ID {
	id, _ := r.session.Values[sessionID].(access.ID)
	return id
}

// changeProfile changes the person's name.
func (s *Server) changeProfile(r *request) error {
	name := r.form("name")
	if err := s.store.RenameUser(r.ctx(), r.by(), name); err != nil {
		shown, readErr := s.account(r)
		if readErr != nil {
			return readErr
		}
		shown.Name = name
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return accountPage(shown)
		})
	}
	return r.done(views.AccountPath(), views.Flash{Message: "Your name is changed."})
}

// endSession ends one of the person's sessions. Ending the one that they are in is signing out.
func (s *Server) endSession(r *request) error {
	id, err := r.id("session")
	if err != nil {
		return err
	}
	if id == r.sessionID() {
		return s.signOut(r)
	}
	if err := s.store.EndOwnSession(r.ctx(), r.user.ID, id); err != nil {
		return err
	}
	return r.done(views.AccountPath(), views.Flash{Message: "The session is ended."})
}

// endOtherSessions ends all of the person's sessions but the one that they are in.
func (s *Server) endOtherSessions(r *request) error {
	if err := s.store.EndOtherSessions(r.ctx(), r.user.ID, r.sessionID()); err != nil {
		return err
	}
	return r.done(views.AccountPath(), views.Flash{Message: "You are signed out everywhere else."})
}

// endMemberSession ends one session of a member.
func (s *Server) endMemberSession(r *request) error {
	id, err := r.id("session")
	if err != nil {
		return err
	}
	return s.endSessions(r, id, "The session is ended.")
}

// endMemberSessions ends every session of a member.
func (s *Server) endMemberSessions(r *request) error {
	return s.endSessions(r, "", "All sessions are ended.")
}

func (s *Server) endSessions(r *request, session access.ID, told string) error {
	member, err := s.member(r)
	if err != nil {
		return err
	}
	if err := s.store.EndMemberSession(r.ctx(), r.by(), r.org().ID, member.ID, session); err != nil {
		return err
	}
	return r.done(views.MemberPath(r.org().Slug, member.ID), views.Flash{Message: told})
}
