package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// templateImport is what a page of template records came to.
type templateImport struct {
	*importing
	fresh   []sqlc.CopyTemplatesParams
	changed []sqlc.UpdateTemplatesParams
}

func (i *importing) importTemplates(ctx context.Context) error {
	t := &templateImport{importing: i}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedTemplatesRow, error) {
		return i.q.FindImportedTemplates(ctx, sqlc.FindImportedTemplatesParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedTemplatesRow) int64 { return row.Line },
		func(row sqlc.FindImportedTemplatesRow) error { return t.judge(ctx, row) }, func() error { return t.apply(ctx) })
}

func (t *templateImport) judge(ctx context.Context, row sqlc.FindImportedTemplatesRow) error {
	org, err := t.org(row.Organization)
	if err != nil {
		return err
	}
	asked := access.Resource{ID: required(row.ProjectID), Kind: access.Project, Key: row.Project, Name: orEmpty(row.ProjectName)}
	project, err := t.seen(ctx, org, "project", asked)
	if err != nil {
		return err
	}
	if row.TemplateID != nil {
		return t.alter(ctx, org, project, row)
	}
	if row.Rights == nil {
		return access.Invalid("rights", "A new rights template needs rights.")
	}
	made := template(string(newID()), row.Name, project.ID, *row.Rights)
	if err := t.allow(org, access.CreateTemplate{Project: project, Template: made}); err != nil {
		return err
	}
	t.fresh = append(t.fresh, sqlc.CopyTemplatesParams{ID: made.ID, Kind: string(made.Kind), Name: made.Name, OrgID: &org.org.ID, ProjectID: &project.ID,
		Here: int64(made.Here), Below: int64(made.Below), BelowModules: int64(made.BelowOnModules())})
	return nil
}

func (t *templateImport) alter(ctx context.Context, org *importedOrg, project access.Resource, row sqlc.FindImportedTemplatesRow) error {
	rights := *row.OldRights
	if row.Rights != nil {
		rights = *row.Rights
	}
	if rights == *row.OldRights && row.Name == *row.OldName {
		return nil
	}
	what := access.EditTemplate{Project: project, Template: template(*row.TemplateID, *row.OldName, project.ID, *row.OldRights),
		ToName: row.Name, ToRights: access.Rights(rights), Outside: row.Outside}
	var err error
	if what.Own, what.End, err = org.ownTemplate(ctx, project.ID, *row.TemplateID); err != nil {
		return err
	}
	if err := t.allow(org, what); err != nil {
		return err
	}
	t.changed = append(t.changed, sqlc.UpdateTemplatesParams{OrgID: org.org.ID, ID: *row.TemplateID, Name: row.Name, Rights: rights})
	return nil
}

func (t *templateImport) apply(ctx context.Context) error {
	if err := copyInto(ctx, t.fresh, t.q.CopyTemplates); err != nil {
		return err
	}
	err := batch(ctx, t.changed, t.q.UpdateTemplates)
	t.fresh, t.changed = nil, nil
	return err
}
