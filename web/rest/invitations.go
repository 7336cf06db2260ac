package rest

import (
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// An Invitation is one that is open.
type Invitation struct {
	ID        access.ID `json:"id"`
	Email     string    `json:"email"`
	Role      string    `json:"role"`
	ExpiresAt time.Time `json:"expires_at"`
}

// An InvitationLink is an invitation with the link to accept it, which is shown this once.
type InvitationLink struct {
	Invitation
	Link string `json:"link" doc:"Shown this once. Whoever opens it, with this address, can accept."`
}

// ListInvitations lists the open invitations.
func ListInvitations(c *Call) (Answer, error) {
	if err := c.sees(access.Members | access.Audit); err != nil {
		return Answer{}, err
	}
	search, page, err := c.searched()
	if err != nil {
		return Answer{}, err
	}
	listing, err := c.store.ListMembers(c.ctx(), c.Org.ID, db.MemberFilter{Search: search, Status: access.Invited}, page)
	return pageOf(listing, err, func(row db.MemberRow) Invitation {
		return Invitation{ID: row.ID, Email: row.Email, Role: row.Role.Name, ExpiresAt: row.ExpiresAt.UTC()}
	})
}

// A NewInvitation is whom to invite, as what.
type NewInvitation struct {
	Email   string      `json:"email"`
	Role    string      `json:"role" doc:"admin, auditor, modeler or member."`
	Groups  []access.ID `json:"groups,omitempty" doc:"That acceptance joins."`
	Message string      `json:"message,omitempty"`
}

// Invite invites one address.
func Invite(c *Call) (Answer, error) {
	asked, err := read[NewInvitation](c)
	if err != nil {
		return Answer{}, err
	}
	email, err := db.EmailIn("email", asked.value.Email)
	if err != nil {
		return Answer{}, err
	}
	for _, group := range asked.value.Groups {
		if !access.IsID(string(group)) {
			return Answer{}, access.ErrNotFound
		}
	}
	token, err := c.store.Invite(c.ctx(), c.By, c.Org.ID, db.NewInvitation{Email: email, Role: asked.value.Role,
		Groups: asked.value.Groups, Message: asked.value.Message})
	if err != nil {
		return Answer{}, err
	}
	shown, err := c.invitationLink(token)
	if err != nil {
		return Answer{}, err
	}
	return created(shown)
}

func (c *Call) invitationLink(token string) (InvitationLink, error) {
	made, err := c.store.FindInvitation(c.ctx(), token)
	return InvitationLink{Link: c.link(token),
		Invitation: Invitation{ID: made.ID, Email: made.Email, Role: made.Role.Name, ExpiresAt: made.ExpiresAt.UTC()}}, err
}

// RenewInvitation makes a new link for an open invitation; the old one stops working.
func RenewInvitation(c *Call) (Answer, error) {
	id, err := c.id("invitation")
	if err != nil {
		return Answer{}, err
	}
	token, _, err := c.store.RenewInvitation(c.ctx(), c.By, c.Org.ID, id)
	if err != nil {
		return Answer{}, err
	}
	shown, err := c.invitationLink(token)
	if err != nil {
		return Answer{}, err
	}
	return found(shown)
}

// RevokeInvitation takes an open invitation back.
func RevokeInvitation(c *Call) (Answer, error) {
	id, err := c.id("invitation")
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.RevokeInvitation(c.ctx(), c.By, c.Org.ID, id); err != nil {
		return Answer{}, err
	}
	return gone()
}
