package web

import (
	"bytes"
	"errors"
	"image/png"
	"net/http"
	"net/url"

	"github.com/gorilla/sessions"
	"github.com/pquerna/otp"

	"gatehouse/access"
	"gatehouse/views"
)

// showApp shows how to set up codes from an app: first what it means, then the picture to scan.
func (s *Server) showApp(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	shown, err := s.appSetup(r, safePath(r.QueryParam("next")))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, appPage(shown))
}

func appPage(shown views.AppSetup) page {
	return pageOf("Codes from an app", views.AppPage, views.AppPart, shown)
}

// mayChangeFactors asks for a recent sign-in before anything is begun.
func (r *request) mayChangeFactors() error {
	actor := access.Actor{ID: r.user.ID, Active: true, Proven: r.recent()}
	return access.Decide(actor, access.AddFactor{User: r.user.Person})
}

func (s *Server) appSetup(r *request, next string) (views.AppSetup, error) {
	shown := views.AppSetup{Next: next, NoVault: !s.store.CanKeepSecrets(), Passkeys: s.passkeys != nil}
	factors, err := s.store.FindFactors(r.ctx(), r.user.ID)
	if err != nil || factors.App {
		shown.On = factors.App
		return shown, err
	}
	shown.Secret, err = s.store.FindAppSecret(r.ctx(), r.user.ID)
	if errors.Is(err, access.ErrNotFound) {
		err = nil
	}
	return shown, err
}

// startApp makes the secret that the app and this server share.
func (s *Server) startApp(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	next := safePath(r.form("next"))
	if err := s.store.StartApp(r.ctx(), r.user.ID); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			return appPage(views.AppSetup{Next: next, NoVault: !s.store.CanKeepSecrets(), Passkeys: s.passkeys != nil, Problems: problems})
		})
	}
	return r.goTo(views.AppPath(next))
}

// showAppCode is the picture that the app scans, of a setup that is not confirmed yet.
func (s *Server) showAppCode(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	secret, err := s.store.FindAppSecret(r.ctx(), r.user.ID)
	if err != nil {
		return err
	}
	label := url.URL{Scheme: "otpauth", Host: "totp", Path: "/Gatehouse:" + r.user.Email,
		RawQuery: url.Values{"secret": {secret}, "issuer": {"Gatehouse"}}.Encode()}
	key, err := otp.NewKeyFromURL(label.String())
	if err != nil {
		return err
	}
	picture, err := key.Image(240, 240)
	if err != nil {
		return err
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		return err
	}
	return r.Blob(http.StatusOK, "image/png", encoded.Bytes())
}

// confirmApp turns the codes on, after a first right one, and shows the recovery codes, this once.
func (s *Server) confirmApp(r *request) error {
	next := safePath(r.form("next"))
	codes, token, err := s.store.ConfirmApp(r.ctx(), r.by(), r.sessionID(), r.form("code"))
	if err != nil {
		shown, readErr := s.appSetup(r, next)
		if readErr != nil {
			return readErr
		}
		return r.refused(err, func(problems views.Problems) page {
			shown.Problems = problems
			return appPage(shown)
		})
	}
	return r.factorAdded(token, codes, next, "Signing in now asks for a code.")
}

// factorAdded goes on after a factor was added: with the recovery codes that a first one brings, or straight to where the
// person came from.
func (r *request) factorAdded(token string, codes []string, next, told string) error {
	r.renewToken(token)
	if len(codes) == 0 {
		return r.done(safeNextOr(next, views.AccountPath()), views.Flash{Message: told})
	}
	return r.show(http.StatusOK, codesPage(views.RecoveryCodes{Codes: codes, Next: safeNextOr(next, views.AccountPath())}))
}

func safeNextOr(next, otherwise string) string {
	if next == "" {
		return otherwise
	}
	return next
}

func codesPage(shown views.RecoveryCodes) page {
	return pageOf("Recovery codes", views.RecoveryCodesPage, views.RecoveryCodesPart, shown)
}

// renewToken gives the browser the new token of its session.
func (r *request) renewToken(token string) {
	r.session.ID = token
	http.SetCookie(r.Response(), sessions.NewCookie(r.session.Name(), token, r.session.Options))
}

// showAppRemoval asks before the codes are turned off.
func (s *Server) showAppRemoval(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf("Turn off codes", views.AppRemovalPage, views.AppRemovalDialog, views.AppRemoval{}))
}

// removeApp turns the codes off.
func (s *Server) removeApp(r *request) error {
	token, err := s.store.RemoveApp(r.ctx(), r.by(), r.sessionID())
	if err != nil {
		return err
	}
	r.renewToken(token)
	return r.done(views.AccountPath(), views.Flash{Message: "Codes from an app are off."})
}

// showRecoveryCodes asks before new recovery codes are made.
func (s *Server) showRecoveryCodes(r *request) error {
	if err := r.mayChangeFactors(); err != nil {
		return err
	}
	return r.show(http.StatusOK, codesPage(views.RecoveryCodes{Next: views.AccountPath()}))
}

// renewRecoveryCodes makes new ones and shows them, this once.
func (s *Server) renewRecoveryCodes(r *request) error {
	codes, err := s.store.RenewRecoveryCodes(r.ctx(), r.by())
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			return codesPage(views.RecoveryCodes{Next: views.AccountPath(), Problems: problems})
		})
	}
	return r.show(http.StatusOK, codesPage(views.RecoveryCodes{Codes: codes, Next: views.AccountPath()}))
}
