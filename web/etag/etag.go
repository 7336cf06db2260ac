// Package etag makes and compares entity tags (RFC 9110).
package etag

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Weak makes a tag of what is shown: it tells only that nothing of that has changed.
func Weak(shown []byte) string {
	sum := sha256.Sum256(shown)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
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
