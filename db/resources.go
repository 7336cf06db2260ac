package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// FindResource reads a resource with what the user holds there; the user is empty for anyone who is not signed in.
// A resource of which they may not know is access.ErrNotFound, like one that was never made.
func (s *Store) FindResource(ctx context.Context, org, user, id access.ID) (access.Resource, error) {
	resource, err := findResource(ctx, s.q, org, user, id)
	if err == nil && !resource.Rights.Has(access.Discover) {
		return access.Resource{}, access.ErrNotFound
	}
	return resource, err
}

// FindAnyResource reads a resource for the operator, who may know of all.
func (s *Store) FindAnyResource(ctx context.Context, org, id access.ID) (access.Resource, error) {
	resource, err := findResource(ctx, s.q, org, "", id)
	resource.Rights = access.OwnerRights()
	return resource, err
}

// FindResourceID finds a resource by its kind and key. The caller must not say so to somebody who may not know of it:
// FindResource tells.
func (s *Store) FindResourceID(ctx context.Context, org access.ID, kind access.Kind, key string) (access.ID, error) {
	id, err := s.q.FindResourceID(ctx, sqlc.FindResourceIDParams{OrgID: org, Kind: stored(string(kind)), Key: stored(key)})
	return id, found(err)
}

func findResource(ctx context.Context, q *sqlc.Queries, org, user, id access.ID) (access.Resource, error) {
	row, err := q.FindResource(ctx, sqlc.FindResourceParams{OrgID: org, Subject: optional(user), ID: id})
	return access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Key: row.Key, Name: row.Name, Description: row.Description,
		Parent: required(row.ParentID), Owner: access.Person{ID: required(row.OwnerID), Name: row.OwnerName, Email: row.OwnerEmail},
		Mode: access.Mode(row.AccessMode), OrgRole: row.OrgRole, Version: row.AclVersion, Rights: access.Rights(row.Rights),
		CreatedAt: row.CreatedAt}, found(err)
}

// resource loads a resource for a change, with the actor's rights. One of which they may not know is not found.
func (c *change) resource(ctx context.Context, id access.ID) (access.Resource, error) {
	resource, err := findResource(ctx, c.q, c.org.ID, c.actor.ID, id)
	if err == nil && !c.actor.Operator && !resource.Rights.Has(access.Discover) {
		return access.Resource{}, access.ErrNotFound
	}
	return resource, err
}

// A Place is a resource in the tree, or on the way to another.
type Place struct {
	access.Ref
	Parent access.ID
	Rights access.Rights // held by whoever asked
	More   bool          // holds packages that the tree leaves out
}

// A Tree is what the left panel shows of an organization.
type Tree struct {
	Places       []Place
	MoreProjects bool // than these
}

// A TreeSize is how much of a tree is read.
type TreeSize struct{ Projects, PackagesOfEach, Packages, Modules int }

// ListContainers lists what contains a resource, from the organization down. The caller must not name places whose
// Rights lack access.Discover.
func (s *Store) ListContainers(ctx context.Context, user, id access.ID) ([]Place, error) {
	rows, err := s.q.ListContainers(ctx, sqlc.ListContainersParams{Subject: optional(user), ID: id})
	places := make([]Place, len(rows))
	for i, row := range rows {
		places[i] = Place{Ref: access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}, Rights: access.Rights(row.Rights)}
	}
	return places, err
}

// ListTree lists the first projects that a person can open, packages that they can open, those in these projects first,
// the modules around them, and the first modules that they can open or make something in. Rights are told of modules only: what opens
// one, makes something in it or manages its members.
func (s *Store) ListTree(ctx context.Context, org, user access.ID, size TreeSize) (Tree, error) {
	rows, err := s.q.ListTree(ctx, sqlc.ListTreeParams{OrgID: org, Subject: optional(user), Kinds: kindsAround(access.Project), Discover: int64(access.Discover), View: int64(access.View),
		Makes: int64(access.View | access.Create), Members: int64(access.Members), Projects: int32(size.Projects), PackagesOfEach: int32(size.PackagesOfEach),
		Packages: int32(size.Packages), Modules: int32(size.Modules)})
	tree := Tree{Places: make([]Place, len(rows))}
	for i, row := range rows {
		tree.Places[i] = Place{Ref: access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}, Parent: required(row.ParentID), Rights: access.Rights(row.Rights), More: row.More}
		tree.MoreProjects = row.MoreProjects
	}
	return tree, err
}

