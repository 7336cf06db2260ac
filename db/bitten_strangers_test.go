package db_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What one may not see does not exist (docs/security.md): each change, asked for with the ids of another organization, is
// answered like one with ids that were never issued.

// ids are one organization's things, which an Admin of another names.
type ids struct {
	org, user, group, inner, resource, grant, invitation, token, template, request access.ID
	email                                                                          string
}

const never = access.ID("00000000-0000-4000-8000-000000000000")

var neverIssued = ids{never, never, never, never, never, never, never, never, never, never, "nobody@world.test"}

// A stranger is the Admin of their own organization, who asks in some organization about the things of another.
type stranger struct {
	*dbtest.Database
	ctx    context.Context
	by     db.By
	org    access.ID
	x, own ids
}

// strangers name the Store's changes, and strangersWhoTry (bitten_strangers_previews_test.go) what only tries them.
var strangers = map[string][]func(s stranger) error{
	"GrantRoles": {
		func(s stranger) error {
			return s.GrantRoles(s.ctx, s.by, s.org, s.x.resource, db.Share{Who: []access.Ref{toUser(s.own.user)}, Role: "viewer", Version: 2})
		},
		func(s stranger) error {
			return s.GrantRoles(s.ctx, s.by, s.org, s.own.resource, db.Share{Who: []access.Ref{toUser(s.x.user)}, Role: "viewer", Version: 3})
		},
		func(s stranger) error {
			return s.GrantRoles(s.ctx, s.by, s.org, s.own.resource, db.Share{Who: []access.Ref{toGroup(s.x.group)}, Role: "viewer", Version: 3})
		}},
	"ChangeGrant": {
		func(s stranger) error {
			return s.ChangeGrant(s.ctx, s.by, s.org, s.x.resource, s.x.grant, "editor", nil, 3)
		},
		func(s stranger) error {
			return s.ChangeGrant(s.ctx, s.by, s.org, s.own.resource, s.x.grant, "editor", nil, 3)
		}},
	"RevokeGrant": {
		func(s stranger) error { return s.RevokeGrant(s.ctx, s.by, s.org, s.x.resource, s.x.grant, 3) },
		func(s stranger) error { return s.RevokeGrant(s.ctx, s.by, s.org, s.own.resource, s.x.grant, 3) }},
	"RequestAccess": {
		func(s stranger) error {
			_, err := s.RequestAccess(s.ctx, s.by, s.org, s.x.resource, db.AskedAccess{Role: "owner"})
			return err
		},
		func(s stranger) error {
			_, err := s.RequestAccess(s.ctx, s.by, s.org, s.x.resource, db.AskedAccess{Role: "viewer", Days: 2})
			return err
		}},
	"WithdrawRequest": {func(s stranger) error { return s.WithdrawRequest(s.ctx, s.by, s.org, s.x.request) }},
	"ApproveRequest": {func(s stranger) error {
		return s.ApproveRequest(s.ctx, s.by, s.org, s.x.request, db.Approval{Role: "viewer", Version: 1})
	}},
	"DenyRequest": {func(s stranger) error { return s.DenyRequest(s.ctx, s.by, s.org, s.x.request, "", 1) }},
	"CreateTemplate": {func(s stranger) error {
		_, err := s.CreateTemplate(s.ctx, s.by, s.org, s.x.resource, "Mine", access.View)
		return err
	}},
	"EditTemplate": {
		func(s stranger) error {
			return s.EditTemplate(s.ctx, s.by, s.org, s.x.resource, s.x.template, "Mine", access.View)
		},
		func(s stranger) error {
			return s.EditTemplate(s.ctx, s.by, s.org, s.own.resource, s.x.template, "Mine", access.View)
		}},
	"DeleteTemplate": {
		func(s stranger) error { return s.DeleteTemplate(s.ctx, s.by, s.org, s.x.resource, s.x.template) },
		func(s stranger) error { return s.DeleteTemplate(s.ctx, s.by, s.org, s.own.resource, s.x.template) }},
	"AddToGroup": {
		func(s stranger) error {
			return s.AddToGroup(s.ctx, s.by, s.org, s.x.group, []access.Ref{toUser(s.own.user)}, access.GroupMember)
		},
		func(s stranger) error {
			return s.AddToGroup(s.ctx, s.by, s.org, s.own.inner, []access.Ref{toUser(s.x.user)}, access.GroupMember)
		},
		func(s stranger) error {
			return s.AddToGroup(s.ctx, s.by, s.org, s.own.group, []access.Ref{toGroup(s.x.group)}, access.GroupMember)
		}},
	"ChangeSelected": {
		func(s stranger) error {
			_, err := s.ChangeSelected(s.ctx, s.by, s.org, selected(s.x.user)[0], db.SelectedChange{Act: access.ActReactivate})
			return err
		},
		func(s stranger) error {
			invited := selected(s.x.invitation)[0]
			invited.Invitation = true
			_, err := s.ChangeSelected(s.ctx, s.by, s.org, invited, db.SelectedChange{Act: access.ActRenew})
			return err
		},
		func(s stranger) error {
			_, err := s.ChangeSelected(s.ctx, s.by, s.org, selected(s.own.user)[0], db.SelectedChange{Act: access.ActGroup, Group: s.x.group})
			return err
		}},
	"ChangeGroupMemberRole": {
		func(s stranger) error {
			return s.ChangeGroupMemberRole(s.ctx, s.by, s.org, s.x.group, s.x.user, access.GroupAdmin)
		},
		func(s stranger) error {
			return s.ChangeGroupMemberRole(s.ctx, s.by, s.org, s.own.group, s.x.user, access.GroupAdmin)
		}},
	"RemoveGroupMember": {
		func(s stranger) error { return s.RemoveGroupMember(s.ctx, s.by, s.org, s.x.group, s.x.user) },
		func(s stranger) error { return s.RemoveGroupMember(s.ctx, s.by, s.org, s.own.group, s.x.user) }},
	"UnnestGroup": {
		func(s stranger) error { return s.UnnestGroup(s.ctx, s.by, s.org, s.x.group, s.x.inner) },
		func(s stranger) error { return s.UnnestGroup(s.ctx, s.by, s.org, s.own.group, s.x.inner) }},
	"EditGroup":   {func(s stranger) error { return s.EditGroup(s.ctx, s.by, s.org, s.x.group, "Mine", "") }},
	"DeleteGroup": {func(s stranger) error { return s.DeleteGroup(s.ctx, s.by, s.org, s.x.group) }},
	"EndMembership": {
		func(s stranger) error { return s.EndMembership(s.ctx, s.by, s.org, s.x.user, db.Leaving{}) },
		func(s stranger) error {
			return s.EndMembership(s.ctx, s.by, s.org, s.own.user, db.Leaving{Heir: s.x.email}) /* who owns something */
		},
		func(s stranger) error {
			return s.EndMembership(s.ctx, s.by, s.org, s.own.user, db.Leaving{Heir: "admin@acme.test", Heirs: map[access.ID]string{s.x.resource: "admin@acme.test"}})
		},
		func(s stranger) error {
			return s.EndMembership(s.ctx, s.by, s.org, s.own.user, db.Leaving{Heir: "admin@acme.test", Admins: map[access.ID]string{s.x.group: "admin@acme.test"}})
		}},
	"ChangePolicy": {func(s stranger) error {
		return s.ChangePolicy(s.ctx, s.by, s.x.org, access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.Restricted}, nil)
	}},
	"Invite": {func(s stranger) error {
		_, err := s.Invite(s.ctx, s.by, s.org, db.NewInvitation{Email: "new@world.test", Role: "member", Groups: []access.ID{s.x.group}})
		return err
	}},
	"RenewInvitation": {func(s stranger) error {
		_, _, err := s.RenewInvitation(s.ctx, s.by, s.org, s.x.invitation)
		return err
	}},
	"RevokeInvitation": {func(s stranger) error { return s.RevokeInvitation(s.ctx, s.by, s.org, s.x.invitation) }},
	"ChangeMember": {func(s stranger) error {
		return s.ChangeMember(s.ctx, s.by, s.org, s.x.user, db.MemberChange{Role: "admin", Status: access.Deactivated})
	}},
	"ChangeMemberRole": {func(s stranger) error { return s.ChangeMemberRole(s.ctx, s.by, s.org, s.x.user, "admin") }},
	"ChangeSignInPolicy": {func(s stranger) error {
		return s.ChangeSignInPolicy(s.ctx, s.by, s.x.org, access.SignInPolicy{IdleHours: 1, AbsoluteHours: 1}, nil)
	}},
	"ChangeProvider": {func(s stranger) error {
		return s.ChangeProvider(s.ctx, s.by, s.x.org, db.NewProvider{Provider: access.Provider{Issuer: "https://evil.test", ClientID: "evil", Enabled: true}, Secret: "evil"})
	}},
	"UnlinkIdentities": {func(s stranger) error { return s.UnlinkIdentities(s.ctx, s.by, s.org, s.x.user) }},
	"EndMemberSession": {
		func(s stranger) error { return s.EndMemberSession(s.ctx, s.by, s.org, s.x.user, "") },
		func(s stranger) error { return s.EndMemberSession(s.ctx, s.by, s.org, s.own.user, never) }},
	"DeactivateMember": {func(s stranger) error { return s.DeactivateMember(s.ctx, s.by, s.org, s.x.user) }},
	"ReactivateMember": {func(s stranger) error { return s.ReactivateMember(s.ctx, s.by, s.org, s.x.user) }},
	"CreateResource": {func(s stranger) error {
		_, err := s.CreateResource(s.ctx, s.by, s.org, db.NewResource{Kind: access.Package, Parent: s.x.resource, Name: "Mine"})
		return err
	}},
	"EditResource": {func(s stranger) error { return s.EditResource(s.ctx, s.by, s.org, s.x.resource, "Mine", "") }},
	"EditContent": {func(s stranger) error {
		return s.EditContent(s.ctx, s.by, s.org, s.x.resource, map[string]string{"value": "1"})
	}},
	"UploadArtifact": {func(s stranger) error {
		_, err := s.UploadArtifact(s.ctx, s.by, s.org, db.NewResource{Parent: s.x.resource}, oneByte())
		return err
	}},
	"ReplaceFile":   {func(s stranger) error { return s.ReplaceFile(s.ctx, s.by, s.org, s.x.resource, oneByte()) }},
	"ReplaceSecret": {func(s stranger) error { return s.ReplaceSecret(s.ctx, s.by, s.org, s.x.resource, "mine") }},
	"RevealSecret": {func(s stranger) error {
		_, err := s.RevealSecret(s.ctx, s.by, s.org, s.x.resource)
		return err
	}},
	"DeleteResource": {func(s stranger) error { return s.DeleteResource(s.ctx, s.by, s.org, s.x.resource) }},
	"TransferResource": {
		func(s stranger) error { return s.TransferResource(s.ctx, s.by, s.org, s.x.resource, s.own.email, 3) },
		func(s stranger) error { return s.TransferResource(s.ctx, s.by, s.org, s.own.resource, s.x.email, 3) }},
	"MoveResource": {
		func(s stranger) error { return s.MoveResource(s.ctx, s.by, s.org, s.x.resource, s.own.resource, 3) },
		func(s stranger) error { return s.MoveResource(s.ctx, s.by, s.org, s.own.resource, s.x.resource, 3) }},
	"ChangeAccessMode": {func(s stranger) error {
		return s.ChangeAccessMode(s.ctx, s.by, s.org, s.x.resource, access.Public, "", 3)
	}},
	"CreateGroup": {func(s stranger) error {
		_, err := s.CreateGroup(s.ctx, s.by, s.x.org, "Mine", "")
		return err
	}},
	"CreateAPIToken": {func(s stranger) error {
		_, err := s.CreateAPIToken(s.ctx, s.by, s.x.org, db.NewAPIToken{Name: "mine", Scopes: []string{"decide"}})
		return err
	}},
	"RevokeAPIToken": {func(s stranger) error { return s.RevokeAPIToken(s.ctx, s.by, s.org, s.x.token) }},
	"SendTestMail": {func(s stranger) error {
		if err := s.UseMail(); err != nil {
			return err
		}
		return s.SendTestMail(s.ctx, s.by, s.x.org)
	}},
	"ProvisionMember": {
		func(s stranger) error {
			_, err := s.ProvisionMember(s.ctx, s.provider(), s.x.org, db.Profile{Email: "new@world.test", Attributes: []byte("{}")})
			return err
		}},
	"EditProvisionedMember": {func(s stranger) error {
		return s.EditProvisionedMember(s.ctx, s.provider(), s.org, s.x.user, db.Profile{Email: "new@world.test", Attributes: []byte("{}")})
	}},
	"RemoveProvisionedMember": {func(s stranger) error { return s.RemoveProvisionedMember(s.ctx, s.provider(), s.org, s.x.user) }},
	"ProvisionGroup": {func(s stranger) error {
		_, err := s.ProvisionGroup(s.ctx, s.provider(), s.x.org, "Mine", "")
		return err
	}},
	"TakeOutOfGroup": {
		func(s stranger) error {
			return s.TakeOutOfGroup(s.ctx, s.provider(), s.org, s.x.group, []access.Ref{toUser(s.x.user)})
		},
		func(s stranger) error {
			return s.TakeOutOfGroup(s.ctx, s.provider(), s.org, s.own.group, []access.Ref{toGroup(s.x.inner)})
		}},
	"EditProvisionedGroup": {func(s stranger) error {
		return s.EditProvisionedGroup(s.ctx, s.provider(), s.org, s.x.group, "Mine", "")
	}},
	"RenameOrganization": {func(s stranger) error { return s.RenameOrganization(s.ctx, s.by, s.x.org, "Mine") }},
}

