package db

import (
	"context"
	"encoding/json"
	"errors"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Profile is what the identity provider says of somebody.
type Profile struct {
	Email      string // normalized
	Name       string // empty leaves the one that the account has
	ExternalID string
	Attributes json.RawMessage // an object
	Fields     []string        // the names of those attributes that differ from before
}

// provisionedRole is what everybody whom an identity provider brings has in the organization. Groups and Admins give more.
const provisionedRole = "member"

// ProvisionMember makes a member of whomever the identity provider names, with a new account where the address has none. The
// account has no password: its person signs in by single sign-on, or chooses a password by mail.
func (s *Store) ProvisionMember(ctx context.Context, by By, org access.ID, profile Profile) (access.ID, error) {
	given, err := access.FindRole(access.Organization, provisionedRole)
	if err != nil {
		return "", err
	}
	var id access.ID
	err = s.change(ctx, by, org, func(c *change) error {
		standing, err := c.accountStanding(ctx, profile.Email)
		if err != nil {
			return err
		}
		if id = standing.ID; standing.New {
			id = newID()
			standing.ID, standing.Name = id, profile.Name
		}
		return c.make(ctx, access.ProvisionMember{Account: standing, Role: given}, func() error {
			return c.provisionMember(ctx, standing, given, profile)
		})
	})
	return id, addressTaken(err, profile.Email)
}

// addressTaken says what it means that another organization was quicker.
func addressTaken(err error, email string) error {
	if violates(err, "users_email_key") {
		return access.Taken("email", "%s is the address of another account.", email)
	}
	return err
}

// accountStanding is what the account with an address is to the organization of the change. It stays so until the end.
func (c *change) accountStanding(ctx context.Context, email string) (access.AccountStanding, error) {
	wanted := sqlc.FindAccountStandingParams{OrgID: c.org.ID, Email: email}
	row, err := c.q.FindAccountStanding(ctx, wanted)
	if errors.Is(found(err), access.ErrNotFound) {
		return access.AccountStanding{Person: access.Person{Email: email}, New: true}, nil
	}
	if err != nil {
		return access.AccountStanding{}, err
	}
	if err := c.q.LockUser(ctx, row.ID); err != nil {
		return access.AccountStanding{}, err
	}
	row, err = c.q.FindAccountStanding(ctx, wanted) // again, now that nobody else can change it
	return access.AccountStanding{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Member: row.Member, MadeHere: row.MadeHere,
		Elsewhere: row.Elsewhere}, found(err)
}

func (c *change) provisionMember(ctx context.Context, who access.AccountStanding, given access.Role, profile Profile) error {
	if who.New {
		if err := c.q.AddProvisionedUser(ctx, sqlc.AddProvisionedUserParams{ID: who.ID, Email: profile.Email, Name: profile.Name}); err != nil {
			return err
		}
		if err := c.q.AddProvisionedAccount(ctx, sqlc.AddProvisionedAccountParams{OrgID: c.org.ID, UserID: who.ID}); err != nil {
			return err
		}
	} else if err := c.rename(ctx, who.Person, profile.Name); err != nil {
		return err
	}
	if err := c.addMember(ctx, who.ID, given.ID); err != nil {
		return err
	}
	if err := c.revokeInvitationsTo(ctx, profile.Email); err != nil {
		return err
	}
	return c.keepProfile(ctx, who.ID, profile)
}

func (c *change) rename(ctx context.Context, who access.Person, name string) error {
	if name == "" || name == who.Name {
		return nil
	}
	return c.q.RenameUser(ctx, sqlc.RenameUserParams{ID: who.ID, Name: name})
}

// revokeInvitationsTo takes back what asked somebody to become the member that they are now.
func (c *change) revokeInvitationsTo(ctx context.Context, email string) error {
	rows, err := c.q.ListOpenInvitationsTo(ctx, sqlc.ListOpenInvitationsToParams{OrgID: c.org.ID, Email: email})
	for _, row := range rows {
		err := c.make(ctx, access.RevokeInvitation{Invitation: row.ID, Email: row.Email, Open: true}, func() error {
			_, err := c.q.RevokeInvitation(ctx, sqlc.RevokeInvitationParams{OrgID: c.org.ID, ID: row.ID})
			return err
		})
		if err != nil {
			return err
		}
	}
	return err
}

func (c *change) keepProfile(ctx context.Context, user access.ID, profile Profile) error {
	return c.q.SetProvisionedMember(ctx, sqlc.SetProvisionedMemberParams{OrgID: c.org.ID, UserID: user, ExternalID: profile.ExternalID,
		Attributes: profile.Attributes})
}

// EditProvisionedMember changes what the identity provider says of a member.
func (s *Store) EditProvisionedMember(ctx context.Context, by By, org, user access.ID, profile Profile) error {
	return s.change(ctx, by, org, func(c *change) error {
		member, err := c.member(ctx, user)
		if err != nil {
			return err
		}
		standing, err := c.accountStanding(ctx, member.Email)
		if err != nil {
			return err
		}
		what := access.EditProvisionedMember{Account: standing, ToName: profile.Name, ToEmail: profile.Email, Fields: profile.Fields,
			BreakGlass: member.BreakGlass}
		if what.ToName == "" || !standing.Renames() {
			what.ToName = standing.Name
		}
		if what.ToEmail != standing.Email {
			holder, err := c.q.FindUserByEmail(ctx, what.ToEmail)
			if what.Taken = err == nil && holder.ID != user; err != nil && found(err) != access.ErrNotFound {
				return err
			}
		}
		return c.make(ctx, what, func() error {
			if err := c.moveAccount(ctx, what); err != nil {
				return err
			}
			if err := c.rename(ctx, standing.Person, what.ToName); err != nil {
				return err
			}
			return c.keepProfile(ctx, user, profile)
		})
	})
}

// moveAccount gives an account another address. Nobody has shown that it is theirs, so every way in that was opened under the
// old one is closed: whoever has the new one chooses a password by mail, or signs in by single sign-on.
func (c *change) moveAccount(ctx context.Context, what access.EditProvisionedMember) error {
	if what.ToEmail == what.Account.Email {
		return nil
	}
	if err := c.q.ForgetPassword(ctx, what.Account.ID); err != nil { // first: who signs in with it now waits, or is seen below
		return err
	}
	if err := c.q.ForgetWaysIn(ctx, what.Account.ID); err != nil {
		return err
	}
	if err := c.removeFactors(ctx, what.Account.ID); err != nil { // a passkey signs in by itself
		return err
	}
	return addressTaken(c.q.SetUserEmail(ctx, sqlc.SetUserEmailParams{ID: what.Account.ID, Email: what.ToEmail}), what.ToEmail)
}

// RemoveProvisionedMember ends the membership of somebody whom the identity provider no longer knows. What they own goes to
// whoever made the provider's token, or else to the Admin who has been a member for longest. Whose own role ends inherits nothing.
func (s *Store) RemoveProvisionedMember(ctx context.Context, by By, org, user access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		end, err := c.endOf(ctx, org, access.Members)
		if err != nil {
			return err
		}
		maker := by.User
		if end.At != nil {
			maker = ""
		}
		heir, err := c.q.FindHeirOf(ctx, sqlc.FindHeirOfParams{OrgID: org, Leaving: user, Maker: optional(maker)})
		if err = ignoreNotFound(found(err)); err != nil {
			return err
		}
		return c.endMembership(ctx, user, Leaving{Heir: heir})
	})
}
