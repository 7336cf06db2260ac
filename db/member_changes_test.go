package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Another role and another status come together or not at all. To see it fail: make them two changes, in ChangeMember.
func TestARefusedStatusLeavesTheRoleAsItWas(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	ana := o.Member("ana", "modeler")
	stands := func(role string, status access.Status, events int) {
		t.Helper()
		member, err := d.FindMember(t.Context(), o.ID, ana)
		if must(t, err); member.Role.Name != role || member.Status != status {
			t.Errorf("ana is %s and %s", member.Role.Name, member.Status)
		}
		if n := number(t, d, "SELECT count(*) FROM audit_events WHERE org_id = $1 AND action IN ('member.role_changed', 'member.deactivated')", o.ID); n != events {
			t.Errorf("%d events", n)
		}
	}
	change := func(user access.ID, role string, status access.Status) error {
		return d.ChangeMember(t.Context(), dbtest.By(o.Admin), o.ID, user, db.MemberChange{Role: role, Status: status})
	}
	if err := change(ana, "auditor", access.Active); !errors.Is(err, access.ErrConflict) {
		t.Errorf("who is active becomes active: %v", err)
	}
	stands("modeler", access.Active, 0)
	if err := change(ana, "owner", access.Deactivated); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("a role that there is not: %v", err)
	}
	stands("modeler", access.Active, 0)
	must(t, change(ana, "auditor", access.Deactivated))
	stands("auditor", access.Deactivated, 2)
	if err := change(o.Admin, "admin", access.Deactivated); !errors.Is(err, access.ErrConflict) {
		t.Errorf("the last Admin goes: %v", err)
	}
	stands("auditor", access.Deactivated, 2)
}
