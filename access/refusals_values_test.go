package access_test

import (
	"time"

	"gatehouse/access"
)

var ofCeilings = []refusal{
	{"nobody hands out more than they hold", sharing("discover", "view", "share"), func(p person) access.Change {
		return give(p.alpha(), toAna, "editor")
	}, access.ErrDenied, ""},
	{"nobody takes back more than they hold", sharing("discover", "view", "query", "share"), func(p person) access.Change {
		return access.RevokeGrant{Resource: p.alpha(), Grant: held(p.alpha(), toAna, "editor")}
	}, access.ErrDenied, ""},
	{"nobody changes a role that is more than their own", sharing("discover", "view", "query", "share"), func(p person) access.Change {
		return regrant(p.alpha(), "editor", "viewer")
	}, access.ErrDenied, ""},
	{"nobody gives the whole organization more than they hold", sharing("discover", "view", "query", "share"), func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.alpha(), ToMode: access.OrganizationMode, ToRole: "editor", Policy: open}
	}, access.ErrDenied, ""},
	{"somebody with all but share cannot share", sharing("discover", "view", "query", "create", "edit", "configure", "connect", "reveal", "delete", "transfer"), func(p person) access.Change {
		return give(p.alpha(), toAna, "viewer")
	}, access.ErrDenied, ""},
	{"nobody makes a rights template that holds more than they do", sharing("discover", "view", "share"), func(p person) access.Change {
		return access.CreateTemplate{Project: p.alpha(), Template: access.Role{ID: "t", Name: "t", Here: access.Discover | access.Edit}}
	}, access.ErrDenied, ""},
	{"nobody narrows a rights template that holds more than they do", sharing("discover", "view", "share"), func(p person) access.Change {
		return access.EditTemplate{Project: p.alpha(), Template: access.Role{ID: "t", Name: "t", Here: access.Discover | access.Edit}, ToName: "t", ToRights: access.Discover}
	}, access.ErrDenied, ""},
	{"an auditor who may configure makes no token that manages people", configuring, func(person) access.Change {
		return access.CreateToken{Token: robot(access.ManageScope)}
	}, access.ErrDenied, ""},
	{"a group admin cannot lift a member to org admin through a group that carries", people["groupadmin"], func(p person) access.Change {
		group := p.group()
		group.Carries = []access.Carried{{Role: roleOf(access.Organization, "admin"), Resource: "Acme", Held: p.actor.Rights}}
		return access.AddGroupMember{Group: group, Member: ana, Role: access.GroupMember}
	}, access.ErrDenied, ""},
	{"a group admin cannot nest a group into one whose parent carries a role", people["groupadmin"], func(p person) access.Change {
		return access.NestGroup{Group: p.carrying(), Member: inner}
	}, access.ErrDenied, ""},
	{"the people of a module may not be managed by somebody who manages another module's", moduleAdmin, func(p person) access.Change {
		group := p.group()
		group.Carries = []access.Carried{{Role: roleOf(access.Module, "user"), Resource: "Credit", Held: access.Discover | access.View}}
		return access.AddGroupMember{Group: group, Member: ana, Role: access.GroupMember}
	}, access.ErrDenied, ""},
}

// moduleAdmin manages one module, and a group.
var moduleAdmin = member("member", func(p *person, _ access.Role) {
	p.module, p.groupAdmin = rightsOf(access.Module, "administrator"), true
})

// configuring is a member who may configure the organization and nothing else there.
var configuring = member("member", func(p *person, _ access.Role) { p.actor.Rights |= access.Configure })

// sharing is a member with only these rights on the project.
func sharing(rights ...string) person {
	return member("member", func(p *person, _ access.Role) {
		for _, name := range rights {
			right, ok := access.ParseRight(name)
			if !ok {
				panic(name)
			}
			p.project |= right
		}
	})
}

var ofSharingOutside = []refusal{
	{"an outsider is Editor at most", people["owner"], func(p person) access.Change {
		return give(p.alpha(), outsider, "admin")
	}, access.ErrInvalid, "role"},
	{"an outsider's grant cannot be changed to Admin", people["owner"], func(p person) access.Change {
		c := regrant(p.alpha(), "viewer", "admin")
		c.Grant.Principal = outsider
		return c
	}, access.ErrInvalid, "role"},
	{"an outsider has no role on a module", people["admin"], func(p person) access.Change {
		return give(p.risk(), outsider, "user")
	}, access.ErrInvalid, "principal"},
	{"nothing is shared outside where the policy forbids it", people["owner"], func(p person) access.Change {
		c := give(p.alpha(), outsider, "viewer")
		c.Policy.ExternalSharing = false
		return c
	}, access.ErrInvalid, "principal"},
}

