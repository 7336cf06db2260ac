package web

import (
	"errors"
	"net/http"
	"slices"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showMove asks into which parent a resource should go.
func (s *Server) showMove(r *request) error {
	form, err := s.moveForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, movePage(form))
}

func movePage(shown views.Move) page {
	return pageOf("Move", views.MovePage, views.MoveDialog, shown)
}

func (s *Server) moveForm(r *request) (views.Move, error) {
	form := views.Move{Org: r.org().Slug, Resource: r.resource.Ref(), Version: r.resource.Version}
	asked := access.MoveResource{Resource: r.resource, To: access.Resource{Rights: access.Create}}
	if refusal := access.Decide(r.actor(), asked); errors.Is(refusal, access.ErrDenied) {
		return form, refusal
	}
	if !r.actor().Member {
		return form, access.ErrNotFound // what one may not create here one does not move here either
	}
	places, err := s.store.ListContainers(r.ctx(), r.person().ID, r.resource.ID)
	if err != nil {
		return form, err
	}
	if len(places) > 0 && places[len(places)-1].Rights.Has(access.Discover) {
		form.From = places[len(places)-1].Ref
	}
	form.Parents, err = s.parentsFor(r)
	return form, err
}

// parentsFor lists where the resource could go: what holds its kind and lets the person create, but for where it is.
func (s *Server) parentsFor(r *request) ([]access.Ref, error) {
	var parents []access.Ref
	add := func(ref access.Ref) {
		if ref.ID != r.resource.Parent && ref.ID != r.resource.ID {
			parents = append(parents, ref)
		}
	}
	for _, kind := range []access.Kind{access.Module, access.Project, access.Bucket} {
		if !slices.Contains(kind.Holds(), r.resource.Kind) {
			continue
		}
		if kind == access.Module {
			modules, err := s.store.ListPlacesToCreate(r.ctx(), r.org().ID, r.user.ID)
			if err != nil {
				return nil, err
			}
			for _, module := range modules {
				add(module)
			}
			continue
		}
		list, err := s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Kind: kind, Wanted: access.Discover | access.Create}, db.Page{Size: 200})
		if err != nil {
			return nil, err
		}
		for _, holder := range list.Rows {
			add(holder.Ref())
		}
	}
	return parents, nil
}

// showMoveEffect shows the form again, with what the move would do to whose access.
func (s *Server) showMoveEffect(r *request, form views.Move) error {
	effect, err := s.store.PreviewMove(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.To, r.version())
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return movePage(form)
		})
	}
	form.Effect = &effect
	return r.show(http.StatusOK, movePage(form))
}

// moveResource puts a resource into another parent, after what that does was shown.
func (s *Server) moveResource(r *request) error {
	form, err := s.moveForm(r)
	if err != nil {
		return err
	}
	to, err := parseID(r.form("parent"))
	if err != nil {
		return err
	}
	form.To = to
	if r.form("confirm") != string(to) {
		return s.showMoveEffect(r, form)
	}
	if err := s.store.MoveResource(r.ctx(), r.by(), r.org().ID, r.resource.ID, to, r.version()); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return movePage(form)
		})
	}
	return r.done(views.ResourcePath(r.org().Slug, r.resource.ID), views.Flash{Message: r.resource.Name + " is moved."})
}
