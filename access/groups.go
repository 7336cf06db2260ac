package access

import (
	"strings"
	"time"
)

// A GroupRole is what a user is in a group. Membership is not administration. A group inside a group is a member.
type GroupRole string

const (
	GroupMember GroupRole = "member"
	GroupAdmin  GroupRole = "admin"
)

// ParseGroupRole refuses what is not a group role.
func ParseGroupRole(name string) (GroupRole, error) {
	if role := GroupRole(name); role == GroupMember || role == GroupAdmin {
		return role, nil
	}
	return "", Invalid("role", "%q is not a role in a group. Choose member or admin.", name)
}

// GroupFacts are what the rules need to know of a group and of the actor in it.
type GroupFacts struct {
	ID          ID
	Name        string
	Description string
	Admin       bool      // the actor is one of its direct admins
	Managed     bool      // by the organization's identity provider
	Carries     []Carried // organization and module roles that its members get, through parent groups too
}

// Carried is one organization or module role that a group passes on to everyone inside.
type Carried struct {
	Role       Role
	Resource   string // its name
	ResourceID ID
	Through    string     // the parent group that holds it; empty for the group itself
	Held       Rights     // by the actor, on that resource
	ExpiresAt  *time.Time // one that has expired still counts for the rule: it can be renewed
}

func (c Carried) through() string {
	if c.Through == "" {
		return ""
	}
	return ", through " + c.Through
}

// Ref names the group for an audit event or a link.
func (g GroupFacts) Ref() Ref { return Ref{Type: "group", ID: g.ID, Name: g.Name} }

// changeable: its admin or an org admin may change a group, unless the identity provider does.
func (g GroupFacts) changeable(a Actor) error {
	if g.Admin || a.may(a.Rights, Groups) {
		return notManaged(a, g.Managed, g.Name)
	}
	return Denied("Only an admin of %s or of the organization can change this group.", g.Name)
}

// manageable: who adds to, nests or removes from a group must also hold `members` wherever the group carries the role of an
// organization or module, or would hand out more than they hold.
func (g GroupFacts) manageable(a Actor) error {
	if err := g.changeable(a); err != nil {
		return err
	}
	for _, carried := range g.Carries {
		if !a.may(carried.Held, Members) {
			return Denied("%s carries the role %s on %s%s. Only somebody who manages the people there can change who is in it.",
				g.Name, carried.Role.Title, carried.Resource, carried.through())
		}
	}
	return nil
}

// CanManage is the same rule for a page: whether to show the controls that add and remove.
func (g GroupFacts) CanManage(a Actor) bool { return g.manageable(a) == nil }

// CanChange is the same rule for a page: whether to show name, description and deletion.
func (g GroupFacts) CanChange(a Actor) bool { return g.changeable(a) == nil }

func groupNames(groups []GroupFacts) []string {
	names := make([]string, len(groups))
	for i, group := range groups {
		names[i] = group.Name
	}
	return names
}

// CreateGroup makes a group; its creator becomes its first admin.
type CreateGroup struct {
	Group GroupFacts
	Taken bool // another group has the name
}

func (c CreateGroup) allowed(a Actor) error {
	if !a.may(a.Rights, Groups) {
		return Denied("Only an Admin of the organization can create groups.")
	}
	return freeName(c.Group.Name, c.Taken)
}

func (c CreateGroup) Event() Event {
	return Event{Action: "group.created", Target: c.Group.Ref(), After: Facts{"name": c.Group.Name, "description": c.Group.Description}}
}

func freeName(name string, taken bool) error {
	if taken {
		return Invalid("name", "There is a group named %s already.", name)
	}
	return nil
}

// EditGroup changes a group's name and description.
type EditGroup struct {
	Group           GroupFacts
	ToName, ToAbout string
	Taken           bool
}

func (c EditGroup) allowed(a Actor) error {
	if err := c.Group.changeable(a); err != nil {
		return err
	}
	return freeName(c.ToName, c.Taken)
}

func (c EditGroup) Event() Event {
	return Event{Action: "group.edited", Target: c.Group.Ref(),
		Before: Facts{"name": c.Group.Name, "description": c.Group.Description},
		After:  Facts{"name": c.ToName, "description": c.ToAbout}}
}

