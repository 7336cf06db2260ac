package web

import (
	"errors"
	"net/http"
	"time"

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

// sharePage answers with the part that was asked for: the list inside the dialog, or the dialog.
func sharePage(r *request, shown views.Share) page {
	p := pageOf("Share "+shown.Resource.Name, views.SharePage, views.ShareDialog, shown)
	if r.Request().Header.Get("HX-Target") == "share-access" {
		p.part = views.ShareAccess(shown)
	}
	return p
}

// seesWhoHasAccess: an outsider with a grant is shown the resource, not its people.
func seesWhoHasAccess(r *request) error {
	if !r.actor().Member && !r.resource.Rights.Has(access.Share) {
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
	shown := views.Share{Org: r.org().Slug, OrgName: r.org().Name, Resource: resource, You: r.person().ID,
		Link:        s.link(views.ResourcePath(r.org().Slug, resource.ID)),
		CanShare:    resource.Rights.Has(access.Share),
		CanAsk:      resource.Rights.Has(access.Share) || r.actor().Rights&seesMembers != 0,
		CanTransfer: resource.Rights.Has(access.Transfer),
		Roles:       access.AssignableRoles(r.actor(), resource.Kind, resource.Rights), Role: "viewer",
		Picker: views.Picker{Path: views.CandidatesPath(r.org().Slug, resource.ID)},
		Modes:  access.ModeOptions(resource.Kind, resource.Mode, r.org().Policy)}
	shown.Resource.Description = described(resource)
	if shown.CanShare {
		shown.OrgRoles = access.OrganizationRoles(resource.Kind)
	}
	if shown.Members, err = s.store.CountMembers(r.ctx(), r.org().ID); err != nil {
		return shown, err
	}
	if err := s.addContainer(r, &shown); err != nil {
		return shown, err
	}
	return shown, s.addGrants(r, &shown)
}

// addContainer adds what lets people in from above: the containing project with its owner and mode.
func (s *Server) addContainer(r *request, shown *views.Share) error {
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
func (s *Server) addGrants(r *request, shown *views.Share) error {
	grants, err := s.store.ListGrants(r.ctx(), r.org().ID, r.resource.ID)
	if err != nil {
		return err
	}
	through, err := s.store.ListGroupsWithGrants(r.ctx(), r.org().ID, r.resource.ID)
	if err != nil {
		return err
	}
	for _, grant := range grants {
		if !grant.Direct {
			shown.Inherited = append(shown.Inherited, views.InheritedAccess{Principal: grant.Principal, Role: grant.Role, Place: grant.Resource,
				People: grant.People, ExpiresAt: grant.ExpiresAt})
			continue
		}
		row := views.ShareGrant{Grant: grant.Grant, Roles: shown.Roles, CanChange: grant.CanChange(r.actor(), r.resource.Rights), People: grant.People,
			Through: through[grant.Principal.ID]}
		if shown.CanShare && !row.CanChange {
			row.Refusal = grant.Role.Title + " is more than you hold here."
		}
		shown.Direct = append(shown.Direct, row)
	}
	return nil
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

// listCandidates answers what is typed into the picker of the Share dialog.
func (s *Server) listCandidates(r *request) error {
	if !r.resource.Rights.Has(access.Share) {
		return access.Denied("You cannot change who has access to %s.", r.resource.Name)
	}
	search := r.QueryParam("search")
	found, err := s.store.ListCandidates(r.ctx(), r.org().ID, r.resource.ID, search)
	if err != nil {
		return err
	}
	shown := views.Candidates{Search: search}
	known := map[string]bool{}
	for _, one := range found {
		candidate := candidateOf(one)
		known[one.Email] = true
		switch {
		case one.Owner:
			candidate.Refusal = "Owner"
		case one.Roles != "":
			candidate.Detail += " · has access: " + one.Roles
		}
		shown.Options = append(shown.Options, candidate)
	}
	if email, err := db.NormalizeEmail(search); err == nil && !known[email] && r.org().Policy.ExternalSharing {
		shown.Options = append(shown.Options, views.Candidate{Value: "email:" + email, Label: email, Detail: "Outside " + r.org().Name, External: true})
	}
	return r.send(http.StatusOK, views.CandidatesList(shown))
}

// grantRoles gives the chosen people and groups a role.
func (s *Server) grantRoles(r *request) error {
	made, err := s.chosen(r, true)
	var until *time.Time
	if err == nil {
		until, err = r.until()
	}
	if err == nil && made.bad {
		err = access.Invalid("who", "Mend or remove what is marked. Nothing was shared.")
	}
	if err == nil {
		err = s.store.GrantRoles(r.ctx(), r.by(), r.org().ID, r.resource.ID, db.Share{Who: made.who, Role: r.form("role"), ExpiresAt: until, Version: r.version()})
	}
	if err != nil {
		return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) {
			shown.Problems, shown.Picker.Chips, shown.Picker.Problem = problems, made.chips, problems["who"]+problems["principal"]
			shown.Role, shown.ExpiresAt = r.form("role"), r.form("expires_at")
		})
	}
	return s.changedShare(r, "Shared.", nil)
}

// changeGrant gives a grant another role or end, and offers to undo it.
func (s *Server) changeGrant(r *request) error {
	grant, err := s.grant(r)
	if err != nil {
		return err
	}
	until, err := r.until()
	if err == nil {
		err = s.store.ChangeGrant(r.ctx(), r.by(), r.org().ID, r.resource.ID, grant.ID, r.form("role"), until, r.version())
	}
	if err != nil {
		return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) {
			shown.Problem = err.Error()
		})
	}
	undo := &views.Undo{Path: views.GrantRolePath(r.org().Slug, r.resource.ID, grant.ID),
		Fields: []views.Field{{Name: "role", Value: grant.Role.Name}, {Name: "expires_at", Value: inputTime(grant.ExpiresAt)}, s.nextVersion(r)}}
	return s.changedShare(r, grant.Principal.Name+" has another role now.", undo)
}

