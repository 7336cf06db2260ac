package db

import (
	"context"
	"net/netip"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// maxFailures is how many wrong passwords an hour an account bears from browsers that it does not know, and an address
// sends, whatever the account. A browser that the account knows bears as many of its own.
const maxFailures = 10

// deviceLasts is for how long an account knows a browser in which its owner signed in.
const deviceLasts = 365 * 24 * time.Hour

// An Attempt is one try to sign in.
type Attempt struct {
	Email   string // normalized
	Address string // of the network
	Device  string // the token that the browser got when somebody signed in with it; empty for none
}

// TrySignIn counts an attempt, as a failure until ForgetSignInFailures, and tells whether it may be made: whether there
// were few enough failures lately.
func (s *Store) TrySignIn(ctx context.Context, attempt Attempt) (bool, error) {
	device, err := s.knownDevice(ctx, attempt)
	if err != nil {
		return false, err
	}
	network := networkOf(attempt.Address)
	if err := s.q.AddSignInAttempt(ctx, sqlc.AddSignInAttemptParams{Email: attempt.Email, Address: network, Device: device}); err != nil {
		return false, err
	}
	failures, err := s.q.CountSignInFailures(ctx, sqlc.CountSignInFailuresParams{Email: attempt.Email, Address: network, Device: device})
	return failures <= maxFailures, err
}

// ForgetSignInFailures starts the count anew after a right password.
func (s *Store) ForgetSignInFailures(ctx context.Context, attempt Attempt) error {
	device, err := s.knownDevice(ctx, attempt)
	if err != nil {
		return err
	}
	return s.q.ForgetSignInFailures(ctx, sqlc.ForgetSignInFailuresParams{Email: attempt.Email, Device: device})
}

// knownDevice is the hash of the device's token if the account knows it, or nil.
func (s *Store) knownDevice(ctx context.Context, attempt Attempt) ([]byte, error) {
	hash := hashToken(attempt.Device)
	known, err := s.q.IsKnownDevice(ctx, sqlc.IsKnownDeviceParams{TokenHash: hash, Email: attempt.Email})
	if !known || attempt.Device == "" {
		return nil, err
	}
	return hash, err
}

// KnowDevice lets an account know a browser, and returns the token that the browser keeps: the one it had, if that is this
// account's.
func (s *Store) KnowDevice(ctx context.Context, user access.ID, had string) (string, error) {
	kept, err := s.q.KeepKnownDevice(ctx, sqlc.KeepKnownDeviceParams{TokenHash: hashToken(had), UserID: user, Lasts: deviceLasts})
	if err != nil || kept > 0 {
		return had, err
	}
	token, hash := newToken()
	return token, s.q.AddKnownDevice(ctx, sqlc.AddKnownDeviceParams{TokenHash: hash, UserID: user, Lasts: deviceLasts})
}

// networkOf is an address, or for IPv6 the network of 64 bits that one subscriber has to themselves.
func networkOf(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || parsed.Unmap().Is4() {
		return address
	}
	network, _ := parsed.WithZone("").Prefix(64)
	return network.String()
}