func selected(id access.ID) []db.MemberRow {
	return []db.MemberRow{{Member: access.Member{Person: access.Person{ID: id}}}}
}

// provider asks as the identity provider of the stranger's organization.
func (s stranger) provider() db.By {
	return db.By{User: s.by.User, Via: "scim"}
}

func oneByte() db.Upload { return db.Upload{Name: "x", Content: strings.NewReader("x"), Limit: 1} }

// elsewhere are the changes that name no id: they are judged by a token, or for the operator, or name things by their keys.
var elsewhere = []string{"Import", "AcceptInvitation", "AcceptAsNewUser", "CreateOrganization", "SetUp", "RestoreAdmin", "ResetPassword",
	"SignInThrough",                                                                                                                 // asked by nobody: the organization's provider says who it is
	"RenameUser", "ConfirmApp", "RemoveApp", "RenewRecoveryCodes", "AddPasskey", "RenamePasskey", "RemovePasskey", "ChangePassword"} // of one's own account

func TestEveryChangeThatTheStoreOffersIsAskedByAStranger(t *testing.T) {
	store, asked := reflect.TypeFor[*db.Store](), everyStranger()
	for method := range store.Methods() {
		for i := range method.Type.NumIn() {
			if method.Type.In(i) == reflect.TypeFor[db.By]() && asked[method.Name] == nil && !slices.Contains(elsewhere, method.Name) {
				t.Errorf("%s is asked by no stranger", method.Name)
			}
		}
	}
}

func TestAnotherOrganizationsIDsAnswerAsIfTheyWereNeverIssued(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	own, foreign := furnish(t, d, "acme"), furnish(t, d, "other")
	ask := func(org access.ID, x ids) stranger {
		return stranger{d, t.Context(), dbtest.By(adminOf(t, d, "acme")), org, x, own}
	}
	for name, calls := range everyStranger() {
		for n, call := range calls {
			asked := call(ask(own.org, foreign))
			unknown := call(ask(own.org, neverIssued))
			if asked == nil || unknown == nil || asked.Error() != unknown.Error() {
				t.Errorf("%s %d: %v; an id that was never issued: %v", name, n, asked, unknown)
			}
			if there := call(ask(foreign.org, foreign)); there != access.ErrNotFound {
				t.Errorf("%s %d in the other organization: %v", name, n, there)
			}
		}
	}
}
