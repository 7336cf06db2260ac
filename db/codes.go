package db

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// appPurpose stands in the place of a resource where the vault seals the secret of an app.
const appPurpose = access.ID("app")

// stepSeconds is for how long an app shows one code.
const stepSeconds = 30

var errWrongCode = access.Invalid("code", "This code is not right, or was used already. Wait for the next one.")

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// newAppSecret makes a secret as long as RFC 4226 asks for, 160 bits.
func newAppSecret() string {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	return base32Text.EncodeToString(secret)
}

// stepOf finds the half minute that a code is of: this one, or one beside it for clocks that differ.
func stepOf(secret, code string) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := time.Now().Unix() / stepSeconds
	for _, candidate := range []int64{now, now - 1, now + 1} {
		right, err := totp.GenerateCode(secret, time.Unix(candidate*stepSeconds, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			step, ok = candidate, true
		}
	}
	return step, ok
}

const recoveryCodes = 10

// renewRecoveryCodes makes codes of 80 random bits: as many as no guess finds, so that a plain hash of them is enough.
func renewRecoveryCodes(ctx context.Context, q *sqlc.Queries, user access.ID) ([]string, error) {
	if err := q.RemoveRecoveryCodes(ctx, user); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		random := make([]byte, 10)
		_, _ = rand.Read(random) // never fails
		text := strings.ToLower(base32Text.EncodeToString(random))
		codes[i] = text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		if err := q.AddRecoveryCode(ctx, sqlc.AddRecoveryCodeParams{UserID: user, CodeHash: hashRecoveryCode(codes[i])}); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// firstRecoveryCodes makes recovery codes with somebody's first factor. With a further one they keep those that they have, and
// get new ones where all are used up.
func firstRecoveryCodes(ctx context.Context, q *sqlc.Queries, user access.ID) ([]string, error) {
	left, err := q.CountRecoveryCodes(ctx, user)
	if err != nil || left > 0 {
		return nil, err
	}
	return renewRecoveryCodes(ctx, q, user)
}

// lastRecoveryCodes removes the recovery codes once there is no factor that they would stand in for.
func lastRecoveryCodes(ctx context.Context, q *sqlc.Queries, user access.ID) error {
	has, err := q.HasSecondFactor(ctx, user)
	if err != nil || has {
		return err
	}
	return q.RemoveRecoveryCodes(ctx, user)
}

// hashRecoveryCode hashes a code as it is kept, however it was typed.
func hashRecoveryCode(code string) []byte {
	return hashToken(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code)))
}
