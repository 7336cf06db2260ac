package main

import (
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/playwright-community/playwright-go"
)

// keepsPasskeys puts a virtual authenticator beside the person's browser, as a phone or a computer has one. It answers at once,
// as if the person had unlocked it; the answer makes it fail to know them, or know them again.
func (p *person) keepsPasskeys() (knows func(bool)) {
	p.t.Helper()
	session, err := p.page.Context().NewCDPSession(p.page)
	p.must(err)
	_, err = session.Send("WebAuthn.enable", map[string]any{})
	p.must(err)
	made, err := session.Send("WebAuthn.addVirtualAuthenticator", map[string]any{"options": map[string]any{"protocol": "ctap2", "transport": "internal",
		"hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true}})
	p.must(err)
	id := made.(map[string]any)["authenticatorId"]
	return func(known bool) {
		_, err := session.Send("WebAuthn.setUserVerified", map[string]any{"authenticatorId": id, "isUserVerified": known})
		p.must(err)
	}
}

func TestSomebodyAddsAPasskeyAndSignsInConfirmsAndTakesTheSecondStepWithIt(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	dev := as(t, server, "Dev Okafor")
	dev.watch.expects(422)
	knows := dev.keepsPasskeys()

	dev.opens("/account")
	dev.clicks("link", "Add a passkey")
	dev.isFine("passkey-new")
	dev.fills("Name of the passkey", "My laptop")
	dev.clicks("button", "Add the passkey")
	dev.sees("They are not shown again.")
	dev.clicks("link", "I have kept them")
	dev.content().sees("My laptop", "10 recovery codes are left")
	dev.isFine("account-passkeys")
	dev.clicks("link", "Add a passkey") // the same device again
	dev.clicks("button", "Add the passkey")
	dev.sees("This device keeps a passkey for your account already.")

	dev.signsOut()
	knows(false)
	dev.clicks("button", "Sign in with a passkey")
	dev.sees("No passkey was used.")
	dev.isFine("sign-in-passkey-failed")
	knows(true)
	dev.clicks("button", "Sign in with a passkey")
	dev.seesThe("heading", "Projects")

	dev.opens("/confirmation?next=/account")
	dev.clicks("button", "Use a passkey")
	dev.seesThe("heading", "Your account")

	dev.signsOut()
	dev.stopsAtTheSecondStep("Dev Okafor")
	dev.isFine("second-step-passkey")
	dev.clicks("button", "Use a passkey")
	dev.seesThe("heading", "Projects")

	dev.opens("/account")
	dev.clicks("link", "Rename My laptop")
	dev.dialog().fills("Name of the passkey", "My old laptop")
	dev.dialog().clicks("button", "Save the name")
	dev.sees("The passkey is renamed.")
	server.late()
	dev.clicks("link", "Remove My old laptop")
	dev.dialog().sees("Confirm that it is you")
	dev.isFine("confirmation-passkey-dialog")
	dev.opens("/account") // a picture leaves marks that htmx would copy
	dev.clicks("link", "Remove My old laptop")
	dev.dialog().hasFocusOn("button", "Use a passkey")
	dev.types("Enter")
	dev.dialog().sees("It is your last second factor")
	dev.dialog().clicks("button", "Remove the passkey")
	dev.sees("Nobody signs in with it any more.")
	dev.signsOut()
	dev.clicks("button", "Sign in with a passkey")
	dev.sees("This passkey is not one that opens this account.")
}

func TestWithoutScriptsThePagesSayWhatPasskeysNeed(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	dev := newPerson(t, server, withoutScripts)
	dev.opens("/sign-in")
	said := func(text string) {
		dev.must(expect.Locator(dev.page.Locator("noscript p", playwright.PageLocatorOptions{HasText: text})).ToBeVisible())
	}
	said("Signing in with a passkey needs JavaScript, which does not run here.")
	dev.seesNo("button", "Sign in with a passkey")
	dev.signsInBy(server.personaLink("Dev Okafor"))
	dev.opens("/account/passkeys/new")
	said("Passkeys need JavaScript, which does not run here. Codes from an app work everywhere.")
	dev.seesNo("button", "Add the passkey")
}

// signsOut leaves by the menu, and stands before the sign-in page.
func (p *person) signsOut() {
	p.t.Helper()
	p.opens("/account")
	p.clicks("button", ".*@meridian.test")
	p.clicks("button", "Sign out")
	p.seesThe("heading", "Sign in")
}

// late makes every session older than what counts as a recent sign-in.
func (p *program) late() {
	p.t.Helper()
	ctx := p.t.Context()
	conn, err := pgx.Connect(ctx, "postgres:///gatehouse?user=app&host="+filepath.Join(p.data, "sock"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "UPDATE sessions SET created_at = created_at - interval '11 minutes'"); err != nil {
		p.t.Fatal(err)
	}
}
