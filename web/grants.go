package web

import (
	"errors"
	"net/http"
	"slices"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showShare shows who has access to a resource, and to those who may share it the forms that change that. It is for
// people of the organization, and for whoever may share.
func (s *Server) showShare(r *request) error {
	share, err := s.share(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, sharePage(r, share))
}

// sharePage answers with the part that was asked for: the list inside the dialog with what is said of it, or the dialog.
func sharePage(r *request, shown views.Share) page {
	p := pageOf("Share "+shown.Resource.Name, views.SharePage, views.ShareDialog, shown)
	if r.Request().Header.Get("HX-Target") == "share-access" {
		p.part = views.ShareAnswer(shown)
	}
	return p
}

// seesWhoHasAccess: an outsider with a grant is shown the resource, not its people. Which groups have a role in the
// organization, only those see who see its members.
func seesWhoHasAccess(r *request) error {
	if r.resource.Rights.Has(r.resource.Kind.Handing()) {
		return nil
	}
	if !r.actor().Member || r.resource.Kind == access.Organization && r.actor().Rights&seesMembers == 0 {
		return access.ErrNotFound
	}
	return nil
}

// share reads everything that the dialog shows, fresh.
func (s *Server) share(r *request) (views.Share, error) {
	resource, err := s.store.FindResource(r.ctx(), r.org().ID, r.person().ID, r.resource.ID)
	if err != nil {
		return views.Share{}, err
	}
	r.resource = resource
	templates, err := s.templatesOf(r, resource)
	if err != nil {
		return views.Share{}, err
	}
	shown := views.Share{Org: r.org().Slug, OrgName: r.org().Name, Resource: resource, You: r.person().ID,
		Link:        s.link(views.ResourcePath(r.org().Slug, resource.ID)),
		CanShare:    resource.Rights.Has(resource.Kind.Handing()),
		CanAsk:      resource.Rights.Has(resource.Kind.Handing()) || r.actor().Rights&seesMembers != 0,
		CanTransfer: resource.Rights.Has(access.Transfer),
		Roles:       access.AssignableRoles(r.actor(), resource.Kind, resource.Rights, templates...), Role: access.WeakestRole(resource.Kind).Name,
		Picker: views.Picker{Path: views.CandidatesPath(r.org().Slug, resource.ID)}, Mail: s.store.SendsMail(),
		Modes: access.ModeOptions(resource.Kind, resource.Mode, r.org().Policy)}
	if resource.Kind == access.Organization { // its page is the list of the groups that it gave a role
		shown.Link = s.link(views.GroupRolesPath(r.org().Slug))
	}
	shown.Resource.Description = resource.About()
	if shown.CanShare {
		shown.OrgRoles = access.OrganizationRoles(resource.Kind)
	}
	if shown.Members, err = s.store.CountMembers(r.ctx(), r.org().ID); err != nil {
		return shown, err
	}
	if shown.CanShare {
		requests, pager, err := s.requestRows(r, resource.ID, db.Page{Size: 100})
		if err != nil {
			return shown, err
		}
		shown.Requests, shown.MoreAsk = requests, pager.More
	}
	if err := s.addContainer(r, &shown); err != nil {
		return shown, err
	}
	known, err := s.knownPlaces(r)
	if err != nil {
		return shown, err
	}
	if err := s.addGrants(r, &shown, known); err != nil {
		return shown, err
	}
	return shown, s.addInvited(r, &shown, known)
}

// addContainer adds what lets people in from above: the containing project with its owner and mode.
func (s *Server) addContainer(r *request, shown *views.Share) error {
	if r.resource.Parent == "" {
		return nil
	}
	parent, err := s.store.FindResource(r.ctx(), r.org().ID, r.person().ID, r.resource.Parent)
	if errors.Is(err, access.ErrNotFound) {
		return nil
	}
	if err != nil || !parent.Kind.Owned() {
		return err
	}
	shown.Parent = parent.Ref()
	ownerRole, _ := access.RoleByID(access.RoleID(parent.Kind, access.OwnerRole))
	owner := access.Principal{Ref: parent.Owner.Ref(), Email: parent.Owner.Email, Active: true}
	shown.Inherited = append(shown.Inherited, views.InheritedAccess{Principal: owner, Owner: true, Role: ownerRole, Place: parent.Ref()})
	if parent.Mode == access.Restricted {
		return nil
	}
	byMode, _ := access.FindRole(parent.Kind, parent.OrgRole)
	organization := access.Principal{Ref: r.org().Ref(), Active: true}
	shown.Inherited = append(shown.Inherited, views.InheritedAccess{Principal: organization, Mode: access.OrganizationMode, Role: byMode,
		Place: parent.Ref(), People: shown.Members})
	if parent.Mode.WiderThan(access.OrganizationMode) {
		viewer, _ := access.FindRole(parent.Kind, "viewer")
		shown.Inherited = append(shown.Inherited, views.InheritedAccess{Mode: parent.Mode, Role: viewer, Place: parent.Ref()})
	}
	return nil
}

// addGrants adds the grants on the resource, and those that it inherits from places of which the person may know.
func (s *Server) addGrants(r *request, shown *views.Share, known map[access.ID]bool) error {
	grants, err := s.store.ListGrants(r.ctx(), r.org().ID, r.resource.ID)
	if err != nil {
		return err
	}
	through, err := s.store.ListGroupsWithGrants(r.ctx(), r.org().ID, r.resource.ID)
	if err != nil {
		return err
	}
	for _, grant := range grants {
		if !known[grant.Resource.ID] {
			continue
		}
		if !grant.Direct {
			shown.Inherited = append(shown.Inherited, views.InheritedAccess{Principal: grant.Principal, Role: grant.Role, Place: grant.Resource,
				People: grant.People, ExpiresAt: grant.ExpiresAt})
			continue
		}
		row := views.ShareGrant{Grant: grant.Grant, Roles: grant.Choices(shown.Roles, r.org().Policy), CanChange: grant.CanChange(r.actor(), r.resource.Rights), People: grant.People,
			Through: through[grant.Principal.ID]}
		if shown.CanShare && !row.CanChange {
			row.Refusal = grant.Role.Title + " is more than you hold here."
		}
		shown.Direct = append(shown.Direct, row)
	}
	return nil
}

// addInvited adds who gets access by accepting an invitation into groups, for those who share or see the members: an address
// that was invited is told to nobody else.
func (s *Server) addInvited(r *request, shown *views.Share, known map[access.ID]bool) error {
	if !shown.CanAsk || r.resource.Kind == access.Organization {
		return nil
	}
	places := []access.ID{}
	for place, isKnown := range known {
		if isKnown {
			places = append(places, place)
		}
	}
	rows, more, err := s.store.ListInvitedTo(r.ctx(), r.org().ID, r.resource.ID, places)
	shown.MoreInvited = more
	for _, row := range rows {
		last := len(shown.Invited) - 1
		if last < 0 || shown.Invited[last].Invitation != row.Invitation {
			shown.Invited = append(shown.Invited, views.InvitedAccess{Invitation: row.Invitation, Email: row.Email, ExpiresAt: row.ExpiresAt,
				Role: row.Role, Through: []access.Ref{row.Group}})
			continue
		}
		invited := &shown.Invited[last]
		if row.Role.Here.Count() > invited.Role.Here.Count() {
			invited.Role = row.Role
		}
		if !slices.Contains(invited.Through, row.Group) {
			invited.Through = append(invited.Through, row.Group)
		}
	}
	return err
}

// changedShare answers a change of who has access: with the fresh list in the dialog, or by going there.
func (s *Server) changedShare(r *request, notice string, undo *views.Undo) error {
	path := views.SharePath(r.org().Slug, r.resource.ID)
	if !r.partial() {
		return r.done(path, views.Flash{Message: notice, Undo: undo})
	}
	shown, err := s.share(r)
	if errors.Is(err, access.ErrNotFound) { // they took their own access away
		return r.done(views.HomePath(r.org().Slug), views.Flash{Message: notice})
	}
	if err != nil {
		return err
	}
	shown.Notice, shown.Undo = notice, undo
	r.Response().Header().Set("HX-Trigger", "changed")
	return r.show(http.StatusOK, sharePage(r, shown))
}

// refusedShare answers a refused change of who has access: with the dialog, fresh, and the reason in it.
func (s *Server) refusedShare(r *request, err error, fill func(*views.Share, views.Problems)) error {
	if !errors.Is(err, access.ErrInvalid) && !errors.Is(err, access.ErrConflict) {
		return err
	}
	shown, readErr := s.share(r)
	if readErr != nil {
		return readErr
	}
	fill(&shown, views.ProblemsOf(err))
	if access.IsStale(err) {
		shown.Stale, shown.Problem, shown.Problems = err.Error(), "", nil
	}
	return r.show(statusOf(err), sharePage(r, shown))
}