// DeleteGroup removes a group with its grants. Accounts are untouched.
type DeleteGroup struct {
	Group   GroupFacts
	Grants  int
	Members int
}

func (c DeleteGroup) allowed(a Actor) error { return c.Group.manageable(a) }

func (c DeleteGroup) Event() Event {
	return Event{Action: "group.deleted", Target: c.Group.Ref(),
		Before: Facts{"description": c.Group.Description, "grants": c.Grants, "members": c.Members}}
}

// AddGroupMember puts a member of the organization into a group.
type AddGroupMember struct {
	Group   GroupFacts
	Member  Member
	Role    GroupRole
	Already bool
	End     End // until when the actor may change who is in the group
}

func (c AddGroupMember) allowed(a Actor) error {
	if err := c.Group.manageable(a); err != nil {
		return err
	}
	if c.Already {
		return Conflict("%s is in %s already.", c.Member.Label(), c.Group.Name)
	}
	if _, err := ParseGroupRole(string(c.Role)); err != nil {
		return err
	}
	return extending(c.Member.ID == a.ID, c.End, nil)
}

func (c AddGroupMember) Event() Event {
	return Event{Action: "group.member_added", Target: c.Group.Ref(), Subject: c.Member.Ref(), After: Facts{"role": c.Role}}
}

// ChangeGroupMemberRole makes a group's member its admin, or no longer.
type ChangeGroupMemberRole struct {
	Group    GroupFacts
	Member   Member
	From, To GroupRole
	End      End // until when the actor may change who is in the group
}

func (c ChangeGroupMemberRole) allowed(a Actor) error {
	if err := c.Group.manageable(a); err != nil {
		return err
	}
	if _, err := ParseGroupRole(string(c.To)); err != nil {
		return err
	}
	return extending(c.To == GroupAdmin && c.Member.ID == a.ID, c.End, nil)
}

func (c ChangeGroupMemberRole) Event() Event {
	return Event{Action: "group.member_role_changed", Target: c.Group.Ref(), Subject: c.Member.Ref(),
		Before: Facts{"role": c.From}, After: Facts{"role": c.To}}
}

// RemoveGroupMember takes a person out of a group.
type RemoveGroupMember struct {
	Group  GroupFacts
	Member Member
	Role   GroupRole
}

func (c RemoveGroupMember) allowed(a Actor) error { return c.Group.manageable(a) }

func (c RemoveGroupMember) Event() Event {
	return Event{Action: "group.member_removed", Target: c.Group.Ref(), Subject: c.Member.Ref(), Before: Facts{"role": c.Role}}
}

// NestGroup puts a group into another: everyone inside gets what the outer group has.
type NestGroup struct {
	Group   GroupFacts // the outer one
	Member  GroupFacts // the one that goes in
	Already bool
	Cycle   []string // names from the inner group down to the outer one, where the outer is inside already
	Own     bool     // the actor is in the inner group
	End     End      // until when the actor may change who is in the outer group
}

func (c NestGroup) allowed(a Actor) error {
	if err := c.Group.manageable(a); err != nil {
		return err
	}
	if c.Group.ID == c.Member.ID {
		return Conflict("%s cannot be a member of itself.", c.Group.Name)
	}
	if c.Already {
		return Conflict("%s is in %s already.", c.Member.Name, c.Group.Name)
	}
	if len(c.Cycle) > 0 {
		return Conflict("%s already contains %s: %s. Adding it would close a circle.",
			c.Member.Name, c.Group.Name, strings.Join(c.Cycle, " → "))
	}
	return extending(c.Own, c.End, nil)
}

func (c NestGroup) Event() Event {
	return Event{Action: "group.group_added", Target: c.Group.Ref(), Subject: c.Member.Ref()}
}

// UnnestGroup takes a group out of another.
type UnnestGroup struct {
	Group  GroupFacts
	Member GroupFacts
}

func (c UnnestGroup) allowed(a Actor) error { return c.Group.manageable(a) }

func (c UnnestGroup) Event() Event {
	return Event{Action: "group.group_removed", Target: c.Group.Ref(), Subject: c.Member.Ref()}
}
