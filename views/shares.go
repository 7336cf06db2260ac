package views

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gatehouse/access"
)

// What the Share dialog and its steps say.

func versionText(version int64) string { return strconv.FormatInt(version, 10) }

func (s Share) version() string { return versionText(s.Resource.Version) }

func (s Share) title() string {
	switch {
	case s.Resource.Kind == access.Organization:
		return "Groups with a role in " + s.Resource.Name
	case s.Resource.Kind == access.Module:
		return "People of " + s.Resource.Name
	}
	if s.CanShare {
		return "Share “" + s.Resource.Name + "”"
	}
	return "Who has access to “" + s.Resource.Name + "”"
}

func (s Share) lead() string {
	switch {
	case s.Resource.Kind == access.Organization:
		return "Everyone inside such a group has its role, besides their own."
	case s.Resource.Kind == access.Module:
		return "An Administrator manages the module and its people, a Creator creates projects in it, a User sees it."
	}
	if s.Parent.Name == "" {
		return ""
	}
	return capital(string(s.Resource.Kind)) + " in " + s.Parent.Name
}

// home is the page that the dialog stands on.
func (s Share) home() string {
	if s.Resource.Kind == access.Organization {
		return GroupRolesPath(s.Org)
	}
	return ResourcePath(s.Org, s.Resource.ID)
}

// adds labels the picker.
func (s Share) adds() string {
	if s.Resource.Kind == access.Organization {
		return "Add groups"
	}
	return "Add people or groups"
}

func (s Share) button() string {
	if s.Resource.Kind.Owned() {
		return "Share"
	}
	return "Give the role"
}

func (s Share) whoTitle() string {
	if s.Resource.Kind.Owned() {
		return "Who has access"
	}
	return "Who has a role"
}

func (s Share) nobody() string {
	if s.Resource.Kind == access.Organization {
		return "No group has a role in the organization yet."
	}
	return "Nobody was given a role here yet."
}

// problem is what is wrong with the last change, or with the form that adds people as a whole.
func (s Share) problem() string {
	if s.Problem != "" {
		return s.Problem
	}
	return s.Problems[""]
}

// picker asks at this resource, and shows what is wrong with who was chosen.
func (s Share) picker() Picker {
	p := s.Picker
	p.Path = CandidatesPath(s.Org, s.Resource.ID)
	for _, field := range []string{"who", "principal"} {
		if p.Problem == "" {
			p.Problem = s.Problems[field]
		}
	}
	return p
}

func (s Share) modeSummary() string {
	return modeSummary(s.Resource.Mode, roleTitle(s.Resource.Kind, s.Resource.OrgRole), s.OrgName, s.container())
}

// consequence is the line under a mode: whom it lets in, or why it cannot be chosen.
func (s Share) consequence(option access.ModeOption) string {
	if option.Refusal != "" {
		return option.Refusal
	}
	if option.Mode == access.OrganizationMode && s.Members > 0 {
		return consequence(option.Mode, s.OrgName, "") + " That is " + people(s.Members) + "."
	}
	return consequence(option.Mode, s.OrgName, s.container())
}

// container is what lets people in from above, as far as the person may know of it.
func (s Share) container() string {
	if s.Resource.Kind == access.Project {
		return ""
	}
	return s.Parent.Name
}

func (s Share) inheritedTitle() string {
	switch {
	case s.Resource.Kind == access.Module:
		return "Through the organization"
	case s.Parent.Name == "":
		return "From what contains it"
	}
	return "From " + s.Parent.Name + " and above"
}

// grantForm changes a grant in place. Of the answer the list is used, and what is said of the change.
func (s Share) grantForm(grant ShareGrant, trigger string) templ.Attributes {
	return inShare(GrantRolePath(s.Org, s.Resource.ID, grant.Grant.ID), trigger)
}

func shareUndo(undo Undo) templ.Attributes { return inShare(undo.Path, "submit") }

func inShare(path, trigger string) templ.Attributes {
	return templ.Attributes{"method": "post", "action": path, "hx-post": path, "hx-trigger": trigger,
		"hx-target": "#share-access", "hx-select": "#share-access", "hx-select-oob": "#dialog-says", "hx-swap": "outerHTML"}
}

func (g ShareGrant) detail() string {
	p := g.Grant.Principal
	switch {
	case p.Type == "group":
		return "Group · " + people(g.People)
	case p.Type == string(access.Organization):
		return "Organization · everybody in it"
	case !p.Active:
		return p.Email + " · Deactivated, so this does not count"
	}
	return p.Email
}

