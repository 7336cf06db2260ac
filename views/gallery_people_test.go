package views

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/access"
)

// Invented people and things for the gallery.

var clock = time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC)

func before(d time.Duration) *time.Time { at := clock.Add(-d); return &at }

const day = 24 * time.Hour

func someone(name string) access.Person {
	id := strings.ReplaceAll(strings.ToLower(name), " ", "-")
	return access.Person{ID: access.ID(id), Name: name, Email: strings.ReplaceAll(id, "-", ".") + "@northwind.test"}
}

var (
	ana      = someone("Ana Petrova")
	boris    = someone("Boris Kim")
	chiara   = someone("Chiara Lindqvist")
	longName = access.Person{ID: "long", Name: "Maximiliana Wolkenstein-Trostburg zu Hohenfels und Unterweissenbach",
		Email: "maximiliana.wolkenstein-trostburg.zu.hohenfels@research.subsidiary.northwind.test"}
	outsider = access.Person{ID: "out", Name: "Ravi Menon", Email: "ravi@harbor-analytics.test"}
)

func group(name string) access.Ref {
	return access.Ref{Type: "group", ID: access.ID("g-" + strings.ToLower(name)), Name: name}
}
func project(name string) access.Ref {
	return access.Ref{Type: "project", ID: access.ID("p-" + strings.ToLower(name)), Name: name}
}
func pkg(name string) access.Ref {
	return access.Ref{Type: "package", ID: access.ID("k-" + strings.ToLower(name)), Name: name}
}

func role(kind access.Kind, name string) access.Role {
	for _, r := range access.Roles() {
		if r.Kind == kind && r.Name == name {
			return r
		}
	}
	panic("no role " + name)
}

func frame(title, path string) Frame {
	org := OrgLink{Slug: "northwind", Name: "Northwind Traders", Role: "Admin"}
	return Frame{Title: title, Person: &ana, Path: path, Org: &org,
		Orgs: []OrgLink{org, {Slug: "harbor", Name: "Harbor Analytics", Role: "Member"}},
		Tree: []TreeNode{{ID: "m1", Kind: access.Module, Name: "Workspace", Children: []TreeNode{
			{ID: "p-alpha", Kind: access.Project, Name: "Alpha", More: true, Current: strings.Contains(path, "p-alpha"), Children: []TreeNode{
				{ID: "k-pricing", Kind: access.Package, Name: "Pricing"}, {ID: "k-curves", Kind: access.Package, Name: "Yield curves"}}},
			{ID: "p-beta", Kind: access.Project, Name: "Beta", Children: []TreeNode{{ID: "k-x", Kind: access.Package, Name: "Inputs"}}},
			{ID: "p-long", Kind: access.Project, Name: "Consolidated regulatory reporting for the northern region"}}}, {ID: "p-shared", Kind: access.Project, Name: "Nightly rates"}},
		More: true, Admin: AdminEntries{Members: true, Groups: true, Audit: true, Settings: true}}
}

func memberRows() []MemberRow {
	first := []string{"Ana", "Boris", "Chiara", "Dmitri", "Elena", "Farid", "Greta", "Hiro", "Ines", "Jonas"}
	last := []string{"Petrova", "Kim", "Lindqvist", "Okafor", "Marchetti"}
	all := access.RolesOf(access.Organization)
	rows := []MemberRow{}
	for i := range 50 {
		person := someone(first[i%10] + " " + last[(i/10+i)%5])
		person.ID = access.ID(fmt.Sprintf("u%d", i))
		row := MemberRow{Person: person, Role: all[3], Status: access.Active, LastSeen: before(time.Duration(i*i) * time.Hour),
			EditRole: May{Do: true}, Deactivate: May{Do: true}, Remove: May{Do: true}}
		row.Groups = []access.Ref{group("Research"), group("Quant"), group("Pricing committee")}[:i%4]
		switch i {
		case 0:
			row.You, row.Role = true, all[0]
			row.EditRole, row.Remove = May{Refusal: "You are the only active Admin. Make somebody else an Admin first."}, May{Refusal: "You are the only active Admin."}
			row.Deactivate = row.Remove
		case 2:
			row.Person, row.MoreGroups = longName, 9
		case 3:
			row = MemberRow{Person: access.Person{Email: "new.colleague@northwind.test"}, Invitation: "i1", Role: all[3], Status: access.Invited,
				ExpiresAt: before(-6 * day), Resend: May{Do: true}, Revoke: May{Do: true}}
		case 4:
			row = MemberRow{Person: access.Person{Email: "slow.colleague@northwind.test"}, Invitation: "i2", Role: all[2], Status: access.Invited,
				ExpiresAt: before(2 * day), Groups: []access.Ref{group("Quant")}, Resend: May{Do: true}, Revoke: May{Do: true}}
		case 5:
			row.Status, row.Deactivate, row.Reactivate = access.Deactivated, May{}, May{Do: true}
		case 6:
			row.LastSeen, row.Role = nil, all[1]
		}
		rows = append(rows, row)
	}
	return rows
}

