package rest

import (
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// A Member is a user's place in the organization.
type Member struct {
	Person
	Role     string        `json:"role" doc:"admin, auditor, modeler or member."`
	Status   access.Status `json:"status"`
	JoinedAt time.Time     `json:"joined_at"`
	LastSeen *time.Time    `json:"last_seen" doc:"null for somebody who never signed in."`
	Groups   []Named       `json:"groups" doc:"That they are in directly."`
	Managed  bool          `json:"managed" doc:"By the organization's identity provider, which alone changes name, status and membership."`
}

func member(m access.Member, groups []access.Ref) Member {
	return Member{Person: person(m.Person), Role: m.Role.Name, Status: m.Status, JoinedAt: m.JoinedAt.UTC(), LastSeen: utc(m.LastSeen),
		Groups: namedEach(groups), Managed: m.Managed}
}

// ListMembers lists the organization's members.
func ListMembers(c *Call) (Answer, error) {
	if err := c.sees(access.Members | access.Audit); err != nil {
		return Answer{}, err
	}
	filter, page, err := c.memberFilter()
	if err != nil {
		return Answer{}, err
	}
	listing, err := c.store.ListMembers(c.ctx(), c.Org.ID, filter, page)
	return pageOf(listing, err, func(row db.MemberRow) Member { return member(row.Member, row.Groups) })
}

func (c *Call) memberFilter() (filter db.MemberFilter, page db.Page, err error) {
	if filter.Search, err = c.query("search"); err != nil {
		return filter, page, err
	}
	if filter.Role, err = c.choice("role", roleNames(access.Organization)...); err != nil {
		return filter, page, err
	}
	status, err := c.choice("status", string(access.Active), string(access.Deactivated))
	if err != nil {
		return filter, page, err
	}
	if filter.Status = access.Status(status); status == "" {
		filter.Status = db.AnyMember
	}
	if filter.Sort, err = c.choice("sort", "name", "-name", "role", "-role", "status", "-status", "seen", "-seen"); err != nil {
		return filter, page, err
	}
	page, err = c.page()
	return filter, page, err
}

func roleNames(kind access.Kind) []string {
	var names []string
	for _, role := range access.RolesOf(kind) {
		names = append(names, role.Name)
	}
	return names
}

// ShowMember answers who a member is.
func ShowMember(c *Call) (Answer, error) {
	if err := c.sees(access.Members | access.Audit); err != nil {
		return Answer{}, err
	}
	user, err := c.id("user")
	if err != nil {
		return Answer{}, err
	}
	shown, err := c.member(user)
	if err != nil {
		return Answer{}, err
	}
	return found(shown)
}

func (c *Call) member(user access.ID) (Member, error) {
	one, err := c.store.FindMember(c.ctx(), c.Org.ID, user)
	if err != nil {
		return Member{}, err
	}
	groups, err := c.store.ListGroupsOfMember(c.ctx(), c.Org.ID, user)
	var direct []access.Ref
	for _, group := range groups {
		if len(group.Through) == 0 {
			direct = append(direct, group.Group)
		}
	}
	return member(one, direct), err
}

// A MemberChange is what of a member is to be different.
type MemberChange struct {
	Role   string        `json:"role,omitempty"`
	Status access.Status `json:"status,omitempty"`
}

// memberChange reads what of which member is to be different.
func (c *Call) memberChange() (user access.ID, to db.MemberChange, err error) {
	if user, err = c.id("user"); err != nil {
		return user, to, err
	}
	asked, err := read[MemberChange](c)
	if err != nil {
		return user, to, err
	}
	if err := c.unchanged(ShowMember); err != nil {
		return user, to, err
	}
	if asked.has["role"] != nil {
		if _, err := access.FindRole(access.Organization, asked.value.Role); err != nil {
			return user, to, err
		}
		to.Role = asked.value.Role
	}
	if asked.has["status"] != nil {
		if to.Status = asked.value.Status; to.Status != access.Active && to.Status != access.Deactivated {
			return user, to, access.Invalid("status", "%q is not a status that a member can be given. Choose active or deactivated.", string(to.Status))
		}
	}
	return user, to, nil
}

// ChangeMember gives a member another role, deactivates or reactivates them; both at once, or nothing.
func ChangeMember(c *Call) (Answer, error) {
	user, to, err := c.memberChange()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.ChangeMember(c.ctx(), c.By, c.Org.ID, user, to); err != nil {
		return Answer{}, err
	}
	return ShowMember(c)
}

// removal reads which membership is to end. The parameter heir is the address of whoever takes over what the member owned.
func (c *Call) removal() (user access.ID, how db.Leaving, err error) {
	if user, err = c.id("user"); err != nil {
		return user, how, err
	}
	if how.Heir, err = c.query("heir"); err == nil && how.Heir != "" {
		how.Heir, err = db.EmailIn("heir", how.Heir)
	}
	if err != nil {
		return user, how, err
	}
	return user, how, c.unchanged(ShowMember)
}

// RemoveMember ends a membership.
func RemoveMember(c *Call) (Answer, error) { return c.endMembership(c.removal()) }

func (c *Call) endMembership(user access.ID, how db.Leaving, err error) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.EndMembership(c.ctx(), c.By, c.Org.ID, user, how); err != nil {
		return Answer{}, err
	}
	return gone()
}

// A Leaving is how a member leaves.
type Leaving struct {
	Heir        string         `json:"heir,omitempty" doc:"The address of the member who takes over what nobody of heirs does."`
	Heirs       []ResourceHeir `json:"heirs,omitempty" doc:"Who takes over single resources, each with what the member owns in it."`
	Admins      []GroupHeir    `json:"admins,omitempty" doc:"Who becomes admin of groups that the member administers."`
	EndSessions bool           `json:"end_sessions,omitempty" doc:"Whether the account is signed out everywhere."`
}

// A ResourceHeir takes over a resource.
type ResourceHeir struct {
	Resource access.ID `json:"resource"`
	Heir     string    `json:"heir" doc:"An address."`
}

// A GroupHeir becomes admin of a group.
type GroupHeir struct {
	Group access.ID `json:"group"`
	Admin string    `json:"admin" doc:"An address."`
}

// leaving reads which membership is to end, and how.
func (c *Call) leaving() (user access.ID, how db.Leaving, err error) {
	if user, err = c.id("user"); err != nil {
		return user, how, err
	}
	asked, err := read[Leaving](c)
	if err != nil {
		return user, how, err
	}
	if how, err = asked.value.leaving(); err != nil {
		return user, how, err
	}
	return user, how, c.unchanged(ShowMember)
}

// EndMembership ends a membership and hands on what the member had, to several people if need be.
func EndMembership(c *Call) (Answer, error) { return c.endMembership(c.leaving()) }

func (d Leaving) leaving() (how db.Leaving, err error) {
	how = db.Leaving{EndSessions: d.EndSessions, Heirs: map[access.ID]string{}, Admins: map[access.ID]string{}}
	if d.Heir != "" {
		if how.Heir, err = db.EmailIn("heir", d.Heir); err != nil {
			return how, err
		}
	}
	for _, one := range d.Heirs {
		if how.Heirs[one.Resource], err = successor("heirs", one.Resource, one.Heir); err != nil {
			return how, err
		}
	}
	for _, one := range d.Admins {
		if how.Admins[one.Group], err = successor("admins", one.Group, one.Admin); err != nil {
			return how, err
		}
	}
	return how, nil
}

func successor(field string, of access.ID, email string) (string, error) {
	if !access.IsID(string(of)) {
		return "", access.Invalid(field, "%q is not an id.", string(of))
	}
	return db.EmailIn(field, email)
}
