package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

const (
	ownedPage = 25  // resources on a page of what somebody owns
	maxHeirs  = 200 // people named for one resource or group
)

// showMemberRemoval begins the page on which a member is removed, or leaves.
func (s *Server) showMemberRemoval(r *request) error {
	form, err := s.leavingForm(r)
	if err != nil {
		return err
	}
	form.Step = form.Steps()[0]
	if err := s.fillStep(r, &form, nil); err != nil {
		return err
	}
	return r.show(http.StatusOK, leavingPage(form))
}

func leavingPage(shown views.Leaving) page {
	return pageOf("Remove a member", views.LeavingPage, views.LeavingPart, shown)
}

// leavingForm is what every step says, without what was chosen.
func (s *Server) leavingForm(r *request) (views.Leaving, error) {
	member, refusal, err := s.leavingMember(r)
	if err != nil {
		return views.Leaving{}, err
	}
	form := views.Leaving{Org: r.org().Slug, Person: member.Person, You: member.ID == r.user.ID,
		Refusal: views.MayIf(refusal).Refusal, Heirs: map[access.ID]string{}, Admins: map[access.ID]string{}}
	_, form.Deactivate, _, _ = memberActions(r, member, refusal != nil)
	stake, err := s.store.CountStake(r.ctx(), r.org().ID, member.ID)
	if err != nil {
		return form, err
	}
	form.Has = views.LeavingStake{Resources: stake.Resources, Groups: stake.Groups, Grants: stake.Grants, Tokens: stake.Tokens, Invitations: stake.Invitations}
	if !form.You {
		sessions, err := s.store.ListSessions(r.ctx(), member.ID)
		form.Has.Sessions = len(sessions)
		return form, err
	}
	return form, nil
}

// leavingMember reads the member, and what keeps them whoever takes over. Who may not remove them is denied.
func (s *Server) leavingMember(r *request) (member access.Member, refusal, err error) {
	if member, err = s.member(r); err != nil {
		return member, nil, err
	}
	last, err := s.isLastAdmin(r, member)
	if err != nil {
		return member, nil, err
	}
	refusal = access.Decide(r.actor(), access.RemoveMember{Member: member, LastAdmin: last})
	if errors.Is(refusal, access.ErrDenied) {
		return member, nil, refusal
	}
	return member, refusal, nil
}

// removeMember goes from step to step and ends the membership after the last. A form without steps ends it at once.
func (s *Server) removeMember(r *request) error {
	form, err := s.leavingForm(r)
	if err != nil {
		return err
	}
	how, err := chooseHeirs(r, &form)
	form.Step, form.Moved = views.LeavingStep(r.form("at")), true
	to := views.LeavingStep(r.form("to"))
	switch {
	case err == nil && (form.Step == "" || to == views.LeavingDone):
		err = s.leave(r, form, how)
	case err == nil || form.Before(to, form.Step):
		return s.step(r, form, how, string(to))
	}
	if err == nil {
		return s.left(r, form)
	}
	return s.refuseLeaving(r, form, how, err)
}

func (s *Server) leave(r *request, form views.Leaving, how db.Leaving) error {
	return s.store.EndMembership(r.ctx(), r.by(), r.org().ID, form.Person.ID, how)
}

func (s *Server) left(r *request, form views.Leaving) error {
	if form.You {
		return r.goTo(views.RootPath())
	}
	return r.done(views.MembersPath(r.org().Slug), views.Flash{Message: form.Person.Label() + " is no longer a member."})
}

// chooseHeirs reads what was chosen in all steps.
func chooseHeirs(r *request, form *views.Leaving) (how db.Leaving, err error) {
	form.Heir, form.EndSessions, form.Seen = r.form("heir"), r.form("sessions") == "yes", r.form("seen")
	for name := range r.Request().PostForm {
		field, id, _ := strings.Cut(name, ".")
		typed := r.form(name)
		if typed == "" || !access.IsID(id) {
			continue
		}
		switch field {
		case "heir":
			form.Heirs[access.ID(id)] = typed
		case "admin":
			form.Admins[access.ID(id)] = typed
		}
	}
	if len(form.Heirs)+len(form.Admins) > maxHeirs {
		return how, access.Invalid("", "Name at most %d people apart from the new owner of all the rest.", maxHeirs)
	}
	how = db.Leaving{EndSessions: form.EndSessions, Seen: form.Seen}
	if how.Heir, err = heirEmail("heir", form.Heir); err != nil {
		return how, err
	}
	if how.Heirs, err = heirEmails(form.Heirs, access.HeirField); err != nil {
		return how, err
	}
	how.Admins, err = heirEmails(form.Admins, access.AdminField)
	return how, err
}

func heirEmails(typed map[access.ID]string, field func(access.ID) string) (map[access.ID]string, error) {
	emails := map[access.ID]string{}
	for id, text := range typed {
		email, err := heirEmail(field(id), text)
		if err != nil {
			return nil, err
		}
		emails[id] = email
	}
	return emails, nil
}

func heirEmail(field, typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	return db.EmailIn(field, typed)
}

// step shows another step, or another page of the list. Whoever goes on is told at once what would be refused.
func (s *Server) step(r *request, form views.Leaving, how db.Leaving, to string) error {
	turned, paged := strings.CutPrefix(to, "page:")
	at, _ := url.ParseQuery(turned) // what is none is the first page
	if next := views.LeavingStep(to); form.Before(form.Step, next) {
		how.Seen = ""
		if err := s.store.JudgeLeaving(r.ctx(), r.by(), r.org().ID, form.Person.ID, how); err != nil {
			return s.refuseLeaving(r, form, how, err)
		}
		form.Step = next
	} else if form.Before(next, form.Step) {
		form.Step = next
	}
	if paged {
		form.Step = views.LeavingResources
	}
	if err := s.fillStep(r, &form, at); err != nil {
		return s.refuseLeaving(r, form, how, err)
	}
	return r.show(http.StatusOK, leavingPage(form))
}

// refuseLeaving shows the step at fault, as it is now, with what was chosen.
func (s *Server) refuseLeaving(r *request, form views.Leaving, how db.Leaving, refusal error) error {
	if !errors.Is(refusal, access.ErrInvalid) && !errors.Is(refusal, access.ErrConflict) {
		return refusal
	}
	form.Problems = views.ProblemsOf(refusal)
	for field := range form.Problems {
		form.Step = form.StepOf(field)
	}
	if err := s.fillStep(r, &form, nil); err != nil { // the review has a fault of its own
		for field, problem := range views.ProblemsOf(err) {
			form.Step, form.Problems[field] = form.StepOf(field), problem
		}
		if form.Step == views.LeavingReview {
			return refusal
		}
		if err := s.fillStep(r, &form, nil); err != nil {
			return err
		}
	}
	if r.partial() && r.Request().PostForm.Has(proofField) { // the form was sent again from a dialog
		header := r.Response().Header()
		header.Set("HX-Retarget", "#leaving")
		header.Set("HX-Reswap", "outerHTML")
		header.Set("HX-Trigger", "done")
	}
	return r.refused(refusal, func(views.Problems) page { return leavingPage(form) })
}
