package views

import (
	"strings"
	"time"
)

// A Mail is what a mail says, once as HTML (MailDocument) and once as text (Text).
type Mail struct {
	Subject string
	Lines   []string // a paragraph each
	Quote   string   // what a person wrote
	Button  string   // label of the link
	Link    string   // the full URL
	Small   []string // what to know besides
}

// Text is the mail for programs that show no HTML.
func (m Mail) Text() string {
	var text strings.Builder
	paragraph := func(words string) {
		if words != "" {
			text.WriteString(words + "\r\n\r\n")
		}
	}
	for _, line := range m.Lines {
		paragraph(line)
	}
	if m.Quote != "" {
		paragraph("> " + strings.Join(strings.Split(strings.ReplaceAll(m.Quote, "\r\n", "\n"), "\n"), "\r\n> "))
	}
	if m.Link != "" {
		paragraph(m.Button + ":\r\n" + m.Link)
	}
	for _, line := range m.Small {
		paragraph(line)
	}
	return text.String() + "-- \r\nGatehouse\r\n"
}

// MailSettings is Settings → Mail: whether mail is set up and where to, and what became of it.
type MailSettings struct {
	Org     string
	Where   string // "mail.example.org:587 (STARTTLS), from gatehouse@example.org"; empty without mail
	You     string // the address that a test goes to
	Waiting int
	Sent    int
	Failed  int
	Rows    []MailRow
}

// A MailRow is one mail of the organization.
type MailRow struct {
	Kind      string
	Email     string
	State     string // waiting, sent, dropped or failed
	Attempts  int
	Problem   string
	CreatedAt time.Time
}

func (s MailSettings) lead() string {
	if s.Where == "" {
		return "This server sends no mail. Its operator can set GATEHOUSE_SMTP_URL. Until then, pass links on yourself."
	}
	return "Mail goes through " + s.Where + "."
}

func (s MailSettings) summary() string {
	return count(s.Sent, "mail", "mails") + " sent, " + plain(s.Waiting) + " waiting, " + plain(s.Failed) + " failed."
}

func (r MailRow) about() string {
	switch r.Kind {
	case "invitation":
		return "Invitation"
	case "shared":
		return "Something was shared"
	case "owner":
		return "Another owner"
	case "ending":
		return "Access ends soon"
	case "request":
		return "A request for access"
	case "answer":
		return "A request was answered"
	}
	return "Test"
}

func (r MailRow) status() string {
	switch r.State {
	case "sent":
		return "Sent"
	case "failed":
		return "Failed"
	case "dropped":
		return "Not sent"
	}
	if r.Attempts > 0 {
		return "Tried " + count(r.Attempts, "time", "times")
	}
	return "Waiting"
}

// DemoMails is what the demo would have sent.
type DemoMails struct{ Mails []DemoMail }

// A DemoMail is one of them.
type DemoMail struct {
	ID      string
	To      string
	Subject string
	Text    string
	At      time.Time
}
