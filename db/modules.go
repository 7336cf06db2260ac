package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A ModuleRow is a module in the list of modules.
type ModuleRow struct {
	access.Ref
	Description string
	Rights      access.Rights // held by whoever asked
	Inside      int           // resources directly in it
	People      int           // with a role on it, directly
	Groups      int
}

// ListModules lists the modules of which a person may know, by name.
func (s *Store) ListModules(ctx context.Context, org, user access.ID, search string, page Page) (Listing[ModuleRow], error) {
	after := page.cursor()
	rows, err := s.q.ListModules(ctx, sqlc.ListModulesParams{OrgID: org, Subject: user, Discover: int64(access.Discover), Search: search,
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit()})
	return listing(rows, page, func(row sqlc.ListModulesRow) (ModuleRow, int64, position) {
		module := access.Ref{Type: string(access.Module), ID: row.ID, Name: row.Name}
		return ModuleRow{Ref: module, Description: row.Description, Rights: access.Rights(row.Rights), Inside: int(row.Inside),
			People: int(row.People), Groups: int(row.Groups)}, row.Total, position{Name: row.SortName, ID: row.ID}
	}), err
}

// ManagesAModule tells whether a person manages the people of any module.
func (s *Store) ManagesAModule(ctx context.Context, org, user access.ID) (bool, error) {
	return s.q.ManagesAModule(ctx, sqlc.ManagesAModuleParams{OrgID: org, Subject: user, Members: int64(access.Members)})
}
