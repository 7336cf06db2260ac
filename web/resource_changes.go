package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showResourceSettings asks for another name and description.
func (s *Server) showResourceSettings(r *request) error {
	if err := access.Decide(r.actor(), access.EditResource{Resource: r.resource}); err != nil {
		return err
	}
	return r.show(http.StatusOK, resourceFormPage(settingsForm(r)))
}

func settingsForm(r *request) views.ResourceForm {
	return views.ResourceForm{Org: r.org().Slug, OrgName: r.org().Name, ID: r.resource.ID, Kind: r.resource.Kind,
		Name: r.resource.Name, Description: r.resource.Description}
}

// changeResource changes a resource's name and description.
func (s *Server) changeResource(r *request) error {
	form := settingsForm(r)
	form.Name, form.Description = r.form("name"), r.form("description")
	if err := s.store.EditResource(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.Name, form.Description); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return resourceFormPage(form)
		})
	}
	return r.done(views.ResourcePath(r.org().Slug, r.resource.ID), views.Flash{Message: "The settings are changed."})
}

// showResourceDeletion asks before a resource goes with everything inside.
func (s *Server) showResourceDeletion(r *request) error {
	form, err := s.resourceDeletionForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, resourceDeletionPage(form))
}

func resourceDeletionPage(shown views.ResourceDeletion) page {
	return pageOf("Delete", views.ResourceDeletionPage, views.ResourceDeletionDialog, shown)
}

func (s *Server) resourceDeletionForm(r *request) (views.ResourceDeletion, error) {
	form := views.ResourceDeletion{Org: r.org().Slug, Resource: r.resource.Ref()}
	var err error
	if form.Inside, err = s.store.CountInside(r.ctx(), r.org().ID, r.resource.ID); err != nil {
		return form, err
	}
	err = access.Decide(r.actor(), access.DeleteResource{Resource: r.resource, Inside: form.Inside})
	if errors.Is(err, access.ErrConflict) {
		form.Refusal, err = err.Error(), nil
	}
	if err != nil {
		return form, err
	}
	if r.resource.Kind == access.Module {
		return form, nil // nobody loses anything: it is empty
	}
	form.People, err = s.store.CountViewers(r.ctx(), r.org().ID, r.resource.ID)
	return form, err
}

// deleteResource removes a resource and everything inside it.
func (s *Server) deleteResource(r *request) error {
	form, err := s.resourceDeletionForm(r)
	if err != nil {
		return err
	}
	form.Confirm = r.form("confirm")
	err = access.Invalid("confirm", "Type %s to delete it.", r.resource.Name)
	if form.Confirm == r.resource.Name {
		err = s.store.DeleteResource(r.ctx(), r.by(), r.org().ID, r.resource.ID)
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return resourceDeletionPage(form)
		})
	}
	gone := views.HomePath(r.org().Slug)
	if r.resource.Kind == access.Module {
		gone = views.ModulesPath(r.org().Slug)
	}
	return r.done(gone, views.Flash{Message: r.resource.Name + " is deleted."})
}

// showOwner asks who should own a resource.
func (s *Server) showOwner(r *request) error {
	form, err := s.ownerForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, ownerPage(form))
}

func ownerPage(shown views.Owner) page {
	return pageOf("Transfer", views.OwnerPage, views.OwnerDialog, shown)
}

func (s *Server) ownerForm(r *request) (views.Owner, error) {
	refusal := access.Decide(r.actor(), access.TransferResource{Resource: r.resource, To: access.Member{Status: access.Active}})
	if errors.Is(refusal, access.ErrDenied) {
		return views.Owner{}, refusal
	}
	heirs, err := s.store.ListHeirs(r.ctx(), r.org().ID, r.resource.Owner.ID, "")
	return views.Owner{Org: r.org().Slug, Resource: r.resource, Version: r.resource.Version, You: r.resource.Owner.ID == r.user.ID,
		Suggestions: heirs}, err
}

// transferResource gives a resource another owner, after their address was typed twice.
func (s *Server) transferResource(r *request) error {
	form, err := s.ownerForm(r)
	if err != nil {
		return err
	}
	form.Owner, form.Confirm, form.Version = r.form("owner"), r.form("confirm"), r.version()
	if err := s.transfer(r, form); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems, form.Version = problems, r.resource.Version
			return ownerPage(form)
		})
	}
	path := views.ResourcePath(r.org().Slug, r.resource.ID)
	if rights, err := s.store.Rights(r.ctx(), r.user.ID, r.resource.ID); err != nil || rights == 0 {
		path = views.HomePath(r.org().Slug)
	}
	return r.done(path, views.Flash{Message: r.resource.Name + " has a new owner."})
}

func (s *Server) transfer(r *request, form views.Owner) error {
	email, err := db.EmailIn("owner", form.Owner)
	if err != nil {
		return err
	}
	if again, err := db.NormalizeEmail(form.Confirm); err != nil || again != email {
		return access.Invalid("confirm", "Type the new owner's address again.")
	}
	return s.store.TransferResource(r.ctx(), r.by(), r.org().ID, r.resource.ID, email, form.Version)
}
