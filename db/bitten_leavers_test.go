package db_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What has bitten others, when people go. Each comment says which line to break to see the test fail.

// give puts Ana everywhere: into a group with a grant, a grant of her own, and the ownership of a project.
func (s shared) give(t *testing.T) (own access.ID) {
	group := s.acme.Group("research", s.ana)
	s.acme.Grant(s.owner, s.project, toGroup(group), "editor")
	s.acme.Grant(s.owner, s.inner, toUser(s.ana), "admin")
	must(t, s.ChangeMemberRole(t.Context(), dbtest.By(s.acme.Admin), s.acme.ID, s.ana, "modeler"))
	return s.acme.Project("Of Ana", s.ana)
}

// Break: in db/migrations/0005_decide.sql, any of the conditions on m.status.
func TestADeactivatedMemberHasNothingAndGetsAllOfItBack(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	own := s.give(t)
	places := []access.ID{s.acme.ID, s.acme.Module, s.project, s.inner, own}
	var before []string
	for _, place := range places {
		rights, err := s.Rights(t.Context(), s.ana, place)
		if err != nil || rights == 0 {
			t.Fatalf("before: %v, %v", rights, err)
		}
		before = append(before, wordsOf(int64(rights)))
	}
	admin := dbtest.By(s.acme.Admin)
	must(t, s.DeactivateMember(t.Context(), admin, s.acme.ID, s.ana))
	for _, place := range places {
		s.holds(t, s.ana, place, "")
	}
	if err := s.EditResource(t.Context(), dbtest.By(s.ana), s.acme.ID, own, "Mine", ""); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("what she owned is changed: %v", err)
	}
	must(t, s.ReactivateMember(t.Context(), admin, s.acme.ID, s.ana))
	for i, place := range places {
		s.holds(t, s.ana, place, before[i])
	}
}

// Break: in db/members.go, removeMember, GiveToHeir; or in db/migrations/0003_resources.sql the key of member_of.
func TestAMemberWhoComesBackComesBackWithNothing(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	own, admin := s.give(t), dbtest.By(s.acme.Admin)
	if err := s.EndMembership(t.Context(), admin, s.acme.ID, s.ana, db.Leaving{}); !errors.Is(err, access.ErrInvalid) {
		t.Fatalf("without an heir: %v", err)
	}
	must(t, s.EndMembership(t.Context(), admin, s.acme.ID, s.ana, db.Leaving{Heir: "otto@acme.test"}))
	token, err := s.Invite(t.Context(), admin, s.acme.ID, db.NewInvitation{Email: "ana@acme.test", Role: "member"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AcceptInvitation(t.Context(), dbtest.By(s.ana), token); err != nil {
		t.Fatal(err)
	}
	s.holds(t, s.ana, s.acme.ID, "discover view")
	for _, place := range []access.ID{s.acme.Module, s.project, s.inner, own} {
		s.holds(t, s.ana, place, "")
	}
	s.holds(t, s.owner, own, contentRightsInOrder("owner"))
}

func contentRightsInOrder(role string) string {
	a := answer{rights: map[string]bool{}}
	a.add(strings.Fields(contentRights[role]), "")
	return a.String()
}

// Break: in db/members.go, heir, what fits.
func TestAnHeirIsAnActiveMemberWhoStays(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	s.give(t)
	s.Organization(t, "home")
	gone := s.acme.Member("gus", "member")
	admin := dbtest.By(s.acme.Admin)
	must(t, s.DeactivateMember(t.Context(), admin, s.acme.ID, gone))
	for name, email := range map[string]string{"somebody unknown": "nobody@world.test", "an outsider": "admin@home.test",
		"somebody deactivated": "gus@acme.test", "the one who goes": "ana@acme.test"} {
		if err := s.EndMembership(t.Context(), admin, s.acme.ID, s.ana, db.Leaving{Heir: email}); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("the heir is %s: %v", name, err)
		}
	}
}

// Break: in db/migrations/0003_resources.sql, a key of grants or of parent_id.
func TestADeletedProjectTakesEverythingInsideAlong(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	s.give(t)
	must(t, s.DeleteResource(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project))
	for _, place := range []access.ID{s.project, s.inner} {
		s.holds(t, s.owner, place, "")
		s.holds(t, s.ana, place, "")
	}
	if left := number(t, s.Database, "SELECT count(*) FROM grants WHERE resource_id IN ($1, $2)", s.project, s.inner); left != 0 {
		t.Errorf("%d grants are left", left)
	}
}

// Break: in queries/resources.sql, SetOwner.
func TestAnOwnerWhoGaveAResourceAwayHoldsNothingOfIt(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	version := number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", s.project)
	must(t, s.TransferResource(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, "ana@acme.test", int64(version)))
	s.holds(t, s.owner, s.project, "")
	s.holds(t, s.ana, s.project, contentRightsInOrder("owner"))
	s.holds(t, s.ana, s.inner, contentRightsInOrder("owner"))
}

// Two spellings of one address are one account, whoever writes them.
// Break: in db/emails.go, NormalizeEmail, one of the three steps; or the CHECK of users.
func TestTwoSpellingsOfAnAddressAreOneAccount(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	admin := dbtest.By(s.acme.Admin)
	for _, typed := range []string{"ANA@acme.test", " ana@acme.test ", "ａna@acme.test"} {
		email, err := db.NormalizeEmail(typed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Invite(t.Context(), admin, s.acme.ID, db.NewInvitation{Email: email, Role: "member"}); !errors.Is(err, access.ErrConflict) {
			t.Errorf("a member is invited as %q: %v", typed, err)
		}
		if err := commit(t, s.Database, "INSERT INTO users (email) VALUES ('"+typed+"'); "+auditSomething); err == nil {
			t.Errorf("the table takes %q", typed)
		}
	}
}

// Break: in db/invitations.go, Invite, what judges the message.
func TestAMessageThatPostgreSQLCannotHoldIsRefusedInWords(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	for _, message := range []string{"a\x00b", "a\xffb"} {
		_, err := s.Invite(t.Context(), dbtest.By(s.acme.Admin), s.acme.ID, db.NewInvitation{Email: "new@acme.test", Role: "member", Message: message})
		if !errors.Is(err, access.ErrInvalid) {
			t.Errorf("%q: %v", message, err)
		}
	}
}
