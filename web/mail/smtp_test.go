package mail

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A mailbox is a real SMTP server on this machine: with TLS, a password, and moods.
type mailbox struct {
	mu      sync.Mutex
	refuse  []error // what the next messages are answered instead of being taken
	took    []letter
	plain   int // sessions that signed in without TLS
	address string
	roots   *tls.Config
}

// A letter is a message that was taken.
type letter struct {
	from, to, subject, text, html, id string
}

const (
	mailUser     = "gatehouse@post.test"
	mailPassword = "s3cret:with/signs"
)

// newMailbox starts a server that knows STARTTLS, or TLS from the start.
func newMailbox(t *testing.T, implicit bool) *mailbox {
	t.Helper()
	certificate, roots := certify(t)
	box := &mailbox{roots: &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}}
	server := smtp.NewServer(box)
	server.Domain, server.TLSConfig = "post.test", &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.ErrorLog = silent{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box.address = listener.Addr().String()
	if implicit {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return box
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, roots
}

// server is ours, as an operator would name the mailbox.
func (b *mailbox) server(t *testing.T, scheme, parameters string) *Server {
	t.Helper()
	user := url.UserPassword(mailUser, mailPassword)
	s, err := ParseServer(scheme+"://"+user.String()+"@"+b.address+parameters, &url.URL{Scheme: "https", Host: "gatehouse.test"})
	if err != nil {
		t.Fatal(err)
	}
	s.roots = b.roots
	return s
}

func (b *mailbox) letters() []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]letter{}, b.took...)
}

// waits until so many letters were taken.
func (b *mailbox) waits(t *testing.T, count int) []letter {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got := b.letters(); len(got) >= count {
			return got
		}
	}
	t.Fatalf("%d letters came, and not %d", len(b.letters()), count)
	return nil
}

// NewSession begins one.
func (b *mailbox) NewSession(conn *smtp.Conn) (smtp.Session, error) {
	return &session{box: b, conn: conn}, nil
}

type session struct {
	box    *mailbox
	conn   *smtp.Conn
	known  bool
	letter letter
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if _, secure := s.conn.TLSConnectionState(); !secure {
			s.box.mu.Lock()
			s.box.plain++
			s.box.mu.Unlock()
		}
		if user != mailUser || password != mailPassword {
			return errors.New("wrong password")
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.letter = letter{from: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "gone@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
	}
	s.letter.to = to
	return nil
}

func (s *session) Data(body io.Reader) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if len(s.box.refuse) > 0 {
		err := s.box.refuse[0]
		s.box.refuse = s.box.refuse[1:]
		return err
	}
	if err := s.letter.read(body); err != nil {
		return &smtp.SMTPError{Code: 554, Message: fmt.Sprint("unreadable: ", err)}
	}
	s.box.took = append(s.box.took, s.letter)
	return nil
}

func (l *letter) read(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	l.subject, _ = reader.Header.Subject()
	l.id, _ = reader.Header.MessageID()
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		text, _ := io.ReadAll(part.Body)
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.html = string(text)
		} else {
			l.text = string(text)
		}
	}
}

func (s *session) Reset()        { s.letter = letter{} }
func (s *session) Logout() error { return nil }
