package main

import "testing"

func TestPagesOfRequestsAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	cyra, nadia, ana := as(t, server, "Cyra Haddad"), as(t, server, "Nadia Benali"), as(t, server, "Ana Lopes")
	nadia.watch.expects(404)
	cyra.watch.expects(422)
	alpha := opensAlpha(cyra)
	nadia.visits([]place{
		{"requests-hidden", page(alpha)},
		{"requests-none", page(meridian + "/requests")},
		{"requests-form-hidden", page(alpha + "/request")},
		{"requests-own", func(p *person) {
			p.opens(alpha + "/request")
			p.chooses("radio", "Editor")
			p.fills("What for", "For the letters of December.")
			p.content().clicks("button", "Ask for access")
			p.content().sees("Waiting")
		}},
		{"requests-change", opening(meridian+"/requests", "link", "Change the request for .*")},
		{"requests-my-access", page(meridian + "/my-access")},
	})
	review := opening(meridian+"/requests", "link", "Answer Nadia Benali")
	cyra.visits([]place{
		{"requests-waiting", page(meridian + "/requests")},
		{"requests-review", review},
		{"requests-refused", func(p *person) {
			review(p)
			p.dialog().fills("Access ends (UTC)", "2020-01-01T00:00")
			p.dialog().clicks("button", "Give access")
			p.dialog().sees("Choose a time in the future")
		}},
		{"requests-deny", func(p *person) { review(p); p.must(p.dialog().area.GetByText("Say no instead").Click()) }},
		{"requests-share", opening(alpha, "link", "Share")},
	})
	ana.visits([]place{
		{"requests-discover", page(alpha)},
		{"requests-form", opening(alpha, "link", "Ask for access")},
	})
}
