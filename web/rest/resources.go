package rest

import (
	"errors"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// A Resource is anything that can be shared.
type Resource struct {
	ID          access.ID   `json:"id"`
	Kind        access.Kind `json:"kind"`
	Key         string      `json:"key" doc:"Unique in the organization together with the kind."`
	Name        string      `json:"name"`
	Description string      `json:"description" doc:"Empty for whoever may only know that the resource exists."`
	Parent      access.ID   `json:"parent,omitempty" doc:"What it lies in; left out in lists, and for an organization."`
	Owner       *Person     `json:"owner" doc:"null for an organization and a module."`
	AccessMode  access.Mode `json:"access_mode"`
	OrgRole     string      `json:"org_role" doc:"What the mode organization gives; empty for an organization and a module."`
	Rights      []string    `json:"rights" doc:"That the token's maker holds there."`
	CreatedAt   time.Time   `json:"created_at"`
}

func resource(r access.Resource) Resource {
	shown := Resource{ID: r.ID, Kind: r.Kind, Key: r.Key, Name: r.Name, Parent: r.Parent, AccessMode: r.Mode, OrgRole: r.OrgRole,
		Description: r.About(), Rights: append([]string{}, r.Rights.Names()...), CreatedAt: r.CreatedAt.UTC()}
	if r.Owner.ID != "" {
		owner := person(r.Owner)
		shown.Owner = &owner
	}
	return shown
}

// ListResources lists the resources of which the token's maker may know. With kind and key it looks for one.
func ListResources(c *Call) (Answer, error) {
	filter, key, page, err := c.resourceFilter()
	if err != nil {
		return Answer{}, err
	}
	if key != "" {
		one, err := c.findByKey(filter.Kind, key)
		if errors.Is(err, access.ErrNotFound) {
			return listOf(nil, "", resource)
		}
		if err != nil {
			return Answer{}, err
		}
		return listOf([]access.Resource{one}, "", resource)
	}
	if c.Actor.Operator {
		listing, err := c.store.ListEveryResource(c.ctx(), c.Org.ID, filter, page)
		return pageOf(listing, err, resource)
	}
	listing, err := c.store.ListResources(c.ctx(), c.Org.ID, c.Actor.ID, filter, page)
	return pageOf(listing, err, resource)
}

func (c *Call) resourceFilter() (filter db.ResourceFilter, key string, page db.Page, err error) {
	var names []string
	for _, kind := range access.Kinds() {
		names = append(names, string(kind))
	}
	kind, err := c.choice("kind", names...)
	if err != nil {
		return filter, key, page, err
	}
	filter.Kind = access.Kind(kind)
	if key, err = c.query("key"); err != nil {
		return filter, key, page, err
	}
	if filter.Parent, err = c.idQuery("parent"); err != nil {
		return filter, key, page, err
	}
	if filter.Search, err = c.query("search"); err != nil {
		return filter, key, page, err
	}
	if page, err = c.page(); err != nil {
		return filter, key, page, err
	}
	if key != "" && (filter.Kind == "" || filter.Parent != "" || filter.Search != "") {
		err = malformed("key", "key goes with kind, and with no other filter.")
	}
	return filter, key, page, err
}

func (c *Call) findByKey(kind access.Kind, key string) (access.Resource, error) {
	id, err := c.store.FindResourceID(c.ctx(), c.Org.ID, kind, key)
	if err != nil {
		return access.Resource{}, err
	}
	return c.find(id)
}

// find reads a resource of which the token's maker may know.
func (c *Call) find(id access.ID) (access.Resource, error) {
	if c.Actor.Operator {
		return c.store.FindAnyResource(c.ctx(), c.Org.ID, id)
	}
	return c.store.FindResource(c.ctx(), c.Org.ID, c.Actor.ID, id)
}

// resource reads the resource of the path.
func (c *Call) resource() (access.Resource, error) {
	id, err := c.id("resource")
	if err != nil {
		return access.Resource{}, err
	}
	return c.find(id)
}

// ShowResource answers what a resource is.
func ShowResource(c *Call) (Answer, error) {
	one, err := c.resource()
	if err != nil {
		return Answer{}, err
	}
	return found(resource(one))
}

// A NewResource is a resource that somebody asks for.
type NewResource struct {
	Kind        access.Kind `json:"kind"`
	Parent      access.ID   `json:"parent" doc:"The id of what it lies in: a module, a project or a bucket; of a module, the organization's."`
	Key         string      `json:"key,omitempty" doc:"Made of the name where it is left out."`
	Name        string      `json:"name"`
	Description string      `json:"description,omitempty"`
}

// CreateResource makes a resource. Whoever made the token owns it.
func CreateResource(c *Call) (Answer, error) {
	asked, err := read[NewResource](c)
	if err != nil {
		return Answer{}, err
	}
	made := asked.value
	if !access.IsID(string(made.Parent)) {
		return Answer{}, access.ErrNotFound
	}
	if made.Key != "" && made.Key != db.Slug(made.Key) {
		return Answer{}, access.Invalid("key", "A key has small letters, digits and single dashes, at most 60.")
	}
	id, err := c.store.CreateResource(c.ctx(), c.By, c.Org.ID, db.NewResource{Kind: made.Kind, Parent: made.Parent, Key: made.Key,
		Name: made.Name, Description: made.Description})
	if err != nil {
		return Answer{}, err
	}
	one, err := c.find(id)
	if err != nil {
		return Answer{}, err
	}
	return created(resource(one))
}

// ChangeResource changes a resource's name or description.
func ChangeResource(c *Call) (Answer, error) {
	one, err := c.resource()
	if err != nil {
		return Answer{}, err
	}
	asked, err := read[Settings](c)
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowResource); err != nil {
		return Answer{}, err
	}
	name, description := settings(asked, one.Name, one.Description)
	if err := c.store.EditResource(c.ctx(), c.By, c.Org.ID, one.ID, name, description); err != nil {
		return Answer{}, err
	}
	return ShowResource(c)
}

// DeleteResource removes a resource and everything inside it.
func DeleteResource(c *Call) (Answer, error) {
	one, err := c.resource()
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowResource); err != nil {
		return Answer{}, err
	}
	if err := c.store.DeleteResource(c.ctx(), c.By, c.Org.ID, one.ID); err != nil {
		return Answer{}, err
	}
	return gone()
}
