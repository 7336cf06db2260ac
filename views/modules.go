package views

import "gatehouse/access"

// Modules is the list of modules.
type Modules struct {
	Org       string
	Search    string
	Rows      []ModuleRow
	Pager     Pager
	CanCreate bool
	OnlyOwn   bool // who is no org admin sees those of which they may know
}

// A ModuleRow is one module in the list.
type ModuleRow struct {
	Module      access.Ref
	Description string
	Role        string // the person's own, as pages write it
	Inside      int    // resources directly in it
	People      int    // with a role there
	Groups      int
}

// ModuleForm makes a module. It posts name and description.
type ModuleForm struct {
	Org         string
	Name        string
	Description string
	Problems    Problems
}

// A ModuleTab is a part of a module's page.
type ModuleTab string

const (
	ModuleResourcesTab ModuleTab = "resources"
	ModulePeopleTab    ModuleTab = "people"
	ModuleActivityTab  ModuleTab = "activity"
)

// Module is one module's page. Fill the list of the open tab.
type Module struct {
	Org       string
	Module    access.Resource
	Tab       ModuleTab
	You       access.ID
	CanList   bool // the reader may open the list of modules
	CanCreate bool // projects in it
	CanManage bool // its people
	CanEdit   bool // name and description
	Delete    May
	Activity  bool // the person may see the Activity tab
	Reports   bool // the person may ask who can do what

	Search    string        // ModuleResourcesTab
	Resources []ResourceRow // ModuleResourcesTab, as far as the person may know of them
	Pager     Pager
	Share     Share        // ModulePeopleTab: who has a role, and who manages it from above
	Events    []AuditEvent // ModuleActivityTab
}

func (m Modules) lead() string {
	if m.OnlyOwn {
		return "The modules that you are an Administrator of."
	}
	return "Projects live in modules. Who has a role in a module may see it, create in it or manage its people."
}

// people says who was given a role: "3 people, 1 group".
func (r ModuleRow) people() string {
	switch {
	case r.People == 0 && r.Groups == 0:
		return "Nobody yet"
	case r.Groups == 0:
		return people(r.People)
	case r.People == 0:
		return count(r.Groups, "group", "groups")
	}
	return people(r.People) + ", " + count(r.Groups, "group", "groups")
}

func (m Module) lead() string {
	if m.Module.Description != "" {
		return m.Module.Description
	}
	return "Projects live here."
}

type moduleTabLink struct {
	tab   ModuleTab
	label string
}

func (m Module) tabs() []moduleTabLink {
	tabs := []moduleTabLink{{ModuleResourcesTab, "Projects"}, {ModulePeopleTab, "People"}}
	if m.Activity {
		tabs = append(tabs, moduleTabLink{ModuleActivityTab, "Activity"})
	}
	return tabs
}
