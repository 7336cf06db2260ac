package db

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gatehouse/access"
)

// A record is one line of a file, its fields checked against the shape of its type.
type record struct {
	line   int64
	said   int64 // a hash of the line
	kind   string
	fields map[string]any // texts, but for rights and expires_at
}

// shapes are the types of record and their fields. Those before the bar must be there in every record; what else a new
// thing needs is asked where it is made. An unknown field is refused.
var shapes = map[string][]string{
	"organization": {"slug", "|", "name"},
	"user":         {"email", "|", "name", "status"},
	"member":       {"organization", "user", "|", "role", "status"},
	"group":        {"organization", "name", "|", "description"},
	"group_member": {"organization", "group", "|", "user", "member_group", "role"},
	"module":       {"organization", "key", "|", "name", "description"},
	"template":     {"organization", "project", "name", "|", "rights"},
	"resource":     {"organization", "kind", "key", "|", "name", "description", "parent", "owner", "access_mode", "org_role"},
	"grant":        {"organization", "resource", "|", "user", "group", "grantee_organization", "role", "template", "expires_at"},
}

// parseRecord reads one line. What is no record is an *access.Error.
func parseRecord(line int64, text []byte) (record, error) {
	hash := fnv.New64a()
	hash.Write(text)
	r := record{line: line, said: int64(hash.Sum64())}
	if !utf8.Valid(text) {
		return r, access.Invalid("", "This is not UTF-8.")
	}
	if err := json.Unmarshal(text, &r.fields); err != nil || r.fields == nil {
		return r, access.Invalid("", "This is not a JSON object.")
	}
	kind, isText := r.fields["type"].(string)
	shape, known := shapes[kind]
	if !isText || !known {
		return r, access.Invalid("type", "A record has a type: %s.", strings.Join(slices.Sorted(maps.Keys(shapes)), ", "))
	}
	r.kind = kind
	delete(r.fields, "type")
	return r, r.check(shape)
}

func (r record) check(shape []string) error {
	for _, name := range slices.Sorted(maps.Keys(r.fields)) {
		if name == "|" || !slices.Contains(shape, name) {
			return access.Invalid(name, "A record of the type %s has no field %q.", r.kind, name)
		}
		if err := checkValue(name, r.fields[name]); err != nil {
			return err
		}
	}
	for _, name := range shape[:slices.Index(shape, "|")] {
		if r.text(name) == "" {
			return access.Invalid(name, "A record of the type %s needs the field %q.", r.kind, name)
		}
	}
	return nil
}

func checkValue(name string, value any) error {
	text, isText := value.(string)
	list, isList := value.([]any)
	switch {
	case name == "rights" && !isList:
		return access.Invalid(name, "This must be a list of rights.")
	case name == "rights":
		return checkRights(list)
	case name == "expires_at" && value == nil:
		return nil
	case !isText:
		return access.Invalid(name, "This must be a text.")
	case strings.ContainsRune(text, 0):
		return access.Invalid(name, "This is not plain text.")
	}
	return nil
}

func checkRights(list []any) error {
	for _, each := range list {
		name, _ := each.(string)
		if _, known := access.ParseRight(name); !known {
			return access.Invalid("rights", "%v is not a right.", each)
		}
	}
	return nil
}

// text is a field, empty where it is left out.
func (r record) text(name string) string {
	text, _ := r.fields[name].(string)
	return text
}

// optional is a field, nil where it is left out.
func (r record) optional(name string) *string {
	if text, ok := r.fields[name].(string); ok {
		return &text
	}
	return nil
}

// one demands that exactly one of some fields is there.
func (r record) one(names ...string) error {
	count := 0
	for _, name := range names {
		if _, there := r.fields[name]; there {
			count++
		}
	}
	if count != 1 {
		return access.Invalid("", "A record of the type %s has exactly one of the fields %s.", r.kind, strings.Join(names, ", "))
	}
	return nil
}

// cleaned is an optional field after a function of package access.
func (r record) cleaned(name string, clean func(string) (string, error)) (*string, error) {
	text := r.optional(name)
	if text == nil {
		return nil, nil
	}
	cleaned, err := clean(*text)
	return &cleaned, err
}

func cleanName(text string) (string, error) { return access.CleanName("name", text) }

// cleanUserName lets a name be empty: somebody who never gave one has none.
func cleanUserName(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	return cleanName(text)
}

func cleanStatus(text string) (string, error) {
	if status := access.Status(text); status != access.Active && status != access.Deactivated {
		return "", access.Invalid("status", "%q is not a status. It is active or deactivated.", text)
	}
	return text, nil
}

// email is a field with an address, in the one form in which addresses are compared.
func (r record) email(name string) (string, error) {
	email, err := NormalizeEmail(r.text(name))
	if err != nil {
		return "", access.Invalid(name, "%s", err.Error())
	}
	return email, nil
}

var slugForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`) // as the database checks it

func cleanSlug(text string) (string, error) {
	if !slugForm.MatchString(text) {
		return "", access.Invalid("slug", "%q cannot stand in addresses: lower case letters, digits and dashes can.", text)
	}
	return text, nil
}

// cleanKey refuses what cannot name a resource.
func cleanKey(field, key string) error {
	if key == "" || key != strings.TrimSpace(key) || len(key) > 250 || strings.ContainsFunc(key, unicode.IsControl) {
		return access.Invalid(field, "%q cannot be a key.", key)
	}
	return nil
}

// place is a field of the form kind/key.
func (r record) place(name string) (access.Kind, string, error) {
	kind, key, cut := strings.Cut(r.text(name), "/")
	if !cut || !access.Kind(kind).Known() || key == "" {
		return "", "", access.Invalid(name, "%q does not name a resource: write kind/key, as in project/alpha.", r.text(name))
	}
	return access.Kind(kind), key, nil
}

// end is the field expires_at; said is false where it is left out, and a null ends never.
func (r record) end() (at *time.Time, said bool, err error) {
	value, said := r.fields["expires_at"]
	if !said || value == nil {
		return nil, said, nil
	}
	parsed, err := time.Parse(time.RFC3339Nano, r.text("expires_at"))
	if err != nil {
		return nil, true, access.Invalid("expires_at", "%q is not a time as in 2027-01-01T00:00:00Z.", r.text("expires_at"))
	}
	parsed = parsed.UTC().Truncate(time.Microsecond) // what PostgreSQL keeps
	return &parsed, true, nil
}
