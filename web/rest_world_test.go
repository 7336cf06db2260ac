package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// makers are who made the tokens with which services ask, and whether these let them in at all. owner is the owner of
// Alpha, made an Admin here; decide is the token of an Admin without the scope.
var makers = map[string]int{"nobody": 401, "decide": 403, "demoted": 401, "deactivated": 401, "removed": 401, "expired": 401, "revoked": 401,
	"outsider": 0, "admin": 0, "owner": 0, "operator": 0}

// services makes a token of each of the makers, in the world as it is.
func (w *world) services() map[string]string {
	w.t.Helper()
	ctx, acme := w.t.Context(), access.ID(w.ids["acme"])
	admin := db.By{User: access.ID(w.ids["admin"]), Via: "page", Recent: true}
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	made := func(name, maker, org string, asked db.NewAPIToken) string {
		by := db.By{User: access.ID(w.ids[maker]), Via: "page", Recent: true}
		if maker == "" {
			by = db.By{Via: "cli"}
		}
		asked.Name = name
		token, err := w.store.CreateAPIToken(ctx, by, access.ID(w.ids[org]), asked)
		must(err)
		return token
	}
	manage := db.NewAPIToken{Scopes: []string{"manage"}}
	for _, name := range []string{"moda", "plain", "audra", "grace"} {
		must(w.store.ChangeMemberRole(ctx, admin, acme, access.ID(w.ids[name]), "admin"))
	}
	soon := time.Now().Add(time.Hour)
	tokens := map[string]string{
		"nobody":      "",
		"decide":      made("decide", "admin", "acme", db.NewAPIToken{Scopes: []string{"decide"}}),
		"demoted":     made("demoted", "plain", "acme", manage),
		"deactivated": made("deactivated", "audra", "acme", manage),
		"removed":     made("removed", "grace", "acme", manage),
		"expired":     made("expired", "admin", "acme", db.NewAPIToken{Scopes: []string{"manage"}, ExpiresAt: &soon}),
		"revoked":     made("revoked", "admin", "acme", manage),
		"outsider":    made("outsider", "outsider", "globex", manage),
		"admin":       made("admin", "admin", "acme", manage),
		"owner":       made("owner", "moda", "acme", manage),
		"operator":    made("operator", "", "acme", manage),
	}
	must(w.store.ChangeMemberRole(ctx, admin, acme, access.ID(w.ids["plain"]), "member"))
	must(w.store.DeactivateMember(ctx, admin, acme, access.ID(w.ids["audra"])))
	must(w.store.EndMembership(ctx, admin, acme, access.ID(w.ids["grace"]), db.Leaving{}))
	w.exec(`UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE name = 'expired'`)
	w.exec(`DELETE FROM api_tokens WHERE name = 'revoked'`)
	return tokens
}

// rest asks the management API, as a program does. Names in braces stand for ids.
func (w *world) rest(token, method, path, body string, options ...option) *answer {
	w.t.Helper()
	return w.asService(token, method, "/api/v1"+w.fillIn(path), w.fillBody(body), options...)
}

// fillBody is fillIn for JSON, which has braces of its own: only those right behind a quotation mark name somebody.
func (w *world) fillBody(body string) string {
	for name, id := range w.ids {
		body = strings.ReplaceAll(body, `"{`+name+`}"`, `"`+id+`"`)
	}
	return body
}

// ifMatch sends the ETag that an access list has at that version.
func ifMatch(version string) option { return header("If-Match", `"`+version+`"`) }

// into reads a JSON answer.
func (a *answer) into(target any) *answer {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), target); err != nil {
		a.t.Errorf("%s: %v in %s", a.asked, err, a.body)
	}
	return a
}

// problem is a refusal as services read it.
type problem struct {
	Type, Title, Detail, Field string
	Status                     int
	RequestID                  string `json:"request_id"`
}

// isProblem fails unless the answer is a whole problem document with this status.
func (a *answer) isProblem(status int) problem {
	a.t.Helper()
	var said problem
	a.must(status).into(&said)
	if a.header.Get("Content-Type") != "application/problem+json" || said.Status != status || !strings.HasPrefix(said.Type, "urn:gatehouse:problem:") ||
		said.Title == "" || said.Detail == "" || said.RequestID != a.header.Get("X-Request-Id") || len(a.cookies) > 0 {
		a.t.Errorf("%s: %v %s", a.asked, a.header, a.body)
	}
	return said
}

var unsafeMethods = map[string]bool{http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true}
