package scim

import (
	"maps"
	"reflect"
	"slices"

	filter "github.com/scim2/filter-parser/v2"
)

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
	if v == nil && e.attribute.name == "active" { // nothing, wrapped in a list: whoever is not active is deactivated
		return malformed(invalidValue, "active must be true or false.")
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
	return o.putList(e, had, v)
}

// putList sets an attribute. Of what it had, only the newest is the primary one, as RFC 7644 §3.5.2 asks.
func (o object) putList(e edit, had, v any) error {
	list, _ := v.([]any)
	if len(list) > mostValues {
		return malformed(invalidValue, "%s has at most %d values.", e.attribute.name, mostValues)
	}
	before, _ := had.([]any)
	if primaries(list) > 1 {
		for i, one := range list {
			if parts, _ := asObject(one); parts["primary"] == true && slices.ContainsFunc(before, func(other any) bool { return reflect.DeepEqual(one, other) }) {
				parts = maps.Clone(parts)
				parts["primary"] = false
				list[i] = map[string]any(parts)
			}
		}
	}
	if primaries(list) > 1 {
		return malformed(invalidValue, "Only one of the %s can be the primary one.", e.attribute.name)
	}
	o.put(e.extension, e.attribute, v)
	return nil
}

// primaries counts the values that say they are the primary one.
func primaries(list []any) (count int) {
	for _, one := range list {
		if parts, _ := asObject(one); parts["primary"] == true {
			count++
		}
	}
	return count
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
		return o.putList(e, had, nil)
	}
	return o.putList(e, had, kept)
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
