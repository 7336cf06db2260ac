package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showDeactivation asks before a member is deactivated, and shows what they can then no longer do.
func (s *Server) showDeactivation(r *request) error {
	form, err := s.deactivationForm(r)
	if err == nil {
		err = s.addDeactivationEffect(r, &form)
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, deactivationPage(form))
}

func (s *Server) addDeactivationEffect(r *request, form *views.Deactivation) (err error) {
	if form.Refusal == "" {
		form.Effect, err = s.store.PreviewMemberChange(r.ctx(), r.by(), r.org().ID, form.Person.ID, db.MemberChange{Status: access.Deactivated})
	}
	return err
}

func deactivationPage(shown views.Deactivation) page {
	return pageOf("Deactivate", views.DeactivationPage, views.DeactivationDialog, shown)
}

func (s *Server) deactivationForm(r *request) (views.Deactivation, error) {
	member, err := s.member(r)
	if err != nil {
		return views.Deactivation{}, err
	}
	last, err := s.isLastAdmin(r, member)
	if err != nil {
		return views.Deactivation{}, err
	}
	refusal := access.Decide(r.actor(), access.DeactivateMember{Member: member, LastAdmin: last})
	if errors.Is(refusal, access.ErrDenied) {
		return views.Deactivation{}, refusal
	}
	stake, err := s.store.CountStake(r.ctx(), r.org().ID, member.ID)
	return views.Deactivation{Org: r.org().Slug, Person: member.Person, You: member.ID == r.user.ID, Owns: stake.Resources, Seen: member.Standing(),
		Refusal: views.MayIf(refusal).Refusal}, err
}

// deactivateMember lets nothing that a member has count.
func (s *Server) deactivateMember(r *request) error {
	form, err := s.deactivationForm(r)
	if err != nil {
		return err
	}
	asked := db.MemberChange{Status: access.Deactivated, Seen: r.form("seen")}
	if err := s.store.ChangeMember(r.ctx(), r.by(), r.org().ID, form.Person.ID, asked); err != nil {
		if failed := s.addDeactivationEffect(r, &form); failed != nil {
			return failed
		}
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return deactivationPage(form)
		})
	}
	return r.done(r.cameFrom(views.MembersPath(r.org().Slug)), views.Flash{
		Message: form.Person.Label() + " is deactivated. Everything they have is kept.",
		Undo:    &views.Undo{Path: views.ReactivationPath(r.org().Slug, form.Person.ID)},
	})
}

// reactivateMember lets everything that a member has count again.
func (s *Server) reactivateMember(r *request) error {
	member, err := s.member(r)
	if err != nil {
		return err
	}
	if err := s.store.ReactivateMember(r.ctx(), r.by(), r.org().ID, member.ID); err != nil {
		return err
	}
	return r.done(r.cameFrom(views.MembersPath(r.org().Slug)), views.Flash{Message: member.Label() + " is active again."})
}
