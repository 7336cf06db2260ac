package web

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showAccess is where somebody begins who asks who can do what.
func (s *Server) showAccess(r *request) error {
	shown := views.AccessOverview{Org: r.org().Slug, OrgName: r.org().Name, Tab: views.ReportTab(r.QueryParam("tab")), Search: r.QueryParam("search")}
	page := r.part()
	var err error
	switch shown.Tab {
	case views.OpenTab:
		err = s.addOpen(r, &shown, page)
	case views.ByPersonTab:
		err = s.addPeopleToAsk(r, &shown, page)
	default:
		shown.Tab = views.ByResourceTab
		err = s.addResourcesToAsk(r, &shown, page)
	}
	if err != nil {
		return err
	}
	part := views.AccessPart
	if r.Request().Header.Get("HX-Target") == "access-found" {
		part = views.AccessFound
	}
	return r.show(http.StatusOK, pageOf("Access", views.AccessPage, part, shown))
}

const besides = 50 // organizations and modules, or people outside, that stand before a list

func (s *Server) addResourcesToAsk(r *request, shown *views.AccessOverview, page db.Page) error {
	if page.After == "" {
		if err := s.addPlacesToAsk(r, shown); err != nil {
			return err
		}
	}
	list, err := s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Search: shown.Search}, page)
	for _, resource := range list.Rows {
		shown.Found = append(shown.Found, views.ReportSubject{Ref: resource.Ref(), Owner: resource.Owner.Label()})
	}
	shown.Pager = pager(r, list)
	return err
}

// addPlacesToAsk adds the organization and its modules, which nobody owns: resources are listed with their owner.
func (s *Server) addPlacesToAsk(r *request, shown *views.AccessOverview) error {
	if strings.Contains(strings.ToLower(r.org().Name), strings.ToLower(shown.Search)) {
		shown.Besides = append(shown.Besides, views.ReportSubject{Ref: r.org().Ref()})
	}
	modules, err := s.store.ListModules(r.ctx(), r.org().ID, r.user.ID, shown.Search, db.Page{Size: besides})
	for _, module := range modules.Rows {
		shown.Besides = append(shown.Besides, views.ReportSubject{Ref: module.Ref()})
	}
	shown.MoreBesides = modules.Next != ""
	return err
}

func (s *Server) addPeopleToAsk(r *request, shown *views.AccessOverview, page db.Page) error {
	if page.After == "" {
		outside, more, err := s.store.ListOutsiders(r.ctx(), r.org().ID, shown.Search, besides)
		if err != nil {
			return err
		}
		for _, person := range outside {
			shown.Besides = append(shown.Besides, views.ReportSubject{Ref: person.Ref(), Email: person.Email, External: true})
		}
		shown.MoreBesides = more
	}
	list, err := s.store.ListMembers(r.ctx(), r.org().ID, db.MemberFilter{Search: shown.Search, Status: db.AnyMember}, page)
	for _, row := range list.Rows {
		shown.Found = append(shown.Found, views.ReportSubject{Ref: row.Ref(), Email: row.Email})
	}
	shown.Pager = pager(r, list)
	return err
}

// openModes let in people outside the organization.
var openModes = []access.Mode{access.Anonymous, access.Public}

// addOpen adds what is open to people outside the organization, by one access mode or by any.
func (s *Server) addOpen(r *request, shown *views.AccessOverview, page db.Page) error {
	modes := openModes
	if asked := access.Mode(r.QueryParam("mode")); slices.Contains(openModes, asked) {
		modes, shown.Mode = []access.Mode{asked}, asked
	}
	list, err := s.store.ListOpen(r.ctx(), r.org().ID, modes, page)
	if err != nil {
		return err
	}
	shown.Pager = pager(r, list)
	for _, row := range list.Rows {
		shown.Open = append(shown.Open, views.OpenRow{Resource: row.Resource, Place: row.Place, Inside: row.Inside})
	}
	if shown.Anonymous, err = s.store.CountOpen(r.ctx(), r.org().ID, access.Anonymous); err != nil {
		return err
	}
	shown.Public, err = s.store.CountOpen(r.ctx(), r.org().ID, access.Public)
	return err
}

const reportPage = 50

// A report is a question about access, and how to read its answer part by part.
type report struct {
	right    access.Rights
	resource *access.Resource // of a report on a resource
	person   *access.Person   // of one on a person
	list     func(after string, limit int) ([]db.ReportRow, string, error)
}

