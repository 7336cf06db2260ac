package access_test

import (
	"time"

	"gatehouse/access"
)

// The people of the policy table, and its changes.

// A person is an actor with what they hold where the changes of the table happen.
type person struct {
	actor      access.Actor // with their rights on the organization
	module     access.Rights
	project    access.Rights
	groupAdmin bool
}

var people = map[string]person{
	"operator":     {actor: access.Actor{Active: true, Operator: true}},
	"admin":        member("admin", func(p *person, r access.Role) { p.module, p.project = r.BelowOnModules(), r.Below }),
	"auditor":      member("auditor", func(p *person, r access.Role) { p.module, p.project = r.BelowOnModules(), r.Below }),
	"modeler":      member("modeler", func(p *person, r access.Role) { p.module, p.project = r.BelowOnModules(), r.Below }),
	"member":       member("member", nil),
	"groupadmin":   member("member", func(p *person, _ access.Role) { p.groupAdmin = true }),
	"owner":        member("member", func(p *person, _ access.Role) { p.project = access.OwnerRights() }),
	"projectadmin": member("member", func(p *person, _ access.Role) { p.project = rightsOf(access.Project, "admin") }),
	"editor":       member("member", func(p *person, _ access.Role) { p.project = rightsOf(access.Project, "editor") }),
	"viewer":       member("member", func(p *person, _ access.Role) { p.project = rightsOf(access.Project, "viewer") }),
	"outsider":     {actor: access.Actor{ID: "outsider", Email: "guest@example.com", Active: true, Proven: true}},
	"deactivated":  {actor: access.Actor{ID: "deactivated", Email: "guest@example.com"}, project: access.OwnerRights(), groupAdmin: true},
}

func member(role string, more func(*person, access.Role)) person {
	held := roleOf(access.Organization, role)
	p := person{actor: access.Actor{ID: "somebody", Email: "somebody@acme.test", Active: true, Member: true, Proven: true, Rights: held.Here}}
	if more != nil {
		more(&p, held)
	}
	return p
}

func roleOf(kind access.Kind, name string) access.Role {
	role, err := access.FindRole(kind, name)
	if err != nil {
		panic(err)
	}
	return role
}

func rightsOf(kind access.Kind, name string) access.Rights { return roleOf(kind, name).Here }

// The things that the changes of the table are about.
var (
	ana      = access.Member{Person: access.Person{ID: "ana", Name: "Ana"}, Status: access.Active, Role: roleOf(access.Organization, "member")}
	gone     = access.Member{Person: access.Person{ID: "gus", Name: "Gus"}, Status: access.Deactivated, Role: roleOf(access.Organization, "member")}
	acme     = access.Org{ID: "acme", Slug: "acme", Name: "Acme"}
	open     = access.Policy{DefaultMode: access.OrganizationMode, DefaultRole: "editor", WidestMode: access.Anonymous, ExternalSharing: true}
	closed   = access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.Restricted}
	past     = time.Now().Add(-time.Hour)
	soon     = time.Now().Add(time.Hour)
	quant    = access.Principal{Ref: access.Ref{Type: "group", ID: "quant", Name: "Quant"}, Active: true}
	toAna    = access.Principal{Ref: ana.Ref(), Active: true}
	outsider = access.Principal{Ref: access.Ref{Type: "user", ID: "eve", Name: "Eve"}, External: true, Active: true}
)

func (p person) organization() access.Resource {
	return access.Resource{ID: "acme", Kind: access.Organization, Name: "Acme", Mode: access.Restricted, Rights: p.actor.Rights}
}

func (p person) risk() access.Resource {
	return access.Resource{ID: "risk", Kind: access.Module, Name: "Risk", Mode: access.Restricted, Rights: p.module}
}

func (p person) alpha() access.Resource {
	return access.Resource{ID: "alpha", Kind: access.Project, Name: "Alpha", Owner: access.Person{ID: "otto"}, Mode: access.Restricted, OrgRole: "viewer", Rights: p.project}
}

