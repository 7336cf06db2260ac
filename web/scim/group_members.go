package scim

import (
	"maps"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"gatehouse/access"
)

// A memberEdit is who is to be in a group. What is not in it stays as it is, unless everybody goes first.
type memberEdit struct {
	cleared bool
	in      map[access.ID]bool // true for who is to be in, false for who is not
	looks   int                // how often a filter was asked of everybody
}

// mostLooks bounds how long a PATCH takes, for which other changes of the organization wait. Providers name one member in a filter.
const mostLooks = 100

// apply adds an edit of members. Inside reads who is in the group before.
func (m *memberEdit) apply(e edit, inside func() ([]access.Ref, error)) error {
	if m.in == nil {
		m.in = map[access.ID]bool{}
	}
	switch {
	case e.part != nil:
		return malformed(mutability, "What a member is cannot be changed. Remove and add instead.")
	case e.where != nil && e.verb != "remove":
		return malformed(invalidPath, "Members are chosen by a filter only to be removed.")
	case e.where != nil:
		return m.removeWhere(e.where, inside)
	case e.verb == "remove" && !e.valued:
		m.clear()
		return nil
	}
	ids, err := memberIDs(e.value)
	if err != nil {
		return err
	}
	if e.verb == "replace" {
		m.clear()
	}
	for _, id := range ids {
		m.in[id] = e.verb != "remove"
	}
	return nil
}

func (m *memberEdit) clear() {
	m.cleared = true
	clear(m.in)
}

// removeWhere takes out whom a filter chooses.
func (m *memberEdit) removeWhere(where filter.Expression, inside func() ([]access.Ref, error)) error {
	if id, ok := onlyMember(where); ok {
		m.in[id] = false
		return nil
	}
	if m.looks++; m.looks > mostLooks {
		return malformed(invalidFilter, "A PATCH looks through the members of a group at most %d times. Name each with value eq, or send a list.", mostLooks)
	}
	members, err := inside()
	if err != nil {
		return err
	}
	list, _ := named(groupSchema.attributes, "members")
	for _, one := range members {
		if _, said := m.in[one.ID]; said || m.cleared {
			continue
		}
		chosen, err := chooses(list, where, one.ID, one.Type)
		if err != nil {
			return err
		}
		if chosen {
			m.in[one.ID] = false
		}
	}
	for id, in := range m.in { // whom an operation before brought
		chosen, err := chooses(list, where, id, "")
		if err != nil {
			return err
		}
		if in && chosen {
			m.in[id] = false
		}
	}
	_, err = chooses(list, where, "", "") // refused also where nobody is inside
	return err
}

// onlyMember is the id of the one member whom a filter can choose, where it names one and asks for nothing else.
func onlyMember(where filter.Expression) (access.ID, bool) {
	e, ok := where.(*filter.AttributeExpression)
	if !ok || e.AttributePath.URIPrefix != nil || e.AttributePath.SubAttribute != nil || !strings.EqualFold(e.AttributePath.AttributeName, "value") ||
		!strings.EqualFold(string(e.Operator), string(filter.EQ)) {
		return "", false
	}
	id, ok := compared(e).(string)
	return access.ID(id), ok
}

func chooses(list attribute, where filter.Expression, id access.ID, kind string) (bool, error) {
	member := object{"value": string(id)}
	if kind == "user" {
		member["type"] = userType.name
	} else if kind == "group" {
		member["type"] = groupType.name
	}
	return matches(where, list.reader(member))
}

// memberIDs reads a list of members. Only their ids count.
func memberIDs(v any) ([]access.ID, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	members, _ := named(groupSchema.attributes, "members")
	ids := make([]access.ID, len(list))
	for i, one := range list {
		sent, ok := asObject(one)
		if !ok {
			return nil, malformed(invalidValue, "A member must be an object with a value, the id of a user or a group.")
		}
		for key := range sent {
			if _, known := members.part(key); !known {
				return nil, malformed(invalidValue, "members has no part %s here.", quoted(key))
			}
			if said, _ := sent[key].(string); strings.EqualFold(key, "value") {
				ids[i] = access.ID(strings.ToLower(said))
			}
		}
		if !access.IsID(string(ids[i])) {
			return nil, malformed(invalidValue, "%s is the id of nobody here and of no group of the provider.", quoted(string(ids[i])))
		}
	}
	return ids, nil
}

// membersOf reads who is directly in a group.
func (c *Call) membersOf(group access.ID) ([]access.Ref, error) {
	members, err := c.store.ListProvisionedGroupMembers(c.ctx(), c.Org.ID, []access.ID{group})
	return members[group], err
}

// setMembers makes the members of a group what they are to be.
func (c *Call) setMembers(group access.ID, to memberEdit) error {
	if !to.cleared && len(to.in) == 0 {
		return nil
	}
	now, err := c.membersOf(group)
	if err != nil {
		return err
	}
	coming := maps.Clone(to.in)
	maps.DeleteFunc(coming, func(_ access.ID, in bool) bool { return !in })
	var going []access.Ref
	for _, one := range now {
		in, said := to.in[one.ID]
		if delete(coming, one.ID); said && !in || !said && to.cleared {
			going = append(going, one)
		}
	}
	if len(going) > 0 {
		if err := c.store.TakeOutOfGroup(c.ctx(), c.By, c.Org.ID, group, going); err != nil {
			return err
		}
	}
	return c.putIn(group, slices.Sorted(maps.Keys(coming)))
}

func (c *Call) putIn(group access.ID, ids []access.ID) error {
	if len(ids) == 0 {
		return nil
	}
	types, err := c.store.FindTypesOfIDs(c.ctx(), c.Org.ID, ids)
	if err != nil {
		return err
	}
	who := make([]access.Ref, len(ids))
	for i, id := range ids {
		if types[id] == "" {
			return malformed(invalidValue, "%s is the id of nobody here and of no group of the provider.", quoted(string(id)))
		}
		who[i] = access.Ref{Type: types[id], ID: id}
	}
	return c.store.AddToGroup(c.ctx(), c.By, c.Org.ID, group, who, access.GroupMember)
}
