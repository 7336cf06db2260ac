package db_test

import (
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// furnish makes an organization with one thing of each kind: a project, whose owner is the user, in its third version.
func furnish(t *testing.T, d *dbtest.Database, slug string) ids {
	t.Helper()
	org := d.Organization(t, slug)
	x := ids{org: org.ID, user: org.Member("una", "modeler"), email: "una@" + slug + ".test"}
	x.inner = org.Group("inner")
	x.group = org.Group("outer", x.user)
	org.AddToGroup(x.group, toGroup(x.inner))
	x.resource = org.Project("Alpha", x.user)
	org.Grant(x.user, x.resource, toUser(org.Admin), "admin")
	grants, err := d.ListGrants(t.Context(), org.ID, x.resource)
	if err != nil || len(grants) == 0 {
		t.Fatalf("%d grants, %v", len(grants), err)
	}
	x.grant = grants[0].ID
	token, err := d.Invite(t.Context(), dbtest.By(org.Admin), org.ID, db.NewInvitation{Email: "invited@world.test", Role: "member"})
	if err != nil {
		t.Fatal(err)
	}
	found, err := d.FindInvitation(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	x.invitation = found.ID
	if _, err := d.CreateAPIToken(t.Context(), dbtest.By(org.Admin), org.ID, db.NewAPIToken{Name: "robot", Scopes: []string{"decide"}}); err != nil {
		t.Fatal(err)
	}
	tokens, err := d.ListAPITokens(t.Context(), org.ID)
	if err != nil || len(tokens) != 1 {
		t.Fatalf("%d tokens, %v", len(tokens), err)
	}
	x.token = tokens[0].ID
	if x.template, err = d.CreateTemplate(t.Context(), dbtest.By(x.user), org.ID, x.resource, "Analyst", access.View); err != nil {
		t.Fatal(err)
	}
	asked := db.AskedAccess{Role: "viewer", Days: 7}
	if x.request, err = d.RequestAccess(t.Context(), dbtest.By(org.Member("dora", "member")), org.ID, x.resource, asked); err != nil {
		t.Fatal(err)
	}
	return x
}

func adminOf(t *testing.T, d *dbtest.Database, slug string) access.ID {
	t.Helper()
	account, err := d.FindAccount(t.Context(), "admin@"+slug+".test")
	if err != nil {
		t.Fatal(err)
	}
	return account.ID
}