// inAlpha is something in Alpha, on which a person holds what they hold on Alpha.
func (p person) inAlpha(kind access.Kind) access.Resource {
	return access.Resource{ID: "inside", Kind: kind, Name: "Rates", Owner: access.Person{ID: "otto"}, Mode: access.Restricted, OrgRole: "viewer", Rights: p.project}
}

func (p person) group() access.GroupFacts {
	return access.GroupFacts{ID: "research", Name: "Research", Admin: p.groupAdmin}
}

// carrying is the same group, with a role in the organization and one on a module that a parent group passes on.
func (p person) carrying() access.GroupFacts {
	group := p.group()
	group.Carries = []access.Carried{
		{Role: roleOf(access.Organization, "auditor"), Resource: "Acme", Held: p.actor.Rights},
		{Role: roleOf(access.Module, "creator"), Resource: "Risk", Through: "Parents", Held: p.module},
	}
	return group
}

// managed is the same group, kept by an identity provider.
func (p person) managed() access.GroupFacts {
	group := p.group()
	group.Managed = true
	return group
}

func managed(member access.Member) access.Member {
	member.Managed = true
	return member
}

func give(resource access.Resource, who access.Principal, role string) access.GrantRole {
	return access.GrantRole{Resource: resource, Grant: held(resource, who, role), Policy: open, Now: time.Now()}
}

func held(resource access.Resource, who access.Principal, role string) access.Grant {
	return access.Grant{ID: "grant", Resource: resource.Ref(), Principal: who, Role: roleOf(resource.Kind, role)}
}

var inner = access.GroupFacts{ID: "inner", Name: "Inner"}

