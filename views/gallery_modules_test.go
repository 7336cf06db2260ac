package views

import "gatehouse/access"

// modulePictures are the pages of modules and of the groups with a role in the organization.
func modulePictures() []picture {
	risk := access.Ref{Type: "module", ID: "m-risk", Name: "Risk"}
	rows := []ModuleRow{{Module: risk, Description: "What could go wrong, and what it would cost.", Role: "Administrator", Inside: 12, People: 3, Groups: 1},
		{Module: access.Ref{Type: "module", ID: "m1", Name: "Workspace"}, Role: "Manages it", Inside: 1204},
		{Module: access.Ref{Type: "module", ID: "m2", Name: "Regulatory reporting for the northern region and everything beside it"}, Description: "Everything that the supervisors ask for, in the form in which they ask for it.", Role: "Can create in it", Groups: 2}}
	modules := Modules{Org: org, CanCreate: true, Rows: rows, Pager: Pager{First: 1, Last: 3, Total: 3}}
	module := Module{Org: org, Module: access.Resource{ID: risk.ID, Kind: access.Module, Name: "Risk", Description: "What could go wrong, and what it would cost.", Mode: access.Restricted, Version: 4},
		Tab: ModuleResourcesTab, You: ana.ID, CanList: true, CanCreate: true, CanManage: true, CanEdit: true, Activity: true,
		Delete:    May{Refusal: "Risk holds 12 resources. Move or delete them first; only an empty module can be deleted."},
		Resources: resourceRows(access.Project), Pager: Pager{First: 1, Last: 4, Total: 4}, Share: moduleShare()}
	people, bare := module, module
	people.Tab = ModulePeopleTab
	bare.Resources, bare.Delete = nil, May{Do: true}
	nobody := people
	nobody.Share = Share{}
	here := at(ResourcePath(org, risk.ID))
	roles := at(GroupRolesPath(org))
	return []picture{
		{"modules", ModulesPage(at(ModulesPath(org)), modules)},
		{"modules-own", ModulesPage(at(ModulesPath(org)), Modules{Org: org, OnlyOwn: true, Rows: rows[:1], Pager: Pager{First: 1, Last: 1, Total: 1}})},
		{"modules-nothing-found", ModulesPage(at(ModulesPath(org)), Modules{Org: org, Search: "zzz"})},
		{"module-new", ModuleFormPage(at(ModulesPath(org)), ModuleForm{Org: org, Problems: Problems{"name": "Enter a name."}})},
		{"module", ModulePage(here, module)},
		{"module-empty", ModulePage(here, bare)},
		{"module-people", ModulePage(here, people)},
		{"module-nobody", ModulePage(here, nobody)},
		{"module-full", ResourceDeletionPage(here, ResourceDeletion{Org: org, Resource: risk, Inside: 12, Refusal: module.Delete.Refusal})},
		{"module-share", SharePage(here, moduleShare())},
		{"project-new-owner", ResourceFormPage(at(HomePath(org)), ResourceForm{Org: org, OrgName: "Northwind Traders", Kind: access.Project, Parent: access.Ref{ID: "m1", Name: "Workspace"},
			Parents: []access.Ref{risk, {Type: "module", ID: "m1", Name: "Workspace"}}, Mode: access.OrganizationMode, OrgRole: role(access.Project, "editor"),
			Orgs: []OrgLink{{Slug: "contoso", Name: "Contoso"}, {Slug: org, Name: "Northwind Traders"}}})},
		{"organizations-shared", OrganizationsPage(Frame{Title: "My organizations", Person: &ana, Path: OrganizationsPath()}, Organizations{List: frame("", "").Orgs,
			Shared: []SharedOutside{{Org: OrgLink{Slug: "contoso", Name: "Contoso"}, Resource: project("Alpha"), Role: "Editor"}, {Org: OrgLink{Slug: "contoso", Name: "Contoso"}, Resource: pkg("Pricing"), Role: "Can view"}}})},
		{"group-roles", GroupRolesPage(roles, GroupRoles{Org: org, OrgName: "Northwind Traders", CanManage: true, Share: organizationShare()})},
		{"group-roles-empty", GroupRolesPage(roles, GroupRoles{Org: org, OrgName: "Northwind Traders", CanManage: true})},
		{"group-roles-share", SharePage(roles, organizationShare())},
	}
}

// moduleShare is who has a role on a module.
func moduleShare() Share {
	risk := access.Resource{ID: "m-risk", Kind: access.Module, Name: "Risk", Mode: access.Restricted, Version: 4}
	roles := access.RolesOf(access.Module)
	grant := func(id access.ID, who access.Principal, name string) ShareGrant {
		return ShareGrant{Roles: roles, CanChange: true, People: 31, Grant: access.Grant{ID: id, Resource: risk.Ref(), Principal: who, Role: role(access.Module, name)}}
	}
	ending := grant("2", access.Principal{Ref: boris.Ref(), Email: boris.Email, Active: true}, "administrator")
	ending.Grant.ExpiresAt = before(-9 * day)
	return Share{Org: org, OrgName: "Northwind Traders", Resource: risk, You: ana.ID, CanShare: true, CanAsk: true, Roles: roles, Role: "user",
		Direct: []ShareGrant{grant("1", access.Principal{Ref: group("Quant"), Active: true}, "creator"), ending},
		Inherited: []InheritedAccess{{Principal: access.Principal{Ref: ana.Ref(), Email: ana.Email, Active: true}, Role: role(access.Organization, "admin"),
			Place: access.Ref{Type: "organization", ID: "o", Name: "Northwind Traders"}}}}
}

// organizationShare is which groups have a role in the organization.
func organizationShare() Share {
	s := moduleShare()
	s.Resource = access.Resource{ID: "o", Kind: access.Organization, Name: "Northwind Traders", Mode: access.Restricted, Version: 9}
	s.Roles, s.Role, s.Direct, s.Inherited = access.RolesOf(access.Organization), "member", s.Direct[:1], nil
	s.Direct[0].Roles, s.Direct[0].Grant.Role = s.Roles, role(access.Organization, "auditor")
	return s
}
