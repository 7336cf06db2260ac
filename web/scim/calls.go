package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
	"gatehouse/web/etag"
	"gatehouse/web/message"
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
	value, err := message.Query(c.request, name)
	if err != nil {
		return "", malformed(invalidValue, "%v", err)
	}
	return value, nil
}

// readBody reads what was sent with a change.
func (c *Call) readBody() (err error) {
	c.body, err = message.Body(c.request)
	switch {
	case errors.Is(err, message.ErrTooLarge):
		return &failure{http.StatusRequestEntityTooLarge, "", err.Error()}
	case err != nil:
		return malformed(invalidSyntax, "%v", err)
	}
	return nil
}

// object reads the body, which must be one.
func (c *Call) object() (object, error) {
	if !message.Holds(c.request, contentType, "application/json") {
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
