package views

import (
	"time"

	"gatehouse/access"
)

// Members is the list of members and pending invitations.
type Members struct {
	Org       string // slug
	Filter    MembersFilter
	Rows      []MemberRow
	Pager     Pager
	CanInvite bool
	Mail      bool // mail is set up
}

// MembersFilter is what the URL of the list says. Role is a role's name; Status an access.Status; Sort is name,
// role, status or seen, with a minus in front for the other way round.
type MembersFilter struct {
	Search, Role, Status, Sort string
}

// any tells whether something is filtered out.
func (f MembersFilter) any() bool { return f.Search != "" || f.Role != "" || f.Status != "" }

// A MemberRow is a member, or an invitation that nobody has accepted yet.
type MemberRow struct {
	Person     access.Person // of an invitation only the Email
	Invitation access.ID     // of an invitation
	Role       access.Role
	Status     access.Status
	Groups     []access.Ref // direct ones, the first few
	MoreGroups int          // direct ones that are not in Groups
	LastSeen   *time.Time   // nil: never signed in
	ExpiresAt  *time.Time   // of an invitation; in the past it has expired
	You        bool

	EditRole, Deactivate, Reactivate, Remove May // of a member
	Resend, Revoke                           May // of an invitation
}

// Member is one member's page.
type Member struct {
	Org                                      string
	Member                                   access.Member
	You                                      bool
	EditRole, Deactivate, Reactivate, Remove May
	OrgID                                    access.ID
	Carried                                  []access.Path // roles in the organization that groups give besides
	Groups                                   []Membership
	Access                                   []AccessRow
	MoreAccess                               int // rows that were left out
	Events                                   []AuditEvent
	Sessions                                 []SessionRow
	CanEndSessions                           bool       // shows Sessions
	Linked                                   *time.Time // since when the organization's provider knows them; nil where it does not
	CanUnlink                                bool
	CanAudit                                 bool // shows Events and a link to all of them
	CanList                                  bool // the reader may open the list of members
	Details                                  bool // shows Groups, Access and Events; a colleague sees who it is and no more
}

// A Membership is one group that somebody is in.
type Membership struct {
	Group   access.Ref
	Role    access.GroupRole // of a direct one
	Through []access.Ref     // from the person's own group up to this one, this one left out; empty for a direct one
}

// An AccessRow is one resource that somebody can open.
type AccessRow struct {
	Resource   access.Ref
	Role       access.Role // the strongest; access.OwnerRole for the owner
	Reason     access.Path // the strongest path
	OtherPaths int
}

// MemberRole is the form that gives a member another role. It posts role, seen and, where it showed what the role does, confirm.
type MemberRole struct {
	Org      string
	Person   access.Person
	Effect   *access.Effect // of the chosen role; nil for the one that they have
	Role     string         // the name of the chosen one, at first the current one
	Seen     string         // the member's Standing
	Roles    []access.Role  // to choose from
	Refusal  string         // why it cannot be changed: the last Admin
	Problems Problems
}

// Deactivation asks before a member is deactivated. It posts seen.
type Deactivation struct {
	Org      string
	Person   access.Person
	You      bool
	Owns     int    // resources that stay theirs
	Seen     string // the member's Standing
	Effect   access.Effect
	Refusal  string
	Problems Problems
}

// sorted is the aria-sort of a column.
func (f MembersFilter) sorted(by string) string {
	switch f.Sort {
	case by:
		return "ascending"
	case "-" + by:
		return "descending"
	case "":
		if by == "name" && f.Search == "" { // who is searched for stands by how well they match, then by name
			return "ascending"
		}
	}
	return "none"
}

// by is the same filter, sorted by a column; a second time the other way round.
func (f MembersFilter) by(column string) MembersFilter {
	turned := f.sorted(column) == "ascending"
	f.Sort = column
	if turned {
		f.Sort = "-" + column
	}
	return f
}

func memberRoleOptions() []Option {
	options := []Option{{"", "Any role"}}
	for _, role := range access.RolesOf(access.Organization) {
		options = append(options, Option{role.Name, role.Title})
	}
	return options
}

func memberStatusOptions() []Option {
	options := []Option{{"", "Any status"}}
	for _, status := range []access.Status{access.Active, access.Invited, access.Deactivated} {
		options = append(options, Option{string(status), statusTitle(status)})
	}
	return options
}

func (r MemberRow) anyAction() bool {
	return r.EditRole.shown() || r.Deactivate.shown() || r.Reactivate.shown() || r.Remove.shown() || r.Resend.shown() || r.Revoke.shown()
}

// selects tells whether the reader can do anything to several members at once.
func (m Members) selects() bool { return m.CanInvite }

// allTotal is how many match; 0 where nobody counted them.
func (m Members) allTotal() int {
	if m.Pager.More {
		return 0
	}
	return m.Pager.Total
}

func (m Members) allLabel() string {
	if m.Pager.More {
		return "All that match"
	}
	return "All " + number(m.Pager.Total) + " that match"
}

// id is that of the member or of the invitation.
func (r MemberRow) id() access.ID {
	if r.Invitation != "" {
		return r.Invitation
	}
	return r.Person.ID
}

// menuID is stable, so that the focus finds the button again after the table was replaced.
func (r MemberRow) menuID() string { return "menu-" + string(r.id()) }

func (r MemberRow) removeLabel() string { return removeLabel(r.You) }

func removeLabel(you bool) string {
	if you {
		return "Leave organization"
	}
	return "Remove from organization"
}

// kind is what a resource is.
func (r AccessRow) kind() string {
	return capital(r.Resource.Type)
}

// reason is the strongest path in short, and how many others there are.
func (r AccessRow) reason(org string) []phrase {
	phrases := reason(org, r.Reason)
	if r.Reason.ExpiresAt != nil {
		phrases = append(phrases, text(", ends %s", ago(*r.Reason.ExpiresAt)))
	}
	if r.OtherPaths > 0 {
		phrases = append(phrases, text(", and %s", count(r.OtherPaths, "other way", "other ways")))
	}
	return phrases
}

// shownGroups keeps a row one line high: two groups have room.
func (r MemberRow) shownGroups() []access.Ref { return r.Groups[:min(2, len(r.Groups))] }

func (r MemberRow) hiddenGroups() int { return r.MoreGroups + len(r.Groups) - len(r.shownGroups()) }
