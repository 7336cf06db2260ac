package main

import "testing"

func TestEverythingWorksWithoutJavaScript(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, bo, cyra := as(t, server, "Ana Lopes", withoutScripts), as(t, server, "Bo Lindqvist", withoutScripts), as(t, server, "Cyra Haddad", withoutScripts)
	links := invitesNoraAndOmar(ana)
	nora := newPerson(t, server, withoutScripts)
	nora.opens(links[0])
	joins(nora, "Nora Quist")
	ana.opens("/orgs/meridian/members")
	changesTheRole(ana, nora)
	deactivates(ana, nora)
	sharesWithoutJavaScript(cyra, nora)
	removesWithAnHeir(ana, nora)

	dev := as(t, server, "Dev Okafor", withoutScripts)
	opensGroup(bo, "Research")
	bo.clicks("link", "Remove Dev Okafor")
	bo.dialog().sees("These can then no longer be opened:", "Alpha")
	bo.dialog().clicks("button", "Remove Dev Okafor")
	bo.sees("Dev Okafor is no longer in Research.")
	dev.opens("/orgs/meridian")
	dev.content().seesNot("Alpha")
	bo.clicks("link", "Add members")
	bo.dialog().fills("People and groups", "dev@meridian.test, nobody@nowhere.test")
	bo.watch.expects(422)
	bo.dialog().clicks("button", "Add members")
	bo.dialog().sees("Nobody with this address")
	bo.dialog().unchecks("nobody@nowhere.test")
	bo.dialog().fills("People and groups", "Risk")
	bo.dialog().clicks("button", "Add members")
	bo.sees("Added to Research.")
	bo.row("Risk").sees("Group")
	bo.row("dev@meridian.test").selects("Role of Dev Okafor", "Admin")
	bo.row("dev@meridian.test").clicks("button", "Change role")
	bo.sees("The role in Research is changed.")
	dev.opens("/orgs/meridian")
	dev.content().sees("Alpha")
	opensGroup(dev, "Research")
	dev.seesThe("link", "Add members")
}

// sharesWithoutJavaScript is the share journey on pages of its own.
func sharesWithoutJavaScript(cyra, nora *person) {
	cyra.t.Helper()
	cyra.opens("/orgs/meridian")
	cyra.content().clicks("link", "Open Benchmarks")
	cyra.clicks("link", "Share")
	cyra.watch.expects(422)
	page := cyra.dialog()
	page.fills("Add people or groups", "nora@meridian.test, Nobodies")
	page.selects("Role", "Admin")
	page.clicks("button", "Share")
	page.sees("There is no group with this name.")
	page.unchecks("Nobodies")
	page.clicks("button", "Share")
	cyra.sees("Shared.")
	page.row("nora@meridian.test").showsRole("Nora Quist", "Admin")
	nora.opens("/orgs/meridian")
	nora.content().row("Open Benchmarks").sees("Admin")

	page.row("nora@meridian.test").selects("Role of Nora Quist", "Editor")
	page.row("nora@meridian.test").clicks("button", "Change role")
	cyra.sees("Nora Quist has another role now.")
	nora.opens("/orgs/meridian")
	nora.content().row("Open Benchmarks").sees("Editor")

	cyra.asksForMode("Restricted")
	page.clicks("button", "Narrow to Restricted")
	cyra.sees("General access is Restricted now.")
	cyra.removing("Nora Quist").clicks("button", "Remove Nora Quist")
	cyra.sees("Nora Quist no longer has the role Editor here.")
	nora.opens("/orgs/meridian")
	nora.content().seesNot("Open Benchmarks")
	cyra.clicks("button", "Undo")
	cyra.sees("Shared.")
	nora.opens("/orgs/meridian")
	nora.content().row("Open Benchmarks").sees("Editor")
}

// unchecks takes out a chip, which without JavaScript is a box.
func (p *person) unchecks(name string) {
	p.t.Helper()
	p.must(p.the("checkbox", name+".*").Uncheck())
}
