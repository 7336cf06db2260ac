package scim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
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
	sum := sha256.Sum256(text)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// send answers a request; a GET whose sender has this very answer already gets none.
func send(w http.ResponseWriter, r *http.Request, made Answer) error {
	if made.Tag != "" {
		w.Header().Set("ETag", made.Tag)
		if r.Method == http.MethodGet && names(r.Header.Get("If-None-Match"), made.Tag) {
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

// names tells whether a list of tags, as If-Match and If-None-Match hold them, names one. Compression on the way makes
// strong tags weak, so that makes no difference.
func names(list, tag string) bool {
	for _, sent := range strings.Split(list, ",") {
		sent = strings.TrimSpace(sent)
		if sent == "*" || strings.TrimPrefix(sent, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
