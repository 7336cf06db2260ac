package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

func (i *importing) importOrganizations(ctx context.Context) error {
	none := func() error { return nil }
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedOrganizationsRow, error) {
		return i.q.FindImportedOrganizations(ctx, sqlc.FindImportedOrganizationsParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedOrganizationsRow) int64 { return row.Line },
		func(row sqlc.FindImportedOrganizationsRow) error { return i.importOrganization(ctx, row) }, none)
}

// importOrganization makes or renames one; there are never many.
func (i *importing) importOrganization(ctx context.Context, row sqlc.FindImportedOrganizationsRow) error {
	if row.OldName == nil {
		return i.makeOrganization(ctx, row)
	}
	org, err := i.org(row.Slug)
	if err != nil || row.Name == nil || *row.Name == *row.OldName {
		return err
	}
	what := access.RenameOrganization{Org: access.Org{ID: org.org.ID, Slug: row.Slug, Name: *row.OldName}, To: *row.Name}
	if err := i.allow(org, what); err != nil {
		return err
	}
	return i.q.EditResource(ctx, sqlc.EditResourceParams{OrgID: org.org.ID, ID: org.org.ID, Name: *row.Name})
}

func (i *importing) makeOrganization(ctx context.Context, row sqlc.FindImportedOrganizationsRow) error {
	made := access.Org{ID: newID(), Slug: row.Slug, Name: orEmpty(row.Name)}
	if err := access.Decide(i.account, access.CreateOrganization{Org: made}); err != nil {
		return err
	}
	if row.Name == nil {
		return access.Invalid("name", "A new organization needs a name.")
	}
	admin, err := i.q.FindUserByEmail(ctx, row.Admin)
	if err != nil {
		return noAdmin(found(err))
	}
	if err := i.q.AddOrganization(ctx, sqlc.AddOrganizationParams{ID: made.ID, Slug: made.Slug}); err != nil {
		return err
	}
	stored, err := i.q.FindPolicy(ctx, made.ID)
	if err != nil {
		return err
	}
	made.Policy = policyOf(stored)
	org, err := i.open(ctx, made)
	if err != nil {
		return err
	}
	org.line, org.named = row.Line, true
	if err := org.addContainer(ctx, access.Organization, made.ID, "", made.Slug, made.Name); err != nil {
		return err
	}
	if err := org.addContainer(ctx, access.Module, newID(), made.ID, "workspace", "Workspace"); err != nil {
		return err
	}
	return i.allow(org, access.CreateOrganization{Org: made, Admin: access.Person{ID: admin.ID, Name: admin.Name, Email: admin.Email}})
}

func noAdmin(err error) error {
	if err == access.ErrNotFound {
		return errNoAdmin
	}
	return err
}
