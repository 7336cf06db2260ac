package views

import "gatehouse/access"

// PolicyForm sets an organization's sharing policy. It posts default_mode, default_role, widest_mode, external_sharing,
// admin_reach, seen and, where it showed what it would take back, confirm.
type PolicyForm struct {
	Org      string
	OrgName  string
	Policy   access.Policy
	Seen     string         // stands for the policy that is in force
	Present  *access.Policy // where somebody else changed it since: the policy in force
	Roles    []access.Role  // that Organization mode can give on a project
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

// theirs is what somebody else set differently from what is chosen here.
func (f PolicyForm) theirs() (lines []string) {
	now, chosen := f.Present, f.Policy
	if now.WidestMode != chosen.WidestMode {
		lines = append(lines, "The widest access is "+now.WidestMode.Title()+".")
	}
	if now.ExternalSharing != chosen.ExternalSharing {
		lines = append(lines, map[bool]string{true: "Owners may share with people and organizations outside.",
			false: "Owners share only with members and groups of this organization."}[now.ExternalSharing])
	}
	if now.DefaultMode != chosen.DefaultMode || now.DefaultRole != chosen.DefaultRole {
		lines = append(lines, "A new project starts as "+now.DefaultMode.Title()+", with the role "+capital(now.DefaultRole)+" for the organization.")
	}
	if now.FullReach != chosen.FullReach {
		lines = append(lines, map[bool]string{true: "Admins hold everything that an owner holds.", false: "Admins see that everything exists."}[now.FullReach])
	}
	return lines
}
