package db

import (
	"context"
	"errors"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// InvitationLasts is how long a link to accept an invitation works.
const InvitationLasts = 7 * 24 * time.Hour

// NewInvitation is whom somebody invites, as what.
type NewInvitation struct {
	Email   string // normalized
	Role    string // name of an organization role
	Groups  []access.ID
	Message string
}

// Invite invites one address and returns the token of the link to accept with.
func (s *Store) Invite(ctx context.Context, by By, org access.ID, invited NewInvitation) (token string, err error) {
	token, hash := newToken()
	return token, s.change(ctx, by, org, func(c *change) error { return c.invite(ctx, invited, token, hash) })
}

// TryInvitation says whether an address could be invited now: it is invited, and that is rolled back.
func (s *Store) TryInvitation(ctx context.Context, by By, org access.ID, invited NewInvitation) error {
	token, hash := newToken()
	err := s.change(ctx, by, org, func(c *change) error {
		if err := c.invite(ctx, invited, token, hash); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		return nil
	}
	return err
}

func (c *change) invite(ctx context.Context, invited NewInvitation, token string, hash []byte) error {
	given, err := access.FindRole(access.Organization, invited.Role)
	if err != nil {
		return err
	}
	if invited.Message, err = access.CleanMessage(invited.Message); err != nil {
		return err
	}
	standing, err := c.q.InvitationStanding(ctx, sqlc.InvitationStandingParams{OrgID: c.org.ID, Email: invited.Email})
	if err != nil {
		return err
	}
	groups, err := c.groups(ctx, invited.Groups)
	if err != nil {
		return err
	}
	what := access.InviteMember{Invitation: newID(), Email: invited.Email, Role: given, Groups: groups,
		Member: standing.Member, Pending: standing.Pending}
	err = c.make(ctx, what, func() error { return c.addInvitation(ctx, what, invited, hash) })
	if err != nil {
		return err
	}
	return c.mail(ctx, invitationMail(what.Invitation, what.Email, token))
}

// invitationMail is the mail with the link of an invitation.
func invitationMail(invitation access.ID, email, token string) newMail {
	return newMail{kind: InvitationMail, to: access.Person{Email: email}, about: invitation, token: token}
}

func (c *change) groups(ctx context.Context, ids []access.ID) ([]access.GroupFacts, error) {
	var groups []access.GroupFacts
	for _, id := range ids {
		group, err := c.group(ctx, id)
		if err != nil {
			return nil, err
		}
		groups = append(groups, group)
	}
	return groups, nil
}

func (c *change) addInvitation(ctx context.Context, what access.InviteMember, invited NewInvitation, hash []byte) error {
	err := c.q.RevokeExpiredInvitations(ctx, sqlc.RevokeExpiredInvitationsParams{OrgID: c.org.ID, Email: what.Email})
	if err != nil {
		return err
	}
	_, err = c.q.AddInvitation(ctx, sqlc.AddInvitationParams{OrgID: c.org.ID, ID: what.Invitation, Email: what.Email, RoleID: what.Role.ID,
		Message: invited.Message, TokenHash: hash, InvitedBy: optional(c.actor.ID), Lasts: InvitationLasts})
	if err != nil {
		return err
	}
	for _, group := range what.Groups {
		err := c.q.AddInvitationGroup(ctx, sqlc.AddInvitationGroupParams{OrgID: c.org.ID, InvitationID: what.Invitation, GroupID: group.ID})
		if err != nil {
			return err
		}
	}
	return nil
}

// RenewInvitation makes a new link for an open invitation and returns its token. The old link stops working, and whoever
// renews stands for the invitation from now on.
func (s *Store) RenewInvitation(ctx context.Context, by By, org, id access.ID) (token, email string, err error) {
	err = s.change(ctx, by, org, func(c *change) error {
		token, email, err = c.renewInvitation(ctx, id)
		return err
	})
	return token, email, err
}

func (c *change) renewInvitation(ctx context.Context, id access.ID) (token, email string, err error) {
	row, err := c.q.FindInvitation(ctx, sqlc.FindInvitationParams{OrgID: c.org.ID, ID: id})
	if err != nil {
		return "", "", found(err)
	}
	token, hash := newToken()
	what := access.RenewInvitation{Invitation: id, Email: row.Email, Open: row.AcceptedAt == nil && row.RevokedAt == nil}
	err = c.make(ctx, what, func() error {
		_, err := c.q.RenewInvitation(ctx, sqlc.RenewInvitationParams{OrgID: c.org.ID, ID: id, TokenHash: hash, Lasts: InvitationLasts, InvitedBy: optional(c.actor.ID)})
		return err
	})
	if err != nil {
		return "", row.Email, err
	}
	return token, row.Email, c.mail(ctx, invitationMail(id, row.Email, token))
}

// RevokeInvitation takes an open invitation back.
func (s *Store) RevokeInvitation(ctx context.Context, by By, org, id access.ID) error {
	return s.change(ctx, by, org, func(c *change) error { return c.revokeInvitation(ctx, id) })
}

func (c *change) revokeInvitation(ctx context.Context, id access.ID) error {
	row, err := c.q.FindInvitation(ctx, sqlc.FindInvitationParams{OrgID: c.org.ID, ID: id})
	if err != nil {
		return found(err)
	}
	what := access.RevokeInvitation{Invitation: id, Email: row.Email, Open: row.AcceptedAt == nil && row.RevokedAt == nil}
	return c.make(ctx, what, func() error {
		_, err := c.q.RevokeInvitation(ctx, sqlc.RevokeInvitationParams{OrgID: c.org.ID, ID: id})
		return err
	})
}

// An Invitation is what somebody sees who opens its link.
type Invitation struct {
	ID        access.ID
	Org       access.Org
	Email     string
	Role      access.Role
	Message   string
	Inviter   access.Person
	ExpiresAt time.Time
	Accepted  bool
	Revoked   bool
	Expired   bool
	Known     bool     // the address has an account on this server
	Groups    []string // that acceptance joins
}

// FindInvitation reads the invitation behind a link's token, without using it; access.ErrNotFound for a token that never
// was or was replaced.
func (s *Store) FindInvitation(ctx context.Context, token string) (Invitation, error) {
	row, err := s.q.FindInvitationByToken(ctx, hashToken(token))
	if err != nil {
		return Invitation{}, found(err)
	}
	invitation := Invitation{ID: row.ID, Org: access.Org{ID: row.OrgID, Slug: row.Slug, Name: row.OrgName}, Email: row.Email, Role: role(row.RoleID),
		Message: row.Message, Inviter: access.Person{ID: required(row.InvitedBy), Name: row.InviterName, Email: row.InviterEmail},
		ExpiresAt: row.ExpiresAt, Accepted: row.AcceptedAt != nil, Revoked: row.RevokedAt != nil, Expired: row.Expired, Known: row.Known}
	groups, err := s.q.ListInvitationGroups(ctx, sqlc.ListInvitationGroupsParams{OrgID: row.OrgID, InvitationID: row.ID})
	for _, group := range groups {
		invitation.Groups = append(invitation.Groups, group.Name)
	}
	return invitation, err
}

// AcceptInvitation makes the user a member through the invitation with this token.
func (s *Store) AcceptInvitation(ctx context.Context, by By, token string) (access.Org, error) {
	if by.User == "" {
		return access.Org{}, access.ErrUnauthenticated
	}
	return s.accept(ctx, by, token, func(*change) error { return nil })
}

// AcceptAsNewUser makes an account for the invited address, with a name and the hash of a password, and a member of
// it. It returns the new user's id. An address that has an account by now is access.ErrConflict.
func (s *Store) AcceptAsNewUser(ctx context.Context, by By, token, name, passwordHash string) (access.Org, access.ID, error) {
	name, err := access.CleanName("name", name)
	if err != nil {
		return access.Org{}, "", err
	}
	var user access.ID
	org, err := s.accept(ctx, by, token, func(c *change) error {
		email := c.actor.Email
		if user, err = c.q.AddUser(ctx, sqlc.AddUserParams{Email: email, Name: name}); err != nil {
			return err
		}
		c.actor = access.Actor{ID: user, Name: name, Email: email, Active: true}
		return c.q.SetPassword(ctx, sqlc.SetPasswordParams{UserID: user, PasswordHash: passwordHash})
	})
	if violates(err, "users_email_key") {
		err = access.Conflict("There is an account with this address already. Sign in, then open the link again.")
	}
	return org, user, err
}

// accept runs the acceptance in the one transaction; arrive makes the account where there is none.
func (s *Store) accept(ctx context.Context, by By, token string, arrive func(*change) error) (access.Org, error) {
	peek, err := s.FindInvitation(ctx, token)
	if err != nil {
		return access.Org{}, err
	}
	newcomer := by.User == ""
	return peek.Org, s.transaction(ctx, by, peek.Org.ID, func(c *change) error {
		row, err := c.q.FindInvitationByToken(ctx, hashToken(token)) // again, now under the lock
		if err != nil {
			return found(err)
		}
		what := access.AcceptInvitation{Invitation: row.ID, Email: row.Email, Role: role(row.RoleID),
			Open: row.AcceptedAt == nil && row.RevokedAt == nil && !row.Expired}
		if newcomer {
			c.actor = access.Actor{Email: row.Email, Active: true}
			if !what.Open { // there is no account, and there will be none: the rule needs to know no more
				return access.Decide(c.actor, what)
			}
			if err := arrive(c); err != nil {
				return err
			}
		}
		if err := c.loadAcceptance(ctx, &what, row.InvitedBy); err != nil {
			return err
		}
		return c.make(ctx, what, func() error { return c.join(ctx, what) })
	})
}

// loadAcceptance reads what the rule asks about: whether the actor is a member, and what the inviter may hand out now.
func (c *change) loadAcceptance(ctx context.Context, what *access.AcceptInvitation, inviter *access.ID) error {
	_, err := c.member(ctx, c.actor.ID)
	if what.Member = err == nil; err != nil && !errors.Is(err, access.ErrNotFound) {
		return err
	}
	what.Inviter, err = c.readActor(ctx, required(inviter))
	if err != nil && !errors.Is(err, access.ErrUnauthenticated) {
		return err
	}
	groups, err := c.q.ListInvitationGroups(ctx, sqlc.ListInvitationGroupsParams{OrgID: c.org.ID, InvitationID: what.Invitation})
	if err != nil {
		return err
	}
	for _, row := range groups {
		group, err := findGroup(ctx, c.q, c.org.ID, what.Inviter.ID, row.GroupID)
		if err != nil {
			return err
		}
		what.Groups = append(what.Groups, group.GroupFacts)
	}
	return nil
}

func (c *change) join(ctx context.Context, what access.AcceptInvitation) error {
	used, err := c.q.AcceptInvitation(ctx, sqlc.AcceptInvitationParams{OrgID: c.org.ID, ID: what.Invitation})
	if err != nil {
		return err
	}
	if used == 0 { // the lock keeps this from happening; the condition in the UPDATE stands behind it
		return access.Decide(c.actor, access.AcceptInvitation{Email: what.Email})
	}
	if err := c.addMember(ctx, c.actor.ID, what.Role.ID); err != nil {
		return err
	}
	for _, group := range what.Groups {
		err := c.q.AddGroupMember(ctx, sqlc.AddGroupMemberParams{OrgID: c.org.ID, GroupID: group.ID, UserID: c.actor.ID, Role: string(access.GroupMember)})
		if err != nil {
			return err
		}
	}
	return nil
}

// InvitationStanding tells whether a normalized address is that of a member, and whether it is invited already.
func (s *Store) InvitationStanding(ctx context.Context, org access.ID, email string) (member, invited bool, err error) {
	row, err := s.q.InvitationStanding(ctx, sqlc.InvitationStandingParams{OrgID: org, Email: email})
	return row.Member, row.Pending, err
}
