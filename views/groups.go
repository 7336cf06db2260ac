package views

import (
	"time"

	"github.com/a-h/templ"

	"gatehouse/access"
)

// Groups is the list of groups.
type Groups struct {
	Org       string
	Search    string
	Rows      []GroupRow
	Pager     Pager
	Everyone  int // groups without the search
	CanCreate bool
	OnlyOwn   bool // a group admin who is no org admin sees only their own
}

// A GroupRow is one group in the list.
type GroupRow struct {
	Group       access.Ref
	Description string
	People      int      // direct
	Groups      int      // direct
	Inside      int      // people in all
	Carries     []string // "Creator on Workspace"
	Admin       bool     // the person is one of its admins
}

// GroupForm makes a group or changes one. It posts name and description.
type GroupForm struct {
	Org         string
	ID          access.ID // empty for a new one
	Name        string
	Description string
	Problems    Problems
}

// A GroupTab is a part of a group's page.
type GroupTab string

const (
	GroupMembersTab  GroupTab = "members"
	GroupEveryoneTab GroupTab = "everyone"
	GroupAccessTab   GroupTab = "access"
	GroupSettingsTab GroupTab = "settings"
)

// Group is one group's page. Fill the list of the open tab; the counts stand on the tabs.
type Group struct {
	Org         string
	ID          access.ID
	Name        string
	Description string
	Tab         GroupTab
	CanManage   bool   // add and remove
	Refusal     string // why not, for an admin of the group whose group carries a role: shown above the list
	CanChange   bool   // name, description: the Settings tab
	Delete      May
	People      int // direct
	Groups      int // direct
	Inside      int // people in all
	Carries     []access.Carried

	Members []GroupMember  // GroupMembersTab
	Pager   Pager          // GroupMembersTab, GroupEveryoneTab
	Persons []InsidePerson // GroupEveryoneTab
	Shares  []GroupShare   // GroupAccessTab
	Parents []access.Ref   // groups that this one is in
	Form    GroupForm      // GroupSettingsTab
}

// A GroupMember is a person or a group that is directly in a group.
type GroupMember struct {
	Ref     access.Ref // "user" or "group"
	Email   string     // of a person
	You     bool
	Status  access.Status    // of a person
	Role    access.GroupRole // of a person; a group is always a member
	Inside  int              // people inside a group
	AddedAt *time.Time
}

// An InsidePerson is somebody in a group, directly or through groups inside it.
type InsidePerson struct {
	Person  access.Person
	Through []access.Ref // from the person's own group up to this one, this one left out; empty for a direct member
	Status  access.Status
}

// A GroupShare is one resource that a group has a role on.
type GroupShare struct {
	Resource  access.Ref
	Role      access.Role
	Through   *access.Ref // the parent group that holds the grant; nil for this one
	ExpiresAt *time.Time
}

// GroupAddition adds people and groups to a group. It posts what Picker says, and role.
type GroupAddition struct {
	Org      string
	Group    access.Ref
	Picker   Picker
	Role     access.GroupRole
	Carries  []access.Carried // whoever is added gets these too
	Shares   int              // and what is shared to the group: how many resources
	Problems Problems
}

// GroupMemberRemoval asks before a person or a group is taken out of a group.
type GroupMemberRemoval struct {
	Org      string
	Group    access.Ref
	Member   access.Ref // "user" or "group"
	You      bool
	Loses    []LostAccess
	More     int // left out of Loses
	Problems Problems
}

// LostAccess is a resource that people can no longer open after a change.
type LostAccess struct {
	Resource access.Ref
	People   int
}

// GroupDeletion asks before a group is deleted and shows who loses what.
type GroupDeletion struct {
	Org      string
	Group    access.Ref
	Inside   int // people in all
	Grants   int
	Loses    []LostAccess
	More     int // left out of Loses
	Problems Problems
}

func (g Groups) lead() string {
	if g.OnlyOwn {
		return "The groups that you are an admin of."
	}
	return "Share with a group once, and everyone in it has access."
}

// direct says what is directly in a group: "12 people, 2 groups".
func (r GroupRow) direct() string {
	switch {
	case r.Groups == 0 && r.People == 0:
		return "Nobody"
	case r.Groups == 0:
		return people(r.People)
	case r.People == 0:
		return count(r.Groups, "group", "groups")
	}
	return people(r.People) + ", " + count(r.Groups, "group", "groups")
}

func (r GroupRow) carries() string {
	if len(r.Carries) == 0 {
		return "No roles"
	}
	return list(r.Carries)
}

func (f GroupForm) action() string {
	if f.ID == "" {
		return GroupsPath(f.Org)
	}
	return GroupSettingsPath(f.Org, f.ID)
}

func (f GroupForm) title() string {
	if f.ID == "" {
		return "Create a group"
	}
	return "Change the group"
}

func (f GroupForm) button() string {
	if f.ID == "" {
		return "Create group"
	}
	return "Save settings"
}

func (f GroupForm) back() string {
	if f.ID == "" {
		return GroupsPath(f.Org)
	}
	return GroupPath(f.Org, f.ID)
}

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
	if c.Through != "" {
		return c.Role.Title + " on " + c.Resource + ", through " + c.Through
	}
	return c.Role.Title + " on " + c.Resource
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

func (a GroupAddition) lead() string {
	if a.Shares == 0 {
		return "Nothing is shared with this group yet."
	}
	return "They get access to " + count(a.Shares, "resource", "resources") + " that the group has."
}

func (a GroupAddition) warning() string {
	roles := make([]string, len(a.Carries))
	for i, carried := range a.Carries {
		roles[i] = carriedText(carried)
	}
	return "Whoever you add also becomes " + list(roles) + "."
}

func (r GroupMemberRemoval) action() string {
	return Group{Org: r.Org, ID: r.Group.ID}.removal(GroupMember{Ref: r.Member})
}

func (r GroupMemberRemoval) title() string {
	if r.You {
		return "Leave " + r.Group.Name + "?"
	}
	return "Remove " + r.Member.Name + " from " + r.Group.Name + "?"
}

func (r GroupMemberRemoval) button() string {
	if r.You {
		return "Leave group"
	}
	return "Remove " + r.Member.Name
}

func (r GroupMemberRemoval) lead() string {
	if len(r.Loses) == 0 {
		return "Nobody loses access to anything: what the group has is open to them in another way too, or nothing is shared with it."
	}
	return "These can then no longer be opened:"
}

func (d GroupDeletion) lead() string {
	return GroupMemberRemoval{Loses: d.Loses}.lead()
}
