package rest

import (
	"time"

	"gatehouse/access"
)

// A Named thing is one that an answer only points to.
type Named struct {
	Type string    `json:"type" doc:"user, group, a kind of resource, invitation or token."`
	ID   access.ID `json:"id,omitempty"`
	Name string    `json:"name"`
}

// named is nil for nothing.
func named(ref access.Ref) *Named {
	if ref.Type == "" || ref.ID == "" && ref.Name == "" {
		return nil
	}
	return &Named{Type: ref.Type, ID: ref.ID, Name: ref.Name}
}

func namedEach(refs []access.Ref) []Named {
	list := make([]Named, len(refs))
	for i, ref := range refs {
		list[i] = *named(ref)
	}
	return list
}

// A Person is a user.
type Person struct {
	ID    access.ID `json:"id"`
	Email string    `json:"email"`
	Name  string    `json:"name"`
}

func person(p access.Person) Person { return Person{ID: p.ID, Email: p.Email, Name: p.Name} }

// An Organization is the one that the token is bound to.
type Organization struct {
	ID   access.ID `json:"id"`
	Slug string    `json:"slug"`
	Name string    `json:"name"`
}

// ShowOrganization answers which organization the token is bound to.
func ShowOrganization(c *Call) (Answer, error) {
	return found(Organization{ID: c.Org.ID, Slug: c.Org.Slug, Name: c.Org.Name})
}

// utc is a time as answers write it.
func utc(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	there := at.UTC()
	return &there
}
