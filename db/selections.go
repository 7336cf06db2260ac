package db

import (
	"context"
	"errors"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A SelectedChange is what is done to everybody who was selected in the list of members.
type SelectedChange struct {
	Act   access.MemberAct
	Role  access.Role // for ActRole
	Group access.ID   // for ActGroup
}

// FindSelected finds those of some members and open invitations that are in an organization, by name.
func (s *Store) FindSelected(ctx context.Context, org access.ID, ids []access.ID) ([]MemberRow, error) {
	rows, err := s.q.ListChosenPeople(ctx, sqlc.ListChosenPeopleParams{OrgID: org, Ids: ids})
	if err != nil {
		return nil, err
	}
	found := make([]foundPerson, len(rows))
	for i, row := range rows {
		found[i] = foundPerson{ID: row.ID, Key: row.Key, Status: row.Status, RoleID: row.RoleID}
	}
	people, err := s.readPeople(ctx, org, found)
	selected := make([]MemberRow, 0, len(found))
	for _, one := range found {
		if person, here := people[one.ID]; here {
			selected = append(selected, person)
		}
	}
	return selected, err
}

// FindMatching finds everybody whom a filter of the list lets through, by name; of more than most, one more than those.
func (s *Store) FindMatching(ctx context.Context, org access.ID, filter MemberFilter, most int) ([]MemberRow, error) {
	filter.Sort = ""
	page := Page{Size: 200}
	var matching []MemberRow
	for {
		list, err := s.ListMembers(ctx, org, filter, page)
		if err != nil {
			return nil, err
		}
		matching = append(matching, list.Rows...)
		if list.Next == "" || len(matching) > most {
			return matching[:min(len(matching), most+1)], nil
		}
		page.After = list.Next
	}
}

// TrySelected says of each who was selected what keeps the change from them, nil for nothing. All of them are changed, one
// after the other, and that is rolled back: so the last Admin is the last of those who were selected.
func (s *Store) TrySelected(ctx context.Context, by By, org access.ID, selected []MemberRow, what SelectedChange) ([]error, error) {
	refusals := make([]error, len(selected))
	err := s.change(ctx, by, org, func(c *change) error {
		for i, row := range selected {
			if _, refusals[i] = c.changeSelected(ctx, row, what); !isRefusal(refusals[i]) {
				return refusals[i]
			}
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return refusals, err
}

// ChangeSelected makes the change for one of those who were selected. The token is that of an invitation's new link.
func (s *Store) ChangeSelected(ctx context.Context, by By, org access.ID, row MemberRow, what SelectedChange) (token string, err error) {
	err = s.change(ctx, by, org, func(c *change) error {
		token, err = c.changeSelected(ctx, row, what)
		return err
	})
	return token, err
}

// isRefusal tells an answer of the rules, after which a transaction goes on, from a failure.
func isRefusal(err error) bool {
	var refusal *access.Error
	return err == nil || errors.Is(err, access.ErrNotFound) || errors.As(err, &refusal)
}

func (c *change) changeSelected(ctx context.Context, row MemberRow, what SelectedChange) (token string, err error) {
	if err := what.Act.Suits(row.Label(), row.Invitation); err != nil {
		return "", err
	}
	switch what.Act {
	case access.ActRole:
		if row.Role.ID == what.Role.ID {
			return "", access.Conflict("%s has the role %s already.", row.Label(), what.Role.Title)
		}
		return "", c.changeMemberRole(ctx, row.ID, what.Role, "")
	case access.ActGroup:
		return "", c.addToGroup(ctx, what.Group, []access.Ref{row.Ref()}, access.GroupMember)
	case access.ActDeactivate:
		return "", c.deactivateMember(ctx, row.ID, "")
	case access.ActReactivate:
		return "", c.reactivateMember(ctx, row.ID)
	case access.ActRenew:
		token, _, err = c.renewInvitation(ctx, row.ID)
		return token, err
	case access.ActRevoke:
		return "", c.revokeInvitation(ctx, row.ID)
	}
	_, err = access.ParseMemberAct(string(what.Act))
	return "", err
}
