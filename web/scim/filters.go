package scim

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	filter "github.com/scim2/filter-parser/v2"
)

const longestFilter = 2000

// outside finds a filter on the values of a list that names what it compares behind the brackets, as Entra ID writes it where it
// matches people by mail. RFC 7644 puts it inside.
var outside = regexp.MustCompile(`^([\w:.]+)\[(.+)\]\.(\w+ (?i:eq|ne|co|sw|ew|pr).*)$`)

// readFilter reads a filter.
func readFilter(said string) (filter.Expression, error) {
	if len(said) > longestFilter {
		return nil, malformed(invalidFilter, "A filter has at most %d characters.", longestFilter)
	}
	said = outside.ReplaceAllString(strings.TrimSpace(said), "$1[$2 and $3]")
	read, err := filter.ParseFilter([]byte(unescaped(said)))
	if err != nil {
		return nil, malformed(invalidFilter, "The filter %s cannot be read.", quoted(said))
	}
	return read, nil
}

var escapes = regexp.MustCompile(`\\\\|(\\u[0-9a-fA-F]{4})+`)

// unescaped writes letters as themselves that JSON may write as numbers: the parser does not know them.
func unescaped(said string) string {
	return escapes.ReplaceAllStringFunc(said, func(run string) string {
		var letters string
		if err := json.Unmarshal([]byte(`"`+run+`"`), &letters); err != nil || strings.ContainsAny(letters, "\"\\\x00") {
			return run
		}
		return letters
	})
}

// compared is what an expression compares with: text as JSON means it.
func compared(e *filter.AttributeExpression) any {
	said, ok := e.CompareValue.(string)
	if !ok {
		return e.CompareValue
	}
	var meant string
	if err := json.Unmarshal([]byte(`"`+said+`"`), &meant); err != nil {
		return said
	}
	return meant
}

// A reader finds the values that an attribute's path names in something, each as text or a boolean; the attribute tells how to
// compare them.
type reader func(path filter.AttributePath) (attribute, []any, error)

// reader reads a whole resource.
func (t resourceType) reader(resource object) reader {
	return func(path filter.AttributePath) (attribute, []any, error) {
		extension, a, ok := t.find(path.URI(), path.AttributeName)
		if !ok {
			return a, nil, malformed(invalidFilter, "%s is no attribute that Gatehouse keeps.", quoted(path.String()))
		}
		part := resource
		if extension != "" {
			part, _ = asObject(resource[extension])
		}
		return a.values(part[a.name], path.SubAttributeName())
	}
}

// reader reads one value of an attribute that has many.
func (a attribute) reader(parts object) reader {
	return func(path filter.AttributePath) (attribute, []any, error) {
		part, ok := a.part(path.AttributeName)
		if !ok || path.URIPrefix != nil {
			return part, nil, malformed(invalidFilter, "%s has no part %s here.", a.name, quoted(path.String()))
		}
		return part.values(parts[part.name], path.SubAttributeName())
	}
}

// values are the simple values of an attribute or of a part of it; of what is complex, its value.
func (a attribute) values(v any, part string) (attribute, []any, error) {
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	if a.kind != complexed {
		if part != "" {
			return a, nil, malformed(invalidFilter, "%s has no parts.", a.name)
		}
		return a, list, nil
	}
	if part == "" {
		part = "value"
	}
	of, ok := a.part(part)
	if !ok {
		return a, nil, malformed(invalidFilter, "%s has no part %s here.", a.name, quoted(part))
	}
	var found []any
	for _, one := range list {
		if parts, ok := asObject(one); ok && parts[of.name] != nil {
			found = append(found, parts[of.name])
		}
	}
	return of, found, nil
}

// matches tells whether something fits a filter.
func matches(e filter.Expression, read reader) (bool, error) {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		left, err := matches(e.Left, read)
		if err != nil {
			return false, err
		}
		right, err := matches(e.Right, read) // always, so that what cannot be read is refused
		if e.Operator == filter.OR {
			return left || right, err
		}
		return left && right, err
	case *filter.NotExpression:
		fits, err := matches(e.Expression, read)
		return !fits, err
	case *filter.AttributeExpression:
		return compares(e, read)
	}
	return false, malformed(invalidFilter, "This filter cannot be used here.")
}

