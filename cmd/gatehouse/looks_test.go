package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// looks are the ways in which every page is looked at. What is not a matter of colour cannot differ between light and
// dark, so two of them are asked about contrast only.
var looks = []struct {
	name   string
	width  int
	scheme *playwright.ColorScheme
	rules  string // of axe
}{
	{"wide-light", 1440, playwright.ColorSchemeLight, everyRule},
	{"wide-dark", 1440, playwright.ColorSchemeDark, rulesOfColour},
	{"narrow-dark", 390, playwright.ColorSchemeDark, everyRule},
	{"narrow-light", 390, playwright.ColorSchemeLight, rulesOfColour},
}

const (
	everyRule     = `null`
	rulesOfColour = `["color-contrast", "link-in-text-block"]`
)

// isFine looks at what is shown now, light and dark, wide and narrow: axe finds nothing and nothing sticks out sideways.
func (p *person) isFine(name string) {
	p.t.Helper()
	p.rests()
	_, err := p.page.Evaluate(axe + ";undefined")
	p.must(err)
	p.settles()
	for _, look := range looks {
		p.must(p.page.SetViewportSize(look.width, 900))
		p.must(p.page.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: look.scheme, ReducedMotion: playwright.ReducedMotionReduce}))
		p.settles()
		p.photograph(name + "-" + look.name)
		p.passesAxe(name+", "+look.name, look.rules)
		if look.width < 640 {
			p.fitsThePhone()
		}
	}
	p.must(p.page.SetViewportSize(1440, 900))
}

// settles ends what is under way, so that colours are not measured half way from light to dark.
func (p *person) settles() {
	p.t.Helper()
	_, err := p.page.Evaluate(`async () => {
		const still = new CSSStyleSheet();
		still.replaceSync("*, ::before, ::after, ::backdrop, ::details-content { transition: none !important; animation: none !important; }");
		document.adoptedStyleSheets = [still];
		for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
	}`)
	p.must(err)
}

// passesAxe reports everything that axe finds with these rules.
func (p *person) passesAxe(where, rules string) {
	p.t.Helper()
	found, err := p.page.Evaluate(`async () => {
		const rules = ` + rules + `;
		const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, ...(rules && { runOnly: rules }) });
		return JSON.stringify(violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, html, any, all }) =>
			({ target: target.join(" "), html: html.slice(0, 160), why: [...any, ...all].map(({ message }) => message).join(" ") })) })));
	}`)
	p.must(err)
	var violations []struct {
		ID, Help string
		Nodes    []struct{ Target, HTML, Why string }
	}
	p.must(json.Unmarshal([]byte(fmt.Sprint(found)), &violations))
	for _, violation := range violations {
		var lines []string
		for i, node := range violation.Nodes {
			if i == 3 {
				lines = append(lines, fmt.Sprintf("and %d more", len(violation.Nodes)-i))
				break
			}
			lines = append(lines, fmt.Sprintf("%s %s (%s)", node.Target, node.HTML, node.Why))
		}
		p.t.Errorf("%s: axe says %s: %s\n%s", where, violation.ID, violation.Help, strings.Join(lines, "\n"))
	}
}

// fitsThePhone: nothing is scrolled sideways, neither the page nor a dialog.
func (p *person) fitsThePhone() {
	p.t.Helper()
	wide, err := p.page.Evaluate(`() => {
		const root = document.scrollingElement;
		const dialogs = [...document.querySelectorAll("dialog[open], dialog[open] .dialog-body")];
		if (root.scrollWidth <= innerWidth && dialogs.every((dialog) => dialog.scrollWidth <= dialog.clientWidth)) return "";
		const all = [...document.querySelectorAll("body *")];
		const out = all.filter((element) => element.getBoundingClientRect().right > innerWidth + 1).slice(0, 4);
		return root.scrollWidth + " px: " + out.map((element) => element.outerHTML.slice(0, 120)).join("\n");
	}`)
	p.must(err)
	if wide != "" {
		p.t.Errorf("at 390 px %s is scrolled sideways: %v", p.page.URL(), wide)
	}
}
