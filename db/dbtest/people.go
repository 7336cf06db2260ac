package dbtest

import (
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// An Organization is one that a test set up the way the program does, with its first Admin.
type Organization struct {
	t        testing.TB
	Database *Database
	ID       access.ID
	Slug     string
	Admin    access.ID
	Module   access.ID // its module Workspace
}

// Operator is the one at the server's shell.
var Operator = db.By{Via: "cli"}

// By is a user at the pages.
func By(user access.ID) db.By {
	return db.By{User: user, Via: "page", Address: "192.0.2.1", RequestID: "test", Recent: true}
}

// Organization makes an organization whose Admin is admin@SLUG.test.
func (d *Database) Organization(t testing.TB, slug string) *Organization {
	t.Helper()
	made := db.NewOrganization{Slug: slug, Name: slug, Admin: access.Person{Name: "Admin of " + slug, Email: "admin@" + slug + ".test"}}
	id, admin, err := d.CreateOrganization(t.Context(), Operator, made)
	if err != nil {
		t.Fatal(err)
	}
	places, err := d.ListPlacesToCreate(t.Context(), id, admin)
	if err != nil || len(places) != 1 {
		t.Fatalf("places to create in a new organization: %v, %v", places, err)
	}
	return &Organization{t: t, Database: d, ID: id, Slug: slug, Admin: admin, Module: places[0].ID}
}

// Member invites NAME@SLUG.test with a role and accepts for them, as a new user.
func (o *Organization) Member(name, role string) access.ID {
	o.t.Helper()
	email := name + "@" + o.Slug + ".test"
	token, err := o.Database.Invite(o.t.Context(), By(o.Admin), o.ID, db.NewInvitation{Email: email, Role: role})
	if err != nil {
		o.t.Fatal(err)
	}
	_, user, err := o.Database.AcceptAsNewUser(o.t.Context(), db.By{Via: "page"}, token, name, "no password")
	if err != nil {
		o.t.Fatal(err)
	}
	return user
}

// Group makes a group with its Admin as the only one in it, and puts users into it.
func (o *Organization) Group(name string, users ...access.ID) access.ID {
	o.t.Helper()
	group, err := o.Database.CreateGroup(o.t.Context(), By(o.Admin), o.ID, name, "")
	if err != nil {
		o.t.Fatal(err)
	}
	for _, user := range users {
		o.AddToGroup(group, access.Ref{Type: "user", ID: user})
	}
	return group
}

// AddToGroup puts a user or a group into a group.
func (o *Organization) AddToGroup(group access.ID, who access.Ref) {
	o.t.Helper()
	err := o.Database.AddToGroup(o.t.Context(), By(o.Admin), o.ID, group, []access.Ref{who}, access.GroupMember)
	if err != nil {
		o.t.Fatal(err)
	}
}

// Project makes a project of an owner, who must hold create, in mode Restricted.
func (o *Organization) Project(name string, owner access.ID) access.ID {
	o.t.Helper()
	project := o.Inside(o.Module, access.Project, name, owner)
	err := o.Database.ChangeAccessMode(o.t.Context(), By(owner), o.ID, project, access.Restricted, "", 1)
	if err != nil {
		o.t.Fatal(err)
	}
	return project
}

// Inside makes a resource inside another.
func (o *Organization) Inside(parent access.ID, kind access.Kind, name string, owner access.ID) access.ID {
	o.t.Helper()
	id, err := o.Database.CreateResource(o.t.Context(), By(owner), o.ID, db.NewResource{Kind: kind, Parent: parent, Name: name})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// Grant gives a user or a group a role on a resource.
func (o *Organization) Grant(by, resource access.ID, who access.Ref, role string) {
	o.t.Helper()
	found, err := o.Database.FindResource(o.t.Context(), o.ID, by, resource)
	if err != nil {
		o.t.Fatal(err)
	}
	share := db.Share{Who: []access.Ref{who}, Role: role, Version: found.Version}
	if err := o.Database.GrantRoles(o.t.Context(), By(by), o.ID, resource, share); err != nil {
		o.t.Fatal(err)
	}
}
