package main

import "testing"

func TestPagesOfSingleSignOnAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.watch.expects(404, 409, 422, 502)
	ana.visits([]place{
		{"provider-refused", func(p *person) {
			p.opens(singleSignOn)
			p.fillsProvider("https://login.meridian.test", "With single sign-on only")
			p.fills("Client secret", "a secret")
			p.clicks("button", "Save the single sign-on")
			p.sees("Name an Admin who can still get in")
		}},
		{"provider-tested", func(p *person) {
			p.opens(singleSignOn)
			p.fillsProvider("http://127.0.0.1:1/realms/a-realm-with-a-long-name", "With single sign-on if they like")
			p.fills("Client secret", "a secret")
			p.clicks("button", "Save the single sign-on")
			p.sees("The single sign-on is changed.")
			p.clicks("button", "Test the provider")
			p.sees("lies where this server may not ask")
		}},
		{"sign-on", page("/sso/meridian?next=/orgs/meridian")},
		{"sign-ons", func(p *person) {
			p.opens("/sso")
			p.fills("Organization, or your e-mail address", "nobody@meridian.test")
			p.clicks("button", "Continue")
			p.sees("This browser does not know the address yet.")
		}},
	})
}
