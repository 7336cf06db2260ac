package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

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
	if r.around == nil {
		r.around = r.lookAround()
	}
	around, err := r.around()
	frame.Requests = around.requests
	for _, place := range around.tree.Places {
		frame.Admin.Modules = frame.Admin.Modules || place.Type == string(access.Module) && place.Rights.Has(access.Members)
	}
	frame.Tree, frame.More = tree(around.tree.Places, r.resource.ID), around.tree.MoreProjects
	return err
}

// surroundings are what the frame of an organization's page asks the database about: open requests, and the tree.
type surroundings struct {
	requests int
	tree     db.Tree
}

// treeSize is as much of an organization as the panel shows: what somebody looks for further down is found sooner by its name.
var treeSize = db.TreeSize{Projects: 25, PackagesOfEach: 10, Packages: 50, Modules: 50}

// lookAround reads them when they are first asked for, once.
func (r *request) lookAround() func() (surroundings, error) {
	ctx, store, org, user := context.WithoutCancel(r.ctx()), r.server.store, r.org().ID, r.user.ID
	return sync.OnceValues(func() (found surroundings, err error) {
		if found.requests, err = store.CountAnswerableRequests(ctx, org, user); err == nil {
			found.tree, err = store.ListTree(ctx, org, user, treeSize)
		}
		return found, err
	})
}

// unframed are the ends of routes that show no page.
var unframed = []string{"/export", "/file", "/open", "/candidates", "/heirs"}

// lookAhead reads them for a page while its handler reads what it shows: they are half of what most pages ask about.
func (r *request) lookAhead() {
	if r.user == nil || !r.actor().Rights.Has(access.Discover) || r.Request().Method != http.MethodGet || r.partial() ||
		slices.ContainsFunc(unframed, func(end string) bool { return strings.HasSuffix(r.Path(), end) }) {
		return
	}
	look := r.lookAround()
	r.around = look
	go func() {
		defer func() { _ = recover() }() // whoever asks for the frame meets the panic too
		_, _ = look()
	}()
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
		node := views.TreeNode{ID: place.ID, Kind: access.Kind(place.Type), Name: place.Name, Current: place.ID == current, More: place.More,
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