var mostChanges = map[string]func(person) access.Change{
	"CreateOrganization": func(person) access.Change { return access.CreateOrganization{Org: acme, Admin: ana.Person} },
	"RestoreAdmin":       func(person) access.Change { return access.RestoreAdmin{Org: acme, Admin: ana.Person} },
	"RenameOrganization": func(person) access.Change { return access.RenameOrganization{Org: acme, To: "Apex"} },

	"ChangeSignInPolicy": func(person) access.Change {
		return access.ChangeSignInPolicy{Org: acme, To: access.SignInPolicy{IdleHours: 1, AbsoluteHours: 168, SecondFactor: true}, Able: true}
	},
	"ChangeProvider": func(person) access.Change {
		return access.ChangeProvider{Org: acme, To: access.Provider{Issuer: "https://login.acme.test", ClientID: "gatehouse", Enabled: true}, Secret: true, Able: true}
	},
	"LinkIdentity one's-own": func(p person) access.Change {
		return access.LinkIdentity{Member: themselves(p), Issuer: "https://login.acme.test", Subject: "1"}
	},
	"LinkIdentity somebody-else's":    func(person) access.Change { return access.LinkIdentity{Member: ana} },
	"SignInThroughProvider one's-own": func(p person) access.Change { return access.SignInThroughProvider{Member: themselves(p)} },
	"SignInThroughProvider as-another": func(person) access.Change {
		return access.SignInThroughProvider{Member: ana}
	},
	"UnlinkIdentities":  func(person) access.Change { return access.UnlinkIdentities{Member: ana, Linked: true} },
	"EndMemberSessions": func(person) access.Change { return access.EndMemberSessions{Member: ana} },
	"RenameUser one's-own": func(p person) access.Change {
		return access.RenameUser{User: access.Person{ID: p.actor.ID, Name: "Somebody"}, To: "Else"}
	},
	"RenameUser somebody-else": func(person) access.Change { return access.RenameUser{User: ana.Person, To: "Else"} },
	"AddFactor one's-own": func(p person) access.Change {
		return access.AddFactor{User: access.Person{ID: p.actor.ID, Name: "Somebody"}, Factor: access.AppFactor}
	},
	"AddFactor somebody-else's": func(person) access.Change { return access.AddFactor{User: ana.Person} },
	"RemoveFactor one's-own": func(p person) access.Change {
		return access.RemoveFactor{User: access.Person{ID: p.actor.ID, Name: "Somebody"}, Factor: access.AppFactor}
	},
	"RemoveFactor somebody-else's": func(person) access.Change { return access.RemoveFactor{User: ana.Person} },
	"RenamePasskey one's-own": func(p person) access.Change {
		return access.RenamePasskey{User: access.Person{ID: p.actor.ID, Name: "Somebody"}, From: "Phone", To: "Old phone"}
	},
	"RenamePasskey somebody-else's": func(person) access.Change { return access.RenamePasskey{User: ana.Person} },
	"RenewRecoveryCodes one's-own": func(p person) access.Change {
		return access.RenewRecoveryCodes{User: access.Person{ID: p.actor.ID, Name: "Somebody"}}
	},

	"ChangePolicy": func(person) access.Change { return access.ChangePolicy{Org: acme, To: open} },
	"NarrowAccessMode": func(p person) access.Change {
		wide := p.alpha()
		wide.Mode = access.Anonymous
		return access.NarrowAccessMode{Resource: wide, Policy: closed}
	},
	"EndExternalGrant": func(p person) access.Change {
		return access.EndExternalGrant{Grant: held(p.alpha(), outsider, "viewer"), Policy: closed}
	},

	"InviteMember": func(person) access.Change { return invite() },
	"InviteMember into-a-group": func(p person) access.Change {
		c := invite()
		c.Groups = []access.GroupFacts{p.carrying()}
		return c
	},
	"RenewInvitation": func(person) access.Change {
		return access.RenewInvitation{Invitation: "i", Email: "new@acme.test", Open: true}
	},
	"RevokeInvitation": func(person) access.Change {
		return access.RevokeInvitation{Invitation: "i", Email: "new@acme.test", Open: true}
	},
	"AcceptInvitation of-the-outsider": func(p person) access.Change {
		return access.AcceptInvitation{Invitation: "i", Email: "guest@example.com", Role: roleOf(access.Organization, "member"), Open: true,
			Member: p.actor.Member, Inviter: people["admin"].actor}
	},
	"ChangeMemberRole": func(person) access.Change {
		return access.ChangeMemberRole{Member: ana, To: roleOf(access.Organization, "modeler")}
	},
	"DeactivateMember": func(person) access.Change { return access.DeactivateMember{Member: ana} },
	"ReactivateMember": func(person) access.Change { return access.ReactivateMember{Member: gone} },
	"RemoveMember": func(person) access.Change {
		return access.RemoveMember{Member: ana, Owns: 2, Heirs: []access.Heir{{Person: access.Person{ID: "otto"}, Fits: true, Resources: 2}}}
	},

	"CreateGroup": func(p person) access.Change { return access.CreateGroup{Group: p.group()} },
	"EditGroup":   func(p person) access.Change { return access.EditGroup{Group: p.group(), ToName: "Science"} },
	"DeleteGroup": func(p person) access.Change { return access.DeleteGroup{Group: p.group()} },
	"AddGroupMember": func(p person) access.Change {
		return access.AddGroupMember{Group: p.group(), Member: ana, Role: access.GroupMember}
	},
	"ChangeGroupMemberRole": func(p person) access.Change {
		return access.ChangeGroupMemberRole{Group: p.group(), Member: ana, From: access.GroupMember, To: access.GroupAdmin}
	},
	"RemoveGroupMember": func(p person) access.Change { return access.RemoveGroupMember{Group: p.group(), Member: ana} },
	"NestGroup":         func(p person) access.Change { return access.NestGroup{Group: p.group(), Member: inner} },
	"UnnestGroup":       func(p person) access.Change { return access.UnnestGroup{Group: p.group(), Member: inner} },

	"EditGroup that-carries":   func(p person) access.Change { return access.EditGroup{Group: p.carrying(), ToName: "Science"} },
	"DeleteGroup that-carries": func(p person) access.Change { return access.DeleteGroup{Group: p.carrying()} },
	"AddGroupMember that-carries": func(p person) access.Change {
		return access.AddGroupMember{Group: p.carrying(), Member: ana, Role: access.GroupMember}
	},
	"ChangeGroupMemberRole that-carries": func(p person) access.Change {
		return access.ChangeGroupMemberRole{Group: p.carrying(), Member: ana, From: access.GroupMember, To: access.GroupAdmin}
	},
	"RemoveGroupMember that-carries": func(p person) access.Change { return access.RemoveGroupMember{Group: p.carrying(), Member: ana} },
	"NestGroup that-carries":         func(p person) access.Change { return access.NestGroup{Group: p.carrying(), Member: inner} },
	"UnnestGroup that-carries":       func(p person) access.Change { return access.UnnestGroup{Group: p.carrying(), Member: inner} },

	"ProvisionMember": func(person) access.Change {
		return access.ProvisionMember{Account: access.AccountStanding{Person: ana.Person, New: true}, Role: roleOf(access.Organization, "member")}
	},
	"EditProvisionedMember": func(person) access.Change {
		return access.EditProvisionedMember{Account: access.AccountStanding{Person: ana.Person, Member: true}, ToName: "Ana L."}
	},
	"ProvisionGroup":           func(p person) access.Change { return access.ProvisionGroup{Group: p.group()} },
	"EditProvisionedGroup":     func(p person) access.Change { return access.EditProvisionedGroup{Group: p.group(), ToName: "Science"} },
	"DeactivateMember managed": func(person) access.Change { return access.DeactivateMember{Member: managed(ana)} },
	"ReactivateMember managed": func(person) access.Change { return access.ReactivateMember{Member: managed(gone)} },
	"RemoveMember managed":     func(person) access.Change { return access.RemoveMember{Member: managed(ana)} },
	"ChangeMemberRole managed": func(person) access.Change {
		return access.ChangeMemberRole{Member: managed(ana), To: roleOf(access.Organization, "modeler")}
	},
	"RenameUser managed": func(p person) access.Change {
		return access.RenameUser{User: access.Person{ID: p.actor.ID, Name: "Somebody"}, To: "Else", Provisioner: "Acme"}
	},
	"EditGroup managed":   func(p person) access.Change { return access.EditGroup{Group: p.managed(), ToName: "Science"} },
	"DeleteGroup managed": func(p person) access.Change { return access.DeleteGroup{Group: p.managed()} },
	"AddGroupMember managed": func(p person) access.Change {
		return access.AddGroupMember{Group: p.managed(), Member: ana, Role: access.GroupMember}
	},
	"ChangeGroupMemberRole managed": func(p person) access.Change {
		return access.ChangeGroupMemberRole{Group: p.managed(), Member: ana, From: access.GroupMember, To: access.GroupAdmin}
	},
	"RemoveGroupMember managed":    func(p person) access.Change { return access.RemoveGroupMember{Group: p.managed(), Member: ana} },
	"NestGroup into-a-managed-one": func(p person) access.Change { return access.NestGroup{Group: p.managed(), Member: inner} },
	"NestGroup a-managed-one": func(p person) access.Change {
		return access.NestGroup{Group: p.group(), Member: access.GroupFacts{ID: "inner", Name: "Inner", Managed: true}}
	},
	"UnnestGroup managed": func(p person) access.Change { return access.UnnestGroup{Group: p.managed(), Member: inner} },
	"InviteMember into-a-managed-group": func(p person) access.Change {
		c := invite()
		c.Groups = []access.GroupFacts{p.managed()}
		return c
	},
	"GrantRole to-a-managed-group": func(p person) access.Change { return give(p.alpha(), quant, "viewer") },

	"GrantRole viewer":                func(p person) access.Change { return give(p.alpha(), toAna, "viewer") },
	"GrantRole admin":                 func(p person) access.Change { return give(p.alpha(), quant, "admin") },
	"GrantRole editor-to-an-outsider": func(p person) access.Change { return give(p.alpha(), outsider, "editor") },
	"GrantRole admin-to-an-outsider":  func(p person) access.Change { return give(p.alpha(), outsider, "admin") },
	"GrantRole on-the-module":         func(p person) access.Change { return give(p.risk(), toAna, "administrator") },
	"GrantRole of-the-organization":   func(p person) access.Change { return give(p.organization(), quant, "auditor") },
	"ChangeGrant viewer-to-editor":    func(p person) access.Change { return regrant(p.alpha(), "viewer", "editor") },
	"ChangeGrant admin-to-viewer":     func(p person) access.Change { return regrant(p.alpha(), "admin", "viewer") },
	"GrantRole to-oneself-for-longer": func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Own, c.End = true, access.End{At: &soon}
		return c
	},
	"ChangeGrant one's-own-for-longer": func(p person) access.Change {
		c := regrant(p.alpha(), "viewer", "viewer")
		c.Own, c.End = true, access.End{At: &soon}
		return c
	},
	"ExpireGrant": func(p person) access.Change {
		grant := held(p.alpha(), toAna, "viewer")
		grant.ExpiresAt = &past
		return access.ExpireGrant{Grant: grant, Now: time.Now()}
	},
	"RevokeGrant viewer": func(p person) access.Change {
		return access.RevokeGrant{Resource: p.alpha(), Grant: held(p.alpha(), toAna, "viewer")}
	},
	"RevokeGrant of-the-organization": func(p person) access.Change {
		return access.RevokeGrant{Resource: p.organization(), Grant: held(p.organization(), quant, "admin")}
	},

	"CreateResource project-in-module":  func(p person) access.Change { return access.CreateResource{Parent: p.risk(), Resource: p.alpha()} },
	"CreateResource package-in-project": func(p person) access.Change { return access.CreateResource{Parent: p.alpha(), Resource: core} },
	"EditResource":                      func(p person) access.Change { return access.EditResource{Resource: p.alpha(), ToName: "Beta"} },
	"EditResource module":               func(p person) access.Change { return access.EditResource{Resource: p.risk(), ToName: "Credit"} },
	"EditContent":                       func(p person) access.Change { return access.EditContent{Resource: p.inAlpha(access.Dataset)} },
	"EditContent of-a-connection":       func(p person) access.Change { return access.EditContent{Resource: p.inAlpha(access.Connection)} },
	"EditContent of-a-project":          func(p person) access.Change { return access.EditContent{Resource: p.alpha()} },
	"ReplaceSecret":                     func(p person) access.Change { return access.ReplaceSecret{Resource: p.inAlpha(access.Secret)} },
	"RevealSecret": func(p person) access.Change {
		return access.RevealSecret{Resource: p.inAlpha(access.Secret)}
	},
	"DeleteResource full-module": func(p person) access.Change { return access.DeleteResource{Resource: p.risk(), Inside: 2} },
	"CreateResource module": func(p person) access.Change {
		return access.CreateResource{Parent: p.organization(), Resource: p.risk()}
	},
	"ReplaceFile":           func(p person) access.Change { return access.ReplaceFile{Resource: p.inAlpha(access.Artifact)} },
	"DeleteResource":        func(p person) access.Change { return access.DeleteResource{Resource: p.alpha()} },
	"DeleteResource module": func(p person) access.Change { return access.DeleteResource{Resource: p.risk()} },
	"TransferResource":      func(p person) access.Change { return access.TransferResource{Resource: p.alpha(), To: ana} },
	"MoveResource to-a-module": func(p person) access.Change {
		return access.MoveResource{Resource: p.inAlpha(access.Dataset), From: p.alpha(), To: p.risk(), Moving: access.OwnerRights()}
	},
	"MoveResource out-of-a-module": func(p person) access.Change { // into a place that gives its members what Editors have
		return access.MoveResource{Resource: p.inAlpha(access.Dataset), From: p.risk(), To: p.alpha(), Moving: rightsOf(access.Project, "editor")}
	},
	"MoveResource between-owned-projects": func(p person) access.Change {
		beta := p.alpha()
		beta.ID = "beta"
		return access.MoveResource{Resource: p.inAlpha(access.Dataset), From: p.alpha(), To: beta, Moving: access.OwnerRights()}
	},
	"MoveResource into-itself": func(p person) access.Change {
		return access.MoveResource{Resource: p.inAlpha(access.Bucket), From: p.alpha(), To: p.inAlpha(access.Bucket), Within: true}
	},
	"ChangeAccessMode": func(p person) access.Change {
		return access.ChangeAccessMode{Resource: p.alpha(), ToMode: access.Public, ToRole: "viewer", Policy: open}
	},

	"CreateToken to-decide": func(person) access.Change {
		return access.CreateToken{Token: robot(access.DecideScope), Now: time.Now()}
	},
	"CreateToken to-manage": func(person) access.Change {
		return access.CreateToken{Token: robot(access.ManageScope), Now: time.Now()}
	},
	"RevokeToken": func(person) access.Change { return access.RevokeToken{Token: robot(access.DecideScope)} },
	"EndToken":    func(person) access.Change { return access.EndToken{Token: robot(access.DecideScope)} },
	"EndToken of-their-own": func(p person) access.Change {
		token := robot(access.ManageScope)
		token.MadeBy = p.actor.ID
		return access.EndToken{Token: token}
	},

	"ImportUser":   func(person) access.Change { return access.ImportUser{User: ana.Person, Status: access.Active} },
	"ImportMember": func(person) access.Change { return access.ImportMember{Member: ana} },
	"ImportResource module": func(p person) access.Change {
		return access.ImportResource{Parent: p.organization(), Resource: p.risk(), Policy: open}
	},
	"ImportResource project-in-module": func(p person) access.Change {
		return access.ImportResource{Parent: p.risk(), Resource: p.alpha(), Owner: ana, Policy: open}
	},
	"ImportResource package-in-project": func(p person) access.Change {
		return access.ImportResource{Parent: p.alpha(), Resource: core, Owner: ana, Policy: open}
	},

	"CreateTemplate": func(p person) access.Change { return access.CreateTemplate{Project: p.alpha(), Template: analyst} },
	"EditTemplate": func(p person) access.Change {
		return access.EditTemplate{Project: p.alpha(), Template: analyst, ToName: "Reader", ToRights: access.Discover | access.View}
	},
	"DeleteTemplate": func(p person) access.Change { return access.DeleteTemplate{Project: p.alpha(), Template: analyst} },
	"GrantRole a-template": func(p person) access.Change {
		c := give(p.alpha(), toAna, "viewer")
		c.Grant.Role = analyst
		return c
	},
}

func themselves(p person) access.Member {
	return access.Member{Person: access.Person{ID: p.actor.ID, Name: "Somebody"}, Status: access.Active}
}

// analyst is a rights template of alpha.
var analyst = access.Role{ID: "analyst", Kind: access.Project, Name: "Analyst", Title: "Analyst", Here: access.Discover | access.View | access.Query,
	Below: access.Discover | access.View | access.Query, Project: "alpha"}

var core = access.Resource{ID: "core", Kind: access.Package, Name: "Core", Mode: access.Restricted, OrgRole: "viewer"}

func robot(scope access.Scope) access.APIToken {
	return access.APIToken{ID: "token", Name: "Robot", Scopes: []access.Scope{scope}}
}

func invite() access.InviteMember {
	return access.InviteMember{Invitation: "i", Email: "new@acme.test", Role: roleOf(access.Organization, "member")}
}

func regrant(resource access.Resource, from, to string) access.ChangeGrant {
	return access.ChangeGrant{Resource: resource, Grant: held(resource, toAna, from), ToRole: roleOf(resource.Kind, to), Policy: open, Now: time.Now()}
}
