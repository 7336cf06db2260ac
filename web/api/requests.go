package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
	"gatehouse/web/message"
)

// An object is a JSON object, its names exactly as they were sent. What nobody asks for is ignored.
type object map[string]any

// open reads a request's token and its body.
func open(w http.ResponseWriter, r *http.Request) (token string, body object, err error) {
	if token, err = bearer.Token(w, r); err != nil {
		return "", nil, err
	}
	body, err = readBody(r)
	return token, body, err
}

func readBody(r *http.Request) (object, error) {
	if !message.Holds(r, "application/json") {
		return nil, access.Invalid("", "The Content-Type must be application/json.")
	}
	text, err := message.Body(r)
	if err != nil {
		return nil, access.Invalid("", "%v", err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, access.Invalid("", "The body is empty. Send a JSON object.")
	}
	return parseBody(text)
}

// parseBody reads a JSON object once, with everything in it.
func parseBody(text []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // a number that nobody asks for may be of any size
	var parsed any
	err := decoder.Decode(&parsed)
	if err == nil {
		if _, err = decoder.Token(); err == io.EOF {
			return objectFrom(parsed, "The body")
		}
		err = errors.New("something follows the object")
	}
	return nil, access.Invalid("", "The body is not JSON: %v.", err)
}

// objectFrom is a value that must be an object; what names it in the sentence for anything else.
func objectFrom(value any, what string) (object, error) {
	members, ok := value.(map[string]any)
	if !ok {
		return nil, access.Invalid("", "%s must be a JSON object.", what)
	}
	return members, nil
}

// has tells whether a member is there; null is as good as none.
func (o object) has(name string) bool { return o[name] != nil }

// object is a member that must be an object, or else be missing: then it is nil.
func (o object) object(name string) (object, error) {
	if !o.has(name) {
		return nil, nil
	}
	return objectFrom(o[name], name)
}

// text is a member of the object named outer that must be a string.
func (o object) text(outer, name string) (string, error) {
	if !o.has(name) {
		return "", access.Invalid(outer, "%s.%s is missing.", outer, name)
	}
	text, ok := o[name].(string)
	if !ok {
		return "", access.Invalid(outer, "%s.%s must be a string.", outer, name)
	}
	return text, nil
}

// named is the subject or the resource. A search needs the id of only one of them.
func (o object) named(outer string, withID bool) (name db.Name, err error) {
	inner, err := o.object(outer)
	if err == nil && inner == nil {
		err = access.Invalid(outer, "%s is missing.", outer)
	}
	if err != nil {
		return name, err
	}
	if name.Type, err = inner.text(outer, "type"); err == nil && withID {
		name.ID, err = inner.text(outer, "id")
	}
	return name, err
}

// right is what the action names, none for a name that no right has.
func (o object) right() (access.Rights, error) {
	action, err := o.object("action")
	if err == nil && action == nil {
		err = access.Invalid("action", "action is missing.")
	}
	if err != nil {
		return 0, err
	}
	name, err := action.text("action", "name")
	right, _ := access.ParseRight(name)
	return right, err
}

// A question is one evaluation that is asked for.
type question struct {
	db.Asked
	explain bool
}

// question reads a whole evaluation.
func (o object) question() (asked question, err error) {
	if asked.Subject, err = o.named("subject", true); err != nil {
		return asked, err
	}
	if asked.Resource, err = o.named("resource", true); err != nil {
		return asked, err
	}
	if asked.Right, err = o.right(); err != nil {
		return asked, err
	}
	context, err := o.object("context")
	asked.explain = context["explain"] == true
	return asked, err
}
