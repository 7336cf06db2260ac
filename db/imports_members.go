package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// memberImport is what a page of member records came to.
type memberImport struct {
	*importing
	memberships []sqlc.CopyMembershipsParams
	grants      []sqlc.CopyGrantsParams
	adopted     []sqlc.AdoptGrantsOfEachParams
	roles       []sqlc.UpdateMemberRolesParams
	statuses    sqlc.UpdateMemberStatusesParams
}

func (i *importing) importMembers(ctx context.Context) error {
	m := &memberImport{importing: i}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedMembersRow, error) {
		return i.q.FindImportedMembers(ctx, sqlc.FindImportedMembersParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedMembersRow) int64 { return row.Line },
		func(row sqlc.FindImportedMembersRow) error { return m.judge(ctx, row) }, func() error { return m.apply(ctx) })
}

func (m *memberImport) judge(ctx context.Context, row sqlc.FindImportedMembersRow) error {
	org, err := m.org(row.Organization)
	if err != nil {
		return err
	}
	if row.UserID == nil {
		return noUser("user", row.Email)
	}
	member := access.Member{Person: access.Person{ID: *row.UserID, Name: orEmpty(row.UserName), Email: row.Email}}
	if row.OldStatus == nil {
		return m.add(org, member, row)
	}
	return m.alter(ctx, org, member, row)
}

// noUser says that nobody has an address.
func noUser(field, email string) error {
	return access.Invalid(field, "There is no user %s. Put a user record into the file.", email)
}

func (m *memberImport) add(org *importedOrg, member access.Member, row sqlc.FindImportedMembersRow) error {
	if row.Role == nil {
		return access.Invalid("role", "A new member needs a role.")
	}
	role, err := access.FindRole(access.Organization, *row.Role)
	if err != nil {
		return err
	}
	member.Role, member.Status = role, access.Status(or(row.Status, string(access.Active)))
	if err := m.allow(org, access.ImportMember{Member: member}); err != nil {
		return err
	}
	m.memberships = append(m.memberships, sqlc.CopyMembershipsParams{OrgID: org.org.ID, UserID: member.ID, Status: string(member.Status)})
	m.grants = append(m.grants, sqlc.CopyGrantsParams{OrgID: org.org.ID, ID: newID(), ResourceID: org.org.ID,
		ResourceKind: string(access.Organization), RoleID: role.ID, UserID: &member.ID})
	if row.HadGrants {
		m.adopted = append(m.adopted, sqlc.AdoptGrantsOfEachParams{OrgID: org.org.ID, UserID: member.ID})
	}
	return nil
}

// alter changes role and status, each with its own event, as the Members page does.
func (m *memberImport) alter(ctx context.Context, org *importedOrg, member access.Member, row sqlc.FindImportedMembersRow) error {
	member.Role, member.Status, member.Managed, member.BreakGlass = role(orEmpty(row.OldRoleID)), access.Status(*row.OldStatus), row.Managed, row.BreakGlass
	to := member.Role
	if row.Role != nil {
		to = role(access.RoleID(access.Organization, *row.Role))
	}
	status := access.Status(or(row.Status, *row.OldStatus))
	var changes []access.Change
	if to.ID != member.Role.ID {
		end, err := org.endOf(ctx, org.org.ID, access.Members)
		if err != nil {
			return err
		}
		changes = append(changes, access.ChangeMemberRole{Member: member, To: to, LastAdmin: m.lastAdmin[row.Line], End: end})
	}
	switch {
	case status == member.Status:
	case status == access.Active:
		changes = append(changes, access.ReactivateMember{Member: member})
	default:
		changes = append(changes, access.DeactivateMember{Member: member, LastAdmin: m.lastAdmin[row.Line]})
	}
	if err := m.allow(org, changes...); err != nil {
		return err
	}
	if to.ID != member.Role.ID {
		m.roles = append(m.roles, sqlc.UpdateMemberRolesParams{OrgID: org.org.ID, UserID: member.ID, RoleID: to.ID})
	}
	if status != member.Status {
		to := &m.statuses
		to.Orgs, to.Users, to.Statuses = append(to.Orgs, org.org.ID), append(to.Users, member.ID), append(to.Statuses, string(status))
	}
	return nil
}

func (m *memberImport) apply(ctx context.Context) error {
	if err := copyInto(ctx, m.memberships, m.q.CopyMemberships); err != nil {
		return err
	}
	if err := copyInto(ctx, m.grants, m.q.CopyGrants); err != nil {
		return err
	}
	if err := batch(ctx, m.adopted, m.q.AdoptGrantsOfEach); err != nil {
		return err
	}
	if err := batch(ctx, m.roles, m.q.UpdateMemberRoles); err != nil {
		return err
	}
	if err := m.q.UpdateMemberStatuses(ctx, m.statuses); err != nil {
		return err
	}
	*m = memberImport{importing: m.importing}
	return nil
}
