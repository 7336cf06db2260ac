package db

import (
	"context"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

func groupRef(id access.ID, name string) access.Ref {
	return access.Ref{Type: "group", ID: id, Name: name}
}

// A GroupRow is a group in the list of groups.
type GroupRow struct {
	ID          access.ID
	Name        string
	Description string
	People      int      // directly in it
	Groups      int      // directly in it
	Everyone    int      // people at any depth
	Carries     []string // "Administrator on Risk"
	Admin       bool     // the reader is one of its admins
}

// A GroupFilter narrows the list of groups; empty fields narrow nothing.
type GroupFilter struct {
	Search string    // in name and description
	Reader access.ID // whose part in each is told
	Own    bool      // only those that the reader administers
}

// ListGroups lists the groups of an organization by name.
func (s *Store) ListGroups(ctx context.Context, org access.ID, filter GroupFilter, page Page) (Listing[GroupRow], error) {
	after := page.cursor()
	asked := sqlc.ListGroupsParams{OrgID: org, Reader: orNil(filter.Reader), Search: filter.Search,
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit(), Candidates: page.limit() + 1}
	if filter.Own {
		asked.AdminID = &filter.Reader
	}
	rows, err := s.q.ListGroups(ctx, asked)
	list := listing(rows, page, func(row sqlc.ListGroupsRow) (GroupRow, int64, position) {
		if row.Walked > 0 {
			row.Total = int64(after.Seen) + row.Walked
		}
		return GroupRow{ID: row.ID, Name: row.Name, Description: row.Description, People: int(row.People), Groups: int(row.Groups),
			Everyone: int(row.Everyone), Carries: carriedTitles(row.Carries), Admin: row.Administered}, row.Total, position{Name: row.SortName, ID: row.ID}
	})
	list.AtLeast = len(rows) > 0 && rows[0].Walked > int64(page.limit())
	return list, err
}

// carriedTitles reads "module/creator Risk" as "Creator on Risk".
func carriedTitles(carries []string) []string {
	titles := make([]string, len(carries))
	for i, carried := range carries {
		id, name, _ := strings.Cut(carried, " ")
		titles[i] = role(id).Title + " on " + name
	}
	return titles
}

// A Group is a group as one person sees it.
type Group struct {
	access.GroupFacts
	Inside bool // the person is in it, at any depth
}

// FindGroup reads a group, with what the rules ask about the user in it.
func (s *Store) FindGroup(ctx context.Context, org, user, group access.ID) (Group, error) {
	return findGroup(ctx, s.q, org, user, group)
}

func findGroup(ctx context.Context, q *sqlc.Queries, org, user, group access.ID) (Group, error) {
	row, err := q.FindGroup(ctx, sqlc.FindGroupParams{OrgID: org, UserID: optional(user), ID: group})
	if err != nil {
		return Group{}, found(err)
	}
	carried, err := q.ListCarriedRoles(ctx, sqlc.ListCarriedRolesParams{OrgID: org, UserID: optional(user), GroupID: group})
	facts := access.GroupFacts{ID: row.ID, Name: row.Name, Description: row.Description, Admin: row.Role == string(access.GroupAdmin), Managed: row.Managed}
	for _, one := range carried {
		through := one.GroupName
		if one.GroupID == group {
			through = ""
		}
		facts.Carries = append(facts.Carries, access.Carried{Role: role(one.RoleID), Resource: one.ResourceName, ResourceID: one.ResourceID, Through: through, ExpiresAt: one.ExpiresAt,
			Held: access.Rights(one.Held)})
	}
	return Group{GroupFacts: facts, Inside: row.Inside}, err
}

// FindGroupByName finds a group by its name, in upper or lower case.
func (s *Store) FindGroupByName(ctx context.Context, org access.ID, name string) (access.Ref, error) {
	row, err := s.q.FindGroupByName(ctx, sqlc.FindGroupByNameParams{OrgID: org, Name: name})
	return groupRef(row.ID, row.Name), found(err)
}

// A GroupMemberRow is a person or a group that is directly in a group.
type GroupMemberRow struct {
	access.Ref
	Email  string
	Role   access.GroupRole
	Status access.Status
	People int // inside, for a group

	AddedAt time.Time
}

// ListGroupMembers lists the people and groups that are directly in a group, groups first.
func (s *Store) ListGroupMembers(ctx context.Context, org, group access.ID, search string, page Page) (Listing[GroupMemberRow], error) {
	after := page.cursor()
	rows, err := s.q.ListGroupMembers(ctx, sqlc.ListGroupMembersParams{OrgID: org, GroupID: group, Search: search,
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit()})
	return listing(rows, page, func(row sqlc.ListGroupMembersRow) (GroupMemberRow, int64, position) {
		return GroupMemberRow{Ref: access.Ref{Type: row.Type, ID: row.ID, Name: row.Name}, Email: row.Email,
			Role: access.GroupRole(row.Role), Status: access.Status(row.Status), People: int(row.People), AddedAt: row.CreatedAt}, row.Total, position{Name: row.SortName, ID: row.ID}
	}), err
}

// An InsideRow is somebody active who is in a group at some depth.
type InsideRow struct {
	access.Person
	Through []access.Ref // from the group that they are directly in up to this one, this one left out; empty for direct
}

// ListEveryoneInside lists the people in a group through any depth, by name: those who get what it has, so nobody deactivated.
func (s *Store) ListEveryoneInside(ctx context.Context, org, group access.ID, page Page) (Listing[InsideRow], error) {
	after := page.cursor()
	rows, err := s.q.ListEveryoneInside(ctx, sqlc.ListEveryoneInsideParams{OrgID: org, GroupID: group,
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit()})
	if err != nil {
		return Listing[InsideRow]{}, err
	}
	groups := make([]access.Ref, len(rows))
	for i, row := range rows {
		groups[i] = groupRef(row.ThroughID, row.ThroughName)
	}
	ways, err := waysUp(ctx, s.q, org, groups)
	return listing(rows, page, func(row sqlc.ListEveryoneInsideRow) (InsideRow, int64, position) {
		return InsideRow{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email},
			Through: below(ways.chain(row.ThroughID, group))}, row.Total, position{Name: row.SortName, ID: row.ID}
	}), err
}