func (g ShareGrant) ends() string {
	if past(g.Grant.ExpiresAt) {
		return "Ended " + ago(*g.Grant.ExpiresAt)
	}
	return "Ends " + ago(*g.Grant.ExpiresAt)
}

func (i InheritedAccess) name(organization string) string {
	switch i.Mode {
	case access.OrganizationMode:
		return "Everyone at " + organization
	case access.Public:
		return "Everyone who is signed in"
	case access.Anonymous:
		return "Anyone on the internet"
	}
	return i.Principal.Name
}

func (i InheritedAccess) detail(org string) []phrase {
	phrases := []phrase{text("From "), named(org, i.Place)}
	if i.People > 0 {
		phrases = append(phrases, text(" · %s", people(i.People)))
	}
	if i.ExpiresAt != nil {
		phrases = append(phrases, text(" · Ends %s", ago(*i.ExpiresAt)))
	}
	return phrases
}

// detail names groups without a link: whoever shares may have no page of them.
func (i InvitedAccess) detail() string {
	names := make([]string, len(i.Through))
	for n, group := range i.Through {
		names[n] = group.Name
	}
	return "Invited · expires " + ago(i.ExpiresAt) + " · through " + strings.Join(names, ", ")
}

func (i InheritedAccess) role() string {
	if i.Owner {
		return "Owner"
	}
	return i.Role.Title
}

func (r GrantRemoval) lead() string {
	switch r.Grant.Principal.Type {
	case string(access.Organization), "group":
		return "The role " + r.Grant.Role.Title + " ends at once for everybody in " + r.Grant.Principal.Name + "."
	}
	return "The role " + r.Grant.Role.Title + " ends at once."
}

// keeps says before the removal that it does not shut the person out.
func (r GrantRemoval) keeps() string {
	if r.You {
		return "You can still open it, because:"
	}
	return r.Grant.Principal.Name + " can still open it, because:"
}

func (m AccessMode) title() string {
	return "Change access to " + m.modeName(m.To, m.ToRole.Title) + "?"
}

func (m AccessMode) now() string {
	return m.modeName(m.Resource.Mode, roleTitle(m.Resource.Kind, m.Resource.OrgRole))
}

func (m AccessMode) modeName(mode access.Mode, role string) string {
	if mode == access.OrganizationMode {
		return "Organization, " + role
	}
	return mode.Title()
}

// warns tells whether the step lets the world in or shuts people out.
func (m AccessMode) warns() bool {
	return m.Effect.ShutOut > 0 || m.To.WiderThan(access.OrganizationMode) && m.To.WiderThan(m.Resource.Mode)
}

func (m AccessMode) consequence() string {
	switch {
	case m.Effect.ShutOut > 0:
		return people(m.Effect.ShutOut) + " can then no longer open it."
	case m.To == access.Anonymous:
		return "Anyone on the internet will be able to read this without signing in."
	case m.To == access.Public:
		return "Everybody who has an account on this server will be able to read this, also people outside " + m.OrgName + "."
	case m.To == access.OrganizationMode:
		return "Every active member of " + m.OrgName + " will be " + article(m.ToRole.Title) + "."
	}
	return "Only people who were given access will be able to open it. Nobody loses access by this."
}

// reach says how far down the change goes.
func (m AccessMode) reach() string {
	var said []string
	if m.Inside > 0 {
		said = append(said, "This counts for "+count(m.Inside, "resource", "resources")+" inside it too.")
	}
	if m.Staying > 0 {
		said = append(said, count(m.Staying, "more goes", "more go")+" no wider than Organization, as constants, secrets and connections do.")
	}
	return strings.Join(said, " ")
}

func (m AccessMode) button() string {
	switch {
	case m.To.WiderThan(m.Resource.Mode):
		return "Open to " + m.To.Title()
	case m.To == m.Resource.Mode:
		return "Change the role"
	}
	return "Narrow to " + m.To.Title()
}

func (m AccessMode) formProblem() string {
	for _, field := range []string{"", "access_mode", "org_role"} {
		if m.Problems[field] != "" {
			return m.Problems[field]
		}
	}
	if m.To != access.Anonymous {
		return m.Problems["confirm"]
	}
	return ""
}

func (o Owner) lead() string {
	if o.You {
		return "You are the owner today. The new owner decides whether you keep access."
	}
	return o.Resource.Owner.Label() + " is the owner today, and is told about it."
}
