package web

import (
	"net/http"
	"slices"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// listOtherResources lists the resources of one kind, wherever they lie, of which the person may know.
func (s *Server) listOtherResources(r *request) error {
	kind := access.Kind(r.QueryParam("kind"))
	if kind == "" {
		kind = views.OtherKinds[0]
	}
	if !slices.Contains(views.OtherKinds, kind) {
		return access.ErrNotFound
	}
	search := r.QueryParam("search")
	list, err := paged(r.part(), func(page db.Page) (db.Listing[access.Resource], error) {
		return s.store.ListResources(r.ctx(), r.org().ID, r.user.ID, db.ResourceFilter{Kind: kind, Search: search}, page)
	})
	if err != nil {
		return err
	}
	places, err := s.store.ListPlacesToCreate(r.ctx(), r.org().ID, r.user.ID)
	if err != nil {
		return err
	}
	rows, err := s.resourceRows(r, list.Rows)
	if err != nil {
		return err
	}
	shown := views.OtherResources{Org: r.org().Slug, Kind: kind, Search: search, Groups: views.GroupResources(rows),
		Pager: pager(r, list), CanCreate: len(places) > 0}
	return r.show(http.StatusOK, pageOf("Resources", views.OtherResourcesPage, views.OtherResourcesList, shown))
}

// typedContent is what was typed into the fields of a kind.
func (r *request) typedContent(kind access.Kind) map[string]string {
	typed := map[string]string{}
	for _, field := range kind.Fields() {
		typed[field.Name] = r.form(field.Name)
	}
	return typed
}

// showContent asks for what a resource should hold.
func (s *Server) showContent(r *request) error {
	if err := access.Decide(r.actor(), access.EditContent{Resource: r.resource}); err != nil {
		return err
	}
	content, err := s.store.FindContent(r.ctx(), r.org().ID, r.resource)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, r.contentPage(content, nil))
}

func (r *request) contentPage(content map[string]string, problems views.Problems) page {
	form := views.ContentForm{Org: r.org().Slug, Resource: r.resource.Ref(), Problems: problems,
		Fields: views.ContentFields(r.resource.Kind, content, problems)}
	return pageOf("Edit content", views.ContentFormPage, views.ContentFormDialog, form)
}

// changeContent changes what a resource holds.
func (s *Server) changeContent(r *request) error {
	typed := r.typedContent(r.resource.Kind)
	if err := s.store.EditContent(r.ctx(), r.by(), r.org().ID, r.resource.ID, typed); err != nil {
		return r.refused(err, func(problems views.Problems) page { return r.contentPage(typed, problems) })
	}
	return r.done(views.ResourcePath(r.org().Slug, r.resource.ID), views.Flash{Message: "The content is saved."})
}

// openRelease sends whoever may view a release to where it runs, without telling that place from where they come.
func (s *Server) openRelease(r *request) error {
	if r.resource.Kind != access.Release {
		return access.ErrNotFound
	}
	if !r.resource.Rights.Has(access.View) {
		return access.Denied("You cannot open %s. Ask %s for access.", r.resource.Name, r.resource.Owner.Label())
	}
	content, err := s.store.FindContent(r.ctx(), r.org().ID, r.resource)
	if err != nil {
		return err
	}
	if content["url"] == "" {
		return access.ErrNotFound
	}
	r.Response().Header().Set("Referrer-Policy", "no-referrer")
	return r.Redirect(http.StatusSeeOther, content["url"])
}