// fits is matches for a whole resource, where a filter may choose among the values of an attribute.
func (t resourceType) fits(e filter.Expression, resource object) (bool, error) {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		left, err := t.fits(e.Left, resource)
		if err != nil {
			return false, err
		}
		right, err := t.fits(e.Right, resource)
		if e.Operator == filter.OR {
			return left || right, err
		}
		return left && right, err
	case *filter.NotExpression:
		fits, err := t.fits(e.Expression, resource)
		return !fits, err
	case *filter.ValuePath:
		return t.anyFits(e, resource)
	}
	return matches(e, t.reader(resource))
}

func (t resourceType) anyFits(e *filter.ValuePath, resource object) (bool, error) {
	extension, a, ok := t.find(e.AttributePath.URI(), e.AttributePath.AttributeName)
	if !ok || !a.many || e.AttributePath.SubAttribute != nil {
		return false, malformed(invalidFilter, "%s is no list that Gatehouse keeps.", quoted(e.AttributePath.String()))
	}
	if _, err := matches(e.ValueFilter, a.reader(nil)); err != nil { // also where there is no value to look at
		return false, err
	}
	part := resource
	if extension != "" {
		part, _ = asObject(resource[extension])
	}
	list, _ := part[a.name].([]any)
	for _, one := range list {
		parts, _ := asObject(one)
		if fits, err := matches(e.ValueFilter, a.reader(parts)); fits || err != nil {
			return fits, err
		}
	}
	return false, nil
}

// compares answers one comparison. Of several values one that fits is enough; ne fits where none is equal.
func compares(e *filter.AttributeExpression, read reader) (bool, error) {
	a, values, err := read(e.AttributePath)
	if err != nil {
		return false, err
	}
	wanted := compared(e)
	operator := filter.CompareOperator(strings.ToLower(string(e.Operator)))
	if operator == filter.PR {
		return len(values) > 0, nil
	}
	if wanted == nil && (operator == filter.EQ || operator == filter.NE) {
		return (len(values) == 0) == (operator == filter.EQ), nil
	}
	ask := operator
	if operator == filter.NE {
		ask = filter.EQ
	}
	any := false
	compare, err := a.comparison(ask, wanted)
	if err != nil {
		return false, err
	}
	for _, one := range values {
		any = any || compare(one)
	}
	return any != (operator == filter.NE), nil
}

// comparison is how values of the attribute compare with the one that is wanted.
func (a attribute) comparison(operator filter.CompareOperator, wanted any) (func(any) bool, error) {
	unfit := malformed(invalidFilter, "%s cannot be compared with this value in this way.", a.name)
	if a.kind == boolean {
		said, err := a.cleanBoolean(wanted)
		if err != nil || operator != filter.EQ {
			return nil, unfit
		}
		return func(v any) bool { return v == said }, nil
	}
	said, ok := wanted.(string)
	if !ok {
		return nil, unfit
	}
	if a.kind == instant {
		at, err := time.Parse(time.RFC3339, said)
		if err != nil || operator == filter.CO || operator == filter.SW || operator == filter.EW {
			return nil, unfit
		}
		return func(v any) bool {
			text, _ := v.(string)
			when, err := time.Parse(time.RFC3339, text)
			return err == nil && ordered(operator, when.Compare(at))
		}, nil
	}
	return func(v any) bool {
		text, _ := v.(string)
		if !a.exact {
			return holds(operator, strings.ToLower(text), strings.ToLower(said))
		}
		return holds(operator, text, said)
	}, nil
}

func holds(operator filter.CompareOperator, text, wanted string) bool {
	switch operator {
	case filter.CO:
		return strings.Contains(text, wanted)
	case filter.SW:
		return strings.HasPrefix(text, wanted)
	case filter.EW:
		return strings.HasSuffix(text, wanted)
	}
	return ordered(operator, cmp.Compare(text, wanted))
}

func ordered(operator filter.CompareOperator, order int) bool {
	switch operator {
	case filter.GT:
		return order > 0
	case filter.GE:
		return order >= 0
	case filter.LT:
		return order < 0
	case filter.LE:
		return order <= 0
	}
	return order == 0
}
