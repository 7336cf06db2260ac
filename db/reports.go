package db

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A ReportRow tells what one person may do with one resource, and every path to it.
type ReportRow struct {
	Person   access.Person
	Status   access.Status   // in the organization; empty for somebody outside
	Resource access.Resource // without what somebody holds there
	Rights   access.Rights
	Paths    []access.Path // the strongest of those first that give the right asked about
}

// ListWhoCan lists the people who have a right on a resource: members, people outside whom a grant in the organization names,
// and those of organizations that one names. They come in the order of their names, and in that of their ids where they are more
// than sortedPeople. Next is the After of the next part, empty at the end.
func (s *Store) ListWhoCan(ctx context.Context, org access.ID, resource access.Resource, right access.Rights, after string, limit int) (rows []ReportRow, next string, err error) {
	people, next, err := s.whoCan(ctx, org, resource.ID, right, after, limit)
	if err != nil {
		return nil, "", err
	}
	for _, person := range people {
		rows = append(rows, ReportRow{Person: personFound(person), Status: access.Status(person.Status), Resource: resource})
	}
	return rows, next, s.explainRows(ctx, org, right, rows)
}

const (
	sortedPeople = 1000       // who are read whole to put them in order
	byName       = "by-name:" // begins the cursor of a list in the order of names; the position of its last row follows
)

func (s *Store) whoCan(ctx context.Context, org, resource access.ID, right access.Rights, after string, limit int) (people []sqlc.ListPeopleFoundRow, next string, err error) {
	last, sorted := strings.CutPrefix(after, byName)
	if sorted || after == "" {
		hits, more, err := s.SearchUsers(ctx, org, resource, right, "", sortedPeople)
		if err != nil {
			return nil, "", err
		}
		if more == "" {
			return s.peopleByName(ctx, org, ids(hits), Page{After: last}.cursor(), limit)
		}
		after = "" // they became many: from the start, in the order of ids
	}
	hits, next, err := s.SearchUsers(ctx, org, resource, right, after, limit)
	if err != nil {
		return nil, "", err
	}
	people, err = s.q.ListPeopleFound(ctx, sqlc.ListPeopleFoundParams{OrgID: org, Users: ids(hits)})
	slices.SortFunc(people, func(a, b sqlc.ListPeopleFoundRow) int { return cmp.Compare(a.ID, b.ID) })
	return people, next, err
}

// peopleByName is the part of some people that comes after a position. The position holds the name itself, which whoever was
// given the cursor has read: looked up by its id, it would tell how the name of anybody sorts.
func (s *Store) peopleByName(ctx context.Context, org access.ID, users []access.ID, last position, limit int) ([]sqlc.ListPeopleFoundRow, string, error) {
	people, err := s.q.ListPeopleFound(ctx, sqlc.ListPeopleFoundParams{OrgID: org, Users: users})
	slices.SortFunc(people, func(a, b sqlc.ListPeopleFoundRow) int { return byLabel(a).compare(byLabel(b)) })
	begin, _ := slices.BinarySearchFunc(people, last, func(person sqlc.ListPeopleFoundRow, last position) int {
		return cmp.Or(byLabel(person).compare(last), -1) // the last one itself stood on the part before
	})
	part := people[begin:]
	if len(part) <= limit {
		return part, "", err
	}
	return part[:limit], byName + byLabel(part[limit-1]).String(), err
}

// byLabel is where somebody stands in the order of names.
func byLabel(person sqlc.ListPeopleFoundRow) position {
	return position{Name: strings.ToLower(personFound(person).Label()), ID: person.ID}
}

func personFound(row sqlc.ListPeopleFoundRow) access.Person {
	return access.Person{ID: row.ID, Name: row.Name, Email: row.Email}
}

// ListWhatCan lists the resources on which a person has a right, kind by kind, each in the order of keys. Next is the After
// of the next part, empty at the end.
func (s *Store) ListWhatCan(ctx context.Context, org access.ID, person PersonAround, right access.Rights, after string, limit int) (rows []ReportRow, next string, err error) {
	kinds := access.Kinds()[1:] // not the organization itself
	kind, key, _ := strings.Cut(after, "/")
	at := max(0, slices.Index(kinds, access.Kind(kind)))
	var hits []Hit
	for ; at < len(kinds); at++ {
		found, rest, err := s.SearchResources(ctx, org, person.ID, kinds[at], right, key, limit-len(hits))
		if err != nil {
			return nil, "", err
		}
		hits, key = append(hits, found...), ""
		if rest != "" {
			next = string(kinds[at]) + "/" + rest
			break
		}
		if len(hits) == limit && at+1 < len(kinds) {
			next = string(kinds[at+1]) + "/"
			break
		}
	}
	if rows, err = s.resourceRows(ctx, org, person, hits); err != nil {
		return nil, "", err
	}
	return rows, next, s.explainRows(ctx, org, right, rows)
}

