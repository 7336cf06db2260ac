package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// What a FactorMail or a PasswordMail says was done.
const (
	AppAdded        = "app-added"
	AppRemoved      = "app-removed"
	PasskeyAdded    = "passkey-added"
	PasskeyRemoved  = "passkey-removed"
	CodesRenewed    = "codes-renewed"
	PasswordChanged = "changed"
	PasswordReset   = "reset" // through a link that was mailed
)

// tellOfFactor mails to whose account it is what was done to how they sign in, so that they hear of it if it was not them.
func (c *change) tellOfFactor(ctx context.Context, done, name string) error {
	return c.mail(ctx, newMail{kind: FactorMail, to: access.Person{ID: c.actor.ID, Email: c.actor.Email},
		facts: MailFacts{Done: done, Name: name, Address: c.by.Address}})
}

// checkAccountMail: it goes to the address that the account has today, as long as somebody signs in with it.
func checkAccountMail(mail *Mail, row sqlc.FindMailRow) (reason string) {
	mail.To.Email = row.UserEmail
	if row.UserStatus != string(access.Active) {
		return "The account is deactivated."
	}
	return ""
}
