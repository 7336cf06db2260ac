package db_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// A leaver is Ana, an Admin who has a bit of everything, beside the other Admin, with Bo and Cy who may take over.
type leaver struct {
	*dbtest.Database
	acme                      *dbtest.Organization
	ana, bo, cy               access.ID
	alpha, core, beta, others access.ID // alpha, core in it, and beta are Ana's
	research, quant           access.ID // she is the only admin of research, and no admin of quant
	token                     string
}

func newLeaver(t *testing.T) leaver {
	d := dbtest.New(t)
	l := leaver{Database: d, acme: d.Organization(t, "acme")}
	l.ana, l.bo, l.cy = l.acme.Member("ana", "admin"), l.acme.Member("bo", "modeler"), l.acme.Member("cy", "modeler")
	l.alpha, l.beta, l.others = l.acme.Project("Alpha", l.ana), l.acme.Project("Beta", l.ana), l.acme.Project("Others", l.bo)
	l.core = l.acme.Inside(l.alpha, access.Package, "Core", l.ana)
	l.acme.Grant(l.bo, l.others, toUser(l.ana), "viewer")
	by := dbtest.By(l.ana)
	var err error
	if l.research, err = d.CreateGroup(t.Context(), by, l.acme.ID, "Research", ""); err != nil {
		t.Fatal(err)
	}
	l.acme.AddToGroup(l.research, toUser(l.cy))
	l.quant = l.acme.Group("Quant", l.ana)
	if l.token, err = d.CreateAPIToken(t.Context(), by, l.acme.ID, db.NewAPIToken{Name: "robot", Scopes: []string{"manage"}}); err != nil {
		t.Fatal(err)
	}
	if _, err = d.Invite(t.Context(), by, l.acme.ID, db.NewInvitation{Email: "new@acme.test", Role: "member"}); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l leaver) by() db.By { return dbtest.By(l.acme.Admin) }

// how gives Alpha to Cy, all else to Bo, and Research to Bo.
func (l leaver) how() db.Leaving {
	return db.Leaving{Heir: "bo@acme.test", Heirs: map[access.ID]string{l.alpha: "cy@acme.test"}, Admins: map[access.ID]string{l.research: "bo@acme.test"}}
}

func (l leaver) owner(t *testing.T, id access.ID) access.ID {
	t.Helper()
	one, err := l.FindResource(t.Context(), l.acme.ID, l.acme.Admin, id)
	if err != nil {
		t.Fatal(err)
	}
	return one.Owner.ID
}

func (l leaver) events(t *testing.T, action string) int {
	return number(t, l.Database, "SELECT count(*) FROM audit_events WHERE org_id = $1 AND action = $2", l.acme.ID, action)
}

// Break: in db/leaving_steps.go, any of the steps of removeMember; in queries/leaving.sql, GiveToHeirs, DESC.
func TestLeavingHandsEverythingOnAndLeavesATrace(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	before := number(t, l.Database, "SELECT count(*) FROM audit_events")
	preview, err := l.PreviewLeaving(t.Context(), l.by(), l.acme.ID, l.ana, l.how())
	must(t, err)
	taken := map[string]int{}
	for _, heir := range preview.Heirs {
		taken[heir.Person.Email+" "+heir.Of.Name] = heir.Resources
	}
	if fmt.Sprint(taken) != "map[bo@acme.test :1 cy@acme.test Alpha:2]" {
		t.Errorf("the preview says %v", taken)
	}
	if l.owner(t, l.alpha) != l.ana || number(t, l.Database, "SELECT count(*) FROM audit_events") != before {
		t.Fatal("the preview changed something")
	}

	how := l.how()
	how.Seen, how.EndSessions = preview.Seen, true
	must(t, l.EndMembership(t.Context(), l.by(), l.acme.ID, l.ana, how))
	if l.owner(t, l.alpha) != l.cy || l.owner(t, l.core) != l.cy || l.owner(t, l.beta) != l.bo {
		t.Error("the resources went elsewhere")
	}
	if role := text(t, l.Database, "SELECT role FROM group_members WHERE group_id = $1 AND user_id = $2", l.research, l.bo); role != "admin" {
		t.Errorf("Bo is %q in Research", role)
	}
	for _, left := range []string{"memberships WHERE user_id = $1", "grants WHERE user_id = $1", "group_members WHERE user_id = $1", "api_tokens WHERE made_by = $1",
		"resources WHERE owner_id = $1", "invitations WHERE invited_by = $1 AND revoked_at IS NULL", "sessions WHERE user_id = $1"} {
		if n := number(t, l.Database, "SELECT count(*) FROM "+left, l.ana); n != 0 {
			t.Errorf("%d are left of %s", n, left)
		}
	}
	if _, err := l.FindService(t.Context(), l.token, access.ManageScope); err == nil {
		t.Error("the token of a leaver works")
	}
	for action, want := range map[string]int{"resource.transferred": 3, "token.revoked": 1, "invitation.revoked": 1, "group.member_added": 3, "member.sessions_ended": 1, "member.removed": 1} {
		if n := l.events(t, action); n != want {
			t.Errorf("%d events %s, want %d", n, action, want)
		}
	}
	if _, err := l.VerifyAudit(t.Context(), l.acme.ID); err != nil {
		t.Error(err)
	}
}

