package db

import (
	"context"
	"strings"
	"unicode/utf8"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// Of so many people all are looked at, and of so many whom a filter lets through; of more, no more than a page needs.
const (
	fewPeople   = 2000
	fewFiltered = 300
)

// How many people a search looks at, in the order of the list, before it asks the index: what many match fills its page there.
const searchedFirst = 1000

// A peopleQuery is a list of members, and which page of it is asked for.
type peopleQuery struct {
	org           access.ID
	status, role  string
	search        string
	sort          string // name, role, status or seen
	descending    bool
	after         position
	limit         int32
	everybody, of int64 // how many there are, and how many the filter lets through, before the search
}

// A found person stands in the list, with the key by which it is sorted.
type foundPerson = sqlc.ListFewPeopleRow

// ListMembers lists the members of an organization and its open invitations.
func (s *Store) ListMembers(ctx context.Context, org access.ID, filter MemberFilter, page Page) (Listing[MemberRow], error) {
	asked := peopleQuery{org: org, status: string(filter.Status), search: filter.Search, after: page.cursor(), limit: page.limit()}
	if filter.Role != "" {
		asked.role = access.RoleID(access.Organization, filter.Role)
	}
	asked.order(filter.Sort)
	counts, err := s.q.CountPeople(ctx, sqlc.CountPeopleParams{OrgID: org, Status: asked.status, RoleID: asked.role})
	if err != nil {
		return Listing[MemberRow]{}, err
	}
	asked.everybody, asked.of = counts.Everybody, counts.Matching
	found, atLeast, err := s.findPeople(ctx, asked)
	if err != nil {
		return Listing[MemberRow]{}, err
	}
	rows, err := s.readPeople(ctx, org, found)
	list := listing(found, page, func(one foundPerson) (MemberRow, int64, position) {
		return rows[one.ID], one.Total, position{Name: one.Key, ID: one.ID}
	})
	list.AtLeast = atLeast
	return list, err
}

// order reads a sort as the page writes it. All who are left by a filter are alike in it, so then their names decide.
func (p *peopleQuery) order(sort string) {
	p.sort, p.descending = strings.CutPrefix(sort, "-")
	if sort == "" || p.sort != "role" && p.sort != "status" && p.sort != "seen" || p.sort == "role" && p.role != "" || p.sort == "status" && p.status != "" && p.status != "member" {
		p.sort = "name"
	}
}

// findPeople finds a page. Where many match a search it does not count them: atLeast.
func (s *Store) findPeople(ctx context.Context, asked peopleQuery) (found []foundPerson, atLeast bool, err error) {
	switch {
	case asked.everybody <= fewPeople || asked.search == "" && asked.of <= fewFiltered:
		found, err = s.q.ListFewPeople(ctx, asked.few())
		return found, false, err
	case asked.search == "":
		return s.walkPeople(ctx, asked, int32(min(asked.everybody+1, 1<<30)))
	}
	if found, atLeast, err = s.walkPeople(ctx, asked, searchedFirst); atLeast || err != nil {
		return found, atLeast, err
	}
	if utf8.RuneCountInString(strings.ToLower(asked.search)) < 3 {
		return s.walkPeople(ctx, asked, int32(min(asked.everybody+1, 1<<30)))
	}
	rows, err := s.q.ListFoundPeople(ctx, sqlc.ListFoundPeopleParams(asked.few()))
	found = make([]foundPerson, len(rows))
	for i, row := range rows {
		found[i] = foundPerson(row)
	}
	return found, false, err
}

func (p peopleQuery) few() sqlc.ListFewPeopleParams {
	return sqlc.ListFewPeopleParams{OrgID: p.org, Sort: p.sort, FirstPage: p.after.Seen == 0, Descending: p.descending, AfterKey: p.after.Name,
		AfterID: p.after.ID, PageSize: p.limit, Status: p.status, RoleID: p.role, Search: p.search}
}

// walkPeople reads on in the order of the list. Without a search the total is known; with one, only whether there are more.
func (s *Store) walkPeople(ctx context.Context, asked peopleQuery, candidates int32) ([]foundPerson, bool, error) {
	var found []foundPerson
	var err error
	if asked.descending {
		var rows []sqlc.ListPeopleDownRow
		rows, err = s.q.ListPeopleDown(ctx, sqlc.ListPeopleDownParams{OrgID: asked.org, Sort: asked.sort, FirstPage: asked.after.Seen == 0,
			AfterKey: asked.after.Name, AfterID: asked.after.ID, Candidates: candidates, Status: asked.status, RoleID: asked.role,
			Search: asked.search, PageSize: asked.limit + 1})
		for _, row := range rows {
			found = append(found, foundPerson{ID: row.ID, Key: row.Key, Status: row.Status, RoleID: row.RoleID})
		}
	} else {
		var rows []sqlc.ListPeopleUpRow
		rows, err = s.q.ListPeopleUp(ctx, sqlc.ListPeopleUpParams{OrgID: asked.org, Sort: asked.sort, AfterKey: asked.after.Name,
			AfterID: asked.after.ID, Candidates: candidates, Status: asked.status, RoleID: asked.role, Search: asked.search, PageSize: asked.limit + 1})
		for _, row := range rows {
			found = append(found, foundPerson{ID: row.ID, Key: row.Key, Status: row.Status, RoleID: row.RoleID})
		}
	}
	total, more := asked.of, len(found) > int(asked.limit)
	if asked.search != "" {
		total = int64(asked.after.Seen + len(found))
	}
	found = found[:min(len(found), int(asked.limit))]
	for i := range found {
		found[i].Total = total
	}
	return found, more && asked.search != "", err
}

// readPeople reads what the list says of each.
func (s *Store) readPeople(ctx context.Context, org access.ID, found []foundPerson) (map[access.ID]MemberRow, error) {
	ids := make([]access.ID, len(found))
	standing := make(map[access.ID]foundPerson, len(found))
	for i, one := range found {
		ids[i], standing[one.ID] = one.ID, one
	}
	rows, err := s.q.ListPeople(ctx, sqlc.ListPeopleParams{OrgID: org, Ids: ids})
	people := make(map[access.ID]MemberRow, len(rows))
	for _, row := range rows {
		one := standing[row.ID]
		people[row.ID] = MemberRow{
			Member: access.Member{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Role: role(one.RoleID),
				Status: access.Status(one.Status), LastSeen: row.LastSeenAt, JoinedAt: row.CreatedAt, Managed: row.Managed},
			Invitation: one.Status == string(access.Invited), Groups: groupRefs(row.GroupIds, row.GroupNames), ExpiresAt: row.ExpiresAt,
		}
	}
	return people, err
}
