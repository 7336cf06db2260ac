package access_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/access"
)

// What a page shows and what the rules answer are the same: for every set of rights that somebody could hold.

// everySet calls f with each of the sets of rights that there are.
func everySet(f func(access.Rights)) {
	all := access.AllRights()
	for set := access.Rights(0); set < 1<<len(all); set++ {
		f(set)
	}
}

// differentKinds stand for all: the others have the same roles as one of them.
var differentKinds = []access.Kind{access.Organization, access.Module, access.Project, access.Secret}

var user = access.Actor{ID: "somebody", Active: true, Member: true, Proven: true}

func resourceOf(kind access.Kind, held access.Rights) access.Resource {
	return access.Resource{ID: "r", Kind: kind, Name: "R", Mode: access.Restricted, OrgRole: "viewer", Rights: held}
}

func TestThePickerOffersExactlyTheRolesThatMayBeGranted(t *testing.T) {
	for _, kind := range differentKinds {
		everySet(func(held access.Rights) {
			offered := access.AssignableRoles(user, kind, held)
			for _, role := range access.RolesOf(kind) {
				err := access.Decide(user, give(resourceOf(kind, held), quant, role.Name))
				shown := slices.ContainsFunc(offered, func(r access.Role) bool { return r.ID == role.ID })
				if shown != (err == nil) {
					t.Fatalf("%s with %q: shown %v, answer %v", role.ID, held, shown, err)
				}
			}
		})
	}
}

func TestTheButtonsBesideAGrantShowWhetherItMayBeChanged(t *testing.T) {
	for _, kind := range differentKinds {
		for _, who := range []access.Principal{quant, toAna} {
			wrong := 0
			everySet(func(held access.Rights) {
				for _, role := range access.RolesOf(kind) {
					on := resourceOf(kind, held)
					grant := access.Grant{ID: "g", Resource: on.Ref(), Principal: who, Role: role}
					shown := grant.CanChange(user, held)
					if err := access.Decide(user, access.RevokeGrant{Resource: on, Grant: grant}); shown != (err == nil) {
						if wrong++; wrong == 1 {
							t.Errorf("%s of a %s with %q: shown %v, answer %v", role.ID, who.Type, held, shown, err)
						}
					}
				}
			})
		}
	}
}

// Breaks when Choices hands back all that was offered.
func TestTheSelectorBesideAGrantOffersExactlyTheRolesThatItMayBeChangedTo(t *testing.T) {
	partner := access.Principal{Ref: access.Ref{Type: "organization", ID: "harbor", Name: "Harbor Partners"}, Slug: "harbor", External: true, Active: true}
	template := access.Role{ID: "t", Kind: access.Project, Name: "Cleaner", Title: "Cleaner", Here: access.Discover | access.Delete, Project: "r"}
	for _, who := range []access.Principal{toAna, outsider, partner} {
		for _, policy := range []access.Policy{{}, {ExternalSharing: true}} {
			for _, kind := range []access.Kind{access.Project, access.Secret} {
				on := resourceOf(kind, access.OwnerRights())
				roles := access.RolesOf(kind)
				if kind == access.Project {
					roles = append(roles, template)
				}
				grant := access.Grant{ID: "g", Resource: on.Ref(), Principal: who, Role: roles[0]}
				offered := grant.Choices(roles, policy)
				for _, role := range roles[1:] {
					err := access.Decide(user, access.ChangeGrant{Resource: on, Grant: grant, ToRole: role, Policy: policy})
					shown := slices.ContainsFunc(offered, func(r access.Role) bool { return r.ID == role.ID })
					if shown != (err == nil) {
						t.Errorf("%s of %s: shown %v, answer %v", role.ID, who.Name, shown, err)
					}
				}
			}
		}
	}
}

func TestTheControlsOfAGroupShowWhetherItMayBeChanged(t *testing.T) {
	for _, admin := range []bool{false, true} {
		everySet(func(held access.Rights) {
			actor := user
			actor.Rights = held
			group := access.GroupFacts{ID: "research", Name: "Research", Admin: admin}
			for _, carried := range []access.Rights{0, access.Discover, access.Members} {
				if carried != 0 {
					group.Carries = []access.Carried{{Role: roleOf(access.Module, "user"), Resource: "Risk", Held: carried}}
				}
				for _, change := range []access.Change{access.DeleteGroup{Group: group}, access.AddGroupMember{Group: group, Member: ana, Role: access.GroupMember},
					access.RemoveGroupMember{Group: group, Member: ana}, access.ChangeGroupMemberRole{Group: group, Member: ana, From: access.GroupMember, To: access.GroupAdmin},
					access.NestGroup{Group: group, Member: inner}, access.UnnestGroup{Group: group, Member: inner}} {
					if err := access.Decide(actor, change); group.CanManage(actor) != (err == nil) {
						t.Fatalf("%T with %q: shown %v, answer %v", change, held, group.CanManage(actor), err)
					}
				}
				if err := access.Decide(actor, access.EditGroup{Group: group}); group.CanChange(actor) != (err == nil) {
					t.Fatalf("the form with %q: shown %v, answer %v", held, group.CanChange(actor), err)
				}
			}
		})
	}
}

func TestTheModeSelectorOffersExactlyTheModesThatMayBeSet(t *testing.T) {
	for _, kind := range access.Kinds() {
		for _, widest := range access.Modes() {
			policy := open
			policy.WidestMode = widest
			for _, current := range access.Modes() {
				on := resourceOf(kind, access.OwnerRights())
				on.Mode = current
				for _, option := range access.ModeOptions(kind, current, policy) {
					err := access.Decide(user, access.ChangeAccessMode{Resource: on, ToMode: option.Mode, ToRole: "viewer", Policy: policy})
					if kind.Owned() && (option.Refusal == "") != (err == nil) {
						t.Errorf("%s, %s at most, from %s to %s: refusal %q, answer %v", kind, widest, current, option.Mode, option.Refusal, err)
					}
					if !kind.Owned() && err == nil {
						t.Errorf("a %s can be made %s", kind, option.Mode)
					}
				}
			}
		}
	}
}

func TestTheRolesForEveryoneAreExactlyThoseThatModeOrganizationTakes(t *testing.T) {
	for _, kind := range access.Kinds() {
		var offered []string
		for _, role := range access.OrganizationRoles(kind) {
			offered = append(offered, role.Name)
		}
		for _, name := range []string{"viewer", "modeler", "editor", "admin", "owner", "user", "member", "", "nonsense"} {
			on := resourceOf(kind, access.OwnerRights())
			err := access.Decide(user, access.ChangeAccessMode{Resource: on, ToMode: access.OrganizationMode, ToRole: name, Policy: open})
			if slices.Contains(offered, name) != (err == nil) {
				t.Errorf("%q on a %s: offered %v, answer %v", name, kind, offered, err)
			}
		}
	}
}

// Whoever may grant may also take back, and nobody may do what a deactivated account asks.
func TestADeactivatedAccountMayNothingWhateverItHolds(t *testing.T) {
	everySet(func(held access.Rights) {
		actor := access.Actor{ID: "somebody", Member: true, Proven: true, Rights: held}
		for _, change := range []access.Change{give(resourceOf(access.Project, held), quant, "viewer"), access.CreateGroup{}, access.RemoveMember{Member: ana},
			access.ChangeGrant{Resource: resourceOf(access.Project, held), ToExpiry: &time.Time{}}} {
			if err := access.Decide(actor, change); !errors.Is(err, access.ErrUnauthenticated) {
				t.Fatalf("%T: %v", change, err)
			}
		}
	})
}
