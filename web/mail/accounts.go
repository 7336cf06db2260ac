package mail

import (
	"fmt"

	"gatehouse/db"
	"gatehouse/views"
)

// Mail that tells whose account it is what was done to it. It holds no link to undo it: whoever did it may read the mail too.

const (
	notYourPassword = "If that was not you, choose a new password now with “Forgot your password?” on the sign-in page, and tell an Admin of your organization."
	notYourFactor   = "If that was not you, somebody was signed in as you: change your password, remove from your account what you did not add, and tell an Admin of your organization."
)

// lines greet, and say what was done to which account and from which address of the network.
func lines(mail db.Mail, done string) []string {
	told := []string{greeting(mail), fmt.Sprintf(done, mail.To.Email)}
	if mail.Facts.Address != "" {
		told = append(told, "That was done from the network address "+mail.Facts.Address+".")
	}
	return told
}

var passwordSentences = map[string]string{
	db.PasswordChanged: "the password of your account %s was changed. Everywhere else you are signed out.",
	db.PasswordReset:   "a new password for your account %s was chosen through a link in your mail. You are signed out everywhere, and the API tokens that you made have ended.",
}

func password(mail db.Mail, link func(string) string) views.Mail {
	return views.Mail{Subject: "Your password was changed", Lines: lines(mail, passwordSentences[mail.Facts.Done]),
		Button: "Look at your account", Link: link(views.AccountPath()),
		Small: []string{notYourPassword}}
}

var factorSubjects = map[string]string{
	db.AppAdded: "Codes from an app were turned on", db.AppRemoved: "Codes from an app were turned off",
	db.PasskeyAdded: "A passkey was added to your account", db.PasskeyRemoved: "A passkey was removed from your account",
	db.CodesRenewed: "New recovery codes were made",
}

var factorSentences = map[string]string{
	db.AppAdded:       "signing in as %s now asks for a code from an app. Everywhere else you are signed out.",
	db.AppRemoved:     "signing in as %s no longer asks for a code from an app. Everywhere else you are signed out.",
	db.PasskeyAdded:   "a passkey was added to your account %s. Everywhere else you are signed out.",
	db.PasskeyRemoved: "a passkey was removed from your account %s. Nobody signs in with it any more.",
	db.CodesRenewed:   "new recovery codes were made for your account %s. Those from before no longer count.",
}

func factor(mail db.Mail, link func(string) string) views.Mail {
	told := lines(mail, factorSentences[mail.Facts.Done])
	if mail.Facts.Name != "" {
		told = append(told, "The passkey is called “"+mail.Facts.Name+"”.")
	}
	return views.Mail{Subject: factorSubjects[mail.Facts.Done], Lines: told, Button: "Look at your account", Link: link(views.AccountPath()),
		Small: []string{notYourFactor}}
}