func text(t testing.TB, d *dbtest.Database, statement string, args ...any) (found string) {
	t.Helper()
	if err := d.Pool.QueryRow(t.Context(), statement, args...).Scan(&found); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return found
}

// Break: in db/leaving.go, leaving, what is Stale; in queries/leaving.sql, CountStake, a line of the hash.
func TestLeavingThatWasDecidedOnAnotherStateIsRefused(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(t *testing.T, l leaver) error{
		"they got another resource": func(t *testing.T, l leaver) error { l.acme.Project("Gamma", l.ana); return nil },
		"an heir was deactivated":   func(t *testing.T, l leaver) error { return l.DeactivateMember(t.Context(), l.by(), l.acme.ID, l.cy) },
		"an heir left": func(t *testing.T, l leaver) error {
			return l.EndMembership(t.Context(), l.by(), l.acme.ID, l.cy, db.Leaving{})
		},
		"they were given a role": func(t *testing.T, l leaver) error {
			l.acme.Grant(l.bo, l.acme.Project("Delta", l.bo), toUser(l.ana), "viewer")
			return nil
		},
		"they came into a group": func(t *testing.T, l leaver) error { l.acme.Group("Late", l.ana); return nil },
		"they are the only admin of a group": func(t *testing.T, l leaver) error {
			return l.ChangeGroupMemberRole(t.Context(), l.by(), l.acme.ID, l.quant, l.ana, access.GroupAdmin)
		},
		"they invited somebody": func(t *testing.T, l leaver) error {
			_, err := l.Invite(t.Context(), dbtest.By(l.ana), l.acme.ID, db.NewInvitation{Email: "late@acme.test", Role: "member"})
			return err
		},
		"they made a token": func(t *testing.T, l leaver) error {
			_, err := l.CreateAPIToken(t.Context(), dbtest.By(l.ana), l.acme.ID, db.NewAPIToken{Name: "late", Scopes: []string{"decide"}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLeaver(t)
			preview, err := l.PreviewLeaving(t.Context(), l.by(), l.acme.ID, l.ana, l.how())
			must(t, err, happens(t, l))
			how := l.how()
			how.Seen = preview.Seen
			if err := l.EndMembership(t.Context(), l.by(), l.acme.ID, l.ana, how); !errors.Is(err, access.ErrConflict) {
				t.Errorf("the answer is %v", err)
			}
			if _, err := l.FindMember(t.Context(), l.acme.ID, l.ana); err != nil {
				t.Errorf("she is gone: %v", err)
			}
		})
	}
}

// Break: in access/leaving.go, inherited and fits.
func TestWhoTakesOverIsAnActiveMemberWhoStays(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	l.Organization(t, "home")
	gus := l.acme.Member("gus", "member")
	must(t, l.DeactivateMember(t.Context(), l.by(), l.acme.ID, gus))
	for _, unfit := range []string{"nobody@world.test", "admin@home.test", "gus@acme.test", "ana@acme.test"} {
		for field, how := range map[string]db.Leaving{
			"heir":                        {Heir: unfit},
			access.HeirField(l.alpha):     {Heir: "bo@acme.test", Heirs: map[access.ID]string{l.alpha: unfit}},
			access.AdminField(l.research): {Heir: "bo@acme.test", Admins: map[access.ID]string{l.research: unfit}},
			// what is not hers
			access.HeirField(l.others): {Heir: "bo@acme.test", Heirs: map[access.ID]string{l.others: "cy@acme.test"}},
			access.AdminField(l.quant): {Heir: "bo@acme.test", Admins: map[access.ID]string{l.quant: "cy@acme.test"}},
		} {
			for what, err := range map[string]error{"made": l.EndMembership(t.Context(), l.by(), l.acme.ID, l.ana, how), "judged": l.JudgeLeaving(t.Context(), l.by(), l.acme.ID, l.ana, how)} {
				var refusal *access.Error
				if !errors.As(err, &refusal) || !errors.Is(err, access.ErrInvalid) || refusal.Field != field {
					t.Errorf("%s with %s for %s: %v", what, unfit, field, err)
				}
			}
			if _, err := l.PreviewLeaving(t.Context(), l.by(), l.acme.ID, l.ana, how); !errors.Is(err, access.ErrInvalid) {
				t.Errorf("the preview with %s for %s: %v", unfit, field, err)
			}
		}
	}
	// Only a part has an heir
	if err := l.EndMembership(t.Context(), l.by(), l.acme.ID, l.ana, db.Leaving{Heirs: map[access.ID]string{l.alpha: "cy@acme.test"}}); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("Beta has no heir: %v", err)
	}
	must(t, l.EndMembership(t.Context(), l.by(), l.acme.ID, l.ana, db.Leaving{Heirs: map[access.ID]string{l.alpha: "cy@acme.test", l.beta: "cy@acme.test", l.core: "bo@acme.test"}}))
	if l.owner(t, l.core) != l.bo || l.owner(t, l.alpha) != l.cy {
		t.Error("the nearest heir did not count")
	}
}

