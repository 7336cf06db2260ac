package web

import (
	"errors"
	"net/http"
	"strconv"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// seesGroupsPage lets those in who manage or audit groups, and the admins of any one group.
func seesGroupsPage(r *request) error {
	if r.actor().Rights&seesGroups == 0 && !r.standing.GroupAdmin {
		return access.ErrNotFound
	}
	return nil
}

// listGroups shows all groups, or to a group admin their own.
func (s *Server) listGroups(r *request) error {
	onlyOwn := r.actor().Rights&seesGroups == 0
	search := r.QueryParam("search")
	list, err := paged(r.part(), func(page db.Page) (db.Listing[db.GroupRow], error) {
		return s.store.ListGroups(r.ctx(), r.org().ID, db.GroupFilter{Search: search, Reader: r.user.ID, Own: onlyOwn}, page)
	})
	if err != nil {
		return err
	}
	shown := views.Groups{Org: r.org().Slug, Search: search, Pager: pager(r, list), OnlyOwn: onlyOwn,
		CanCreate: r.actor().Rights.Has(access.Groups)}
	for _, row := range list.Rows {
		shown.Rows = append(shown.Rows, views.GroupRow{Group: access.Ref{Type: "group", ID: row.ID, Name: row.Name},
			Description: row.Description, People: row.People, Groups: row.Groups, Inside: row.Everyone, Carries: row.Carries, Admin: row.Admin})
	}
	return r.show(http.StatusOK, pageOf("Groups", views.GroupsPage, views.GroupsTable, shown))
}

// showNewGroup asks for a name and a description.
func (s *Server) showNewGroup(r *request) error {
	if err := access.Decide(r.actor(), access.CreateGroup{}); err != nil {
		return err
	}
	return r.show(http.StatusOK, groupFormPage(views.GroupForm{Org: r.org().Slug}))
}

func groupFormPage(shown views.GroupForm) page {
	return pageOf("Create group", views.GroupFormPage, views.GroupFormDialog, shown)
}

// createGroup makes a group and goes there.
func (s *Server) createGroup(r *request) error {
	form := views.GroupForm{Org: r.org().Slug, Name: r.form("name"), Description: r.form("description")}
	group, err := s.store.CreateGroup(r.ctx(), r.by(), r.org().ID, form.Name, form.Description)
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return groupFormPage(form)
		})
	}
	return r.done(views.GroupPath(r.org().Slug, group), views.Flash{Message: "The group " + form.Name + " is here. Add people and groups to it."})
}

// group reads the group of the URL. That it exists, every active member may know: its name stands wherever something is
// shared with it. Who is in it is for those inside and for those who manage or audit groups.
func (s *Server) group(r *request) (db.Group, error) {
	id, err := r.id("group")
	if err != nil {
		return db.Group{}, err
	}
	return s.store.FindGroup(r.ctx(), r.org().ID, r.user.ID, id)
}

// showGroup shows one group, with the tab of the URL.
func (s *Server) showGroup(r *request) error {
	group, err := s.group(r)
	if err != nil {
		return err
	}
	shown, err := s.groupPage(r, group)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, groupPage(shown))
}

func groupPage(shown views.Group) page {
	return pageOf(shown.Name, views.GroupPage, views.GroupDetails, shown)
}

func (s *Server) groupPage(r *request, group db.Group) (views.Group, error) {
	shown := views.Group{Org: r.org().Slug, ID: group.ID, Name: group.Name, Description: group.Description, Carries: group.Carries, Managed: group.Managed,
		Tab: views.GroupTab(r.QueryParam("tab")), CanManage: group.CanManage(r.actor()), CanChange: group.CanChange(r.actor()),
		Delete: mayDo(r, access.DeleteGroup{Group: group.GroupFacts}),
		Form:   views.GroupForm{Org: r.org().Slug, ID: group.ID, Name: group.Name, Description: group.Description}}
	shown.CanList = seesGroupsPage(r) == nil
	if shown.Head = !group.Inside && r.actor().Rights&seesGroups == 0; shown.Head {
		shown.Carries = nil
		return shown, nil
	}
	if shown.CanChange && !shown.CanManage {
		shown.Refusal = access.Decide(r.actor(), access.DeleteGroup{Group: group.GroupFacts}).Error()
	}
	if shown.Tab != views.GroupEveryoneTab && shown.Tab != views.GroupAccessTab && (shown.Tab != views.GroupSettingsTab || !shown.CanChange) {
		shown.Tab = views.GroupMembersTab
	}
	counts, err := s.store.CountGroup(r.ctx(), r.org().ID, group.ID)
	if err != nil {
		return shown, err
	}
	shown.People, shown.Groups, shown.Inside = counts.People, counts.Groups, counts.Everyone
	return shown, s.addGroupTab(r, &shown)
}

