package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// fillStep reads what the step of the form shows.
func (s *Server) fillStep(r *request, form *views.Leaving, at url.Values) error {
	if form.Refusal != "" {
		return nil
	}
	switch form.Step {
	case views.LeavingResources:
		return s.fillOwned(r, form, at)
	case views.LeavingGroups:
		return s.fillGroups(r, form)
	case views.LeavingAccess:
		return s.fillEnds(r, form)
	}
	form.Step = views.LeavingReview
	return s.fillReview(r, form)
}

func (s *Server) fillOwned(r *request, form *views.Leaving, at url.Values) error {
	form.Search = r.form("search")
	list, err := s.store.ListOwned(r.ctx(), r.org().ID, form.Person.ID, form.Search, db.Page{After: at.Get("after"), Size: ownedPage})
	if err != nil {
		return err
	}
	form.Pager = pagerAt(at, list)
	for _, row := range list.Rows {
		form.Owned = append(form.Owned, views.OwnedRow{Resource: row.Ref, In: row.In, InToo: row.InToo, Inside: row.Inside})
	}
	if err := s.fillElsewhere(r, form); err != nil {
		return err
	}
	form.Suggestions, err = s.store.ListHeirs(r.ctx(), r.org().ID, form.Person.ID, "")
	return err
}

// fillElsewhere shows what has an heir of its own and is not on this page of the list. What is theirs no more is left out.
func (s *Server) fillElsewhere(r *request, form *views.Leaving) error {
	owned, err := s.store.FindOwned(r.ctx(), r.org().ID, form.Person.ID, slices.Collect(maps.Keys(form.Heirs)))
	if err != nil {
		return err
	}
	theirs, listed := map[access.ID]bool{}, map[access.ID]bool{}
	for _, row := range form.Owned {
		listed[row.Resource.ID] = true
	}
	for _, resource := range owned {
		theirs[resource.ID] = true
		if !listed[resource.ID] {
			form.Elsewhere = append(form.Elsewhere, resource)
		}
	}
	leaveOut(form, form.Heirs, theirs, access.HeirField)
	return nil
}

// leaveOut forgets choices about what there is nothing to choose for, and says at the top what was said of them.
func leaveOut(form *views.Leaving, chosen map[access.ID]string, known map[access.ID]bool, field func(access.ID) string) {
	for id := range chosen {
		if !known[id] {
			delete(chosen, id)
			if problem := form.Problems[field(id)]; problem != "" {
				form.Problems[""] = problem
			}
		}
	}
}

func (s *Server) fillGroups(r *request, form *views.Leaving) error {
	groups, err := s.store.ListGroupsToLeave(r.ctx(), r.org().ID, form.Person.ID)
	if err != nil {
		return err
	}
	asked := map[access.ID]bool{}
	for _, group := range groups {
		left := views.LeftGroup{Group: group.Group, Alone: group.Alone, Others: group.Others}
		if group.Alone {
			facts, err := s.store.FindGroup(r.ctx(), r.org().ID, r.user.ID, group.Group.ID)
			if err != nil {
				return err
			}
			left.Refusal = refusalOf(access.Decide(r.actor(), access.AddGroupMember{Group: facts.GroupFacts, Role: access.GroupAdmin}))
		}
		form.Groups = append(form.Groups, left)
		asked[group.Group.ID] = left.Alone && left.Refusal == ""
	}
	leaveOut(form, form.Admins, asked, access.AdminField)
	form.Suggestions, err = s.store.ListHeirs(r.ctx(), r.org().ID, form.Person.ID, "")
	return err
}

func refusalOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (s *Server) fillEnds(r *request, form *views.Leaving) error {
	grants, err := s.store.ListGrantsToLeave(r.ctx(), r.org().ID, form.Person.ID)
	if err != nil {
		return err
	}
	for _, grant := range grants {
		form.Grants = append(form.Grants, views.LeftGrant{Resource: grant.Resource, Role: grant.Role, ExpiresAt: grant.ExpiresAt})
	}
	if form.Tokens, err = s.store.ListTokensToLeave(r.ctx(), r.org().ID, form.Person.ID); err != nil {
		return err
	}
	form.Invitations, err = s.store.ListInvitationsToLeave(r.ctx(), r.org().ID, form.Person.ID)
	return err
}

// fillReview tries the very change and says what it does.
func (s *Server) fillReview(r *request, form *views.Leaving) error {
	how, err := chooseHeirs(r, form)
	if err != nil {
		return err
	}
	preview, err := s.store.PreviewLeaving(r.ctx(), r.by(), r.org().ID, form.Person.ID, how)
	if err != nil {
		return err
	}
	form.Effect, form.Seen = preview.Effect, preview.Seen
	for _, heir := range preview.Heirs {
		if heir.Resources > 0 {
			form.Takes = append(form.Takes, heir)
		}
	}
	groups, err := s.store.ListGroupsToLeave(r.ctx(), r.org().ID, form.Person.ID)
	for _, group := range groups {
		form.Groups = append(form.Groups, views.LeftGroup{Group: group.Group})
	}
	return err
}

// listHeirs answers what is typed into a field for somebody who takes over.
func (s *Server) listHeirs(r *request) error {
	member, _, err := s.leavingMember(r)
	if err != nil {
		return err
	}
	typed := ""
	for _, values := range r.QueryParams() { // the field's own name is its parameter
		typed = values[0]
	}
	heirs, err := s.store.ListHeirs(r.ctx(), r.org().ID, member.ID, typed)
	if err != nil {
		return err
	}
	return r.send(http.StatusOK, views.HeirOptions(heirs))
}