var ofWhatThereIsNot = []refusal{
	{"a role that the kind does not have is refused", people["operator"], func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Grant.Role = roleOf(access.Module, "user")
		return c
	}, access.ErrInvalid, "role"},
	{"ownership is not granted", people["operator"], func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Grant.Role, _ = access.RoleByID("project/owner")
		return c
	}, access.ErrInvalid, "role"},
	{"a member's role in the organization is not a share", people["admin"], func(p person) access.Change {
		return give(p.organization(), toAna, "admin")
	}, access.ErrInvalid, "principal"},
	{"a group role that there is not is refused", people["operator"], func(p person) access.Change {
		return access.AddGroupMember{Group: p.group(), Member: ana, Role: "superuser"}
	}, access.ErrInvalid, "role"},
	{"no group role is no group role", people["operator"], func(p person) access.Change {
		return access.ChangeGroupMemberRole{Group: p.group(), Member: ana, From: access.GroupAdmin}
	}, access.ErrInvalid, "role"},
	{"a rights template cannot hold share", people["owner"], func(p person) access.Change {
		return access.CreateTemplate{Project: p.alpha(), Template: access.Role{ID: "t", Name: "t", Here: access.Discover | access.Share}}
	}, access.ErrInvalid, "rights"},
	{"a rights template cannot hold transfer", people["operator"], func(p person) access.Change {
		return access.CreateTemplate{Project: p.alpha(), Template: access.Role{ID: "t", Name: "t", Here: access.Discover | access.Transfer}}
	}, access.ErrInvalid, "rights"},
	{"a rights template of another project is no role on this one", people["owner"], func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Grant.Role = access.Role{ID: "t", Kind: access.Project, Name: "t", Here: access.Discover, Project: "beta"}
		return c
	}, access.ErrInvalid, "role"},
	{"a grant is not changed to a rights template of another project", people["operator"], func(p person) access.Change {
		c := regrant(p.alpha(), "viewer", "editor")
		c.ToRole = access.Role{ID: "t", Kind: access.Project, Name: "t", Here: access.Discover, Project: "beta"}
		return c
	}, access.ErrInvalid, "role"},
	{"somebody outside gets no template that holds more than an Editor", people["operator"], func(p person) access.Change {
		c := give(p.alpha(), outsider, "viewer")
		c.Grant.Role = access.Role{ID: "t", Kind: access.Project, Name: "t", Here: access.Discover | access.Connect, Project: "alpha"}
		return c
	}, access.ErrInvalid, "role"},
	{"a template that somebody outside holds does not grow beyond an Editor", people["owner"], func(p person) access.Change {
		return access.EditTemplate{Project: p.alpha(), Template: analyst, ToName: "Analyst", ToRights: access.Discover | access.Delete, Outside: true}
	}, access.ErrInvalid, "rights"},
	{"a template is not named like a role", people["owner"], func(p person) access.Change {
		return access.CreateTemplate{Project: p.alpha(), Template: access.Role{ID: "t", Name: "Viewer", Here: access.Discover}}
	}, access.ErrInvalid, "name"},
	{"a template is not renamed to a role", people["owner"], func(p person) access.Change {
		return access.EditTemplate{Project: p.alpha(), Template: analyst, ToName: "owner", ToRights: access.Discover}
	}, access.ErrInvalid, "name"},
	{"two templates of a project do not share a name", people["owner"], func(p person) access.Change {
		return access.CreateTemplate{Project: p.alpha(), Template: analyst, Taken: true}
	}, access.ErrInvalid, "name"},
	{"a template that is given is not deleted", people["owner"], func(p person) access.Change {
		return access.DeleteTemplate{Project: p.alpha(), Template: analyst, Grants: 2, People: 31}
	}, access.ErrConflict, ""},
	{"a package has no rights templates", people["operator"], func(p person) access.Change {
		return access.CreateTemplate{Project: core, Template: analyst}
	}, access.ErrInvalid, "project"},
	{"a file cannot make a resource whose owner is no member", people["operator"], func(p person) access.Change {
		return access.ImportResource{Parent: p.risk(), Resource: p.alpha(), Owner: access.Member{}, Policy: open}
	}, access.ErrInvalid, "owner"},
	{"a file cannot make a resource whose owner is deactivated", people["admin"], func(p person) access.Change {
		return access.ImportResource{Parent: p.risk(), Resource: p.alpha(), Owner: gone, Policy: open}
	}, access.ErrInvalid, "owner"},
	{"an access mode that is not in the enum is refused", people["operator"], func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.alpha(), ToMode: "friends", ToRole: "viewer", Policy: open}
	}, access.ErrInvalid, "access_mode"},
	{"no access mode is no access mode", people["operator"], func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.alpha(), ToMode: "", ToRole: "viewer", Policy: open}
	}, access.ErrInvalid, "access_mode"},
	{"a secret cannot be Public", people["operator"], ofKind(access.Secret, access.Public), access.ErrInvalid, "access_mode"},
	{"a connection cannot be Anonymous", people["operator"], ofKind(access.Connection, access.Anonymous), access.ErrInvalid, "access_mode"},
	{"a constant cannot be Public", people["operator"], ofKind(access.Constant, access.Public), access.ErrInvalid, "access_mode"},
	{"no mode is wider than the organization's policy", people["owner"], func(p person) access.Change {
		c := access.ChangeAccessMode{Resource: p.alpha(), ToMode: access.Public, ToRole: "viewer", Policy: open}
		c.Policy.WidestMode = access.OrganizationMode
		return c
	}, access.ErrInvalid, "access_mode"},
	{"the whole organization is never made Admin", people["owner"], func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.alpha(), ToMode: access.OrganizationMode, ToRole: "admin", Policy: open}
	}, access.ErrInvalid, "org_role"},
	{"a module has no access mode", people["operator"], func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.risk(), ToMode: access.Public, ToRole: "user", Policy: open}
	}, access.ErrDenied, ""},
	{"a package holds nothing", people["operator"], func(p person) access.Change {
		return access.CreateResource{Parent: core, Resource: p.alpha()}
	}, access.ErrInvalid, "kind"},
	{"no second organization grows inside one", people["operator"], func(p person) access.Change {
		return access.CreateResource{Parent: p.organization(), Resource: p.organization()}
	}, access.ErrInvalid, "kind"},
	{"a grant cannot end in the past", people["owner"], func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Grant.ExpiresAt = &c.Now
		return c
	}, access.ErrInvalid, "expires_at"},
	{"a grant cannot be given an end in the past", people["owner"], func(p person) access.Change {
		c := regrant(p.alpha(), "viewer", "viewer")
		earlier := c.Now.Add(-time.Second)
		c.ToExpiry = &earlier
		return c
	}, access.ErrInvalid, "expires_at"},
}

