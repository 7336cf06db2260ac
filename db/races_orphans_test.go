package db_test

import (
	"fmt"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// Something is given to a principal while the principal goes away.

// An orphanage is where one kind of edge can lose the end that it hangs on.
type orphanage struct {
	edge    string
	key     string // the constraint that stands behind the lock: table, name
	look    string // what the naive way looks at; $org and the others below are filled in
	write   string // what it then writes
	remove  string // what somebody else does in between
	orphans string // counts edges without their end
}

const (
	memberThere = "SELECT EXISTS (SELECT FROM memberships WHERE org_id = '$org' AND user_id = '$user')"
	groupThere  = "SELECT EXISTS (SELECT FROM groups WHERE id = '$group')"
	endMember   = "DELETE FROM memberships WHERE org_id = '$org' AND user_id = '$user'"
	endGroup    = "DELETE FROM groups WHERE id = '$group'"
	memberless  = " t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = t.org_id AND m.user_id = t.user_id)"
	groupless   = " t WHERE t.group_id IS NOT NULL AND NOT EXISTS (SELECT FROM groups g WHERE g.id = t.group_id)"
	grantTo     = "INSERT INTO grants (org_id, resource_id, resource_kind, role_id, "
)

var orphanages = []orphanage{
	{"grant to a member", "grants grants_member_of_user_id_fkey", memberThere,
		grantTo + "user_id) VALUES ('$org', '$project', 'project', 'project/viewer', '$user')", endMember,
		"SELECT count(*) FROM grants" + memberless + " AND NOT t.external"},
	{"grant to a group", "grants grants_org_id_group_id_fkey", groupThere,
		grantTo + "group_id) VALUES ('$org', '$project', 'project', 'project/viewer', '$group')", endGroup,
		"SELECT count(*) FROM grants" + groupless},
	{"member in a group", "group_members group_members_org_id_user_id_fkey", memberThere,
		"INSERT INTO group_members (org_id, group_id, user_id, role) VALUES ('$org', '$group', '$user', 'member')", endMember,
		"SELECT count(*) FROM group_members" + memberless},
	{"group with a member", "group_members group_members_org_id_group_id_fkey", groupThere,
		"INSERT INTO group_members (org_id, group_id, user_id, role) VALUES ('$org', '$group', '$user', 'member')", endGroup,
		"SELECT count(*) FROM group_members" + groupless},
	{"owner", "resources resources_org_id_owner_id_fkey", memberThere,
		"UPDATE resources SET owner_id = '$user' WHERE id = '$project'", endMember,
		"SELECT count(*) FROM resources t WHERE owner_id IS NOT NULL AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = t.org_id AND m.user_id = t.owner_id)"},
}

// Without its composite key, an edge that was decided before its end went away is an orphan; with the key, it is not.
func TestOnlyACompositeKeyKeepsTheNaiveWayFromMakingOrphans(t *testing.T) {
	t.Parallel()
	for _, o := range orphanages {
		t.Run(o.edge, func(t *testing.T) {
			t.Parallel()
			s := newSharing(t)
			_ = naively(t, s.d, s.naive(o.look, o.remove), s.naive(o.look, o.write))
			if orphans := number(t, s.d, o.orphans); orphans != 0 {
				t.Fatalf("%d orphans although the key is there", orphans)
			}
			s = newSharing(t)
			var table, name string
			if _, err := fmt.Sscan(o.key, &table, &name); err != nil {
				t.Fatal(err)
			}
			if _, err := s.d.Pool.Exec(t.Context(), "ALTER TABLE "+table+" DROP CONSTRAINT "+name); err != nil {
				t.Fatal(err)
			}
			must(t, naively(t, s.d, s.naive(o.look, o.remove), s.naive(o.look, o.write))...)
			if number(t, s.d, o.orphans) == 0 {
				t.Fatal("no orphan: this race proves nothing")
			}
		})
	}
}

// Whatever is given while its end goes away, the Store leaves no orphan, and answers both in words.
func TestGivingAgainstRemovingLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	for name, race := range map[string]func(*testing.T, *sharing) []func() error{
		"grant against removal": func(t *testing.T, s *sharing) []func() error {
			return []func() error{s.grant(t, "user", s.user), s.removeUser(t)}
		},
		"grant against group deletion": func(t *testing.T, s *sharing) []func() error {
			return []func() error{s.grant(t, "group", s.group), s.deleteGroup(t)}
		},
		"joining against removal":  func(t *testing.T, s *sharing) []func() error { return []func() error{s.join(t), s.removeUser(t)} },
		"joining against deletion": func(t *testing.T, s *sharing) []func() error { return []func() error{s.join(t), s.deleteGroup(t)} },
		"transfer against removal": func(t *testing.T, s *sharing) []func() error { return []func() error{s.transfer(t), s.removeUser(t)} },
		"creation against removal": func(t *testing.T, s *sharing) []func() error { return []func() error{s.create(t), s.removeUser(t)} },
		"grant against mode and owner": func(t *testing.T, s *sharing) []func() error {
			return []func() error{s.grant(t, "user", s.user), s.narrow(t), s.transfer(t)}
		},
		"grant against deletion of all": func(t *testing.T, s *sharing) []func() error {
			return []func() error{s.grant(t, "user", s.user), s.deleteProject(t)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSharing(t)
			for range rounds(t, 15) {
				for _, err := range together(race(t, s)...) {
					if err != nil && !isOneOf(err, []error{access.ErrConflict, access.ErrNotFound, access.ErrInvalid, access.ErrDenied}) {
						t.Fatalf("a racer lost with %v", err)
					}
				}
				for _, o := range orphanages {
					if orphans := number(t, s.d, o.orphans); orphans != 0 {
						t.Fatalf("%d orphans of the kind %q", orphans, o.edge)
					}
				}
				s.again(t)
			}
		})
	}
}

// A share that was decided on a member never turns into a share with an outsider, because the member was removed meanwhile.
func TestAGrantThatMeetsTheRemovalOfItsMemberNamesNobodyOutside(t *testing.T) {
	t.Parallel()
	s := newSharing(t)
	before := number(t, s.d, "SELECT acl_version FROM resources WHERE id = $1", s.project)
	must(t, s.removeUser(t)())
	share := db.Share{Who: []access.Ref{{Type: "user", ID: s.user}}, Role: "viewer", Version: int64(before)}
	err := s.d.GrantRoles(t.Context(), dbtest.By(s.acme.Admin), s.acme.ID, s.project, share)
	if err == nil {
		t.Errorf("somebody who was a member when the dialog was opened, and was removed, has access again, as an outsider")
	}
}
