package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	stdmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"gatehouse/db"
	"gatehouse/views"
)

// A Server is the mail server that takes our mail, as GATEHOUSE_SMTP_URL names it.
type Server struct {
	host, user, password string
	port                 int
	from                 *stdmail.Address
	tls                  string // implicit, required, opportunistic or none
	base                 *url.URL
	roots                *tls.Config // nil for the machine's own
}

// ParseServer reads smtp://user:password@host:587?from=… (STARTTLS) or smtps://… (TLS from the start). In smtp:// the
// parameter tls may be required (as without it), opportunistic or none. Its errors are sentences for the operator, without
// the password.
func ParseServer(address string, base *url.URL) (*Server, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "smtp" && parsed.Scheme != "smtps" || strings.Trim(parsed.Path, "/") != "" {
		return nil, errors.New("GATEHOUSE_SMTP_URL should be like smtp://user:password@mail.example.org:587?from=gatehouse@example.org, or smtps://…; write @ / : ? # and % in a password as %40 %2F %3A %3F %23 and %25")
	}
	s := &Server{host: parsed.Hostname(), user: parsed.User.Username(), base: base, tls: "required", port: 587}
	s.password, _ = parsed.User.Password()
	if parsed.Scheme == "smtps" {
		s.tls, s.port = "implicit", 465
	}
	if parsed.Port() != "" {
		if s.port, err = strconv.Atoi(parsed.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return nil, fmt.Errorf("GATEHOUSE_SMTP_URL has the port %q, which is none", parsed.Port())
		}
	}
	return s, s.readParameters(parsed.Query())
}

func (s *Server) readParameters(given url.Values) error {
	for name := range given {
		if name != "from" && name != "tls" {
			return fmt.Errorf("GATEHOUSE_SMTP_URL has the parameter %q and knows from and tls only", name)
		}
	}
	if wanted := given.Get("tls"); wanted != "" {
		if s.tls == "implicit" || wanted != "required" && wanted != "opportunistic" && wanted != "none" {
			return fmt.Errorf("GATEHOUSE_SMTP_URL has tls=%s: smtp:// knows required, opportunistic and none, and smtps:// is TLS always", wanted)
		}
		s.tls = wanted
	}
	if s.tls == "none" && s.user != "" {
		return errors.New("GATEHOUSE_SMTP_URL has a password and tls=none: the password would travel in clear")
	}
	from := given.Get("from")
	if from == "" && strings.Contains(s.user, "@") {
		from = s.user
	}
	var err error
	if s.from, err = stdmail.ParseAddress(from); err != nil {
		return errors.New("GATEHOUSE_SMTP_URL needs from=, the address that mail comes from: smtp://…?from=gatehouse@example.org")
	}
	s.from.Name = cmp.Or(s.from.Name, "Gatehouse")
	return nil
}

// Where says where mail goes, without the password.
func (s *Server) Where() string {
	how := map[string]string{"implicit": "TLS", "required": "STARTTLS", "opportunistic": "STARTTLS where the server has it", "none": "without TLS"}[s.tls]
	return fmt.Sprintf("%s:%d (%s), from %s", s.host, s.port, how, s.from.Address)
}

// Send hands a mail to the server. A refusal for good is a db.RefusedMail.
func (s *Server) Send(ctx context.Context, mail db.Mail) error {
	message, err := s.message(ctx, mail)
	if err != nil {
		return &db.RefusedMail{Cause: err}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil {
		return refusal(err)
	}
	return nil
}

// refusal: only what the server answered about this very mail, with a 5, is for good.
func refusal(err error) error {
	var sending *gomail.SendError
	if errors.As(err, &sending) && !sending.IsTemp() && sending.ErrorCode() >= 500 {
		return &db.RefusedMail{Cause: err}
	}
	return err
}

func (s *Server) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.port), gomail.WithTimeout(20 * time.Second)}
	switch s.tls {
	case "implicit":
		options = append(options, gomail.WithSSL())
	case "required":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "opportunistic":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.roots != nil {
		options = append(options, gomail.WithTLSConfig(s.roots))
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	return gomail.NewClient(s.host, options...)
}

// message is the mail in both forms. Its id is that of the mail, so that one that was sent twice is known as one.
func (s *Server) message(ctx context.Context, mail db.Mail) (*gomail.Msg, error) {
	words := Compose(s.base, mail)
	html, err := document(ctx, words)
	if err != nil {
		return nil, err
	}
	message := gomail.NewMsg()
	if err := message.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, err
	}
	if err := message.AddToFormat(mail.To.Name, mail.To.Email); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	message.SetMessageIDWithValue(string(mail.ID) + "@" + domain)
	message.SetDate()
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.Subject(words.Subject)
	message.SetBodyString(gomail.TypeTextPlain, words.Text())
	message.AddAlternativeString(gomail.TypeTextHTML, html)
	return message, nil
}

func document(ctx context.Context, words views.Mail) (string, error) {
	var html bytes.Buffer
	err := views.MailDocument(words).Render(ctx, &html)
	return html.String(), err
}

// Keep is how the demo sends: it keeps the mail where everybody can read it.
func Keep(store *db.Store, base *url.URL) func(context.Context, db.Mail) error {
	return func(ctx context.Context, mail db.Mail) error {
		words := Compose(base, mail)
		html, err := document(ctx, words)
		if err != nil {
			return err
		}
		return store.KeepDemoMail(ctx, db.DemoMail{ID: mail.ID, Email: mail.To.Email, Subject: words.Subject, Plain: words.Text(), HTML: html})
	}
}
