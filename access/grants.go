package access

import "time"

// A Principal is whom a grant names: a user, a group or an organization.
type Principal struct {
	Ref
	Email    string // of a user
	Slug     string // of an organization
	External bool   // not of the organization that owns the resource
	Active   bool   // a deactivated member keeps the grant, and it does not count
}

// A Grant says that a principal has a role on a resource, perhaps until a time.
type Grant struct {
	ID        ID
	Resource  Ref
	Principal Principal
	Role      Role
	ExpiresAt *time.Time
}

// AssignableRoles lists the roles that somebody with these rights on a resource may hand out there; of a project also its
// rights templates.
func AssignableRoles(a Actor, kind Kind, held Rights, templates ...Role) []Role {
	var list []Role
	for _, role := range append(RolesOf(kind), templates...) {
		if a.may(held, role.needed()) {
			list = append(list, role)
		}
	}
	return list
}

// MayHandOut refuses whoever cannot give anybody a role on a resource. It is asked before anything is looked up for them: whether
// an address has an account, only those learn who could share with it.
func MayHandOut(a Actor, resource Resource) error {
	if !a.may(resource.Rights, resource.Kind.Handing()) {
		return Denied("You cannot change who has access to %s.", resource.Name)
	}
	return nil
}

// handing is the ceiling: nobody hands out, changes or takes back more than they hold.
func handing(a Actor, resource Resource, principal Principal, role Role) error {
	if resource.Kind == Organization && principal.Type == "user" {
		return Invalid("principal", "A member's role in the organization is changed on the Members page.")
	}
	if role.Kind != resource.Kind || role.ID == RoleID(role.Kind, OwnerRole) || role.Project != "" && role.Project != resource.ID {
		return Invalid("role", "%q is not a role on a %s.", role.Name, resource.Kind)
	}
	if err := MayHandOut(a, resource); err != nil {
		return err
	}
	if !a.may(resource.Rights, role.needed()) {
		return Denied("%s is more than you hold on %s yourself, so you cannot give, change or remove it.", role.Title, resource.Name)
	}
	return nil
}

// GrantRole gives a principal a role on a resource.
type GrantRole struct {
	Resource Resource // with the actor's rights on it
	Grant    Grant
	Policy   Policy
	Now      time.Time
	Stale    bool // the access list changed since the actor looked at it
	Already  bool // the principal has this very role there
	Own      bool // the principal is the actor, or a group that the actor is in
	End      End  // until when the actor may share it
}

func (c GrantRole) allowed(a Actor) error {
	if err := handing(a, c.Resource, c.Grant.Principal, c.Grant.Role); err != nil {
		return err
	}
	if c.Stale {
		return errStale
	}
	if err := externalFits(c.Grant, c.Policy); err != nil {
		return err
	}
	if c.Already {
		return Conflict("%s has the role %s here already.", c.Grant.Principal.Name, c.Grant.Role.Title)
	}
	if c.Resource.Owner.ID != "" && c.Resource.Owner.ID == c.Grant.Principal.ID {
		return Conflict("%s owns %s and can do everything with it.", c.Grant.Principal.Name, c.Resource.Name)
	}
	if err := future(c.Grant.ExpiresAt, c.Now); err != nil {
		return err
	}
	return extending(c.Own, c.End, c.Grant.ExpiresAt)
}

// outsideAtMost is what somebody outside the organization can have: an Editor's rights.
const outsideAtMost = editor

// externalFits: a grant to somebody outside needs the organization's policy, and is Editor at most.
func externalFits(g Grant, policy Policy) error {
	if !g.Principal.External {
		return nil
	}
	if !g.Role.Kind.Owned() {
		return Invalid("principal", "Only members can have a role on a %s.", g.Role.Kind)
	}
	if !policy.ExternalSharing {
		return Invalid("principal", "This organization's sharing policy does not allow sharing with people outside.")
	}
	if !outsideAtMost.Has(g.Role.Here | g.Role.Below) {
		return Invalid("role", "Somebody outside the organization can be an Editor at most.")
	}
	return nil
}

func future(until *time.Time, now time.Time) error {
	if until != nil && !until.After(now) {
		return Invalid("expires_at", "Choose a time in the future, or none.")
	}
	return nil
}

func (c GrantRole) Event() Event {
	return grantEvent("grant.created", c.Grant, nil, Facts{"role": c.Grant.Role.Name, "expires_at": expiryFact(c.Grant.ExpiresAt)})
}

// ChangeGrant gives a grant another role or another end.
type ChangeGrant struct {
	Resource Resource
	Grant    Grant // as it stands
	ToRole   Role
	ToExpiry *time.Time
	Policy   Policy
	Now      time.Time
	Stale    bool
	Already  bool // the principal has the new role there through another grant
	Own      bool // the principal is the actor, or a group that the actor is in
	End      End  // until when the actor may share it
}

func (c ChangeGrant) allowed(a Actor) error {
	if err := handing(a, c.Resource, c.Grant.Principal, c.Grant.Role); err != nil {
		return err
	}
	if err := handing(a, c.Resource, c.Grant.Principal, c.ToRole); err != nil {
		return err
	}
	if c.Stale {
		return errStale
	}
	changed := c.Grant
	changed.Role, changed.ExpiresAt = c.ToRole, c.ToExpiry
	if err := externalFits(changed, c.Policy); err != nil {
		return err
	}
	if c.Already {
		return Conflict("%s has the role %s here already.", c.Grant.Principal.Name, c.ToRole.Title)
	}
	if err := future(c.ToExpiry, c.Now); err != nil {
		return err
	}
	return extending(c.Own, c.End, c.ToExpiry)
}

func (c ChangeGrant) Event() Event {
	return grantEvent("grant.changed", c.Grant,
		Facts{"role": c.Grant.Role.Name, "expires_at": expiryFact(c.Grant.ExpiresAt)},
		Facts{"role": c.ToRole.Name, "expires_at": expiryFact(c.ToExpiry)})
}

// RevokeGrant takes a role away from a principal.
type RevokeGrant struct {
	Resource Resource
	Grant    Grant
	Stale    bool
}

func (c RevokeGrant) allowed(a Actor) error {
	if err := handing(a, c.Resource, c.Grant.Principal, c.Grant.Role); err != nil {
		return err
	}
	if c.Stale {
		return errStale
	}
	return nil
}

func (c RevokeGrant) Event() Event {
	return grantEvent("grant.revoked", c.Grant, Facts{"role": c.Grant.Role.Name, "expires_at": expiryFact(c.Grant.ExpiresAt)}, nil)
}

func grantEvent(action string, grant Grant, before, after Facts) Event {
	return Event{Action: action, Target: grant.Resource, Subject: grant.Principal.Ref, Before: before, After: after}
}

// Choices lists those of the roles that a page could offer beside the grant: the ones that its principal can have, and the one
// that it has.
func (g Grant) Choices(offered []Role, policy Policy) []Role {
	var list []Role
	for _, role := range offered {
		changed := g
		changed.Role = role
		if role.ID == g.Role.ID || externalFits(changed, policy) == nil {
			list = append(list, role)
		}
	}
	return list
}

// CanChange tells a page whether to show a role selector and a remove button beside a grant.
func (g Grant) CanChange(a Actor, held Rights) bool {
	return handing(a, Resource{ID: g.Resource.ID, Kind: g.Role.Kind, Rights: held}, g.Principal, g.Role) == nil
}
