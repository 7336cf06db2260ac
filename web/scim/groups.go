package scim

import (
	"net/http"
	"sync"

	"gatehouse/access"
	"gatehouse/db"
)

// groupOf shows a group. Members are nil where they are not wanted.
func (c *Call) groupOf(group db.ProvisionedGroup, members []access.Ref) object {
	shown := object{"schemas": []string{groupURN}, "id": string(group.ID), "displayName": group.Name}
	if group.ExternalID != "" {
		shown["externalId"] = group.ExternalID
	}
	if len(members) > 0 {
		list := make([]any, len(members))
		for i, one := range members {
			list[i] = c.groupMemberOf(one)
		}
		shown["members"] = list
	}
	shown["meta"] = object{"resourceType": groupType.name, "created": instantOf(group.CreatedAt), "lastModified": instantOf(group.ChangedAt),
		"location": c.link(Path + groupType.path + "/" + string(group.ID)), "version": weakTag([]any{group.Version, group.Name, group.ExternalID})}
	return shown
}

func (c *Call) groupMemberOf(one access.Ref) map[string]any {
	kind := userType
	if one.Type == "group" {
		kind = groupType
	}
	return map[string]any{"value": string(one.ID), "type": kind.name, "$ref": c.link(Path + kind.path + "/" + string(one.ID))}
}

// ListGroups answers which groups the provider keeps.
func ListGroups(c *Call) (Answer, error) {
	return c.list(source{kind: groupType,
		count: func() (int, error) { return c.store.CountProvisionedGroups(c.ctx(), c.Org.ID) },
		ids: func(skip, size int) ([]access.ID, error) {
			return c.store.ListProvisionedGroupIDs(c.ctx(), c.Org.ID, skip, size)
		},
		named: func(attribute, value string) ([]access.ID, bool, error) {
			switch attribute {
			case "displayName":
				found, err := c.store.FindGroupByName(c.ctx(), c.Org.ID, value)
				if err == access.ErrNotFound {
					return nil, true, nil
				}
				return []access.ID{found.ID}, true, err
			case "externalId":
				ids, err := c.store.ListGroupIDsByExternalID(c.ctx(), c.Org.ID, value)
				return ids, true, err
			}
			return nil, false, nil
		},
		load: c.loadGroups})
}

func (c *Call) loadGroups(ids []access.ID, withMembers bool) ([]object, error) {
	groups, err := c.store.ListProvisionedGroups(c.ctx(), c.Org.ID, ids)
	if err != nil {
		return nil, err
	}
	var members map[access.ID][]access.Ref
	if withMembers {
		if members, err = c.store.ListProvisionedGroupMembers(c.ctx(), c.Org.ID, ids); err != nil {
			return nil, err
		}
	}
	shown := make([]object, len(groups))
	for i, group := range groups {
		shown[i] = c.groupOf(group, members[group.ID])
	}
	return shown, nil
}

// group reads the group of the path, without its members.
func (c *Call) group(id access.ID) (db.ProvisionedGroup, error) {
	groups, err := c.store.ListProvisionedGroups(c.ctx(), c.Org.ID, []access.ID{id})
	if err == nil && len(groups) == 0 {
		err = access.ErrNotFound
	}
	if err != nil {
		return db.ProvisionedGroup{}, err
	}
	return groups[0], nil
}

// ShowGroup answers what a group is.
func ShowGroup(c *Call) (Answer, error) {
	id, err := c.id()
	if err != nil {
		return Answer{}, err
	}
	return c.showGroup(http.StatusOK, id)
}

func (c *Call) showGroup(status int, id access.ID) (Answer, error) {
	show, err := c.projection(groupType)
	if err != nil {
		return Answer{}, err
	}
	groups, err := c.loadGroups([]access.ID{id}, show.wants("members"))
	if err == nil && len(groups) == 0 {
		err = access.ErrNotFound
	}
	if err != nil {
		return Answer{}, err
	}
	return c.answerOf(groupType, status, groups[0])
}

// A groupEdit is what a group is to be.
type groupEdit struct {
	name, externalID string
	members          memberEdit
}

