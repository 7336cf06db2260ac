package scim

import (
	"encoding/json"
	"net/http"

	"gatehouse/web/etag"
	"gatehouse/web/message"
)

// An Answer is what a handler made.
type Answer struct {
	Status   int
	Tag      string // the ETag; empty for what has none
	Location string
	Body     any // none for 204
}

// weakTag makes an ETag of what something says.
func weakTag(of any) string {
	text, _ := json.Marshal(of) // of strings, numbers and what was JSON: never fails
	return etag.Weak(text)
}

// send answers a request; a GET whose sender has this very answer already gets none.
func send(w http.ResponseWriter, r *http.Request, made Answer) error {
	if made.Tag != "" && etag.Known(w, r, made.Tag) {
		return nil
	}
	if made.Location != "" {
		w.Header().Set("Location", made.Location)
	}
	if made.Body == nil {
		w.WriteHeader(made.Status)
		return nil
	}
	return message.WriteJSON(w, made.Status, contentType, made.Body)
}
