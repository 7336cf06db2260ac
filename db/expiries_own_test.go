package db_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Nobody extends their own access, on the ways that are no grant to themselves either: who is in charge until Friday makes
// nothing for themselves that lasts longer. Break: in access/expiries.go, extending, return nil.
func TestNobodyWhoSharesUntilATimeExtendsTheirOwnAccessInAnotherWay(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	owner, deputy, guest := o.Member("owner", "modeler"), o.Member("deputy", "member"), o.Member("guest", "member")
	alpha := o.Project("Alpha", owner)
	template, err := d.CreateTemplate(t.Context(), dbtest.By(owner), o.ID, alpha, "Reader", access.View)
	must(t, err)
	give := func(who access.ID, role string, until *time.Time) {
		t.Helper()
		must(t, d.GrantRoles(t.Context(), dbtest.By(owner), o.ID, alpha, share(who, role, until, versionOf(t, d, alpha))))
	}
	give(deputy, "Reader", nil)
	give(deputy, "admin", in(time.Hour))
	for name, extend := range map[string]func() error{
		"lets the whole organization in": func() error {
			return d.ChangeAccessMode(t.Context(), dbtest.By(deputy), o.ID, alpha, access.OrganizationMode, "editor", versionOf(t, d, alpha))
		},
		"puts rights into a template of their own": func() error {
			return d.EditTemplate(t.Context(), dbtest.By(deputy), o.ID, alpha, template, "Reader", access.View|access.Edit|access.Delete)
		},
		"gives the organization a role": func() error {
			to := db.Share{Who: []access.Ref{{Type: "organization", Name: "acme"}}, Role: "editor", Version: versionOf(t, d, alpha)}
			return d.GrantRoles(t.Context(), dbtest.By(deputy), o.ID, alpha, to)
		},
	} {
		if err := extend(); !errors.Is(err, access.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	give(guest, "admin", nil)
	must(t,
		d.EditTemplate(t.Context(), dbtest.By(deputy), o.ID, alpha, template, "Reads", access.View), // adds nothing
		d.EditTemplate(t.Context(), dbtest.By(guest), o.ID, alpha, template, "Reads", access.View|access.Edit),
		d.ChangeAccessMode(t.Context(), dbtest.By(guest), o.ID, alpha, access.OrganizationMode, "viewer", versionOf(t, d, alpha)),
		d.ChangeAccessMode(t.Context(), dbtest.By(deputy), o.ID, alpha, access.Restricted, "viewer", versionOf(t, d, alpha))) // takes only
}

// A partner organization is what its members are in, too. Break: in queries/expiries.sql, IsInside, the line with memberships.
func TestNobodyExtendsTheirOwnAccessThroughAPartner(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o, partner := d.Organization(t, "acme"), d.Organization(t, "partner")
	owner, deputy, guest := o.Member("owner", "modeler"), partner.Member("deputy", "member"), o.Member("guest", "member")
	token, err := d.Invite(t.Context(), dbtest.By(o.Admin), o.ID, db.NewInvitation{Email: "deputy@partner.test", Role: "member"})
	must(t, err)
	_, err = d.AcceptInvitation(t.Context(), dbtest.By(deputy), token)
	must(t, err)
	alpha := o.Project("Alpha", owner)
	for _, one := range []access.ID{deputy, guest} {
		must(t, d.GrantRoles(t.Context(), dbtest.By(owner), o.ID, alpha, share(one, "admin", in(time.Hour), versionOf(t, d, alpha))))
	}
	to := func(until *time.Time) db.Share {
		return db.Share{Who: []access.Ref{{Type: "organization", Name: "partner"}}, Role: "viewer", ExpiresAt: until, Version: versionOf(t, d, alpha)}
	}
	if err := d.GrantRoles(t.Context(), dbtest.By(deputy), o.ID, alpha, to(nil)); !errors.Is(err, access.ErrDenied) {
		t.Errorf("gives a partner that they are in a role for good: %v", err)
	}
	must(t, d.GrantRoles(t.Context(), dbtest.By(deputy), o.ID, alpha, to(in(time.Minute))))
	grants, err := d.ListGrants(t.Context(), o.ID, alpha)
	must(t, err)
	for _, grant := range grants {
		if grant.Principal.ID != partner.ID {
			continue
		}
		forGood := func(by access.ID) error {
			return d.ChangeGrant(t.Context(), dbtest.By(by), o.ID, alpha, grant.ID, "viewer", nil, versionOf(t, d, alpha))
		}
		if err := forGood(deputy); !errors.Is(err, access.ErrDenied) {
			t.Errorf("takes the end from the partner's grant: %v", err)
		}
		must(t, forGood(guest)) // who is not in it
		return
	}
	t.Errorf("the partner has no grant: %+v", grants)
}

// Break: in access/members.go, ChangeMemberRole, in access/groups.go, AddGroupMember and NestGroup, or in access/resources.go,
// TransferResource: the call of extending.
func TestNobodyWhoIsAnAdminUntilATimeMakesThemselvesOneForGood(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	owner, deputy := o.Member("owner", "modeler"), o.Member("deputy", "member")
	alpha := o.Project("Alpha", owner)
	deputies, board, theirs := o.Group("Deputies", deputy), o.Group("Board"), o.Group("Theirs", deputy)
	lead := func(group access.ID, until *time.Time) {
		t.Helper()
		version := number(t, d, "SELECT acl_version FROM resources WHERE id = $1", o.ID)
		to := db.Share{Who: []access.Ref{{Type: "group", ID: group}}, Role: "admin", ExpiresAt: until, Version: int64(version)}
		must(t, d.GrantRoles(t.Context(), dbtest.By(o.Admin), o.ID, o.ID, to))
	}
	lead(deputies, in(time.Hour))
	lead(board, nil)
	for name, extend := range map[string]func() error{
		"changes their own role": func() error { return d.ChangeMemberRole(t.Context(), dbtest.By(deputy), o.ID, deputy, "admin") },
		"joins a group of Admins": func() error {
			return d.AddToGroup(t.Context(), dbtest.By(deputy), o.ID, board, []access.Ref{{Type: "user", ID: deputy}}, access.GroupMember)
		},
		"nests a group of theirs into one of Admins": func() error {
			return d.AddToGroup(t.Context(), dbtest.By(deputy), o.ID, board, []access.Ref{{Type: "group", ID: theirs}}, "")
		},
		"takes a project over": func() error {
			return d.TransferResource(t.Context(), dbtest.By(deputy), o.ID, alpha, "deputy@acme.test", versionOf(t, d, alpha))
		},
	} {
		if err := extend(); !errors.Is(err, access.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t,
		d.ChangeMemberRole(t.Context(), dbtest.By(deputy), o.ID, owner, "admin"), // somebody else
		d.AddToGroup(t.Context(), dbtest.By(deputy), o.ID, board, []access.Ref{{Type: "user", ID: owner}}, access.GroupMember),
		d.ChangeMemberRole(t.Context(), dbtest.By(o.Admin), o.ID, deputy, "modeler"))
}

// The same rules guard every path: with a file nobody extends their own access either. Break: in db/imports_*.go, a call of own, of
// endOf or of endOfManaging.
func TestNobodyExtendsTheirOwnAccessWithAFile(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, company+`
{"type":"group","organization":"acme","name":"chiefs"}
{"type":"group","organization":"acme","name":"own"}
{"type":"group_member","organization":"acme","group":"own","user":"cy@acme.test","role":"member"}
{"type":"group_member","organization":"acme","group":"helpers","user":"di@acme.test","role":"member"}
{"type":"grant","organization":"acme","resource":"organization/acme","group":"own","role":"admin","expires_at":"2038-01-01T00:00:00Z"}
{"type":"grant","organization":"acme","resource":"project/alpha","user":"cy@acme.test","role":"admin","expires_at":"2038-01-01T00:00:00Z"}
{"type":"grant","organization":"acme","resource":"project/alpha","user":"cy@acme.test","template":"reader"}
`)
	account, err := d.FindAccount(t.Context(), "cy@acme.test")
	must(t, err)
	for line, may := range map[string]bool{
		`{"type":"member","organization":"acme","user":"cy@acme.test","role":"admin"}`:                           false,
		`{"type":"member","organization":"acme","user":"otto@acme.test","role":"admin"}`:                         true,
		`{"type":"group_member","organization":"acme","group":"chiefs","user":"cy@acme.test","role":"member"}`:   false,
		`{"type":"group_member","organization":"acme","group":"chiefs","user":"otto@acme.test","role":"member"}`: true,
		`{"type":"group_member","organization":"acme","group":"own","user":"cy@acme.test","role":"admin"}`:       false,
		`{"type":"group_member","organization":"acme","group":"chiefs","member_group":"own","role":"member"}`:    false,
		`{"type":"resource","organization":"acme","kind":"project","key":"hidden","owner":"cy@acme.test"}`:       false,
		`{"type":"resource","organization":"acme","kind":"project","key":"alpha","access_mode":"organization"}`:  false,
		`{"type":"template","organization":"acme","project":"alpha","name":"reader","rights":["view","edit"]}`:   false,
		grant("project/alpha", `"user":"cy@acme.test","role":"editor"`):                                          false,
		grant("project/alpha", `"user":"cy@acme.test","role":"admin","expires_at":"2039-01-01T00:00:00Z"`):       false,
		grant("project/alpha", `"user":"di@acme.test","role":"viewer"`):                                          true,
	} {
		report := tried(t, d, db.By{User: account.ID, Via: "import"}, line)
		if allowed := len(report.Refused) == 0; allowed != may {
			t.Errorf("%s: %v %v", line, allowed, report.Refused)
		}
	}
}
