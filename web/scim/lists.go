package scim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"gatehouse/access"
)

const (
	usualCount = 100
	maxCount   = 200
	chunk      = 500 // resources that are read at once to look at them
)

// page answers with a part of a list.
func page(rows []object, total, start int) Answer {
	if rows == nil {
		rows = []object{}
	}
	return Answer{Status: http.StatusOK, Body: object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": total, "startIndex": start, "itemsPerPage": len(rows), "Resources": rows}}
}

// A source is where the resources of a type come from. Ids come in the order of the list.
type source struct {
	kind  resourceType
	count func() (int, error)
	ids   func(skip, size int) ([]access.ID, error)
	// named finds those of which an attribute has a value, where that is quick; sure is false where it is not.
	named func(attribute, value string) (ids []access.ID, sure bool, err error)
	// load reads resources, with their lists of members only where they are wanted.
	load func(ids []access.ID, members bool) ([]object, error)
}

// list answers a query.
func (c *Call) list(from source) (Answer, error) {
	start, count, err := c.window()
	if err != nil {
		return Answer{}, err
	}
	said, err := c.query("filter")
	if err != nil {
		return Answer{}, err
	}
	show, err := c.projection(from.kind)
	if err != nil {
		return Answer{}, err
	}
	var rows []object
	var total int
	if said == "" {
		rows, total, err = from.part(start, count, show.wants("members"))
	} else {
		rows, total, err = from.matching(said, start, count, show.wants("members"))
	}
	if err != nil {
		return Answer{}, err
	}
	for i, row := range rows {
		rows[i] = show.of(row)
	}
	return page(rows, total, start), nil
}

// window is which part of the list is asked for. RFC 7644 §3.4.2.4 lifts what is too small.
func (c *Call) window() (start, count int, err error) {
	for _, name := range []string{"sortBy", "sortOrder", "cursor"} {
		if said, err := c.query(name); err != nil || said != "" {
			return 0, 0, malformed(invalidValue, "%s is not supported. The list comes in one order, the oldest first.", name)
		}
	}
	if start, err = c.number("startIndex", 1); err != nil {
		return 0, 0, err
	}
	count, err = c.number("count", usualCount)
	return max(1, start), min(max(0, count), maxCount), err
}

func (c *Call) number(name string, otherwise int) (int, error) {
	said, err := c.query(name)
	if err != nil || said == "" {
		return otherwise, err
	}
	number, err := strconv.ParseInt(said, 10, 32)
	if err != nil {
		return 0, malformed(invalidValue, "%s must be a whole number.", name)
	}
	return int(number), nil
}

func (s source) part(start, count int, members bool) ([]object, int, error) {
	total, err := s.count()
	if err != nil || count == 0 {
		return nil, total, err
	}
	ids, err := s.ids(start-1, count)
	if err != nil {
		return nil, 0, err
	}
	rows, err := s.load(ids, members)
	return rows, total, err
}

// matching looks at everything that may fit a filter: what an index finds, or else all.
func (s source) matching(said string, start, count int, members bool) (rows []object, total int, err error) {
	wanted, err := readFilter(said)
	if err != nil {
		return nil, 0, err
	}
	if _, err := s.kind.fits(wanted, object{}); err != nil { // refused also where there is nothing to look at
		return nil, 0, err
	}
	ids, sure, err := s.narrow(wanted)
	if err == nil && !sure {
		ids, err = s.all()
	}
	members = members || strings.Contains(strings.ToLower(said), "members")
	for part := range slices.Chunk(ids, chunk) {
		if err != nil {
			break
		}
		var loaded []object
		if loaded, err = s.load(part, members); err != nil {
			break
		}
		for _, one := range loaded {
			fits, err := s.kind.fits(wanted, one)
			if err != nil {
				return nil, 0, err
			}
			if fits {
				if total++; total >= start && len(rows) < count {
					rows = append(rows, one)
				}
			}
		}
	}
	return rows, total, err
}

func (s source) all() ([]access.ID, error) {
	count, err := s.count()
	if err != nil {
		return nil, err
	}
	return s.ids(0, count)
}

// narrow finds what may fit by an index. Of what is joined by and, either side will do.
func (s source) narrow(wanted filter.Expression) ([]access.ID, bool, error) {
	switch wanted := wanted.(type) {
	case *filter.LogicalExpression:
		if wanted.Operator == filter.OR {
			return nil, false, nil
		}
		if ids, sure, err := s.narrow(wanted.Left); sure || err != nil {
			return ids, sure, err
		}
		return s.narrow(wanted.Right)
	case *filter.AttributeExpression:
		said, isText := compared(wanted).(string)
		extension, a, ok := s.kind.find(wanted.AttributePath.URI(), wanted.AttributePath.AttributeName)
		if !ok || !isText || extension != "" || wanted.AttributePath.SubAttribute != nil || wanted.Operator != filter.EQ {
			return nil, false, nil
		}
		if a.name != "id" {
			return s.named(a.name, said)
		}
		if id := strings.ToLower(said); access.IsID(id) {
			return []access.ID{access.ID(id)}, true, nil
		}
		return nil, true, nil
	}
	return nil, false, nil
}

// A projection is what of a resource is shown.
type projection struct {
	names   []string // in lower case; those that are shown, or with except those that are not
	except  bool
	limited bool
}

// projection reads attributes and excludedAttributes.
func (c *Call) projection(t resourceType) (projection, error) {
	only, err := c.query("attributes")
	if err != nil {
		return projection{}, err
	}
	except, err := c.query("excludedAttributes")
	if err != nil {
		return projection{}, err
	}
	if only != "" && except != "" {
		return projection{}, malformed(invalidValue, "attributes and excludedAttributes cannot be sent together.")
	}
	made := projection{except: except != "", limited: only+except != ""}
	for _, name := range strings.Split(strings.ToLower(only+except), ",") {
		if name = strings.TrimPrefix(strings.TrimSpace(name), strings.ToLower(t.core.urn)+":"); name != "" {
			made.names = append(made.names, name)
		}
	}
	return made, nil
}

// wants tells whether an attribute is shown.
func (p projection) wants(name string) bool {
	if !p.limited {
		return true
	}
	whole := slices.Contains(p.names, name)
	part := slices.ContainsFunc(p.names, func(one string) bool { return strings.HasPrefix(one, name+".") })
	if p.except {
		return !whole
	}
	return whole || part
}

// of is what is shown of a resource. Its id and schemas always are.
func (p projection) of(resource object) object {
	if !p.limited {
		return resource
	}
	shown := p.parts(resource, p.names)
	shown["id"], shown["schemas"] = resource["id"], resource["schemas"]
	return shown
}

func (p projection) parts(resource object, names []string) object {
	shown := object{}
	for key, v := range resource {
		name := strings.ToLower(key)
		var inside []string
		for _, one := range names {
			if rest, ok := strings.CutPrefix(one, name); ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ":")) {
				inside = append(inside, rest[1:])
			}
		}
		switch whole := slices.Contains(names, name); {
		case whole || len(inside) == 0:
			if whole != p.except {
				shown[key] = v
			}
		default:
			shown[key] = p.inside(v, inside)
		}
	}
	return shown
}

func (p projection) inside(v any, names []string) any {
	if list, ok := v.([]any); ok {
		shown := make([]any, len(list))
		for i, one := range list {
			shown[i] = p.inside(one, names)
		}
		return shown
	}
	if parts, ok := asObject(v); ok {
		return p.parts(parts, names)
	}
	return v
}
