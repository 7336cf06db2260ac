package db

import (
	"context"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A MemberRow is a member, or an open invitation, in the list of members.
type MemberRow struct {
	access.Member
	Invitation bool         // ID is that of an invitation
	Groups     []access.Ref // directly in
	ExpiresAt  *time.Time   // of an invitation
}

// AnyMember narrows the list of members to those who are, without invitations.
const AnyMember access.Status = "member"

// MemberFilter narrows the list of members; empty fields narrow nothing. Without a Sort it is by name, and of a search those come
// first whose name begins so.
type MemberFilter struct {
	Search string // in name and address
	Role   string // name of an organization role
	Status access.Status
	Sort   string // name (also for what is none of these), role, status or seen; with a minus in front the other way round
}

// groupRefs joins ids and names that come in the same order.
func groupRefs(ids []access.ID, names []string) []access.Ref {
	refs := make([]access.Ref, len(ids))
	for i, id := range ids {
		refs[i] = groupRef(id, names[i])
	}
	return refs
}

// FindMember reads one member; access.ErrNotFound for somebody who is none.
func (s *Store) FindMember(ctx context.Context, org, user access.ID) (access.Member, error) {
	return findMember(ctx, s.q, org, user)
}

func findMember(ctx context.Context, q *sqlc.Queries, org, user access.ID) (access.Member, error) {
	row, err := q.FindMember(ctx, sqlc.FindMemberParams{OrgID: org, UserID: user})
	return access.Member{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Role: role(row.RoleID),
		Status: access.Status(row.Status), LastSeen: row.LastSeenAt, JoinedAt: row.CreatedAt, BreakGlass: row.BreakGlass, Managed: row.Managed, Elsewhere: row.Elsewhere}, found(err)
}

// role is the built-in role with this id; the database holds no other id where it is called.
func role(id string) access.Role {
	role, _ := access.RoleByID(id)
	return role
}

// IsLastAdmin tells whether nobody else keeps the organization governable.
func (s *Store) IsLastAdmin(ctx context.Context, org, user access.ID) (bool, error) {
	return s.q.IsLastAdmin(ctx, sqlc.IsLastAdminParams{OrgID: org, UserID: user})
}

// A GroupOfMember is a group that somebody is in, directly or through a group inside it.
type GroupOfMember struct {
	Group   access.Ref
	Role    access.GroupRole // where direct
	Through []access.Ref     // from the group that they are directly in up to this one, this one left out; empty for direct
}

// ListGroupsOfMember lists the groups that a member is in, direct ones first, each once.
func (s *Store) ListGroupsOfMember(ctx context.Context, org, user access.ID) ([]GroupOfMember, error) {
	rows, err := s.q.ListGroupsOfMember(ctx, sqlc.ListGroupsOfMemberParams{OrgID: org, UserID: user})
	if err != nil {
		return nil, err
	}
	var own []access.Ref
	for _, row := range rows {
		own = append(own, groupRef(row.DirectID, row.DirectName))
	}
	ways, err := waysUp(ctx, s.q, org, own)
	var groups []GroupOfMember
	seen := map[access.ID]bool{}
	for _, row := range rows { // direct ones first
		if !seen[row.ID] {
			seen[row.ID] = true
			groups = append(groups, GroupOfMember{Group: groupRef(row.ID, row.Name), Role: access.GroupRole(row.Role),
				Through: below(ways.chain(row.DirectID, row.ID))})
		}
	}
	return groups, err
}

// CountMembers counts the active members of an organization.
func (s *Store) CountMembers(ctx context.Context, org access.ID) (int, error) {
	count, err := s.q.CountMembers(ctx, org)
	return int(count), err
}

// A PersonAround is somebody whom an organization's pages may name: a member, or somebody outside to whom,
// or to an organization of whom, something was granted.
type PersonAround struct {
	access.Person
	Status access.Status // empty for somebody outside
}

// FindPersonAround reads such a person; access.ErrNotFound for anybody else.
func (s *Store) FindPersonAround(ctx context.Context, org, user access.ID) (PersonAround, error) {
	row, err := s.q.FindPersonAround(ctx, sqlc.FindPersonAroundParams{OrgID: org, UserID: user})
	return PersonAround{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Status: access.Status(row.Status)}, found(err)
}

// member loads a member for a change.
func (c *change) member(ctx context.Context, user access.ID) (access.Member, error) {
	return findMember(ctx, c.q, c.org.ID, user)
}

func (c *change) lastAdmin(ctx context.Context, user access.ID) (bool, error) {
	return c.q.IsLastAdmin(ctx, sqlc.IsLastAdminParams{OrgID: c.org.ID, UserID: user})
}

// addMember makes a user a member with a role, and takes over what they were granted from outside.
func (c *change) addMember(ctx context.Context, user access.ID, roleID string) error {
	if err := c.q.AddMember(ctx, sqlc.AddMemberParams{OrgID: c.org.ID, UserID: user}); err != nil {
		return err
	}
	if err := c.q.AdoptGrants(ctx, sqlc.AdoptGrantsParams{OrgID: c.org.ID, UserID: user}); err != nil {
		return err
	}
	return c.q.AddMemberRole(ctx, sqlc.AddMemberRoleParams{OrgID: c.org.ID, RoleID: roleID, UserID: user})
}

// findOrAddUser finds the user with a normalized address, or makes one.
func (c *change) findOrAddUser(ctx context.Context, email, name string) (access.Person, error) {
	row, err := c.q.FindUserByEmail(ctx, email)
	if err == nil {
		return access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, nil
	}
	if found(err) != access.ErrNotFound {
		return access.Person{}, err
	}
	id, err := c.q.AddUser(ctx, sqlc.AddUserParams{Email: email, Name: name})
	return access.Person{ID: id, Name: name, Email: email}, err
}

// A MemberChange is what of a member is to be different.
type MemberChange struct {
	Role   string        // name of an organization role; empty for the one that they have
	Status access.Status // active or deactivated; empty for the one that they have
	Seen   string        // the member's Standing when it was shown what this does; empty where nothing was shown
}

// stale tells whether a member is no longer what was seen of them.
func stale(member access.Member, seen string) bool { return seen != "" && seen != member.Standing() }

// ChangeMember gives a member another role and another status, or neither.
func (s *Store) ChangeMember(ctx context.Context, by By, org, user access.ID, asked MemberChange) error {
	return s.change(ctx, by, org, func(c *change) error { return c.changeMember(ctx, user, asked) })
}

func (c *change) changeMember(ctx context.Context, user access.ID, asked MemberChange) error {
	to, err := asked.role()
	if err != nil {
		return err
	}
	if asked.Role != "" {
		if err := c.changeMemberRole(ctx, user, to, asked.Seen); err != nil {
			return err
		}
		asked.Seen = "" // it says what the member was before
	}
	switch asked.Status {
	case access.Active:
		return c.reactivateMember(ctx, user)
	case access.Deactivated:
		return c.deactivateMember(ctx, user, asked.Seen)
	}
	return nil
}

// role finds the role that is asked for; none is no role.
func (asked MemberChange) role() (access.Role, error) {
	if asked.Role == "" {
		return access.Role{}, nil
	}
	return access.FindRole(access.Organization, asked.Role)
}

// ChangeMemberRole gives a member another role in the organization.
func (s *Store) ChangeMemberRole(ctx context.Context, by By, org, user access.ID, roleName string) error {
	to, err := access.FindRole(access.Organization, roleName)
	if err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error { return c.changeMemberRole(ctx, user, to, "") })
}