// addGroupTab reads the list of the open tab.
func (s *Server) addGroupTab(r *request, shown *views.Group) error {
	switch shown.Tab {
	case views.GroupMembersTab:
		list, err := paged(r.part(), func(page db.Page) (db.Listing[db.GroupMemberRow], error) {
			return s.store.ListGroupMembers(r.ctx(), r.org().ID, shown.ID, "", page)
		})
		if err != nil {
			return err
		}
		shown.Pager = pager(r, list)
		for _, row := range list.Rows {
			shown.Members = append(shown.Members, views.GroupMember{Ref: row.Ref, Email: row.Email, You: row.ID == r.user.ID,
				Status: row.Status, Role: row.Role, Inside: row.People, AddedAt: row.AddedAt})
		}
	case views.GroupEveryoneTab:
		return s.addEveryone(r, shown)
	case views.GroupAccessTab:
		return s.addShares(r, shown)
	}
	return nil
}

func (s *Server) addEveryone(r *request, shown *views.Group) error {
	list, err := paged(r.part(), func(page db.Page) (db.Listing[db.InsideRow], error) {
		return s.store.ListEveryoneInside(r.ctx(), r.org().ID, shown.ID, page)
	})
	if err != nil {
		return err
	}
	shown.Pager = pager(r, list)
	for _, row := range list.Rows {
		shown.Persons = append(shown.Persons, views.InsidePerson{Person: row.Person, Through: row.Through})
	}
	return nil
}

func (s *Server) addShares(r *request, shown *views.Group) error {
	grants, err := s.store.ListGroupAccess(r.ctx(), r.org().ID, r.user.ID, shown.ID)
	if err != nil {
		return err
	}
	parents := map[access.ID]bool{}
	for _, grant := range grants {
		share := views.GroupShare{Resource: grant.Resource, Role: grant.Role, ExpiresAt: grant.ExpiresAt}
		if grant.Through.ID != shown.ID {
			through := grant.Through
			share.Through = &through
			if !parents[through.ID] {
				parents[through.ID] = true
				shown.Parents = append(shown.Parents, through)
			}
		}
		if access.Kind(grant.Resource.Type).Owned() { // the roles that the group carries stand above
			shown.Shares = append(shown.Shares, share)
		}
	}
	return nil
}

// changeGroup changes a group's name and description.
func (s *Server) changeGroup(r *request) error {
	group, err := s.group(r)
	if err != nil {
		return err
	}
	name, description := r.form("name"), r.form("description")
	if err := s.store.EditGroup(r.ctx(), r.by(), r.org().ID, group.ID, name, description); err != nil {
		shown, readErr := s.groupPage(r, group)
		if readErr != nil {
			return readErr
		}
		return r.refused(err, func(problems views.Problems) page {
			shown.Tab = views.GroupSettingsTab
			shown.Form.Name, shown.Form.Description, shown.Form.Problems = name, description, problems
			return groupPage(shown)
		})
	}
	return r.done(views.GroupTabPath(r.org().Slug, group.ID, views.GroupSettingsTab), views.Flash{Message: "The group's settings are changed."})
}

// showGroupDeletion asks before a group is deleted, and shows what goes.
func (s *Server) showGroupDeletion(r *request) error {
	form, err := s.groupDeletionForm(r)
	if err == nil {
		form.Effect, err = s.store.PreviewGroupDeletion(r.ctx(), r.by(), r.org().ID, form.Group.ID)
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, groupDeletionPage(form))
}

func groupDeletionPage(shown views.GroupDeletion) page {
	return pageOf("Delete group", views.GroupDeletionPage, views.GroupDeletionDialog, shown)
}

func (s *Server) groupDeletionForm(r *request) (views.GroupDeletion, error) {
	group, err := s.group(r)
	if err != nil {
		return views.GroupDeletion{}, err
	}
	if err := access.Decide(r.actor(), access.DeleteGroup{Group: group.GroupFacts}); err != nil {
		return views.GroupDeletion{}, err
	}
	holdings, err := s.store.CountGroupHoldings(r.ctx(), r.org().ID, group.ID)
	return views.GroupDeletion{Org: r.org().Slug, Group: group.Ref(), Inside: holdings.People, Grants: holdings.Grants}, err
}

// deleteGroup removes a group. Accounts are untouched.
func (s *Server) deleteGroup(r *request) error {
	form, err := s.groupDeletionForm(r)
	if err != nil {
		return err
	}
	if err := s.store.DeleteGroup(r.ctx(), r.by(), r.org().ID, form.Group.ID); err != nil {
		return err // what forbids it forbids the preview, so there is no form to show again
	}
	message := "The group " + form.Group.Name + " is deleted. The accounts of its " + strconv.Itoa(form.Inside) + " people are untouched."
	path := views.GroupsPath(r.org().Slug)
	if _, err := s.store.FindStanding(r.ctx(), r.org().Slug, r.person()); errors.Is(err, access.ErrNotFound) {
		path = views.RootPath()
	}
	return r.done(path, views.Flash{Message: message})
}
