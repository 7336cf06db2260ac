package views

import (
	"strings"

	"gatehouse/access"
)

// Why answers why somebody can open a resource, or why not.
type Why struct {
	Org      string
	Person   access.Person
	You      bool
	Resource access.Ref
	Role     string        // the strongest, as pages write it; empty for a denial
	Paths    []access.Path // the strongest first (access.SortPaths); with a denial those that do not let the person open it
	Denial   *Denial
	CanAsk   bool // the person, about themselves, for access
}

// A Denial says what is missing.
type Denial struct {
	Reason string          // a sentence where there is one beyond the missing grant: the membership is deactivated, the grant has expired
	Role   access.Role     // the nearest grant that would help
	Place  access.Ref      // and where
	Givers []access.Person // who can give it
}

// MyAccess is what a person can open in an organization.
type MyAccess struct {
	Org     string
	OrgName string
	Member  access.Member
	Groups  []Membership
	Access  []AccessRow
	Pager   Pager
	Search  string
	Leave   May // the person may end the membership
	Asked   OwnRequests
	Outside []SharedOutside // by organizations that the person is no member of
}

func (w Why) title() string {
	verb := "can open"
	if w.Denial != nil {
		verb = "cannot open"
	}
	if w.You {
		return "Why you " + verb + " " + w.Resource.Name
	}
	return "Why " + w.Person.Label() + " " + verb + " " + w.Resource.Name
}

func (w Why) lead() string {
	switch {
	case w.Denial != nil && len(w.Paths) > 0 && w.You:
		return "You know of this " + w.Resource.Type + ", but no role lets you open it."
	case w.Denial != nil && len(w.Paths) > 0:
		return w.Person.Label() + " knows of this " + w.Resource.Type + ", but no role lets them open it."
	case w.Denial != nil && w.You:
		return "You have no role on this " + w.Resource.Type + "."
	case w.Denial != nil:
		return w.Person.Label() + " has no role on this " + w.Resource.Type + "."
	case w.Role == "":
		return count(len(w.Paths), "path leads here.", "paths lead here.")
	case w.You:
		return "You are " + w.role() + " here, by " + count(len(w.Paths), "path.", "paths.")
	}
	return "They are " + w.role() + " here, by " + count(len(w.Paths), "path.", "paths.")
}

func (w Why) role() string {
	if w.Role == "Owner" {
		return "the Owner"
	}
	return article(w.Role)
}

func (w Why) back() string {
	if w.Resource.Type == string(access.Organization) {
		return HomePath(w.Org)
	}
	return RefPath(w.Org, w.Resource)
}

const you = "You"

// name is how a path's sentence begins.
func (w Why) name() string {
	if w.You {
		return you
	}
	return w.Person.Label()
}

// missing names the nearest grant that would help.
func (w Why) missing() []phrase {
	return []phrase{text("The role %s on ", w.Denial.Role.Title), named(w.Org, w.Denial.Place), text(" would be enough.")}
}

// elseTitle heads the paths that do not let the person open it.
func (w Why) elseTitle() string {
	if w.You {
		return "What you have here"
	}
	return "What they have here"
}

// note says which path counts most, and when it ends.
func (w Why) note(place int, path access.Path) string {
	var notes []string
	switch {
	case place > 0:
		notes = append(notes, "Also")
	case len(w.Paths) > 1:
		notes = append(notes, "Strongest")
	}
	if path.ExpiresAt != nil {
		notes = append(notes, "ends "+ago(*path.ExpiresAt))
	}
	return capital(strings.Join(notes, " · "))
}
