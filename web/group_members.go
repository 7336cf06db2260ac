package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showGroupAddition asks whom to add to a group.
func (s *Server) showGroupAddition(r *request) error {
	form, err := s.groupAdditionForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, groupAdditionPage(form))
}

func groupAdditionPage(shown views.GroupAddition) page {
	return pageOf("Add members", views.GroupAdditionPage, views.GroupAdditionDialog, shown)
}

func (s *Server) groupAdditionForm(r *request) (views.GroupAddition, error) {
	group, err := s.manageableGroup(r)
	if err != nil {
		return views.GroupAddition{}, err
	}
	holdings, err := s.store.CountGroupHoldings(r.ctx(), r.org().ID, group.ID)
	return views.GroupAddition{Org: r.org().Slug, Group: group.Ref(), Role: access.GroupMember, Carries: group.Carries, Shares: holdings.Resources,
		Picker: views.Picker{Path: views.GroupCandidatesPath(r.org().Slug, group.ID)}}, err
}

// manageableGroup reads the group of the URL for somebody who may change who is in it.
func (s *Server) manageableGroup(r *request) (db.Group, error) {
	group, err := s.group(r)
	if err != nil {
		return group, err
	}
	return group, access.Decide(r.actor(), access.RemoveGroupMember{Group: group.GroupFacts})
}

// listGroupCandidates answers what is typed into the picker.
func (s *Server) listGroupCandidates(r *request) error {
	group, err := s.manageableGroup(r)
	if err != nil {
		return err
	}
	search := r.QueryParam("search")
	found, more, err := s.store.ListCandidates(r.ctx(), r.org().ID, "", search)
	if err != nil {
		return err
	}
	inside, err := s.store.ListGroupMemberIDs(r.ctx(), r.org().ID, group.ID)
	if err != nil {
		return err
	}
	shown := views.Candidates{Search: search, More: more}
	for _, one := range found {
		candidate := candidateOf(one)
		switch {
		case one.ID == group.ID:
			candidate.Refusal = "This is the group itself"
		case inside[one.ID]:
			candidate.Refusal = "Is in the group already"
		}
		shown.Options = append(shown.Options, candidate)
	}
	return r.send(http.StatusOK, views.CandidatesList(shown))
}

// candidateOf is a person or a group in the list under a picker.
func candidateOf(found db.Candidate) views.Candidate {
	shown := views.Candidate{Value: found.Type + ":" + string(found.ID), Label: found.Name, Detail: found.Email}
	if found.Type == "group" {
		shown.Detail = peopleInside(found.People)
	}
	if shown.Label == "" {
		shown.Label = found.Email
	}
	return shown
}

func peopleInside(count int) string {
	if count == 1 {
		return "Group · 1 person"
	}
	return "Group · " + strconv.Itoa(count) + " people"
}

// addGroupMembers puts people and groups into a group, all of them or none.
func (s *Server) addGroupMembers(r *request) error {
	form, err := s.groupAdditionForm(r)
	if err != nil {
		return err
	}
	made, err := s.chosen(r, false)
	form.Picker.Chips, form.Role = made.chips, access.GroupRole(r.form("role"))
	if err == nil && !made.bad && r.form("confirm") != groupsToConfirm(made) {
		return s.showGroupAdditionEffect(r, form, made)
	}
	if err == nil {
		err = s.addChosen(r, form, made)
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems, form.Picker.Problem = problems, problems["who"]
			return groupAdditionPage(form)
		})
	}
	return r.done(views.GroupPath(r.org().Slug, form.Group.ID), views.Flash{Message: "Added to " + form.Group.Name + "."})
}

// groupsToConfirm names the groups among those chosen: putting a group into another moves everybody inside, so what that
// does is shown before it is done.
func groupsToConfirm(made choice) string {
	var groups []string
	for _, one := range made.who {
		if one.Type == "group" {
			groups = append(groups, "group:"+string(one.ID))
		}
	}
	slices.Sort(groups)
	return strings.Join(groups, " ")
}

// showGroupAdditionEffect shows the form again, with what adding the chosen people and groups would do.
func (s *Server) showGroupAdditionEffect(r *request, form views.GroupAddition, made choice) error {
	effect, err := s.store.PreviewGroupAddition(r.ctx(), r.by(), r.org().ID, form.Group.ID, made.who, form.Role)
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems, form.Picker.Problem = problems, problems["who"]
			return groupAdditionPage(form)
		})
	}
	form.Effect, form.Confirm = &effect, groupsToConfirm(made)
	return r.show(http.StatusOK, groupAdditionPage(form))
}

