package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// userImport is what a page of user records came to.
type userImport struct {
	*importing
	fresh    []sqlc.CopyUsersParams
	changes  sqlc.UpdateUsersParams
	accounts []sqlc.CopyAccountChangesParams
}

func (i *importing) importUsers(ctx context.Context) error {
	u := &userImport{importing: i}
	return pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedUsersRow, error) {
		return i.q.FindImportedUsers(ctx, sqlc.FindImportedUsersParams{After: after, PageSize: size})
	}, func(row sqlc.FindImportedUsersRow) int64 { return row.Line }, u.judge, func() error { return u.apply(ctx) })
}

// judge keeps the event for recordAccounts: an account lies in no organization.
func (u *userImport) judge(row sqlc.FindImportedUsersRow) error {
	what, same := userChange(row)
	if same {
		return nil
	}
	if !row.Placed && !u.expecting && len(u.placesToRecord(nil)) == 0 {
		return access.Invalid("", "There is no organization whose audit log could record this account. Import one in the same file.")
	}
	what.LastAdmin = u.lastAdmin[row.Line]
	if err := access.Decide(u.account, what); err != nil {
		return err
	}
	if row.UserID == nil {
		u.fresh = append(u.fresh, sqlc.CopyUsersParams{ID: what.User.ID, Email: row.Email, Name: what.User.Name, Status: string(what.Status)})
	} else {
		to := &u.changes
		to.Ids, to.Names, to.Statuses = append(to.Ids, what.User.ID), append(to.Names, what.User.Name), append(to.Statuses, string(what.Status))
	}
	account, err := accountChange(row.Line, what)
	u.accounts = append(u.accounts, account)
	u.changed++
	return err
}

func (u *userImport) apply(ctx context.Context) error {
	if err := copyInto(ctx, u.fresh, u.q.CopyUsers); err != nil {
		return err
	}
	if err := u.q.UpdateUsers(ctx, u.changes); err != nil {
		return err
	}
	if err := copyInto(ctx, u.accounts, u.q.CopyAccountChanges); err != nil {
		return err
	}
	*u = userImport{importing: u.importing}
	return nil
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
