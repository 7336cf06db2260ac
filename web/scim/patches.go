package scim

import (
	"maps"
	"reflect"
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

// editsOf reads one operation.
func (t resourceType) editsOf(operation any, own access.ID) ([]edit, error) {
	sent, ok := asObject(operation)
	if !ok {
		return nil, malformed(invalidSyntax, "An operation must be an object.")
	}
	var verb, path string
	var v any
	for key, said := range sent {
		isText := true
		switch strings.ToLower(key) {
		case "op":
			verb, isText = said.(string)
		case "path":
			if said != nil {
				path, isText = said.(string)
			}
		case "value":
			v = said
		case "name": // a label that Entra ID adds
		default:
			return nil, malformed(invalidSyntax, "An operation holds op, path and value, and not %s.", quoted(key))
		}
		if !isText {
			return nil, malformed(invalidSyntax, "%s must be text.", key)
		}
	}
	if verb = strings.ToLower(verb); verb != "add" && verb != "replace" && verb != "remove" {
		return nil, malformed(invalidSyntax, "op must be add, replace or remove.")
	}
	if path != "" {
		return t.editsAt(verb, path, v)
	}
	return t.editsWithoutPath(verb, v, own)
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

// apply carries out an edit. Nothing but the resource that is given changes, and it is thrown away where a later edit fails.
func (o object) apply(e edit) error {
	if (e.verb == "remove" || !e.valued) && e.part == nil && (e.attribute.required || e.attribute.name == "active") {
		return malformed(mutability, "%s cannot be taken away.", e.attribute.name)
	}
	switch {
	case e.where != nil:
		return o.applyWhere(e)
	case e.part != nil:
		return o.applyToPart(e)
	}
	had := o.inside(e.extension)[e.attribute.name]
	v, err := e.attribute.clean(e.value)
	if err != nil {
		return err
	}
	switch {
	case e.verb == "remove" && e.valued && e.attribute.many:
		v = without(had, v)
	case e.verb == "remove" || !e.valued:
		v = nil
	case e.attribute.many && e.verb == "add":
		v = together(had, v)
	case e.attribute.kind == complexed && !e.attribute.many:
		v = merged(had, v)
	}
	o.put(e.extension, e.attribute, v)
	return nil
}

// applyToPart changes one part of a complex attribute that has one value.
func (o object) applyToPart(e edit) error {
	v, err := e.part.clean(e.value)
	if err != nil {
		return err
	}
	parts, ok := asObject(o.inside(e.extension)[e.attribute.name])
	if !ok {
		parts = object{}
	}
	parts = maps.Clone(parts)
	if delete(parts, e.part.name); e.verb != "remove" && v != nil {
		parts[e.part.name] = v
	}
	if len(parts) == 0 {
		parts = nil
	}
	if parts == nil {
		o.put(e.extension, e.attribute, nil)
	} else {
		o.put(e.extension, e.attribute, map[string]any(parts))
	}
	return nil
}

// applyWhere changes those values of an attribute that a filter chooses.
func (o object) applyWhere(e edit) error {
	had, _ := o.inside(e.extension)[e.attribute.name].([]any)
	var kept []any
	found := false
	for _, one := range had {
		parts, _ := asObject(one)
		chosen, err := matches(e.where, e.attribute.reader(parts))
		if err != nil {
			return err
		}
		if chosen {
			found = true
			if parts, err = e.change(parts); err != nil {
				return err
			}
		}
		if len(parts) > 0 {
			kept = append(kept, map[string]any(parts))
		}
	}
	if !found && e.verb != "remove" {
		made, err := e.fresh()
		if err != nil {
			return err
		}
		kept = append(kept, map[string]any(made))
	}
	if kept == nil {
		o.put(e.extension, e.attribute, nil)
	} else {
		o.put(e.extension, e.attribute, kept)
	}
	return nil
}

// change is what becomes of one chosen value; empty where it goes.
func (e edit) change(parts object) (object, error) {
	if e.part == nil && (e.verb == "remove" || !e.valued) {
		return nil, nil
	}
	parts = maps.Clone(parts)
	if e.part != nil {
		v, err := e.part.clean(e.value)
		if delete(parts, e.part.name); e.verb != "remove" && v != nil {
			parts[e.part.name] = v
		}
		return parts, err
	}
	one := e.attribute
	one.many = false
	v, err := one.clean(e.value)
	sent, _ := asObject(v)
	if e.verb == "replace" {
		return sent, err
	}
	maps.Copy(parts, sent)
	return parts, err
}

// fresh makes the value that add asks for where the filter finds none and says what it is: emails[type eq "work"].value.
func (e edit) fresh() (object, error) {
	said, ok := e.where.(*filter.AttributeExpression)
	if e.verb != "add" || !ok || said.Operator != filter.EQ || said.AttributePath.SubAttribute != nil {
		return nil, malformed(noTarget, "%s has no value that the path describes.", e.attribute.name)
	}
	part, known := e.attribute.part(said.AttributePath.AttributeName)
	if !known {
		return nil, malformed(invalidPath, "%s has no part %s here.", e.attribute.name, quoted(said.AttributePath.AttributeName))
	}
	v, err := part.clean(compared(said))
	if err != nil {
		return nil, err
	}
	return e.change(object{part.name: v})
}

// together is a list with what is new in another.
func together(had, added any) any {
	list, _ := had.([]any)
	list = slices.Clone(list)
	more, _ := added.([]any)
	for _, one := range more {
		if !slices.ContainsFunc(list, func(other any) bool { return reflect.DeepEqual(one, other) }) {
			list = append(list, one)
		}
	}
	return list
}

// without is a list without the values in another: those that are the same, or have the same value.
func without(had, gone any) any {
	list, _ := had.([]any)
	less, _ := gone.([]any)
	kept := slices.DeleteFunc(slices.Clone(list), func(one any) bool {
		return slices.ContainsFunc(less, func(other any) bool {
			a, _ := asObject(one)
			b, _ := asObject(other)
			return reflect.DeepEqual(one, other) || len(b) == 1 && b.text("value") != "" && a.text("value") == b.text("value")
		})
	})
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// merged are the parts of a complex value with those of another over them.
func merged(had, over any) any {
	parts, _ := asObject(had)
	more, _ := asObject(over)
	all := maps.Clone(map[string]any(parts))
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, more)
	if len(all) == 0 {
		return nil
	}
	return all
}
