package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A ModuleRow is a module in the list of modules.
type ModuleRow struct {
	access.Resource     // without what a module has not, and without its version and time
	Inside          int // resources directly in it
	People          int // with a role on it, directly
	Groups          int
}

// ListModules lists the modules of which a person may know, by name.
func (s *Store) ListModules(ctx context.Context, org, user access.ID, search string, page Page) (Listing[ModuleRow], error) {
	return s.listModules(ctx, org, optional(user), 0, search, page)
}

// ListEveryModule is ListModules for the operator, who may know of all.
func (s *Store) ListEveryModule(ctx context.Context, org access.ID, search string, page Page) (Listing[ModuleRow], error) {
	return s.listModules(ctx, org, nil, access.OwnerRights(), search, page)
}

func (s *Store) listModules(ctx context.Context, org access.ID, user *access.ID, anyway access.Rights, search string, page Page) (Listing[ModuleRow], error) {
	after := page.cursor()
	rows, err := s.q.ListModules(ctx, sqlc.ListModulesParams{OrgID: org, Subject: user, Anyway: int64(anyway), Discover: int64(access.Discover), Search: search,
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit()})
	return listing(rows, page, func(row sqlc.ListModulesRow) (ModuleRow, int64, position) {
		module := access.Resource{ID: row.ID, Kind: access.Module, Key: row.Key, Name: row.Name, Description: row.Description, Rights: access.Rights(row.Rights)}
		return ModuleRow{Resource: module, Inside: int(row.Inside), People: int(row.People), Groups: int(row.Groups)}, row.Total,
			position{Name: row.SortName, ID: row.ID}
	}), err
}

// ManagesAModule tells whether a person manages the people of any module.
func (s *Store) ManagesAModule(ctx context.Context, org, user access.ID) (bool, error) {
	return s.q.ManagesAModule(ctx, sqlc.ManagesAModuleParams{OrgID: org, Subject: user, Members: int64(access.Members)})
}
