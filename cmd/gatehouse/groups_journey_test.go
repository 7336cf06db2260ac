package main

import "testing"

func TestAGroupAdminChangesTheirGroupAndNothingElse(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	bo, dev := as(t, server, "Bo Lindqvist"), as(t, server, "Dev Okafor")
	bo.showsAdminControls()
	bo.seesNo("link", "Members|Audit log|Settings")
	for _, closed := range []string{"members", "audit", "settings", "invitations/new"} {
		bo.findsNothingAt("/orgs/meridian/" + closed)
	}
	addsAndRemoves(bo, dev)

	bo.clicks("link", "Everyone inside.*")
	bo.row("Lucía Fernández de la Vega").sees("Through Client Reporting")
	bo.row("Hana Kobayashi").sees("Through Signals")
	bo.row("Dev Okafor").sees("Direct")
}

func TestAGroupThatCarriesARoleIsNotForAGroupAdminToChange(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, bo := as(t, server, "Ana Lopes"), as(t, server, "Bo Lindqvist")
	opensGroup(ana, "Platform")
	ana.clicks("link", "Add members")
	dialog := ana.dialog()
	dialog.sees("Whoever you add also becomes Creator on Workspace.")
	picks(dialog, "bo", "Bo Lindqvist")
	dialog.chooses("radio", "Admin")
	dialog.clicks("button", "Add members")
	ana.row("bo@meridian.test").showsRole("Bo Lindqvist", "Admin")

	opensGroup(bo, "Platform")
	bo.sees("Platform carries the role Creator on Workspace")
	bo.seesNo("link", "Add members")
	if status := bo.tries(bo.path() + "/members/new"); status != 403 {
		t.Errorf("adding to a group that carries a role answers %d", status)
	}
	bo.sees("Platform carries the role Creator on Workspace")

	// The same through nesting: what is inside Platform carries its role too
	opensGroup(ana, "Platform")
	ana.clicks("link", "Add members")
	picks(ana.dialog(), "research", "Research")
	ana.dialog().clicks("button", "Add members")
	ana.dialog().sees("This is what it does:", "create on Workspace")
	ana.dialog().clicks("button", "Add them")
	ana.sees("Added to Platform.")
	opensGroup(bo, "Research")
	bo.sees("Research carries the role Creator on Workspace")
	bo.seesNo("link", "Add members")

	opensGroup(ana, "Research")
	ana.clicks("link", "Add members")
	picks(ana.dialog(), "platform", "Platform")
	ana.watch.expects(409)
	ana.dialog().clicks("button", "Add members")
	ana.dialog().sees("Platform already contains Research")
}

func TestAnAdminMakesAGroupAndDeletesIt(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, dev := as(t, server, "Ana Lopes"), as(t, server, "Dev Okafor")
	ana.opens("/orgs/meridian/groups")
	ana.clicks("link", "Create group")
	dialog := ana.dialog()
	dialog.fills("Name", "Research")
	ana.watch.expects(422)
	dialog.clicks("button", "Create group")
	dialog.sees("There is a group named Research already.")
	dialog.fills("Name", "Forecasting")
	dialog.fills("Description", "Looks ahead.")
	dialog.clicks("button", "Create group")
	ana.seesThe("heading", "Forecasting")
	ana.sees("Looks ahead.")

	opensGroup(ana, "Research")
	ana.content().clicks("link", "Settings")
	ana.clicks("link", "Delete group")
	dialog = ana.dialog()
	dialog.seesThe("heading", "Delete Research\\?")
	dialog.sees("The accounts of its members stay as they are.", "This changes what people can do:", "Alpha")
	dialog.clicks("link", "Cancel")
	dev.opens("/orgs/meridian")
	dev.sees("Alpha")
	ana.clicks("link", "Delete group")
	dialog.clicks("button", "Delete Research")
	ana.sees("The group Research is deleted.")
	dev.opens("/orgs/meridian")
	dev.seesNot("Alpha")
}

// addsAndRemoves is Bo's day with Research, and what Dev notices of it.
func addsAndRemoves(bo, dev *person) {
	bo.t.Helper()
	opensGroup(bo, "Research")
	bo.clicks("link", "Remove Dev Okafor")
	dialog := bo.dialog()
	dialog.seesThe("heading", "Remove Dev Okafor from Research\\?")
	dialog.sees("This changes what Dev Okafor can do:", "Loses discover, view, query, create, edit, configure and reveal", "On Alpha")
	dialog.clicks("button", "Remove Dev Okafor")
	bo.sees("Dev Okafor is no longer in Research.")
	dev.opens("/orgs/meridian")
	dev.seesNot("Alpha")
	bo.clicks("button", "Undo")
	bo.sees("Added to Research.")
	dev.opens("/orgs/meridian")
	dev.sees("Alpha")
	bo.clicks("link", "Remove Dev Okafor")
	bo.dialog().clicks("button", "Remove Dev Okafor")
	bo.seesNot("dev@meridian.test")

	bo.clicks("link", "Add members")
	dialog = bo.dialog()
	dialog.seesThe("heading", "Add members to Research")
	picks(dialog, "dev", "Dev Okafor")
	picks(dialog, "Client Reporting", "Client Reporting")
	dialog.clicks("button", "Add members")
	dialog.sees("This is what it does:", "gain discover, view")
	dialog.clicks("button", "Add them")
	bo.sees("Added to Research.")
	bo.row("Client Reporting").sees("Group · 3 people")
	bo.row("dev@meridian.test").showsRole("Dev Okafor", "Member")
	dev.opens("/orgs/meridian")
	dev.row("Alpha").sees("Editor")
}

func opensGroup(p *person, name string) {
	p.t.Helper()
	p.opens("/orgs/meridian/groups")
	p.row(name).clicks("link", name)
	p.seesThe("heading", name)
}

// showsAdminControls unfolds them in the panel.
func (p *person) showsAdminControls() {
	p.t.Helper()
	p.must(p.ready(p.area.GetByText("Admin Controls")).Click())
	p.seesThe("link", "Groups")
}
