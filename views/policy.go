package views

import "gatehouse/access"

// PolicyForm sets an organization's sharing policy. It posts default_mode, default_role, widest_mode, external_sharing,
// admin_reach and, where it showed what it would take back, confirm.
type PolicyForm struct {
	Org      string
	OrgName  string
	Policy   access.Policy
	Roles    []access.Role // that Organization mode can give on a project
	Preview  *PolicyPreview
	Confirm  string
	Problems Problems
}

// A PolicyPreview is what a new policy would take back, and what would become of whose access.
type PolicyPreview struct {
	Resources []access.Resource
	Grants    []access.Grant
	Effect    access.Effect
}

const shownNarrowed = 10 // of each kind; the rest is counted

func (p PolicyPreview) lead() string {
	if len(p.Resources) == 0 && len(p.Grants) == 0 && len(p.Effect.Lines) == 0 {
		return "Nothing that exists changes by this."
	}
	return effectLead(p.Effect)
}

func (f PolicyForm) button() string {
	if f.Preview != nil {
		return "Apply the policy"
	}
	return "Save the policy"
}

// modeLine is what a choice of the widest mode means.
func modeLine(mode access.Mode) string {
	switch mode {
	case access.Restricted:
		return "Only people who were given access."
	case access.OrganizationMode:
		return "At most every member of the organization."
	case access.Public:
		return "At most everybody who has an account on this server."
	}
	return "Anyone on the internet, where an owner chooses so."
}
