package main

import "testing"

func TestAnOwnerWidensAndNarrowsWhoIsLetIn(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra := as(t, server, "Cyra Haddad")
	opensShare(cyra, "Alpha")
	address := cyra.path()
	dialog := cyra.dialog()
	cyra.removing("Hugo Brandt").clicks("button", "Remove Hugo Brandt")
	dialog.sees("Hugo Brandt no longer has the role")

	hugo, stranger := newPerson(t, server), newPerson(t, server)
	hugo.signsInBy(server.adminLink("hugo@harbor.test", "harbor"))
	hugo.findsNothingAt(address)
	stranger.mustSignInFor(address)

	cyra.asksForMode("Public")
	dialog.sees("Everybody who has an account on this server will be able to read this")
	dialog.clicks("link", "Cancel")
	hugo.findsNothingAt(address) // nothing was set by looking
	cyra.asksForMode("Public")
	dialog.clicks("button", "Open to Public")
	dialog.sees("General access is Public now.")
	hugo.opens(address)
	hugo.seesThe("heading", "Alpha")
	hugo.seesNo("link", "Share|Who has access")
	stranger.mustSignInFor(address)

	cyra.asksForMode("Anonymous")
	dialog.sees("Anyone on the internet will be able to read this without signing in.")
	cyra.watch.expects(422)
	dialog.fills("Type the name Alpha to confirm", "alpha?")
	dialog.clicks("button", "Open to Anonymous")
	dialog.sees("Type Alpha to let anyone on the internet read it.")
	stranger.mustSignInFor(address)
	dialog.fills("Type the name Alpha to confirm", "Alpha")
	dialog.clicks("button", "Open to Anonymous")
	dialog.sees("General access is Anonymous now.")
	stranger.opens(address)
	stranger.seesThe("heading", "Alpha")
	stranger.seesThe("link", "Sign in")
	stranger.seesNot("Cyra Haddad shares", "Kofi Mensah", "Who has access")

	cyra.asksForMode("Restricted")
	dialog.sees("can then no longer open it.")
	dialog.clicks("button", "Narrow to Restricted")
	dialog.sees("General access is Restricted now.")
	hugo.findsNothingAt(address)
	stranger.mustSignInFor(address)
}

func TestAnOwnerHandsAProjectOver(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, ana := as(t, server, "Cyra Haddad"), as(t, server, "Ana Lopes")
	opensShare(cyra, "Alpha")
	dialog := cyra.dialog()
	dialog.clicks("link", "Change the owner")
	dialog.seesThe("heading", "Give Alpha to another owner")
	cyra.watch.expects(422)
	dialog.fills("New owner", "ana@meridian.test")
	dialog.fills("Type the new owner's address again", "bo@meridian.test")
	dialog.clicks("button", "Give it to the new owner")
	dialog.sees("Type the new owner's address again.")
	dialog.fills("Type the new owner's address again", "ana@meridian.test")
	dialog.clicks("button", "Give it to the new owner")
	cyra.sees("Alpha has a new owner.")
	ana.opens("/orgs/meridian")
	ana.row("Alpha").sees("Ana Lopes", "Owner")
}

func TestASecondTabWithAnOldListIsShownTheFreshOne(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, other := as(t, server, "Cyra Haddad"), as(t, server, "Cyra Haddad")
	opensShare(cyra, "Alpha")
	opensShare(other, "Alpha")
	cyra.dialog().selects("Role of Lucía Fernández de la Vega", "Viewer")
	cyra.dialog().sees("Lucía Fernández de la Vega has another role now.")

	other.watch.expects(409)
	other.dialog().selects("Role of Kofi Mensah", "Admin")
	other.dialog().sees("Somebody else changed who has access in the meantime.")
	other.dialog().showsRole("Kofi Mensah", "Viewer") // nothing of it was applied
	other.dialog().showsRole("Lucía Fernández de la Vega", "Viewer")
	other.dialog().selects("Role of Kofi Mensah", "Admin")
	other.dialog().sees("Kofi Mensah has another role now.")

	picks(cyra.dialog(), "dev", "Dev Okafor")
	cyra.watch.expects(409)
	cyra.dialog().clicks("button", "Share")
	cyra.dialog().sees("Somebody else changed who has access in the meantime.", "Dev Okafor")
	cyra.dialog().showsRole("Kofi Mensah", "Admin")
}

// asksForMode chooses a mode in the Share dialog and goes to the step that says what it would do.
func (p *person) asksForMode(mode string) {
	p.t.Helper()
	dialog := p.dialog()
	dialog.must(dialog.ready(dialog.area.Locator("label").Filter(hasText(mode)).First()).Click())
	dialog.clicks("button", "Review the change")
	dialog.seesThe("heading", "Change access to "+mode+".*")
}

// showsRole checks what the selector of somebody's role says.
func (p *person) showsRole(name, role string) {
	p.t.Helper()
	p.must(expect.Locator(p.the("combobox", "Role of "+name).Locator("option:checked")).ToHaveText(role))
}
