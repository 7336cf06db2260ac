package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// hasTemplates: only a project has rights templates.
func hasTemplates(r *request) error {
	if r.resource.Kind != access.Project {
		return access.ErrNotFound
	}
	return nil
}

// managesTemplates: a project's rights templates are for those who share it.
func managesTemplates(r *request) error {
	return access.Decide(r.actor(), access.CreateTemplate{Project: r.resource})
}

// addTemplates lists the templates of the project, for its tab.
func (s *Server) addTemplates(r *request, shown *views.Resource) error {
	templates, err := s.store.ListTemplates(r.ctx(), r.org().ID, r.resource.ID)
	for _, each := range templates {
		shown.Templates = append(shown.Templates, views.TemplateRow{Template: each.Role, Grants: each.Grants, People: each.People})
	}
	return err
}

// templatesOf are the roles that the project has besides the built-in ones.
func (s *Server) templatesOf(r *request, resource access.Resource) ([]access.Role, error) {
	if resource.Kind != access.Project {
		return nil, nil
	}
	templates, err := s.store.ListTemplates(r.ctx(), r.org().ID, resource.ID)
	roles := make([]access.Role, len(templates))
	for i, each := range templates {
		roles[i] = each.Role
	}
	return roles, err
}

// showNewTemplate asks for a name and rights.
func (s *Server) showNewTemplate(r *request) error {
	form, err := newTemplateForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, templateFormPage(form))
}

func newTemplateForm(r *request) (views.TemplateForm, error) {
	form := views.TemplateForm{Org: r.org().Slug, Project: r.resource.Ref(), Held: r.resource.Rights, Rights: access.View | access.Query}
	return form, managesTemplates(r)
}

func templateFormPage(shown views.TemplateForm) page {
	return pageOf("Rights template", views.TemplateFormPage, views.TemplateFormDialog, shown)
}

// readTemplate reads what was typed and chosen into a form.
func readTemplate(r *request, form *views.TemplateForm) error {
	form.Name, form.Rights = r.form("name"), access.Discover
	for _, name := range r.Request().Form["rights"] {
		right, ok := access.ParseRight(name)
		if !ok {
			return access.Invalid("rights", "%q is not a right.", name)
		}
		form.Rights |= right
	}
	return nil
}

// createTemplate makes a rights template.
func (s *Server) createTemplate(r *request) error {
	form, err := newTemplateForm(r)
	if err != nil {
		return err
	}
	if err = readTemplate(r, &form); err == nil {
		_, err = s.store.CreateTemplate(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.Name, form.Rights)
	}
	if err != nil {
		return refusedTemplate(r, form, err)
	}
	return r.done(templatesTab(r), views.Flash{Message: "The template " + form.Name + " is here. Give it to people and groups under Share."})
}

func refusedTemplate(r *request, form views.TemplateForm, err error) error {
	return r.refused(err, func(problems views.Problems) page {
		form.Problems = problems
		return templateFormPage(form)
	})
}

func templatesTab(r *request) string {
	return views.ResourceTabPath(r.org().Slug, r.resource.ID, views.TemplatesTab)
}

// template reads the template of the URL for somebody who may change it.
func (s *Server) template(r *request) (db.Template, error) {
	id, err := r.id("template")
	if err == nil {
		err = managesTemplates(r)
	}
	if err != nil {
		return db.Template{}, err
	}
	return s.store.FindTemplate(r.ctx(), r.org().ID, r.resource.ID, id)
}

// showTemplate asks for another name and other rights, and says how many that concerns.
func (s *Server) showTemplate(r *request) error {
	held, err := s.template(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, templateFormPage(templateForm(r, held)))
}

func templateForm(r *request, held db.Template) views.TemplateForm {
	return views.TemplateForm{Org: r.org().Slug, Project: r.resource.Ref(), ID: access.ID(held.ID), Name: held.Name, Rights: held.Here,
		Held: r.resource.Rights, Grants: held.Grants, People: held.People}
}

// editTemplate changes a template, and so what everybody who holds it may do.
func (s *Server) editTemplate(r *request) error {
	held, err := s.template(r)
	if err != nil {
		return err
	}
	form := templateForm(r, held)
	err = readTemplate(r, &form)
	if err == nil && form.Rights != held.Here && r.form("confirm") != form.Rights.String() {
		return s.showTemplateEffect(r, form)
	}
	if err == nil {
		err = s.store.EditTemplate(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.ID, form.Name, form.Rights)
	}
	if err != nil {
		return refusedTemplate(r, form, err)
	}
	return r.done(templatesTab(r), views.Flash{Message: "The template " + form.Name + " is changed."})
}

// showTemplateEffect shows the form again, with what its rights would do to those who hold the template.
func (s *Server) showTemplateEffect(r *request, form views.TemplateForm) error {
	effect, err := s.store.PreviewTemplate(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.ID, form.Name, form.Rights)
	if err != nil {
		return refusedTemplate(r, form, err)
	}
	form.Effect, form.Confirm = &effect, form.Rights.String()
	return r.show(http.StatusOK, templateFormPage(form))
}

// showTemplateDeletion asks before a template goes, or says that it is given.
func (s *Server) showTemplateDeletion(r *request) error {
	form, err := s.templateDeletionForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, templateDeletionPage(form))
}

func templateDeletionPage(shown views.TemplateDeletion) page {
	return pageOf("Delete template", views.TemplateDeletionPage, views.TemplateDeletionDialog, shown)
}

func (s *Server) templateDeletionForm(r *request) (views.TemplateDeletion, error) {
	held, err := s.template(r)
	if err != nil {
		return views.TemplateDeletion{}, err
	}
	form := views.TemplateDeletion{Org: r.org().Slug, Project: r.resource.Ref(), ID: access.ID(held.ID), Name: held.Name}
	err = access.Decide(r.actor(), access.DeleteTemplate{Project: r.resource, Template: held.Role, Grants: held.Grants, People: held.People})
	if errors.Is(err, access.ErrConflict) {
		form.Refusal, err = err.Error(), nil
	}
	return form, err
}

// deleteTemplate removes a template that nobody holds.
func (s *Server) deleteTemplate(r *request) error {
	form, err := s.templateDeletionForm(r)
	if err != nil {
		return err
	}
	if err := s.store.DeleteTemplate(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.ID); err != nil {
		return r.refused(err, func(views.Problems) page { return templateDeletionPage(form) })
	}
	return r.done(templatesTab(r), views.Flash{Message: "The template " + form.Name + " is deleted."})
}
