package views

import (
	"gatehouse/access"
)

// Selection is what would become of members and invitations that were selected in the list. It posts act, those whom it
// is about (who, repeated, or all with the list's filter as list_…), role or group, and seen in the last step.
type Selection struct {
	Org      string
	Filter   MembersFilter // of the list that they were selected in
	All      bool          // everybody whom Filter lets through, and not those in Rows only
	Act      access.MemberAct
	To       string        // the title of the role or the name of the group
	Role     string        // the name of the chosen one
	Roles    []access.Role // to choose from
	Group    string        // as typed
	Groups   []string      // names to choose from
	Rows     []SelectedRow
	Gone     int // were selected and are not here
	Effect   *access.Effect
	Seen     string // stands for all that the page says; empty where a role or a group is to be chosen first
	Mail     bool
	Problems Problems
}

// A SelectedRow is somebody to whom it happens, or has happened.
type SelectedRow struct {
	ID      access.ID
	Name    string
	Email   string
	Role    string // title, before
	Status  access.Status
	You     bool
	Refusal string // why it does not happen
	Link    string `json:"-"` // the new link of an invitation; never kept
}

// SelectionResults are what became of each.
type SelectionResults struct {
	Org    string
	Filter MembersFilter
	Act    access.MemberAct
	To     string
	Mail   bool
	Rows   []SelectedRow
}

// Results are the rows, once it is done.
func (s Selection) Results() SelectionResults {
	return SelectionResults{Org: s.Org, Filter: s.Filter, Act: s.Act, To: s.To, Mail: s.Mail, Rows: s.Rows}
}

// actWords are what pages say of an act.
type actWords struct {
	button, title, lead string
	will, did           string // of one person
}

func wordsOf(act access.MemberAct, to string, mail bool) actWords {
	switch act {
	case access.ActRole:
		return actWords{"Change role", "Change roles", "The role says what somebody may do in the organization itself.", "Gets the role " + to + ".", "Has the role " + to + " now."}
	case access.ActGroup:
		return actWords{"Add to a group", "Add to a group", "They become members of the group, and get what is shared with it.", "Will be added to " + to + ".", "Is in " + to + " now."}
	case access.ActDeactivate:
		return actWords{"Deactivate", "Deactivate members", "They can no longer open anything here, from the next request on. Everything they have is kept.", "Will be deactivated.", "Is deactivated."}
	case access.ActReactivate:
		return actWords{"Reactivate", "Reactivate members", "Their role, groups and shares count again.", "Will be active again.", "Is active again."}
	case access.ActRevoke:
		return actWords{"Revoke invitations", "Revoke invitations", "Their links stop working.", "The invitation will be revoked.", "The invitation is revoked."}
	case access.ActRenew:
		if mail {
			return actWords{"Resend invitations", "Resend invitations", "Everybody gets a new link by mail, which works for 7 days. The old links stop working.", "Gets a new link by mail.", "A new link is on its way by mail."}
		}
		return actWords{"Make new links", "Make new links", "This server sends no mail: pass the new links on yourself. The old ones stop working.", "Gets a new link.", "Has a new link."}
	}
	return actWords{title: "Change several members"}
}

// actFor are the states of those to whom an act can be done: the bar leaves out what fits nobody who is ticked.
func actFor(act access.MemberAct) string {
	switch act {
	case access.ActRole, access.ActGroup:
		return "active deactivated"
	case access.ActDeactivate:
		return "active"
	case access.ActReactivate:
		return "deactivated"
	}
	return "invited"
}

func (s Selection) words() actWords { return wordsOf(s.Act, s.To, s.Mail) }

// Title is that of the page.
func (s Selection) Title() string { return s.words().title }

func (s Selection) list() string { return s.Filter.Path(s.Org) }

func (s Selection) will() []SelectedRow { return rowsThat(s.Rows, true) }
func (s Selection) wont() []SelectedRow { return rowsThat(s.Rows, false) }

func rowsThat(rows []SelectedRow, happens bool) []SelectedRow {
	var those []SelectedRow
	for _, row := range rows {
		if (row.Refusal == "") == happens {
			those = append(those, row)
		}
	}
	return those
}

// confirms is the last button.
func (s Selection) confirms() string {
	n := len(s.will())
	switch s.Act {
	case access.ActRole:
		return "Change the role of " + people(n)
	case access.ActGroup:
		return "Add " + people(n) + " to " + s.To
	case access.ActDeactivate:
		return "Deactivate " + people(n)
	case access.ActReactivate:
		return "Reactivate " + people(n)
	case access.ActRevoke:
		return "Revoke " + count(n, "invitation", "invitations")
	}
	if s.Mail {
		return "Resend " + count(n, "invitation", "invitations")
	}
	return "Make " + count(n, "new link", "new links")
}

func (s Selection) ends() bool {
	return s.Act == access.ActDeactivate || s.Act == access.ActRevoke
}

// summary says how many, before anything is done.
func (s Selection) summary() string {
	what := count(len(s.Rows), "person is", "people are") + " selected"
	if s.Seen == "" {
		return what + "."
	}
	return what + ": " + number(len(s.will())) + " will change, " + number(len(s.wont())) + " will not. Nobody is changed yet."
}

func (s Selection) gone() string {
	return count(s.Gone, "person whom you selected is", "people whom you selected are") + " no longer here."
}

// before is what somebody is now.
func (r SelectedRow) before() string {
	return r.Role + " · " + statusTitle(r.Status)
}

// will says what happens to somebody.
func (s Selection) willBe(row SelectedRow) string {
	if row.You && s.Act == access.ActDeactivate {
		return "This is you. Only another Admin can let you in again."
	}
	if row.You && s.Act == access.ActRole {
		return "This is you. " + s.words().will
	}
	return s.words().will
}

func (s SelectionResults) words() actWords { return wordsOf(s.Act, s.To, s.Mail) }

// Title is that of the page.
func (s SelectionResults) Title() string { return s.words().title + ": results" }

// Summary says how many.
func (s SelectionResults) Summary() string {
	done := len(rowsThat(s.Rows, true))
	return number(done) + " of " + people(len(s.Rows)) + " changed, " + number(len(s.Rows)-done) + " not."
}

// HasLinks tells whether there are links that can be read here only.
func (s SelectionResults) HasLinks() bool {
	for _, row := range s.Rows {
		if row.Link != "" {
			return true
		}
	}
	return false
}

// ShutOut tells whether those who asked did it to themselves, so that no page here is open to them any more.
func (s SelectionResults) ShutOut() bool {
	for _, row := range s.Rows {
		if row.You && row.Refusal == "" && s.Act == access.ActDeactivate {
			return true
		}
	}
	return false
}
