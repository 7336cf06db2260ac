package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Break: in db/together.go, Together, return nil instead of what failed.
func TestStepsThatGoOnAfterARefusalAreUndone(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	by := dbtest.By(acme.Admin)
	events := number(t, d, `SELECT count(*) FROM audit_events`)
	err := d.Together(t.Context(), acme.ID, func(inside *db.Store) error {
		if _, err := inside.CreateGroup(t.Context(), by, acme.ID, "Research", ""); err != nil {
			return err
		}
		if _, err := inside.FindGroupByName(t.Context(), acme.ID, "research"); err != nil {
			t.Errorf("the next step does not see the group: %v", err)
		}
		if _, err := inside.CreateGroup(t.Context(), by, acme.ID, "research", ""); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("a second one was made: %v", err)
		}
		return nil // as if nothing had happened
	})
	if !errors.Is(err, access.ErrInvalid) {
		t.Error(err)
	}
	if made := number(t, d, `SELECT count(*) FROM groups`); made != 0 || number(t, d, `SELECT count(*) FROM audit_events`) != events {
		t.Errorf("%d groups are left", made)
	}
}

// Only a transaction of its own undoes what a preview tried.
func TestAPreviewInsideAnotherChangeIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	group := acme.Group("Research")
	err := d.Together(t.Context(), acme.ID, func(inside *db.Store) error {
		_, err := inside.PreviewGroupDeletion(t.Context(), dbtest.By(acme.Admin), acme.ID, group)
		if err == nil {
			t.Error("it looks as if it had been undone")
		}
		return nil
	})
	if left := number(t, d, `SELECT count(*) FROM groups`); err == nil || left != 1 {
		t.Errorf("%d groups are left: %v", left, err)
	}
}

func TestStepsInAnOrganizationThatIsNotThereAreNotTaken(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	err := d.Together(t.Context(), never, func(*db.Store) error { t.Error("they are taken"); return nil })
	if err != access.ErrNotFound {
		t.Error(err)
	}
}

// Whoever creates something owns it, and an owner is a member.
func TestTheOperatorCreatesNothingToOwn(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	_, err := d.CreateResource(t.Context(), dbtest.Operator, acme.ID, db.NewResource{Kind: access.Project, Parent: acme.Module, Name: "Alpha"})
	if !errors.Is(err, access.ErrDenied) {
		t.Error(err)
	}
}
