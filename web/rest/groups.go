package rest

import (
	"gatehouse/access"
	"gatehouse/db"
)

// A Group is a set of people and of other groups.
type Group struct {
	ID          access.ID `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	People      int       `json:"people" doc:"Directly in it."`
	Groups      int       `json:"groups" doc:"Directly in it."`
	Everyone    int       `json:"everyone" doc:"Active people in it at any depth."`
}

// ListGroups lists the organization's groups.
func ListGroups(c *Call) (Answer, error) {
	if err := c.sees(access.Groups | access.Audit); err != nil {
		return Answer{}, err
	}
	search, page, err := c.searched()
	if err != nil {
		return Answer{}, err
	}
	listing, err := c.store.ListGroups(c.ctx(), c.Org.ID, db.GroupFilter{Search: search}, page)
	return pageOf(listing, err, func(row db.GroupRow) Group {
		return Group{ID: row.ID, Name: row.Name, Description: row.Description, People: row.People, Groups: row.Groups, Everyone: row.Everyone}
	})
}

// group reads the group of the path, for those who may know who is in it.
func (c *Call) group() (db.Group, error) {
	id, err := c.id("group")
	if err != nil {
		return db.Group{}, err
	}
	group, err := c.store.FindGroup(c.ctx(), c.Org.ID, c.Actor.ID, id)
	if err == nil && !group.Inside {
		err = c.sees(access.Groups | access.Audit)
	}
	return group, err
}

// ShowGroup answers what a group is.
func ShowGroup(c *Call) (Answer, error) {
	group, err := c.group()
	if err != nil {
		return Answer{}, err
	}
	shown, err := c.counted(group)
	if err != nil {
		return Answer{}, err
	}
	return found(shown)
}

func (c *Call) counted(group db.Group) (Group, error) {
	count, err := c.store.CountGroup(c.ctx(), c.Org.ID, group.ID)
	return Group{ID: group.ID, Name: group.Name, Description: group.Description, People: count.People, Groups: count.Groups,
		Everyone: count.Everyone}, err
}

// A NewGroup is a group that somebody asks for.
type NewGroup struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// CreateGroup makes a group. Whoever made the token is its first admin.
func CreateGroup(c *Call) (Answer, error) {
	asked, err := read[NewGroup](c)
	if err != nil {
		return Answer{}, err
	}
	id, err := c.store.CreateGroup(c.ctx(), c.By, c.Org.ID, asked.value.Name, asked.value.Description)
	if err != nil {
		return Answer{}, err
	}
	group, err := c.store.FindGroup(c.ctx(), c.Org.ID, c.Actor.ID, id)
	if err != nil {
		return Answer{}, err
	}
	shown, err := c.counted(group)
	if err != nil {
		return Answer{}, err
	}
	return created(shown)
}

// A Settings change is a name, a description, or both.
type Settings struct {
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
}

// settings are a name and a description after what was asked for.
func settings(asked sent[Settings], name, description string) (string, string) {
	if asked.has["name"] != nil {
		name = asked.value.Name
	}
	if asked.has["description"] != nil {
		description = asked.value.Description
	}
	return name, description
}

// ChangeGroup changes a group's name or description.
func ChangeGroup(c *Call) (Answer, error) {
	group, err := c.group()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[Settings](c)
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowGroup); err != nil {
		return Answer{}, err
	}
	name, description := settings(asked, group.Name, group.Description)
	if err := c.store.EditGroup(c.ctx(), c.By, c.Org.ID, group.ID, name, description); err != nil {
		return Answer{}, err
	}
	return ShowGroup(c)
}

// groupDeletion is the group of the path, which is to go.
func (c *Call) groupDeletion() (db.Group, error) {
	group, err := c.group()
	if err == nil {
		err = c.unchanged(ShowGroup)
	}
	return group, err
}

// DeleteGroup removes a group with its grants. Accounts are untouched.
func DeleteGroup(c *Call) (Answer, error) {
	group, err := c.groupDeletion()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.DeleteGroup(c.ctx(), c.By, c.Org.ID, group.ID); err != nil {
		return Answer{}, err
	}
	return gone()
}
