package main

import "testing"

func TestAModuleAdministratorManagesTheModuleAndItsPeople(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, nadia, dev := as(t, server, "Ana Lopes"), as(t, server, "Nadia Benali"), as(t, server, "Dev Okafor")
	ana.opens(meridian)
	ana.in(ana.page.Locator("#panel")).clicks("link", "Client Services")
	ana.seesThe("heading", "Client Services")
	module := ana.path()
	dev.findsNothingAt(module)

	nadia.opens(meridian + "/modules")
	nadia.content().seesNot("Workspace")
	nadia.content().clicks("link", "Client Services")
	nadia.seesThe("heading", "Client Services")
	nadia.clicks("link", "Manage people")
	dialog := nadia.dialog()
	dialog.seesThe("heading", "People of Client Services")
	dialog.showsRole("Client Reporting", "Creator")
	picks(dialog, "dev", "Dev Okafor")
	dialog.clicks("button", "Give the role")
	dialog.showsRole("Dev Okafor", "User")
	dialog.selects("Role of Dev Okafor", "Creator")
	dialog.sees("Dev Okafor has another role now.")
	dialog.clicks("link", "Done")

	dev.opens(module)
	dev.content().clicks("link", "Create project")
	dev.dialog().sees("In Client Services.")
	dev.dialog().fills("Name", "October Mailing")
	dev.dialog().clicks("button", "Create project")
	dev.seesThe("heading", "October Mailing")
	dev.content().seesThe("link", ".*Client Services")

	nadia.opens(module)
	nadia.clicks("link", "People")
	nadia.content().sees("Dev Okafor", "Creator", "Through the organization")
	nadia.clicks("link", "Manage people")
	nadia.removing("Dev Okafor").clicks("button", "Remove Dev Okafor")
	nadia.dialog().sees("Dev Okafor no longer has the role Creator here.")
	dev.findsNothingAt(module)
	dev.opens(meridian)
	dev.sees("October Mailing") // what is his stays his
}

func TestAnAdminMakesAModuleAndDeletesItEmpty(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes", withoutScripts)
	ana.opens(meridian + "/modules")
	ana.clicks("link", "Create module")
	ana.fills("Name", "Risk")
	ana.fills("Description", "What could go wrong.")
	ana.clicks("button", "Create module")
	ana.seesThe("heading", "Risk")
	risk := ana.path()
	ana.opens(meridian + "/modules")
	ana.row("Client Services").sees("1 person, 1 group")
	ana.opens(risk + "/deletion")
	ana.fills("Type the name Risk to confirm", "Risk")
	ana.clicks("button", "Delete Risk")
	ana.sees("Risk is deleted.")
	ana.content().seesNo("link", "Risk")
}

func TestAGroupIsGivenARoleInTheOrganization(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, dev := as(t, server, "Ana Lopes"), as(t, server, "Dev Okafor")
	dev.findsNothingAt(meridian + "/audit")
	ana.opens(meridian + "/members")
	ana.clicks("link", "Groups can have a role in the organization too.")
	ana.sees("No group has a role here")
	ana.content().clicks("link", "Give a group a role")
	picks(ana.dialog(), "research", "Research")
	ana.dialog().selects("Role", "Auditor")
	ana.dialog().clicks("button", "Give the role")
	ana.dialog().showsRole("Research", "Auditor")
	ana.dialog().clicks("link", "Done")
	ana.content().sees("Research", "Auditor")
	dev.opens(meridian + "/audit")
	bo := as(t, server, "Bo Lindqvist")
	opensGroup(bo, "Research")
	bo.sees("Research carries the role Auditor on Meridian Analytics")
	bo.seesNo("link", "Add members")
}

func TestARightsTemplateAndAPartnerOrganizationInTheShareDialog(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, hugo := as(t, server, "Cyra Haddad"), as(t, server, "Hugo Brandt")
	cyra.opens(meridian)
	cyra.content().clicks("link", "Alpha")
	cyra.seesThe("heading", "Alpha")
	alpha := cyra.path()
	cyra.content().clicks("link", "Templates")
	cyra.content().clicks("link", "Create template")
	cyra.dialog().fills("Name", "Reader of curves")
	cyra.dialog().clicks("button", "Create template")
	cyra.content().sees("Reader of curves", "View and query", "Not given")

	cyra.content().clicks("link", "Share")
	dialog := cyra.dialog()
	picks(dialog, "HARBOR", "Harbor Partners")
	dialog.sees("External")
	dialog.selects("Role", "Reader of curves")
	dialog.clicks("button", "Share")
	dialog.showsRole("Harbor Partners", "Reader of curves")
	dialog.sees("Organization · everybody in it")
	dialog.clicks("link", "Done")
	cyra.content().sees("1 time, to 2 people") // Hugo, and Ana, who is in Harbor too

	hugo.opens("/orgs")
	hugo.row("Alpha").sees("Project of Meridian Analytics")
	hugo.content().clicks("link", "Alpha")
	hugo.seesThe("heading", "Alpha")
	if hugo.path() != alpha {
		t.Errorf("the link leads to %s", hugo.path())
	}

	cyra.clicks("button", "More actions for Reader of curves")
	cyra.clicks("link", "Delete template")
	cyra.dialog().sees("Reader of curves is given once, and so 2 people hold it.")
	cyra.dialog().clicks("link", "Close")
}
