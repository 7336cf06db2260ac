package scim

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
)

// own are the attributes of a user that have a place of their own; the others are kept as they came.
var own = []string{"schemas", "id", "externalId", "meta", "userName", "active"}

// userOf shows a member as the provider sees them.
func (c *Call) userOf(person db.ProvisionedPerson) (object, error) {
	user := object{}
	if err := json.Unmarshal(person.Attributes, &user); err != nil {
		return nil, err
	}
	user["id"], user["userName"], user["active"] = string(person.ID), person.Email, person.Status == access.Active
	if person.ExternalID != "" {
		user["externalId"] = person.ExternalID
	}
	if user["displayName"] == nil && user["name"] == nil && person.Name != "" {
		user["displayName"] = person.Name
	}
	if user["emails"] == nil {
		user["emails"] = onlyEmail(person.Email)
	}
	location := c.link(Path + userType.path + "/" + string(person.ID))
	tag := weakTag(user)
	user["schemas"] = userType.schemas(user)
	user["meta"] = object{"resourceType": userType.name, "created": instantOf(person.CreatedAt), "lastModified": instantOf(person.ChangedAt),
		"location": location, "version": tag}
	return user, nil
}

// onlyEmail is what is shown to a provider that has sent no mail addresses.
func onlyEmail(email string) []any {
	return []any{map[string]any{"value": email, "type": "work", "primary": true}}
}

// answerOf answers with a resource, as far as it is asked for.
func (c *Call) answerOf(t resourceType, status int, resource object) (Answer, error) {
	show, err := c.projection(t)
	if err != nil {
		return Answer{}, err
	}
	meta, _ := asObject(resource["meta"])
	return Answer{Status: status, Tag: meta.text("version"), Location: meta.text("location"), Body: show.of(resource)}, nil
}

// ListUsers answers which members there are.
func ListUsers(c *Call) (Answer, error) {
	return c.list(source{kind: userType,
		count: func() (int, error) { return c.store.CountAllMembers(c.ctx(), c.Org.ID) },
		ids: func(skip, size int) ([]access.ID, error) {
			return c.store.ListMembersByAge(c.ctx(), c.Org.ID, skip, size)
		},
		named: func(attribute, value string) (ids []access.ID, sure bool, err error) {
			switch attribute {
			case "userName":
				id, err := c.store.FindMemberIDByEmail(c.ctx(), c.Org.ID, value)
				if err == access.ErrNotFound {
					return nil, true, nil
				}
				return []access.ID{id}, true, err
			case "externalId":
				ids, err = c.store.ListMemberIDsByExternalID(c.ctx(), c.Org.ID, value)
				return ids, true, err
			}
			return nil, false, nil
		},
		load: func(ids []access.ID, _ bool) ([]object, error) {
			people, err := c.store.ListProvisionedPeople(c.ctx(), c.Org.ID, ids)
			users := make([]object, len(people))
			for i, person := range people {
				if users[i], err = c.userOf(person); err != nil {
					return nil, err
				}
			}
			return users, err
		}})
}

// person reads the member of the path, and what is shown of them.
func (c *Call) person(id access.ID) (db.ProvisionedPerson, object, error) {
	people, err := c.store.ListProvisionedPeople(c.ctx(), c.Org.ID, []access.ID{id})
	if err == nil && len(people) == 0 {
		err = access.ErrNotFound
	}
	if err != nil {
		return db.ProvisionedPerson{}, nil, err
	}
	user, err := c.userOf(people[0])
	return people[0], user, err
}

// ShowUser answers who a member is.
func ShowUser(c *Call) (Answer, error) {
	id, err := c.id()
	if err != nil {
		return Answer{}, err
	}
	return c.showUser(http.StatusOK, id)
}

func (c *Call) showUser(status int, id access.ID) (Answer, error) {
	_, user, err := c.person(id)
	if err != nil {
		return Answer{}, err
	}
	return c.answerOf(userType, status, user)
}

// CreateUser makes somebody a member.
func CreateUser(c *Call) (Answer, error) {
	sent, err := c.object()
	if err != nil {
		return Answer{}, err
	}
	// Okta sends a password that nobody has seen. Nobody signs in with it here.
	maps.DeleteFunc(sent, func(key string, _ any) bool { return strings.EqualFold(key, "password") })
	user, err := userType.read(sent)
	if err != nil {
		return Answer{}, err
	}
	profile, err := profileOf(user)
	if err != nil {
		return Answer{}, err
	}
	id, err := c.store.ProvisionMember(c.ctx(), c.By, c.Org.ID, profile)
	if err != nil {
		return Answer{}, err
	}
	if active, said := user["active"].(bool); said && !active {
		if err := c.store.DeactivateMember(c.ctx(), c.By, c.Org.ID, id); err != nil {
			return Answer{}, err
		}
	}
	return c.showUser(http.StatusCreated, id)
}

// profileOf is what is kept of what a provider says of somebody.
func profileOf(user object) (db.Profile, error) {
	if user.text("userName") == "" {
		return db.Profile{}, malformed(invalidValue, "userName is missing.")
	}
	email, err := db.NormalizeEmail(user.text("userName"))
	if err != nil {
		return db.Profile{}, malformed(invalidValue, "The userName %s is no e-mail address. It must be the one with which the person signs in.", quoted(user.text("userName")))
	}
	name := nameOf(user)
	if name != "" {
		if name, err = access.CleanName("displayName", name); err != nil {
			return db.Profile{}, err
		}
	}
	attributes := maps.Clone(user)
	for _, name := range own {
		delete(attributes, name)
	}
	text, err := json.Marshal(attributes)
	return db.Profile{Email: email, Name: name, ExternalID: user.text("externalId"), Attributes: text}, err
}

// nameOf is the name under which somebody is shown.
func nameOf(user object) string {
	if name := strings.TrimSpace(user.text("displayName")); name != "" {
		return name
	}
	parts, _ := asObject(user["name"])
	if name := strings.TrimSpace(parts.text("formatted")); name != "" {
		return name
	}
	return strings.TrimSpace(parts.text("givenName") + " " + parts.text("familyName"))
}
