package rest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
	"gatehouse/web/etag"
	"gatehouse/web/message"
)

// A Call is one request under a token that works.
type Call struct {
	bearer.Admitted
	store   *db.Store // inside the change's transaction, for a change
	link    func(token string) string
	request *http.Request
	body    []byte
	asked   []string // query parameters that the handler looked for
	matched bool     // the handler compared If-Match
}

func (c *Call) ctx() context.Context { return c.request.Context() }

// carryOut answers the call, and refuses what nobody asked for: a parameter or precondition that would be ignored.
func (c *Call) carryOut(handle Handler) (Answer, error) {
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return Answer{}, malformed("", "What stands behind the question mark cannot be read.")
	}
	made, err := handle(c)
	if err != nil {
		return made, err
	}
	var unknown []string
	for name := range query {
		if !slices.Contains(c.asked, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return made, malformed(unknown[0], "Nobody asks for %s here.", list(unknown))
	}
	if !c.matched && c.request.Header.Get("If-Match") != "" && c.request.Method != http.MethodGet {
		return made, malformed("If-Match", "If-Match cannot be sent here: there is nothing yet that could have changed.")
	}
	return made, nil
}

// sees lets in who holds any of the rights on the organization; for others the list does not exist, like its page.
func (c *Call) sees(rights access.Rights) error {
	if !c.Actor.Operator && c.Actor.Rights&rights == 0 {
		return access.ErrNotFound
	}
	return nil
}

// id is an ID from the path. What has not the form of one was never issued.
func (c *Call) id(name string) (access.ID, error) {
	text := c.request.PathValue(name)
	if !access.IsID(text) {
		return "", access.ErrNotFound
	}
	return access.ID(text), nil
}

// query is a parameter behind the question mark.
func (c *Call) query(name string) (string, error) {
	c.asked = append(c.asked, name)
	value, err := message.Query(c.request, name)
	if err != nil {
		return "", malformed(name, "%v", err)
	}
	return value, nil
}

// choice is a parameter that names one of several, or nothing.
func (c *Call) choice(name string, of ...string) (string, error) {
	value, err := c.query(name)
	if err == nil && value != "" && !slices.Contains(of, value) {
		err = malformed(name, "%q is not a %s. Choose %s.", value, name, strings.Join(of, ", "))
	}
	return value, err
}

// idQuery is a parameter that is an id, or nothing.
func (c *Call) idQuery(name string) (access.ID, error) {
	value, err := c.query(name)
	if err == nil && value != "" && !access.IsID(value) {
		err = malformed(name, "%s must be an id.", name)
	}
	return access.ID(value), err
}

// page is the part of a list that is asked for: limit and after.
func (c *Call) page() (page db.Page, err error) {
	if page.After, err = c.query("after"); err != nil {
		return page, err
	}
	if !page.Known() {
		return page, malformed("after", "after is not a cursor of this list.")
	}
	page.Size, err = c.limit()
	return page, err
}

// searched is the part of a list that is asked for, of what holds a text.
func (c *Call) searched() (search string, page db.Page, err error) {
	if search, err = c.query("search"); err != nil {
		return search, page, err
	}
	page, err = c.page()
	return search, page, err
}

const highestLimit = 200

func (c *Call) limit() (int, error) {
	text, err := c.query("limit")
	if err != nil || text == "" {
		return 0, err
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > highestLimit {
		return 0, malformed("limit", "limit must be a whole number from 1 to %d.", highestLimit)
	}
	return limit, nil
}

// unchanged refuses a change of something that is not what its sender saw, where they sent its ETag. Show is what they saw.
func (c *Call) unchanged(show Handler) error {
	c.matched = true
	sent := c.request.Header.Get("If-Match")
	if sent == "" {
		return nil
	}
	now, err := show(c)
	if err == nil && !etag.Names(sent, now.tag()) {
		err = &failure{http.StatusPreconditionFailed, "If-Match", "It was changed in the meantime, so nothing was done. Read it again, and send its ETag as If-Match."}
	}
	return err
}

// version is that of the access list on which the sender decided: the ETag of the list, the access mode or the owner.
func (c *Call) version() (int64, error) {
	c.matched = true
	sent := strings.TrimPrefix(strings.TrimSpace(c.request.Header.Get("If-Match")), "W/")
	if sent == "" || sent == "*" {
		return 0, &failure{http.StatusPreconditionRequired, "If-Match", "Send the ETag of the list on which you decided as If-Match."}
	}
	quoted := strings.TrimSuffix(strings.TrimPrefix(sent, `"`), `"`)
	version, err := strconv.ParseInt(quoted, 10, 64)
	if err != nil || sent != strconv.Quote(quoted) {
		return -1, nil // no list ever has it
	}
	return version, nil
}
