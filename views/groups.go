package views

import (
	"time"

	"gatehouse/access"
)

// Groups is the list of groups.
type Groups struct {
	Org       string
	Search    string
	Rows      []GroupRow
	Pager     Pager
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
	CanList     bool   // the reader may open the list of groups
	Managed     bool   // by the organization's identity provider
	Head        bool   // the reader is not in it and manages no groups: they see its name and no more
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
	AddedAt time.Time
}

// An InsidePerson is somebody active in a group, directly or through groups inside it.
type InsidePerson struct {
	Person  access.Person
	Through []access.Ref // from the person's own group up to this one, this one left out; empty for a direct member
}

// A GroupShare is one resource that a group has a role on.
type GroupShare struct {
	Resource  access.Ref
	Role      access.Role
	Through   *access.Ref // the parent group that holds the grant; nil for this one
	ExpiresAt *time.Time
}

// GroupAddition adds people and groups to a group. It posts what Picker says, role, and confirm where it showed an effect.
type GroupAddition struct {
	Org      string
	Group    access.Ref
	Picker   Picker
	Role     access.GroupRole
	Carries  []access.Carried // whoever is added gets these too
	Shares   int              // and what is shared to the group: how many resources
	Effect   *access.Effect   // of adding the chosen groups; sent again with Confirm, the form adds them
	Confirm  string
	Problems Problems
}

// GroupMemberRemoval asks before a person or a group is taken out of a group.
type GroupMemberRemoval struct {
	Org    string
	Group  access.Ref
	Member access.Ref // "user" or "group"
	You    bool
	Effect access.Effect
}

// GroupDeletion asks before a group is deleted and shows who loses what.
type GroupDeletion struct {
	Org    string
	Group  access.Ref
	Inside int // people in all
	Grants int
	Effect access.Effect
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
