package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

const maxInvited = 200 // addresses at once

// showInvitationForm asks whom to invite, as what.
func (s *Server) showInvitationForm(r *request) error {
	form, err := s.invitationForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, invitationPage(form))
}

func invitationPage(shown views.InvitationForm) page {
	return pageOf("Invite people", views.InvitationFormPage, views.InvitationDialog, shown)
}

// invitationForm is the form, with what was typed in it if anything was.
func (s *Server) invitationForm(r *request) (views.InvitationForm, error) {
	if err := access.Decide(r.actor(), access.InviteMember{}); err != nil {
		return views.InvitationForm{}, err
	}
	form := views.InvitationForm{Org: r.org().Slug, To: r.FormValue("to"), Role: r.form("role"), Message: r.form("message"),
		Roles: access.RolesOf(access.Organization), Mail: s.store.SendsMail(),
		Groups: views.Picker{Path: views.InvitationCandidatesPath(r.org().Slug), OnlyGroups: true}}
	if r.Request().Method == http.MethodGet {
		form.Role = "member"
	}
	return form, nil
}

// listInvitationCandidates answers what is typed into the picker of groups.
func (s *Server) listInvitationCandidates(r *request) error {
	if err := access.Decide(r.actor(), access.InviteMember{}); err != nil {
		return err
	}
	search := r.QueryParam("search")
	found, more, err := s.store.ListCandidates(r.ctx(), r.org().ID, r.org().ID, search)
	if err != nil {
		return err
	}
	shown := views.Candidates{Search: search, More: more, OnlyGroups: true}
	for _, one := range found {
		shown.Options = append(shown.Options, candidateOf(one))
	}
	return r.send(http.StatusOK, views.CandidatesList(shown))
}

// invite invites every address, each in a transaction of its own, and says what became of each. A bad, double or known
// address keeps the form, and nobody is invited.
func (s *Server) invite(r *request) error {
	form, err := s.invitationForm(r)
	if err != nil {
		return err
	}
	groups, groupsErr := s.chosenGroups(r, &form.Groups)
	emails, err := s.readInvited(r, &form)
	if err = cmp.Or(err, groupsErr); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems, form.Groups.Problem = problems, problems["who"]
			return invitationPage(form)
		})
	}
	shown := views.InvitationResults{Org: r.org().Slug, Mail: s.store.SendsMail()}
	for _, email := range emails {
		result, err := s.inviteOne(r, db.NewInvitation{Email: email, Role: form.Role, Groups: groups, Message: form.Message})
		if err != nil {
			return err
		}
		shown.Results = append(shown.Results, result)
	}
	r.Response().Header().Set("HX-Trigger", "changed")
	return r.show(http.StatusOK, pageOf("Invitations", views.InvitationResultsPage, views.InvitationResultsDialog, shown))
}

// readInvited takes the form's text apart into addresses. On a problem the form's chips say which, and why.
func (s *Server) readInvited(r *request, form *views.InvitationForm) ([]string, error) {
	var emails []string
	seen := map[string]bool{}
	bad := 0
	addresses := splitAddresses(form.To)
	if len(addresses) > maxInvited {
		return nil, access.Invalid("to", "Invite at most %d people at once.", maxInvited)
	}
	for _, typed := range addresses {
		email, problem, err := s.checkInvited(r, typed, seen)
		if err != nil {
			return nil, err
		}
		if problem != "" {
			bad++
		}
		seen[email] = true
		emails = append(emails, email)
		form.Chips = append(form.Chips, views.InvitationChip{Text: typed, Problem: problem})
	}
	_, roleErr := access.FindRole(access.Organization, form.Role)
	_, messageErr := access.CleanMessage(form.Message)
	switch {
	case len(emails) == 0:
		return nil, access.Invalid("to", "Enter the addresses of the people to invite.")
	case bad > 0:
		return nil, access.Invalid("to", "Mend or remove the addresses that are marked. Nobody was invited.")
	}
	return emails, cmp.Or(roleErr, messageErr)
}

// chosenGroups reads the groups that they join, and keeps what was chosen in the picker.
func (s *Server) chosenGroups(r *request, picker *views.Picker) ([]access.ID, error) {
	made, err := s.chosen(r, false)
	picker.Chips = made.chips
	if made.bad {
		err = cmp.Or(err, access.Invalid("who", "Mend or remove what is marked. Nobody was invited."))
	}
	groups := make([]access.ID, len(made.who))
	for i, one := range made.who {
		if one.Type != "group" {
			err = cmp.Or(err, access.Invalid("who", "%s is no group. Nobody was invited.", one.Name))
		}
		groups[i] = one.ID
	}
	return groups, err
}

// checkInvited normalizes one address and says why it cannot be invited, if it cannot.
func (s *Server) checkInvited(r *request, typed string, seen map[string]bool) (email, problem string, err error) {
	if parsed, err := mail.ParseAddress(typed); err == nil {
		typed = parsed.Address
	}
	email, err = db.NormalizeEmail(typed)
	if err != nil {
		return typed, "This is not an e-mail address.", nil
	}
	if seen[email] {
		return email, "This address is here twice.", nil
	}
	member, invited, err := s.store.InvitationStanding(r.ctx(), r.org().ID, email)
	switch {
	case member:
		problem = "Is a member already."
	case invited:
		problem = "Is invited already."
	}
	return email, problem, err
}

// splitAddresses takes "Name <a@b>, c@d; e@f" apart. Commas, semicolons and lines part addresses; spaces do so outside a
// name with angle brackets.
func splitAddresses(text string) []string {
	var found []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' || r == '\t' }) {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case strings.Contains(part, "<"):
			found = append(found, part)
		default:
			found = append(found, strings.Fields(part)...)
		}
	}
	return found
}

// inviteOne invites one address. A refusal becomes a result; any other failure ends the request.
func (s *Server) inviteOne(r *request, invited db.NewInvitation) (views.InvitationResult, error) {
	result := views.InvitationResult{Email: invited.Email, ExpiresAt: time.Now().Add(db.InvitationLasts)}
	token, err := s.store.Invite(r.ctx(), r.by(), r.org().ID, invited)
	var refusal *access.Error
	if errors.As(err, &refusal) {
		result.Problem = refusal.Message
		return result, nil
	}
	result.Link = s.link(views.AcceptancePath(token))
	return result, err
}

// renewInvitation makes a new link; the old one stops working.
func (s *Server) renewInvitation(r *request) error {
	id, err := r.id("invitation")
	if err != nil {
		return err
	}
	token, email, err := s.store.RenewInvitation(r.ctx(), r.by(), r.org().ID, id)
	if err != nil {
		return err
	}
	shown := views.InvitationResults{Org: r.org().Slug, Mail: s.store.SendsMail(), Results: []views.InvitationResult{{Email: email,
		Link: s.link(views.AcceptancePath(token)), ExpiresAt: time.Now().Add(db.InvitationLasts)}}}
	r.Response().Header().Set("HX-Trigger", "changed")
	return r.show(http.StatusOK, pageOf("Invitation", views.InvitationResultsPage, views.InvitationResultsDialog, shown))
}

// revokeInvitation takes an invitation back.
func (s *Server) revokeInvitation(r *request) error {
	id, err := r.id("invitation")
	if err != nil {
		return err
	}
	if err := s.store.RevokeInvitation(r.ctx(), r.by(), r.org().ID, id); err != nil {
		return err
	}
	return r.done(views.MembersPath(r.org().Slug), views.Flash{Message: "The invitation is revoked. Its link no longer works."})
}
