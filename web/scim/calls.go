package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
	"gatehouse/web/etag"
)

const contentType = "application/scim+json"

// A Call is one request under a token that works.
type Call struct {
	bearer.Admitted
	store   *db.Store // inside the change's transaction, for a change
	link    func(path string) string
	request *http.Request
	body    []byte
}

func (c *Call) ctx() context.Context { return c.request.Context() }

// id is the ID in the path. What has not the form of one was never issued.
func (c *Call) id() (access.ID, error) {
	text := strings.ToLower(c.request.PathValue("id"))
	if !access.IsID(text) {
		return "", access.ErrNotFound
	}
	return access.ID(text), nil
}

// query is a parameter behind the question mark.
func (c *Call) query(name string) (string, error) {
	values := c.request.URL.Query()[name]
	if len(values) > 1 {
		return "", malformed(invalidValue, "%s stands there more than once.", name)
	}
	if len(values) == 0 {
		return "", nil
	}
	if !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0) {
		return "", malformed(invalidValue, "%s is no text.", name)
	}
	return values[0], nil
}

// readBody reads what was sent with a change. The server limits its size.
func (c *Call) readBody() error {
	text, err := io.ReadAll(c.request.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &failure{http.StatusRequestEntityTooLarge, "", "The body is larger than a mebibyte."}
	case err != nil:
		return malformed(invalidSyntax, "The body could not be read.")
	}
	c.body = text
	return nil
}

// object reads the body, which must be one.
func (c *Call) object() (object, error) {
	media, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || media != contentType && media != "application/json" {
		return nil, &failure{http.StatusUnsupportedMediaType, "", "The Content-Type must be " + contentType + "."}
	}
	if !utf8.Valid(c.body) || bytes.Contains(c.body, []byte(`\u0000`)) {
		return nil, malformed(invalidSyntax, "The body holds characters that are no text.")
	}
	var sent object
	if err := json.Unmarshal(c.body, &sent); err != nil || sent == nil {
		return nil, malformed(invalidSyntax, "The body must be a JSON object.")
	}
	return sent, nil
}

// unchanged refuses a change of something that is not what its sender saw, where they sent its ETag.
func (c *Call) unchanged(tag string) error {
	sent := c.request.Header.Get("If-Match")
	if sent == "" || etag.Names(sent, tag) {
		return nil
	}
	return &failure{http.StatusPreconditionFailed, "", "It was changed in the meantime, so nothing was done. Read it again, and send its ETag as If-Match."}
}
