package main

import (
	"os"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// Cyra makes one of each kind in Alpha; what others may see of it depends on what they may do.
func TestAProjectHoldsMoreThanPackages(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, dev, ana := as(t, server, "Cyra Haddad"), as(t, server, "Dev Okafor"), as(t, server, "Ana Lopes")
	alpha := opensAlpha(cyra)
	cyra.clicks("link", "Other resources.*")
	cyra.sees("Constants · PRICING", "Desk dashboard", "Warehouse password")
	creates(cyra, "Constant", map[string]string{"Name": "PRICING__CAP", "Value": "0.25"})
	cyra.sees("PRICING__CAP is here.")
	cyra.content().sees("0.25", "Category", "PRICING")
	cyra.content().clicks("link", "Edit content")
	cyra.dialog().fills("Value", "0.30")
	cyra.dialog().clicks("button", "Save content")
	cyra.sees("The content is saved.")
	cyra.content().sees("0.30")

	dev.opens(cyra.path())
	dev.content().sees("0.30")
	ana.opens(cyra.path()) // who oversees everything reads nothing
	ana.content().sees("not what it holds")
	ana.content().seesNot("0.30")

	cyra.opens(alpha + "?tab=others")
	creates(cyra, "Secret", map[string]string{"Name": "Signing key", "Value": "open sesame"})
	cyra.sees("Signing key is here.")
	cyra.content().seesNot("open sesame")
	cyra.content().clicks("link", "Reveal")
	cyra.dialog().sees("The audit log will say that you saw the value.")
	cyra.dialog().clicks("button", "Reveal the value")
	if value, err := cyra.dialog().field("Value").InputValue(); err != nil || value != "open sesame" {
		t.Errorf("the value is %q, %v", value, err)
	}
}

// Cyra moves an analysis from Alpha to Open Benchmarks: who reads it is then who reads those.
func TestAnAnalysisIsMovedToAnotherProject(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, nobody := as(t, server, "Cyra Haddad"), newPerson(t, server)
	alpha := opensAlpha(cyra)
	cyra.opens(alpha + "?tab=others")
	cyra.content().clicks("link", "Winter peak, second look")
	cyra.seesThe("heading", "Winter peak, second look")
	analysis := cyra.path()
	nobody.mustSignInFor(analysis)
	cyra.clicks("button", "More actions for Winter peak, second look")
	cyra.clicks("link", "Move")
	cyra.dialog().sees("It lies in Alpha.", "keeps their access")
	cyra.dialog().selects("Move to", "Open Benchmarks")
	cyra.dialog().clicks("button", "Review the move")
	cyra.dialog().sees("Of the people who are known here:", "on Winter peak, second look")
	cyra.dialog().clicks("button", "Move Winter peak, second look")
	cyra.sees("Winter peak, second look is moved.")
	cyra.content().seesThe("link", "Open Benchmarks")
	nobody.opens(analysis)
	nobody.content().sees("nine of the ten coldest days")
	cyra.opens(alpha + "?tab=others")
	cyra.content().seesNot("Winter peak")
}

// A file goes up and comes down again, without JavaScript; one that is too large is refused in words.
func TestAFileGoesIntoABucketAndOutAgain(t *testing.T) {
	t.Parallel()
	server := startProgram(t, newData(t), "--demo", "--max-file", "1KB")
	cyra, nobody := as(t, server, "Cyra Haddad", withoutScripts), newPerson(t, server)
	cyra.watch.expects(413)
	cyra.opens(meridian + "/resources?kind=bucket")
	cyra.content().clicks("link", "Raw figures")
	bucket := cyra.path()
	sends := func(name, text string) {
		cyra.opens(bucket)
		cyra.content().clicks("link", "Upload file")
		cyra.must(cyra.dialog().field("File").SetInputFiles([]playwright.InputFile{{Name: name, MimeType: "text/html", Buffer: []byte(text)}}))
		cyra.dialog().clicks("button", "Upload file")
	}
	sends("large.html", strings.Repeat("x", 1025))
	cyra.sees("A file has at most 1 KB here.")
	sends("note.html", "<h1>Not shown</h1>")
	cyra.sees("The file is uploaded.")
	cyra.content().sees("note.html", "18 bytes")
	cyra.content().seesNot("large.html")

	nobody.opens(bucket) // of a project that is open to everybody
	got, err := nobody.page.ExpectDownload(func() error { return nobody.the("link", "Download note.html").Click() })
	nobody.must(err)
	kept, err := got.Path()
	nobody.must(err)
	if text, err := os.ReadFile(kept); err != nil || string(text) != "<h1>Not shown</h1>" || got.SuggestedFilename() != "note.html" {
		t.Errorf("%s holds %q, %v", got.SuggestedFilename(), text, err)
	}
}

// opensAlpha goes to the project and returns its address.
func opensAlpha(p *person) string {
	p.t.Helper()
	p.opens(meridian)
	p.content().clicks("link", "Alpha")
	p.seesThe("heading", "Alpha")
	return p.path()
}

// creates makes something through the menu of a project's other resources.
func creates(p *person, kind string, fields map[string]string) {
	p.t.Helper()
	p.content().clicks("button", "Create")
	p.clicks("link", kind+" .*")
	for label, value := range fields {
		p.dialog().fills(label, value)
	}
	p.dialog().clicks("button", "Create "+strings.ToLower(kind))
}
