// Package mail writes the mail that changes enqueue, and hands it to a mail server.
package mail

import (
	"net/url"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// Compose writes a mail. Its links start with the configured address of the server and with nothing that a request said.
func Compose(base *url.URL, mail db.Mail) views.Mail {
	link := func(path string) string { return strings.TrimSuffix(base.String(), "/") + path }
	switch mail.Kind {
	case db.InvitationMail:
		return invitation(mail, link)
	case db.ResetMail:
		return reset(mail, link)
	case db.SharedMail:
		return shared(mail, link)
	case db.OwnerMail:
		return owner(mail)
	case db.EndingMail:
		return ending(mail, link)
	case db.RequestMail:
		return request(mail, link)
	case db.AnswerMail:
		return answer(mail, link)
	}
	return views.Mail{Subject: "A test mail from Gatehouse", Lines: []string{greeting(mail), "Mail from " + mail.Org.Name + " arrives."}}
}

func greeting(mail db.Mail) string {
	if mail.To.Name == "" {
		return "Hello,"
	}
	return "Hello " + mail.To.Name + ","
}

const instant = "2 January 2006, 15:04 UTC"

func invitation(mail db.Mail, link func(string) string) views.Mail {
	invited := mail.Invitation
	by := invited.Inviter.Label()
	if by == "" {
		by = "An Admin"
	}
	sentence := by + " invites you to " + invited.Org.Name + " as " + invited.Role.Title
	if len(invited.Groups) > 0 {
		sentence += ", in " + strings.Join(invited.Groups, ", ")
	}
	return views.Mail{Subject: "You are invited to " + invited.Org.Name, Lines: []string{greeting(mail), sentence + "."}, Quote: invited.Message,
		Button: "Look at the invitation", Link: link(views.AcceptancePath(mail.Token)),
		Small: []string{"The link works once, until " + invited.ExpiresAt.UTC().Format(instant) + ". It is for " + invited.Email + " alone.",
			"If you expected no invitation, do nothing: nobody gets in by this mail alone."}}
}

func reset(mail db.Mail, link func(string) string) views.Mail {
	return views.Mail{Subject: "Choose a new password", Lines: []string{greeting(mail), "somebody, hopefully you, asked for a new password for " + mail.To.Email + "."},
		Button: "Choose a new password", Link: link(views.ResetPath(mail.Token)),
		Small: []string{"The link works once, for half an hour. A new password signs you out everywhere, and ends the API tokens that you made.",
			"If that was not you, do nothing: your password stays as it is."}}
}

func shared(mail db.Mail, link func(string) string) views.Mail {
	return views.Mail{Subject: mail.Facts.By + " shared " + mail.Facts.Name + " with you",
		Lines: []string{greeting(mail), mail.Facts.By + " gave you access to the " + mail.Facts.Kind + " " + mail.Facts.Name + " of " + mail.Org.Name + " as " + mail.Facts.Role + "."},
		Quote: mail.Facts.Message, Button: "Open " + mail.Facts.Name, Link: link(views.ResourcePath(mail.Org.Slug, mail.About))}
}

func owner(mail db.Mail) views.Mail {
	return views.Mail{Subject: mail.Facts.Name + " has another owner now",
		Lines: []string{greeting(mail), mail.Facts.By + " gave the " + mail.Facts.Kind + " " + mail.Facts.Name + " of " + mail.Org.Name + " to " + mail.Facts.Owner + ". Until then it was yours.",
			"The new owner decides whether you keep access."}}
}

func ending(mail db.Mail, link func(string) string) views.Mail {
	return views.Mail{Subject: "Your access to " + mail.Facts.Name + " ends soon",
		Lines: []string{greeting(mail), "Your role " + mail.Facts.Role + " on the " + mail.Facts.Kind + " " + mail.Facts.Name + " of " + mail.Org.Name + " ends on " + mail.Facts.Ends.UTC().Format(instant) + ".",
			"If you need it for longer, ask somebody who can share it."},
		Button: "Open " + mail.Facts.Name, Link: link(views.ResourcePath(mail.Org.Slug, mail.About))}
}

func request(mail db.Mail, link func(string) string) views.Mail {
	return views.Mail{Subject: mail.Facts.By + " asks for access to " + mail.Facts.Name,
		Lines: []string{greeting(mail), mail.Facts.By + " would like the role " + mail.Facts.Role + " on the " + mail.Facts.Kind + " " + mail.Facts.Name + " of " + mail.Org.Name + ".",
			"You can give it, or say no."},
		Quote: mail.Facts.Message, Button: "Answer the request", Link: link(views.RequestPath(mail.Org.Slug, mail.Facts.Request)),
		Small: []string{"Others who can share it were asked too. Whoever answers first decides."}}
}

// answer names what somebody asked for only where they may know of it.
func answer(mail db.Mail, link func(string) string) views.Mail {
	if mail.Facts.Answer == string(access.ApprovedRequest) {
		given := mail.Facts.By + " gave you the role " + mail.Facts.Role + " on the " + mail.Facts.Kind + " " + mail.Facts.Name + " of " + mail.Org.Name
		if mail.Facts.Ends != nil {
			given += ", until " + mail.Facts.Ends.UTC().Format(instant)
		}
		return views.Mail{Subject: "You have access to " + mail.Facts.Name, Lines: []string{greeting(mail), given + "."},
			Button: "Open " + mail.Facts.Name, Link: link(views.ResourcePath(mail.Org.Slug, mail.About))}
	}
	about := "what you asked for"
	if mail.Facts.Name != "" {
		about = mail.Facts.Name
	}
	return views.Mail{Subject: "No access to " + about, Lines: []string{greeting(mail), mail.Facts.By + " denied your request for access to " + about + " at " + mail.Org.Name + "."},
		Quote: mail.Facts.Message, Button: "Look at your requests", Link: link(views.RequestsPath(mail.Org.Slug))}
}
