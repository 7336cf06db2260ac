package rest

import (
	"errors"

	"gatehouse/access"
	"gatehouse/db"
)

// A GroupMember is a person or a group that is directly in a group.
type GroupMember struct {
	Named
	Email  string           `json:"email,omitempty" doc:"Of a person."`
	Role   access.GroupRole `json:"role" doc:"A group inside a group is a member."`
	Status access.Status    `json:"status,omitempty" doc:"Of a person."`
	People int              `json:"people,omitempty" doc:"In a group, at any depth."`
}

func groupMember(row db.GroupMemberRow) GroupMember {
	shown := GroupMember{Named: *named(row.Ref), Email: row.Email, Role: row.Role}
	if row.Type == "group" {
		shown.People = row.People
	} else {
		shown.Status = row.Status
	}
	return shown
}

// ListGroupMembers lists who is directly in a group, groups first.
func ListGroupMembers(c *Call) (Answer, error) {
	group, err := c.group()
	if err != nil {
		return Answer{}, err
	}
	search, page, err := c.searched()
	if err != nil {
		return Answer{}, err
	}
	listing, err := c.store.ListGroupMembers(c.ctx(), c.Org.ID, group.ID, search, page)
	return pageOf(listing, err, groupMember)
}

// An InsidePerson is somebody active who is in a group at some depth.
type InsidePerson struct {
	Person
	Through []Named `json:"through" doc:"The groups in between, from their own outwards; empty for somebody directly inside."`
}

// ListEveryone lists the people in a group at any depth.
func ListEveryone(c *Call) (Answer, error) {
	group, err := c.group()
	if err != nil {
		return Answer{}, err
	}
	page, err := c.page()
	if err != nil {
		return Answer{}, err
	}
	listing, err := c.store.ListEveryoneInside(c.ctx(), c.Org.ID, group.ID, page)
	return pageOf(listing, err, func(row db.InsideRow) InsidePerson {
		return InsidePerson{Person: person(row.Person), Through: namedEach(row.Through)}
	})
}

// A NewGroupMember is who goes into a group: one of the two is named.
type NewGroupMember struct {
	User  string           `json:"user,omitempty" doc:"The id or the e-mail address of a member of the organization."`
	Group string           `json:"group,omitempty" doc:"The id or the name of a group."`
	Role  access.GroupRole `json:"role,omitempty" doc:"Of a person; needed there."`
}

// groupAddition reads who is to go into the group of the path.
func (c *Call) groupAddition() (group db.Group, who access.Principal, role access.GroupRole, err error) {
	if group, err = c.group(); err != nil {
		return group, who, role, err
	}
	asked, err := read[NewGroupMember](c)
	if err != nil {
		return group, who, role, err
	}
	who, _, err = c.principal(sharing{User: asked.value.User, Group: asked.value.Group})
	if err == nil && who.External {
		err = access.Invalid("user", "Nobody with this address is a member.")
	}
	role = asked.value.Role
	switch {
	case err != nil:
	case who.Type == "group" && asked.has["role"] != nil:
		err = malformed("role", "A group inside a group has no role.")
	case who.Type == "user":
		_, err = access.ParseGroupRole(string(role))
	}
	return group, who, role, err
}

// AddGroupMember puts a person or a group into a group.
func AddGroupMember(c *Call) (Answer, error) {
	group, who, role, err := c.groupAddition()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.AddToGroup(c.ctx(), c.By, c.Org.ID, group.ID, []access.Ref{who.Ref}, role); err != nil {
		return Answer{}, err
	}
	shown, err := c.groupMember(group.ID, who.Ref)
	if err != nil {
		return Answer{}, err
	}
	return created(shown)
}

// groupMember finds somebody directly in a group.
func (c *Call) groupMember(group access.ID, who access.Ref) (GroupMember, error) {
	page := db.Page{Size: highestLimit}
	for {
		listing, err := c.store.ListGroupMembers(c.ctx(), c.Org.ID, group, who.Name, page)
		if err != nil {
			return GroupMember{}, err
		}
		for _, row := range listing.Rows {
			if row.ID == who.ID {
				return groupMember(row), nil
			}
		}
		if listing.Next == "" {
			return GroupMember{}, access.ErrNotFound
		}
		page.After = listing.Next
	}
}

// inGroup finds the person or group of the path that is directly in the group of the path.
func (c *Call) inGroup() (group db.Group, who GroupMember, err error) {
	if group, err = c.group(); err != nil {
		return group, who, err
	}
	id, err := c.id("member")
	if err != nil {
		return group, who, err
	}
	inside, err := c.store.ListGroupMemberIDs(c.ctx(), c.Org.ID, group.ID)
	if err == nil && !inside[id] {
		err = access.ErrNotFound
	}
	if err != nil {
		return group, who, err
	}
	principal, err := c.store.FindPrincipal(c.ctx(), c.Org.ID, access.Ref{Type: "group", ID: id})
	if errors.Is(err, access.ErrNotFound) {
		principal, err = c.store.FindPrincipal(c.ctx(), c.Org.ID, access.Ref{Type: "user", ID: id})
	}
	if err != nil {
		return group, who, err
	}
	who, err = c.groupMember(group.ID, principal.Ref)
	return group, who, err
}

// ShowGroupMember answers what somebody is in a group.
func ShowGroupMember(c *Call) (Answer, error) {
	_, who, err := c.inGroup()
	if err != nil {
		return Answer{}, err
	}
	return found(who)
}

// A GroupRoleChange makes a member of a group its admin, or no longer.
type GroupRoleChange struct {
	Role access.GroupRole `json:"role"`
}

// ChangeGroupMember gives somebody another role in a group.
func ChangeGroupMember(c *Call) (Answer, error) {
	group, who, err := c.inGroup()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[GroupRoleChange](c)
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowGroupMember); err != nil {
		return Answer{}, err
	}
	if who.Type == "group" {
		return Answer{}, access.Invalid("role", "A group inside a group has no role.")
	}
	if err := c.store.ChangeGroupMemberRole(c.ctx(), c.By, c.Org.ID, group.ID, who.ID, asked.value.Role); err != nil {
		return Answer{}, err
	}
	return ShowGroupMember(c)
}

// groupRemoval finds who is to leave the group of the path.
func (c *Call) groupRemoval() (group db.Group, who GroupMember, err error) {
	if group, who, err = c.inGroup(); err == nil {
		err = c.unchanged(ShowGroupMember)
	}
	return group, who, err
}

// RemoveGroupMember takes a person or a group out of a group.
func RemoveGroupMember(c *Call) (Answer, error) {
	group, who, err := c.groupRemoval()
	if err != nil {
		return Answer{}, err
	}
	remove := c.store.RemoveGroupMember
	if who.Type == "group" {
		remove = c.store.UnnestGroup
	}
	if err := remove(c.ctx(), c.By, c.Org.ID, group.ID, who.ID); err != nil {
		return Answer{}, err
	}
	return gone()
}
