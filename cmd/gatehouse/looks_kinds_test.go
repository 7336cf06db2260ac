package main

import "testing"

func TestPagesOfTheOtherKindsAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, ana := as(t, server, "Cyra Haddad"), as(t, server, "Ana Lopes")
	cyra.watch.expects(413, 422)
	alpha := opensAlpha(cyra)
	others := alpha + "?tab=others"
	named := func(name string) string {
		cyra.opens(others)
		cyra.content().clicks("link", name)
		cyra.seesThe("heading", name)
		return cyra.path()
	}
	secret := named("Warehouse password")
	cyra.opens(meridian + "/resources?kind=bucket")
	cyra.content().clicks("link", "Raw figures")
	cyra.seesThe("heading", "Raw figures")
	bucket := cyra.path()
	visited := []place{
		{"others", page(others)},
		{"others-menu", func(p *person) { p.opens(others); p.content().clicks("button", "Create") }},
		{"constant", page(named("PRICING__DAY_COUNT"))},
		{"connection", page(named("Energy warehouse"))},
		{"release", page(named("Desk dashboard"))},
		{"analysis", page(named("Winter peak, second look"))},
		{"analysis-edit", opening(named("Winter peak, second look"), "link", "Edit content")},
		{"datasets", page(meridian + "/resources?kind=dataset")},
		{"datasets-nothing-found", page(meridian + "/resources?kind=dataset&search=nothing")},
		{"dataset", func(p *person) {
			p.opens(meridian + "/resources?kind=dataset")
			p.content().clicks("link", "Rates and fixings")
			p.seesThe("heading", "Rates and fixings")
		}},
		{"create-dataset", func(p *person) {
			p.opens(others)
			p.content().clicks("button", "Create")
			p.clicks("link", "Dataset .*")
			p.dialog().seesThe("heading", "Create a dataset")
		}},
		{"create-connection-refused", func(p *person) {
			p.opens(others)
			p.content().clicks("button", "Create")
			p.clicks("link", "Connection .*")
			p.dialog().fills("Name", "Lake")
			p.dialog().fills("System", "S3")
			p.dialog().fills("Address", "app:secret@lake")
			p.dialog().clicks("button", "Create connection")
			p.dialog().sees("Leave the name and password out")
		}},
		{"secret", page(secret)},
		{"secret-value", opening(secret, "link", "Replace value")},
		{"secret-reveal", opening(secret, "link", "Reveal")},
		{"secret-revealed", func(p *person) {
			opening(secret, "link", "Reveal")(p)
			p.dialog().clicks("button", "Reveal the value")
			p.dialog().sees("It is not shown again")
		}},
		{"bucket", page(bucket)},
		{"upload", opening(bucket, "link", "Upload file")},
		{"artifact", func(p *person) {
			p.opens(bucket)
			p.content().clicks("link", "method.md")
			p.seesThe("heading", "method.md")
		}},
		{"move", func(p *person) {
			p.opens(bucket)
			p.clicks("button", "More actions for Raw figures")
			p.clicks("link", "Move")
			p.dialog().sees("It lies in Open Benchmarks.")
		}},
		{"confirmation", page("/confirmation")},
	}
	cyra.visits(visited)
	newPerson(t, server).visits([]place{{"bucket-anonymous", page(bucket)}})
	ana.visits([]place{{"secret-discovered", page(secret)}})
}
