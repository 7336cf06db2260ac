package db

import (
	"context"
	"slices"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// grantImport is what a page of grant records came to.
type grantImport struct {
	*importing
	fresh []sqlc.CopyGrantsParams
	ends  []sqlc.UpdateGrantEndsParams
	lists []access.ID // resources whose access list changed
}

func (i *importing) importGrants(ctx context.Context) error {
	g := &grantImport{importing: i}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedGrantsRow, error) {
		return i.q.FindImportedGrants(ctx, sqlc.FindImportedGrantsParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedGrantsRow) int64 { return row.Line },
		func(row sqlc.FindImportedGrantsRow) error { return g.judge(ctx, row) }, func() error { return g.apply(ctx) })
}

func (g *grantImport) judge(ctx context.Context, row sqlc.FindImportedGrantsRow) error {
	org, err := g.org(row.Organization)
	if err != nil {
		return err
	}
	asked := access.Resource{ID: required(row.ResourceID), Kind: access.Kind(row.Kind), Key: row.Key, Name: orEmpty(row.ResourceName)}
	on, err := g.seen(ctx, org, "resource", asked)
	if err != nil {
		return err
	}
	on.Owner = access.Person{} // who owns it now may have been granted it before: no reason to refuse the file
	principal, err := importedPrincipal(org, row)
	if err != nil {
		return err
	}
	role, err := importedRole(on, row)
	if err != nil {
		return err
	}
	held := access.Grant{ID: required(row.GrantID), Resource: on.Ref(), Principal: principal, Role: role, ExpiresAt: row.OldExpiresAt}
	if row.GrantID == nil || row.Expired { // one that has expired is as if it were not
		return g.give(ctx, org, on, held, row)
	}
	if !row.Ends || sameTime(row.ExpiresAt, row.OldExpiresAt) {
		return nil
	}
	what := access.ChangeGrant{Resource: on, Grant: held, ToRole: role, ToExpiry: row.ExpiresAt, Policy: org.org.Policy, Now: g.now}
	if what.Own, what.End, err = org.own(ctx, on, principal.ID); err != nil {
		return err
	}
	if err := g.allow(org, what); err != nil {
		return err
	}
	g.setEnd(org, on, held.ID, row.ExpiresAt)
	return nil
}

func (g *grantImport) setEnd(org *importedOrg, on access.Resource, grant access.ID, until *time.Time) {
	g.ends = append(g.ends, sqlc.UpdateGrantEndsParams{OrgID: org.org.ID, ID: grant, ExpiresAt: until})
	g.lists = append(g.lists, on.ID)
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// give makes a grant, or makes one count again that has expired.
func (g *grantImport) give(ctx context.Context, org *importedOrg, on access.Resource, grant access.Grant, row sqlc.FindImportedGrantsRow) error {
	grant.ExpiresAt = row.ExpiresAt
	expired := grant.ID != ""
	if !expired {
		grant.ID = newID()
	}
	own, end, err := org.own(ctx, on, grant.Principal.ID)
	if err != nil {
		return err
	}
	if err := g.allow(org, access.GrantRole{Resource: on, Grant: grant, Policy: org.org.Policy, Now: g.now, Own: own, End: end}); err != nil {
		return err
	}
	if expired {
		g.setEnd(org, on, grant.ID, grant.ExpiresAt)
		return nil
	}
	g.fresh = append(g.fresh, sqlc.CopyGrantsParams{OrgID: org.org.ID, ID: grant.ID, ResourceID: on.ID, ResourceKind: string(on.Kind), RoleID: grant.Role.ID,
		UserID: row.UserID, GroupID: row.GroupID, OrganizationID: row.PartnerID, External: grant.Principal.External, ExpiresAt: grant.ExpiresAt})
	g.lists = append(g.lists, on.ID)
	return nil
}

// importedPrincipal is whom a record names.
func importedPrincipal(org *importedOrg, row sqlc.FindImportedGrantsRow) (access.Principal, error) {
	switch {
	case row.Email != nil && row.UserID == nil:
		return access.Principal{}, noUser("user", *row.Email)
	case row.Email != nil:
		person := access.Person{ID: *row.UserID, Name: orEmpty(row.UserName), Email: *row.Email}
		return access.Principal{Ref: person.Ref(), Email: person.Email, External: row.MemberStatus == nil, Active: true}, nil
	case row.GroupName != nil && row.GroupID == nil:
		return access.Principal{}, access.Invalid("group", "There is no group %q in %s.", *row.GroupName, org.org.Slug)
	case row.GroupName != nil:
		return access.Principal{Ref: groupRef(*row.GroupID, *row.FoundGroup), Active: true}, nil
	case row.PartnerID == nil:
		return access.Principal{}, access.Invalid("grantee_organization", "There is no organization %q on this server.", orEmpty(row.Grantee))
	}
	partner := access.Ref{Type: string(access.Organization), ID: *row.PartnerID, Name: *row.PartnerName}
	return access.Principal{Ref: partner, External: partner.ID != org.org.ID, Active: true}, nil
}

// importedRole is the built-in role or the rights template that a record names.
func importedRole(on access.Resource, row sqlc.FindImportedGrantsRow) (access.Role, error) {
	if row.Role != nil {
		return access.FindRole(on.Kind, *row.Role)
	}
	if row.TemplateID == nil {
		return access.Role{}, access.Invalid("template", "%s/%s has no rights template %q.", row.Kind, row.Key, orEmpty(row.Template))
	}
	return template(*row.TemplateID, *row.TemplateName, on.ID, *row.TemplateRights), nil
}

func (g *grantImport) apply(ctx context.Context) error {
	if err := copyInto(ctx, g.fresh, g.q.CopyGrants); err != nil {
		return err
	}
	if err := batch(ctx, g.ends, g.q.UpdateGrantEnds); err != nil {
		return err
	}
	slices.Sort(g.lists)
	err := g.q.BumpAccessListsOf(ctx, slices.Compact(g.lists))
	g.fresh, g.ends, g.lists = g.fresh[:0], g.ends[:0], g.lists[:0]
	return err
}
