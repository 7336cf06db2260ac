package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showHome shows the projects that the person can open.
func (s *Server) showHome(r *request) error {
	search := r.QueryParam("search")
	list, err := s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Kind: access.Project, Search: search}, db.Page{After: r.QueryParam("after")})
	if err != nil {
		return err
	}
	places, err := s.store.ListPlacesToCreate(r.ctx(), r.org().ID, r.user.ID)
	if err != nil {
		return err
	}
	shown := views.Home{Org: r.org().Slug, OrgName: r.org().Name, Search: search, Pager: pager(list), Everyone: list.Total,
		CanCreate: len(places) > 0, CanInvite: r.actor().Rights.Has(access.Members)}
	if search != "" {
		shown.Everyone = 1
	}
	outside, err := s.sharedOutside(r)
	if err != nil {
		return err
	}
	shown.Outside = len(outside)
	if shown.Projects, err = s.resourceRows(r, list.Rows); err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf("Projects", views.HomePage, views.ProjectsTable, shown))
}

func (s *Server) resourceRows(r *request, resources []access.Resource) ([]views.ResourceRow, error) {
	ids := make([]access.ID, len(resources))
	for i, resource := range resources {
		ids[i] = resource.ID
	}
	inside, err := s.store.CountInsideEach(r.ctx(), r.org().ID, r.person().ID, ids)
	if err != nil {
		return nil, err
	}
	var rows []views.ResourceRow
	for _, resource := range resources {
		rows = append(rows, views.ResourceRow{Resource: resource.Ref(), Description: described(resource), Owner: resource.Owner, Mode: resource.Mode,
			Role: roleTitle(resource, r.person().ID), CreatedAt: resource.CreatedAt, Inside: inside[resource.ID]})
	}
	return rows, nil
}

// described is the description, which is content: whoever may only know of a resource does not read it.
func described(resource access.Resource) string {
	if !resource.Rights.Has(access.View) {
		return ""
	}
	return resource.Description
}

// showNewResource asks for the name of a new project or package.
func (s *Server) showNewResource(r *request) error {
	form, err := s.resourceForm(r, access.Kind(r.QueryParam("kind")), r.QueryParam("parent"))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, resourceFormPage(form))
}

func resourceFormPage(shown views.ResourceForm) page {
	return pageOf("Create", views.ResourceFormPage, views.ResourceFormDialog, shown)
}

// resourceForm is the form for a new resource of a kind, inside a parent if one is named.
func (s *Server) resourceForm(r *request, kind access.Kind, parent string) (views.ResourceForm, error) {
	form := views.ResourceForm{Org: r.org().Slug, OrgName: r.org().Name, Kind: kind}
	if kind != access.Project && kind != access.Package {
		return form, access.ErrNotFound
	}
	holder, err := s.holder(r, kind, parent, &form)
	if err != nil {
		return form, err
	}
	form.Parent = holder.Ref()
	if form.Orgs, err = s.ownerOrganizations(r, kind); err != nil {
		return form, err
	}
	mode, roleName := db.StartingAccess(holder.Kind, kind, r.org().Policy)
	form.Mode = mode
	form.OrgRole, _ = access.FindRole(kind, roleName)
	return form, access.Decide(r.actor(), access.CreateResource{Parent: holder, Resource: access.Resource{Kind: kind}})
}

// holder is the resource in which the new one will lie: the one named, or for a project the first module that the person
// may create in.
func (s *Server) holder(r *request, kind access.Kind, parent string, form *views.ResourceForm) (access.Resource, error) {
	if kind == access.Project {
		places, err := s.store.ListPlacesToCreate(r.ctx(), r.org().ID, r.user.ID)
		if err != nil {
			return access.Resource{}, err
		}
		if len(places) == 0 {
			return access.Resource{}, access.Denied("You cannot create projects in this organization. Ask an Admin for the role Modeler.")
		}
		if len(places) > 1 {
			for _, place := range places {
				form.Parents = append(form.Parents, place.Ref)
			}
		}
		if parent == "" {
			parent = string(places[0].ID)
		}
	}
	id, err := parseID(parent)
	if err != nil {
		return access.Resource{}, err
	}
	return s.store.FindResource(r.ctx(), r.org().ID, r.user.ID, id)
}

