package views

import "gatehouse/access"

// A ReportTab is a part of the Access page.
type ReportTab string

const (
	ByResourceTab ReportTab = "resources"
	ByPersonTab   ReportTab = "people"
	OpenTab       ReportTab = "open"
)

// AccessOverview is where somebody begins who asks who can do what: the resources and the people found, or what is open
// to others.
type AccessOverview struct {
	Org         string
	OrgName     string
	Tab         ReportTab
	Search      string
	Found       []ReportSubject
	Besides     []ReportSubject // before Found: the organization and its modules, or people outside
	MoreBesides bool            // there are more of them
	Mode        access.Mode     // OpenTab: Anonymous or Public
	Open        []OpenRow
	Anonymous   int // OpenTab: how many there are of each
	Public      int
	Pager       Pager
}

// A ReportSubject is a resource or a person that a report can be about.
type ReportSubject struct {
	Ref      access.Ref
	Email    string // of a person
	Owner    string // of a resource that has one
	External bool
}

// An OpenRow is a resource that people outside the organization can open.
type OpenRow struct {
	Resource access.Resource
	Place    string // what contains it, by name
	Inside   int    // resources in it, which are opened with it
}

// A Report is who can use a right on a resource, or on what a person can use it.
type Report struct {
	Org       string
	Resource  *access.Ref // of a report on a resource
	Person    *access.Person
	Right     access.Rights
	Rows      []ReportRow
	Pager     Pager
	Everybody string // a sentence where an access mode lets in more than the list can name
}

// A ReportRow is one person or one resource, and why.
type ReportRow struct {
	Ref      access.Ref
	Path     string // its page
	Email    string // of a person
	Why      string // path of the page that explains it; empty where there is none
	External bool
	Role     access.Role
	Reason   access.Path
	Others   int // other paths
}

func (o AccessOverview) tabs() []struct {
	tab   ReportTab
	label string
} {
	return []struct {
		tab   ReportTab
		label string
	}{{ByResourceTab, "Who can…"}, {ByPersonTab, "What can…"}, {OpenTab, "Open to others"}}
}

func (o AccessOverview) path() string {
	if o.Tab == OpenTab {
		return OpenToOthersPath(o.Org, o.Mode)
	}
	return AccessPath(o.Org, o.Tab, o.Search)
}

func (o AccessOverview) subjectPath(subject ReportSubject) string {
	if o.Tab == ByPersonTab {
		return WhatCanPath(o.Org, subject.Ref.ID, "")
	}
	return WhoCanPath(o.Org, subject.Ref.ID, "")
}

// besidesTitle and foundTitle head the two lists of a tab.
func (o AccessOverview) besidesTitle() string {
	if o.Tab == ByPersonTab {
		return "People outside"
	}
	return "The organization and its modules"
}

func (o AccessOverview) foundTitle() string {
	if o.Tab == ByPersonTab {
		return "Members"
	}
	return "Projects and other resources"
}

func (o AccessOverview) openLead() string {
	switch o.Mode {
	case access.Anonymous:
		return "Anyone on the internet can view these, without signing in."
	case access.Public:
		return "Everybody who has an account on this server can view these."
	}
	return "People outside can view these: anyone on the internet, or everybody who has an account on this server."
}

func (s ReportSubject) detail() string {
	if s.Email != "" {
		return s.Email
	}
	if s.Owner == "" {
		return capital(s.Ref.Type)
	}
	return capital(s.Ref.Type) + " of " + s.Owner
}

func (r ReportRow) detail() string {
	if r.Email != "" {
		return r.Email
	}
	return capital(r.Ref.Type)
}

// where tells resources of one name apart.
func (o OpenRow) where() string {
	if o.Place == "" {
		return capital(string(o.Resource.Kind))
	}
	return capital(string(o.Resource.Kind)) + " in " + o.Place
}

// none says that nothing is open in the way that was asked for.
func (o AccessOverview) none() string {
	if o.Mode == "" {
		return "No resource is open to people outside."
	}
	return "No resource has the access mode " + o.Mode.Title() + "."
}

func (o OpenRow) inside() string {
	if o.Inside == 0 {
		return "Nothing else"
	}
	return count(o.Inside, "resource", "resources")
}

func (r Report) title() string {
	if r.Person != nil {
		return "What can " + r.Person.Label() + " " + r.Right.String() + "?"
	}
	return "Who can " + r.Right.String() + " " + r.Resource.Name + "?"
}

// base is the report without its question.
func (r Report) base() string {
	if r.Person != nil {
		return WhatCanPath(r.Org, r.Person.ID, "")
	}
	return WhoCanPath(r.Org, r.Resource.ID, "")
}

func (r Report) path() string {
	if r.Person != nil {
		return WhatCanPath(r.Org, r.Person.ID, r.Right.String())
	}
	return WhoCanPath(r.Org, r.Resource.ID, r.Right.String())
}

func (r Report) export(format string) string {
	if r.Person != nil {
		return WhatCanExportPath(r.Org, r.Person.ID, r.Right.String(), format)
	}
	return WhoCanExportPath(r.Org, r.Resource.ID, r.Right.String(), format)
}

// chosen is the look of one of several links of which one is open.
func chosen(is bool) string {
	if is {
		return "secondary"
	}
	return "outline"
}

func (r Report) column() string {
	if r.Person != nil {
		return "Resource"
	}
	return "Person"
}

func (r Report) none() string {
	if r.Person != nil {
		return r.Person.Label() + " can " + r.Right.String() + " nothing here."
	}
	return "Nobody whom a list could name can " + r.Right.String() + " this."
}

// rightOptions are the rights that a report can be about: those that the kind of the resource has, or of a person's resources any.
func (r Report) rightOptions() []Option {
	offered := r.Right // also what an address asks for
	for _, kind := range access.Kinds() {
		if r.Resource == nil && kind != access.Organization || r.Resource != nil && r.Resource.Type == string(kind) {
			offered |= kind.Rights()
		}
	}
	var options []Option
	for _, right := range access.AllRights() {
		if offered.Has(right) {
			options = append(options, Option{Value: right.String(), Label: "Can " + right.String()})
		}
	}
	return options
}

func (r ReportRow) role() string {
	if r.Role.Title == "" {
		return "Part of a role"
	}
	return r.Role.Title
}

func (r ReportRow) reason(org string) []phrase {
	phrases := reason(org, r.Reason)
	if r.Others > 0 {
		phrases = append(phrases, text(" · %s", count(r.Others, "more path", "more paths")))
	}
	return phrases
}
