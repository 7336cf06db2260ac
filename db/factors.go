package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// Factors are what somebody's signing in asks for besides the password.
type Factors struct {
	App           bool
	Passkeys      int
	RecoveryCodes int // that were not used yet
}

// FindFactors reads the second factors of a user.
func (s *Store) FindFactors(ctx context.Context, user access.ID) (Factors, error) {
	row, err := s.q.FindFactors(ctx, user)
	return Factors{App: row.App, Passkeys: int(row.Passkeys), RecoveryCodes: int(row.RecoveryCodes)}, err
}

// HasSecondFactor tells whether a user's signing in has a second step.
func (s *Store) HasSecondFactor(ctx context.Context, user access.ID) (bool, error) {
	return s.q.HasSecondFactor(ctx, user)
}

// StartApp begins to set up codes from an app. It counts once ConfirmApp saw a code.
func (s *Store) StartApp(ctx context.Context, user access.ID) error {
	sealed, err := s.vault.seal(user, appPurpose, newAppSecret())
	if err != nil {
		return err
	}
	return s.q.StartTOTP(ctx, sqlc.StartTOTPParams{UserID: user, Sealed: sealed})
}

// FindAppSecret reads the secret of a setup that is not confirmed yet, in base32; access.ErrNotFound where there is none.
func (s *Store) FindAppSecret(ctx context.Context, user access.ID) (string, error) {
	row, err := s.q.FindTOTP(ctx, user)
	if err != nil {
		return "", found(err)
	}
	if row.ConfirmedAt != nil {
		return "", access.ErrNotFound
	}
	return s.vault.open(user, appPurpose, row.Sealed)
}

// ConfirmApp turns codes from an app on, with a first code. It returns the recovery codes that a first factor brings, which
// are shown this once, and the new token of the session in which it was done; all other sessions of the user end.
func (s *Store) ConfirmApp(ctx context.Context, by By, session access.ID, code string) (recovery []string, token string, err error) {
	err = s.changeFactor(ctx, by, session, &token,
		func(user access.Person) access.Change { return access.AddFactor{User: user, Factor: access.AppFactor} },
		func(c *change) error {
			if err := s.useAppCode(ctx, c.q, by.User, code, false); err != nil {
				return err
			}
			turned, err := c.q.ConfirmTOTP(ctx, by.User)
			if err == nil && turned == 0 {
				return access.Conflict("Codes from an app are on already.")
			}
			if err == nil {
				recovery, err = firstRecoveryCodes(ctx, c.q, by.User)
			}
			if err == nil {
				err = c.tellOfFactor(ctx, AppAdded, "")
			}
			return err
		})
	return recovery, token, err
}

// RemoveApp turns codes from an app off, and ends all other sessions of the user.
func (s *Store) RemoveApp(ctx context.Context, by By, session access.ID) (token string, err error) {
	err = s.changeFactor(ctx, by, session, &token,
		func(user access.Person) access.Change {
			return access.RemoveFactor{User: user, Factor: access.AppFactor}
		},
		func(c *change) error {
			removed, err := c.q.RemoveTOTP(ctx, by.User)
			if err == nil && removed == 0 {
				return access.ErrNotFound
			}
			if err == nil {
				err = lastRecoveryCodes(ctx, c.q, by.User)
			}
			if err == nil {
				err = c.tellOfFactor(ctx, AppRemoved, "")
			}
			return err
		})
	return token, err
}

// RenewRecoveryCodes makes ten new recovery codes, which are shown this once; those from before no longer count.
func (s *Store) RenewRecoveryCodes(ctx context.Context, by By) (recovery []string, err error) {
	err = s.changeOwn(ctx, by, func(user access.Person) access.Change { return access.RenewRecoveryCodes{User: user} },
		func(c *change) error {
			has, err := c.q.HasSecondFactor(ctx, by.User)
			if err == nil && !has {
				return access.Conflict("You have no second factor that recovery codes would stand in for.")
			}
			if err == nil {
				recovery, err = renewRecoveryCodes(ctx, c.q, by.User)
			}
			if err == nil {
				err = c.tellOfFactor(ctx, CodesRenewed, "")
			}
			return err
		})
	return recovery, err
}

// changeFactor changes somebody's own factors. Whoever signed in elsewhere without them is signed out, and the session in
// which it was done gets a new token.
func (s *Store) changeFactor(ctx context.Context, by By, session access.ID, token *string, what func(access.Person) access.Change, apply func(*change) error) error {
	renewed, hash := newToken()
	err := s.changeOwn(ctx, by, what, func(c *change) error {
		if err := apply(c); err != nil {
			return err
		}
		if err := c.q.EndOtherSessions(ctx, sqlc.EndOtherSessionsParams{UserID: by.User, ID: session}); err != nil {
			return err
		}
		return c.q.RotateSession(ctx, sqlc.RotateSessionParams{UserID: by.User, ID: session, TokenHash: hash})
	})
	if err == nil {
		*token = renewed
	}
	return err
}

// UseCode shows a user's second factor: a code from the app, or a recovery code, each once. access.ErrInvalid for any other.
func (s *Store) UseCode(ctx context.Context, user access.ID, code string) error {
	err := s.useAppCode(ctx, s.q, user, code, true)
	if !errors.Is(err, access.ErrInvalid) {
		return err
	}
	used, recoveryErr := s.q.UseRecoveryCode(ctx, sqlc.UseRecoveryCodeParams{UserID: user, CodeHash: hashRecoveryCode(code)})
	if recoveryErr != nil {
		return recoveryErr
	}
	if used == 1 {
		return nil
	}
	return err
}

// useAppCode uses up a code from the app. Confirmed asks for one whose setup was finished: who began another beside a passkey has
// seen its secret and nothing else.
func (s *Store) useAppCode(ctx context.Context, q *sqlc.Queries, user access.ID, code string, confirmed bool) error {
	row, err := q.FindTOTP(ctx, user)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && confirmed && row.ConfirmedAt == nil {
		return errWrongCode
	}
	if err != nil {
		return err
	}
	secret, err := s.vault.open(user, appPurpose, row.Sealed)
	if err != nil {
		return err
	}
	step, ok := stepOf(secret, code)
	if !ok {
		return errWrongCode
	}
	used, err := q.UseTOTPStep(ctx, sqlc.UseTOTPStepParams{UserID: user, Step: step})
	if err == nil && used == 0 {
		return errWrongCode
	}
	return err
}

// removeFactors makes signing in ask a user for nothing more, and ends all sessions of theirs.
func (c *change) removeFactors(ctx context.Context, user access.ID) error {
	if _, err := c.q.RemoveTOTP(ctx, user); err != nil {
		return err
	}
	if err := c.q.RemovePasskeys(ctx, user); err != nil {
		return err
	}
	if err := c.q.RemoveRecoveryCodes(ctx, user); err != nil {
		return err
	}
	return c.q.EndOtherSessions(ctx, sqlc.EndOtherSessionsParams{UserID: user, ID: noSession})
}
