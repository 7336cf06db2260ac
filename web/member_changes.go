package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showDeactivation asks before a member is deactivated.
func (s *Server) showDeactivation(r *request) error {
	form, err := s.deactivationForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, deactivationPage(form))
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
	holdings, err := s.store.CountHoldings(r.ctx(), r.org().ID, member.ID)
	return views.Deactivation{Org: r.org().Slug, Person: member.Person, You: member.ID == r.user.ID, Owns: holdings.Resources,
		Refusal: views.MayIf(refusal).Refusal}, err
}

// deactivateMember lets nothing that a member has count.
func (s *Server) deactivateMember(r *request) error {
	form, err := s.deactivationForm(r)
	if err != nil {
		return err
	}
	if err := s.store.DeactivateMember(r.ctx(), r.by(), r.org().ID, form.Person.ID); err != nil {
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

// showMemberRemoval asks before a member is removed, and who takes over what they own.
func (s *Server) showMemberRemoval(r *request) error {
	form, err := s.memberRemovalForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, memberRemovalPage(form))
}

func memberRemovalPage(shown views.MemberRemoval) page {
	return pageOf("Remove a member", views.MemberRemovalPage, views.MemberRemovalDialog, shown)
}

func (s *Server) memberRemovalForm(r *request) (views.MemberRemoval, error) {
	member, err := s.member(r)
	if err != nil {
		return views.MemberRemoval{}, err
	}
	last, err := s.isLastAdmin(r, member)
	if err != nil {
		return views.MemberRemoval{}, err
	}
	refusal := access.Decide(r.actor(), access.RemoveMember{Member: member, LastAdmin: last})
	if errors.Is(refusal, access.ErrDenied) {
		return views.MemberRemoval{}, refusal
	}
	holdings, err := s.store.CountHoldings(r.ctx(), r.org().ID, member.ID)
	if err != nil {
		return views.MemberRemoval{}, err
	}
	heirs, err := s.store.ListHeirs(r.ctx(), r.org().ID, member.ID, "")
	if err != nil {
		return views.MemberRemoval{}, err
	}
	form := views.MemberRemoval{Org: r.org().Slug, Person: member.Person, You: member.ID == r.user.ID, Owns: holdings.Resources,
		Groups: holdings.Groups, Grants: holdings.Grants, Suggestions: heirs, Refusal: views.MayIf(refusal).Refusal}
	form.Effect, err = s.removalEffect(r, form)
	return form, err
}

// removalEffect is what the removal takes from the one who goes. Who takes over makes no difference to that.
func (s *Server) removalEffect(r *request, form views.MemberRemoval) (access.Effect, error) {
	heir := ""
	if len(form.Suggestions) > 0 {
		heir = form.Suggestions[0].Email
	}
	if form.Refusal != "" || form.Owns > 0 && heir == "" {
		return access.Effect{}, nil
	}
	effect, err := s.store.PreviewMemberRemoval(r.ctx(), r.by(), r.org().ID, form.Person.ID, heir)
	if errors.Is(err, access.ErrInvalid) || errors.Is(err, access.ErrConflict) {
		err = nil // what keeps it from happening is said when it is asked for
	}
	return effect, err
}

// removeMember ends a membership; the heir takes over what the member owned.
func (s *Server) removeMember(r *request) error {
	form, err := s.memberRemovalForm(r)
	if err != nil {
		return err
	}
	form.Heir = r.form("heir")
	if err := s.remove(r, form); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return memberRemovalPage(form)
		})
	}
	if form.You {
		return r.goTo(views.RootPath())
	}
	return r.done(views.MembersPath(r.org().Slug), views.Flash{Message: form.Person.Label() + " is no longer a member."})
}

func (s *Server) remove(r *request, form views.MemberRemoval) error {
	heir := ""
	if form.Heir != "" {
		var err error
		if heir, err = db.NormalizeEmail(form.Heir); err != nil {
			return access.Invalid("heir", "%q is not an e-mail address.", form.Heir)
		}
	}
	return s.store.RemoveMember(r.ctx(), r.by(), r.org().ID, form.Person.ID, heir)
}
