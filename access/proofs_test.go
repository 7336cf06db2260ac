package access_test

import (
	"testing"

	"gatehouse/access"
)

// What asks for a recent sign-in, of whoever may do it at all.
func TestWhatAsksForARecentSignInIsRefusedWithoutOne(t *testing.T) {
	owner, admin := people["owner"], people["admin"]
	wide := func(from, to access.Mode) access.Change {
		resource := owner.alpha()
		resource.Mode = from
		return access.ChangeAccessMode{Resource: resource, ToMode: to, ToRole: "viewer", Policy: open}
	}
	steps := []struct {
		what   string
		who    person
		change access.Change
		asks   bool
	}{
		{"reveal", owner, access.RevealSecret{Resource: owner.inAlpha(access.Secret)}, true},
		{"transfer", owner, access.TransferResource{Resource: owner.alpha(), To: ana}, true},
		{"removal of an owner", admin, access.RemoveMember{Member: ana, Owns: 1, Heirs: []access.Heir{{Person: ana.Person, Fits: true, Resources: 1}}}, true},
		{"removal of somebody who owns nothing", admin, access.RemoveMember{Member: ana}, false},
		{"token", admin, access.CreateToken{Token: robot(access.DecideScope)}, true},
		{"another factor", owner, access.AddFactor{User: access.Person{ID: owner.actor.ID}}, true},
		{"one factor less", owner, access.RemoveFactor{User: access.Person{ID: owner.actor.ID}}, true},
		{"recovery codes", owner, access.RenewRecoveryCodes{User: access.Person{ID: owner.actor.ID}}, true},
		{"restricted to public", owner, wide(access.Restricted, access.Public), true},
		{"public to anonymous", owner, wide(access.Public, access.Anonymous), true},
		{"restricted to organization", owner, wide(access.Restricted, access.OrganizationMode), false},
		{"anonymous to public", owner, wide(access.Anonymous, access.Public), false},
		{"public to public", owner, wide(access.Public, access.Public), false},
	}
	for _, step := range steps {
		if err := access.Decide(step.who.actor, step.change); err != nil {
			t.Errorf("%s after a recent sign-in: %v", step.what, err)
		}
		old := step.who.actor
		old.Proven = false
		if err := access.Decide(old, step.change); access.NeedsProof(err) != step.asks {
			t.Errorf("%s after an old sign-in: %v", step.what, err)
		}
		if err := access.Decide(access.Actor{Active: true, Operator: true}, step.change); access.NeedsProof(err) {
			t.Errorf("%s by the operator: %v", step.what, err)
		}
		stranger := people["outsider"].actor
		stranger.Proven = false
		if err := access.Decide(stranger, access.CreateToken{Token: robot(access.DecideScope)}); err == nil || access.NeedsProof(err) {
			t.Errorf("who may not at all is asked to prove who they are: %v", err)
		}
	}
}