func ofKind(kind access.Kind, mode access.Mode) func(person) access.Change {
	return func(p person) access.Change {
		resource := p.alpha()
		resource.Kind = kind
		return access.ChangeAccessMode{Resource: resource, ToMode: mode, ToRole: "viewer", Policy: open}
	}
}

var ofLatecomers = []refusal{
	{"a stale list is not shared", people["owner"], func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Stale = true
		return c
	}, access.ErrConflict, ""},
	{"a stale list is not changed", people["owner"], func(p person) access.Change {
		c := regrant(p.alpha(), "viewer", "editor")
		c.Stale = true
		return c
	}, access.ErrConflict, ""},
	{"a grant is not revoked from a stale list", people["owner"], func(p person) access.Change {
		return access.RevokeGrant{Resource: p.alpha(), Grant: held(p.alpha(), toAna, "viewer"), Stale: true}
	}, access.ErrConflict, ""},
	{"a stale resource is not given away", people["owner"], func(p person) access.Change {
		return access.TransferResource{Resource: p.alpha(), To: ana, Stale: true}
	}, access.ErrConflict, ""},
	{"an access mode is not set on a stale list", people["owner"], func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.alpha(), ToMode: access.Public, ToRole: "viewer", Policy: open, Stale: true}
	}, access.ErrConflict, ""},
	{"a role is not changed by a stale form", people["admin"], func(person) access.Change {
		return access.ChangeMemberRole{Member: ana, To: roleOf(access.Organization, "auditor"), Stale: true}
	}, access.ErrConflict, ""},
	{"nobody is deactivated by a stale form", people["admin"], func(person) access.Change {
		return access.DeactivateMember{Member: ana, Stale: true}
	}, access.ErrConflict, ""},
	{"a policy is not set by a stale form", people["admin"], func(person) access.Change {
		return access.ChangePolicy{To: access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.Public}, Stale: true}
	}, access.ErrConflict, ""},
	{"an invitation that was used is not renewed", people["admin"], func(person) access.Change { return access.RenewInvitation{} }, access.ErrConflict, ""},
	{"an invitation that was used is not revoked", people["admin"], func(person) access.Change { return access.RevokeInvitation{} }, access.ErrConflict, ""},
	{"an owner is not also granted a role", people["operator"], func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Resource.Owner = ana.Person
		return c
	}, access.ErrConflict, ""},
	{"a group does not contain itself", people["groupadmin"], func(p person) access.Change {
		return access.NestGroup{Group: p.group(), Member: p.group()}
	}, access.ErrConflict, ""},
	{"groups make no circle", people["groupadmin"], func(p person) access.Change {
		return access.NestGroup{Group: p.group(), Member: inner, Cycle: []string{"Inner", "Research"}}
	}, access.ErrConflict, ""},
}
