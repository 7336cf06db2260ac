package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showMailSettings shows whether mail is set up, and what became of the organization's.
func (s *Server) showMailSettings(r *request) error {
	rows, counted, err := s.store.ListMails(r.ctx(), r.org().ID)
	if err != nil {
		return err
	}
	shown := views.MailSettings{Org: r.org().Slug, Where: s.options.Mail, You: r.user.Email, Waiting: counted.Waiting, Sent: counted.Sent, Failed: counted.Failed}
	for _, row := range rows {
		shown.Rows = append(shown.Rows, views.MailRow{Kind: string(row.Kind), Email: row.Email, State: row.State, Attempts: row.Attempts,
			Problem: row.Problem, CreatedAt: row.CreatedAt})
	}
	return r.show(http.StatusOK, pageOf("Mail", views.MailSettingsPage, views.MailSettingsPart, shown))
}

// sendTestMail mails to whoever asks.
func (s *Server) sendTestMail(r *request) error {
	if err := s.store.SendTestMail(r.ctx(), r.by(), r.org().ID); err != nil {
		return err
	}
	return r.done(views.MailSettingsPath(r.org().Slug), views.Flash{Message: "A test mail to " + r.user.Email + " is on its way. The list says what became of it."})
}

// inDemo: a server of one's own keeps no mail.
func (s *Server) inDemo(*request) error {
	if !s.options.Demo {
		return access.ErrNotFound
	}
	return nil
}

// listDemoMails lists what the demo would have sent.
func (s *Server) listDemoMails(r *request) error {
	mails, err := s.store.ListDemoMails(r.ctx())
	if err != nil {
		return err
	}
	shown := views.DemoMails{}
	for _, mail := range mails {
		shown.Mails = append(shown.Mails, demoMail(mail))
	}
	return r.show(http.StatusOK, wholePage("Mail of the demo", views.DemoMailsPage, shown))
}

func demoMail(mail db.DemoMail) views.DemoMail {
	return views.DemoMail{ID: string(mail.ID), To: mail.Email, Subject: mail.Subject, Text: mail.Plain, At: mail.At}
}

// showDemoMail shows a mail as text, with the way to its other form.
func (s *Server) showDemoMail(r *request) error {
	mail, err := s.demoMail(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, wholePage(mail.Subject, views.DemoMailPage, demoMail(mail)))
}

// showDemoMailDocument shows a mail as a program for mail does.
func (s *Server) showDemoMailDocument(r *request) error {
	mail, err := s.demoMail(r)
	if err != nil {
		return err
	}
	return r.HTML(http.StatusOK, mail.HTML)
}

func (s *Server) demoMail(r *request) (db.DemoMail, error) {
	id, err := r.id("mail")
	if err != nil {
		return db.DemoMail{}, err
	}
	return s.store.FindDemoMail(r.ctx(), id)
}
