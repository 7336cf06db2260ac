package access_test

import (
	"errors"
	"slices"
	"testing"

	"gatehouse/access"
)

// A refusal is a sentence that must stay true, whoever changes the rules.
type refusal struct {
	name   string
	by     person
	change func(person) access.Change
	reason error
	field  string // the input at fault
}

func TestRefusalsByName(t *testing.T) {
	for _, refusal := range slices.Concat(ofTheLastAdmin, ofHeirs, ofInvitations, ofCeilings, ofSharingOutside, ofWhatThereIsNot, ofLatecomers) {
		t.Run(refusal.name, func(t *testing.T) {
			err := access.Decide(refusal.by.actor, refusal.change(refusal.by))
			var said *access.Error
			if !errors.As(err, &said) || !errors.Is(err, refusal.reason) || said.Field != refusal.field {
				t.Fatalf("the answer is %v (%+v), want %v about %q", err, said, refusal.reason, refusal.field)
			}
			if last := said.Message[len(said.Message)-1]; last != '.' {
				t.Errorf("%q is no sentence", said.Message)
			}
		})
	}
}

var ofTheLastAdmin = []refusal{
	{"the last admin cannot be demoted", people["admin"], func(person) access.Change {
		return access.ChangeMemberRole{Member: ana, To: roleOf(access.Organization, "member"), LastAdmin: true}
	}, access.ErrConflict, ""},
	{"the last admin cannot become an auditor", people["operator"], func(person) access.Change {
		return access.ChangeMemberRole{Member: ana, To: roleOf(access.Organization, "auditor"), LastAdmin: true}
	}, access.ErrConflict, ""},
	{"the last admin cannot be deactivated", people["admin"], func(person) access.Change {
		return access.DeactivateMember{Member: ana, LastAdmin: true}
	}, access.ErrConflict, ""},
	{"the last admin cannot be removed", people["operator"], func(person) access.Change {
		return access.RemoveMember{Member: ana, LastAdmin: true}
	}, access.ErrConflict, ""},
	{"the last admin's account cannot be deactivated by a file", people["operator"], func(person) access.Change {
		return access.ImportUser{User: ana.Person, Status: access.Deactivated, OldStatus: access.Active, LastAdmin: true}
	}, access.ErrConflict, ""},
	{"the last admin cannot leave", people["admin"], func(p person) access.Change {
		return access.RemoveMember{Member: access.Member{Person: access.Person{ID: p.actor.ID}}, LastAdmin: true}
	}, access.ErrConflict, ""},
}

var ofHeirs = []refusal{
	{"a member who owns something cannot be removed without an heir", people["admin"], func(person) access.Change {
		return access.RemoveMember{Member: ana, Owns: 1}
	}, access.ErrInvalid, "heir"},
	{"what no heir takes over keeps a member", people["admin"], func(person) access.Change {
		return access.RemoveMember{Member: ana, Owns: 3, Heirs: []access.Heir{{Field: "heir.x", Person: ana.Person, Fits: true, Resources: 2}}}
	}, access.ErrInvalid, "heir"},
	{"a deactivated member takes nothing over", people["admin"], func(person) access.Change {
		return access.RemoveMember{Member: ana, Owns: 3, Heirs: []access.Heir{{Field: "heir.x", Of: access.Ref{ID: "x", Name: "Alpha"}, Person: gone.Person, Resources: 3}}}
	}, access.ErrInvalid, "heir.x"},
	{"nobody takes over what the member no longer owns", people["admin"], func(person) access.Change {
		return access.RemoveMember{Member: ana, Owns: 3, Heirs: []access.Heir{{Field: "heir.x", Gone: true, Person: ana.Person, Fits: true}}}
	}, access.ErrInvalid, "heir.x"},
	{"a removal that was decided on another state is not made", people["admin"], func(person) access.Change {
		return access.RemoveMember{Member: ana, Stale: true}
	}, access.ErrConflict, ""},
	{"an Admin whose role ends does not make themselves an heir", people["admin"], func(p person) access.Change {
		return access.RemoveMember{Member: ana, Owns: 1, End: access.End{At: &soon}, Heirs: []access.Heir{{Field: "heir", Person: access.Person{ID: p.actor.ID}, Fits: true, Resources: 1}}}
	}, access.ErrDenied, ""},
	{"a deactivated member does not look after a group", people["admin"], func(person) access.Change {
		return access.RemoveMember{Member: ana, Admins: []access.Successor{{Field: "admin.g", Person: gone.Person}}}
	}, access.ErrInvalid, "admin.g"},
	{"a member who leaves names nobody for a group that was not theirs", people["member"], func(p person) access.Change {
		return access.RemoveMember{Member: access.Member{Person: access.Person{ID: p.actor.ID}}, Admins: []access.Successor{{Field: "admin.g", Gone: true, Person: ana.Person, Fits: true}}}
	}, access.ErrInvalid, "admin.g"},
	{"a member cannot be removed by another member", people["member"], func(person) access.Change {
		return access.RemoveMember{Member: ana}
	}, access.ErrDenied, ""},
	{"a resource cannot be given to a deactivated member", people["owner"], func(p person) access.Change {
		return access.TransferResource{Resource: p.alpha(), To: gone}
	}, access.ErrInvalid, "owner"},
	{"a resource cannot be given to somebody who is no member", people["owner"], func(p person) access.Change {
		return access.TransferResource{Resource: p.alpha(), To: access.Member{}}
	}, access.ErrInvalid, "owner"},
	{"a module has no owner", people["operator"], func(p person) access.Change {
		return access.TransferResource{Resource: p.risk(), To: ana}
	}, access.ErrDenied, ""},
}

var ofInvitations = []refusal{
	{"an invitation is not accepted as another address", people["member"], func(person) access.Change {
		return accepting(people["admin"].actor)
	}, access.ErrDenied, ""},
	{"an invitation that was used, revoked or has expired is not accepted", people["outsider"], func(person) access.Change {
		c := accepting(people["admin"].actor)
		c.Open = false
		return c
	}, access.ErrConflict, ""},
	{"a member is not made a member again", people["outsider"], func(person) access.Change {
		c := accepting(people["admin"].actor)
		c.Member = true
		return c
	}, access.ErrConflict, ""},
	{"an inviter who is no Admin any more invites nobody", people["outsider"], func(person) access.Change {
		return accepting(people["member"].actor)
	}, access.ErrConflict, ""},
	{"an inviter whose account was deactivated invites nobody", people["outsider"], func(person) access.Change {
		inviter := people["admin"].actor
		inviter.Active = false
		return accepting(inviter)
	}, access.ErrConflict, ""},
	{"an invitation into a group that began to carry a role needs an inviter who manages the people there", people["outsider"], func(person) access.Change {
		inviter := people["member"]
		inviter.actor.Rights |= access.Members // of the organization, not of the module
		c := accepting(inviter.actor)
		c.Groups = []access.GroupFacts{inviter.carrying()}
		return c
	}, access.ErrConflict, ""},
	{"a member is not invited", people["admin"], func(person) access.Change {
		c := invite()
		c.Member = true
		return c
	}, access.ErrConflict, ""},
	{"nobody is invited twice at once", people["admin"], func(person) access.Change {
		c := invite()
		c.Pending = true
		return c
	}, access.ErrConflict, ""},
}

func accepting(inviter access.Actor) access.AcceptInvitation {
	return access.AcceptInvitation{Invitation: "i", Email: "guest@example.com", Role: roleOf(access.Organization, "member"), Open: true, Inviter: inviter}
}