func allKinds() []string { return texts(access.Kinds()) }

// ResourceFilter narrows a list of resources; empty fields narrow nothing.
type ResourceFilter struct {
	Kind      access.Kind
	OtherThan access.Kind // every kind but this one
	Parent    access.ID   // directly inside
	Search    string
	Wanted    access.Rights // that the person must hold; access.Discover if it is 0
}

// ListResources lists resources by name, those only of which the person may know. It counts no total.
func (s *Store) ListResources(ctx context.Context, org, user access.ID, filter ResourceFilter, page Page) (Listing[access.Resource], error) {
	after := page.cursor()
	if filter.Wanted == 0 {
		filter.Wanted = access.Discover
	}
	rows, err := s.q.ListResources(ctx, sqlc.ListResourcesParams{OrgID: org, Subject: optional(user), Kind: string(filter.Kind), OtherThan: string(filter.OtherThan),
		ParentID: optional(filter.Parent), Search: filter.Search, Wanted: int64(filter.Wanted), Kinds: allKinds(),
		AfterName: after.Name, AfterID: after.ID, PageSize: page.limit() + 1})
	rows, total := fitting(rows, page)
	return uncounted(listing(rows, page, func(row sqlc.ListResourcesRow) (access.Resource, int64, position) {
		return access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Key: row.Key, Name: row.Name, Description: row.Description,
			Owner: access.Person{ID: required(row.OwnerID), Name: row.OwnerName, Email: row.OwnerEmail}, Mode: access.Mode(row.AccessMode),
			OrgRole: row.OrgRole, Rights: access.Rights(row.Rights), CreatedAt: row.CreatedAt}, total, position{Name: row.SortName, ID: row.ID}
	})), err
}

// ListEveryResource is ListResources for the operator, who may know of all.
func (s *Store) ListEveryResource(ctx context.Context, org access.ID, filter ResourceFilter, page Page) (Listing[access.Resource], error) {
	after := page.cursor()
	rows, err := s.q.ListEveryResource(ctx, sqlc.ListEveryResourceParams{OrgID: org, Kind: string(filter.Kind), ParentID: optional(filter.Parent),
		Search: filter.Search, AfterName: after.Name, AfterID: after.ID, PageSize: page.limit() + 1})
	rows, total := fitting(rows, page)
	return uncounted(listing(rows, page, func(row sqlc.ListEveryResourceRow) (access.Resource, int64, position) {
		return access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Key: row.Key, Name: row.Name, Description: row.Description,
			Owner: access.Person{ID: required(row.OwnerID), Name: row.OwnerName, Email: row.OwnerEmail}, Mode: access.Mode(row.AccessMode),
			OrgRole: row.OrgRole, Rights: access.OwnerRights(), CreatedAt: row.CreatedAt}, total, position{Name: row.SortName, ID: row.ID}
	})), err
}

// CountInsideEach says how many resources lie directly in each of these, of those that the person may know of.
func (s *Store) CountInsideEach(ctx context.Context, org, user access.ID, parents []access.ID) (map[access.ID]int, error) {
	rows, err := s.q.CountInsideEach(ctx, sqlc.CountInsideEachParams{OrgID: org, Subject: optional(user), Parents: parents, Discover: int64(access.Discover)})
	counts := make(map[access.ID]int, len(rows))
	for _, row := range rows {
		counts[row.ParentID] = int(row.Inside)
	}
	return counts, err
}

// ListPlacesToCreate lists the modules in which a person may create something.
func (s *Store) ListPlacesToCreate(ctx context.Context, org, user access.ID) ([]access.Ref, error) {
	rows, err := s.q.ListPlacesToCreate(ctx, sqlc.ListPlacesToCreateParams{OrgID: org, Subject: user, CreateRight: int64(access.Create)})
	places := make([]access.Ref, len(rows))
	for i, row := range rows {
		places[i] = access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}
	}
	return places, err
}
