package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// readSelection reads what is to be done to whom, and tries it where the form says enough.
func (s *Server) readSelection(r *request) (*selection, error) {
	chosen := &selection{Selection: views.Selection{Org: r.org().Slug, Mail: s.store.SendsMail(), All: r.form("all") == "yes",
		Filter: views.MembersFilter{Search: r.form("list_search"), Role: r.form("list_role"), Status: r.form("list_status")}}}
	act, err := access.ParseMemberAct(r.form("act"))
	if err != nil {
		return chosen, err
	}
	chosen.Act, chosen.change.Act = act, act
	if err := access.Decide(r.actor(), likelyChange(act)); err != nil {
		return chosen, err
	}
	if err := s.findSelected(r, chosen); err != nil {
		return chosen, err
	}
	decided, err := s.decideChange(r, chosen)
	if err != nil || !decided {
		return chosen, err
	}
	return chosen, s.trySelected(r, chosen)
}

// likelyChange is what an act is to somebody whom nothing keeps from it: whoever may not even do that may not do it at all.
func likelyChange(act access.MemberAct) access.Change {
	switch act {
	case access.ActDeactivate:
		return access.DeactivateMember{Member: access.Member{Status: access.Active}}
	case access.ActReactivate:
		return access.ReactivateMember{Member: access.Member{Status: access.Deactivated}}
	case access.ActRenew:
		return access.RenewInvitation{Open: true}
	case access.ActRevoke:
		return access.RevokeInvitation{Open: true}
	}
	return access.ChangeMemberRole{To: access.RolesOf(access.Organization)[1]} // any role that is not Admin
}

var errTooMany = access.Invalid("", "At most 1,000 people can be changed at once, and these are more. Search or filter the list first.") // mostSelected

// findSelected finds everybody under the filter, or those who were ticked. Whoever asks comes last, and so stays an Admin
// until it is their turn.
func (s *Server) findSelected(r *request, chosen *selection) (err error) {
	if chosen.All {
		filter := db.MemberFilter{Search: chosen.Filter.Search, Role: chosen.Filter.Role, Status: access.Status(chosen.Filter.Status)}
		chosen.people, err = s.store.FindMatching(r.ctx(), r.org().ID, filter, mostSelected)
	} else {
		err = s.findTicked(r, chosen)
	}
	switch {
	case err != nil:
		return err
	case len(chosen.people) == 0:
		return access.Invalid("", "Nobody is selected who is still here. Tick the boxes beside their names first.")
	case len(chosen.people) > mostSelected:
		chosen.people = nil
		return errTooMany
	}
	slices.SortStableFunc(chosen.people, func(a, b db.MemberRow) int { return last(a, r.user.ID) - last(b, r.user.ID) })
	for _, person := range chosen.people {
		chosen.Rows = append(chosen.Rows, views.SelectedRow{ID: person.ID, Name: person.Label(), Email: person.Email,
			Role: person.Role.Title, Status: person.Status, You: person.ID == r.user.ID})
	}
	return nil
}

func last(person db.MemberRow, id access.ID) int {
	if person.ID == id {
		return 1
	}
	return 0
}

func (s *Server) findTicked(r *request, chosen *selection) (err error) {
	ticked := slices.Clone(r.Request().PostForm["who"])
	slices.Sort(ticked)
	ticked = slices.Compact(ticked)
	if len(ticked) > mostSelected {
		return errTooMany
	}
	var ids []access.ID
	for _, id := range ticked {
		if access.IsID(id) {
			ids = append(ids, access.ID(id))
		}
	}
	chosen.people, err = s.store.FindSelected(r.ctx(), r.org().ID, ids)
	chosen.Gone = len(ticked) - len(chosen.people)
	return err
}

// decideChange reads which role or which group. It is false where the form does not say yet.
func (s *Server) decideChange(r *request, chosen *selection) (bool, error) {
	switch chosen.Act {
	case access.ActRole:
		chosen.Roles, chosen.Role = access.RolesOf(access.Organization), r.form("role")
		if chosen.Role == "" {
			return false, nil
		}
		role, err := access.FindRole(access.Organization, chosen.Role)
		chosen.change.Role, chosen.To = role, role.Title
		return err == nil, err
	case access.ActGroup:
		list, err := s.store.ListGroups(r.ctx(), r.org().ID, db.GroupFilter{}, db.Page{Size: 200})
		for _, group := range list.Rows {
			chosen.Groups = append(chosen.Groups, group.Name)
		}
		if chosen.Group = r.form("group"); chosen.Group == "" || err != nil {
			return false, err
		}
		return s.decideGroup(r, chosen)
	}
	return true, nil
}

// decideGroup finds the group of a name, for somebody who may change who is in it.
func (s *Server) decideGroup(r *request, chosen *selection) (bool, error) {
	named, err := s.store.FindGroupByName(r.ctx(), r.org().ID, chosen.Group)
	if errors.Is(err, access.ErrNotFound) {
		return false, access.Invalid("group", "There is no group named %s.", chosen.Group)
	}
	if err != nil {
		return false, err
	}
	group, err := s.store.FindGroup(r.ctx(), r.org().ID, r.user.ID, named.ID)
	if err != nil {
		return false, err
	}
	if refusal := access.Decide(r.actor(), access.RemoveGroupMember{Group: group.GroupFacts}); refusal != nil {
		return false, access.Invalid("group", "%s", refusal.Error())
	}
	chosen.change.Group, chosen.To = group.ID, group.Name
	return true, nil
}

// trySelected says for each what keeps the change from them. Seen stands for all that the page says.
func (s *Server) trySelected(r *request, chosen *selection) error {
	refusals, err := s.store.TrySelected(r.ctx(), r.by(), r.org().ID, chosen.people, chosen.change)
	if err != nil {
		return err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s %s\n", chosen.Act, chosen.change.Role.ID, chosen.change.Group)
	for i, refusal := range refusals {
		if access.NeedsProof(refusal) {
			return refusal
		}
		row, person := &chosen.Rows[i], chosen.people[i]
		row.Refusal = selectedRefusal(*row, refusal)
		fmt.Fprintf(sum, "%s %s %s %v %q\n", person.ID, person.Role.ID, person.Status, expiry(person.ExpiresAt), row.Refusal)
	}
	chosen.Seen = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func expiry(at *time.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMicro()
}

func selectedRefusal(row views.SelectedRow, err error) string {
	if errors.Is(err, access.ErrNotFound) {
		return row.Name + " is no longer here."
	}
	return refusalOf(err)
}

// addSelectionEffect says what those who can be added would gain.
func (s *Server) addSelectionEffect(r *request, chosen *selection) error {
	var who []access.Ref
	for i, row := range chosen.Rows {
		if row.Refusal == "" {
			who = append(who, chosen.people[i].Ref())
		}
	}
	if len(who) == 0 {
		return nil
	}
	effect, err := s.store.PreviewGroupAddition(r.ctx(), r.by(), r.org().ID, chosen.change.Group, who, access.GroupMember)
	if chosen.Effect = &effect; errors.Is(err, access.ErrConflict) { // somebody else added one of them just now: the last step says so
		chosen.Effect, err = nil, nil
	}
	return err
}
