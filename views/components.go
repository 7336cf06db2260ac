package views

import (
	"errors"
	"strings"

	"gatehouse/access"
)

// Problems are what is wrong with a form, by the name of the field; under "" what is wrong with all of it.
// A page with Problems is answered with 422 and keeps what was typed.
type Problems map[string]string

// ProblemsOf turns a refusal by package access into Problems. Any error that is not an *access.Error stands under "".
func ProblemsOf(err error) Problems {
	if err == nil {
		return nil
	}
	var refusal *access.Error
	if errors.As(err, &refusal) {
		return Problems{refusal.Field: refusal.Message}
	}
	return Problems{"": err.Error()}
}

// May says whether a page offers an action. Neither Do nor a Refusal hides it; a Refusal shows it disabled with the reason.
type May struct {
	Do      bool
	Refusal string
}

// MayIf turns the answer of access.Decide into what a page offers: a denial hides the action, any other refusal
// (the last Admin, say) shows it disabled with its sentence.
func MayIf(err error) May {
	switch {
	case err == nil:
		return May{Do: true}
	case errors.Is(err, access.ErrDenied), errors.Is(err, access.ErrUnauthenticated), errors.Is(err, access.ErrNotFound):
		return May{}
	}
	return May{Refusal: err.Error()}
}

func (m May) shown() bool { return m.Do || m.Refusal != "" }

// An Option is one entry of a select.
type Option struct{ Value, Label string }

// A Picker chooses people and groups: a combobox with chips, or a plain text field without JavaScript.
// Its form sends who=user:ID, who=group:ID, who=organization:ID or who=email:ADDRESS, repeated, and add=TEXT for
// what was typed and not chosen (names or addresses, separated by commas or lines).
type Picker struct {
	Path    string // of the candidates
	Chips   []Chip // chosen already
	Problem string
	// People and organizations are not offered.
	OnlyGroups bool
}

func (p Picker) placeholder() string {
	if p.OnlyGroups {
		return "Names of groups"
	}
	return "Names or e-mail addresses"
}

// A Chip is one chosen principal.
type Chip struct {
	Value    string // "user:ID"
	Label    string
	External bool
	Problem  string // why this one cannot be added
}

// Candidates is the answer to what was typed into a Picker.
type Candidates struct {
	Search  string // empty asks for recommendations
	Options []Candidate
	More    bool   // there are more than shown
	Invite  string // where somebody who was looked for can be invited, for those who may
	// For a Picker of groups
	OnlyGroups bool
}

// A Candidate is one entry of the list under a Picker.
type Candidate struct {
	Value    string // "user:ID", "group:ID", "organization:ID" or "email:ADDRESS"
	Label    string // the name
	Detail   string // the address, or "12 people"
	External bool
	Refusal  string // why it cannot be chosen: "Has access already · Viewer"
}

func (c Candidate) ref() access.Ref {
	kind, id, _ := strings.Cut(c.Value, ":")
	if kind == "email" {
		kind = "user"
	}
	return access.Ref{Type: kind, ID: access.ID(id), Name: c.Label}
}

func (c Candidates) none() string {
	switch {
	case c.OnlyGroups && c.Search == "":
		return "There are no groups yet."
	case c.OnlyGroups:
		return "No group matches."
	case c.Search == "":
		return "Type a name or an address."
	}
	return "Nobody and no group matches."
}
