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
	bestFirst     bool   // whose name begins with what is searched for comes before the others
	beginning     string // of the keys of all who match, where that is known
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
		return rows[one.ID], one.Total, position{Name: one.Key, ID: one.ID, Later: one.Later}
	})
	list.AtLeast = atLeast
	return list, err
}

// order reads a sort as the page writes it. All who are left by a filter are alike in it, so then their names decide; and where
// the names decide about all of one status or role, these stand together in the order of that.
func (p *peopleQuery) order(sort string) {
	p.bestFirst = sort == "" && p.search != ""
	p.sort, p.descending = strings.CutPrefix(sort, "-")
	oneStatus := p.status != "" && p.status != string(AnyMember)
	if sort == "" || p.sort != "role" && p.sort != "status" && p.sort != "seen" || p.sort == "role" && p.role != "" || p.sort == "status" && oneStatus {
		p.sort = "name"
	}
	switch {
	case p.sort != "name" || p.search != "":
	case oneStatus:
		p.sort, p.beginning = "status", p.status+" "
	case p.role != "":
		p.sort, p.beginning = "role", p.role+" "
	}
}

// findPeople finds a page. Where many match a search it does not count them: atLeast.
func (s *Store) findPeople(ctx context.Context, asked peopleQuery) (found []foundPerson, atLeast bool, err error) {
	switch {
	case asked.everybody <= fewPeople || asked.search == "" && asked.of <= fewFiltered:
		found, err = s.q.ListFewPeople(ctx, asked.few())
		return found, false, err
	case asked.search == "":
		found, err = s.walkPeople(ctx, asked, asked.everybody)
		return asked.page(found, asked.of), false, err
	}
	return s.searchPeople(ctx, asked)
}

// searchPeople looks where what many match fills its page, before it asks the index for all who match: at the names that begin so,
// then at the next people of the list. One or two letters are in no index, so there it looks at everybody.
func (s *Store) searchPeople(ctx context.Context, asked peopleQuery) ([]foundPerson, bool, error) {
	var found []foundPerson
	var err error
	rest, near := asked, int64(searchedFirst)
	if utf8.RuneCountInString(strings.ToLower(asked.search)) < 3 {
		near = asked.everybody
	}
	if asked.bestFirst && !asked.after.Later {
		rest.beginning = asked.search
		if found, err = s.walkPeople(ctx, rest, asked.everybody); err != nil {
			return nil, false, err
		}
		rest.beginning, rest.after = "", position{ID: firstID, Later: true}
	}
	if rest.limit -= int32(len(found)); rest.limit >= 0 {
		others, err := s.walkPeople(ctx, rest, near)
		if found = append(found, others...); err != nil {
			return nil, false, err
		}
	}
	known := int64(asked.after.Seen + len(found))
	if more := len(found) > int(asked.limit); more || near == asked.everybody {
		return asked.page(found, known), more, nil
	}
	rows, err := s.q.ListFoundPeople(ctx, sqlc.ListFoundPeopleParams(asked.few()))
	found = make([]foundPerson, len(rows))
	for i, row := range rows {
		found[i] = foundPerson(row)
	}
	return found, false, err
}

// page is as many as were asked for, of so many.
func (p peopleQuery) page(found []foundPerson, total int64) []foundPerson {
	found = found[:min(len(found), int(p.limit))]
	for i := range found {
		found[i].Total = total
	}
	return found
}

func (p peopleQuery) few() sqlc.ListFewPeopleParams {
	return sqlc.ListFewPeopleParams{OrgID: p.org, Sort: p.sort, FirstPage: p.after.Seen == 0, Descending: p.descending, BestFirst: p.bestFirst,
		AfterLater: p.after.Later, AfterKey: p.after.Name, AfterID: p.after.ID, PageSize: p.limit, Status: p.status, RoleID: p.role, Search: p.search}
}

// walkPeople reads on in the order of the list, past so many people, and finds one more than were asked for where there are more.
func (s *Store) walkPeople(ctx context.Context, asked peopleQuery, candidates int64) ([]foundPerson, error) {
	var found []foundPerson
	most := int32(min(candidates+1, 1<<30))
	if asked.descending {
		rows, err := s.q.ListPeopleDown(ctx, sqlc.ListPeopleDownParams{OrgID: asked.org, Sort: asked.sort, FirstPage: asked.after.Seen == 0, Beginning: asked.beginning,
			AfterKey: asked.after.Name, AfterID: asked.after.ID, Candidates: most, Status: asked.status, RoleID: asked.role,
			Search: asked.search, PageSize: asked.limit + 1})
		for _, row := range rows {
			found = append(found, foundPerson{ID: row.ID, Key: row.Key, Status: row.Status, RoleID: row.RoleID})
		}
		return found, err
	}
	rows, err := s.q.ListPeopleUp(ctx, sqlc.ListPeopleUpParams{OrgID: asked.org, Sort: asked.sort, Beginning: asked.beginning, AfterKey: asked.after.Name,
		AfterID: asked.after.ID, Candidates: most, Status: asked.status, RoleID: asked.role, Search: asked.search, Later: asked.after.Later, PageSize: asked.limit + 1})
	for _, row := range rows {
		found = append(found, foundPerson{ID: row.ID, Key: row.Key, Status: row.Status, RoleID: row.RoleID, Later: row.Later})
	}
	return found, err
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
