package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What has bitten others, in modules. Each comment says which line to break to see the test fail.

// module makes one as the Admin.
func (l lifting) module(t *testing.T, name string) access.ID {
	return l.acme.Inside(l.acme.ID, access.Module, name, l.acme.Admin)
}

// Break: in access/groups.go, manageable, the loop over Carries; in queries/groups.sql, ListCarriedRoles, the kind 'module'
// or what is held.
func TestAGroupAdminHandsOutAModuleOnlyWhereTheyManageItsPeople(t *testing.T) {
	t.Parallel()
	for name, role := range map[string]string{"nothing there": "", "User": "user", "Creator": "creator", "Administrator": "administrator"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLifting(t)
			risk := l.module(t, "Risk")
			l.acme.AddToGroup(l.outer, toGroup(l.inner))
			l.acme.Grant(l.acme.Admin, risk, toGroup(l.outer), "creator")
			if role != "" {
				l.acme.Grant(l.acme.Admin, risk, toUser(l.gus), role)
			}
			manages := role == "administrator"
			for what, err := range map[string]error{
				"adding to the group":          l.add(t, l.outer, toUser(l.ana)),
				"adding to a group inside":     l.add(t, l.inner, toUser(l.ana)),
				"nesting a group of their own": l.add(t, l.inner, toGroup(l.other)),
				"taking the group out":         l.acme.Database.UnnestGroup(t.Context(), dbtest.By(l.gus), l.acme.ID, l.outer, l.inner),
			} {
				if manages && err != nil || !manages && !errors.Is(err, access.ErrDenied) {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

// Break: in access/grants.go, handing, what is needed; in access/roles.go, needed.
func TestOnlyWhoManagesTheModuleGivesItsRoles(t *testing.T) {
	t.Parallel()
	l := newLifting(t)
	risk, trade := l.module(t, "Risk"), l.module(t, "Trade")
	mia := l.acme.Member("mia", "modeler")
	l.acme.Grant(l.acme.Admin, risk, toUser(l.gus), "administrator")
	l.acme.Grant(l.acme.Admin, risk, toUser(mia), "creator")
	give := func(by, module access.ID, who access.Ref, role string) error {
		version := number(t, l.acme.Database, "SELECT acl_version FROM resources WHERE id = $1", module)
		return l.acme.Database.GrantRoles(t.Context(), dbtest.By(by), l.acme.ID, module, db.Share{Who: []access.Ref{who}, Role: role, Version: int64(version)})
	}
	must(t, give(l.gus, risk, toUser(l.ana), "administrator"), give(l.ana, risk, toGroup(l.inner), "user"))
	if err := give(mia, risk, toUser(mia), "administrator"); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a Creator makes themselves Administrator: %v", err)
	}
	if err := give(l.gus, trade, toUser(l.gus), "user"); err != access.ErrNotFound {
		t.Errorf("an Administrator of another module: %v", err)
	}
	if err := give(l.gus, l.acme.ID, toGroup(l.inner), "admin"); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an Administrator of a module lets a group carry Admin: %v", err)
	}
	if _, err := l.acme.Database.CreateResource(t.Context(), dbtest.By(mia), l.acme.ID, db.NewResource{Kind: access.Module, Parent: l.acme.ID, Name: "Mine"}); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a Modeler makes a module: %v", err)
	}
	if project := l.acme.Inside(risk, access.Project, "Stress", mia); project == "" {
		t.Error("a Creator makes no project")
	}
	if err := l.acme.Database.DeleteResource(t.Context(), dbtest.By(l.acme.Admin), l.acme.ID, risk); !errors.Is(err, access.ErrConflict) {
		t.Errorf("a module that is not empty is deleted: %v", err)
	}
	must(t, l.acme.Database.DeleteResource(t.Context(), dbtest.By(l.acme.Admin), l.acme.ID, trade))
}
