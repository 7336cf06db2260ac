package access

// A Policy is what an organization decides once for all its resources.
type Policy struct {
	DefaultMode     Mode   // of a new top-level resource
	DefaultRole     string // what Organization mode gives there
	WidestMode      Mode
	ExternalSharing bool // grants may name users and organizations outside
	FullReach       bool // org admins have an owner's rights on everything
}

// SharesOutside tells whether a resource of a kind can be shared with somebody outside.
func (p Policy) SharesOutside(kind Kind) bool { return p.ExternalSharing && kind.Owned() }

func (p Policy) facts() Facts {
	reach := "discover"
	if p.FullReach {
		reach = "full"
	}
	return Facts{"default_mode": p.DefaultMode, "default_role": p.DefaultRole, "widest_mode": p.WidestMode,
		"external_sharing": p.ExternalSharing, "admin_reach": reach}
}

// ChangePolicy sets what an organization decides once for all its resources. What stands wider than the new policy allows
// is narrowed with it, each resource and grant by a change of its own.
type ChangePolicy struct {
	Org   Org // with its policy until now
	To    Policy
	Stale bool // the policy changed since the actor looked at it
}

func (c ChangePolicy) allowed(a Actor) error {
	if !a.may(a.Rights, Configure) {
		return Denied("Only an Admin of the organization can change its sharing policy.")
	}
	if c.Stale {
		return Conflict("Somebody else changed the policy in the meantime. Nothing of yours was applied.")
	}
	for field, mode := range map[string]Mode{"widest_mode": c.To.WidestMode, "default_mode": c.To.DefaultMode} {
		if !mode.Known() {
			return Invalid(field, "%q is not an access mode. Choose restricted, organization, public or anonymous.", string(mode))
		}
	}
	if c.To.DefaultMode.WiderThan(c.To.WidestMode) {
		return Invalid("default_mode", "A new project cannot start wider than %s, which is the widest that you allow.", c.To.WidestMode.Title())
	}
	if _, err := organizationRole(Project, c.To.DefaultRole); err != nil {
		return Invalid("default_role", "%q cannot be given to the whole organization.", c.To.DefaultRole)
	}
	return nil
}

func (c ChangePolicy) Event() Event {
	return Event{Action: "organization.policy_changed", Target: c.Org.Ref(), Before: c.Org.Policy.facts(), After: c.To.facts()}
}

// NarrowAccessMode takes a resource back to the widest mode that the organization's policy allows.
type NarrowAccessMode struct {
	Resource Resource
	Policy   Policy
}

func (c NarrowAccessMode) allowed(a Actor) error {
	if err := (ChangePolicy{To: c.Policy}).allowed(a); err != nil {
		return err
	}
	if !c.Resource.Mode.WiderThan(c.Policy.WidestMode) {
		return Conflict("%s is no wider than the policy allows.", c.Resource.Name)
	}
	return nil
}

func (c NarrowAccessMode) Event() Event {
	return Event{Action: "resource.access_mode_narrowed", Target: c.Resource.Ref(),
		Before: Facts{"access_mode": c.Resource.Mode}, After: Facts{"access_mode": c.Policy.WidestMode}}
}

// EndExternalGrant ends a grant to somebody outside, which the organization's policy no longer allows.
type EndExternalGrant struct {
	Grant  Grant
	Policy Policy
}

func (c EndExternalGrant) allowed(a Actor) error {
	if err := (ChangePolicy{To: c.Policy}).allowed(a); err != nil {
		return err
	}
	if c.Policy.ExternalSharing || !c.Grant.Principal.External {
		return Conflict("The policy allows this grant.")
	}
	return nil
}

func (c EndExternalGrant) Event() Event {
	return grantEvent("grant.ended_by_policy", c.Grant, Facts{"role": c.Grant.Role.Name, "expires_at": expiryFact(c.Grant.ExpiresAt)}, nil)
}
