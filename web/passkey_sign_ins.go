package web

import (
	"errors"

	"github.com/go-webauthn/webauthn/webauthn"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// askSignIn asks whoever is at the browser for any passkey that their device keeps for this server.
func (s *Server) askSignIn(r *request) error {
	if s.passkeys == nil {
		return errNoPasskeys
	}
	options, asked, err := s.passkeys.BeginDiscoverableLogin()
	if err != nil {
		return err
	}
	return s.challenge(r, db.SigningIn, "", options, asked)
}

// signInByPasskey signs in whose passkey it is: it stands for both factors. What is wrong is not told apart, a deactivated
// account neither.
func (s *Server) signInByPasskey(r *request) error {
	shown := views.SignIn{Next: r.form("next"), Passkeys: s.passkeys != nil}
	user, err := s.findPasskeyUser(r)
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return signInPage(shown)
		})
	}
	return s.enterWhole(r, user, shown.Next)
}

func (s *Server) findPasskeyUser(r *request) (access.ID, error) {
	asked, parsed, err := s.answered(r, db.SigningIn, "", r.form("credential"))
	if err != nil {
		return "", err
	}
	var owner passkeyOwner
	var failed error // of the database
	find := func(_, handle []byte) (webauthn.User, error) {
		found, err := s.store.FindPasskeyOwner(r.ctx(), handle)
		if err != nil && !errors.Is(err, access.ErrNotFound) {
			failed = err
		}
		owner = passkeyOwner{found}
		return owner, err
	}
	_, shown, err := s.passkeys.ValidatePasskeyLogin(find, asked, parsed)
	if failed != nil {
		return "", failed
	}
	if err != nil {
		return "", r.refusedPasskey(db.SigningIn, err)
	}
	return owner.ID, s.countPasskey(r, owner, shown, parsed)
}

// askSecondStep asks for a passkey of whoever takes the second step.
func (s *Server) askSecondStep(r *request) error {
	person, _, err := s.half(r)
	if errors.Is(err, access.ErrNotFound) {
		return r.goTo(views.SignInPath(""))
	}
	if err != nil {
		return err
	}
	return s.askOwner(r, db.SecondStep, person)
}

// takeSecondStepByPasskey starts the session after a passkey of the person whose password or link was right.
func (s *Server) takeSecondStepByPasskey(r *request) error {
	return s.secondStep(r, func(person access.Person) error {
		return s.usePasskey(r, db.SecondStep, person, r.form("credential"))
	})
}

// askConfirmation asks for a passkey of whoever is signed in.
func (s *Server) askConfirmation(r *request) error {
	return s.askOwner(r, db.Confirming, r.user.Person)
}
