package web

import (
	"net/http"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// listOrganizations shows the person's organizations.
func (s *Server) listOrganizations(r *request) error {
	orgs, err := r.belongings()
	if err != nil {
		return err
	}
	var shown views.Organizations
	for _, org := range orgs {
		shown.List = append(shown.List, views.OrgLink{Slug: org.Slug, Name: org.Name, Role: org.Role.Title})
	}
	if shown.Shared, err = s.sharedOutside(r); err != nil {
		return err
	}
	return r.show(http.StatusOK, wholePage("Organizations", views.OrganizationsPage, shown))
}

// showSettings shows the organization's settings.
func (s *Server) showSettings(r *request) error {
	return r.show(http.StatusOK, settingsPage(views.OrganizationSettings{Org: r.org().Slug, Name: r.org().Name}))
}

func settingsPage(shown views.OrganizationSettings) page {
	return pageOf("Settings", views.OrganizationSettingsPage, views.OrganizationSettingsForm, shown)
}

// renameOrganization changes the organization's name.
func (s *Server) renameOrganization(r *request) error {
	name := r.form("name")
	if err := s.store.RenameOrganization(r.ctx(), r.by(), r.org().ID, name); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			return settingsPage(views.OrganizationSettings{Org: r.org().Slug, Name: name, Problems: problems})
		})
	}
	return r.done(views.SettingsPath(r.org().Slug), views.Flash{Message: "The organization is called " + name + " now."})
}

// search answers the palette: pages, people, groups and resources that the person may know of.
func (s *Server) search(r *request) error {
	text := r.QueryParam("search")
	shown := views.Search{Org: r.org().Slug, Search: text}
	shown.Add("Pages", s.pageHits(r, text))
	resources, err := s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Search: text}, db.Page{Size: 8})
	if err != nil {
		return err
	}
	var found []views.SearchHit
	for _, resource := range resources.Rows {
		found = append(found, views.SearchHit{Path: views.ResourcePath(shown.Org, resource.ID), Title: resource.Name,
			Detail: string(resource.Kind), Type: string(resource.Kind)})
	}
	shown.Add("Resources", found)
	shown.More = resources.Next != ""
	if r.actor().Rights&seesMembers != 0 {
		if err := s.addPeopleHits(r, &shown); err != nil {
			return err
		}
	}
	return r.show(http.StatusOK, pageOf("Search", views.SearchPage, views.SearchResults, shown))
}

func (s *Server) addPeopleHits(r *request, shown *views.Search) error {
	found, more, err := s.store.ListCandidates(r.ctx(), r.org().ID, "", shown.Search)
	if err != nil {
		return err
	}
	var people, groups []views.SearchHit
	for _, one := range found {
		hit := views.SearchHit{Path: views.RefPath(shown.Org, one.Ref), Title: candidateOf(one).Label, Detail: candidateOf(one).Detail, Type: one.Type}
		if one.Type == "group" {
			groups = append(groups, hit)
		} else {
			people = append(people, hit)
		}
	}
	shown.Add("People", people)
	shown.Add("Groups", groups)
	shown.More = shown.More || more
	return nil
}

// pageHits are the pages whose name holds the text, of those that the person may open.
func (s *Server) pageHits(r *request, text string) []views.SearchHit {
	org, rights := r.org().Slug, r.actor().Rights
	pages := []struct {
		path, title string
		shown       bool
	}{
		{views.HomePath(org), "Projects", true},
		{views.MyAccessPath(org), "My access", true},
		{views.RequestsPath(org), "Requests", true},
		{views.MembersPath(org), "Members", rights&seesMembers != 0},
		{views.NewInvitationPath(org), "Invite people", rights.Has(access.Members)},
		{views.GroupsPath(org), "Groups", rights&seesGroups != 0 || r.standing.GroupAdmin},
		{views.ModulesPath(org), "Modules", rights&seesModules != 0},
		{views.GroupRolesPath(org), "Roles of groups", rights&seesMembers != 0},
		{views.AuditPath(org, "", ""), "Audit log", rights.Has(access.Audit)},
		{views.AccessPath(org, "", ""), "Access: who can do what", rights&seesMembers != 0},
		{views.OpenToOthersPath(org, ""), "Access: open to others", rights&seesMembers != 0},
		{views.SettingsPath(org), "Settings", rights.Has(access.Configure)},
		{views.PolicyPath(org), "Sharing policy", rights.Has(access.Configure)},
		{views.TokensPath(org), "API tokens", rights.Has(access.TokenRights)},
		{views.OrganizationsPath(), "Organizations", true},
	}
	var hits []views.SearchHit
	for _, page := range pages {
		if page.shown && strings.Contains(strings.ToLower(page.title), strings.ToLower(text)) {
			hits = append(hits, views.SearchHit{Path: page.path, Title: page.title, Type: "page"})
		}
	}
	return hits
}