// createResource makes a project or package that the person will own.
func (s *Server) createResource(r *request) error {
	form, err := s.resourceForm(r, access.Kind(r.form("kind")), r.form("parent"))
	if err != nil {
		return err
	}
	form.Name, form.Description = r.form("name"), r.form("description")
	id, err := s.store.CreateResource(r.ctx(), r.by(), r.org().ID, db.NewResource{Kind: form.Kind, Parent: form.Parent.ID, Name: form.Name, Description: form.Description})
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return resourceFormPage(form)
		})
	}
	return r.done(views.ResourcePath(r.org().Slug, id), views.Flash{Message: form.Name + " is here. Share it when others should work on it."})
}

const shownShared = 8 // of who has access, on a resource's page

// showResource shows one project or package, or a module.
func (s *Server) showResource(r *request) error {
	if r.resource.Kind == access.Module {
		return s.showModule(r)
	}
	shown, err := s.resourcePage(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf(r.resource.Name, views.ResourcePage, views.ResourceDetails, shown))
}

func (s *Server) resourcePage(r *request) (views.Resource, error) {
	shown := views.Resource{Org: r.org().Slug, OrgName: r.org().Name, Resource: r.resource, Tab: views.ResourceTab(r.QueryParam("tab")), You: r.person().ID,
		Role: roleTitle(r.resource, r.person().ID), Activity: s.seesActivity(r), CanGrant: r.resource.Rights.Has(access.Share), SeesWho: r.user != nil && seesWhoHasAccess(r) == nil}
	shown.Resource.Description = described(r.resource)
	if !r.actor().Member {
		shown.Resource.Rights &^= access.Create // who creates owns, and only a member can own
	}
	if shown.Tab == views.TemplatesTab && managesTemplates(r) == nil {
		if err := s.addTemplates(r, &shown); err != nil {
			return shown, err
		}
	} else if shown.Tab != views.PackagesTab && (shown.Tab != views.ActivityTab || !shown.Activity) {
		shown.Tab = views.OverviewTab
	}
	var err error
	if shown.Path, err = s.containers(r); err != nil {
		return shown, err
	}
	if err := s.addPackages(r, &shown); err != nil {
		return shown, err
	}
	if shown.Activity && shown.Tab == views.ActivityTab {
		shown.Events, _, err = s.events(r, db.AuditFilter{About: r.resource.ID})
		return shown, err
	}
	return shown, s.addShared(r, &shown)
}

// seesActivity: what happened to a resource is for those who decide who has access to it, and for auditors.
func (s *Server) seesActivity(r *request) bool {
	return r.resource.Rights.Has(r.resource.Kind.Handing()) || r.actor().Rights.Has(access.Audit)
}

// containers names what contains the resource below the organization, as far as the person may know of it.
func (s *Server) containers(r *request) ([]access.Ref, error) {
	places, err := s.store.ListContainers(r.ctx(), r.person().ID, r.resource.ID)
	var path []access.Ref
	for _, place := range places {
		if place.Type != string(access.Organization) && place.Rights.Has(access.Discover) {
			path = append(path, place.Ref)
		}
	}
	return path, err
}

func (s *Server) addPackages(r *request, shown *views.Resource) error {
	if r.resource.Kind != access.Project {
		return nil
	}
	list, err := s.store.ListResources(r.ctx(), r.org().ID, r.person().ID, db.ResourceFilter{Parent: r.resource.ID, Kind: access.Package}, db.Page{Size: 200})
	if err != nil {
		return err
	}
	shown.Inside = len(list.Rows)
	shown.Packages, err = s.resourceRows(r, list.Rows)
	return err
}

// addShared names who has access, to members: who is let in from outside is shown the thing, not its people.
func (s *Server) addShared(r *request, shown *views.Resource) error {
	if !r.actor().Member {
		return nil
	}
	grants, err := s.store.ListGrants(r.ctx(), r.org().ID, r.resource.ID)
	for _, grant := range grants {
		if !grant.Direct {
			continue
		}
		if len(shown.Shared) == shownShared {
			shown.More++
			continue
		}
		shown.Shared = append(shown.Shared, views.SharedWith{Principal: grant.Principal, Role: grant.Role})
	}
	return err
}
