package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"gatehouse/web/message"
)

// readBody reads what was sent with a change.
func (c *Call) readBody() (err error) {
	c.body, err = message.Body(c.request)
	switch {
	case errors.Is(err, message.ErrTooLarge):
		return &failure{http.StatusRequestEntityTooLarge, "", err.Error()}
	case err != nil:
		return malformed("", "%v", err)
	}
	return nil
}

// A sent body is a struct whose members may each be there or not.
type sent[T any] struct {
	value T
	has   map[string]json.RawMessage
}

// read reads the body as a T: a JSON object with the members that T names, those that are not optional (omitempty) all
// there, and no others. Names count exactly as they are written.
func read[T any](c *Call) (body sent[T], err error) {
	if !message.Holds(c.request, "application/json") {
		return body, &failure{http.StatusUnsupportedMediaType, "Content-Type", "The Content-Type must be application/json."}
	}
	if !utf8.Valid(c.body) {
		return body, malformed("", "The body is no text.")
	}
	if len(bytes.TrimSpace(c.body)) == 0 {
		return body, malformed("", "The body is empty. Send a JSON object.")
	}
	if body.has, err = members(c.body); err != nil {
		return body, err
	}
	if err := fits(body.has, reflect.TypeFor[T]()); err != nil {
		return body, err
	}
	if err := json.Unmarshal(c.body, &body.value); err != nil {
		return body, mistyped(err)
	}
	return body, nil
}

// members takes an object apart.
func members(text []byte) (map[string]json.RawMessage, error) {
	var has map[string]json.RawMessage
	err := json.Unmarshal(text, &has)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, malformed("", "The body is not JSON: %v.", syntax)
	case err != nil || has == nil:
		return nil, malformed("", "The body must be a JSON object.")
	}
	return has, nil
}

// fits compares the members that are there with those of a struct, and what they hold with what a database can.
func fits(has map[string]json.RawMessage, shape reflect.Type) error {
	var unknown []string
	known := map[string]bool{}
	for i := range shape.NumField() {
		name, options, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
		known[name] = true
		if _, there := has[name]; !there && options != "omitempty" {
			return malformed(name, "%s is missing.", name)
		}
	}
	for name, value := range has {
		if !known[name] {
			unknown = append(unknown, name)
		} else if bytes.Contains(value, []byte(`\u0000`)) {
			return malformed(name, "%s holds a character that is no text.", name)
		} else if string(value) == "null" && !nullable(shape, name) {
			return malformed(name, "%s must not be null.", name)
		}
	}
	if len(unknown) > 0 {
		return malformed(unknown[0], "Nobody asks for %s here.", list(unknown))
	}
	return nil
}

// nullable tells whether a member may be null: its type says so.
func nullable(shape reflect.Type, name string) bool {
	for i := range shape.NumField() {
		if field := shape.Field(i); strings.Split(field.Tag.Get("json"), ",")[0] == name {
			return field.Type.Kind() == reflect.Pointer
		}
	}
	return false
}

// mistyped says which member is not of its type.
func mistyped(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return malformed(wrong.Field, "%s must be %s.", wrong.Field, inJSON(wrong.Type))
	}
	return malformed("expires_at", "A time is written like 2027-01-31T18:00:00Z.")
}

func inJSON(kind reflect.Type) string {
	switch kind.Kind() {
	case reflect.Slice:
		return "an array"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Struct:
		return "a time like 2027-01-31T18:00:00Z"
	}
	return "a string"
}
