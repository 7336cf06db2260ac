package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

func (e *exporting) modules(ctx context.Context) error {
	return e.resourcesOf(ctx, access.Module, func(row sqlc.ExportResourcesRow) exported {
		return exported{Type: "module", Organization: e.slug, Key: row.Key, Name: row.Name, Description: row.Description}
	})
}

func (e *exporting) templates(ctx context.Context) error {
	return exportPages(e, func(last sqlc.ExportTemplatesRow) ([]sqlc.ExportTemplatesRow, error) {
		return e.q.ExportTemplates(ctx, sqlc.ExportTemplatesParams{OrgID: e.org, AfterProject: last.Project, AfterName: last.Name, PageSize: exportPage})
	}, func(row sqlc.ExportTemplatesRow) exported {
		rights := access.Rights(row.Here)
		if rights != access.Discover { // which every template has, and which goes without saying beside others
			rights &^= access.Discover
		}
		return exported{Type: "template", Organization: e.slug, Project: row.Project, Name: row.Name, Rights: rights.Names()}
	})
}

// resources come kind by kind, what contains before what is contained.
func (e *exporting) resources(ctx context.Context) error {
	for _, kind := range access.Kinds() {
		if !kind.Owned() {
			continue
		}
		err := e.resourcesOf(ctx, kind, func(row sqlc.ExportResourcesRow) exported {
			return exported{Type: "resource", Organization: e.slug, Kind: string(kind), Key: row.Key, Name: row.Name, Description: row.Description,
				Parent: row.ParentKind + "/" + row.ParentKey, Owner: row.Owner, AccessMode: row.AccessMode, OrgRole: row.OrgRole}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *exporting) resourcesOf(ctx context.Context, kind access.Kind, line func(sqlc.ExportResourcesRow) exported) error {
	return exportPages(e, func(last sqlc.ExportResourcesRow) ([]sqlc.ExportResourcesRow, error) {
		return e.q.ExportResources(ctx, sqlc.ExportResourcesParams{OrgID: e.org, Kind: string(kind), After: last.Key, PageSize: exportPage})
	}, line)
}

func (e *exporting) grants(ctx context.Context) error {
	for _, kind := range access.Kinds() {
		err := exportPages(e, func(last sqlc.ExportGrantsRow) ([]sqlc.ExportGrantsRow, error) {
			return e.q.ExportGrants(ctx, sqlc.ExportGrantsParams{OrgID: e.org, Kind: string(kind), AfterKey: last.Key, AfterPlace: last.Place,
				AfterName: last.Name, AfterRole: last.Role, AfterTemplate: last.Template, PageSize: exportPage})
		}, func(row sqlc.ExportGrantsRow) exported { return e.grant(kind, row) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *exporting) grant(kind access.Kind, row sqlc.ExportGrantsRow) exported {
	line := exported{Type: "grant", Organization: e.slug, Resource: string(kind) + "/" + row.Key, Role: row.Role}
	if row.Template {
		line.Role, line.Template = "", row.Role
	}
	switch row.Place {
	case 1:
		line.User = row.Name
	case 2:
		line.Group = row.Name
	default:
		line.GranteeOrganization = row.Name
	}
	if row.ExpiresAt != nil {
		until := row.ExpiresAt.UTC()
		line.ExpiresAt = &until
	}
	return line
}
