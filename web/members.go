package web

import (
	"net/http"
	"slices"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// listMembers shows the members and open invitations.
func (s *Server) listMembers(r *request) error {
	filter := views.MembersFilter{Search: r.QueryParam("search"), Role: r.QueryParam("role"), Status: r.QueryParam("status"), Sort: r.QueryParam("sort")}
	list, err := paged(r.part(), func(page db.Page) (db.Listing[db.MemberRow], error) {
		return s.store.ListMembers(r.ctx(), r.org().ID, db.MemberFilter{Search: filter.Search, Role: filter.Role,
			Status: access.Status(filter.Status), Sort: filter.Sort}, page)
	})
	if err != nil {
		return err
	}
	shown := views.Members{Org: r.org().Slug, Filter: filter, Pager: pager(r, list), CanInvite: r.actor().Rights.Has(access.Members), Mail: s.store.SendsMail()}
	for _, row := range list.Rows {
		member, err := s.memberRow(r, row)
		if err != nil {
			return err
		}
		shown.Rows = append(shown.Rows, member)
	}
	return r.show(http.StatusOK, pageOf("Members", views.MembersPage, views.MembersTable, shown))
}

const shownGroups = 3 // in a row of the list; the rest is counted

func (s *Server) memberRow(r *request, row db.MemberRow) (views.MemberRow, error) {
	shown := views.MemberRow{Person: row.Person, Role: row.Role, Status: row.Status, LastSeen: row.LastSeen, ExpiresAt: row.ExpiresAt}
	for i, group := range row.Groups {
		if i == shownGroups {
			shown.MoreGroups = len(row.Groups) - shownGroups
			break
		}
		shown.Groups = append(shown.Groups, group)
	}
	if row.Invitation {
		shown.Invitation, shown.Person.ID = row.ID, ""
		shown.Resend = mayDo(r, access.RenewInvitation{Email: row.Email, Open: true})
		shown.Revoke = mayDo(r, access.RevokeInvitation{Email: row.Email, Open: true})
		return shown, nil
	}
	shown.You = row.ID == r.user.ID
	last, err := s.isLastAdmin(r, row.Member)
	shown.EditRole, shown.Deactivate, shown.Reactivate, shown.Remove = memberActions(r, row.Member, last)
	return shown, err
}

// isLastAdmin asks only about Admins: the list has few.
func (s *Server) isLastAdmin(r *request, member access.Member) (bool, error) {
	if member.Role.Name != "admin" || member.Status != access.Active {
		return false, nil
	}
	return s.store.IsLastAdmin(r.ctx(), r.org().ID, member.ID)
}

// mayDo asks the rules whether the person may make a change.
func mayDo(r *request, change access.Change) views.May {
	return views.MayIf(access.Decide(r.actor(), change))
}

// memberActions are the entries of a member's menu. They ask the rules that enforce them, so they cannot disagree.
func memberActions(r *request, member access.Member, last bool) (edit, deactivate, reactivate, remove views.May) {
	other := access.RolesOf(access.Organization)[1] // any role that is not Admin
	edit = mayDo(r, access.ChangeMemberRole{Member: member, To: other, LastAdmin: last})
	remove = mayDo(r, access.RemoveMember{Member: member, LastAdmin: last})
	if member.Status == access.Deactivated {
		return edit, views.May{}, mayDo(r, access.ReactivateMember{Member: member}), remove
	}
	return edit, mayDo(r, access.DeactivateMember{Member: member, LastAdmin: last}), views.May{}, remove
}

// member reads the member of the URL.
func (s *Server) member(r *request) (access.Member, error) {
	id, err := r.id("user")
	if err != nil {
		return access.Member{}, err
	}
	return s.store.FindMember(r.ctx(), r.org().ID, id)
}

const (
	shownAccess = 100 // resources on a person's page
	shownEvents = 10
)

// showMember shows one member: to a colleague who they are, to those who manage or audit members everything.
func (s *Server) showMember(r *request) error {
	member, err := s.member(r)
	if err != nil {
		return err
	}
	shown := views.Member{Org: r.org().Slug, OrgID: r.org().ID, Member: member, You: member.ID == r.user.ID, CanAudit: r.actor().Rights.Has(access.Audit),
		CanList: r.actor().Rights&seesMembers != 0}
	if shown.Details = shown.CanList || shown.You; shown.Details {
		if err := s.addMemberDetails(r, &shown); err != nil {
			return err
		}
	}
	return r.show(http.StatusOK, pageOf(member.Label(), views.MemberPage, views.MemberDetails, shown))
}

func (s *Server) addMemberDetails(r *request, shown *views.Member) error {
	last, err := s.isLastAdmin(r, shown.Member)
	if err != nil {
		return err
	}
	shown.EditRole, shown.Deactivate, shown.Reactivate, shown.Remove = memberActions(r, shown.Member, last)
	if shown.Groups, err = s.memberships(r, shown.Member.ID); err != nil {
		return err
	}
	if shown.Carried, err = s.carriedRoles(r, shown.Member.ID); err != nil {
		return err
	}
	rows, line, err := s.accessRows(r, shown.Member.ID, db.ResourceFilter{}, db.Page{Size: shownAccess})
	if err != nil {
		return err
	}
	if shown.Access = rows; line.Next != "" {
		shown.MoreAccess = 1
	}
	if shown.CanEndSessions = mayDo(r, access.EndMemberSessions{Member: shown.Member}).Do; shown.CanEndSessions {
		sessions, err := s.store.ListSessions(r.ctx(), shown.Member.ID)
		if err != nil {
			return err
		}
		shown.Sessions = sessionRows(sessions, r.sessionID())
	}
	if shown.CanUnlink = mayDo(r, access.UnlinkIdentities{Member: shown.Member, Linked: true}).Do; shown.CanUnlink {
		if shown.Linked, err = s.store.FindLink(r.ctx(), r.org().ID, shown.Member.ID); err != nil {
			return err
		}
	}
	if shown.CanAudit {
		shown.Events, _, err = s.events(r, db.AuditFilter{About: shown.Member.ID, Size: shownEvents})
	}
	return err
}

// carriedRoles are the roles in the organization that somebody has through groups.
func (s *Server) carriedRoles(r *request, user access.ID) ([]access.Path, error) {
	paths, err := s.store.Explain(r.ctx(), r.org().ID, user, r.org().ID)
	return slices.DeleteFunc(paths, func(path access.Path) bool { return len(path.Via) == 0 }), err
}

// memberships lists the groups that somebody is in, with the way to each.
func (s *Server) memberships(r *request, user access.ID) ([]views.Membership, error) {
	groups, err := s.store.ListGroupsOfMember(r.ctx(), r.org().ID, user)
	if err != nil {
		return nil, err
	}
	shown := make([]views.Membership, len(groups))
	for i, group := range groups {
		shown[i] = views.Membership{Group: group.Group, Role: group.Role, Through: group.Through}
	}
	return shown, nil
}

// showMemberRole asks for another role.
func (s *Server) showMemberRole(r *request) error {
	member, err := s.member(r)
	if err != nil {
		return err
	}
	form, err := s.memberRoleForm(r, member)
	if err != nil {
		return err
	}
	if to := r.QueryParam("role"); to != "" && to != form.Role && form.Refusal == "" {
		return s.showMemberRoleEffect(r, form, to)
	}
	return r.show(http.StatusOK, memberRolePage(form))
}

// showMemberRoleEffect shows the form with another role, and what that would do.
func (s *Server) showMemberRoleEffect(r *request, form views.MemberRole, to string) error {
	effect, err := s.store.PreviewMemberChange(r.ctx(), r.by(), r.org().ID, form.Person.ID, db.MemberChange{Role: to})
	form.Role, form.Effect = to, &effect
	if err != nil {
		return refusedMemberRole(r, form, err)
	}
	return r.show(http.StatusOK, memberRolePage(form))
}

func refusedMemberRole(r *request, form views.MemberRole, err error) error {
	return r.refused(err, func(problems views.Problems) page {
		form.Effect, form.Problems = nil, problems
		return memberRolePage(form)
	})
}

func memberRolePage(shown views.MemberRole) page {
	return pageOf("Edit role", views.MemberRolePage, views.MemberRoleDialog, shown)
}

func (s *Server) memberRoleForm(r *request, member access.Member) (views.MemberRole, error) {
	last, err := s.isLastAdmin(r, member)
	if err != nil {
		return views.MemberRole{}, err
	}
	edit, _, _, _ := memberActions(r, member, last)
	if !edit.Do && edit.Refusal == "" {
		return views.MemberRole{}, access.Denied("Only an Admin of the organization can change roles.")
	}
	return views.MemberRole{Org: r.org().Slug, Person: member.Person, Role: member.Role.Name, Seen: member.Standing(), Roles: access.RolesOf(access.Organization),
		Refusal: edit.Refusal}, nil
}

// changeMemberRole gives a member another role, after what that does was shown, and offers to undo it.
func (s *Server) changeMemberRole(r *request) error {
	member, err := s.member(r)
	if err != nil {
		return err
	}
	form, err := s.memberRoleForm(r, member)
	if err != nil {
		return err
	}
	to := r.form("role")
	if to != form.Role && to != r.form("confirm") {
		return s.showMemberRoleEffect(r, form, to)
	}
	asked := db.MemberChange{Role: to, Seen: r.form("seen")}
	given, err := access.FindRole(access.Organization, to)
	if err == nil {
		err = s.store.ChangeMember(r.ctx(), r.by(), r.org().ID, member.ID, asked)
	}
	if err != nil {
		if asked.Seen == "" || asked.Seen == form.Seen { // else the form shows the role that they have now
			form.Role = to
		}
		return refusedMemberRole(r, form, err)
	}
	was := member.Role.Name
	member.Role = given
	return r.done(r.cameFrom(views.MembersPath(r.org().Slug)), views.Flash{
		Message: member.Label() + " has the role " + given.Title + " now.",
		Undo:    &views.Undo{Path: views.MemberRolePath(r.org().Slug, member.ID), Fields: []views.Field{{Name: "role", Value: was}, {Name: "confirm", Value: was}, {Name: "seen", Value: member.Standing()}}},
	})
}
