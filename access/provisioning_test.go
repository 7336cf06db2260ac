package access_test

import (
	"errors"
	"testing"

	"gatehouse/access"
)

// provider is the identity provider of the organization, with the token of an Admin.
var provider = func() access.Actor {
	a := people["admin"].actor
	a.Provisioner = true
	return a
}()

// What nobody else may change, the provider may.
func TestTheProviderChangesWhatItKeeps(t *testing.T) {
	for _, name := range []string{"ProvisionMember", "EditProvisionedMember", "ProvisionGroup", "EditProvisionedGroup", "DeactivateMember managed",
		"ReactivateMember managed", "RemoveMember managed", "DeleteGroup managed", "AddGroupMember managed", "RemoveGroupMember managed",
		"NestGroup into-a-managed-one", "UnnestGroup managed"} {
		if err := access.Decide(provider, changes[name](people["admin"])); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		weak := people["member"].actor
		weak.Provisioner = true
		if err := access.Decide(weak, changes[name](people["member"])); !errors.Is(err, access.ErrDenied) {
			t.Errorf("%s, with the token of somebody who is no Admin: %v", name, err)
		}
	}
}

// Nobody asked them whether they want to be a member, and an Admin sees and ends their sessions.
func TestWhomOthersCountOnCanLeaveWhatProvisioningMadeThemAMemberOf(t *testing.T) {
	leaving := managed(ana)
	self := access.Actor{ID: ana.ID, Active: true, Member: true}
	if err := access.Decide(self, access.RemoveMember{Member: leaving}); !errors.Is(err, access.ErrConflict) {
		t.Errorf("whoever only this organization knows: %v", err)
	}
	leaving.Elsewhere = true
	if err := access.Decide(self, access.RemoveMember{Member: leaving}); err != nil {
		t.Errorf("whom others count on: %v", err)
	}
	if err := access.Decide(people["admin"].actor, access.RemoveMember{Member: leaving}); !errors.Is(err, access.ErrConflict) {
		t.Errorf("an Admin about them: %v", err)
	}
}

// Each of these is how one organization could lay hands on what others count on.
func TestTheProviderKeepsOffAccountsOfOthers(t *testing.T) {
	member := roleOf(access.Organization, "member")
	of := func(standing access.AccountStanding) access.AccountStanding {
		standing.ID, standing.Name, standing.Email = "ana", "Ana", "ana@acme.test"
		return standing
	}
	for sentence, change := range map[string]access.Change{
		"an account that it did not make is invited": access.ProvisionMember{Account: of(access.AccountStanding{}), Role: member},
		"an account that others count on is invited": access.ProvisionMember{Account: of(access.AccountStanding{MadeHere: true, Elsewhere: true}), Role: member},
		"a member is not made again":                 access.ProvisionMember{Account: of(access.AccountStanding{MadeHere: true, Member: true}), Role: member},
		"an account of others keeps its name": access.EditProvisionedMember{Account: of(access.AccountStanding{Member: true, MadeHere: true, Elsewhere: true}),
			ToName: "Eve", ToEmail: "ana@acme.test"},
		"an account of others keeps its address": access.EditProvisionedMember{Account: of(access.AccountStanding{Member: true, MadeHere: true, Elsewhere: true}),
			ToName: "Ana", ToEmail: "eve@acme.test"},
		"an account that it did not make keeps its address": access.EditProvisionedMember{Account: of(access.AccountStanding{Member: true}),
			ToName: "Ana", ToEmail: "eve@acme.test"},
		"nobody gets an address that somebody has": access.EditProvisionedMember{Account: of(access.AccountStanding{Member: true, MadeHere: true}),
			ToName: "Ana", ToEmail: "eve@acme.test", Taken: true},
		"who can get in when single sign-on is down keeps the address": access.EditProvisionedMember{Account: of(access.AccountStanding{Member: true, MadeHere: true}),
			ToName: "Ana", ToEmail: "ana2@acme.test", BreakGlass: true},
		"the last Admin is not deactivated": access.DeactivateMember{Member: managed(ana), LastAdmin: true},
		"the last Admin is not removed":     access.RemoveMember{Member: managed(ana), LastAdmin: true},
		"no two groups have one name":       access.ProvisionGroup{Group: people["admin"].group(), Taken: true},
		"no group gets the name of another": access.EditProvisionedGroup{Group: people["admin"].managed(), ToName: "Taken", Taken: true},
	} {
		if err := access.Decide(provider, change); !errors.Is(err, access.ErrConflict) {
			t.Errorf("%s: %v", sentence, err)
		}
	}
}
