package main

import (
	"strings"

	"github.com/playwright-community/playwright-go"
)

// What a person does, and what they see.

// opens follows a link that somebody was given.
func (p *person) opens(path string) {
	p.t.Helper()
	if status := p.tries(path); status >= 400 {
		p.t.Fatalf("%s answers %d", path, status)
	}
}

// tries opens a page that may be refused, and returns the status.
func (p *person) tries(path string) int {
	p.t.Helper()
	p.watch.visiting.Store(true)
	answer, err := p.page.Goto(path)
	p.watch.visiting.Store(false)
	p.must(err)
	return answer.Status()
}

// findsNothingAt: what one may not see does not exist.
func (p *person) findsNothingAt(path string) {
	p.t.Helper()
	if status := p.tries(path); status != 404 {
		p.t.Fatalf("%s answers %d and should answer 404", path, status)
	}
	p.must(expect.Locator(p.the("heading", "There is nothing here")).ToBeVisible())
}

// mustSignInFor opens a page that asks who is there first, whether there is one or not.
func (p *person) mustSignInFor(path string) {
	p.t.Helper()
	p.opens(path)
	p.seesThe("heading", "Sign in")
}

// path is where the person is, without the server's name and the query.
func (p *person) path() string {
	address, _, _ := strings.Cut(strings.TrimPrefix(p.page.URL(), p.server.base), "?")
	return address
}

func hasText(text string) playwright.LocatorFilterOptions {
	return playwright.LocatorFilterOptions{HasText: text}
}

func (p *person) clicks(role, name string) {
	p.t.Helper()
	p.must(p.ready(p.the(role, name).First()).Click())
}

// ready waits until something can be used as it is meant: a click before the scripts are there is another way, for another test.
func (p *person) ready(place playwright.Locator) playwright.Locator {
	p.t.Helper()
	p.must(place.WaitFor()) // on the page that a click before may be on the way to
	p.rests()
	return place
}

// rests waits until the page is loaded, and what htmx fetched stands in it with its own links and forms in htmx's hands.
func (p *person) rests() {
	p.t.Helper()
	p.must(p.page.WaitForLoadState())
	if p.scripts {
		moving := p.page.Locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added").First()
		p.must(moving.WaitFor(playwright.LocatorWaitForOptions{State: playwright.WaitForSelectorStateDetached}))
	}
}

// field finds what a person can fill in now by its label.
func (p *person) field(label string) playwright.Locator {
	return p.area.GetByLabel(label, playwright.LocatorGetByLabelOptions{Exact: playwright.Bool(true)}).
		Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)}).First()
}

func (p *person) fills(label, text string) {
	p.t.Helper()
	p.must(p.ready(p.field(label)).Fill(text))
}

// selects chooses an entry of a drop-down list.
func (p *person) selects(label, option string) {
	p.t.Helper()
	_, err := p.ready(p.the("combobox", label)).SelectOption(playwright.SelectOptionValues{Labels: &[]string{option}})
	p.must(err)
}

// chooses a radio button or a box by how its label begins.
func (p *person) chooses(role, label string) {
	p.t.Helper()
	p.must(p.ready(p.the(role, label+"\\b.*")).Check())
}

func (p *person) sees(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		shown := p.area.GetByText(text).Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)})
		if err := expect.Locator(shown.First()).ToBeVisible(); err != nil {
			p.t.Fatalf("%q is not to be seen at %s", text, p.page.URL())
		}
	}
}

func (p *person) seesNot(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		shown := p.area.GetByText(text).Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)})
		if err := expect.Locator(shown).ToHaveCount(0); err != nil {
			p.t.Fatalf("%q is to be seen at %s", text, p.page.URL())
		}
	}
}

func (p *person) seesThe(role, name string) {
	p.t.Helper()
	p.must(expect.Locator(p.the(role, name).First()).ToBeVisible())
}

func (p *person) seesNo(role, name string) {
	p.t.Helper()
	p.must(expect.Locator(p.the(role, name)).ToHaveCount(0))
}
