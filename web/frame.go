package web

import (
	"context"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

func (r *request) ctx() context.Context { return r.Request().Context() }

// frame reads what stands around a page: the organizations of the switcher, the tree, and what the person may administer.
func (r *request) frame(title string) (views.Frame, error) {
	frame := views.Frame{Title: title, Path: r.Request().URL.RequestURI(), RequestID: idOf(r)}
	if r.user == nil {
		return frame, nil
	}
	frame.Person, frame.Theme = &r.user.Person, views.Theme(r.user.Theme)
	var err error
	if frame.Flash, err = r.takeFlash(); err != nil {
		return frame, err
	}
	orgs, err := r.belongings()
	if err != nil {
		return frame, err
	}
	for _, org := range orgs {
		frame.Orgs = append(frame.Orgs, views.OrgLink{Slug: org.Slug, Name: org.Name})
	}
	if r.actor().Rights.Has(access.Discover) && r.entered() == nil {
		err = r.addOrganization(&frame)
	}
	return frame, err
}

// addOrganization adds what the frame shows to an active member of the organization that the page is in.
func (r *request) addOrganization(frame *views.Frame) error {
	frame.Org = &views.OrgLink{Slug: r.org().Slug, Name: r.org().Name}
	rights := r.actor().Rights
	frame.Admin = views.AdminEntries{
		Members:  rights&seesMembers != 0,
		Groups:   rights&seesGroups != 0 || r.standing.GroupAdmin,
		Modules:  rights&seesModules != 0,
		Access:   rights&seesMembers != 0,
		Audit:    rights.Has(access.Audit),
		Settings: rights.Has(access.Configure),
	}
	var err error
	if frame.Requests, err = r.server.store.CountAnswerableRequests(r.ctx(), r.org().ID, r.user.ID); err != nil {
		return err
	}
	places, err := r.server.store.ListTree(r.ctx(), r.org().ID, r.user.ID)
	for _, place := range places {
		frame.Admin.Modules = frame.Admin.Modules || place.Type == string(access.Module) && place.Rights.Has(access.Members)
	}
	frame.Tree = tree(places, r.resource.ID)
	return err
}

// What opens the pages of Admin Controls: who manages people or groups changes them, an auditor reads.
const (
	seesMembers = access.Members | access.Audit
	seesGroups  = access.Groups | access.Audit
)

// tree arranges places below those that contain them. Where the container is not among them, a place stands at the top.
func tree(places []db.Place, current access.ID) []views.TreeNode {
	known := map[access.ID]bool{}
	for _, place := range places {
		known[place.ID] = true
	}
	children := map[access.ID][]db.Place{}
	for _, place := range places {
		parent := place.Parent
		if !known[parent] {
			parent = ""
		}
		children[parent] = append(children[parent], place)
	}
	return branch(children, "", current)
}

func branch(children map[access.ID][]db.Place, parent, current access.ID) []views.TreeNode {
	var nodes []views.TreeNode
	for _, place := range children[parent] {
		node := views.TreeNode{ID: place.ID, Kind: access.Kind(place.Type), Name: place.Name, Current: place.ID == current,
			Children: branch(children, place.ID, current)}
		if node.Kind == access.Module && len(node.Children) == 0 && place.Rights&(access.View|access.Create) == 0 {
			continue // nothing in it can be opened or made
		}
		nodes = append(nodes, node)
	}
	return nodes
}

// takeFlash takes what the last change left for this page.
func (r *request) takeFlash() (*views.Flash, error) {
	flashes := r.session.Flashes()
	if len(flashes) == 0 {
		return nil, nil
	}
	flash, _ := flashes[len(flashes)-1].(views.Flash)
	return &flash, r.session.Save(r.Request(), r.Response())
}
