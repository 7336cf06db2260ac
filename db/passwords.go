package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// ResetLasts is how long a link to choose a new password works.
const ResetLasts = 30 * time.Minute

// How many resets an hour may be asked for: for one account, and from one address.
const (
	maxResetsOfAccount = 5
	maxResetsOfAddress = 10
)

// RequestReset asks for a link to choose a new password, for a normalized address. Whether anybody has the address is found
// out when the mail is sent: here the same is done for every address. Too many requests are taken and not mailed.
func (s *Store) RequestReset(ctx context.Context, email, address string) error {
	if s.post == nil {
		return access.Conflict("This server sends no mail.")
	}
	network := networkOf(address)
	return s.begin(ctx, func(q *sqlc.Queries, tx pgx.Tx) error {
		if err := q.ForgetOldResets(ctx); err != nil {
			return err
		}
		if err := q.AddResetRequest(ctx, sqlc.AddResetRequestParams{Email: email, Address: network}); err != nil {
			return err
		}
		asked, err := q.CountResetRequests(ctx, sqlc.CountResetRequestsParams{Email: email, Address: network})
		if err != nil || asked.OfAccount > maxResetsOfAccount || asked.OfAddress > maxResetsOfAddress {
			return err
		}
		return s.post.take(ctx, q, tx, "", newMail{kind: ResetMail, to: access.Person{Email: email}})
	})
}

// prepareReset makes the link of a reset when it is sent: nothing that waits could be used.
func (s *Store) prepareReset(ctx context.Context, mail *Mail) (reason string, err error) {
	account, err := s.FindAccount(ctx, mail.To.Email)
	if errors.Is(err, access.ErrNotFound) || err == nil && !account.Active {
		return "There is no active account with this address.", nil
	}
	if err != nil {
		return "", err
	}
	token, hash := newToken()
	mail.To, mail.Token = account.Person, token
	return "", s.q.AddReset(ctx, sqlc.AddResetParams{TokenHash: hash, UserID: account.ID, Lasts: ResetLasts})
}

// FindReset says whose password a link changes, without using it; access.ErrNotFound if it no longer does.
func (s *Store) FindReset(ctx context.Context, token string) (access.Person, error) {
	row, err := s.q.FindReset(ctx, hashToken(token))
	return access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, found(err)
}

// ResetPassword uses a link up: the account gets a new password, and every session, link and API token of its owner ends. It
// returns whose it was; access.ErrNotFound for a link that no longer works.
func (s *Store) ResetPassword(ctx context.Context, by By, token, passwordHash string) (access.ID, error) {
	var user access.ID
	return user, s.begin(ctx, func(q *sqlc.Queries, tx pgx.Tx) error {
		row, err := q.UseReset(ctx, hashToken(token))
		if err != nil {
			return found(err)
		}
		user, by.User = row.ID, row.ID
		if err := s.endTokens(ctx, q, tx, by); err != nil {
			return err
		}
		if err := q.SetPassword(ctx, sqlc.SetPasswordParams{UserID: user, PasswordHash: passwordHash}); err != nil {
			return err
		}
		if err := q.ForgetWaysIn(ctx, user); err != nil {
			return err
		}
		return s.tellOfPassword(ctx, q, tx, by, row.Email, PasswordReset)
	})
}

// endTokens ends every API token that somebody made, with an event in each organization. The rows come by organization, and
// so the locks are taken in the order of ids.
func (s *Store) endTokens(ctx context.Context, q *sqlc.Queries, tx pgx.Tx, by By) error {
	rows, err := q.ListTokensOf(ctx, by.User)
	if err != nil {
		return err
	}
	var c *change
	for _, row := range rows {
		if c == nil || c.org.ID != row.OrgID {
			if c, err = s.enter(ctx, q, tx, by, row.OrgID); err != nil {
				return err
			}
		}
		token, err := q.FindAPIToken(ctx, sqlc.FindAPITokenParams{OrgID: row.OrgID, ID: row.ID})
		if errors.Is(err, pgx.ErrNoRows) { // revoked while we waited for the lock
			continue
		}
		if err != nil {
			return err
		}
		err = c.make(ctx, access.EndToken{Token: apiTokenOf(token)}, func() error {
			_, err := q.RemoveAPIToken(ctx, sqlc.RemoveAPITokenParams{OrgID: row.OrgID, ID: row.ID})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ChangePassword sets the password of whoever asks, and ends all their sessions but the one in which they did so.
func (s *Store) ChangePassword(ctx context.Context, by By, session access.ID, passwordHash string) error {
	return s.begin(ctx, func(q *sqlc.Queries, tx pgx.Tx) error {
		user, err := q.FindUser(ctx, by.User)
		if err != nil {
			return found(err)
		}
		if err := q.SetPassword(ctx, sqlc.SetPasswordParams{UserID: by.User, PasswordHash: passwordHash}); err != nil {
			return err
		}
		if err := q.ForgetResets(ctx, by.User); err != nil {
			return err
		}
		if err := q.EndOtherSessions(ctx, sqlc.EndOtherSessionsParams{UserID: by.User, ID: session}); err != nil {
			return err
		}
		return s.tellOfPassword(ctx, q, tx, by, user.Email, PasswordChanged)
	})
}

// tellOfPassword mails to whose account it is that it has another password.
func (s *Store) tellOfPassword(ctx context.Context, q *sqlc.Queries, tx pgx.Tx, by By, email, done string) error {
	if s.post == nil {
		return nil
	}
	return s.post.take(ctx, q, tx, "", newMail{kind: PasswordMail, to: access.Person{ID: by.User, Email: email},
		facts: MailFacts{Done: done, Address: by.Address}})
}