// rightAsked is the right that a report is about: view where none is named.
func rightAsked(r *request) (access.Rights, error) {
	name := r.QueryParam("right")
	if name == "" {
		return access.View, nil
	}
	right, ok := access.ParseRight(name)
	if !ok {
		return 0, access.Invalid("right", "%q is not a right.", name)
	}
	return right, nil
}

// whoCan is the report on who can use a right on the resource of the URL.
func (s *Server) whoCan(r *request) (report, error) {
	right, err := rightAsked(r)
	if err != nil {
		return report{}, err
	}
	id, err := r.id("resource")
	if err != nil {
		return report{}, err
	}
	resource, err := s.store.FindResource(r.ctx(), r.org().ID, r.user.ID, id)
	return report{right: right, resource: &resource, list: func(after string, limit int) ([]db.ReportRow, string, error) {
		return s.store.ListWhoCan(r.ctx(), r.org().ID, resource, right, after, limit)
	}}, err
}

// whatCan is the report on what the person of the URL can use a right on.
func (s *Server) whatCan(r *request) (report, error) {
	right, err := rightAsked(r)
	if err != nil {
		return report{}, err
	}
	id, err := r.id("user")
	if err != nil {
		return report{}, err
	}
	person, err := s.store.FindPersonAround(r.ctx(), r.org().ID, id)
	return report{right: right, person: &person.Person, list: func(after string, limit int) ([]db.ReportRow, string, error) {
		return s.store.ListWhatCan(r.ctx(), r.org().ID, person, right, after, limit)
	}}, err
}

func (s *Server) showWhoCan(r *request) error  { return s.showReport(r, s.whoCan) }
func (s *Server) showWhatCan(r *request) error { return s.showReport(r, s.whatCan) }

func (s *Server) showReport(r *request, find func(*request) (report, error)) error {
	asked, err := find(r)
	if err != nil {
		return err
	}
	shown := views.Report{Org: r.org().Slug, Person: asked.person, Right: asked.right}
	rows, next, err := asked.list(r.QueryParam("after"), reportPage)
	if err != nil {
		return err
	}
	shown.Pager = reportPager(r, next)
	for _, row := range rows {
		shown.Rows = append(shown.Rows, reportRow(shown.Org, row, asked.resource != nil))
	}
	if asked.resource != nil {
		ref := asked.resource.Ref()
		shown.Resource = &ref
		if shown.Everybody, err = s.everybody(r, asked, rows); err != nil {
			return err
		}
	}
	return r.show(http.StatusOK, pageOf("Access", views.ReportPage, views.ReportPart, shown))
}

// everybody says where more people are let in than a list can name.
func (s *Server) everybody(r *request, asked report, rows []db.ReportRow) (string, error) {
	anyone, err := s.store.Rights(r.ctx(), "", asked.resource.ID)
	if anyone.Has(asked.right) {
		return "Anyone on the internet can " + asked.right.String() + " this. The list names the people who are known here.", err
	}
	for _, row := range rows {
		for _, path := range row.Paths {
			if path.Mode == access.Public && path.Rights.Has(asked.right) {
				return "Everybody who has an account on this server can " + asked.right.String() + " this. The list names the people who are known here.", err
			}
		}
	}
	return "", err
}

func reportRow(org string, row db.ReportRow, ofResource bool) views.ReportRow {
	shown := views.ReportRow{Ref: row.Resource.Ref(), Others: len(row.Paths) - 1}
	shown.Path = views.RefPath(org, shown.Ref)
	if ofResource {
		shown.Ref, shown.Email, shown.External = row.Person.Ref(), row.Person.Email, row.Status == ""
		shown.Path = views.MemberPath(org, row.Person.ID)
	}
	if shown.External { // who is no member
		shown.Path = views.WhatCanPath(org, row.Person.ID, "")
	}
	if row.Resource.Kind.Owned() {
		shown.Why = views.WhyPath(org, row.Resource.ID, row.Person.ID)
	}
	if len(row.Paths) > 0 {
		shown.Reason = row.Paths[0]
	}
	shown.Role = roleOfRow(row)
	return shown
}

// roleOfRow is the role that says most about a row.
func roleOfRow(row db.ReportRow) access.Role {
	if row.Resource.Owner.ID != "" && row.Resource.Owner.ID == row.Person.ID {
		role, _ := access.RoleByID(access.RoleID(row.Resource.Kind, access.OwnerRole))
		return role
	}
	resource := row.Resource
	resource.Rights = row.Rights
	return strongest(resource, row.Paths)
}
