package main

import (
	"regexp"
	"testing"

	"github.com/playwright-community/playwright-go"
)

func TestAnOwnerSharesByKeyboardAlone(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, dev := newPerson(t, server), as(t, server, "Dev Okafor")
	cyra.opens(server.personaLink("Cyra Haddad"))
	cyra.tabsTo("button", "Sign in as Cyra Haddad")
	cyra.types("Enter")
	cyra.seesThe("heading", "Projects")
	cyra.tabsTo("link", "Skip to the content")
	cyra.types("Enter")
	cyra.must(expect.Locator(cyra.page.Locator("main")).ToBeFocused())
	cyra.types("/")
	cyra.hasFocusOn("searchbox", "Search projects")
	cyra.must(cyra.page.Keyboard().Type("client"))
	cyra.sees("No project matches")
	cyra.must(cyra.page.Keyboard().Press("Control+a"))
	cyra.must(cyra.page.Keyboard().Type("alpha"))
	cyra.must(expect.Page(cyra.page).ToHaveURL(regexp.MustCompile(`search=alpha$`))) // the last of what the keys ask for
	cyra.content().seesNot("Open Benchmarks", "No project matches")
	cyra.content().tabsTo("link", "Alpha")
	cyra.types("Enter")
	cyra.seesThe("heading", "Alpha")
	cyra.tabsTo("link", "Share")
	cyra.types("Enter")
	dialog := cyra.dialog()
	dialog.seesThe("heading", "Share “Alpha”")

	// The popup, and Escape in two steps
	field := dialog.the("combobox", "Add people or groups")
	cyra.must(expect.Locator(field).ToBeFocused())
	cyra.types("ArrowDown")
	cyra.must(expect.Locator(field).ToHaveAttribute("aria-expanded", "true"))
	cyra.types("ArrowDown")
	first := cyra.active(field)
	cyra.types("ArrowDown")
	if second := cyra.active(field); second == first {
		t.Errorf("the arrow leaves aria-activedescendant at %q", first)
	}
	cyra.types("ArrowUp")
	if again := cyra.active(field); again != first {
		t.Errorf("the arrow up leads to %q and not back to %q", again, first)
	}
	cyra.types("Escape")
	cyra.must(expect.Locator(field).ToHaveAttribute("aria-expanded", "false"))
	cyra.must(expect.Locator(dialog.area).ToBeVisible())
	cyra.must(expect.Locator(field).ToBeFocused())
	cyra.types("Escape")
	cyra.must(expect.Locator(dialog.area).ToBeHidden())
	cyra.hasFocusOn("link", "Share")

	// Somebody is given a role
	cyra.types("Enter")
	cyra.must(expect.Locator(field).ToBeFocused())
	cyra.must(cyra.page.Keyboard().Type("dev okafor"))
	cyra.must(expect.Locator(dialog.the("option", ".*Dev Okafor.*")).ToHaveAttribute("aria-selected", "true"))
	cyra.types("Enter")
	dialog.seesThe("button", "Take out Dev Okafor")
	cyra.must(expect.Locator(field).ToBeFocused())
	cyra.tabsTo("combobox", "Role")
	cyra.must(cyra.page.Keyboard().Type("Admin"))
	cyra.tabsTo("button", "Share")
	cyra.types("Enter")
	dialog.sees("Shared.")
	dialog.row("dev@meridian.test").showsRole("Dev Okafor", "Admin")
	dev.opens("/orgs/meridian")
	dev.row("Alpha").sees("Admin")

	// And loses it again
	cyra.tabsTo("button", "More for Dev Okafor")
	cyra.types("Enter", "ArrowDown")
	cyra.tabsTo("link", "Remove Dev Okafor")
	cyra.types("Enter")
	dialog.seesThe("heading", "Remove Dev Okafor from Alpha\\?")
	cyra.hasFocusOn("link", "Cancel") // the least destructive one
	cyra.tabsTo("button", "Remove Dev Okafor")
	cyra.types("Enter")
	dialog.sees("Dev Okafor no longer has the role Admin here.")
	next := dialog.area.Locator("li").Filter(hasText("Hugo Brandt")).Locator(":focus")
	cyra.must(expect.Locator(next).ToHaveCount(1))
	cyra.types("Escape")
	cyra.hasFocusOn("link", "Share")
}

func TestKeysOfTheWholePage(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.opens("/orgs/meridian")
	ana.types("?")
	ana.dialog().seesThe("heading", "Keyboard shortcuts")
	ana.types("Escape")
	ana.must(expect.Locator(ana.page.Locator("dialog[open]")).ToHaveCount(0))

	ana.types("Control+k")
	palette := ana.dialog()
	field := palette.the("combobox", "Search pages, people, groups and projects")
	ana.must(expect.Locator(field).ToBeFocused())
	ana.must(ana.page.Keyboard().Type("hana"))
	ana.must(expect.Locator(palette.the("option", ".*Hana Kobayashi.*")).ToHaveAttribute("aria-selected", "true"))
	ana.types("Enter")
	ana.seesThe("heading", "Hana Kobayashi")
	ana.types("Control+k", "Escape")
	ana.must(expect.Locator(ana.page.Locator("dialog[open]")).ToHaveCount(0))
}

// types presses keys, one after the other.
func (p *person) types(keys ...string) {
	p.t.Helper()
	p.rests()
	for _, key := range keys {
		p.must(p.page.Keyboard().Press(key))
	}
}

// tabsTo presses Tab until something has the focus.
func (p *person) tabsTo(role, name string) {
	p.t.Helper()
	p.rests()
	place := p.area
	if open, _ := p.page.Locator("dialog[open]").Count(); open > 0 {
		place = p.page.Locator("dialog[open]")
	}
	wanted := p.in(place).the(role, name).First()
	p.must(expect.Locator(wanted).ToBeVisible())
	for range 120 {
		focused, err := wanted.Evaluate("element => element === document.activeElement", nil)
		p.must(err)
		if focused == true {
			return
		}
		p.must(p.page.Keyboard().Press("Tab"))
	}
	p.t.Fatalf("Tab never reaches the %s %q at %s", role, name, p.page.URL())
}

func (p *person) hasFocusOn(role, name string) {
	p.t.Helper()
	p.must(expect.Locator(p.the(role, name).First()).ToBeFocused())
}

// active is the entry of the list that a combobox points at.
func (p *person) active(field playwright.Locator) string {
	p.t.Helper()
	id, err := field.GetAttribute("aria-activedescendant")
	p.must(err)
	if id == "" {
		p.t.Fatal("the combobox points at no entry of its list")
	}
	return id
}
