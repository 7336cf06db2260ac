package access

import (
	"strings"
	"time"
	"unicode"
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
	Role     Role // held directly on the organization
	Status   Status
	LastSeen *time.Time // nil for somebody who never signed in
	JoinedAt time.Time
}

// CleanName trims a name that somebody gave to a person or a thing and refuses what cannot be one.
func CleanName(field, name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
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
func CleanDescription(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len([]rune(text)) > 2000 {
		return "", Invalid("description", "A description has at most 2,000 characters.")
	}
	if strings.ContainsRune(text, 0) {
		return "", Invalid("description", "A description is plain text.")
	}
	return text, nil
}