func (c *change) changeMemberRole(ctx context.Context, user access.ID, to access.Role, seen string) error {
	member, last, err := c.memberAndLast(ctx, user)
	if err != nil {
		return err
	}
	end, err := c.endOf(ctx, c.org.ID, access.Members)
	if err != nil {
		return err
	}
	return c.make(ctx, access.ChangeMemberRole{Member: member, To: to, LastAdmin: last, Stale: stale(member, seen), End: end}, func() error {
		return c.q.SetMemberRole(ctx, sqlc.SetMemberRoleParams{OrgID: c.org.ID, UserID: user, RoleID: to.ID})
	})
}

func (c *change) memberAndLast(ctx context.Context, user access.ID) (access.Member, bool, error) {
	member, err := c.member(ctx, user)
	if err != nil {
		return member, false, err
	}
	last, err := c.lastAdmin(ctx, user)
	return member, last, err
}

// DeactivateMember lets nothing that a member has count, and keeps it all.
func (s *Store) DeactivateMember(ctx context.Context, by By, org, user access.ID) error {
	return s.change(ctx, by, org, func(c *change) error { return c.deactivateMember(ctx, user, "") })
}

func (c *change) deactivateMember(ctx context.Context, user access.ID, seen string) error {
	member, last, err := c.memberAndLast(ctx, user)
	if err != nil {
		return err
	}
	return c.make(ctx, access.DeactivateMember{Member: member, LastAdmin: last, Stale: stale(member, seen)}, c.setStatus(ctx, user, access.Deactivated))
}

// ReactivateMember lets everything that a member has count again.
func (s *Store) ReactivateMember(ctx context.Context, by By, org, user access.ID) error {
	return s.change(ctx, by, org, func(c *change) error { return c.reactivateMember(ctx, user) })
}

func (c *change) reactivateMember(ctx context.Context, user access.ID) error {
	member, err := c.member(ctx, user)
	if err != nil {
		return err
	}
	return c.make(ctx, access.ReactivateMember{Member: member}, c.setStatus(ctx, user, access.Active))
}

func (c *change) setStatus(ctx context.Context, user access.ID, status access.Status) func() error {
	return func() error {
		_, err := c.q.SetMemberStatus(ctx, sqlc.SetMemberStatusParams{OrgID: c.org.ID, UserID: user, Status: string(status)})
		return err
	}
}

// ListHeirs lists active members other than one, by name, for a choice of who takes over. At most 50.
func (s *Store) ListHeirs(ctx context.Context, org, except access.ID, search string) ([]access.Person, error) {
	rows, err := s.q.ListHeirs(ctx, sqlc.ListHeirsParams{OrgID: org, UserID: except, Search: search, PageSize: 50})
	people := make([]access.Person, len(rows))
	for i, row := range rows {
		people[i] = access.Person{ID: row.ID, Name: row.Name, Email: row.Email}
	}
	return people, err
}

func ignoreNotFound(err error) error {
	if err == access.ErrNotFound {
		return nil
	}
	return err
}
