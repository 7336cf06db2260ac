package db

import (
	"context"
	"crypto/rand"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Passkey is what this server knows of a key that somebody's device keeps.
type Passkey struct {
	ID             access.ID
	Name           string
	Credential     []byte // the name that the device gave it
	PublicKey      []byte // COSE
	SignCount      uint32 // 0 for a key that keeps no count
	Transports     []string
	BackupEligible bool
	BackedUp       bool
	AddedAt        time.Time
	LastUsed       *time.Time
}

// A PasskeyOwner is somebody with the keys that their devices keep. Handle is what a device knows them by: random.
type PasskeyOwner struct {
	access.Person
	Handle   []byte
	Passkeys []Passkey
}

// mostPasskeys is how many keys one person may have.
const mostPasskeys = 20

// PasskeysOf reads somebody's passkeys, and gives them a handle if they have none yet.
func (s *Store) PasskeysOf(ctx context.Context, person access.Person) (PasskeyOwner, error) {
	random := make([]byte, 64)
	_, _ = rand.Read(random) // never fails
	handle, err := s.q.KeepPasskeyHandle(ctx, sqlc.KeepPasskeyHandleParams{UserID: person.ID, Handle: random})
	if err != nil {
		return PasskeyOwner{}, err
	}
	passkeys, err := s.ListPasskeys(ctx, person.ID)
	return PasskeyOwner{Person: person, Handle: handle, Passkeys: passkeys}, err
}

// FindPasskeyOwner finds the active user of a handle; access.ErrNotFound for any other.
func (s *Store) FindPasskeyOwner(ctx context.Context, handle []byte) (PasskeyOwner, error) {
	row, err := s.q.FindPasskeyOwner(ctx, handle)
	if err != nil {
		return PasskeyOwner{}, found(err)
	}
	passkeys, err := s.ListPasskeys(ctx, row.ID)
	return PasskeyOwner{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Handle: row.Handle, Passkeys: passkeys}, err
}

// ListPasskeys lists somebody's passkeys, the oldest first.
func (s *Store) ListPasskeys(ctx context.Context, user access.ID) ([]Passkey, error) {
	rows, err := s.q.ListPasskeys(ctx, user)
	passkeys := make([]Passkey, len(rows))
	for i, row := range rows {
		passkeys[i] = Passkey{ID: row.ID, Name: row.Name, Credential: row.CredentialID, PublicKey: row.PublicKey, SignCount: uint32(row.SignCount),
			Transports: row.Transports, BackupEligible: row.BackupEligible, BackedUp: row.BackedUp, AddedAt: row.CreatedAt, LastUsed: row.LastUsedAt}
	}
	return passkeys, err
}

// AddPasskey adds a key to the account of whoever asks. It returns the recovery codes that a first factor brings, which are
// shown this once, and the new token of the session in which it was done; all other sessions of the user end.
func (s *Store) AddPasskey(ctx context.Context, by By, session access.ID, added Passkey) (recovery []string, token string, err error) {
	name, err := access.CleanName("name", added.Name)
	if err != nil {
		return nil, "", err
	}
	err = s.changeFactor(ctx, by, session, &token,
		func(user access.Person) access.Change {
			return access.AddFactor{User: user, Factor: access.PasskeyFactor, Name: name}
		},
		func(c *change) error {
			if err := c.addPasskey(ctx, name, added); err != nil {
				return err
			}
			if recovery, err = firstRecoveryCodes(ctx, c.q, by.User); err != nil {
				return err
			}
			return c.tellOfFactor(ctx, PasskeyAdded, name)
		})
	return recovery, token, err
}

func (c *change) addPasskey(ctx context.Context, name string, added Passkey) error {
	has, err := c.q.FindFactors(ctx, c.actor.ID)
	if err != nil {
		return err
	}
	if has.Passkeys >= mostPasskeys {
		return access.Conflict("You have %d passkeys. Remove one before you add another.", mostPasskeys)
	}
	inserted, err := c.q.AddPasskey(ctx, sqlc.AddPasskeyParams{UserID: c.actor.ID, CredentialID: added.Credential, PublicKey: added.PublicKey,
		SignCount: int64(added.SignCount), Transports: added.Transports, BackupEligible: added.BackupEligible, BackedUp: added.BackedUp, Name: name})
	if err == nil && inserted == 0 {
		return access.Conflict("This passkey belongs to an account already.")
	}
	return err
}

// FindPasskey reads the name of a passkey of somebody's own.
func (s *Store) FindPasskey(ctx context.Context, user, passkey access.ID) (Passkey, error) {
	row, err := s.q.FindPasskey(ctx, sqlc.FindPasskeyParams{UserID: user, ID: passkey})
	return Passkey{ID: row.ID, Name: row.Name}, found(err)
}

// RenamePasskey changes the name of a passkey of whoever asks.
func (s *Store) RenamePasskey(ctx context.Context, by By, passkey access.ID, name string) error {
	name, err := access.CleanName("name", name)
	if err != nil {
		return err
	}
	known, err := s.FindPasskey(ctx, by.User, passkey)
	if err != nil {
		return err
	}
	return s.changeOwn(ctx, by,
		func(user access.Person) access.Change {
			return access.RenamePasskey{User: user, From: known.Name, To: name}
		},
		func(c *change) error {
			return c.q.RenamePasskey(ctx, sqlc.RenamePasskeyParams{UserID: by.User, ID: passkey, Name: name})
		})
}

// RemovePasskey removes a key from the account of whoever asks, and ends all their other sessions.
func (s *Store) RemovePasskey(ctx context.Context, by By, session, passkey access.ID) (token string, err error) {
	known, err := s.FindPasskey(ctx, by.User, passkey)
	if err != nil {
		return "", err
	}
	err = s.changeFactor(ctx, by, session, &token,
		func(user access.Person) access.Change {
			return access.RemoveFactor{User: user, Factor: access.PasskeyFactor, Name: known.Name}
		},
		func(c *change) error {
			removed, err := c.q.RemovePasskey(ctx, sqlc.RemovePasskeyParams{UserID: by.User, ID: passkey})
			if err == nil && removed == 0 {
				return access.ErrNotFound
			}
			if err == nil {
				err = lastRecoveryCodes(ctx, c.q, by.User)
			}
			if err == nil {
				err = c.tellOfFactor(ctx, PasskeyRemoved, known.Name)
			}
			return err
		})
	return token, err
}

// UsePasskey notes that a key was used and its count; access.ErrConflict where the count does not go up, as that of a copied
// key would not.
func (s *Store) UsePasskey(ctx context.Context, user access.ID, used Passkey) error {
	counted, err := s.q.UsePasskey(ctx, sqlc.UsePasskeyParams{UserID: user, ID: used.ID, SignCount: int64(used.SignCount), BackedUp: used.BackedUp})
	if err == nil && counted == 0 {
		return access.Conflict("This passkey counts wrong, as a copy of it would. Sign in another way, then remove it and add it again.")
	}
	return err
}

// A ChallengePurpose is what a device is asked for. What it answers counts for nothing else.
type ChallengePurpose string

const (
	AddingPasskey ChallengePurpose = "add"
	SigningIn     ChallengePurpose = "sign-in" // of somebody who is not known yet
	SecondStep    ChallengePurpose = "second-step"
	Confirming    ChallengePurpose = "confirm"
)

// ChallengeLasts is for how long a device can answer.
const ChallengeLasts = 5 * time.Minute

// KeepChallenge keeps what a device is asked, and returns a token for the browser that asks it. user is empty where nobody is
// known yet.
func (s *Store) KeepChallenge(ctx context.Context, purpose ChallengePurpose, user access.ID, asked []byte) (token string, err error) {
	token, hash := newToken()
	err = s.q.AddPasskeyChallenge(ctx, sqlc.AddPasskeyChallengeParams{TokenHash: hash, Purpose: string(purpose), UserID: optional(user),
		Asked: asked, Lasts: ChallengeLasts})
	return token, err
}

// UseChallenge uses up what a device was asked; access.ErrNotFound for what was used before, is too old, or was asked of
// somebody else or for something else.
func (s *Store) UseChallenge(ctx context.Context, purpose ChallengePurpose, user access.ID, token string) ([]byte, error) {
	asked, err := s.q.UsePasskeyChallenge(ctx, sqlc.UsePasskeyChallengeParams{TokenHash: hashToken(token), Purpose: string(purpose), UserID: optional(user)})
	return asked, found(err)
}
