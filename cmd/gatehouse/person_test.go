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
	p.page.SetDefaultTimeout(30_000)
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
