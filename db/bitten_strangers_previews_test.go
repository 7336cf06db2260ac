package db_test

import (
	"cmp"
	"maps"

	"gatehouse/access"
	"gatehouse/db"
)

// strangersWhoTry name what says what a change would do, and changes nothing.
var strangersWhoTry = map[string][]func(s stranger) error{
	"PreviewGrants": {
		func(s stranger) error {
			_, err := s.PreviewGrants(s.ctx, s.by, s.org, s.x.resource, db.Share{Who: []access.Ref{toUser(s.own.user)}, Role: "viewer", Version: 2})
			return err
		},
		func(s stranger) error {
			_, err := s.PreviewGrants(s.ctx, s.by, s.org, s.own.resource, db.Share{Who: []access.Ref{toGroup(s.x.group)}, Role: "viewer", Version: 3})
			return err
		}},
	"PreviewGrantChange": {
		func(s stranger) error {
			_, err := s.PreviewGrantChange(s.ctx, s.by, s.org, s.x.resource, s.x.grant, "editor", nil, 3)
			return err
		},
		func(s stranger) error {
			_, err := s.PreviewGrantChange(s.ctx, s.by, s.org, s.own.resource, s.x.grant, "editor", nil, 3)
			return err
		}},
	"PreviewRevocation": {
		func(s stranger) error {
			_, err := s.PreviewRevocation(s.ctx, s.by, s.org, s.x.resource, s.x.grant, 3)
			return err
		},
		func(s stranger) error {
			_, err := s.PreviewRevocation(s.ctx, s.by, s.org, s.own.resource, s.x.grant, 3)
			return err
		}},
	"PreviewMemberChange": {
		func(s stranger) error {
			_, err := s.PreviewMemberChange(s.ctx, s.by, s.org, s.x.user, db.MemberChange{Role: "modeler"})
			return err
		},
		func(s stranger) error {
			_, err := s.PreviewMemberChange(s.ctx, s.by, s.org, s.x.user, db.MemberChange{Status: access.Deactivated})
			return err
		}},
	"PreviewApproval": {func(s stranger) error {
		_, err := s.PreviewApproval(s.ctx, s.by, s.org, s.x.request, db.Approval{Role: "viewer", Version: 1})
		return err
	}},
	"PreviewTemplate": {func(s stranger) error {
		_, err := s.PreviewTemplate(s.ctx, s.by, s.org, s.x.resource, s.x.template, "Mine", access.View)
		return err
	}},
	"TrySelected": {func(s stranger) error {
		refusals, err := s.TrySelected(s.ctx, s.by, s.org, selected(s.x.user), db.SelectedChange{Act: access.ActDeactivate})
		return cmp.Or(append(refusals, err)...)
	}},
	"PreviewGroupDeletion": {func(s stranger) error {
		_, err := s.PreviewGroupDeletion(s.ctx, s.by, s.org, s.x.group)
		return err
	}},
	"PreviewGroupMemberRemoval": {func(s stranger) error {
		_, err := s.PreviewGroupMemberRemoval(s.ctx, s.by, s.org, s.x.group, s.x.user)
		return err
	}},
	"PreviewGroupAddition": {func(s stranger) error {
		_, err := s.PreviewGroupAddition(s.ctx, s.by, s.org, s.x.group, []access.Ref{{Type: "group", ID: s.x.inner}}, access.GroupMember)
		return err
	}},
	"PreviewAccessMode": {func(s stranger) error {
		_, err := s.PreviewAccessMode(s.ctx, s.by, s.org, s.x.resource, access.Restricted, "", 1)
		return err
	}},
	"PreviewLeaving": {func(s stranger) error {
		_, err := s.PreviewLeaving(s.ctx, s.by, s.org, s.x.user, db.Leaving{})
		return err
	}},
	"JudgeLeaving": {func(s stranger) error { return s.JudgeLeaving(s.ctx, s.by, s.org, s.x.user, db.Leaving{}) }},
	"PreviewMove": {func(s stranger) error {
		_, err := s.PreviewMove(s.ctx, s.by, s.org, s.x.resource, s.x.resource, 1)
		return err
	}, func(s stranger) error {
		_, err := s.PreviewMove(s.ctx, s.by, s.org, s.own.resource, s.x.resource, 1)
		return err
	}},
	"PreviewPolicy": {func(s stranger) error {
		_, _, err := s.PreviewPolicy(s.ctx, s.by, s.x.org, access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.Restricted}, nil)
		return err
	}},
	"PreviewUnnesting": {func(s stranger) error {
		_, err := s.PreviewUnnesting(s.ctx, s.by, s.org, s.x.group, s.x.inner)
		return err
	}},
	"TryInvitation": {func(s stranger) error {
		return s.TryInvitation(s.ctx, s.by, s.org, db.NewInvitation{Email: "new@world.test", Role: "member", Groups: []access.ID{s.x.group}})
	}},
}

func everyStranger() map[string][]func(s stranger) error {
	every := maps.Clone(strangers)
	maps.Copy(every, strangersWhoTry)
	return every
}
