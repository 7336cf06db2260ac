// Package etag makes and compares entity tags (RFC 9110).
package etag

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// Weak makes a tag of what is shown: it tells only that nothing of that has changed.
func Weak(shown []byte) string {
	sum := sha256.Sum256(shown)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// Known sets an answer's tag, and tells whether it was answered already: a GET whose sender has this very answer gets none.
func Known(w http.ResponseWriter, r *http.Request, tag string) bool {
	w.Header().Set("ETag", tag)
	if r.Method != http.MethodGet || !Names(r.Header.Get("If-None-Match"), tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// Names tells whether a list of tags, as If-Match and If-None-Match hold them, names one. Compression on the way makes
// strong tags weak, so that makes no difference.
func Names(list, tag string) bool {
	for _, sent := range strings.Split(list, ",") {
		sent = strings.TrimSpace(sent)
		if sent == "*" || strings.TrimPrefix(sent, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
