package main

import "testing"

func TestPagesOfAProjectAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, dev := as(t, server, "Cyra Haddad"), as(t, server, "Dev Okafor")
	cyra.watch.expects(409, 422)
	cyra.opens(meridian)
	cyra.content().clicks("link", "Alpha")
	cyra.seesThe("heading", "Alpha")
	alpha := cyra.path()
	cyra.content().clicks("link", "Curves")
	cyra.seesThe("heading", "Curves")
	curves := cyra.path()
	share := opening(alpha, "link", "Share")

	cyra.visits([]place{
		{"projects", page(meridian)},
		{"create-project", opening(meridian, "link", "Create project")},
		{"project", page(alpha)},
		{"project-packages", page(alpha + "?tab=packages")},
		{"project-activity", page(alpha + "?tab=activity")},
		{"project-menu", func(p *person) { p.opens(alpha); p.clicks("button", "More actions for Alpha") }},
		{"create-package", opening(alpha, "link", "Create package")},
		{"project-settings", page(alpha + "/settings")},
		{"project-deletion", page(alpha + "/deletion")},
		{"package", page(curves)},
		{"share", share},
		{"share-page", page(alpha + "/share")},
		{"share-package", opening(curves, "link", "Share")},
		{"share-popup", func(p *person) {
			share(p)
			picks(p.dialog(), "dev", "Dev Okafor")
			p.must(p.dialog().the("combobox", "Add people or groups").PressSequentially("a"))
			p.dialog().seesThe("option", ".+")
		}},
		{"share-refused", func(p *person) {
			share(p)
			p.must(p.dialog().the("combobox", "Add people or groups").PressSequentially("nobody@nowhere.test"))
			p.dialog().clicks("button", "Share")
			p.dialog().sees("Nobody with this address")
		}},
		{"share-invited", func(p *person) {
			share(p)
			p.must(p.dialog().the("combobox", "Add people or groups").PressSequentially("petra@meridian.test"))
			p.dialog().sees("Is invited, and can be added when they have accepted.")
		}},
		{"share-menu", func(p *person) { share(p); p.dialog().clicks("button", "More for Kofi Mensah") }},
		{"share-notice", func(p *person) {
			share(p)
			p.dialog().selects("Role of Kofi Mensah", "Editor")
			p.dialog().sees("has another role now")
		}},
		{"grant-removal", func(p *person) { share(p); p.removing("Research") }},
		{"grant-removal-keeps", func(p *person) {
			share(p)
			picks(p.dialog(), "dev", "Dev Okafor")
			p.dialog().clicks("button", "Share")
			p.dialog().sees("Shared.")
			p.removing("Dev Okafor")
		}},
		{"mode-organization", page(alpha + "/access-mode?mode=organization&role=editor")},
		{"mode-public", func(p *person) { share(p); p.asksForMode("Public") }},
		{"mode-anonymous", func(p *person) { share(p); p.asksForMode("Anonymous") }},
		{"owner", func(p *person) { share(p); p.dialog().clicks("link", "Change the owner"); p.dialog().sees("New owner") }},
		{"why", opening(alpha, "link", "Why")},
	})
	dev.visits([]place{
		{"project-as-editor", page(alpha)},
		{"who-has-access", opening(alpha, "link", "Who has access")},
		{"why-through-group", page(curves + "/why")},
		{"member-home", page(meridian)},
		{"member-my-access", page(meridian + "/my-access")},
	})
}

func TestPagesBeforeSigningInAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	empty := startProgram(t, newData(t))
	ana := as(t, server, "Ana Lopes")
	links := invitesNoraAndOmar(ana)
	ana.opens(meridian + "/members")
	ana.menu("omar@meridian.test").clicks("button", "Revoke invitation")
	ana.sees("The invitation is revoked.")
	known := ana.invites("hugo@harbor.test")
	cyra := as(t, server, "Cyra Haddad")
	cyra.opens(meridian)
	cyra.content().clicks("link", "Open Benchmarks")
	cyra.seesThe("heading", "Open Benchmarks")

	newPerson(t, empty).visits([]place{
		{"setup", func(p *person) { p.opens(empty.find(`(/setup/\S+)`)) }},
		{"setup-refused", func(p *person) {
			p.watch.expects(422)
			p.fills("Name of the organization", "N")
			p.fills("Your name", "I")
			p.fills("E-mail address", "i@northwind.test")
			p.fills("Password", "short")
			p.clicks("button", "Set up the server")
			p.sees("Choose a password")
		}},
		{"setup-used", page("/setup/nothing")},
	})
	newPerson(t, server).visits([]place{
		{"sign-in", page("/sign-in")},
		{"link", page(server.personaLink("Dev Okafor"))},
		{"link-dead", page("/links/nothing")},
		{"accept-new", page(links[0])},
		{"accept-revoked", page(links[1])},
		{"accept-unknown", page("/invitations/nothing")},
		{"accept-sign-in", page(known)},
		{"404-signed-out", page("/nowhere")},
		{"project-anonymous", page(cyra.path())},
	})
	hugo := newPerson(t, server)
	hugo.signsInBy(server.adminLink("hugo@harbor.test", "harbor"))
	hugo.visits([]place{
		{"accept-other", page(links[0])},
		{"accept-join", page(known)},
		{"home-empty", page("/orgs/harbor")},
		{"project-outsider", page(cyra.path())},
		{"accept-used", func(p *person) {
			p.opens(known)
			p.clicks("button", "Join Meridian Analytics")
			p.sees("Welcome to Meridian Analytics.")
			p.tries(known)
		}},
	})
}

// invites makes a link for one address.
func (p *person) invites(email string) string {
	p.t.Helper()
	p.opens(meridian + "/invitations/new")
	p.fills("E-mail addresses", email)
	p.clicks("button", "Send invitations")
	p.seesThe("heading", "1 person is invited")
	link, err := p.field(email).InputValue()
	p.must(err)
	return link
}
