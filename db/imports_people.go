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

func (i *importing) importUsers(ctx context.Context) error {
	recorded := i.expecting || len(i.placesToRecord(nil)) > 0
	var fresh []sqlc.CopyUsersParams
	var changed []sqlc.UpdateUsersParams
	var accounts []sqlc.CopyAccountChangesParams
	judge := func(row sqlc.FindImportedUsersRow) error {
		what, same := userChange(row)
		if same {
			return nil
		}
		if !recorded && !row.Placed {
			return access.Invalid("", "There is no organization whose audit log could record this account. Import one in the same file.")
		}
		what.LastAdmin = i.lastAdmin[row.Line]
		if err := access.Decide(i.account, what); err != nil {
			return err
		}
		if row.UserID == nil {
			fresh = append(fresh, sqlc.CopyUsersParams{ID: what.User.ID, Email: row.Email, Name: what.User.Name, Status: string(what.Status)})
		} else {
			changed = append(changed, sqlc.UpdateUsersParams{ID: what.User.ID, Name: what.User.Name, Status: string(what.Status)})
		}
		account, err := accountChange(row.Line, what)
		accounts = append(accounts, account)
		i.changed++
		return err
	}
	apply := func() error {
		if err := copyInto(ctx, fresh, i.q.CopyUsers); err != nil {
			return err
		}
		if err := batch(ctx, changed, i.q.UpdateUsers); err != nil {
			return err
		}
		err := copyInto(ctx, accounts, i.q.CopyAccountChanges)
		fresh, changed, accounts = fresh[:0], changed[:0], accounts[:0]
		return err
	}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedUsersRow, error) {
		return i.q.FindImportedUsers(ctx, sqlc.FindImportedUsersParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedUsersRow) int64 { return row.Line }, judge, apply)
}

// userChange is what a record says of an account; same where it says nothing new.
func userChange(row sqlc.FindImportedUsersRow) (what access.ImportUser, same bool) {
	what = access.ImportUser{OldName: orEmpty(row.OldName), OldStatus: access.Status(orEmpty(row.OldStatus))}
	what.User = access.Person{ID: required(row.UserID), Email: row.Email, Name: or(row.Name, what.OldName)}
	what.Status = access.Status(or(row.Status, string(what.OldStatus)))
	if row.UserID == nil {
		what.User.ID, what.Status = newID(), access.Status(or(row.Status, string(access.Active)))
	}
	return what, what.User.Name == what.OldName && what.Status == what.OldStatus
}

func accountChange(line int64, what access.ImportUser) (sqlc.CopyAccountChangesParams, error) {
	event := what.Event()
	before, err := factsJSON(event.Before)
	if err != nil {
		return sqlc.CopyAccountChangesParams{}, err
	}
	after, err := factsJSON(event.After)
	return sqlc.CopyAccountChangesParams{Line: line, UserID: event.Target.ID, Name: event.Target.Name, Before: before, After: after}, err
}

// or is a text, or another where it is not said.
func or(said *string, otherwise string) string {
	if said == nil {
		return otherwise
	}
	return *said
}

func orEmpty(text *string) string { return or(text, "") }

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
	stored, err := i.q.LockOrganization(ctx, made.ID)
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