func accessRows() []AccessRow {
	editor := role(access.Project, "editor")
	return []AccessRow{
		{Resource: project("Alpha"), Role: editor, OtherPaths: 2,
			Reason: access.Path{Source: access.ByGrant, Role: editor, Place: project("Alpha"), Rights: editor.Here, Via: []access.Ref{group("Quant"), group("Research")}}},
		{Resource: pkg("Pricing"), Role: role(access.Package, "editor"),
			Reason: access.Path{Source: access.ByGrant, Role: editor, Place: project("Alpha"), Inherited: true, Rights: editor.Here, Via: []access.Ref{group("Research")}}},
		{Resource: project("Beta"), Role: role(access.Project, "owner"), Reason: access.Path{Source: access.ByOwner, Place: project("Beta")}},
		{Resource: project("Consolidated regulatory reporting for the northern region"), Role: role(access.Project, "viewer"),
			Reason: access.Path{Source: access.ByMode, Mode: access.OrganizationMode, Place: project("Consolidated regulatory reporting for the northern region")}},
	}
}

func memberships() []Membership {
	return []Membership{{Group: group("Quant"), Role: access.GroupAdmin}, {Group: group("Research"), Through: []access.Ref{group("Quant")}}}
}

func events() []AuditEvent {
	undo := &Undo{Path: "/undo", Fields: []Field{{"role", "viewer"}}}
	actor, subject := ana.Ref(), boris.Ref()
	list := []AuditEvent{
		{Action: "grant.changed", Target: project("Alpha"), Subject: group("Research"), Before: access.Facts{"role": "viewer"}, After: access.Facts{"role": "editor", "expires_at": "2027-01-31T00:00:00Z"}, Undo: undo},
		{Action: "member.role_changed", Target: subject, Subject: subject, Before: access.Facts{"role": "member"}, After: access.Facts{"role": "admin"}},
		{Action: "resource.access_mode_changed", Target: project("Alpha"), Before: access.Facts{"access_mode": "organization", "org_role": "editor"}, After: access.Facts{"access_mode": "restricted"}},
		{Action: "grant.revoked", Target: pkg("Pricing"), Subject: longName.Ref(), Before: access.Facts{"role": "viewer"}},
		{Action: "group.member_added", Target: group("Quant"), Subject: subject, After: access.Facts{"role": "admin"}},
		{Action: "group.group_added", Target: group("Research"), Subject: group("Quant")},
		{Action: "invitation.created", Target: access.Ref{Type: "invitation", ID: "i", Name: "new.colleague@northwind.test"}, After: access.Facts{"role": "member"}},
		{Action: "member.removed", Target: access.Ref{Type: "user", ID: "x", Name: "Jonas Okafor"}, After: access.Facts{"resources": 12, "heir": boris.Email}},
		{Action: "resource.created", Target: project("Alpha")},
		{Action: "organization.renamed", Target: access.Ref{Name: "Northwind"}, Before: access.Facts{"name": "Northwind"}, After: access.Facts{"name": "Northwind Traders"}},
	}
	for i := range list {
		list[i].Actor, list[i].At = actor, clock.Add(-time.Duration(i*i*40)*time.Minute)
	}
	list[9].Actor = access.Ref{}
	return list
}
