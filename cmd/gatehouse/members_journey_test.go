package main

import (
	"strings"
	"sync"
	"testing"
)

func TestAnAdminInvitesPeopleAndManagesThemUntilTheyGo(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	links := invitesNoraAndOmar(ana)

	nora := newPerson(t, server)
	nora.opens(links[0])
	nora.opens(links[0]) // opening a link uses nothing up
	nora.sees("Ana Lopes invites you to Meridian Analytics as a Modeler, in the group Research.", "Welcome on board.")
	joins(nora, "Nora Quist")
	nora.sees("Alpha", "Open Benchmarks") // Research edits Alpha; anyone reads the other
	nora.seesNot("Client Letters", "Admin Controls")
	for _, closed := range []string{"members", "audit", "groups", "settings", "invitations/new"} {
		nora.findsNothingAt("/orgs/meridian/" + closed)
	}
	again := newPerson(t, server)
	if status := again.tries(links[0]); status != 410 {
		t.Errorf("the used invitation answers %d", status)
	}
	again.seesThe("heading", "This invitation was used already")

	ana.opens("/orgs/meridian/members")
	ana.row("nora@meridian.test").sees("Nora Quist", "Modeler", "Research", "Active")
	ana.row("omar@meridian.test").sees("Invited · expires in")
	changesTheRole(ana, nora)
	deactivates(ana, nora)
	removesWithAnHeir(ana, nora)
}

// invitesNoraAndOmar returns the paths of their links.
func invitesNoraAndOmar(ana *person) []string {
	ana.t.Helper()
	ana.opens("/orgs/meridian/members")
	ana.clicks("link", "Invite people")
	dialog := ana.dialog()
	dialog.fills("E-mail addresses", "Nora Quist <nora@meridian.test>, omar@nowhere ana@meridian.test")
	if ana.scripts {
		dialog.clicks("textbox", "Message")
		dialog.sees("This is not an e-mail address.")
		dialog.clicks("button", "Send invitations")
		dialog.seesThe("heading", "Invite people") // still: a marked address keeps the form
		dialog.clicks("button", "Take out omar@nowhere")
	} else {
		ana.watch.expects(422)
		dialog.clicks("button", "Send invitations")
		dialog.sees("omar@nowhere", "This is not an e-mail address.", "Is a member already.")
		dialog.fills("E-mail addresses", "Nora Quist <nora@meridian.test>, ana@meridian.test")
	}
	ana.watch.expects(422)
	dialog.clicks("button", "Send invitations")
	dialog.sees("Is a member already.", "Nobody was invited.")
	if ana.scripts {
		dialog.clicks("button", "Take out ana@meridian.test")
		dialog.fills("E-mail addresses", "omar@meridian.test")
	} else {
		dialog.fills("E-mail addresses", "Nora Quist <nora@meridian.test>, omar@meridian.test")
	}
	dialog.chooses("radio", "Modeler")
	if ana.scripts {
		picks(dialog, "res", "Research")
	} else {
		dialog.fills("Groups that they join", "research")
	}
	dialog.fills("Message", "Welcome on board.")
	dialog.clicks("button", "Send invitations")

	results := ana.dialog()
	results.seesThe("heading", "2 people are invited")
	var links []string
	for _, email := range []string{"nora@meridian.test", "omar@meridian.test"} {
		link, err := results.field(email).InputValue()
		ana.must(err)
		links = append(links, strings.TrimPrefix(link, ana.server.base))
	}
	if ana.scripts {
		results.copies("Copy link for nora@meridian.test", ana.server.base+links[0])
	}
	results.clicks("link", "Done")
	ana.row("nora@meridian.test").sees("Invited · expires in", "Never signed in")
	return links
}

// copies clicks a button that copies a text. All windows share one clipboard, so one person at a time uses it.
func (p *person) copies(button, text string) {
	p.t.Helper()
	clipboard.Lock()
	defer clipboard.Unlock()
	p.clicks("button", button)
	p.sees("Copied")
	copied, err := p.page.Evaluate("navigator.clipboard.readText()")
	p.must(err)
	if copied != text {
		p.t.Errorf("%v was copied and not %s", copied, text)
	}
}

var clipboard sync.Mutex

