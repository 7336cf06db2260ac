package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// DepartureLasts is for how long somebody who was sent to a provider can come back.
const DepartureLasts = 10 * time.Minute

// StartDeparture remembers that a browser goes to the provider of an organization, and returns a token for that browser.
// Next is where it goes afterwards; again, that the person is to prove once more who they are.
func (s *Store) StartDeparture(ctx context.Context, org access.ID, next string, again bool) (token string, err error) {
	token, hash := newToken()
	err = s.q.AddDeparture(ctx, sqlc.AddDepartureParams{TokenHash: hash, Provider: org, Next: next, Again: again, Lasts: DepartureLasts})
	return token, err
}

// UseDeparture ends it, once: access.ErrNotFound for a token that was used, is over, or is of another organization.
func (s *Store) UseDeparture(ctx context.Context, org access.ID, token string) (next string, again bool, err error) {
	row, err := s.q.UseDeparture(ctx, sqlc.UseDepartureParams{TokenHash: hashToken(token), Provider: org})
	return row.Next, row.Again, found(err)
}

// An Identity is what a provider says of somebody.
type Identity struct {
	Issuer, Subject string
	Email           string // normalized; empty where it gave none that is an address
	Verified        bool   // the provider verified the address
	Name            string
}

// SignInThrough finds whom the organization's provider means: the member that it was linked to before, or else the member
// or the invited person with the verified address, who is linked now. By is whoever is signed in with means of their own.
// Anybody else is access.ErrDenied, with a sentence for them.
func (s *Store) SignInThrough(ctx context.Context, by By, org access.ID, who Identity) (access.Person, error) {
	own := by.User
	by.User = ""
	var user access.Person
	err := s.transaction(ctx, by, org, func(c *change) error {
		c.actor = access.Actor{} // nobody yet: the provider says who it is
		a := arrival{c, who, own}
		member, err := a.member(ctx)
		if err != nil {
			return err
		}
		user = member.Person
		return c.make(ctx, access.SignInThroughProvider{Member: member, Issuer: who.Issuer}, func() error { return nil })
	})
	return user, err
}

// An arrival is somebody who comes from a provider.
type arrival struct {
	*change
	who Identity
	own access.ID // who is signed in in that browser with means of their own
}

// member finds who it is, and makes them the actor of the change.
func (a arrival) member(ctx context.Context) (access.Member, error) {
	id, err := a.q.FindIdentity(ctx, sqlc.FindIdentityParams{OrgID: a.org.ID, Issuer: a.who.Issuer, Subject: a.who.Subject})
	switch {
	case err == nil:
		return a.known(ctx, id)
	case !errors.Is(err, pgx.ErrNoRows):
		return access.Member{}, err
	case a.who.Email == "":
		return access.Member{}, access.Denied("Your provider gave no e-mail address for you, so nobody here can be found by it. Ask an Admin of the organization.")
	case !a.who.Verified:
		return access.Member{}, access.Denied("Your provider does not say that it verified your address %s, so it cannot be used to find you here. Ask an Admin of the organization.", a.who.Email)
	}
	user, err := a.q.FindUserByEmail(ctx, a.who.Email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return access.Member{}, err
	}
	member, err := a.byAddress(ctx, user.ID)
	if err != nil {
		return access.Member{}, err
	}
	return member, a.link(ctx, member)
}

// byAddress finds the member with the address. Somebody who is invited becomes one, with a new account where there was
// none; an account that there is belongs to somebody, who joins with it themselves.
func (a arrival) byAddress(ctx context.Context, user access.ID) (access.Member, error) {
	if user != "" {
		member, err := a.known(ctx, user)
		if !errors.Is(err, access.ErrNotFound) {
			return member, err
		}
	}
	invitation, err := a.q.FindOpenInvitation(ctx, sqlc.FindOpenInvitationParams{OrgID: a.org.ID, Email: a.who.Email})
	if errors.Is(err, pgx.ErrNoRows) {
		return access.Member{}, access.Denied("%s is neither a member of this organization nor invited to it. Ask one of its Admins for an invitation.", a.who.Email)
	}
	if err != nil {
		return access.Member{}, err
	}
	if user != "" && user != a.own {
		return access.Member{}, access.Denied("%s has an account on this server already. Sign in with your own password or link, accept the invitation that was mailed to you, then use single sign-on.", a.who.Email)
	}
	if user == "" {
		if user, err = a.q.AddUser(ctx, sqlc.AddUserParams{Email: a.who.Email, Name: nameOf(a.who)}); err != nil {
			return access.Member{}, err
		}
	}
	if err := a.join(ctx, user, invitation); err != nil {
		return access.Member{}, err
	}
	return a.known(ctx, user)
}

