package main

import (
	"fmt"
	"testing"
)

// Breaks when the messages of views/share_access.templ stand in what is scrolled, or static/js/failures.js knows no dialog.
func TestWhatIsSaidInTheShareDialogIsSeenWhereOneIs(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, dev := as(t, server, "Cyra Haddad"), as(t, server, "Dev Okafor")
	opensShare(cyra, "Alpha")
	picks(cyra.dialog(), "dev", "Dev Okafor")
	dialog := cyra.dialog()
	dialog.selects("Role", "Admin")
	dialog.clicks("button", "Share")
	dialog.sees("Shared.")
	opensShare(dev, "Alpha")

	// At the end of the list on a phone: what was done, and Undo
	cyra.must(cyra.page.SetViewportSize(390, 600))
	dialog.selects("Role of Lucía Fernández de la Vega", "Viewer")
	dialog.seesHere("Lucía Fernández de la Vega has another role now.")
	cyra.must(expect.Locator(cyra.page.Locator("dialog [data-announcer]")).ToContainText("has another role now."))
	cyra.must(expect.Locator(dialog.the("button", "Undo")).ToBeInViewport())
	cyra.must(dialog.ready(dialog.the("button", "Undo")).Press("Enter"))
	dialog.showsRole("Lucía Fernández de la Vega", "Modeler")
	dialog.seesHere("Lucía Fernández de la Vega has another role now.")
	cyra.must(expect.Locator(cyra.page.Locator("#dialog-says")).ToBeFocused())
	dialog.selects("Role of Dev Okafor", "Viewer")
	dialog.seesHere("Dev Okafor has another role now.")

	// Somebody who may no longer do it is told so in the dialog, and closing that closes nothing else
	dev.must(dev.page.SetViewportSize(390, 600))
	dev.watch.expects(403)
	theirs := dev.dialog()
	dev.must(theirs.area.Locator("label").Filter(hasText("Public")).First().Click())
	theirs.clicks("button", "Review the change")
	theirs.seesHere("You cannot change who has access to Alpha.")
	theirs.selects("Role of Lucía Fernández de la Vega", "Admin")
	theirs.seesHere("You cannot change who has access to Alpha.")
	theirs.showsRole("Lucía Fernández de la Vega", "Modeler")
	dev.photograph("share-denied")
	theirs.clicks("button", "Close")
	dev.must(expect.Locator(theirs.area.Locator("#dialog-says p")).ToHaveCount(0))
	theirs.seesThe("heading", "Share “Alpha”")
}

// Breaks without the rules for a narrow .grants in share.css, or when .avatars in details.css does not wrap.
func TestAPhoneShowsWholeNamesAndEveryFaceInItsCard(t *testing.T) {
	t.Parallel()
	cyra := as(t, startDemoProgram(t), "Cyra Haddad")
	opensShare(cyra, "Alpha")
	for typed, name := range map[string]string{"dev": "Dev Okafor", "farid": "Farid Nazari", "grace": "Grace Whitfield", "hana": "Hana Kobayashi", "ilya": "Ilya Petrov"} {
		picks(cyra.dialog(), typed, name)
	}
	cyra.dialog().clicks("button", "Share")
	cyra.dialog().sees("Shared.")
	cyra.must(cyra.page.SetViewportSize(390, 800))
	cyra.showsWhole(".grants .name, .grants small")
	cyra.photograph("share-many")
	cyra.dialog().clicks("link", "Done")
	for _, width := range []int{390, 1440} {
		cyra.must(cyra.page.SetViewportSize(width, 800))
		cyra.seesThe("heading", "Alpha")
		cyra.showsWhole(".facts dd:has(.avatars), .avatars, .avatars .quiet")
		cyra.photograph(fmt.Sprintf("project-many-%d", width))
	}
}

// showsWhole fails where something has more in it than its width holds, or a count is broken into two lines.
func (p *person) showsWhole(places string) {
	p.t.Helper()
	cut, err := p.page.Evaluate(`(places) => [...document.querySelectorAll(places)]
		.filter((place) => place.scrollWidth > place.clientWidth || place.matches(".quiet") && place.getClientRects()[0].height > 24)
		.map((place) => place.textContent.trim()).join("; ")`, places)
	p.must(err)
	if cut != "" {
		p.t.Errorf("at %s is cut: %v", p.page.URL(), cut)
	}
}

// seesHere looks for what the dialog says without scrolling.
func (p *person) seesHere(text string) {
	p.t.Helper()
	p.must(expect.Locator(p.area.Locator("#dialog-says p").Filter(hasText(text))).ToBeInViewport())
}
