package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"gatehouse/access"
	"gatehouse/db"
)

// How many results a page has: without a limit, and at most.
const (
	usualLimit   = 100
	highestLimit = 1000
)

// A part is which page of a search is asked for.
type part struct {
	after string // the place of the last hit before it, as package db gave it; empty for the first page
	limit int
	query string // a short hash of what is searched for
}

// A pageToken is what stands in a token, opaque to its bearer. The limit travels in it.
type pageToken struct {
	After string `json:"a"`
	Limit int    `json:"l"`
	Query string `json:"q"`
}

// part reads the page of a request: page.token, or next_token as drafts of the standard called it, and page.limit.
func (o object) part(path string, asked db.Asked) (part, error) {
	read := part{limit: usualLimit, query: hashQuery(path, asked)}
	page, err := o.object("page")
	if err != nil {
		return read, err
	}
	for _, name := range []string{"token", "next_token"} {
		if page.has(name) {
			if err := read.goOn(page, name); err != nil {
				return read, err
			}
		}
	}
	if page.has("limit") {
		limit, _ := page["limit"].(json.Number)
		if read.limit, err = strconv.Atoi(limit.String()); err != nil || read.limit < 1 {
			return read, access.Invalid("page", "page.limit must be a whole number from 1.")
		}
	}
	read.limit = min(read.limit, highestLimit)
	return read, nil
}

// goOn reads a token. An empty one asks for the first page.
func (p *part) goOn(page object, name string) error {
	text, err := page.text("page", name)
	if err != nil || text == "" {
		return err
	}
	var token pageToken
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &token) != nil || token.Query != p.query || token.Limit < 1 {
		return access.Invalid("page", "page.%s is not a token of this search. Send the same request that gave it.", name)
	}
	p.after, p.limit = token.After, token.Limit
	return nil
}

// token leads to the page after a place; empty at the end.
func (p part) token(next string) string {
	if next == "" {
		return ""
	}
	text, _ := json.Marshal(pageToken{After: next, Limit: p.limit, Query: p.query}) // strings and a number always encode
	return base64.RawURLEncoding.EncodeToString(text)
}

// hashQuery tells searches apart. It keeps no secret: a token only says where to go on.
func hashQuery(path string, asked db.Asked) string {
	text, _ := json.Marshal([]any{path, asked}) // strings and a number always encode
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
