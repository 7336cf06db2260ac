package views

import "gatehouse/access"

// A TemplateRow is one rights template of a project.
type TemplateRow struct {
	Template access.Role
	Grants   int // how often it is given
	People   int // who hold it through that
}

// TemplateForm makes a rights template or changes one. It posts name and rights, repeated.
type TemplateForm struct {
	Org      string
	Project  access.Ref
	ID       access.ID // empty for a new one
	Name     string
	Rights   access.Rights
	Held     access.Rights // by the person: nobody puts in what they do not hold
	Grants   int
	People   int
	Effect   *access.Effect // of the change; sent again with Confirm, the form makes it
	Confirm  string
	Problems Problems
}

// TemplateDeletion asks before a rights template goes, or says why it stays.
type TemplateDeletion struct {
	Org     string
	Project access.Ref
	ID      access.ID
	Name    string
	Refusal string // it is given
}

// rights are what the template gives, in words.
func (r TemplateRow) rights() string {
	var words []string
	for _, right := range access.AllRights() {
		if right != access.Discover && r.Template.Here.Has(right) {
			words = append(words, right.String())
		}
	}
	if len(words) == 0 {
		return "See that it exists"
	}
	return capital(list(words))
}

func (r TemplateRow) given() string {
	if r.Grants == 0 {
		return "Not given"
	}
	return count(r.Grants, "time", "times") + ", to " + people(r.People)
}

func (f TemplateForm) action() string {
	if f.ID == "" {
		return TemplatesPath(f.Org, f.Project.ID)
	}
	return TemplatePath(f.Org, f.Project.ID, f.ID)
}

func (f TemplateForm) back() string { return ResourceTabPath(f.Org, f.Project.ID, TemplatesTab) }

func (f TemplateForm) title() string {
	if f.ID == "" {
		return "Create a rights template"
	}
	return "Change the rights template"
}

func (f TemplateForm) lead() string {
	if f.Grants > 0 {
		return people(f.People) + plural(f.People, " holds it.", " hold it.") + " What you change here counts for them at once."
	}
	return "A role of your own for " + f.Project.Name + " and everything in it. Give it under Share."
}

func (f TemplateForm) button() string {
	if f.ID == "" {
		return "Create template"
	}
	return "Save template"
}

type rightChoice struct {
	right   access.Rights
	label   string
	chosen  bool
	refused bool // the person does not hold it
}

// choices are the rights that a template may hold, each with what it lets somebody do.
func (f TemplateForm) choices() []rightChoice {
	choices := []rightChoice{
		{right: access.View, label: "Read what is in it"},
		{right: access.Query, label: "Run queries on it"},
		{right: access.Create, label: "Make packages and other things in it"},
		{right: access.Edit, label: "Change what is in it"},
		{right: access.Configure, label: "Change names, descriptions and settings"},
		{right: access.Connect, label: "Manage its connections"},
		{right: access.Reveal, label: "Read secret values"},
		{right: access.Delete, label: "Delete it, and what is in it"},
	}
	for i := range choices {
		choices[i].chosen, choices[i].refused = f.Rights.Has(choices[i].right), !f.Held.Has(choices[i].right)
	}
	return choices
}

func (d TemplateDeletion) back() string { return ResourceTabPath(d.Org, d.Project.ID, TemplatesTab) }

func (r TemplateRow) id() access.ID { return access.ID(r.Template.ID) }
