package access

import (
	"errors"
	"time"
)

// A Resource is anything in the tree, with what the asking person may do there.
type Resource struct {
	ID          ID
	Kind        Kind
	Key         string // unique in its organization together with the kind
	Name        string
	Description string
	Parent      ID // empty for an organization
	Owner       Person
	Mode        Mode
	OrgRole     string // what Organization mode gives: the name of a role; empty where the kind has no such mode
	Version     int64  // of the access list: grows with every change of grants, mode and owner
	Rights      Rights // held by whoever asked
	CreatedAt   time.Time
}

// Ref names the resource for an audit event or a link.
func (r Resource) Ref() Ref { return Ref{Type: string(r.Kind), ID: r.ID, Name: r.Name} }

// About is the description for those who may read it. It is content, which whoever may only know of a resource does not read;
// that of a module is read by whoever writes it too.
func (r Resource) About() string {
	if r.Rights.Has(View) || r.Kind == Module && r.Rights.Has(Configure) {
		return r.Description
	}
	return ""
}

// CreateResource makes a resource inside another; its creator becomes its owner.
type CreateResource struct {
	Parent   Resource // with the actor's rights on it
	Resource Resource
	Taken    bool // the key is in use
}

func (c CreateResource) allowed(a Actor) error {
	if c.Resource.Kind == Module && !a.may(c.Parent.Rights, Configure) {
		return Denied("Only an Admin of the organization can create modules.")
	}
	if !a.may(c.Parent.Rights, Create) {
		return Denied("You cannot create anything in %s.", c.Parent.Name)
	}
	if !holds(c.Parent.Kind, c.Resource.Kind) {
		return Invalid("kind", "A %s cannot lie in a %s.", c.Resource.Kind, c.Parent.Kind)
	}
	if c.Taken {
		return Invalid("key", "There is a %s with the key %s already.", c.Resource.Kind, c.Resource.Key)
	}
	return nil
}

func holds(outer, inner Kind) bool {
	for _, kind := range outer.Holds() {
		if kind == inner {
			return true
		}
	}
	return false
}

func (c CreateResource) Event() Event {
	return Event{Action: "resource.created", Target: c.Resource.Ref(),
		After: Facts{"key": c.Resource.Key, "parent": c.Parent.Name, "access_mode": c.Resource.Mode, "org_role": c.Resource.OrgRole}}
}

// EditResource changes a resource's name and description.
type EditResource struct {
	Resource        Resource
	ToName, ToAbout string
}

func (c EditResource) allowed(a Actor) error {
	if !a.may(c.Resource.Rights, Configure) {
		return Denied("You cannot change the settings of %s.", c.Resource.Name)
	}
	return nil
}

func (c EditResource) Event() Event {
	return Event{Action: "resource.edited", Target: c.Resource.Ref(),
		Before: Facts{"name": c.Resource.Name, "description": c.Resource.Description},
		After:  Facts{"name": c.ToName, "description": c.ToAbout}}
}

// DeleteResource removes a resource and everything inside it. A module goes only when it is empty: what lies in it has
// owners of its own, who were not asked.
type DeleteResource struct {
	Resource Resource
	Inside   int // resources below it
}

func (c DeleteResource) allowed(a Actor) error {
	if c.Resource.Kind == Module {
		return c.moduleAllowed(a)
	}
	if !a.may(c.Resource.Rights, Delete) || !c.Resource.Kind.Owned() {
		return Denied("You cannot delete %s.", c.Resource.Name)
	}
	return nil
}

// moduleAllowed: who makes modules removes them.
func (c DeleteResource) moduleAllowed(a Actor) error {
	if !a.may(a.Rights, Configure) {
		return Denied("Only an Admin of the organization can delete modules.")
	}
	if c.Inside == 1 {
		return Conflict("%s holds a resource. Move or delete it first; only an empty module can be deleted.", c.Resource.Name)
	}
	if c.Inside > 1 {
		return Conflict("%s holds %d resources. Move or delete them first; only an empty module can be deleted.", c.Resource.Name, c.Inside)
	}
	return nil
}

