package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// An Account is a user with what only they and the sign-in page need.
type Account struct {
	access.Person
	Active       bool
	PasswordHash string // argon2id; empty for somebody who signs in another way
}

// FindAccount finds a user by address, in any spelling; access.ErrNotFound if there is none.
func (s *Store) FindAccount(ctx context.Context, email string) (Account, error) {
	email, err := NormalizeEmail(email)
	if err != nil {
		return Account{}, access.ErrNotFound // what is no address has no account
	}
	row, err := s.q.FindUserByEmail(ctx, email)
	return Account{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email},
		Active: row.Status == string(access.Active), PasswordHash: row.PasswordHash}, found(err)
}

// AnyUser tells whether somebody has an account on this server.
func (s *Store) AnyUser(ctx context.Context) (bool, error) {
	count, err := s.q.CountUsers(ctx)
	return count > 0, err
}

// A User is the person behind a request.
type User struct {
	access.Person
	Theme string // system, light or dark
}

// FindUser reads a user by id.
func (s *Store) FindUser(ctx context.Context, id access.ID) (User, error) {
	row, err := s.q.FindUser(ctx, id)
	return User{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Theme: row.Theme}, found(err)
}

// SetTheme keeps a person's choice of light, dark or system.
func (s *Store) SetTheme(ctx context.Context, user access.ID, theme string) error {
	if theme != "system" && theme != "light" && theme != "dark" {
		return access.Invalid("theme", "Choose light, dark or system.")
	}
	return s.q.SetTheme(ctx, sqlc.SetThemeParams{UserID: user, Theme: theme})
}