// below is a chain of groups without its last, outermost one.
func below(chain []access.Ref) []access.Ref {
	if len(chain) == 0 {
		return nil
	}
	return chain[:len(chain)-1]
}

// A GroupGrant is a grant that reaches everyone in a group.
type GroupGrant struct {
	Resource  access.Ref
	Role      access.Role
	Through   access.Ref // the group that the grant names: this one or one that contains it
	ExpiresAt *time.Time
}

// ListGroupAccess lists what is shared to a group, itself or through a group that contains it, as far as the user may
// know of it. At most 200.
func (s *Store) ListGroupAccess(ctx context.Context, org, user, group access.ID) ([]GroupGrant, error) {
	rows, err := s.q.ListGroupAccess(ctx, sqlc.ListGroupAccessParams{OrgID: org, UserID: user, GroupID: group, Discover: int64(access.Discover)})
	grants := make([]GroupGrant, len(rows))
	for i, row := range rows {
		grants[i] = GroupGrant{Resource: access.Ref{Type: row.Kind, ID: row.ResourceID, Name: row.ResourceName}, Role: storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID),
			Through: groupRef(row.GroupID, row.GroupName), ExpiresAt: row.ExpiresAt}
	}
	return grants, err
}

// GroupHoldings is what goes when a group is deleted.
type GroupHoldings struct{ Grants, Resources, People int }

// CountGroupHoldings counts the grants of a group and the people inside.
func (s *Store) CountGroupHoldings(ctx context.Context, org, group access.ID) (GroupHoldings, error) {
	row, err := s.q.CountGroupHoldings(ctx, sqlc.CountGroupHoldingsParams{OrgID: org, GroupID: &group})
	return GroupHoldings{Grants: int(row.Grants), Resources: int(row.Resources), People: int(row.People)}, err
}

// group loads a group for a change, with what the actor is in it.
func (c *change) group(ctx context.Context, id access.ID) (access.GroupFacts, error) {
	group, err := findGroup(ctx, c.q, c.org.ID, c.actor.ID, id)
	return group.GroupFacts, err
}

