package web

import (
	"net/http"
	"time"

	"gatehouse/access"
)

// deviceLasts is for how long a browser is remembered as one in which an account's owner signed in.
const deviceLasts = 365 * 24 * time.Hour

// deviceCookie names the cookie by which an account knows a browser. It opens nothing: guesses from such a browser are
// counted apart, so that a stranger's guesses do not keep its owner out.
func (r *request) deviceCookie() string {
	if r.server.sessions.secure {
		return "__Host-gatehouse-device"
	}
	return "gatehouse-device"
}

// device is the token of the browser, or empty.
func (r *request) device() string {
	cookie, err := r.Cookie(r.deviceCookie())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// keepDevice makes the browser one that the account knows.
func (r *request) keepDevice(user access.ID) error {
	token, err := r.server.store.KnowDevice(r.ctx(), user, r.device())
	if err != nil {
		return err
	}
	r.SetCookie(&http.Cookie{Name: r.deviceCookie(), Value: token, Path: "/", MaxAge: int(deviceLasts.Seconds()),
		HttpOnly: true, Secure: r.server.sessions.secure, SameSite: http.SameSiteLaxMode})
	return nil
}
