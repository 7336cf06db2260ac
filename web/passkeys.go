package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"gatehouse/access"
	"gatehouse/db"
)

// Passkeys (WebAuthn): a device is asked a challenge and signs it. The script fills what it answers into a form, which is
// sent like any other. Every answer must show that the person was verified by the device, so it stands for both factors.

// relyingParty knows passkeys for the configured address and for no other; nil where a browser makes none, because the host
// is a number.
func relyingParty(base *url.URL) *webauthn.WebAuthn {
	timeout := webauthn.TimeoutConfig{Enforce: true, Timeout: db.ChallengeLasts, TimeoutUVD: db.ChallengeLasts}
	party, err := webauthn.New(&webauthn.Config{RPID: base.Hostname(), RPDisplayName: "Gatehouse", RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired},
		Timeouts: webauthn.TimeoutsConfig{Login: timeout, Registration: timeout},
		// Password managers send what was not asked for. It is not looked at.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore})
	if err != nil {
		return nil
	}
	return party
}

// errNoPasskeys: the pages offer none, so only a hand-made request gets here.
var errNoPasskeys = access.Conflict("This server's address is a number, and browsers keep passkeys for names only.")

// A passkeyOwner is somebody as the library wants to know them.
type passkeyOwner struct{ db.PasskeyOwner }

func (o passkeyOwner) WebAuthnID() []byte          { return o.Handle }
func (o passkeyOwner) WebAuthnName() string        { return o.Email }
func (o passkeyOwner) WebAuthnDisplayName() string { return o.Label() }

func (o passkeyOwner) WebAuthnCredentials() []webauthn.Credential {
	credentials := make([]webauthn.Credential, len(o.Passkeys))
	for i, key := range o.Passkeys {
		credentials[i] = webauthn.Credential{ID: key.Credential, PublicKey: key.PublicKey,
			Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: key.BackupEligible, BackupState: key.BackedUp},
			Authenticator: webauthn.Authenticator{SignCount: key.SignCount}}
		for _, transport := range key.Transports {
			credentials[i].Transport = append(credentials[i].Transport, protocol.AuthenticatorTransport(transport))
		}
	}
	return credentials
}

// ownerOf reads somebody's passkeys.
func (s *Server) ownerOf(r *request, person access.Person) (passkeyOwner, error) {
	owner, err := s.store.PasskeysOf(r.ctx(), person)
	return passkeyOwner{owner}, err
}

// challengeCookie binds an answer to the browser that asked for it. It opens nothing.
func (s *sessionStore) challengeCookie(purpose db.ChallengePurpose, token string, seconds int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName() + "-passkey-" + string(purpose), Value: token, Path: "/", MaxAge: seconds, HttpOnly: true,
		Secure: s.secure, SameSite: http.SameSiteStrictMode}
}

// challenge keeps what a device is asked, and answers with the options for the browser.
func (s *Server) challenge(r *request, purpose db.ChallengePurpose, user access.ID, options any, asked *webauthn.SessionData) error {
	kept, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	token, err := s.store.KeepChallenge(r.ctx(), purpose, user, kept)
	if err != nil {
		return err
	}
	r.SetCookie(s.sessions.challengeCookie(purpose, token, int(db.ChallengeLasts.Seconds())))
	return r.JSON(http.StatusOK, options)
}

// asked uses up what the device behind this browser was asked. What it was not asked for is access.ErrInvalid.
func (s *Server) asked(r *request, purpose db.ChallengePurpose, user access.ID) (data webauthn.SessionData, err error) {
	cookie, err := r.Cookie(s.sessions.challengeCookie(purpose, "", 0).Name)
	if err != nil {
		return data, errLateAnswer
	}
	kept, err := s.store.UseChallenge(r.ctx(), purpose, user, cookie.Value)
	if errors.Is(err, access.ErrNotFound) {
		return data, errLateAnswer
	}
	if err == nil {
		err = json.Unmarshal(kept, &data)
	}
	return data, err
}

var (
	errLateAnswer   = access.Invalid("", "This took too long, or was answered already. Try again.")
	errNoAnswer     = access.Invalid("", "No passkey was shown. Passkeys need JavaScript; without it, go on in another way.")
	errWrongPasskey = access.Invalid("", "This passkey is not one that opens this account. Try another one, or go on in another way.")
)

// refusedPasskey is what an answer that does not hold is told; the log has the cause.
func (r *request) refusedPasskey(purpose db.ChallengePurpose, cause error) error {
	var known *protocol.Error
	detail := ""
	if errors.As(cause, &known) {
		detail = known.DevInfo
	}
	r.server.log.Warn("a passkey was refused", "id", idOf(r), "for", purpose, "cause", cause, "detail", detail)
	return errWrongPasskey
}

// askOwner asks the devices of somebody who is known.
func (s *Server) askOwner(r *request, purpose db.ChallengePurpose, person access.Person) error {
	if s.passkeys == nil {
		return errNoPasskeys
	}
	owner, err := s.ownerOf(r, person)
	if err != nil {
		return err
	}
	if len(owner.Passkeys) == 0 {
		return access.Conflict("You have no passkey.")
	}
	options, asked, err := s.passkeys.BeginLogin(owner)
	if err != nil {
		return err
	}
	return s.challenge(r, purpose, person.ID, options, asked)
}

// usePasskey checks what a device of somebody who is known answered, and counts its use.
func (s *Server) usePasskey(r *request, purpose db.ChallengePurpose, person access.Person, answer string) error {
	asked, parsed, err := s.answered(r, purpose, person.ID, answer)
	if err != nil {
		return err
	}
	owner, err := s.ownerOf(r, person)
	if err != nil {
		return err
	}
	shown, err := s.passkeys.ValidateLogin(owner, asked, parsed)
	if err != nil {
		return r.refusedPasskey(purpose, err)
	}
	return s.countPasskey(r, owner, shown, parsed)
}

// answered reads what a device answered, and uses up what it was asked.
func (s *Server) answered(r *request, purpose db.ChallengePurpose, user access.ID, answer string) (asked webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData, err error) {
	if s.passkeys == nil {
		return asked, nil, errNoPasskeys
	}
	if answer == "" {
		return asked, nil, errNoAnswer
	}
	if asked, err = s.asked(r, purpose, user); err != nil {
		return asked, nil, err
	}
	if parsed, err = protocol.ParseCredentialRequestResponseBytes([]byte(answer)); err != nil {
		err = r.refusedPasskey(purpose, err)
	}
	return asked, parsed, err
}

// countPasskey counts the use of a passkey whose signature was right. The count is the device's own word, and not what the
// library kept of it: it keeps the old one where a copy is suspected.
func (s *Server) countPasskey(r *request, owner passkeyOwner, shown *webauthn.Credential, parsed *protocol.ParsedCredentialAssertionData) error {
	for _, key := range owner.Passkeys {
		if string(key.Credential) == string(shown.ID) {
			key.SignCount, key.BackedUp = parsed.Response.AuthenticatorData.Counter, shown.Flags.BackupState
			err := s.store.UsePasskey(r.ctx(), owner.ID, key)
			if errors.Is(err, access.ErrConflict) {
				s.log.Warn("a passkey counts wrong, as a copy would", "id", idOf(r), "user", owner.ID, "passkey", key.ID)
			}
			return err
		}
	}
	return access.ErrNotFound
}
