package main

import (
	"testing"

	"gatehouse/web/oidc/oidctest"
)

const singleSignOn = meridian + "/settings/single-sign-on"

// fillsProvider fills in the form of an organization's single sign-on.
func (p *person) fillsProvider(issuer, use string) {
	p.t.Helper()
	p.fills("Issuer", issuer)
	p.fills("Client ID", oidctest.ClientID)
	p.must(p.the("radio", use+".*").Check())
}

// signsInAtDex types what dex asks for, and comes back.
func (p *person) signsInAtDex(email string) {
	p.t.Helper()
	p.clicks("link", "Continue to the single sign-on")
	p.must(p.page.Locator("#login").Fill(email))
	p.must(p.page.Locator("#password").Fill(oidctest.DexPassword))
	p.must(p.page.Locator("#submit-login").Click())
}

func TestAnAdminSetsUpSingleSignOnAndMembersNeedIt(t *testing.T) {
	t.Parallel()
	server := startProgram(t, newData(t), "--demo", "--sso-networks", "127.0.0.0/8")
	issuer, _ := oidctest.StartDex(t, []string{"ana@meridian.test", "dev@meridian.test", "stranger@meridian.test"}, server.base+"/sso/meridian/callback")
	ana, bo, dev := as(t, server, "Ana Lopes"), as(t, server, "Bo Lindqvist"), newPerson(t, server)
	dev.watch.expects(403)
	ana.opens(meridian + "/settings")
	ana.clicks("link", "Change the single sign-on")
	ana.must(expect.Locator(ana.page.GetByLabel("Redirect URL").First()).ToHaveValue(server.base + "/sso/meridian/callback"))
	ana.fillsProvider(issuer, "With single sign-on if they like")
	ana.fills("Client secret", oidctest.Secret)
	ana.clicks("button", "Save the single sign-on")
	ana.sees("The single sign-on is changed.")
	ana.clicks("button", "Test the provider")
	ana.sees("The provider answers as it should.")

	dev.opens("/sign-in")
	dev.clicks("link", "Sign in with your organization")
	dev.fills("Organization, or your e-mail address", "meridian")
	dev.clicks("button", "Continue")
	dev.signsInAtDex("stranger@meridian.test")
	dev.sees("neither a member of this organization nor invited to it")
	dev.isFine("sign-on-refused")
	dev.clicks("link", "Try again")
	dev.must(dev.page.Locator("#login").Fill("dev@meridian.test"))
	dev.must(dev.page.Locator("#password").Fill(oidctest.DexPassword))
	dev.must(dev.page.Locator("#submit-login").Click())
	dev.seesThe("heading", "Projects")
	dev.opens("/account")
	dev.sees("which opens your organization's pages only")
	dev.isFine("sign-on-own")

	ana.startsCodes() // an Admin who can still get in has a second factor
	ana.turnsOnCodes()
	ana.clicks("link", "I have kept them")
	ana.opens(singleSignOn)
	ana.must(ana.the("radio", "With single sign-on only.*").Check())
	ana.fills("Admin for the day on which the provider is down", "ana@meridian.test")
	ana.clicks("button", "Save the single sign-on")
	ana.sees("The single sign-on is changed.")

	bo.tries(meridian) // in the session that he has
	bo.sees("This organization lets its members in through its single sign-on only.")
	bo.isFine("sign-on-needed")
	dev.opens(meridian)
	dev.seesThe("heading", "Projects")
	ana.opens(meridian)
	ana.seesThe("heading", "Projects")
}
