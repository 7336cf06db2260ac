package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showNewResource asks for what a new resource is called and holds.
func (s *Server) showNewResource(r *request) error {
	form, err := s.resourceForm(r, access.Kind(r.QueryParam("kind")), r.QueryParam("parent"))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, resourceFormPage(form))
}

func resourceFormPage(shown views.ResourceForm) page {
	return pageOf("Create", views.ResourceFormPage, views.ResourceFormDialog, shown)
}

// resourceForm is the form for a new resource of a kind, inside a parent if one is named.
func (s *Server) resourceForm(r *request, kind access.Kind, parent string) (views.ResourceForm, error) {
	form := views.ResourceForm{Org: r.org().Slug, OrgName: r.org().Name, Kind: kind}
	if !kind.Known() || !kind.Owned() || kind == access.Artifact {
		return form, access.ErrNotFound
	}
	form.Content, form.NoVault = views.ContentFields(kind, nil, nil), kind == access.Secret && !s.store.CanKeepSecrets()
	holder, err := s.holder(r, kind, parent, &form)
	if err != nil {
		return form, err
	}
	form.Parent = holder.Ref()
	if form.Orgs, err = s.ownerOrganizations(r, kind); err != nil {
		return form, err
	}
	mode, roleName := db.StartingAccess(holder.Kind, kind, r.org().Policy)
	form.Mode = mode
	form.OrgRole, _ = access.FindRole(kind, roleName)
	return form, access.Decide(r.actor(), access.CreateResource{Parent: holder, Resource: access.Resource{Kind: kind}})
}

// holder is the resource in which the new one will lie: the one named, or else the first module that the person may
// create in.
func (s *Server) holder(r *request, kind access.Kind, parent string, form *views.ResourceForm) (access.Resource, error) {
	if kind == access.Project || parent == "" {
		places, err := s.store.ListPlacesToCreate(r.ctx(), r.org().ID, r.user.ID)
		if err != nil {
			return access.Resource{}, err
		}
		if len(places) == 0 {
			return access.Resource{}, access.Denied("You cannot create anything in this organization. Ask an Admin for the role Modeler.")
		}
		if len(places) > 1 {
			form.Parents = places
		}
		if parent == "" {
			parent = string(places[0].ID)
		}
	}
	id, err := parseID(parent)
	if err != nil {
		return access.Resource{}, err
	}
	return s.store.FindResource(r.ctx(), r.org().ID, r.user.ID, id)
}

// createResource makes a resource that the person will own.
func (s *Server) createResource(r *request) error {
	form, err := s.resourceForm(r, access.Kind(r.form("kind")), r.form("parent"))
	if err != nil {
		return err
	}
	form.Name, form.Description = r.form("name"), r.form("description")
	made := db.NewResource{Kind: form.Kind, Parent: form.Parent.ID, Name: form.Name, Description: form.Description, Content: r.typedContent(form.Kind)}
	id, err := s.makeResource(r, made)
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems, form.Content = problems, views.ContentFields(form.Kind, made.Content, problems)
			return resourceFormPage(form)
		})
	}
	return r.done(views.ResourcePath(r.org().Slug, id), views.Flash{Message: form.Name + " is here. Share it when others should work on it."})
}

// makeResource makes a resource; a secret needs its value from the start.
func (s *Server) makeResource(r *request, made db.NewResource) (access.ID, error) {
	if made.Kind == access.Secret {
		made.Secret = r.FormValue("value")
		if err := access.CleanSecret(made.Secret); err != nil {
			return "", err
		}
	}
	return s.store.CreateResource(r.ctx(), r.by(), r.org().ID, made)
}
