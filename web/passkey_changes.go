package web

import (
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showNewPasskey asks for a name of the passkey that this device, or one beside it, is going to keep.
func (s *Server) showNewPasskey(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	return r.show(http.StatusOK, s.newPasskeyPage(views.NewPasskey{Name: views.Device(r.Request().UserAgent()), Next: safePath(r.QueryParam("next"))}))
}

func (s *Server) newPasskeyPage(shown views.NewPasskey) page {
	shown.Able = s.passkeys != nil
	return pageOf("Add a passkey", views.NewPasskeyPage, views.NewPasskeyPart, shown)
}

// askNewPasskey asks the device for a new key, which none of its keys for this account may be already.
func (s *Server) askNewPasskey(r *request) error {
	if s.passkeys == nil {
		return errNoPasskeys
	}
	owner, err := s.ownerOf(r, r.user.Person)
	if err != nil {
		return err
	}
	known := []protocol.CredentialDescriptor{}
	for _, credential := range owner.WebAuthnCredentials() {
		known = append(known, credential.Descriptor())
	}
	options, asked, err := s.passkeys.BeginRegistration(owner, webauthn.WithExclusions(known))
	if err != nil {
		return err
	}
	return s.challenge(r, db.AddingPasskey, r.user.ID, options, asked)
}

// addPasskey adds the key that the device made. The rules are asked first: what the device was asked is then still there
// when the form is sent again with a proof.
func (s *Server) addPasskey(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	typed := views.NewPasskey{Name: r.form("name"), Next: safePath(r.form("next"))}
	made, err := s.madePasskey(r)
	var codes []string
	var token string
	if err == nil {
		made.Name = typed.Name
		codes, token, err = s.store.AddPasskey(r.ctx(), r.by(), r.sessionID(), made)
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			typed.Problems = problems
			return s.newPasskeyPage(typed)
		})
	}
	return r.factorAdded(token, codes, typed.Next, "The passkey is added. It signs you in without a password.")
}

// madePasskey checks the key that a device made.
func (s *Server) madePasskey(r *request) (made db.Passkey, err error) {
	if s.passkeys == nil {
		return made, errNoPasskeys
	}
	answer := r.form("credential")
	if answer == "" {
		return made, errNoAnswer
	}
	if _, err = access.CleanName("name", r.form("name")); err != nil {
		return made, err
	}
	asked, err := s.asked(r, db.AddingPasskey, r.user.ID)
	if err != nil {
		return made, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return made, r.refusedPasskey(db.AddingPasskey, err)
	}
	owner, err := s.ownerOf(r, r.user.Person)
	if err != nil {
		return made, err
	}
	key, err := s.passkeys.CreateCredential(owner, asked, parsed)
	if err != nil {
		return made, r.refusedPasskey(db.AddingPasskey, err)
	}
	made = db.Passkey{Credential: key.ID, PublicKey: key.PublicKey, SignCount: key.Authenticator.SignCount, Transports: []string{},
		BackupEligible: key.Flags.BackupEligible, BackedUp: key.Flags.BackupState}
	for _, transport := range key.Transport {
		made.Transports = append(made.Transports, string(transport))
	}
	return made, nil
}

// ownPasskey finds the passkey of the URL among the person's own.
func (r *request) ownPasskey() (db.Passkey, error) {
	id, err := r.id("passkey")
	if err != nil {
		return db.Passkey{}, err
	}
	return r.server.store.FindPasskey(r.ctx(), r.user.ID, id)
}

// showPasskeyName asks for another name of a passkey.
func (s *Server) showPasskeyName(r *request) error {
	known, err := r.ownPasskey()
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, passkeyNamePage(views.PasskeyName{ID: known.ID, Known: known.Name, Name: known.Name}))
}

func passkeyNamePage(shown views.PasskeyName) page {
	return pageOf("Rename a passkey", views.PasskeyNamePage, views.PasskeyNameDialog, shown)
}

// renamePasskey changes the name of a passkey.
func (s *Server) renamePasskey(r *request) error {
	known, err := r.ownPasskey()
	if err != nil {
		return err
	}
	name := r.form("name")
	if err := s.store.RenamePasskey(r.ctx(), r.by(), known.ID, name); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			return passkeyNamePage(views.PasskeyName{ID: known.ID, Known: known.Name, Name: name, Problems: problems})
		})
	}
	return r.done(views.AccountPath(), views.Flash{Message: "The passkey is renamed."})
}

// showPasskeyRemoval asks before a passkey is removed.
func (s *Server) showPasskeyRemoval(r *request) error {
	known, err := r.ownPasskey()
	if err == nil {
		err = r.mayChangeFactors()
	}
	if err != nil {
		return err
	}
	factors, err := s.store.FindFactors(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	shown := views.PasskeyRemoval{ID: known.ID, Name: known.Name, Last: !factors.App && factors.Passkeys == 1}
	return r.show(http.StatusOK, pageOf("Remove a passkey", views.PasskeyRemovalPage, views.PasskeyRemovalDialog, shown))
}

// removePasskey removes a passkey: nobody signs in with it any more.
func (s *Server) removePasskey(r *request) error {
	id, err := r.id("passkey")
	if err != nil {
		return err
	}
	token, err := s.store.RemovePasskey(r.ctx(), r.by(), r.sessionID(), id)
	if err != nil {
		return err
	}
	r.renewToken(token)
	return r.done(views.AccountPath(), views.Flash{Message: "The passkey is removed. Nobody signs in with it any more."})
}
