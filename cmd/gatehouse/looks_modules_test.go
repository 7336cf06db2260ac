package main

import "testing"

func TestPagesOfModulesTemplatesAndPartnersAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, nadia, hugo := as(t, server, "Ana Lopes"), as(t, server, "Nadia Benali"), as(t, server, "Hugo Brandt")
	ana.watch.expects(409, 422)
	ana.opens(meridian + "/modules")
	ana.content().clicks("link", "Client Services")
	ana.seesThe("heading", "Client Services")
	module := ana.path()
	ana.visits([]place{
		{"modules", page(meridian + "/modules")},
		{"module-new", opening(meridian+"/modules", "link", "Create module")},
		{"module", page(module)},
		{"module-people", page(module + "?tab=people")},
		{"module-activity", page(module + "?tab=activity")},
		{"module-share", opening(module, "link", "Manage people")},
		{"module-menu", func(p *person) { p.opens(module); p.clicks("button", "More actions for Client Services") }},
		{"module-settings", page(module + "/settings")},
		{"module-why", page(module + "/why")},
		{"module-full", func(p *person) { p.tries(module + "/deletion") }},
		{"group-roles", page(meridian + "/group-roles")},
		{"group-roles-share", opening(meridian+"/group-roles", "link", "Give a group a role")},
		{"create-project-for-an-organization", opening(meridian, "link", "Create project")},
	})
	nadia.visits([]place{{"module-as-administrator", page(module)}, {"modules-own", page(meridian + "/modules")}})
	hugo.visits([]place{{"organizations-shared", page("/orgs")}, {"home-shared", page("/orgs/harbor")}, {"my-access-shared", page("/orgs/harbor/my-access")}})

	cyra := as(t, server, "Cyra Haddad")
	cyra.watch.expects(409, 422)
	cyra.opens(meridian)
	cyra.content().clicks("link", "Alpha")
	cyra.seesThe("heading", "Alpha")
	alpha := cyra.path()
	hugo.visits([]place{{"project-of-another-organization", page(alpha)}})
	cyra.visits([]place{
		{"templates-empty", page(alpha + "?tab=templates")},
		{"template-new", func(p *person) { p.namesTemplate(alpha, "Reader of curves") }},
		{"template-refused", func(p *person) {
			p.namesTemplate(alpha, "Viewer")
			p.dialog().clicks("button", "Create template")
			p.dialog().sees("Viewer is a role already.")
		}},
		{"templates", func(p *person) {
			p.namesTemplate(alpha, "Reader of curves")
			p.dialog().clicks("button", "Create template")
			p.content().sees("Reader of curves")
		}},
		{"template-edit", func(p *person) {
			p.opens(alpha + "?tab=templates")
			p.clicks("button", "More actions for Reader of curves")
			p.clicks("link", "Change name and rights")
			p.dialog().seesThe("heading", "Change the rights template")
		}},
		{"share-partner", func(p *person) {
			p.opens(alpha)
			p.content().clicks("link", "Share")
			picks(p.dialog(), "harbor", "Harbor Partners")
			p.must(p.dialog().the("combobox", "Add people or groups").PressSequentially("harbor"))
			p.dialog().seesThe("option", ".+")
		}},
	})
}

// namesTemplate begins a new rights template of a project.
func (p *person) namesTemplate(project, name string) {
	p.t.Helper()
	p.opens(project + "?tab=templates")
	p.content().clicks("link", "Create template")
	p.dialog().fills("Name", name)
}