// CreateGroup makes a group with the one who asks as its first admin, and returns its id.
func (s *Store) CreateGroup(ctx context.Context, by By, org access.ID, name, description string) (access.ID, error) {
	name, description, err := cleanTexts(name, description)
	if err != nil {
		return "", err
	}
	id := newID()
	err = s.change(ctx, by, org, func(c *change) error {
		taken, err := c.q.GroupNameTaken(ctx, sqlc.GroupNameTakenParams{OrgID: org, Name: name, ExceptID: id})
		if err != nil {
			return err
		}
		what := access.CreateGroup{Group: access.GroupFacts{ID: id, Name: name, Description: description}, Taken: taken}
		return c.make(ctx, what, func() error { return c.createGroup(ctx, what.Group) })
	})
	return id, err
}

func cleanTexts(name, description string) (string, string, error) {
	name, err := access.CleanName("name", name)
	if err != nil {
		return "", "", err
	}
	description, err = access.CleanDescription(description)
	return name, description, err
}

func (c *change) createGroup(ctx context.Context, group access.GroupFacts) error {
	if err := c.addEmptyGroup(ctx, group); err != nil || !c.actor.Member {
		return err
	}
	return c.q.AddGroupMember(ctx, sqlc.AddGroupMemberParams{OrgID: c.org.ID, GroupID: group.ID, UserID: c.actor.ID, Role: string(access.GroupAdmin)})
}

func (c *change) addEmptyGroup(ctx context.Context, group access.GroupFacts) error {
	err := c.q.AddGroup(ctx, sqlc.AddGroupParams{OrgID: c.org.ID, ID: group.ID, Name: group.Name, Description: group.Description})
	if err != nil {
		return err
	}
	return c.q.AddGroupToAncestry(ctx, sqlc.AddGroupToAncestryParams{OrgID: c.org.ID, ID: group.ID})
}

// EditGroup changes a group's name and description.
func (s *Store) EditGroup(ctx context.Context, by By, org, group access.ID, name, description string) error {
	name, description, err := cleanTexts(name, description)
	if err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error {
		facts, err := c.group(ctx, group)
		if err != nil {
			return err
		}
		taken, err := c.q.GroupNameTaken(ctx, sqlc.GroupNameTakenParams{OrgID: org, Name: name, ExceptID: group})
		if err != nil {
			return err
		}
		return c.make(ctx, access.EditGroup{Group: facts, ToName: name, ToAbout: description, Taken: taken}, func() error {
			return c.q.EditGroup(ctx, sqlc.EditGroupParams{OrgID: org, ID: group, Name: name, Description: description})
		})
	})
}

// DeleteGroup removes a group with its grants and memberships. Accounts are untouched.
func (s *Store) DeleteGroup(ctx context.Context, by By, org, group access.ID) error {
	return s.change(ctx, by, org, func(c *change) error { return c.deleteGroup(ctx, group) })
}

func (c *change) deleteGroup(ctx context.Context, group access.ID) error {
	facts, err := c.group(ctx, group)
	if err != nil {
		return err
	}
	holdings, err := c.q.CountGroupHoldings(ctx, sqlc.CountGroupHoldingsParams{OrgID: c.org.ID, GroupID: &group})
	if err != nil {
		return err
	}
	what := access.DeleteGroup{Group: facts, Grants: int(holdings.Grants), Members: int(holdings.People)}
	return c.make(ctx, what, func() error {
		if err := c.bumpListsNaming(ctx, group); err != nil {
			return err
		}
		return c.reweave(ctx, group, group, func() error {
			return c.q.DeleteGroup(ctx, sqlc.DeleteGroupParams{OrgID: c.org.ID, ID: group})
		})
	})
}

// GroupCount is how much a group holds.
type GroupCount struct{ People, Groups, Everyone int }

// CountGroup counts who is directly in a group, and the people inside at any depth.
func (s *Store) CountGroup(ctx context.Context, org, group access.ID) (GroupCount, error) {
	row, err := s.q.CountGroup(ctx, sqlc.CountGroupParams{OrgID: org, GroupID: group})
	return GroupCount{People: int(row.People), Groups: int(row.Groups), Everyone: int(row.Everyone)}, err
}

// ListGroupMemberIDs says who is directly in a group: users and groups.
func (s *Store) ListGroupMemberIDs(ctx context.Context, org, group access.ID) (map[access.ID]bool, error) {
	rows, err := s.q.ListGroupMemberIDs(ctx, sqlc.ListGroupMemberIDsParams{OrgID: org, GroupID: group})
	inside := make(map[access.ID]bool, len(rows))
	for _, id := range rows {
		inside[id] = true
	}
	return inside, err
}
