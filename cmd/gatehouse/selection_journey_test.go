package main

import "testing"

func TestAnAdminChangesSeveralMembersByKeyboard(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.opens(meridian + "/members")
	list := ana.content()
	list.seesNo("button", "Change role") // the bar shows while somebody is ticked
	list.tabsTo("checkbox", "Select Bo Lindqvist")
	ana.types("Space")
	list.sees("1 selected")
	list.tabsTo("checkbox", "Select Dev Okafor")
	ana.types("Space")
	list.sees("2 selected")
	list.seesNo("button", "Reactivate") // both are active
	ana.must(expect.Locator(list.the("checkbox", "Select everybody on this page")).ToHaveJSProperty("indeterminate", true))
	list.tabsTo("button", "Change role")
	ana.types("Enter")

	ana.seesThe("heading", "Change roles")
	page := ana.content()
	page.sees("2 people are selected.")
	page.tabsTo("radio", "Admin.*")
	ana.types("ArrowDown")
	ana.must(expect.Locator(page.the("radio", "Auditor.*")).ToBeChecked())
	page.tabsTo("button", "See what happens")
	ana.types("Enter")
	page.sees("2 people are selected: 2 will change, 0 will not.", "Gets the role Auditor.")
	page.tabsTo("button", "Change the role of 2 people")
	ana.types("Enter")
	ana.seesThe("heading", "Change roles: results")
	page.sees("2 of 2 people changed, 0 not.")
	page.row("Dev Okafor").sees("Has the role Auditor now.")
	page.clicks("link", "Back to Members")
	list.row("dev@meridian.test").sees("Auditor")

	// All that match, through a filter that stays; and the boxes of a list that was replaced
	list.clicks("checkbox", "Select Bo Lindqvist")
	list.fills("Search members by name or e-mail", "zzz")
	list.sees("Nobody matches")
	list.fills("Search members by name or e-mail", "")
	list.selects("Status", "Invited")
	list.sees("1–2 of 2")
	list.seesNo("button", "Revoke invitations")
	list.clicks("checkbox", "Select everybody on this page")
	list.sees("2 selected")
	list.seesNo("button", "Change role")
	list.clicks("button", "Clear")
	list.seesNo("button", "Revoke invitations")
	list.clicks("checkbox", "Select everybody on this page")
	list.clicks("button", "Revoke invitations")
	page.sees("2 people are selected: 2 will change, 0 will not.")
	page.clicks("button", "Revoke 2 invitations")
	page.sees("2 of 2 people changed, 0 not.")
	page.clicks("link", "Back to Members")
	list.sees("Nobody matches")
}

func TestSeveralMembersAreChangedWithoutJavaScript(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes", withoutScripts)
	ana.watch.expects(409, 422)
	ana.opens(meridian + "/members")
	ana.clicks("button", "Change role")
	ana.sees("Nobody is selected who is still here.")
	ana.clicks("link", "Back to Members")
	ana.chooses("checkbox", "Select Dev Okafor")
	ana.chooses("checkbox", "Select Ana Lopes")
	ana.chooses("checkbox", "Select petra@meridian.test")
	ana.clicks("button", "Add to a group")
	ana.fills("Group", "risk")
	ana.clicks("button", "See what happens")
	ana.content().sees("2 will change, 1 will not.", "petra@meridian.test is invited and no member yet.")

	other := as(t, server, "Ana Lopes", withoutScripts)
	other.opens(meridian + "/members")
	other.menu("Dev Okafor").clicks("link", "Deactivate")
	other.dialog().clicks("button", "Deactivate Dev Okafor")
	ana.clicks("button", "Add 2 people to Risk")
	ana.sees("Something has changed since this page was made.")
	ana.clicks("button", "Add 2 people to Risk")
	ana.sees("2 of 3 people changed, 1 not.")
	ana.content().row("Dev Okafor").sees("Is in Risk now.")
}

func TestPagesOfSeveralMembersAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.watch.expects(409, 422)
	ticks := func(p *person, act string, names ...string) {
		p.t.Helper()
		p.opens(meridian + "/members")
		for _, name := range names {
			p.content().clicks("checkbox", "Select "+name)
		}
		if act != "" {
			p.content().clicks("button", act)
			p.seesThe("heading", ".*(role|member|group|link|invitation).*")
		}
	}
	ana.visits([]place{
		{"selection-bar", func(p *person) { ticks(p, "", "Dev Okafor", "Bo Lindqvist") }},
		{"selection-all", func(p *person) { ticks(p, "", "everybody on this page") }},
		{"selection-role", func(p *person) { ticks(p, "Change role", "Dev Okafor", "Ana Lopes") }},
		{"selection-group", func(p *person) {
			ticks(p, "Add to a group", "Dev Okafor", "petra@meridian.test")
			p.fills("Group", "Risk")
			p.clicks("button", "See what happens")
			p.content().sees("1 will change")
		}},
		{"selection-deactivation", func(p *person) { ticks(p, "Deactivate", "everybody on this page") }},
		{"selection-refused", func(p *person) {
			ticks(p, "Add to a group", "Dev Okafor")
			p.fills("Group", "Nowhere")
			p.clicks("button", "See what happens")
			p.content().sees("There is no group named Nowhere.")
		}},
		{"selection-results", func(p *person) {
			ticks(p, "Deactivate", "Dev Okafor", "Oskar Nyberg", "petra@meridian.test")
			p.content().clicks("button", "Deactivate 1 person")
			p.content().sees("1 of 3 people changed, 2 not.")
		}},
		{"selection-links", func(p *person) {
			ticks(p, "(Make new links|Resend invitations)", "petra@meridian.test", "quentin@meridian.test")
			p.content().clicks("button", "(Make 2 new links|Resend 2 invitations)")
			p.content().sees("2 of 2 people changed, 0 not.")
		}},
	})
}