func joins(p *person, name string) {
	p.t.Helper()
	p.watch.expects(422)
	p.fills("Your name", name)
	p.fills("Password", "short")
	p.clicks("button", "Join Meridian Analytics")
	p.sees("Choose a password of at least 12")
	p.fills("Password", "correct horse battery")
	p.clicks("button", "Join Meridian Analytics")
	p.sees("Welcome to Meridian Analytics.")
}

// menu opens the menu of a member's row.
func (p *person) menu(name string) *person {
	p.t.Helper()
	p.clicks("button", "Actions for "+name)
	return p.in(p.page.Locator(".menu:popover-open"))
}

func changesTheRole(ana, nora *person) {
	ana.t.Helper()
	ana.menu("Nora Quist").clicks("link", "Change role")
	dialog := ana.dialog()
	dialog.chooses("radio", "Auditor")
	if !ana.scripts {
		dialog.clicks("button", "Change role") // what it does is shown first
	}
	dialog.sees("This changes what Nora Quist can do:", "audit")
	dialog.clicks("button", "Change role")
	ana.row("nora@meridian.test").sees("Auditor")
	nora.opens("/orgs/meridian/audit")
	nora.seesThe("heading", "Audit log")

	ana.clicks("button", "Undo")
	ana.row("nora@meridian.test").sees("Modeler")
	nora.findsNothingAt("/orgs/meridian/audit")
	ana.opens("/orgs/meridian/audit")
	ana.sees("Nora Quist")
	ana.opens("/orgs/meridian/members")
}

func deactivates(ana, nora *person) {
	ana.t.Helper()
	nora.opens("/orgs/meridian")
	ana.menu("Nora Quist").clicks("link", "Deactivate")
	ana.dialog().clicks("button", "Deactivate Nora Quist")
	ana.row("nora@meridian.test").sees("Deactivated")

	nora.watch.expects(404)
	nora.clicks("link", "My access")
	nora.seesThe("heading", "There is nothing here")

	ana.menu("Nora Quist").clicks("button", "Reactivate")
	ana.sees("Nora Quist is active again.")
	ana.row("nora@meridian.test").sees("Active")
	nora.opens("/orgs/meridian")
	nora.content().sees("Alpha")
}

func removesWithAnHeir(ana, nora *person) {
	ana.t.Helper()
	nora.clicks("link", "Create project")
	dialog := nora.dialog()
	dialog.sees("Starts as Organization")
	dialog.fills("Name", "Nora's notes")
	dialog.clicks("button", "Create project")
	nora.seesThe("heading", "Nora's notes")

	ana.menu("Nora Quist").clicks("link", "Remove from organization")
	ana.seesThe("heading", "Remove Nora Quist")
	page := ana.content()
	page.sees("Nora Quist owns 1 resource.", "Project in Workspace")
	page.fills("New owner", "stranger@elsewhere.test")
	page.clicks("button", "Continue")
	page.sees("Choose an active member")
	if ana.scripts { // what is typed is searched for
		page.fills("New owner", "hadd")
		ana.must(expect.Locator(ana.page.Locator("#heirs option")).ToHaveCount(1))
	}
	page.fills("New owner", "bo@meridian.test")
	page.fills("New owner of Nora's notes", "cyra@meridian.test")
	page.clicks("button", "Continue")
	page.seesThe("heading", "Groups")
	page.clicks("button", "Back")
	ana.must(expect.Locator(page.field("New owner of Nora's notes")).ToHaveValue("cyra@meridian.test"))
	page.clicks("button", "Continue")
	page.sees("Research")
	page.clicks("button", "Continue")
	page.seesThe("heading", "Access that ends")
	page.clicks("button", "Continue")
	page.seesThe("heading", "Review")
	if ana.scripts {
		ana.must(expect.Locator(page.the("heading", "Review")).ToBeFocused())
	}
	page.sees("Cyra Haddad", "takes over Nora's notes", "group membership ends", "This changes what people can do:")
	page.clicks("button", "Remove Nora Quist")
	ana.sees("Nora Quist is no longer a member.")
	ana.seesNot("nora@meridian.test")

	nora.findsNothingAt("/orgs/meridian")
	cyra := as(ana.t, ana.server, "Cyra Haddad")
	cyra.row("Nora's notes").sees("Cyra Haddad", "Owner")
}
