package views

import (
	"fmt"
	"time"

	"gatehouse/access"
)

// InvitationForm invites people. It posts to (many addresses as text), role, the groups of a Picker, and message.
type InvitationForm struct {
	Org      string
	To       string           // as typed
	Chips    []InvitationChip // as understood; filled in on a 422, where each says what is wrong with it
	Role     string
	Roles    []access.Role
	Groups   Picker
	Message  string
	Mail     bool // mail is set up: without it the page says that links are to be copied
	Problems Problems
}

// An InvitationChip is one address.
type InvitationChip struct {
	Text    string // as typed
	Problem string
}

// InvitationResults says what became of each address.
type InvitationResults struct {
	Org     string
	Mail    bool
	Results []InvitationResult
}

// An InvitationResult is an invitation that was made, with its link, or the reason why it was not.
type InvitationResult struct {
	Email     string
	Link      string // the full URL
	ExpiresAt time.Time
	Problem   string
}

// Acceptance is the page that an invitation's link opens. It posts name and password (AcceptNew), or nothing (AcceptJoin).
type Acceptance struct {
	Token        string
	State        AcceptanceState
	Organization string // name
	Slug         string // of the organization, for AcceptMember
	Inviter      string // name: also whom to ask when the link is dead
	Email        string // that the invitation is for
	SignedInAs   string // for AcceptOther
	Role         access.Role
	Groups       []string
	Message      string
	Name         string // typed
	SignOn       bool   // the organization has a single sign-on, which accepts it too
	Problems     Problems
}

// An AcceptanceState is what the person can do with an invitation.
type AcceptanceState string

const (
	AcceptNew     AcceptanceState = "new"     // nobody has the address yet: set name and password
	AcceptJoin    AcceptanceState = "join"    // signed in under the address
	AcceptSignIn  AcceptanceState = "sign-in" // the address has an account: sign in first
	AcceptOther   AcceptanceState = "other"   // signed in under another address
	AcceptMember  AcceptanceState = "member"  // a member already
	AcceptExpired AcceptanceState = "expired"
	AcceptUsed    AcceptanceState = "used"
	AcceptRevoked AcceptanceState = "revoked"
	AcceptUnknown AcceptanceState = "unknown" // no such link
)

func (f InvitationForm) lead() string {
	if f.Mail {
		return "Each of them gets a mail with a link of their own."
	}
	return "This server sends no mail. You get a link for each of them, and pass it on yourself."
}

func (f InvitationForm) button() string {
	if f.Mail {
		return "Send invitations"
	}
	return "Make invitation links"
}

func (f InvitationForm) anyChipProblem() bool {
	for _, chip := range f.Chips {
		if chip.Problem != "" {
			return true
		}
	}
	return false
}

// made counts the invitations that exist now.
func (r InvitationResults) made() int {
	made := 0
	for _, result := range r.Results {
		if result.Problem == "" {
			made++
		}
	}
	return made
}

func (r InvitationResults) title() string {
	if r.made() == 0 {
		return "Nobody was invited"
	}
	return count(r.made(), "person is invited", "people are invited")
}

func (r InvitationResults) lead() string {
	switch {
	case r.made() == 0:
		return "Nothing was changed."
	case r.Mail:
		return "Each link is on its way by mail. You can copy it here as well; it is not shown again."
	}
	return "This server sends no mail. Copy each link now and pass it on; it is not shown again."
}

func fieldID(name string, i int) string { return fmt.Sprintf("%s-%d", name, i) }