// readGroup takes in a whole group.
func (c *Call) readGroup() (made groupEdit, err error) {
	sent, err := c.object()
	if err != nil {
		return made, err
	}
	group, err := groupType.read(sent)
	if err != nil {
		return made, err
	}
	if group.text("displayName") == "" {
		return made, malformed(invalidValue, "displayName is missing.")
	}
	made.name, made.externalID = group.text("displayName"), group.text("externalId")
	if members, said := group["members"]; said && members != nil {
		err = made.members.apply(edit{verb: "replace", value: members, valued: true}, nil)
	}
	return made, err
}

// CreateGroup makes a group.
func CreateGroup(c *Call) (Answer, error) {
	made, err := c.readGroup()
	if err != nil {
		return Answer{}, err
	}
	id, err := c.store.ProvisionGroup(c.ctx(), c.By, c.Org.ID, made.name, made.externalID)
	if err != nil {
		return Answer{}, err
	}
	if err := c.setMembers(id, made.members); err != nil {
		return Answer{}, err
	}
	return c.showGroup(http.StatusCreated, id)
}

// ReplaceGroup sets everything of a group. Who is in it, and the provider's id, stay where nothing is said.
func ReplaceGroup(c *Call) (Answer, error) {
	return c.changeGroup(http.StatusOK, func(now db.ProvisionedGroup) (groupEdit, error) {
		to, err := c.readGroup()
		if to.externalID == "" {
			to.externalID = now.ExternalID
		}
		return to, err
	})
}

// PatchGroup changes something of a group: every operation, or none. The answer holds the group only where it is asked for: it
// may be large.
func PatchGroup(c *Call) (Answer, error) {
	status := http.StatusNoContent
	if query := c.request.URL.Query(); query.Has("attributes") || query.Has("excludedAttributes") {
		status = http.StatusOK
	}
	return c.changeGroup(status, c.patchedGroup)
}

func (c *Call) patchedGroup(now db.ProvisionedGroup) (to groupEdit, err error) {
	sent, err := c.object()
	if err != nil {
		return to, err
	}
	edits, err := groupType.edits(sent, now.ID)
	if err != nil {
		return to, err
	}
	inside := sync.OnceValues(func() ([]access.Ref, error) { return c.membersOf(now.ID) })
	group := object{"displayName": now.Name, "externalId": now.ExternalID}
	for _, one := range edits {
		if one.attribute.name == "members" {
			err = to.members.apply(one, inside)
		} else {
			err = group.apply(one)
		}
		if err != nil {
			return to, err
		}
	}
	to.name, to.externalID = group.text("displayName"), group.text("externalId")
	return to, nil
}

func (c *Call) changeGroup(status int, made func(db.ProvisionedGroup) (groupEdit, error)) (Answer, error) {
	now, err := c.groupToChange()
	if err != nil {
		return Answer{}, err
	}
	to, err := made(now)
	if err != nil {
		return Answer{}, err
	}
	if to.name != now.Name || to.externalID != now.ExternalID {
		if err := c.store.EditProvisionedGroup(c.ctx(), c.By, c.Org.ID, now.ID, to.name, to.externalID); err != nil {
			return Answer{}, err
		}
	}
	if err := c.setMembers(now.ID, to.members); err != nil {
		return Answer{}, err
	}
	if status == http.StatusOK {
		return c.showGroup(status, now.ID)
	}
	after, err := c.group(now.ID)
	if err != nil {
		return Answer{}, err
	}
	meta, _ := asObject(c.groupOf(after, nil)["meta"])
	return Answer{Status: status, Tag: meta.text("version")}, nil
}

// groupToChange reads the group of the path, if it is what its sender saw.
func (c *Call) groupToChange() (db.ProvisionedGroup, error) {
	id, err := c.id()
	if err != nil {
		return db.ProvisionedGroup{}, err
	}
	group, err := c.group(id)
	if err != nil {
		return group, err
	}
	meta, _ := asObject(c.groupOf(group, nil)["meta"])
	return group, c.unchanged(meta.text("version"))
}

// DeleteGroup deletes a group with what is shared with it. Accounts are untouched.
func DeleteGroup(c *Call) (Answer, error) {
	group, err := c.groupToChange()
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: http.StatusNoContent}, c.store.DeleteGroup(c.ctx(), c.By, c.Org.ID, group.ID)
}
