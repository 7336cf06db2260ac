package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gorilla/sessions"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// sessionStore keeps gorilla's sessions in PostgreSQL: the cookie holds a random token only, so a session can be ended
// from the server and holds nothing that could be out of date.
type sessionStore struct {
	store  *db.Store
	secure bool
}

// What a session holds.
const (
	userValue    = "user"    // access.ID
	addressValue = "address" // from which it was started
	agentValue   = "agent"
	hashValue    = "hash"    // with which the password was compared, where there was one
	recentValue  = "recent"  // bool: the person proved lately who they are, with means of their own
	ownValue     = "own"     // bool: begun with means of their own
	throughValue = "through" // map[string]bool: organizations, by slug, whose provider stands for it, and whether they proved it there lately
)

// cookieName has the prefix with which browsers insist on Secure and on no Domain, where there is TLS.
func (s *sessionStore) cookieName() string {
	if s.secure {
		return "__Host-gatehouse"
	}
	return "gatehouse"
}

// Get returns the session of a request, loaded once.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New loads the session behind the request's cookie. A token that is unknown or over gives a new, empty session.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(db.SessionAbsolute.Seconds())}
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	stored, err := s.store.FindSession(r.Context(), cookie.Value)
	if errors.Is(err, access.ErrUnauthenticated) {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	session.IsNew, session.ID = false, cookie.Value
	session.Values[userValue] = stored.User
	session.Values[sessionID] = stored.ID
	session.Values[recentValue] = stored.Recent
	session.Values[ownValue] = stored.Own
	session.Values[throughValue] = stored.Through
	var flash views.Flash
	if stored.Flash != "" && json.Unmarshal([]byte(stored.Flash), &flash) == nil {
		session.AddFlash(flash)
	}
	return session, nil
}

const sessionID = "id" // access.ID of the row

// Save starts a session, stores its flash, or ends it where MaxAge is negative.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return s.store.EndSession(r.Context(), session.ID)
	}
	if session.ID == "" {
		user := session.Values[userValue].(access.ID)
		address, _ := session.Values[addressValue].(string)
		agent, _ := session.Values[agentValue].(string)
		hash, _ := session.Values[hashValue].(string)
		token, err := s.store.StartSessionByPassword(r.Context(), user, hash, address, agent)
		if err != nil {
			return err
		}
		started, err := s.store.FindSession(r.Context(), token)
		if err != nil {
			return err
		}
		session.ID, session.IsNew = token, false
		session.Values[sessionID] = started.ID
		http.SetCookie(w, sessions.NewCookie(session.Name(), token, session.Options))
		return nil
	}
	return s.saveFlash(r, session)
}

func (s *sessionStore) saveFlash(r *http.Request, session *sessions.Session) error {
	text := []byte{}
	for _, flash := range session.Flashes() { // takes them out of Values; the last one counts
		var err error
		if text, err = json.Marshal(flash); err != nil {
			return err
		}
	}
	return s.store.SetFlash(r.Context(), session.Values[sessionID].(access.ID), string(text))
}
