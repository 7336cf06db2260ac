package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Every organization keeps an active, direct Admin for good. Here there seems to be a second one, who does
// not count.
// Break: in db/migrations/0003_resources.sql, active_admins, one of the conditions.
func TestAnAdminWhoDoesNotCountDoesNotKeepTheOrganization(t *testing.T) {
	t.Parallel()
	for name, uncounted := range map[string]func(*testing.T, *dbtest.Organization, access.ID){
		"a deactivated member": func(t *testing.T, acme *dbtest.Organization, bea access.ID) {
			must(t, acme.Database.DeactivateMember(t.Context(), dbtest.By(acme.Admin), acme.ID, bea))
		},
		"a deactivated account": func(t *testing.T, acme *dbtest.Organization, bea access.ID) {
			must(t, commit(t, acme.Database, "UPDATE users SET status = 'deactivated' WHERE id = '"+string(bea)+"'; "+auditSomething))
		},
		"an Admin until tomorrow": func(t *testing.T, acme *dbtest.Organization, bea access.ID) {
			must(t, commit(t, acme.Database, "UPDATE grants SET expires_at = now() + interval '1 day' WHERE user_id = '"+string(bea)+"'; "+auditSomething))
		},
		"an Admin through a group": func(t *testing.T, acme *dbtest.Organization, bea access.ID) {
			must(t, acme.Database.ChangeMemberRole(t.Context(), dbtest.By(acme.Admin), acme.ID, bea, "member"))
			acme.Grant(acme.Admin, acme.ID, toGroup(acme.Group("admins", bea)), "admin")
		},
		"the Admin of another organization": func(t *testing.T, acme *dbtest.Organization, bea access.ID) {
			must(t, acme.Database.ChangeMemberRole(t.Context(), dbtest.By(acme.Admin), acme.ID, bea, "auditor"))
			acme.Database.Organization(t, "other")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := dbtest.New(t)
			acme := d.Organization(t, "acme")
			uncounted(t, acme, acme.Member("bea", "admin"))
			by := dbtest.By(acme.Admin)
			for what, err := range map[string]error{
				"demoted":     d.ChangeMemberRole(t.Context(), by, acme.ID, acme.Admin, "member"),
				"deactivated": d.DeactivateMember(t.Context(), by, acme.ID, acme.Admin),
				"removed":     d.EndMembership(t.Context(), dbtest.Operator, acme.ID, acme.Admin, db.Leaving{Heir: "bea@acme.test"}),
			} {
				if !errors.Is(err, access.ErrConflict) {
					t.Errorf("the last Admin is %s: %v", what, err)
				}
			}
			if last, err := d.IsLastAdmin(t.Context(), acme.ID, acme.Admin); !last || err != nil {
				t.Errorf("the page says that they are not the last: %v, %v", last, err)
			}
		})
	}
}

// Break: in db/organizations.go, restoreAdmin, any line.
func TestTheOperatorCanAlwaysLetSomebodyIn(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	bea := acme.Member("bea", "member")
	by := dbtest.By(acme.Admin)
	for name, state := range map[string]func() error{
		"a member":             func() error { return nil },
		"a deactivated member": func() error { return d.DeactivateMember(t.Context(), by, acme.ID, bea) },
		"somebody removed":     func() error { return d.EndMembership(t.Context(), by, acme.ID, bea, db.Leaving{}) },
		"a deactivated account": func() error {
			return commit(t, d, "UPDATE users SET status = 'deactivated' WHERE id = '"+string(bea)+"'; "+auditSomething)
		},
	} {
		must(t, state())
		token, err := d.RestoreAdmin(t.Context(), dbtest.Operator, "acme", " Bea@acme.test")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if user, err := d.UseSignInLink(t.Context(), token); user != bea || err != nil {
			t.Errorf("%s: the link signs in %q, %v", name, user, err)
		}
		if rights, err := d.Rights(t.Context(), bea, acme.ID); !rights.Has(access.Members) || err != nil {
			t.Errorf("%s holds %v, %v", name, rights, err)
		}
	}
}
