package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// seesModules opens the list of modules: who configures the organization makes them, an auditor reads.
const seesModules = access.Configure | access.Audit

// seesModulesPage also lets those in who manage the people of any one module.
func (s *Server) seesModulesPage(r *request) error {
	if r.actor().Rights&seesModules != 0 {
		return nil
	}
	manages, err := s.store.ManagesAModule(r.ctx(), r.org().ID, r.user.ID)
	if err == nil && !manages {
		return access.ErrNotFound
	}
	return err
}

// listModules shows the modules of which the person may know.
func (s *Server) listModules(r *request) error {
	search := r.QueryParam("search")
	list, err := paged(r.part(), func(page db.Page) (db.Listing[db.ModuleRow], error) {
		return s.store.ListModules(r.ctx(), r.org().ID, r.user.ID, search, page)
	})
	if err != nil {
		return err
	}
	shown := views.Modules{Org: r.org().Slug, Search: search, Pager: pager(r, list), CanCreate: r.actor().Rights.Has(access.Configure),
		OnlyOwn: r.actor().Rights&seesModules == 0}
	for _, row := range list.Rows {
		shown.Rows = append(shown.Rows, views.ModuleRow{Module: row.Ref(), Description: row.About(), Inside: row.Inside, People: row.People,
			Groups: row.Groups, Role: moduleRole(row.Rights)})
	}
	return r.show(http.StatusOK, pageOf("Modules", views.ModulesPage, views.ModulesTable, shown))
}

// moduleRole is what a person is in a module, as pages write it. An Admin of the organization does there what an
// Administrator does, without the role.
func moduleRole(held access.Rights) string {
	role, ok := access.Strongest(access.Module, held)
	switch {
	case ok:
		return role.Title
	case held.Has(access.Members):
		return "Manages it"
	case held.Has(access.Create):
		return "Can create in it"
	}
	return "Can see that it exists"
}

// showNewModule asks for a name and a description.
func (s *Server) showNewModule(r *request) error {
	if !r.actor().Rights.Has(access.Configure) {
		return access.Denied("Only an Admin of the organization can create modules.")
	}
	return r.show(http.StatusOK, moduleFormPage(views.ModuleForm{Org: r.org().Slug}))
}

func moduleFormPage(shown views.ModuleForm) page {
	return pageOf("Create module", views.ModuleFormPage, views.ModuleFormDialog, shown)
}

// createModule makes a module and goes there.
func (s *Server) createModule(r *request) error {
	form := views.ModuleForm{Org: r.org().Slug, Name: r.form("name"), Description: r.form("description")}
	id, err := s.store.CreateResource(r.ctx(), r.by(), r.org().ID, db.NewResource{Kind: access.Module, Parent: r.org().ID, Name: form.Name, Description: form.Description})
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return moduleFormPage(form)
		})
	}
	return r.done(views.ResourcePath(r.org().Slug, id), views.Flash{Message: "The module " + form.Name + " is here. Say who may create projects in it."})
}

// showModule shows one module, with the tab of the URL.
func (s *Server) showModule(r *request) error {
	shown, err := s.modulePage(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf(r.resource.Name, views.ModulePage, views.ModuleDetails, shown))
}

func (s *Server) modulePage(r *request) (views.Module, error) {
	held := r.resource.Rights
	shown := views.Module{Org: r.org().Slug, Module: r.resource, Tab: views.ModuleTab(r.QueryParam("tab")), You: r.user.ID, Reports: r.actor().Rights&seesMembers != 0,
		CanCreate: held.Has(access.Create), CanManage: held.Has(access.Members), CanEdit: held.Has(access.Configure), Activity: s.seesActivity(r)}
	shown.Module.Description = r.resource.About()
	shown.Delete = mayDo(r, access.DeleteResource{Resource: r.resource}) // its dialog says whether the module is empty
	shown.CanList = s.seesModulesPage(r) == nil
	if shown.Tab != views.ModulePeopleTab && (shown.Tab != views.ModuleActivityTab || !shown.Activity) {
		shown.Tab = views.ModuleResourcesTab
	}
	var err error
	switch shown.Tab {
	case views.ModulePeopleTab:
		shown.Share, err = s.share(r)
	case views.ModuleActivityTab:
		shown.Events, err = s.activity(r)
	default:
		err = s.addModuleResources(r, &shown)
	}
	return shown, err
}

// addModuleResources lists what lies in the module, as far as the person may know of it.
func (s *Server) addModuleResources(r *request, shown *views.Module) error {
	shown.Search = r.QueryParam("search")
	list, err := paged(r.part(), func(page db.Page) (db.Listing[access.Resource], error) {
		return s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Parent: r.resource.ID, Search: shown.Search}, page)
	})
	if err != nil {
		return err
	}
	shown.Pager = pager(r, list)
	shown.Resources, err = s.resourceRows(r, list.Rows)
	return err
}
