package scim

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
)

// ReplaceUser sets everything that is kept of a member. Whether they are active, and the provider's id, stay where nothing is said.
func ReplaceUser(c *Call) (Answer, error) {
	return c.changeUser(func(sent, now object, _ access.ID) (object, error) {
		for key := range sent {
			if strings.EqualFold(key, "password") {
				return nil, malformed(mutability, "Passwords are not provisioned: people sign in by single sign-on, or choose one by mail.")
			}
		}
		user, err := userType.read(sent)
		for _, name := range []string{"active", "externalId"} {
			if err == nil && user[name] == nil {
				user[name] = now[name]
			}
		}
		return user, err
	})
}

// PatchUser changes something of a member: every operation, or none.
func PatchUser(c *Call) (Answer, error) {
	return c.changeUser(func(sent, now object, id access.ID) (object, error) {
		edits, err := userType.edits(sent, id)
		if err != nil {
			return nil, err
		}
		user, err := now.copied()
		for _, one := range edits {
			if err == nil {
				err = user.apply(one)
			}
		}
		return user, err
	})
}

func (c *Call) changeUser(made func(sent, now object, id access.ID) (object, error)) (Answer, error) {
	id, err := c.id()
	if err != nil {
		return Answer{}, err
	}
	person, now, err := c.person(id)
	if err != nil {
		return Answer{}, err
	}
	meta, _ := asObject(now["meta"])
	if err := c.unchanged(meta.text("version")); err != nil {
		return Answer{}, err
	}
	sent, err := c.object()
	if err != nil {
		return Answer{}, err
	}
	to, err := made(sent, now, id)
	if err != nil {
		return Answer{}, err
	}
	if err := c.keepUser(person, now, to); err != nil {
		return Answer{}, err
	}
	return c.showUser(http.StatusOK, id)
}

// keepUser makes a member what the provider says. Whoever it says something of for the first time is managed from then on.
func (c *Call) keepUser(person db.ProvisionedPerson, now, to object) error {
	if emails := to["emails"]; reflect.DeepEqual(emails, onlyEmail(person.Email)) { // which goes with the userName
		delete(to, "emails")
	}
	profile, err := profileOf(to)
	if err != nil {
		return err
	}
	if profile.Fields, err = differing(person, profile); err != nil {
		return err
	}
	if !person.Managed || len(profile.Fields) > 0 || profile.Email != person.Email || nameOf(to) != nameOf(now) {
		if err := c.store.EditProvisionedMember(c.ctx(), c.By, c.Org.ID, person.ID, profile); err != nil {
			return err
		}
	}
	active, _ := to["active"].(bool)
	switch {
	case active && person.Status == access.Deactivated:
		return c.store.ReactivateMember(c.ctx(), c.By, c.Org.ID, person.ID)
	case !active && person.Status == access.Active:
		return c.store.DeactivateMember(c.ctx(), c.By, c.Org.ID, person.ID)
	}
	return nil
}

// differing names the attributes that are kept otherwise than before.
func differing(person db.ProvisionedPerson, profile db.Profile) ([]string, error) {
	var before, after object
	if err := json.Unmarshal(person.Attributes, &before); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(profile.Attributes, &after); err != nil {
		return nil, err
	}
	before["externalId"], after["externalId"] = person.ExternalID, profile.ExternalID
	names := slices.Collect(maps.Keys(after))
	for name := range before {
		if _, there := after[name]; !there {
			names = append(names, name)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return reflect.DeepEqual(before[name], after[name]) })
	slices.Sort(names)
	return names, nil
}

// DeleteUser ends a membership.
func DeleteUser(c *Call) (Answer, error) {
	id, err := c.id()
	if err != nil {
		return Answer{}, err
	}
	_, now, err := c.person(id)
	if err != nil {
		return Answer{}, err
	}
	meta, _ := asObject(now["meta"])
	if err := c.unchanged(meta.text("version")); err != nil {
		return Answer{}, err
	}
	return Answer{Status: http.StatusNoContent}, c.store.RemoveProvisionedMember(c.ctx(), c.By, c.Org.ID, id)
}
