package rest

import (
	"gatehouse/access"
	"gatehouse/db"
)

// A Template is a role that a project has of its own.
type Template struct {
	ID     access.ID       `json:"id"`
	Name   string          `json:"name" doc:"With it a grant on the project names the template as its role."`
	Rights []TemplateRight `json:"rights" doc:"discover is always among them."`
	Grants int             `json:"grants" doc:"In force, that give it."`
	People int             `json:"people" doc:"Who hold it through them."`
}

// A TemplateRight is a right that a template can hold.
type TemplateRight string

func rightsTemplate(t db.Template) Template {
	shown := Template{ID: access.ID(t.ID), Name: t.Name, Rights: []TemplateRight{}, Grants: t.Grants, People: t.People}
	for _, name := range t.Here.Names() {
		shown.Rights = append(shown.Rights, TemplateRight(name))
	}
	return shown
}

// templating is the project of the path, for those who share it; nothing else has templates.
func (c *Call) templating() (access.Resource, error) {
	project, err := c.resource()
	if err == nil && project.Kind != access.Project {
		err = access.ErrNotFound
	}
	if err == nil {
		err = access.Decide(c.Actor, access.CreateTemplate{Project: project})
	}
	return project, err
}

// template reads the template of the path.
func (c *Call) template() (project access.Resource, held db.Template, err error) {
	id, err := c.id("template")
	if err != nil {
		return project, held, err
	}
	if project, err = c.templating(); err != nil {
		return project, held, err
	}
	held, err = c.store.FindTemplate(c.ctx(), c.Org.ID, project.ID, id)
	return project, held, err
}

// ListTemplates lists a project's rights templates.
func ListTemplates(c *Call) (Answer, error) {
	project, err := c.templating()
	if err != nil {
		return Answer{}, err
	}
	rows, err := c.store.ListTemplates(c.ctx(), c.Org.ID, project.ID)
	if err != nil {
		return Answer{}, err
	}
	return listOf(rows, "", rightsTemplate)
}

// ShowTemplate answers which rights a template holds, and how many hold it.
func ShowTemplate(c *Call) (Answer, error) {
	_, held, err := c.template()
	if err != nil {
		return Answer{}, err
	}
	return found(rightsTemplate(held))
}

// A NewTemplate is a rights template that somebody asks for.
type NewTemplate struct {
	Name   string          `json:"name"`
	Rights []TemplateRight `json:"rights" doc:"discover is added."`
}

// rightsOf reads the names of rights.
func rightsOf(names []TemplateRight) (access.Rights, error) {
	rights := access.Discover
	for _, name := range names {
		right, ok := access.ParseRight(string(name))
		if !ok {
			return 0, access.Invalid("rights", "%q is not a right.", string(name))
		}
		rights |= right
	}
	return rights, nil
}

// CreateTemplate makes a rights template of a project.
func CreateTemplate(c *Call) (Answer, error) {
	project, err := c.templating()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[NewTemplate](c)
	if err != nil {
		return Answer{}, err
	}
	rights, err := rightsOf(asked.value.Rights)
	if err != nil {
		return Answer{}, err
	}
	id, err := c.store.CreateTemplate(c.ctx(), c.By, c.Org.ID, project.ID, asked.value.Name, rights)
	if err != nil {
		return Answer{}, err
	}
	made, err := c.store.FindTemplate(c.ctx(), c.Org.ID, project.ID, id)
	if err != nil {
		return Answer{}, err
	}
	return created(rightsTemplate(made))
}

// A TemplateChange is what of a template is to be different.
type TemplateChange struct {
	Name   string          `json:"name,omitempty"`
	Rights []TemplateRight `json:"rights,omitempty" doc:"All that it is to hold; discover is added."`
}

// A templateEdit is a template of the path as it is to be.
type templateEdit struct {
	project, id access.ID
	name        string
	rights      access.Rights
}

// templateEdit reads the template of the path and what of it is to be different.
func (c *Call) templateEdit() (edit templateEdit, err error) {
	project, held, err := c.template()
	if err != nil {
		return edit, err
	}
	asked, err := read[TemplateChange](c)
	if err != nil {
		return edit, err
	}
	edit = templateEdit{project: project.ID, id: access.ID(held.ID), name: held.Name, rights: held.Here}
	if asked.has["name"] != nil {
		edit.name = asked.value.Name
	}
	if asked.has["rights"] != nil {
		if edit.rights, err = rightsOf(asked.value.Rights); err != nil {
			return edit, err
		}
	}
	return edit, c.unchanged(ShowTemplate)
}

// ChangeTemplate changes a template, and so what everybody who holds it may do.
func ChangeTemplate(c *Call) (Answer, error) {
	edit, err := c.templateEdit()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.EditTemplate(c.ctx(), c.By, c.Org.ID, edit.project, edit.id, edit.name, edit.rights); err != nil {
		return Answer{}, err
	}
	return ShowTemplate(c)
}

// DeleteTemplate removes a template that nobody holds.
func DeleteTemplate(c *Call) (Answer, error) {
	project, held, err := c.template()
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowTemplate); err != nil {
		return Answer{}, err
	}
	if err := c.store.DeleteTemplate(c.ctx(), c.By, c.Org.ID, project.ID, access.ID(held.ID)); err != nil {
		return Answer{}, err
	}
	return gone()
}
