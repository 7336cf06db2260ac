package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// create makes a resource that holds something.
func create(t *testing.T, d *dbtest.Database, org, owner access.ID, made db.NewResource) access.ID {
	t.Helper()
	id, err := d.CreateResource(t.Context(), dbtest.By(owner), org, made)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// contentFor is what a user reads of a resource.
func contentFor(t *testing.T, d *dbtest.Database, org, user, id access.ID) access.Content {
	t.Helper()
	resource, err := d.FindResource(t.Context(), org, user, id)
	if err != nil {
		t.Fatal(err)
	}
	content, err := d.FindContent(t.Context(), org, resource)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestContentIsReadWithViewAndChangedWithEdit(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	otto, vera, ed := acme.Member("otto", "modeler"), acme.Member("vera", "member"), acme.Member("ed", "member")
	alpha := acme.Project("Alpha", otto)
	acme.Grant(otto, alpha, toUser(vera), "viewer")
	acme.Grant(otto, alpha, toUser(ed), "modeler")
	rate := create(t, d, acme.ID, otto, db.NewResource{Kind: access.Constant, Parent: alpha, Name: "PRICING__RATE", Content: map[string]string{"value": "0.04"}})

	edit := func(user access.ID, value string) error {
		return d.EditContent(t.Context(), dbtest.By(user), acme.ID, rate, map[string]string{"value": value})
	}
	if got := contentFor(t, d, acme.ID, vera, rate)["value"]; got != "0.04" {
		t.Errorf("a viewer reads %q", got)
	}
	if got := contentFor(t, d, acme.ID, acme.Admin, rate); len(got) != 0 {
		t.Errorf("an org admin, who may only discover, reads %q", got)
	}
	if err := edit(vera, "1"); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a viewer changes a constant: %v", err)
	}
	if err := edit(acme.Admin, "1"); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an org admin changes a constant: %v", err)
	}
	if err := edit(ed, ""); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("a constant without a value: %v", err)
	}
	if err := edit(ed, "0.05"); err != nil || contentFor(t, d, acme.ID, otto, rate)["value"] != "0.05" {
		t.Errorf("a modeler changes a constant: %v", err)
	}
	for _, value := range []string{"0.04", "0.05"} {
		if holds(t, d, "public.audit_events", value) || holds(t, d, "history.resources", value) {
			t.Errorf("%s was written down", value)
		}
	}
}

func TestAConnectionIsChangedWithConnectAndNamesASecretThatOneMayKnowOf(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	otto, ed, eve := acme.Member("otto", "modeler"), acme.Member("ed", "member"), acme.Member("eve", "modeler")
	alpha, hidden := acme.Project("Alpha", otto), acme.Project("Hidden", eve)
	acme.Grant(otto, alpha, toUser(ed), "editor")
	acme.Inside(alpha, access.Secret, "warehouse", otto)
	acme.Inside(hidden, access.Secret, "elsewhere", eve)
	fields := map[string]string{"system": "PostgreSQL", "address": "warehouse.example.org:5432", "secret": "warehouse"}
	link := create(t, d, acme.ID, otto, db.NewResource{Kind: access.Connection, Parent: alpha, Name: "Warehouse", Content: fields})
	if err := d.EditContent(t.Context(), dbtest.By(ed), acme.ID, link, fields); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an Editor, who lacks connect, changes a connection: %v", err)
	}
	for held, sees := range map[access.Rights]bool{access.View: true, access.Connect: true, access.Discover | access.Transfer: false} {
		content, err := d.FindContent(t.Context(), acme.ID, access.Resource{ID: link, Kind: access.Connection, Rights: held})
		if err != nil || (content["address"] != "") != sees {
			t.Errorf("what a connection says with %s: %v %v", held, content, err)
		}
	}
	must(t, d.EditContent(t.Context(), dbtest.By(acme.Admin), acme.ID, link, fields))
	var refusals []string
	for _, key := range []string{"elsewhere", "nowhere"} {
		fields["secret"] = key
		err := d.EditContent(t.Context(), dbtest.By(otto), acme.ID, link, fields)
		if !errors.Is(err, access.ErrInvalid) {
			t.Fatalf("the secret %s: %v", key, err)
		}
		refusals = append(refusals, err.Error()[len("There is no secret with the key "+key):])
	}
	if refusals[0] != refusals[1] {
		t.Errorf("a secret that one may not know of answers otherwise than one that is not there: %q", refusals)
	}
}
