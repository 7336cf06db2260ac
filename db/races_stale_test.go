package db_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// Two people edit the list of who has access to one project.

// An editing is one share list, seen by two people at the same version.
type editing struct {
	*sharing
	grantID access.ID
	version int64
}

func newEditing(t *testing.T) *editing {
	e := &editing{sharing: newSharing(t)}
	e.see(t)
	return e
}

// see makes a project with one grant, and reads its list.
func (e *editing) see(t *testing.T) {
	e.again(t)
	must(t, e.grant(t, "group", e.group)())
	found, err := e.d.FindResource(t.Context(), e.acme.ID, e.acme.Admin, e.project)
	if err != nil {
		t.Fatal(err)
	}
	grants, err := e.d.ListGrants(t.Context(), e.acme.ID, e.project)
	if err != nil || len(grants) == 0 {
		t.Fatalf("%d grants, %v", len(grants), err)
	}
	e.grantID, e.version = grants[0].ID, found.Version
}

func (e *editing) share(t *testing.T, role string) func() error {
	return func() error {
		share := db.Share{Who: []access.Ref{{Type: "user", ID: e.user}}, Role: role, Version: e.version}
		return e.d.GrantRoles(t.Context(), e.by(), e.acme.ID, e.project, share)
	}
}

func (e *editing) change(t *testing.T, role string) func() error {
	return func() error {
		return e.d.ChangeGrant(t.Context(), e.by(), e.acme.ID, e.project, e.grantID, role, nil, e.version)
	}
}

func (e *editing) revoke(t *testing.T) func() error {
	return func() error {
		return e.d.RevokeGrant(t.Context(), e.by(), e.acme.ID, e.project, e.grantID, e.version)
	}
}

func (e *editing) mode(t *testing.T, mode access.Mode) func() error {
	return func() error {
		return e.d.ChangeAccessMode(t.Context(), e.by(), e.acme.ID, e.project, mode, "viewer", e.version)
	}
}

func (e *editing) give(t *testing.T) func() error {
	email := fmt.Sprintf("user%d@acme.test", e.count)
	return func() error {
		return e.d.TransferResource(t.Context(), e.by(), e.acme.ID, e.project, email, e.version)
	}
}

func TestWritingAShareListWithoutItsVersionLosesAnEditSilently(t *testing.T) {
	t.Parallel()
	e := newEditing(t)
	set := func(role string) naiveWay {
		return naiveWay{fmt.Sprintf("SELECT role_id = 'project/viewer' FROM grants WHERE id = '%s'", e.grantID),
			fmt.Sprintf("UPDATE grants SET role_id = 'project/%s' WHERE id = '%s'", role, e.grantID)}
	}
	must(t, naively(t, e.d, set("editor"), set("modeler"))...) // both were told that it worked
}

func TestOfTwoWhoEditOneShareListOneIsToldToLookAgain(t *testing.T) {
	t.Parallel()
	for name, race := range map[string]func(*testing.T, *editing) []func() error{
		"change against change": func(t *testing.T, e *editing) []func() error {
			return []func() error{e.change(t, "editor"), e.change(t, "modeler")}
		},
		"change against revoke": func(t *testing.T, e *editing) []func() error {
			return []func() error{e.change(t, "editor"), e.revoke(t)}
		},
		"share against share": func(t *testing.T, e *editing) []func() error {
			return []func() error{e.share(t, "viewer"), e.share(t, "editor")}
		},
		"share against mode": func(t *testing.T, e *editing) []func() error {
			return []func() error{e.share(t, "viewer"), e.mode(t, access.Public)}
		},
		"mode against mode": func(t *testing.T, e *editing) []func() error {
			return []func() error{e.mode(t, access.OrganizationMode), e.mode(t, access.Public)}
		},
		"transfer against share":  func(t *testing.T, e *editing) []func() error { return []func() error{e.give(t), e.share(t, "viewer")} },
		"transfer against revoke": func(t *testing.T, e *editing) []func() error { return []func() error{e.give(t), e.revoke(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEditing(t)
			for range rounds(t, 12) {
				// After a change that won, what the loser wanted may be gone, or they may no longer change it.
				exactlyOne(t, together(race(t, e)...), access.ErrConflict, access.ErrNotFound, access.ErrDenied)
				e.see(t)
			}
		})
	}
}

// Grants also end without anybody at the dialog: with their group, and with their member. The list changed all the same.
func TestAShareListIsStaleAfterItsGroupOrMemberWentAway(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]func(*editing, *testing.T) func() error{
		"group": func(e *editing, t *testing.T) func() error { return e.deleteGroup(t) },
		"member": func(e *editing, t *testing.T) func() error {
			must(t, e.share(t, "viewer")())
			e.version++
			return e.removeUser(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEditing(t)
			must(t, gone(e, t)())
			if err := e.mode(t, access.OrganizationMode)(); !errors.Is(err, access.ErrConflict) {
				t.Errorf("a list from which the %s's grant vanished counts as unchanged: %v", name, err)
			}
		})
	}
}

// A grant that has expired is in no list, so it must not stand in the way of one that is.
func TestAGrantCanBeChangedToARoleWhoseEarlierGrantExpired(t *testing.T) {
	t.Parallel()
	e := newEditing(t)
	share := db.Share{Who: []access.Ref{{Type: "group", ID: e.group}}, Role: "editor", Version: e.version, ExpiresAt: in(time.Hour)}
	if err := e.d.GrantRoles(t.Context(), e.by(), e.acme.ID, e.project, share); err != nil {
		t.Fatal(err)
	}
	e.version++
	endAt(t, e.d, time.Now().Add(-time.Second))
	if err := e.change(t, "editor")(); err != nil {
		t.Errorf("from viewer to editor: %v", err)
	}
}
