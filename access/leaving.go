package access

import (
	"fmt"
	"strings"
)

// RemoveMember ends a membership. What the member owns goes to heirs; groups, grants and API tokens of theirs end.
type RemoveMember struct {
	Member    Member
	LastAdmin bool
	Stale     bool // what the member has is no longer what the actor looked at
	Owns      int  // resources
	Groups    int
	Grants    int
	Tokens    int
	Heirs     []Heir
	Admins    []Successor
	End       End // until when the actor may remove members
}

// An Heir takes over some of what a member owned.
type Heir struct {
	Field     string // that names them in the form
	Of        Ref    // the resource that they take over, with what the member owns in it; without an ID all that nobody else takes
	Gone      bool   // the member does not own that resource
	Person    Person
	Fits      bool // an active member other than the one who goes
	Resources int  // that they take over
}

// A Successor becomes admin of a group that a member leaves.
type Successor struct {
	Field  string // that names them in the form
	Group  Ref
	Gone   bool // the member is no admin of the group
	Person Person
	Fits   bool // an active member other than the one who goes
}

// HeirField names in a form who takes over one resource, AdminField who becomes admin of a group.
func HeirField(resource ID) string { return "heir." + string(resource) }
func AdminField(group ID) string   { return "admin." + string(group) }

func (c RemoveMember) allowed(a Actor) error {
	if a.ID != c.Member.ID && !a.may(a.Rights, Members) {
		return Denied("Only an Admin of the organization can remove members.")
	}
	// Provisioning asks nobody before it makes them a member, so whoever others count on can go themselves.
	if leaves := a.ID == c.Member.ID && c.Member.Elsewhere; !leaves {
		if err := notManaged(a, c.Member.Managed, c.Member.Label()); err != nil {
			return err
		}
	}
	if err := dispensable(c.Member, c.LastAdmin); err != nil {
		return err
	}
	if c.Stale {
		return Conflict("What %s has changed in the meantime, or somebody who takes over. This is how it is now; nothing was done.", c.Member.Label())
	}
	if err := c.inherited(a); err != nil {
		return err
	}
	for _, successor := range c.Admins {
		if err := successor.fits(c.Member); err != nil {
			return err
		}
	}
	if c.Owns > 0 { // owners change
		return a.proven()
	}
	return nil
}

// inherited: everything that the member owns goes to somebody who may own it, and nobody extends their own access by it.
func (c RemoveMember) inherited(a Actor) error {
	left := c.Owns
	for _, heir := range c.Heirs {
		left -= heir.Resources
		if heir.Gone {
			return Invalid(heir.Field, "%s no longer owns something that you chose a new owner for. That choice was left out.", c.Member.Label())
		}
		if !heir.Fits && c.Owns > 0 {
			return Invalid(heir.Field, "%s owns %s. Choose an active member who takes over.", c.Member.Label(), heir.what(c.Owns))
		}
		if err := extending(heir.Resources > 0 && heir.Person.ID == a.ID, c.End, nil); err != nil {
			return err
		}
	}
	if left > 0 {
		return Invalid("heir", "%s owns %s. Choose an active member who takes over.", c.Member.Label(), resources(left))
	}
	return nil
}

func (h Heir) what(owned int) string {
	if h.Of.ID != "" {
		return h.Of.Name
	}
	return resources(owned)
}

func (s Successor) fits(leaving Member) error {
	if s.Gone {
		return Invalid(s.Field, "%s is no longer the admin of a group that you chose an admin for. That choice was left out.", leaving.Label())
	}
	if !s.Fits {
		return Invalid(s.Field, "Choose an active member who looks after %s.", s.Group.Name)
	}
	return nil
}

func (c RemoveMember) Event() Event {
	after := Facts{"resources": c.Owns, "groups": c.Groups, "grants": c.Grants, "tokens": c.Tokens}
	if c.Owns > 0 {
		after["heir"] = strings.Join(c.heirs(), ", ")
	}
	return Event{Action: "member.removed", Target: c.Member.Ref(), Subject: c.Member.Ref(),
		Before: Facts{"role": c.Member.Role.Name, "status": c.Member.Status}, After: after}
}

// heirs are the addresses of those who take something over, each once.
func (c RemoveMember) heirs() []string {
	var emails []string
	seen := map[ID]bool{}
	for _, heir := range c.Heirs {
		if heir.Resources > 0 && !seen[heir.Person.ID] {
			seen[heir.Person.ID] = true
			emails = append(emails, heir.Person.Email)
		}
	}
	return emails
}

func resources(count int) string {
	if count == 1 {
		return "1 resource"
	}
	return fmt.Sprintf("%d resources", count)
}
