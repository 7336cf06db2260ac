package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// A place is a page or dialog and the way there.
type place struct {
	name string
	way  func(*person)
}

// visits goes to every place and looks at it.
func (p *person) visits(places []place) {
	p.t.Helper()
	whole := p.t
	for _, place := range places {
		whole.Run(place.name, func(t *testing.T) {
			visitor := *p
			visitor.t = t
			place.way(&visitor)
			visitor.isFine(place.name)
		})
	}
}

// page is the way to an address.
func page(path string) func(*person) {
	return func(p *person) { p.t.Helper(); p.tries(path) }
}

// opening is the way through a link on a page to a dialog.
func opening(path, role, name string) func(*person) {
	return func(p *person) {
		p.t.Helper()
		p.tries(path)
		p.content().clicks(role, name)
		p.dialog().seesThe("heading", ".+")
	}
}

const meridian = "/orgs/meridian"

// leaves goes through the steps in which a member leaves, up to the last that is named.
func leaves(p *person, member, heir string, steps ...string) {
	p.t.Helper()
	p.opens(member + "/removal")
	p.content().fills("New owner", heir)
	for _, step := range steps {
		p.content().clicks("button", "Continue")
		p.seesThe("heading", step)
	}
}

func TestPagesOfAnAdminAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.watch.expects(403, 404, 409, 422)
	as(t, server, "Bo Lindqvist") // has a session
	bo := ana.addressOf("Bo Lindqvist")
	dev, cyra, kofi := ana.addressOf("Dev Okafor"), ana.addressOf("Cyra Haddad"), ana.addressOf("Kofi Mensah")
	ana.opens(meridian + "/search?search=alpha")
	ana.content().clicks("link", "Alpha")
	ana.seesThe("heading", "Alpha")
	alpha := ana.path()
	kofiID := regexp.MustCompile(`[^/]+$`).FindString(kofi)

	ana.visits([]place{
		{"home", page(meridian)},
		{"home-nothing-found", page(meridian + "?search=nothing")},
		{"members", page(meridian + "/members")},
		{"members-nothing-found", page(meridian + "/members?search=nothing")},
		{"members-menu", func(p *person) { p.opens(meridian + "/members"); p.menu("Dev Okafor") }},
		{"member", page(dev)},
		{"member-menu", func(p *person) { p.opens(cyra); p.clicks("button", "More actions for Cyra Haddad") }},
		{"role-dialog", func(p *person) {
			opening(dev, "link", "Change role")(p)
			p.dialog().chooses("radio", "Auditor")
			p.dialog().sees("This changes what Dev Okafor can do:")
		}},
		{"deactivate-dialog", page(dev + "/deactivation")},
		{"leaving-resources", page(cyra + "/removal")},
		{"leaving-refused", func(p *person) { leaves(p, cyra, "nobody@meridian.test", "What they own") }},
		{"leaving-review", func(p *person) { leaves(p, cyra, "dev@meridian.test", "Review") }},
		{"leaving-groups", page(bo + "/removal")},
		{"leaving-access", func(p *person) {
			p.opens(bo + "/removal")
			p.content().clicks("button", "Continue")
			p.seesThe("heading", "Access that ends")
		}},
		{"invite-dialog", opening(meridian+"/members", "link", "Invite people")},
		{"invite-refused", func(p *person) {
			opening(meridian+"/members", "link", "Invite people")(p)
			p.dialog().fills("E-mail addresses", "Ana <ana@meridian.test>, x@, new@meridian.test")
			p.dialog().clicks("textbox", "Message")
			p.dialog().sees("This is not an e-mail address.")
		}},
		{"invite-results", func(p *person) {
			opening(meridian+"/members", "link", "Invite people")(p)
			p.dialog().fills("E-mail addresses", "new@meridian.test, a.very.long.address.that.does.not.fit@subdomain.of.a.long.domain.test")
			p.dialog().clicks("button", "Send invitations")
			p.dialog().seesThe("heading", "2 people are invited")
		}},
		{"groups", page(meridian + "/groups")},
		{"create-group", opening(meridian+"/groups", "link", "Create group")},
		{"my-access", page(meridian + "/my-access")},
		{"audit", page(meridian + "/audit")},
		{"audit-nothing-found", page(meridian + "/audit?search=nothing")},
		{"settings", page(meridian + "/settings")},
		{"policy", page(meridian + "/settings/policy")},
		{"policy-preview", func(p *person) {
			p.opens(meridian + "/settings/policy")
			p.must(p.the("radio", "Restricted.*").Check())
			p.must(p.the("radio", "Only members and groups.*").Check())
			_, err := p.the("combobox", "A new project starts as").SelectOption(playwright.SelectOptionValues{Values: &[]string{"restricted"}})
			p.must(err)
			p.clicks("button", "Save the policy")
			p.seesThe("heading", "What this changes")
		}},
		{"access", page(meridian + "/access")},
		{"access-people", page(meridian + "/access?tab=people")},
		{"access-open", page(meridian + "/access?tab=open")},
		{"access-nothing-found", page(meridian + "/access?search=nothing-at-all")},
		{"report-who", page(strings.Replace(alpha, "/resources/", "/access/resources/", 1))},
		{"report-what", page(meridian + "/access/people/" + kofiID)},
		{"organizations", page("/orgs")},
		{"search", page(meridian + "/search?search=an")},
		{"search-nothing-found", page(meridian + "/search?search=nothing-at-all")},
		{"404", page(meridian + "/nowhere")},
		{"403", page(alpha + "/owner/../deletion")},
		{"project-discovered", page(alpha)},
		{"why-denied", page(alpha + "/why")},
		{"why-other", page(alpha + "/why?user=" + kofiID)},
		{"palette", func(p *person) { p.opens(meridian); p.types("Control+k"); p.dialog().sees("Members") }},
		{"shortcuts", func(p *person) { p.opens(meridian); p.types("?"); p.dialog() }},
		{"switcher", func(p *person) { p.opens(meridian); p.clicks("button", "Organization: Meridian Analytics") }},
		{"person-menu", func(p *person) { p.opens(meridian); p.clicks("button", ".*ana@meridian.test") }},
		{"phone-panel", func(p *person) { p.opens(meridian + "/members#panel") }},
	})
}

func TestPagesOfGroupsAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	opensGroup(ana, "Research")
	research := ana.path()
	opensGroup(ana, "Platform")
	platform := ana.path()
	ana.visits([]place{
		{"group-members", page(research)},
		{"group-everyone", page(research + "?tab=everyone")},
		{"group-access", page(platform + "?tab=access")},
		{"group-settings", page(research + "?tab=settings")},
		{"group-add-members", opening(platform, "link", "Add members")},
		{"group-add-popup", func(p *person) {
			opening(research, "link", "Add members")(p)
			picks(p.dialog(), "kofi", "Kofi Mensah")
			p.must(p.dialog().the("combobox", "People and groups").PressSequentially("a"))
			p.dialog().seesThe("option", ".+")
		}},
		{"group-remove-member", opening(research, "link", "Remove Dev Okafor")},
		{"group-delete", opening(research+"?tab=settings", "link", "Delete group")},
	})
}

// addressOf is the path of a member's page.
func (p *person) addressOf(name string) string {
	p.t.Helper()
	p.opens(meridian + "/members")
	address, err := p.the("link", name).First().GetAttribute("href")
	p.must(err)
	return address
}
