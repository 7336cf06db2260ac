package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// A person sits before a browser of their own. area is where they look: the whole page, a dialog, a row.
type person struct {
	t       *testing.T
	server  *program
	page    playwright.Page
	area    playwright.Locator
	watch   *watch
	scripts bool // their browser runs JavaScript
}

// A habit is how a browser is set up.
type habit func(*playwright.BrowserNewContextOptions)

func withoutScripts(o *playwright.BrowserNewContextOptions) {
	o.JavaScriptEnabled = playwright.Bool(false)
}
func inTheDark(o *playwright.BrowserNewContextOptions) { o.ColorScheme = playwright.ColorSchemeDark }
func onAPhone(o *playwright.BrowserNewContextOptions) {
	o.Viewport = &playwright.Size{Width: 390, Height: 844}
}

var windows atomic.Int64 // photographed after a failure

// newPerson opens a fresh browser window, of somebody who is not signed in.
func newPerson(t *testing.T, server *program, habits ...habit) *person {
	t.Helper()
	options := playwright.BrowserNewContextOptions{BaseURL: &server.base, Viewport: &playwright.Size{Width: 1440, Height: 900},
		Permissions: []string{"clipboard-read", "clipboard-write"}}
	for _, each := range habits {
		each(&options)
	}
	context, err := browser.NewContext(options)
	if err != nil {
		t.Fatal(err)
	}

	p := &person{t: t, server: server, watch: watchOver(t, context), scripts: options.JavaScriptEnabled == nil}
	p.page, err = context.NewPage()
	p.must(err)
	p.page.SetDefaultTimeout(15_000)
	p.area = p.page.Locator("body")
	t.Cleanup(func() {
		if t.Failed() {
			p.photograph(fmt.Sprintf("failed-%s-%d", strings.ReplaceAll(t.Name(), "/", "-"), windows.Add(1)))
		}
		_ = context.Close()
	})
	return p
}

// as opens a window of one of the demo's people, signed in.
func as(t *testing.T, server *program, name string, habits ...habit) *person {
	t.Helper()
	p := newPerson(t, server, habits...)
	p.signsInBy(server.personaLink(name))
	return p
}

func (p *person) signsInBy(link string) {
	p.t.Helper()
	p.opens(link)
	p.clicks("button", "Sign in as .*")
	p.must(expect.Page(p.page).ToHaveURL(regexp.MustCompile(`/orgs`)))
}

func (p *person) must(err error) {
	p.t.Helper()
	if err != nil {
		url := ""
		if p.page != nil {
			url = p.page.URL()
		}
		p.t.Fatalf("%v\nat %s", err, url)
	}
}

// in looks at one place of the page only.
func (p *person) in(place playwright.Locator) *person {
	narrowed := *p
	narrowed.area = place
	return &narrowed
}

// dialog is what a link opened: the modal dialog, or without JavaScript a page.
func (p *person) dialog() *person {
	p.t.Helper()
	if !p.scripts {
		return p.in(p.page.Locator("#dialog-body"))
	}
	dialog := p.page.Locator("dialog[open]")
	p.must(expect.Locator(dialog).ToBeVisible())
	return p.in(dialog)
}

// content is the page without the panel beside it.
func (p *person) content() *person { return p.in(p.page.Locator("main")) }

// row is the table row or list entry of somebody or something.
func (p *person) row(name string) *person {
	text := playwright.LocatorFilterOptions{HasText: name, Visible: playwright.Bool(true)}
	return p.in(p.area.Locator("tbody tr, li").Filter(text).Last())
}

// the finds something by its role and its name, which is a regular expression for the whole of it.
func (p *person) the(role, name string) playwright.Locator {
	return p.area.GetByRole(playwright.AriaRole(role), playwright.LocatorGetByRoleOptions{Name: regexp.MustCompile("^(" + name + ")$")})
}

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
	p.must(p.page.WaitForLoadState()) // a click before the scripts are there is another way, for another test
	p.must(p.the(role, name).First().Click())
}

// field finds what a person can fill in now by its label.
func (p *person) field(label string) playwright.Locator {
	return p.area.GetByLabel(label, playwright.LocatorGetByLabelOptions{Exact: playwright.Bool(true)}).
		Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)}).First()
}

func (p *person) fills(label, text string) {
	p.t.Helper()
	p.must(p.field(label).Fill(text))
}

// selects chooses an entry of a drop-down list.
func (p *person) selects(label, option string) {
	p.t.Helper()
	_, err := p.the("combobox", label).SelectOption(playwright.SelectOptionValues{Labels: &[]string{option}})
	p.must(err)
}

// chooses a radio button or a box by how its label begins.
func (p *person) chooses(role, label string) {
	p.t.Helper()
	p.must(p.the(role, label+"\\b.*").Check())
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

// photograph keeps a picture of the whole page, or of what an open dialog leaves to see of it, in the folder of
// SCREENSHOTS if that is set.
func (p *person) photograph(name string) {
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		dialogs, _ := p.page.Locator("dialog[open]").Count()
		_, err := p.page.Screenshot(playwright.PageScreenshotOptions{FullPage: playwright.Bool(dialogs == 0),
			Path: playwright.String(filepath.Join(dir, name+".png"))})
		if err != nil {
			p.t.Log(err)
		}
	}
}
