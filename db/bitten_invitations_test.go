package db_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What has bitten others, in invitations. Each comment says which line to break to see the test fail.

// Break: in access/members.go, AcceptInvitation.allowed, the case a.Email != c.Email.
func TestNobodyAcceptsAnInvitationAsAnotherAddress(t *testing.T) {
	t.Parallel()
	i := newInviting(t)
	token, _ := i.invite(t, "invited@world.test")
	if err := i.accept(t, token)(); !errors.Is(err, access.ErrDenied) {
		t.Errorf("kim@home.test accepts the invitation of invited@world.test: %v", err)
	}
	if n := number(t, i.d, "SELECT count(*) FROM memberships WHERE org_id = $1 AND user_id = $2", i.acme.ID, i.known); n != 0 {
		t.Error("and is a member")
	}
}

// Break: in db/invitations.go, AcceptInvitation, what refuses an empty user.
func TestNobodyAcceptsAnInvitationWithoutSigningIn(t *testing.T) {
	t.Parallel()
	i := newInviting(t)
	for _, email := range []string{"kim@home.test", "new@world.test"} {
		token, _ := i.invite(t, email)
		if _, err := i.d.AcceptInvitation(t.Context(), db.By{Via: "page"}, token); !errors.Is(err, access.ErrUnauthenticated) {
			t.Errorf("%s: %v", email, err)
		}
	}
}

// Break: in queries/invitations.sql, FindInvitation, the org_id.
func TestAnInvitationOfAnotherOrganizationIsNotThere(t *testing.T) {
	t.Parallel()
	i := newInviting(t)
	other := i.d.Organization(t, "other")
	token, id := i.invite(t, "new@world.test")
	if err := i.d.RevokeInvitation(t.Context(), dbtest.By(other.Admin), other.ID, id); err != access.ErrNotFound {
		t.Errorf("revoke: %v", err)
	}
	if _, _, err := i.d.RenewInvitation(t.Context(), dbtest.By(other.Admin), other.ID, id); err != access.ErrNotFound {
		t.Errorf("resend: %v", err)
	}
	if err := i.d.RevokeInvitation(t.Context(), dbtest.By(other.Admin), i.acme.ID, id); err != access.ErrNotFound {
		t.Errorf("revoke in an organization where they are nobody: %v", err)
	}
	must(t, i.acceptAsNew(t, token)()) // nothing happened to it
}

// Break: in db/invitations.go, AcceptAsNewUser, the mapping of users_email_key; or make AddUser an upsert.
func TestAnAddressWithAnAccountIsNeverTakenOverByAnInvitation(t *testing.T) {
	t.Parallel()
	i := newInviting(t)
	token, _ := i.invite(t, "kim@home.test")
	if err := i.acceptAsNew(t, token)(); !errors.Is(err, access.ErrConflict) {
		t.Errorf("a stranger with the link gets %v", err)
	}
	if account, err := i.d.FindAccount(t.Context(), "kim@home.test"); err != nil || account.Name != "kim" {
		t.Errorf("the account is now %+v, %v", account, err)
	}
}

// Break: in db/change.go, readActor, the !row.Active.
func TestADeactivatedAccountDoesNothing(t *testing.T) {
	t.Parallel()
	i := newInviting(t)
	token, _ := i.invite(t, "kim@home.test")
	session, err := i.d.StartSession(t.Context(), i.known, "", "")
	if err != nil {
		t.Fatal(err)
	}
	link, err := i.d.MakeSignInLink(t.Context(), i.known, db.InvitationLasts, true)
	if err != nil {
		t.Fatal(err)
	}
	outside(t, i.d, func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "UPDATE users SET status = 'deactivated' WHERE id IN ($1, $2)", i.known, i.acme.Admin); err != nil {
			t.Fatal(err)
		}
	})
	if err := i.accept(t, token)(); !errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("accepts an invitation: %v", err)
	}
	if err := i.acceptAsNew(t, token)(); !errors.Is(err, access.ErrConflict) {
		t.Errorf("comes back as somebody new: %v", err)
	}
	if _, err := i.d.FindSession(t.Context(), session); !errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("has a session: %v", err)
	}
	if _, err := i.d.UseSignInLink(t.Context(), link); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("signs in by a link: %v", err)
	}
	if _, err := i.d.CreateGroup(t.Context(), dbtest.By(i.acme.Admin), i.acme.ID, "mine", ""); !errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("an Admin makes a group: %v", err)
	}
	if rights, err := i.d.Rights(t.Context(), i.acme.Admin, i.acme.ID); rights != 0 || err != nil {
		t.Errorf("an Admin holds %v, %v", rights, err)
	}
}

// Break: in access/members.go, AcceptInvitation.allowed, the Decide with the inviter.
func TestAnInvitationGivesOnlyWhatItsInviterStillMayGive(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(*inviting, *testing.T, access.ID) error{
		"demoted": func(i *inviting, t *testing.T, inviter access.ID) error {
			return i.d.ChangeMemberRole(t.Context(), dbtest.By(i.acme.Admin), i.acme.ID, inviter, "member")
		},
		"deactivated": func(i *inviting, t *testing.T, inviter access.ID) error {
			return i.d.DeactivateMember(t.Context(), dbtest.By(i.acme.Admin), i.acme.ID, inviter)
		},
		"removed": func(i *inviting, t *testing.T, inviter access.ID) error {
			return i.d.EndMembership(t.Context(), dbtest.By(i.acme.Admin), i.acme.ID, inviter, db.Leaving{})
		},
	} {
		i := newInviting(t)
		inviter := i.acme.Member("ina", "admin")
		token, err := i.d.Invite(t.Context(), dbtest.By(inviter), i.acme.ID, db.NewInvitation{Email: "kim@home.test", Role: "admin"})
		if err != nil {
			t.Fatal(err)
		}
		must(t, happens(i, t, inviter))
		if err := i.accept(t, token)(); !errors.Is(err, access.ErrConflict) {
			t.Errorf("the inviter was %s, and the invitation still makes an Admin: %v", name, err)
		}
	}
}

// Break: in access/members.go, AcceptInvitation.allowed, the Decide with the inviter. (That it looks at the groups as they
// are now is in access/refusals_test.go: with the built-in roles nobody may invite and not add to such a group.)
func TestAnInvitationIntoAGroupThatBeganToCarryARoleIsOver(t *testing.T) {
	t.Parallel()
	i := newInviting(t)
	group := i.acme.Group("research")
	inviter := i.acme.Member("ina", "admin")
	invited := db.NewInvitation{Email: "kim@home.test", Role: "member", Groups: []access.ID{group}}
	token, err := i.d.Invite(t.Context(), dbtest.By(inviter), i.acme.ID, invited)
	if err != nil {
		t.Fatal(err)
	}
	i.acme.Grant(i.acme.Admin, i.acme.ID, access.Ref{Type: "group", ID: group}, "admin")
	must(t, i.d.ChangeMemberRole(t.Context(), dbtest.By(i.acme.Admin), i.acme.ID, inviter, "member"))
	if err := i.accept(t, token)(); !errors.Is(err, access.ErrConflict) {
		t.Errorf("an invitation of somebody who is no Admin any more leads into a group that carries Admin: %v", err)
	}
}
