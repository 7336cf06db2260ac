package rest

import (
	"reflect"
	"strings"
	"time"

	"gatehouse/access"
)

// shapes are the document's schemas by name, made of the types that are sent and answered.
type shapes map[string]object

// choices are the values that a type of text can have.
var choices = map[reflect.Type]any{
	reflect.TypeFor[access.Kind]():          access.Kinds(),
	reflect.TypeFor[access.Mode]():          access.Modes(),
	reflect.TypeFor[access.Scope]():         access.Scopes(),
	reflect.TypeFor[access.Status]():        []access.Status{access.Active, access.Deactivated},
	reflect.TypeFor[access.RequestStatus](): []access.RequestStatus{access.OpenRequest, access.ApprovedRequest, access.DeniedRequest, access.WithdrawnRequest, access.ExpiredRequest},
	reflect.TypeFor[Reach]():                []Reach{DiscoverReach, FullReach},
	reflect.TypeFor[TemplateRight]():        access.TemplateRights().Names(),
	reflect.TypeFor[access.GroupRole]():     []access.GroupRole{access.GroupMember, access.GroupAdmin},
}

// of is the schema of a value's type. What is sent has no other members than those; answers may get more some day.
func (s shapes) of(value any, sent bool) object { return s.shape(reflect.TypeOf(value), sent) }

func (s shapes) shape(kind reflect.Type, sent bool) object {
	switch {
	case kind == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case kind == reflect.TypeFor[access.ID]():
		return object{"type": "string", "format": "uuid"}
	case choices[kind] != nil:
		return object{"type": "string", "enum": choices[kind]}
	case kind == reflect.TypeFor[access.Facts]():
		return object{"type": "object", "additionalProperties": true, "nullable": true}
	}
	switch kind.Kind() {
	case reflect.Pointer:
		if inner := s.shape(kind.Elem(), sent); inner["$ref"] == nil {
			inner["nullable"] = true
			return inner
		}
		return object{"nullable": true, "allOf": []object{s.shape(kind.Elem(), sent)}}
	case reflect.Slice:
		return object{"type": "array", "items": s.shape(kind.Elem(), sent)}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Struct:
		return s.structure(kind, sent)
	}
	return object{"type": "string"}
}

// structure keeps the schema of a struct under its name, and refers to it. Of the pages of lists each is its own.
func (s shapes) structure(kind reflect.Type, sent bool) object {
	name := kind.Name()
	if made := s.members(kind, sent); strings.Contains(name, "[") {
		return made
	} else if s[name] == nil {
		s[name] = made
	}
	return object{"$ref": "#/components/schemas/" + name}
}

func (s shapes) members(kind reflect.Type, sent bool) object {
	properties, required := map[string]object{}, []string{}
	s.add(kind, sent, properties, &required)
	made := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		made["required"] = required
	}
	if sent {
		made["additionalProperties"] = false
	}
	return made
}

// add adds the members of a struct, and of those that it holds without a name.
func (s shapes) add(kind reflect.Type, sent bool, properties map[string]object, required *[]string) {
	for i := range kind.NumField() {
		field := kind.Field(i)
		if field.Anonymous {
			s.add(field.Type, sent, properties, required)
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		shape := s.shape(field.Type, sent)
		if says := field.Tag.Get("doc"); says != "" && shape["$ref"] == nil {
			shape["description"] = says
		}
		properties[name] = shape
		if options != "omitempty" {
			*required = append(*required, name)
		}
	}
}