// Who leaves names a new admin of their group only where they could have done so on its page.
func TestWhoLeavesHandsOnAGroupByTheRulesOfItsPage(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	must(t, l.ChangeMemberRole(t.Context(), l.by(), l.acme.ID, l.ana, "member"))
	l.acme.Grant(l.acme.Admin, l.acme.Module, toGroup(l.research), "creator")
	err := l.EndMembership(t.Context(), dbtest.By(l.ana), l.acme.ID, l.ana, l.how())
	var refusal *access.Error
	if !errors.As(err, &refusal) || refusal.Field != access.AdminField(l.research) || !strings.Contains(refusal.Message, "carries the role") {
		t.Errorf("a group that carries a role: %v", err)
	}
	if l.owner(t, l.alpha) != l.ana {
		t.Error("half of it was done")
	}
	how := l.how()
	how.Admins = nil
	must(t, l.EndMembership(t.Context(), dbtest.By(l.ana), l.acme.ID, l.ana, how))
}

// Somebody goes while the heir goes. What the naive way leaves there is shown in races_orphans_test.go, "owner".
func TestAnHeirWhoGoesAtTheSameTimeInheritsNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	for round := range rounds(t, 30) {
		ana, bo := acme.Member(fmt.Sprint("ana", round), "modeler"), acme.Member(fmt.Sprint("bo", round), "modeler")
		acme.Project(fmt.Sprint("Alpha ", round), ana)
		by := dbtest.By(acme.Admin)
		exactlyOne(t, together(
			func() error {
				return d.EndMembership(t.Context(), by, acme.ID, ana, db.Leaving{Heir: fmt.Sprintf("bo%d@acme.test", round)})
			},
			func() error { return d.EndMembership(t.Context(), by, acme.ID, bo, db.Leaving{}) },
		), access.ErrInvalid)
		if n := number(t, d, `SELECT count(*) FROM resources r WHERE owner_id IS NOT NULL AND NOT EXISTS
			(SELECT FROM memberships m WHERE m.org_id = r.org_id AND m.user_id = r.owner_id)`); n != 0 {
			t.Fatalf("%d resources have an owner who is no member", n)
		}
	}
}

// Break: in queries/decisions.sql or db/migrations/0005_decide.sql, any condition on a status.
func TestDeactivatingKeepsEverythingAndGrantsNothingUntilItIsUndone(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	counted := func() db.GroupCount {
		count, err := l.CountGroup(t.Context(), l.acme.ID, l.research)
		must(t, err)
		return count
	}
	standing := func() string {
		stake, err := l.CountStake(t.Context(), l.acme.ID, l.ana)
		must(t, err)
		return fmt.Sprint(stake, counted().People, counted().Groups)
	}
	works := func() (working []string) {
		if _, err := l.FindService(t.Context(), l.token, access.ManageScope); err == nil {
			working = append(working, "token")
		}
		if err := l.EditGroup(t.Context(), dbtest.By(l.ana), l.acme.ID, l.research, "Research", ""); err == nil {
			working = append(working, "group")
		}
		for name, place := range map[string]access.ID{"own": l.alpha, "shared": l.others, "organization": l.acme.ID} {
			if rights, err := l.Rights(t.Context(), l.ana, place); err == nil && rights != 0 {
				working = append(working, name)
			}
		}
		viewers, err := l.CountViewers(t.Context(), l.acme.ID, l.others)
		must(t, err)
		return append(working, fmt.Sprint(viewers))
	}
	had, could, before := standing(), works(), counted()
	must(t, l.DeactivateMember(t.Context(), l.by(), l.acme.ID, l.ana))
	if now := works(); len(now) != 1 || now[0] == could[len(could)-1] {
		t.Errorf("still works: %v", now)
	}
	if now := standing(); now != had {
		t.Errorf("she had %s and has %s", had, now)
	}
	if now := counted(); now.Everyone != before.Everyone-1 {
		t.Errorf("the group has %d active people, and had %d", now.Everyone, before.Everyone)
	}
	must(t, l.ReactivateMember(t.Context(), l.by(), l.acme.ID, l.ana))
	if now := works(); len(now) != 6 || now[5] != could[5] {
		t.Errorf("works again: %v, and before: %v", now, could)
	}
	if now := counted(); now != before {
		t.Errorf("the group is %v again, and was %v", now, before)
	}
}