// grant reads the grant of the URL.
func (s *Server) grant(r *request) (access.Grant, error) {
	id, err := r.id("grant")
	if err != nil {
		return access.Grant{}, err
	}
	grant, err := s.store.FindGrant(r.ctx(), r.org().ID, r.resource.ID, id)
	grant.Resource = r.resource.Ref()
	return grant, err
}

// showGrantRemoval asks before a grant is taken away, and says whether access stays in another way.
func (s *Server) showGrantRemoval(r *request) error {
	form, err := s.grantRemovalForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, grantRemovalPage(form))
}

func grantRemovalPage(shown views.GrantRemoval) page {
	return pageOf("Remove access", views.GrantRemovalPage, views.GrantRemovalDialog, shown)
}

func (s *Server) grantRemovalForm(r *request) (views.GrantRemoval, error) {
	grant, err := s.grant(r)
	if err != nil {
		return views.GrantRemoval{}, err
	}
	if err := access.Decide(r.actor(), access.RevokeGrant{Resource: r.resource, Grant: grant}); err != nil {
		return views.GrantRemoval{}, err
	}
	form := views.GrantRemoval{Org: r.org().Slug, Resource: r.resource.Ref(), Grant: grant, Version: r.resource.Version, You: grant.Principal.ID == r.user.ID}
	if grant.Principal.Type == "group" {
		counts, err := s.store.CountGroup(r.ctx(), r.org().ID, grant.Principal.ID)
		form.People = counts.Everyone
		return form, err
	}
	form.Keeps, err = s.keeps(r, grant)
	return form, err
}

// keeps are the paths that still let a person open the resource when a grant is gone.
func (s *Server) keeps(r *request, grant access.Grant) ([]access.Path, error) {
	paths, err := s.store.Explain(r.ctx(), r.org().ID, grant.Principal.ID, r.resource.ID)
	var kept []access.Path
	for _, path := range paths {
		if path.GrantID != grant.ID && path.Rights.Has(access.View) {
			kept = append(kept, path)
		}
	}
	return kept, err
}

// revokeGrant takes a grant away, and offers to undo it.
func (s *Server) revokeGrant(r *request) error {
	form, err := s.grantRemovalForm(r)
	if err != nil {
		return err
	}
	if err := s.store.RevokeGrant(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.Grant.ID, r.version()); err != nil {
		return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) { shown.Problem = problems[""] })
	}
	notice := form.Grant.Principal.Name + " no longer has the role " + form.Grant.Role.Title + " here."
	if len(form.Keeps) > 0 {
		notice += " Access stays in another way: see Why."
	}
	who := form.Grant.Principal.Type + ":" + string(form.Grant.Principal.ID)
	if form.Grant.Principal.External {
		who = "email:" + form.Grant.Principal.Email
	}
	return s.changedShare(r, notice, &views.Undo{Path: views.GrantsPath(r.org().Slug, r.resource.ID), Fields: []views.Field{
		{Name: "who", Value: who}, {Name: "role", Value: form.Grant.Role.Name}, {Name: "expires_at", Value: inputTime(form.Grant.ExpiresAt)}, s.nextVersion(r)}})
}

// nextVersion is the version of the access list after the change that was just made: an undo is refused when somebody
// changed it again since.
func (s *Server) nextVersion(r *request) views.Field {
	return views.Field{Name: "version", Value: formatVersion(r.resource.Version + 1)}
}
