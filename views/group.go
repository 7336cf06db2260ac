package views

import (
	"github.com/a-h/templ"

	"gatehouse/access"
)

// What a group's page says and where its parts lead.

func (g Group) ref() access.Ref { return access.Ref{Type: "group", ID: g.ID, Name: g.Name} }

func (g Group) lead() string {
	if g.Description != "" {
		return g.Description
	}
	return "A group of " + people(g.Inside) + "."
}

type groupTabLink struct {
	tab   GroupTab
	label string
	count int // -1 shows none
}

func (g Group) tabs() []groupTabLink {
	tabs := []groupTabLink{
		{GroupMembersTab, "Members", g.People + g.Groups},
		{GroupEveryoneTab, "Everyone inside", g.Inside},
		{GroupAccessTab, "Access", -1},
	}
	if g.CanChange {
		tabs = append(tabs, groupTabLink{GroupSettingsTab, "Settings", -1})
	}
	return tabs
}

// settings is the form of the Settings tab: as the handler filled it in after a 422, else the group as it stands.
func (g Group) settings() GroupForm {
	if g.Form.Problems != nil {
		return g.Form
	}
	return GroupForm{Org: g.Org, ID: g.ID, Name: g.Name, Description: g.Description}
}

func (g Group) removal(member GroupMember) string {
	if member.Ref.Type == "group" {
		return NestedGroupRemovalPath(g.Org, g.ID, member.Ref.ID)
	}
	return GroupMemberRemovalPath(g.Org, g.ID, member.Ref.ID)
}

// roleForm changes a role as soon as it is chosen, and gets the group back.
func (g Group) roleForm(member GroupMember) templ.Attributes {
	path := GroupMemberRolePath(g.Org, g.ID, member.Ref.ID)
	return templ.Attributes{"method": "post", "action": path, "hx-post": path, "hx-trigger": "change",
		"hx-target": "#flash"}
}

func (m GroupMember) detail() string {
	switch {
	case m.Ref.Type == "group":
		return "Group · " + people(m.Inside)
	case m.Status == access.Deactivated:
		return m.Email + " · Deactivated"
	}
	return m.Email
}

func carriedText(c access.Carried) string {
	said := c.Role.Title + " on " + c.Resource
	if c.Through != "" {
		said += ", through " + c.Through
	}
	if past(c.ExpiresAt) {
		return said + " (ended " + ago(*c.ExpiresAt) + ")"
	}
	return said
}

// carriedPath leads to where a carried role is changed; empty for a reader who may not know of the place.
func (g Group) carriedPath(c access.Carried) string {
	switch {
	case c.Role.Kind == access.Organization && c.Held&(access.Members|access.Audit) != 0:
		return GroupRolesPath(g.Org)
	case c.Role.Kind == access.Module && c.Held.Has(access.Discover):
		return ModuleTabPath(g.Org, c.ResourceID, ModulePeopleTab, "")
	}
	return ""
}

// detail says through what a share comes and when it ends.
func (s GroupShare) detail(org string) []phrase {
	phrases := []phrase{text("%s", capital(s.Resource.Type))}
	if s.Through != nil {
		phrases = append(phrases, text(" · Through "), named(org, *s.Through))
	}
	if s.ExpiresAt != nil {
		phrases = append(phrases, text(" · Ends %s", ago(*s.ExpiresAt)))
	}
	return phrases
}