// nameOf is what the provider calls somebody, if that can be a name here.
func nameOf(who Identity) string {
	name, err := access.CleanName("name", who.Name)
	if err != nil {
		return ""
	}
	return name
}

func (a arrival) join(ctx context.Context, user access.ID, invitation sqlc.FindOpenInvitationRow) error {
	a.actor = access.Actor{ID: user, Email: a.who.Email, Name: nameOf(a.who), Active: true}
	what := access.AcceptInvitation{Invitation: invitation.ID, Email: invitation.Email, Role: role(invitation.RoleID), Open: true}
	if err := a.loadAcceptance(ctx, &what, invitation.InvitedBy); err != nil {
		return err
	}
	return a.make(ctx, what, func() error { return a.change.join(ctx, what) })
}

// known reads a member, who is the actor from now on; access.ErrNotFound for somebody who is none.
func (a arrival) known(ctx context.Context, user access.ID) (access.Member, error) {
	member, err := a.change.member(ctx, user)
	if err != nil {
		return member, err
	}
	a.actor, err = a.readActor(ctx, user)
	if errors.Is(err, access.ErrUnauthenticated) {
		err = access.Denied("Your account is deactivated on this server. Ask an Admin of the organization.")
	}
	return member, err
}

func (a arrival) link(ctx context.Context, member access.Member) error {
	linked, err := a.q.HasIdentity(ctx, sqlc.HasIdentityParams{OrgID: a.org.ID, Issuer: a.who.Issuer, UserID: member.ID})
	if err != nil {
		return err
	}
	what := access.LinkIdentity{Member: member, Issuer: a.who.Issuer, Subject: a.who.Subject, Linked: linked}
	return a.make(ctx, what, func() error {
		return a.q.AddIdentity(ctx, sqlc.AddIdentityParams{OrgID: a.org.ID, Issuer: a.who.Issuer, Subject: a.who.Subject, UserID: member.ID})
	})
}

// StartSessionThrough signs a member in whom the organization's provider named, and returns the token for their cookie. The
// session opens that organization alone; one that the same person began before with means of their own stays what it is,
// under a new token. ProvenAt is when they showed the provider who they are, nil where it did not say.
func (s *Store) StartSessionThrough(ctx context.Context, org, user access.ID, address, agent, old string, provenAt *time.Time) (token string, err error) {
	token, hash := newToken()
	before, err := s.FindSession(ctx, old)
	if err != nil && !errors.Is(err, access.ErrUnauthenticated) {
		return "", err
	}
	return token, pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q, id := s.q.WithTx(tx), before.ID
		if before.Own && before.User == user {
			err = q.RotateSession(ctx, sqlc.RotateSessionParams{UserID: user, ID: id, TokenHash: hash})
		} else if id, err = startSession(ctx, q, sqlc.AddSessionParams{TokenHash: hash, UserID: user, Address: address, Agent: agent}); err == nil {
			if err = q.CarryProviders(ctx, sqlc.CarryProvidersParams{Old: hashToken(old), Begun: hash}); err == nil {
				err = q.EndSession(ctx, hashToken(old))
			}
		}
		if err != nil {
			return err
		}
		return q.AddProviderOfSession(ctx, sqlc.AddProviderOfSessionParams{SessionID: id, Provider: org, ProvenAt: provenAt})
	})
}

// FindLink tells since when an organization's provider knows a member; nil where it does not.
func (s *Store) FindLink(ctx context.Context, org, user access.ID) (*time.Time, error) {
	rows, err := s.q.ListIdentities(ctx, sqlc.ListIdentitiesParams{OrgID: org, UserID: user})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[len(rows)-1].LinkedAt, nil
}

// UnlinkIdentities ends a member's link to the organization's provider, and the sessions that it stood for.
func (s *Store) UnlinkIdentities(ctx context.Context, by By, org, user access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		member, err := c.member(ctx, user)
		if err != nil {
			return err
		}
		rows, err := c.q.ListIdentities(ctx, sqlc.ListIdentitiesParams{OrgID: org, UserID: user})
		if err != nil {
			return err
		}
		return c.make(ctx, access.UnlinkIdentities{Member: member, Linked: len(rows) > 0}, func() error {
			if _, err := c.q.RemoveIdentities(ctx, sqlc.RemoveIdentitiesParams{OrgID: org, UserID: user}); err != nil {
				return err
			}
			return c.q.ForgetWhatProviderSaidOf(ctx, sqlc.ForgetWhatProviderSaidOfParams{UserID: user, Provider: org})
		})
	})
}
