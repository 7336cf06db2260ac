package main

import (
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// readsMail opens the newest mail of the demo to an address with a subject, as a program for mail shows it.
func readsMail(p *person, to, subject string) {
	p.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		p.opens("/demo/mail")
		mail := p.page.Locator("li").Filter(playwright.LocatorFilterOptions{HasText: to}).Filter(playwright.LocatorFilterOptions{HasText: subject})
		if count, _ := mail.Count(); count == 0 {
			continue
		}
		p.must(mail.First().GetByRole("link").Click())
		p.seesThe("heading", subject)
		p.clicks("link", "Open the mail")
		return
	}
	p.t.Fatalf("no mail %q to %s came", subject, to)
}

func TestSomebodyIsInvitedByMailJoinsAndForgetsThePassword(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.opens("/orgs/meridian/members")
	ana.clicks("link", "Invite people")
	ana.dialog().fills("E-mail addresses", "nora@meridian.test")
	ana.dialog().fills("Message", "Welcome on board.")
	ana.dialog().clicks("button", "Send invitations")
	ana.dialog().sees("Each link is on its way by mail.")

	nora := newPerson(t, server)
	readsMail(nora, "nora@meridian.test", "You are invited to Meridian Analytics")
	nora.sees("Ana Lopes invites you to Meridian Analytics as Member.", "Welcome on board.")
	nora.clicks("link", "Look at the invitation")
	nora.fills("Your name", "Nora Quist")
	nora.fills("Password", "correct horse battery")
	nora.clicks("button", "Join Meridian Analytics")
	nora.sees("Welcome to Meridian Analytics.")

	elsewhere := newPerson(t, server)
	elsewhere.opens("/sign-in")
	elsewhere.clicks("link", "Forgot your password\\?")
	elsewhere.fills("E-mail address", "nora@meridian.test")
	elsewhere.clicks("button", "Send the link")
	elsewhere.seesThe("heading", "Look into your mail")
	readsMail(elsewhere, "nora@meridian.test", "Choose a new password")
	elsewhere.clicks("link", "Choose a new password")
	elsewhere.watch.expects(422)
	elsewhere.fills("Password", "password1234")
	elsewhere.clicks("button", "Save the password and sign in")
	elsewhere.sees("This password is known from leaks")
	elsewhere.fills("Password", "another horse battery")
	elsewhere.clicks("button", "Save the password and sign in")
	elsewhere.seesThe("heading", "Projects")

	nora.opens("/orgs/meridian") // the reset signed her out here
	nora.seesThe("heading", "Sign in")

	ana.opens("/orgs/meridian/settings/mail")
	ana.row("nora@meridian.test").sees("Invitation", "Sent")
	ana.clicks("button", "Send a test mail to ana@meridian.test")
	ana.sees("A test mail to ana@meridian.test is on its way.")
}