func (s *Server) addChosen(r *request, form views.GroupAddition, made choice) error {
	if made.bad {
		return access.Invalid("who", "Mend or remove what is marked. Nobody was added.")
	}
	role, err := access.ParseGroupRole(string(form.Role))
	if err != nil {
		return err
	}
	return s.store.AddToGroup(r.ctx(), r.by(), r.org().ID, form.Group.ID, made.who, role)
}

// changeGroupMemberRole makes a member of a group its admin, or no longer.
func (s *Server) changeGroupMemberRole(r *request) error {
	group, err := s.group(r)
	if err != nil {
		return err
	}
	user, err := r.id("user")
	if err != nil {
		return err
	}
	to, err := access.ParseGroupRole(r.form("role"))
	if err != nil {
		return err
	}
	if err := s.store.ChangeGroupMemberRole(r.ctx(), r.by(), r.org().ID, group.ID, user, to); err != nil {
		return err
	}
	from := access.GroupAdmin
	if to == access.GroupAdmin {
		from = access.GroupMember
	}
	return r.done(views.GroupPath(r.org().Slug, group.ID), views.Flash{Message: "The role in " + group.Name + " is changed.",
		Undo: &views.Undo{Path: views.GroupMemberRolePath(r.org().Slug, group.ID, user), Fields: []views.Field{{Name: "role", Value: string(from)}}}})
}

// showGroupMemberRemoval asks before a person is taken out of a group.
func (s *Server) showGroupMemberRemoval(r *request) error {
	form, err := s.groupMemberRemovalForm(r)
	if err != nil {
		return err
	}
	preview := s.store.PreviewGroupMemberRemoval
	if form.Member.Type == "group" {
		preview = s.store.PreviewUnnesting
	}
	if form.Effect, err = preview(r.ctx(), r.by(), r.org().ID, form.Group.ID, form.Member.ID); err != nil {
		return err
	}
	return r.show(http.StatusOK, groupMemberRemovalPage(form))
}

func groupMemberRemovalPage(shown views.GroupMemberRemoval) page {
	return pageOf("Remove from group", views.GroupMemberRemovalPage, views.GroupMemberRemovalDialog, shown)
}

// groupMemberRemovalForm reads whom the URL takes out of which group: a user, or a group where the URL names one.
func (s *Server) groupMemberRemovalForm(r *request) (views.GroupMemberRemoval, error) {
	group, err := s.manageableGroup(r)
	if err != nil {
		return views.GroupMemberRemoval{}, err
	}
	member, err := s.memberOfGroup(r, group.ID)
	return views.GroupMemberRemoval{Org: r.org().Slug, Group: group.Ref(), Member: member, You: member.ID == r.user.ID}, err
}

// memberOfGroup finds who is directly in a group: the user of the URL, or the group of the URL.
func (s *Server) memberOfGroup(r *request, group access.ID) (access.Ref, error) {
	wanted := access.Ref{Type: "user"}
	name := "user"
	if r.Param("member") != "" {
		wanted.Type, name = "group", "member"
	}
	id, err := r.id(name)
	if err != nil {
		return wanted, err
	}
	inside, err := s.store.ListGroupMemberIDs(r.ctx(), r.org().ID, group)
	if err != nil {
		return wanted, err
	}
	if !inside[id] {
		return wanted, access.ErrNotFound
	}
	principal, err := s.store.FindPrincipal(r.ctx(), r.org().ID, access.Ref{Type: wanted.Type, ID: id})
	return principal.Ref, err
}

// confirmation is the field with which a form that adds somebody again is not asked for it twice.
func confirmation(member access.Ref) views.Field {
	field := views.Field{Name: "confirm"}
	if member.Type == "group" {
		field.Value = "group:" + string(member.ID)
	}
	return field
}

// removeGroupMember takes a person or a group out of a group, and offers to undo it.
func (s *Server) removeGroupMember(r *request) error {
	form, err := s.groupMemberRemovalForm(r)
	if err != nil {
		return err
	}
	remove := s.store.RemoveGroupMember
	if form.Member.Type == "group" {
		remove = s.store.UnnestGroup
	}
	if err := remove(r.ctx(), r.by(), r.org().ID, form.Group.ID, form.Member.ID); err != nil {
		return err // what forbids it forbids the preview, so there is no form to show again
	}
	who := views.Field{Name: "who", Value: form.Member.Type + ":" + string(form.Member.ID)}
	return r.done(views.GroupPath(r.org().Slug, form.Group.ID), views.Flash{Message: form.Member.Name + " is no longer in " + form.Group.Name + ".",
		Undo: &views.Undo{Path: views.GroupMembersPath(r.org().Slug, form.Group.ID), Fields: []views.Field{who, {Name: "role", Value: "member"}, confirmation(form.Member)}}})
}
