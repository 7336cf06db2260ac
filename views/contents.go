package views

import (
	"strings"

	"gatehouse/access"
)

// A ContentField is one field of what a resource holds, to be read or filled in.
type ContentField struct {
	access.Field
	Value   string
	Problem string
}

// ContentForm changes what a resource holds. It posts the fields of its kind by their names.
type ContentForm struct {
	Org      string
	Resource access.Ref
	Fields   []ContentField
	Problems Problems
}

// ContentFields are the fields of a kind with what stands in them, and what is wrong with it.
func ContentFields(kind access.Kind, content map[string]string, problems Problems) []ContentField {
	var list []ContentField
	for _, field := range kind.Fields() {
		list = append(list, ContentField{Field: field, Value: content[field.Name], Problem: problems[field.Name]})
	}
	return list
}

// label says which fields may stay empty.
func (f ContentField) label() string {
	if f.Required {
		return f.Label
	}
	return f.Label + " (optional)"
}

func (f ContentField) describedBy() string { return f.Name + "-hint " + f.Name + "-problem" }

// mono tells whether a value is written as programs read it.
func (f ContentField) mono() bool {
	return f.Name != "text" && f.Name != "format" && f.Name != "system"
}

func contentClass(f ContentField) string {
	switch {
	case f.mono() && f.Lines > 1:
		return "content-text mono"
	case f.mono():
		return "mono"
	case f.Lines > 1:
		return "content-text"
	}
	return ""
}

// filled are the fields that have a value.
func filled(fields []ContentField) []ContentField {
	var list []ContentField
	for _, field := range fields {
		if field.Value != "" {
			list = append(list, field)
		}
	}
	return list
}

// columns are the lines of a dataset's columns, each cut after the column's name.
func columns(text string) [][2]string {
	var list [][2]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, about, found := strings.Cut(line, ":")
		if !found {
			name, about, _ = strings.Cut(line, " ")
		}
		list = append(list, [2]string{strings.TrimSpace(name), strings.TrimSpace(about)})
	}
	return list
}

// A ResourceGroup is resources under a heading: those of one kind, or constants of one category.
type ResourceGroup struct {
	ID    string // of the heading
	Title string
	Rows  []ResourceRow
}

// GroupResources puts resources under headings, in the order of the kinds; constants by category.
func GroupResources(rows []ResourceRow) []ResourceGroup {
	var groups []ResourceGroup
	for _, kind := range OtherKinds {
		groups = append(groups, groupsOf(kind, rows)...)
	}
	return groups
}

func groupsOf(kind access.Kind, rows []ResourceRow) []ResourceGroup {
	var groups []ResourceGroup
	places := map[string]int{}
	for _, row := range rows {
		if row.Resource.Type != string(kind) {
			continue
		}
		title := kinds(kind)
		if category := access.Category(row.Resource.Name); kind == access.Constant && category != "" {
			title += " · " + category
		}
		at, known := places[title]
		if !known {
			at = len(groups)
			places[title] = at
			groups = append(groups, ResourceGroup{ID: string(kind) + "-" + number(at), Title: title})
		}
		groups[at].Rows = append(groups[at].Rows, row)
	}
	return groups
}

func countRows(groups []ResourceGroup) int {
	rows := 0
	for _, group := range groups {
		rows += len(group.Rows)
	}
	return rows
}

// OtherKinds are the kinds that lie in a project or a module beside packages.
var OtherKinds = []access.Kind{access.Dataset, access.Analysis, access.Release, access.Constant, access.Secret, access.Connection, access.Bucket}

// OtherResources is the list of the resources of one kind in the whole organization.
type OtherResources struct {
	Org       string
	Kind      access.Kind
	Search    string
	Groups    []ResourceGroup
	Pager     Pager
	CanCreate bool // in a module
}

func (o OtherResources) path() string {
	return OtherResourcesPath(o.Org, o.Kind, o.Search)
}

// kindConsequence says in a line what a kind is for.
func kindConsequence(kind access.Kind) string {
	switch kind {
	case access.Dataset:
		return "Where data lies and what its columns mean."
	case access.Analysis:
		return "A text: what was asked and what was found."
	case access.Release:
		return "A dashboard or a program that people open."
	case access.Constant:
		return "A value that programs read."
	case access.Secret:
		return "A password or key that no page shows."
	case access.Connection:
		return "Another system, and the secret for it."
	}
	return "A place for files."
}
