package access

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Status is where a member stands in an organization.
type Status string

const (
	Invited     Status = "invited"
	Active      Status = "active"
	Deactivated Status = "deactivated"
)

// A Person is a user as others see them.
type Person struct {
	ID    ID
	Name  string
	Email string
}

// Ref names the person for an audit event or a link.
func (p Person) Ref() Ref { return Ref{Type: "user", ID: p.ID, Name: p.Label()} }

// Label is the name, or the address of somebody who has not given one.
func (p Person) Label() string {
	if p.Name == "" {
		return p.Email
	}
	return p.Name
}

// A Member is a user's place in one organization.
type Member struct {
	Person
	Role       Role // held directly on the organization
	Status     Status
	LastSeen   *time.Time // nil for somebody who never signed in
	JoinedAt   time.Time
	BreakGlass bool // the one who can get in when the organization's single sign-on is down
	Managed    bool // by the organization's identity provider
	Elsewhere  bool // other organizations count on the account; not told in lists
}

// Standing is what a form that changes a member was made from. It comes back with the form.
func (m Member) Standing() string { return m.Role.Name + " " + string(m.Status) }

// changed refuses a form that was made when the member had another role or status.
func (m Member) changed() error {
	return Conflict("Somebody else changed %s in the meantime: the role is %s now, and the status is %s. Nothing of yours was applied.",
		m.Label(), m.Role.Title, m.Status)
}

// CleanName trims a name that somebody gave to a person or a thing and refuses what cannot be one.
func CleanName(field, name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case !utf8.ValidString(name):
		return "", Invalid(field, "A name is text.")
	case name == "":
		return "", Invalid(field, "Enter a name.")
	case len([]rune(name)) > 120:
		return "", Invalid(field, "A name has at most 120 characters.")
	case strings.ContainsFunc(name, unicode.IsControl):
		return "", Invalid(field, "A name is a single line of text.")
	}
	return name, nil
}

// CleanDescription trims a description and refuses one that is too long.
func CleanDescription(text string) (string, error) { return cleanText("description", text) }

// CleanMessage trims a message to somebody and refuses one that is too long.
func CleanMessage(text string) (string, error) { return cleanText("message", text) }

// CleanReason trims what somebody says to a refusal and refuses what is too long.
func CleanReason(text string) (string, error) { return cleanText("reason", text) }

func cleanText(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", Invalid(field, "A %s is plain text.", field)
	case len([]rune(text)) > 2000:
		return "", Invalid(field, "A %s has at most 2,000 characters.", field)
	}
	return text, nil
}
