package scim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// An object is a JSON object: a resource, or a part of one.
type object map[string]any

func asObject(v any) (object, bool) {
	switch v := v.(type) {
	case object:
		return v, true
	case map[string]any:
		return v, true
	}
	return nil, false
}

// copied is the same object, of which nothing is shared.
func (o object) copied() (object, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var same object
	return same, json.Unmarshal(text, &same)
}

func (o object) text(name string) string {
	said, _ := o[name].(string)
	return said
}

// inside is the part of a resource that a schema keeps: the resource itself, or what its extension holds.
func (o object) inside(extension string) object {
	if extension == "" {
		return o
	}
	part, ok := asObject(o[extension])
	if !ok {
		part = object{}
		o[extension] = part
	}
	return part
}

// put sets an attribute; nothing takes it away.
func (o object) put(extension string, a attribute, v any) {
	if part := o.inside(extension); v == nil {
		delete(part, a.name)
	} else {
		part[a.name] = v
	}
	if extension != "" && len(o.inside(extension)) == 0 {
		delete(o, extension)
	}
}

const (
	longestText = 2000
	mostValues  = 100 // of one attribute; a group's members are not counted here
)

// clean reads a value as the attribute holds it; nil for none. Providers send booleans as text, and single values in a list or as
// {"value": …}.
func (a attribute) clean(v any) (any, error) {
	if a.many {
		return a.cleanList(v)
	}
	if list, ok := v.([]any); ok && len(list) == 1 {
		if v = list[0]; a.kind != complexed {
			if wrapped, ok := asObject(v); ok {
				v = wrapped["value"]
			}
		}
	}
	switch {
	case v == nil:
		return nil, nil
	case a.kind == complexed:
		return a.cleanParts(v)
	case a.kind == boolean:
		return a.cleanBoolean(v)
	}
	return a.cleanText(v)
}

func (a attribute) cleanList(v any) (any, error) {
	sent, ok := v.([]any)
	if !ok && v != nil {
		sent = []any{v}
	}
	if len(sent) > mostValues {
		return nil, malformed(invalidValue, "%s has at most %d values.", a.name, mostValues)
	}
	a.many = false
	var list []any
	for _, one := range sent {
		read, err := a.clean(one)
		if err != nil {
			return nil, err
		}
		if read != nil {
			list = append(list, read)
		}
	}
	if primaries(list) > 1 {
		return nil, malformed(invalidValue, "Only one of the %s can be the primary one.", a.name)
	}
	if list == nil {
		return nil, nil
	}
	return list, nil
}

func (a attribute) cleanParts(v any) (any, error) {
	sent, ok := asObject(v)
	if said, isText := v.(string); isText {
		sent, ok = object{"value": said}, true
	}
	if !ok {
		return nil, malformed(invalidValue, "%s must be an object.", a.name)
	}
	read := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		part, known := a.part(name)
		if !known {
			return nil, malformed(invalidValue, "%s has no part %s here.", a.name, quoted(name))
		}
		if _, twice := read[part.name]; twice {
			return nil, malformed(invalidSyntax, "%s.%s stands there more than once.", a.name, part.name)
		}
		cleaned, err := part.clean(sent[name])
		if err != nil {
			return nil, err
		}
		if cleaned != nil {
			read[part.name] = cleaned
		}
	}
	if len(read) == 0 {
		return nil, nil
	}
	return read, nil
}

func (a attribute) cleanBoolean(v any) (any, error) {
	switch said := v.(type) {
	case bool:
		return said, nil
	case string:
		if strings.EqualFold(said, "true") || strings.EqualFold(said, "false") {
			return strings.EqualFold(said, "true"), nil
		}
	}
	return nil, malformed(invalidValue, "%s must be true or false.", a.name)
}

func (a attribute) cleanText(v any) (any, error) {
	said, ok := v.(string)
	switch {
	case !ok:
		return nil, malformed(invalidValue, "%s must be text.", a.name)
	case len([]rune(said)) > cmp.Or(a.longest, longestText):
		return nil, malformed(invalidValue, "%s has at most %d characters.", a.name, cmp.Or(a.longest, longestText))
	case said == "":
		return nil, nil
	}
	return said, nil
}

func quoted(text string) string { return fmt.Sprintf("%q", shortened(text, 100)) }

// unnamed are attributes that providers send with a whole resource and that are the server's to set or never read back; they are
// passed over, as RFC 7643 §7 asks of what is read-only.
var unnamed = []string{"schemas", "groups"}

// read takes in a whole resource, as POST and PUT send it. What is not understood is refused.
func (t resourceType) read(sent object) (object, error) {
	if err := t.speaks(sent); err != nil {
		return nil, err
	}
	resource, seen := object{}, map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		if slices.ContainsFunc(unnamed, func(name string) bool { return strings.EqualFold(name, key) }) {
			continue
		}
		entries := object{key: sent[key]}
		if extension, ok := t.extension(key); ok {
			if entries, ok = asObject(sent[key]); !ok && sent[key] != nil {
				return nil, malformed(invalidValue, "%s must be an object.", extension.urn)
			}
			key = extension.urn
		} else {
			key = ""
		}
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			if err := t.readOne(resource, seen, key, name, entries[name]); err != nil {
				return nil, err
			}
		}
	}
	return resource, nil
}

func (t resourceType) readOne(resource object, seen map[string]bool, urn, name string, v any) error {
	extension, a, ok := t.find(apart(urn, name))
	if !ok {
		return malformed(invalidValue, "%s is no attribute that Gatehouse keeps.", quoted(name))
	}
	if seen[extension+a.name] {
		return malformed(invalidSyntax, "%s stands there more than once.", a.name)
	}
	if seen[extension+a.name] = true; a.readOnly {
		return nil
	}
	if a.name == "members" { // of which there may be many; groups.go reads them
		resource[a.name] = v
		return nil
	}
	read, err := a.clean(v)
	if err == nil && read != nil {
		resource.put(extension, a, read)
	}
	return err
}

// apart takes the schema off an attribute's whole name.
func apart(urn, name string) (string, string) {
	if at := strings.LastIndex(name, ":"); urn == "" && at > 0 {
		return name[:at], name[at+1:]
	}
	return urn, name
}

// speaks refuses schemas that are not spoken here.
func (t resourceType) speaks(sent object) error {
	for key, v := range sent {
		if !strings.EqualFold(key, "schemas") {
			continue
		}
		list, ok := v.([]any)
		if !ok {
			return malformed(invalidSyntax, "schemas must be a list of names.")
		}
		for _, one := range list {
			urn, _ := one.(string)
			if _, known := t.extension(urn); !known && !strings.EqualFold(urn, t.core.urn) {
				return malformed(invalidValue, "The schema %s is not spoken here.", quoted(fmt.Sprint(one)))
			}
		}
	}
	return nil
}

// schemas names those that a resource uses.
func (t resourceType) schemas(resource object) []string {
	urns := []string{t.core.urn}
	for _, one := range t.extensions {
		if _, used := resource[one.urn]; used {
			urns = append(urns, one.urn)
		}
	}
	return urns
}

func instantOf(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
