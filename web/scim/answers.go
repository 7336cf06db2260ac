package scim

import (
	"encoding/json"
	"net/http"

	"gatehouse/web/etag"
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
	if made.Tag != "" {
		w.Header().Set("ETag", made.Tag)
		if r.Method == http.MethodGet && etag.Names(r.Header.Get("If-None-Match"), made.Tag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	if made.Location != "" {
		w.Header().Set("Location", made.Location)
	}
	if made.Body == nil {
		w.WriteHeader(made.Status)
		return nil
	}
	text, err := json.Marshal(made.Body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(made.Status)
	_, err = w.Write(text)
	return err
}
