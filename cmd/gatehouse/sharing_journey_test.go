package main

import (
	"testing"
	"time"
)

func TestAnOwnerSharesAndTakesBack(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, dev := as(t, server, "Cyra Haddad"), as(t, server, "Dev Okafor")
	opensShare(cyra, "Alpha")

	// People and groups at once, with an end
	picks(cyra.dialog(), "dev", "Dev Okafor")
	picks(cyra.dialog(), "risk", "Risk")
	dialog := cyra.dialog()
	dialog.selects("Role", "Admin")
	dialog.area.GetByText("Set an end date").Click()
	dialog.fills("Access ends (UTC)", "2020-01-01T00:00")
	cyra.watch.expects(422)
	dialog.clicks("button", "Share")
	dialog.sees("Choose a time in the future")
	dialog.sees("Dev Okafor", "Risk") // the chips are kept
	dialog.fills("Access ends (UTC)", time.Now().UTC().AddDate(4, 1, 0).Format("2006-01-02T15:04"))
	dialog.clicks("button", "Share")
	dialog.sees("Shared.")
	dialog.row("dev@meridian.test").sees("Ends in 4 years")
	dev.opens("/orgs/meridian")
	dev.row("Alpha").sees("Admin")

	// Another role, and back
	cyra.dialog().selects("Role of Dev Okafor", "Viewer")
	dialog.sees("Dev Okafor has another role now.")
	dev.opens("/orgs/meridian")
	dev.row("Alpha").sees("Editor") // through Research, which is more
	dialog.clicks("button", "Undo")
	dev.opensUntil("/orgs/meridian", "Alpha", "Admin")

	// A removal says before and after that access stays
	removal := cyra.removing("Dev Okafor")
	removal.sees("This is what it takes from Dev Okafor:", "connect, share and delete", "Dev Okafor can still open it, because:", "Dev Okafor → Research → Editor on Alpha.")
	removal.clicks("button", "Remove Dev Okafor")
	dialog.sees("Dev Okafor no longer has the role Admin here.", "Access stays in another way")
	dev.opensUntil("/orgs/meridian", "Alpha", "Editor")
	removal = cyra.removing("Research")
	removal.sees("everybody in Research", "discover, view, query")
	removal.clicks("button", "Remove Research")
	dialog.sees("Research no longer has the role Editor here.")
	dev.opens("/orgs/meridian")
	dev.seesNot("Alpha")
	dialog.clicks("button", "Undo")
	dev.opensUntil("/orgs/meridian", "Alpha", "Editor")
	dialog.clicks("link", "Done")
	cyra.must(expect.Locator(cyra.the("link", "Share")).ToBeFocused())

	dev.clicks("link", "Alpha")
	dev.clicks("link", "Why")
	dev.dialog().sees("You → Research → Editor on Alpha.")
}

// opensShare goes to a project and opens its Share dialog.
func opensShare(p *person, project string) {
	p.t.Helper()
	p.opens("/orgs/meridian")
	p.row(project).clicks("link", project)
	p.seesThe("heading", project)
	p.clicks("link", "Share")
	p.dialog().seesThe("heading", "Share “"+project+"”")
}

// picks takes somebody from the suggestions.
func picks(dialog *person, typed, name string) {
	dialog.t.Helper()
	dialog.must(dialog.ready(dialog.the("combobox", "Add people or groups|People and groups|Add groups|Groups that they join")).PressSequentially(typed))
	option := dialog.area.GetByRole("option").Filter(hasText(name))
	dialog.must(option.First().Click())
	dialog.must(expect.Locator(dialog.the("button", "Take out "+name)).ToBeVisible())
}

// removing opens the question whether somebody's grant should go.
func (p *person) removing(name string) *person {
	p.t.Helper()
	dialog := p.dialog()
	dialog.clicks("button", "More for "+name)
	dialog.clicks("link", "Remove "+name)
	dialog.seesThe("heading", "Remove "+name+" from .*")
	return dialog
}

// opensUntil opens a page again until a row says something: another person's click may be under way.
func (p *person) opensUntil(path, row, text string) {
	p.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		p.opens(path)
		if shown, _ := p.row(row).area.GetByText(text).Count(); shown > 0 {
			return
		}
	}
	p.t.Fatalf("%s never says %q beside %q", path, text, row)
}
