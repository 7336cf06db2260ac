package main

import "testing"

func TestPagesOfAnAccountAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.watch.expects(404, 409, 422)
	dev := ana.addressOf("Dev Okafor")
	ana.visits([]place{
		{"account", page("/account")},
		{"account-refused", func(p *person) {
			p.opens("/account")
			p.fills("Your name", " ")
			p.clicks("button", "Save the name")
			p.sees("Enter a name.")
		}},
		{"app", page("/account/app?next=/orgs/meridian")},
		{"app-removal", page("/account/app/removal")},
		{"recovery-codes", page("/account/recovery-codes")},
		{"sign-in-policy", page(meridian + "/settings/sign-in")},
		{"member-sessions", page(dev)},
		{"confirmation", page("/confirmation?next=/account")},
		{"app-key", func(p *person) { p.startsCodes() }},
	})
}
