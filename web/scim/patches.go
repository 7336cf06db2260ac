package scim

import (
	"maps"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"gatehouse/access"
)

const patchURN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// An edit is one operation of a PATCH on one attribute.
type edit struct {
	verb      string // add, replace or remove
	extension string
	attribute attribute
	part      *attribute        // of a complex attribute
	where     filter.Expression // which values of the attribute; nil for all
	value     any
	valued    bool // a value was sent, and not null
}

// edits reads a PATCH of a resource. An operation without a path is one for each attribute in its value.
func (t resourceType) edits(sent object, own access.ID) ([]edit, error) {
	operations, err := operationsOf(sent)
	if err != nil {
		return nil, err
	}
	var all []edit
	for _, one := range operations {
		list, err := t.editsOf(one, own)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// operationsOf takes the body of a PATCH apart.
func operationsOf(sent object) ([]any, error) {
	var operations []any
	for key, v := range sent {
		list, isList := v.([]any)
		switch {
		case strings.EqualFold(key, "schemas"):
			if !isList || !slices.ContainsFunc(list, func(one any) bool { urn, _ := one.(string); return strings.EqualFold(urn, patchURN) }) {
				return nil, malformed(invalidSyntax, "schemas must name %s.", patchURN)
			}
		case strings.EqualFold(key, "Operations") && isList && operations == nil:
			operations = list
		default:
			return nil, malformed(invalidSyntax, "A PATCH holds schemas and a list of Operations, and not %s.", quoted(key))
		}
	}
	if len(operations) == 0 {
		return nil, malformed(invalidSyntax, "There is no operation in this PATCH.")
	}
	return operations, nil
}

// An operation is one of a PATCH, as it was sent.
type operation struct {
	verb, path string
	value      any
	null       bool // a value was sent that is none
}

// operationOf takes an operation apart, whose names and verb may be written in any case.
func operationOf(said any) (made operation, err error) {
	sent, ok := asObject(said)
	if !ok {
		return made, malformed(invalidSyntax, "An operation must be an object.")
	}
	for key, v := range sent {
		isText := true
		switch strings.ToLower(key) {
		case "op":
			made.verb, isText = v.(string)
		case "path":
			if v != nil {
				made.path, isText = v.(string)
			}
		case "value":
			made.value, made.null = v, v == nil
		case "name": // a label that Entra ID adds
		default:
			return made, malformed(invalidSyntax, "An operation holds op, path and value, and not %s.", quoted(key))
		}
		if !isText {
			return made, malformed(invalidSyntax, "%s must be text.", key)
		}
	}
	if made.verb = strings.ToLower(made.verb); made.verb != "add" && made.verb != "replace" && made.verb != "remove" {
		return made, malformed(invalidSyntax, "op must be add, replace or remove.")
	}
	return made, nil
}

// editsOf reads one operation.
func (t resourceType) editsOf(said any, own access.ID) ([]edit, error) {
	sent, err := operationOf(said)
	if err != nil {
		return nil, err
	}
	if sent.path == "" {
		return t.editsWithoutPath(sent.verb, sent.value, own)
	}
	list, err := t.editsAt(sent.verb, sent.path, sent.value)
	if err == nil && sent.verb == "remove" && sent.null && list[0].attribute.name == "members" && list[0].where == nil { // a list that got lost
		return nil, malformed(invalidValue, "value is null. Say whom to remove, or leave it out to remove everybody.")
	}
	return list, err
}

// editsWithoutPath takes a value apart whose keys are paths themselves.
func (t resourceType) editsWithoutPath(verb string, v any, own access.ID) ([]edit, error) {
	if verb == "remove" {
		return nil, malformed(noTarget, "Say with path what to remove.")
	}
	entries, ok := asObject(v)
	if !ok {
		return nil, malformed(invalidValue, "Without a path, value must be an object.")
	}
	var all []edit
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		said, _ := entries[key].(string)
		if strings.EqualFold(key, "schemas") || strings.EqualFold(key, "id") && said == string(own) { // Okta sends the group's own id along
			continue
		}
		list, err := t.editsAt(verb, key, entries[key])
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// editsAt reads an operation with a path.
func (t resourceType) editsAt(verb, path string, v any) ([]edit, error) {
	if len(path) > longestFilter {
		return nil, malformed(invalidPath, "A path has at most %d characters.", longestFilter)
	}
	if extension, ok := t.extension(path); ok {
		return t.editsOfExtension(verb, extension, v)
	}
	read, err := filter.ParsePath([]byte(unescaped(path)))
	if err != nil {
		return nil, malformed(invalidPath, "The path %s cannot be read.", quoted(path))
	}
	made := edit{verb: verb, where: read.ValueExpression, value: v, valued: v != nil}
	var ok bool
	if made.extension, made.attribute, ok = t.find(read.AttributePath.URI(), read.AttributePath.AttributeName); !ok {
		return nil, malformed(invalidPath, "%s is no attribute that Gatehouse keeps.", quoted(path))
	}
	if made.attribute.readOnly {
		return nil, malformed(mutability, "%s is not the provider's to set.", made.attribute.name)
	}
	if name := read.AttributePath.SubAttributeName() + read.SubAttributeName(); name != "" {
		part, known := made.attribute.part(name)
		if !known || made.attribute.many && made.where == nil {
			return nil, malformed(invalidPath, "%s names nothing that Gatehouse keeps.", quoted(path))
		}
		made.part = &part
	}
	if made.where != nil && !made.attribute.many {
		return nil, malformed(invalidPath, "%s has one value, so there is nothing to choose from.", made.attribute.name)
	}
	return []edit{made}, nil
}

func (t resourceType) editsOfExtension(verb string, extension schema, v any) ([]edit, error) {
	var all []edit
	if verb == "remove" && v == nil {
		for _, a := range extension.attributes {
			all = append(all, edit{verb: verb, extension: extension.urn, attribute: a})
		}
		return all, nil
	}
	entries, ok := asObject(v)
	if !ok {
		return nil, malformed(invalidValue, "%s must be an object.", extension.urn)
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		list, err := t.editsAt(verb, extension.urn+":"+key, entries[key])
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}
