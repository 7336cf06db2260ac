package access_test

import (
	"testing"

	"gatehouse/access"
)

// Every way in, and what is missing at the pages of an organization.
func TestWhatIsMissingFollowsFromHowSomebodyCameIn(t *testing.T) {
	for n := range 1 << 6 {
		bit := func(i int) bool { return n>>i&1 == 1 }
		e := access.Entry{Own: bit(0), Through: bit(1), AsksProvider: bit(2), AsksFactor: bit(3), HasFactor: bit(4), BreakGlass: bit(5)}
		var want access.Step
		switch {
		case e.Through: // the organization's own provider stands for all
		case !e.Own: // another's stands for nothing
			want = access.SignInFirst
		case e.AsksProvider && !e.BreakGlass:
			want = access.GoToProvider
		case !e.HasFactor && (e.AsksFactor || e.AsksProvider):
			want = access.SetUpFactor
		}
		if got := e.Missing(); got != want {
			t.Errorf("%+v: %q, not %q", e, got, want)
		}
	}
}

func TestWhoeverCanGetInWhenSingleSignOnIsDownStaysAnAdmin(t *testing.T) {
	admin, kept := people["admin"].actor, ana
	kept.BreakGlass = true
	for name, change := range map[string]access.Change{
		"a role": access.ChangeMemberRole{Member: kept, To: roleOf(access.Organization, "member")}, "deactivation": access.DeactivateMember{Member: kept},
		"removal": access.RemoveMember{Member: kept},
	} {
		if err := access.Decide(admin, change); err == nil {
			t.Errorf("%s is allowed", name)
		}
	}
	if err := access.Decide(admin, access.ChangeMemberRole{Member: kept, To: roleOf(access.Organization, "admin")}); err != nil {
		t.Error(err)
	}
}
