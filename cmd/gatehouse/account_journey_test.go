package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// startsCodes begins to set up codes from an app, unless that was begun before.
func (p *person) startsCodes() {
	p.t.Helper()
	p.opens("/account/app")
	button := p.the("button", "Set up codes")
	if begun, err := button.Count(); err != nil || begun == 0 {
		p.must(err)
		return
	}
	p.must(button.Click())
	p.sees("Scan this with the app")
}

// turnsOnCodes types what an app with the key that is shown says now.
func (p *person) turnsOnCodes() {
	p.t.Helper()
	key, err := p.page.Locator("#app code").TextContent()
	p.must(err)
	code, err := totp.GenerateCode(strings.ReplaceAll(key, " ", ""), time.Now())
	p.must(err)
	p.fills("Code", code)
	p.clicks("button", "Turn on codes")
}

// stopsAtTheSecondStep follows their link up to where it asks for another factor.
func (p *person) stopsAtTheSecondStep(name string) {
	p.t.Helper()
	p.opens(p.server.personaLink(name))
	p.clicks("button", "Sign in as .*")
	p.seesThe("heading", "One more step")
}

func TestSomebodyTurnsOnCodesAndSignsInWithThem(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	dev, elsewhere := as(t, server, "Dev Okafor"), as(t, server, "Dev Okafor")
	elsewhere.watch.expects(422)
	dev.opens(meridian)
	dev.clicks("button", ".*dev@meridian.test")
	dev.clicks("link", "Your account")
	dev.seesThe("heading", "Your account")
	dev.content().sees("This session")

	dev.startsCodes()
	dev.turnsOnCodes()
	dev.sees("They are not shown again.")
	shown, err := dev.page.Locator("#recovery-codes").TextContent()
	dev.must(err)
	codes := regexp.MustCompile(`[a-z2-7]{4}(-[a-z2-7]{4}){3}`).FindAllString(shown, -1)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	dev.isFine("recovery-codes-shown")
	dev.clicks("link", "I have kept them")
	dev.sees("10 recovery codes are left")
	elsewhere.mustSignInFor(meridian) // began without the factor

	elsewhere.stopsAtTheSecondStep("Dev Okafor")
	elsewhere.isFine("second-step")
	elsewhere.fills("Code", "123456")
	elsewhere.clicks("button", "Sign in")
	elsewhere.sees("This code is not right")
	elsewhere.fills("Code", codes[0])
	elsewhere.clicks("button", "Sign in")
	elsewhere.opens(meridian)

	dev.opens("/account")
	dev.sees("9 recovery codes are left")
	dev.clicks("button", "Sign out everywhere else")
	dev.sees("You are signed out everywhere else.")
	elsewhere.mustSignInFor(meridian)

	dev.clicks("link", "Turn off")
	dev.dialog().clicks("button", "Turn off codes")
	dev.sees("Codes from an app are off.")
	elsewhere.signsInBy(server.personaLink("Dev Okafor"))
}

func TestAnAdminAsksForASecondFactorAndAMemberIsLedToSetOneUp(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana, dev := as(t, server, "Ana Lopes"), as(t, server, "Dev Okafor")
	ana.opens(meridian + "/settings")
	ana.clicks("link", "Change how members sign in")
	ana.must(ana.the("radio", "Every member needs one.*").Check())
	ana.clicks("button", "Save")
	ana.sees("An organization of yours asks its members for a second factor.") // which holds for Admins too

	dev.tries(meridian)
	dev.sees("An organization of yours asks its members for a second factor.")
	dev.clicks("button", "Set up codes")
	dev.turnsOnCodes()
	dev.clicks("link", "I have kept them")
	dev.seesThe("heading", "Projects")
}
