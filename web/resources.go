package web

import (
	"net/http"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

const shownOutside = 5 // resources of other organizations on the first page of one

// showHome shows the projects that the person can open.
func (s *Server) showHome(r *request) error {
	search := r.QueryParam("search")
	list, err := paged(r.part(), func(page db.Page) (db.Listing[access.Resource], error) {
		return s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Kind: access.Project, Search: search}, page)
	})
	if err != nil {
		return err
	}
	places, err := s.store.ListPlacesToCreate(r.ctx(), r.org().ID, r.user.ID)
	if err != nil {
		return err
	}
	shown := views.Home{Org: r.org().Slug, OrgName: r.org().Name, Search: search, Pager: pager(r, list), Everyone: list.Total,
		CanCreate: len(places) > 0, CanInvite: r.actor().Rights.Has(access.Members)}
	if search != "" {
		shown.Everyone = 1
	}
	outside, err := s.sharedOutside(r)
	if err != nil {
		return err
	}
	shown.Outside = outside[:min(len(outside), shownOutside)]
	shown.MoreOutside = len(outside) - len(shown.Outside)
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
	roles, err := s.rolesOn(r, resources...)
	if err != nil {
		return nil, err
	}
	var rows []views.ResourceRow
	for _, resource := range resources {
		rows = append(rows, views.ResourceRow{Resource: resource.Ref(), Description: resource.About(), Owner: resource.Owner, Mode: resource.Mode,
			Role: roles[resource.ID], Inside: inside[resource.ID]})
	}
	return rows, nil
}

// showResource shows one resource, or a module.
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
	shown := views.Resource{Org: r.org().Slug, OrgName: r.org().Name, Resource: r.resource, Tab: views.ResourceTab(r.QueryParam("tab")), You: r.person().ID, Outside: !r.actor().Rights.Has(access.Discover), Reports: r.actor().Rights&seesMembers != 0,
		Activity: s.seesActivity(r), CanGrant: r.resource.Rights.Has(access.Share), CanAsk: access.CanRequest(r.actor(), r.resource) == nil, SeesWho: r.user != nil && seesWhoHasAccess(r) == nil}
	shown.Resource.Description = r.resource.About()
	if !r.actor().Member {
		shown.Resource.Rights &^= access.Create // who creates owns, and only a member can own
	}
	if shown.Tab == views.TemplatesTab && managesTemplates(r) == nil {
		if err := s.addTemplates(r, &shown); err != nil {
			return shown, err
		}
	} else if inside := r.resource.Kind == access.Project && (shown.Tab == views.PackagesTab || shown.Tab == views.OthersTab); !inside &&
		(shown.Tab != views.ActivityTab || !shown.Activity) {
		shown.Tab = views.OverviewTab
	}
	roles, err := s.rolesOn(r, r.resource)
	if err != nil {
		return shown, err
	}
	shown.Role = roles[r.resource.ID]
	if shown.Ends, err = s.endsSoon(r); err != nil {
		return shown, err
	}
	if shown.Path, err = s.containers(r); err != nil {
		return shown, err
	}
	if err := s.addContent(r, &shown); err != nil {
		return shown, err
	}
	if shown.Activity && shown.Tab == views.ActivityTab {
		shown.Events, err = s.activity(r)
		return shown, err
	}
	return shown, s.addShared(r, &shown)
}

// endsSoon is when the person's access ends, where it is time to warn them.
func (s *Server) endsSoon(r *request) (*time.Time, error) {
	if r.user == nil {
		return nil, nil
	}
	end, err := s.store.EndOfAccess(r.ctx(), r.user.ID, r.resource.ID)
	if !access.EndsSoon(end, time.Now()) {
		end = nil
	}
	return end, err
}

// seesActivity: what happened to a resource is for those who decide who has access to it, and for auditors.
func (s *Server) seesActivity(r *request) bool {
	return r.resource.Rights.Has(r.resource.Kind.Handing()) || r.actor().Rights.Has(access.Audit)
}

// activity is what happened to the resource. Between which places it was moved, only auditors read: who shares it may not
// know of those.
func (s *Server) activity(r *request) ([]views.AuditEvent, error) {
	events, _, err := s.events(r, db.AuditFilter{About: r.resource.ID})
	if r.actor().Rights.Has(access.Audit) {
		return events, err
	}
	for _, event := range events {
		delete(event.Before, "parent")
		delete(event.After, "parent")
	}
	return events, err
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

// addContent adds what the resource holds, as far as the person may view it.
func (s *Server) addContent(r *request, shown *views.Resource) error {
	if r.resource.Kind == access.Project {
		if err := s.addOthers(r, shown); err != nil {
			return err
		}
		return s.addPackages(r, shown)
	}
	if r.resource.Kind == access.Bucket || r.resource.Kind == access.Artifact {
		return s.addFiles(r, shown)
	}
	if r.resource.Kind == access.Secret {
		var err error
		shown.NoVault = !s.store.CanKeepSecrets()
		shown.Secret, err = s.store.FindSecretTime(r.ctx(), r.org().ID, r.resource)
		return err
	}
	content, err := s.store.FindContent(r.ctx(), r.org().ID, r.resource)
	shown.Content = views.ContentFields(r.resource.Kind, content, nil)
	return err
}

func (s *Server) addOthers(r *request, shown *views.Resource) error {
	list, err := s.store.ListResources(r.ctx(), r.org().ID, r.person().ID, db.ResourceFilter{Parent: r.resource.ID, OtherThan: access.Package}, db.Page{Size: 200})
	if err != nil {
		return err
	}
	rows, err := s.resourceRows(r, list.Rows)
	shown.Others = views.GroupResources(rows)
	return err
}

func (s *Server) addPackages(r *request, shown *views.Resource) error {
	list, err := s.store.ListResources(r.ctx(), r.org().ID, r.person().ID, db.ResourceFilter{Parent: r.resource.ID, Kind: access.Package}, db.Page{Size: 200})
	if err != nil {
		return err
	}
	shown.Inside = len(list.Rows)
	shown.Packages, err = s.resourceRows(r, list.Rows)
	return err
}

const shownShared = 8 // of who has access, on a resource's page

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