func (c DeleteResource) Event() Event {
	return Event{Action: "resource.deleted", Target: c.Resource.Ref(),
		Before: Facts{"key": c.Resource.Key, "owner": c.Resource.Owner.Email, "inside": c.Inside}}
}

// TransferResource gives a resource another owner.
type TransferResource struct {
	Resource Resource
	To       Member
	Stale    bool // the access list changed since the actor looked at it
	End      End  // until when the actor may transfer it
}

func (c TransferResource) allowed(a Actor) error {
	switch {
	case !c.Resource.Kind.Owned() || !a.may(c.Resource.Rights, Transfer):
		return Denied("You cannot give %s another owner.", c.Resource.Name)
	case c.Stale:
		return errStale
	case c.To.ID == a.ID && !c.End.reaches(nil):
		return extending(true, c.End, nil)
	case c.To.Status != Active:
		return Invalid("owner", "Choose an active member of the organization.")
	case c.To.ID == c.Resource.Owner.ID:
		return Invalid("owner", "%s owns it already.", c.To.Label())
	}
	return a.proven()
}

func (c TransferResource) Event() Event {
	return Event{Action: "resource.transferred", Target: c.Resource.Ref(), Subject: c.To.Ref(),
		Before: Facts{"owner": c.Resource.Owner.Email}, After: Facts{"owner": c.To.Email}}
}

// ChangeAccessMode sets who is let in without a grant.
type ChangeAccessMode struct {
	Resource Resource
	ToMode   Mode
	ToRole   string // what Organization mode gives
	Policy   Policy
	Stale    bool
	End      End // until when the actor may share it
}

func (c ChangeAccessMode) allowed(a Actor) error {
	if !a.may(c.Resource.Rights, Share) || !c.Resource.Kind.Owned() {
		return Denied("You cannot change who has access to %s.", c.Resource.Name)
	}
	if c.Stale {
		return errStale
	}
	if c.ToMode != c.Resource.Mode {
		if err := modeFits(c.Resource.Kind, c.ToMode, c.Policy); err != nil {
			return err
		}
	}
	role, err := organizationRole(c.Resource.Kind, c.ToRole)
	if err != nil {
		return err
	}
	if err := extending(c.lets(role), c.End, nil); err != nil { // everyone is the actor too
		return err
	}
	if c.ToMode != Restricted && !a.may(c.Resource.Rights, role.Here) {
		return Denied("You cannot give everyone a role that is more than your own.")
	}
	if c.ToMode.WiderThan(c.Resource.Mode) && c.ToMode.WiderThan(OrganizationMode) {
		return a.proven()
	}
	return nil
}

func organizationRole(kind Kind, name string) (Role, error) {
	for _, role := range OrganizationRoles(kind) {
		if role.Name == name {
			return role, nil
		}
	}
	return Role{}, Invalid("org_role", "%q cannot be given to the whole organization.", name)
}

// lets tells whether the change lets everyone in to something that was closed to them.
func (c ChangeAccessMode) lets(role Role) bool {
	before, err := organizationRole(c.Resource.Kind, c.Resource.OrgRole)
	return c.ToMode.WiderThan(c.Resource.Mode) || c.ToMode != Restricted && (err != nil || role.Here&^before.Here != 0)
}

func (c ChangeAccessMode) Event() Event {
	return Event{Action: "resource.access_mode_changed", Target: c.Resource.Ref(),
		Before: Facts{"access_mode": c.Resource.Mode, "org_role": c.Resource.OrgRole},
		After:  Facts{"access_mode": c.ToMode, "org_role": c.ToRole}}
}

// IsStale tells whether a change was refused because the access list changed since the actor looked at it.
func IsStale(err error) bool { return errors.Is(err, errStale) }

// errStale answers a form that was made from an access list that has changed since.
var errStale = Conflict("Somebody else changed who has access in the meantime. This is the current list; nothing of yours was applied.")
