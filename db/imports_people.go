package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// people imports users, organizations and members, after which no organization may be without an Admin. What counts is
// how it ends: one line may take an Admin away whom another replaces. Where nobody is left, the last line that took one
// away is found, and all is done again with that line refused; hence the savepoint. So it is too where every organization of
// the file was refused, and nobody is left to record the accounts.
func (i *importing) people(ctx context.Context) error {
	staged, err := i.q.CountImportedOrganizations(ctx)
	if err != nil {
		return err
	}
	for i.expecting = staged > 0; ; {
		try, err := i.tx.Begin(ctx)
		if err != nil {
			return err
		}
		for _, step := range []func(context.Context) error{i.importUsers, i.importOrganizations, i.importMembers} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		lacking, err := i.lackingAdmin(ctx)
		if err != nil {
			return err
		}
		lost := i.expecting && i.changed > 0 && len(i.placesToRecord(nil)) == 0
		if len(lacking) == 0 && !lost {
			return try.Commit(ctx)
		}
		i.expecting = i.expecting && !lost
		if err := try.Rollback(ctx); err != nil {
			return err
		}
		if err := i.blame(ctx, lacking); err != nil {
			return err
		}
		i.done, i.changed = 0, 0
		if err := i.openOrganizations(ctx); err != nil {
			return err
		}
	}
}

// lackingAdmin lists the organizations that no longer have an active Admin.
func (i *importing) lackingAdmin(ctx context.Context) ([]*importedOrg, error) {
	var asked []access.ID
	for _, org := range i.orgs {
		if !i.adminless[org.org.ID] {
			asked = append(asked, org.org.ID)
		}
	}
	rows, err := i.q.ListOrganizationsWithoutAdmin(ctx, asked)
	lacking := make([]*importedOrg, len(rows))
	for n, row := range rows {
		lacking[n] = i.orgs[row.Slug]
	}
	return lacking, err
}

// blame marks the lines because of which organizations would lack an Admin.
func (i *importing) blame(ctx context.Context, lacking []*importedOrg) error {
	for _, org := range lacking {
		if org.line > 0 {
			if err := i.refuse(org.line, errNoAdmin); err != nil {
				return err
			}
			continue
		}
		loss := sqlc.FindImportedLossOfAdminParams{Slug: org.org.Slug, Refused: []int64{}, Blamed: []int64{}}
		for line := range i.refused {
			loss.Refused = append(loss.Refused, line)
		}
		for line := range i.lastAdmin {
			loss.Blamed = append(loss.Blamed, line)
		}
		line, err := i.q.FindImportedLossOfAdmin(ctx, loss)
		if err != nil {
			return err
		}
		i.lastAdmin[line] = true
		i.adminless[org.org.ID] = line == 0 // it had none before
	}
	return nil
}

var errNoAdmin = access.Invalid("", "An organization needs an active Admin: put a member record with the role admin into the same file.")
