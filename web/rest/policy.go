package rest

import "gatehouse/access"

// A Policy is what the organization decides once for all its resources.
type Policy struct {
	DefaultMode     access.Mode `json:"default_mode" doc:"Of a new top-level resource."`
	DefaultRole     string      `json:"default_role" doc:"What the mode organization gives there."`
	WidestMode      access.Mode `json:"widest_mode"`
	ExternalSharing bool        `json:"external_sharing" doc:"Whether grants may name users and organizations outside."`
	AdminReach      Reach       `json:"admin_reach" doc:"What an Admin of the organization may do with every resource: know that it exists, or all that its owner may."`
}

// Reach is how far an Admin of the organization reaches.
type Reach string

// The reaches that a policy can choose.
const (
	DiscoverReach Reach = "discover"
	FullReach     Reach = "full"
)

func policy(p access.Policy) Policy {
	shown := Policy{DefaultMode: p.DefaultMode, DefaultRole: p.DefaultRole, WidestMode: p.WidestMode, ExternalSharing: p.ExternalSharing, AdminReach: DiscoverReach}
	if p.FullReach {
		shown.AdminReach = FullReach
	}
	return shown
}

// ShowPolicy answers what the organization's sharing policy is, to those who may see its page.
func ShowPolicy(c *Call) (Answer, error) {
	if err := c.sees(access.Configure); err != nil {
		return Answer{}, err
	}
	stands, err := c.store.FindPolicy(c.ctx(), c.Org.ID)
	if err != nil {
		return Answer{}, err
	}
	return found(policy(stands))
}

// policyChange reads what the policy is to be, whole.
func (c *Call) policyChange() (to access.Policy, err error) {
	asked, err := read[Policy](c)
	if err != nil {
		return to, err
	}
	said := asked.value
	if said.AdminReach != DiscoverReach && said.AdminReach != FullReach {
		return to, access.Invalid("admin_reach", "%q is not a reach. Choose discover or full.", string(said.AdminReach))
	}
	to = access.Policy{DefaultMode: said.DefaultMode, DefaultRole: said.DefaultRole, WidestMode: said.WidestMode,
		ExternalSharing: said.ExternalSharing, FullReach: said.AdminReach == FullReach}
	return to, c.unchanged(ShowPolicy)
}

// ChangePolicy sets the organization's sharing policy, and narrows what stands wider than it allows.
func ChangePolicy(c *Call) (Answer, error) {
	to, err := c.policyChange()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.ChangePolicy(c.ctx(), c.By, c.Org.ID, to, nil); err != nil {
		return Answer{}, err
	}
	return ShowPolicy(c)
}

// A PolicyPreview is what a policy would do. Nothing is done.
type PolicyPreview struct {
	Preview
	Narrowed []Narrowed `json:"narrowed" doc:"Resources that stand wider than it allows, and would get its widest mode."`
	Ended    []Grant    `json:"ended" doc:"Grants to those outside, which would end."`
}

// Narrowed is a resource whose access mode is wider than a policy allows.
type Narrowed struct {
	Named
	AccessMode access.Mode `json:"access_mode" doc:"Until now."`
}

// PreviewPolicy says what a policy would take back, and from whom.
func PreviewPolicy(c *Call) (Answer, error) {
	to, err := c.policyChange()
	if err != nil {
		return Answer{}, err
	}
	takes, effect, err := c.store.PreviewPolicy(c.ctx(), c.By, c.Org.ID, to, nil)
	if err != nil {
		return Answer{}, err
	}
	shown := PolicyPreview{Preview: preview(effect), Narrowed: []Narrowed{}, Ended: []Grant{}}
	for _, one := range takes.Resources {
		shown.Narrowed = append(shown.Narrowed, Narrowed{Named: *named(one.Ref()), AccessMode: one.Mode})
	}
	for _, one := range takes.Grants {
		ended := grant(one)
		ended.On = named(one.Resource)
		shown.Ended = append(shown.Ended, ended)
	}
	return found(shown)
}
