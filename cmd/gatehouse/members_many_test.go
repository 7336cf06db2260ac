package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func TestTwoHundredMembersAreInvitedListedAndFound(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	var addresses []string
	for i := 1; i <= 201; i++ {
		addresses = append(addresses, fmt.Sprintf("guest-%03d@meridian.test", i))
	}
	ana.opens("/orgs/meridian/members")
	ana.clicks("link", "Invite people")
	dialog := ana.dialog()
	dialog.fills("E-mail addresses", strings.Join(addresses, " "))
	ana.watch.expects(422)
	dialog.clicks("button", "Send invitations")
	dialog.sees("Invite at most 200 people at once.")
	dialog.clicks("button", "Take out guest-201@meridian.test")
	dialog.clicks("button", "Send invitations")
	dialog.seesThe("heading", "200 people are invited")
	dialog.clicks("link", "Done")

	list := ana.content()
	list.sees("1–50 of 217")
	list.clicks("link", "Next page")
	list.sees("51–100 of 217")
	ana.must(ana.page.SetViewportSize(390, 844))
	ana.fitsThePhone()
	ana.must(ana.page.SetViewportSize(1440, 900))
	list.clicks("link", "Next page")
	list.sees("101–150 of 217")
	ana.must(expect.Locator(list.the("link", "Next page")).ToBeFocused())
	ana.isFine("members-third-page")
	list.clicks("link", "Previous page")
	list.sees("51–100 of 217")
	list.clicks("link", "Previous page")
	list.sees("1–50 of 217", "Ana Lopes")
	ana.must(expect.Page(ana.page).ToHaveURL(regexp.MustCompile(`/members$`)))
	list.fills("Search members by name or e-mail", "guest-177")
	list.sees("1–1 of 1", "guest-177@meridian.test")
	list.seesNot("guest-001@meridian.test")
	ana.must(expect.Page(ana.page).ToHaveURL(regexp.MustCompile(`/members\?search=guest-177$`))) // a colleague who is sent it sees the same
	_, err := ana.page.GoBack()
	ana.must(err)
	list.sees("1–50 of 217")
	list.selects("Status", "Deactivated")
	list.sees("1–1 of 1", "Oskar Nyberg")
	list.fills("Search members by name or e-mail", "nobody at all")
	list.sees("Nobody matches")
	list.clicks("link", "Clear the filters")
	list.sees("1–50 of 217")
}

func TestThePersonsChoiceOfColoursIsRenderedByTheServer(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.opens("/orgs/meridian/members")
	ana.clicks("button", ".*ana@meridian.test")
	ana.clicks("button", "Dark")
	ana.seesThe("heading", "Members") // the page where the choice was made
	ana.hasTheme("dark")
	elsewhere := as(t, server, "Ana Lopes")
	elsewhere.opens("/orgs/meridian/groups")
	elsewhere.hasTheme("dark")
	answer, err := elsewhere.page.Reload()
	elsewhere.must(err)
	source, err := answer.Text()
	elsewhere.must(err)
	if !strings.Contains(source, `<html lang="en" data-theme="dark"`) {
		t.Errorf("the server's page begins %.120q", source)
	}
	dev := as(t, server, "Dev Okafor")
	dev.hasTheme("system") // everybody chooses for themselves
}

func (p *person) hasTheme(name string) {
	p.t.Helper()
	p.must(expect.Locator(p.page.Locator("html")).ToHaveAttribute("data-theme", name))
	if name == "system" {
		return
	}
	scheme, err := p.page.Evaluate("getComputedStyle(document.documentElement).colorScheme")
	p.must(err)
	if scheme != name {
		p.t.Errorf("with the choice %s the page's colour scheme is %v", name, scheme)
	}
}