func (s *Store) resourceRows(ctx context.Context, org access.ID, person PersonAround, hits []Hit) ([]ReportRow, error) {
	found, err := s.q.ListResourcesFound(ctx, sqlc.ListResourcesFoundParams{OrgID: org, Resources: ids(hits)})
	byID := map[access.ID]sqlc.ListResourcesFoundRow{}
	for _, resource := range found {
		byID[resource.ID] = resource
	}
	var rows []ReportRow
	for _, hit := range hits {
		resource := byID[hit.ID]
		rows = append(rows, ReportRow{Person: person.Person, Status: person.Status, Resource: access.Resource{ID: resource.ID,
			Kind: access.Kind(resource.Kind), Key: resource.Key, Name: resource.Name, Mode: access.Mode(resource.AccessMode),
			Owner: access.Person{ID: required(resource.OwnerID)}}})
	}
	return rows, err
}

func ids(hits []Hit) []access.ID {
	list := make([]access.ID, len(hits))
	for i, hit := range hits {
		list[i] = hit.ID
	}
	return list
}

// explainRows fills in rights and paths, all in one statement.
func (s *Store) explainRows(ctx context.Context, org access.ID, right access.Rights, rows []ReportRow) error {
	params := sqlc.ListPathsOfEachParams{}
	for _, row := range rows {
		params.Subjects, params.Resources = append(params.Subjects, row.Person.ID), append(params.Resources, row.Resource.ID)
	}
	found, err := s.q.ListPathsOfEach(ctx, params)
	if err != nil {
		return err
	}
	paths, err := s.pathsOfEach(ctx, org, found, len(rows))
	for i := range paths {
		rows[i].Paths = paths[i]
		access.PutGiving(paths[i], right)
		for _, path := range paths[i] {
			rows[i].Rights |= path.Rights
		}
	}
	return err
}

// ListOutsiders lists the first of the people outside whom a grant in an organization names, by name, and tells whether there
// are more.
func (s *Store) ListOutsiders(ctx context.Context, org access.ID, search string, limit int) (people []access.Person, more bool, err error) {
	rows, err := s.q.ListOutsiders(ctx, sqlc.ListOutsidersParams{OrgID: org, Search: search, PageSize: int32(limit) + 1})
	for _, row := range rows[:min(len(rows), limit)] {
		people = append(people, access.Person{ID: row.ID, Name: row.Name, Email: row.Email})
	}
	return people, len(rows) > limit, err
}

// An OpenResource lets people in from outside its organization by its own access mode.
type OpenResource struct {
	access.Resource
	Place  string // the names of what contains it, from the module down
	Inside int    // resources in it, which are opened with it
}

// CountOpen counts the resources whose own access mode is one of these.
func (s *Store) CountOpen(ctx context.Context, org access.ID, modes ...access.Mode) (int, error) {
	count, err := s.q.CountOpenResources(ctx, sqlc.CountOpenResourcesParams{OrgID: org, Modes: texts(modes)})
	return int(count), err
}

// ListOpen lists the resources whose own access mode is one of these, by name.
func (s *Store) ListOpen(ctx context.Context, org access.ID, modes []access.Mode, page Page) (Listing[OpenResource], error) {
	after := page.cursor()
	total, err := s.CountOpen(ctx, org, modes...)
	if err != nil {
		return Listing[OpenResource]{}, err
	}
	rows, err := s.q.ListOpenResources(ctx, sqlc.ListOpenResourcesParams{OrgID: org, Modes: texts(modes),
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit()})
	return listing(rows, page, func(row sqlc.ListOpenResourcesRow) (OpenResource, int64, position) {
		return OpenResource{Place: row.Place, Inside: int(row.Inside), Resource: access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Key: row.Key, Name: row.Name,
			Mode: access.Mode(row.AccessMode), Owner: access.Person{ID: row.OwnerID, Name: row.OwnerName, Email: row.OwnerEmail}}}, int64(total), position{Name: row.SortName, ID: row.ID}
	}), err
}
