package access

import "slices"

// A Role is a named set of rights on one kind of resource: Here on the resource granted, Below on everything under it.
type Role struct {
	ID       string // "project/viewer"; a rights template has a UUID
	Kind     Kind
	Name     string // lower case, as files and the API write it
	Title    string // as pages write it
	Explains string // one sentence for the person who chooses it
	Here     Rights
	Below    Rights
	Project  ID // the project that a rights template belongs to
}

// OwnerRole is the name of what an owner holds. It is held, never granted.
const OwnerRole = "owner"

const (
	viewer  = Discover | View | Query
	modeler = viewer | Create | Edit
	editor  = modeler | Configure | Reveal
	admin   = editor | Connect | Share | Delete
	owner   = admin | Transfer
)

// roles is the table of the built-in roles of each kind. Every row carries Discover: whoever may view may discover.
var roles = makeRoles()

func makeRoles() []Role {
	list := []Role{
		{Kind: Organization, Name: "admin", Title: "Admin", Explains: "Manages members, groups and settings, creates projects, and sees that every project exists.",
			Here: Discover | View | Configure | Create | Members | Groups | Audit | Connect, Below: Discover | Connect | Transfer},
		{Kind: Organization, Name: "auditor", Title: "Auditor", Explains: "Reads the audit log and sees who has access to what. Changes nothing.",
			Here: Discover | View | Audit, Below: Discover},
		{Kind: Organization, Name: "modeler", Title: "Modeler", Explains: "Creates projects, and opens what is shared with them.",
			Here: Discover | View | Create},
		{Kind: Organization, Name: "member", Title: "Member", Explains: "Opens what is shared with them.",
			Here: Discover | View},
		{Kind: Module, Name: "administrator", Title: "Administrator", Explains: "Manages the module and its people, and creates in it.",
			Here: Discover | View | Create | Configure | Members},
		{Kind: Module, Name: "creator", Title: "Creator", Explains: "Creates projects in the module.",
			Here: Discover | View | Create},
		{Kind: Module, Name: "user", Title: "User", Explains: "Sees the module, and opens what is shared with them in it.",
			Here: Discover | View},
	}
	for _, kind := range Kinds() {
		if kind.Owned() {
			list = append(list, contentRoles(kind)...)
		}
	}
	for i := range list {
		list[i].ID = RoleID(list[i].Kind, list[i].Name)
	}
	return list
}

// contentRoles are the roles on a project or on anything below it; they reach all that it contains.
func contentRoles(kind Kind) []Role {
	list := []Role{
		{Name: "viewer", Title: "Viewer", Explains: "Can open it and run queries.", Here: viewer},
		{Name: "modeler", Title: "Modeler", Explains: "Can also create and edit packages.", Here: modeler},
		{Name: "editor", Title: "Editor", Explains: "Can also change its settings and read its secrets.", Here: editor},
		{Name: "admin", Title: "Admin", Explains: "Can also share, connect and delete it.", Here: admin},
		{Name: OwnerRole, Title: "Owner", Explains: "In full control.", Here: owner},
	}
	if kind != Project {
		list = slices.DeleteFunc(list, func(r Role) bool { return r.Name == "modeler" })
	}
	for i := range list {
		list[i].Kind, list[i].Below = kind, list[i].Here
	}
	return list
}

// RoleID is the key of a built-in role.
func RoleID(kind Kind, name string) string { return string(kind) + "/" + name }

// Roles lists every built-in role, Owner among them.
func Roles() []Role { return slices.Clone(roles) }

// RolesOf lists the built-in roles that can be granted on a kind, the strongest first on containers, the weakest first elsewhere.
func RolesOf(kind Kind) []Role {
	var list []Role
	for _, role := range roles {
		if role.Kind == kind && role.Name != OwnerRole {
			list = append(list, role)
		}
	}
	return list
}

// WeakestRole is the least that can be granted on a kind: the nearest grant that somebody without any is missing.
func WeakestRole(kind Kind) Role {
	list := RolesOf(kind)
	weakest := list[0]
	for _, role := range list {
		if role.Here.Count() < weakest.Here.Count() {
			weakest = role
		}
	}
	return weakest
}

// FindRole finds a built-in role that can be granted on a kind. An unknown name is refused, never replaced by a default.
func FindRole(kind Kind, name string) (Role, error) {
	for _, role := range RolesOf(kind) {
		if role.Name == name {
			return role, nil
		}
	}
	return Role{}, Invalid("role", "%q is not a role on a %s.", name, kind)
}

// OrganizationRoles lists what Organization mode may give on a kind.
func OrganizationRoles(kind Kind) []Role {
	return slices.DeleteFunc(RolesOf(kind), func(r Role) bool { return !r.Here.Has(View) || r.Here.Has(Share) || !kind.Owned() })
}

// needed is what one must hold on a resource to hand out, change or take back this role there: nobody
// hands out more than they hold.
func (r Role) needed() Rights {
	if !r.Kind.Owned() {
		return r.Kind.Handing()
	}
	return r.Kind.Handing() | r.Here | r.Below
}

// Strongest picks the role that says most about a set of rights, for a badge; ok is false where none fits within it. Nobody is
// an owner by their rights.
func Strongest(kind Kind, held Rights) (role Role, ok bool) {
	for _, candidate := range roles {
		if candidate.Kind == kind && candidate.Name != OwnerRole && held.Has(candidate.Here) && (!ok || candidate.Here.Count() > role.Here.Count()) {
			role, ok = candidate, true
		}
	}
	return role, ok
}

// OwnerRights is what the owner of a resource holds on it and on everything below.
func OwnerRights() Rights { return owner }

// RoleByID finds any built-in role, Owner among them; ok is false for a rights template.
func RoleByID(id string) (role Role, ok bool) {
	for _, role := range roles {
		if role.ID == id {
			return role, true
		}
	}
	return Role{}, false
}

// BelowOnModules is what the role gives on a module when it is held on the organization: `create` on the organization
// does so in every module, and so does the right to configure it and its members. Who may do something there may know of it.
func (r Role) BelowOnModules() Rights {
	reach := r.Here & (Create | Configure | Members)
	if r.Kind != Organization || reach == 0 {
		return r.Below
	}
	return r.Below | reach | Discover
}

// AddedAtFullReach is what the role gives below besides when the organization's policy is admin reach = full: an Admin
// then has everything that an owner has.
func (r Role) AddedAtFullReach() Rights {
	if r.ID == RoleID(Organization, "admin") {
		return OwnerRights()
	}
	return 0
}
