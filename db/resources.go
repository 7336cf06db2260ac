package db

import (
	"context"
	"fmt"
	"strings"
	"unicode"

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
}

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

// ListTree lists the projects and packages that a person can open and the modules that they may know of. At most 300.
func (s *Store) ListTree(ctx context.Context, org, user access.ID) ([]Place, error) {
	rows, err := s.q.ListTree(ctx, sqlc.ListTreeParams{OrgID: org, Subject: optional(user), Discover: int64(access.Discover), View: int64(access.View), PageSize: 300})
	places := make([]Place, len(rows))
	for i, row := range rows {
		places[i] = Place{Ref: access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}, Parent: required(row.ParentID), Rights: access.Rights(row.Rights)}
	}
	return places, err
}

// ResourceFilter narrows a list of resources; empty fields narrow nothing.
type ResourceFilter struct {
	Kind      access.Kind
	Parent    access.ID // directly inside
	Search    string
	Wanted    access.Rights // that the person must hold; access.Discover if it is 0
	OnlyOwned bool          // no organizations and modules
}

// ListResources lists resources by name, those only of which the person may know. It counts no total.
func (s *Store) ListResources(ctx context.Context, org, user access.ID, filter ResourceFilter, page Page) (Listing[access.Resource], error) {
	after := page.cursor()
	if filter.Wanted == 0 {
		filter.Wanted = access.Discover
	}
	limit := page.limit()
	rows, err := s.q.ListResources(ctx, sqlc.ListResourcesParams{OrgID: org, Subject: optional(user), Kind: string(filter.Kind),
		ParentID: optional(filter.Parent), Search: filter.Search, Wanted: int64(filter.Wanted), OnlyOwned: filter.OnlyOwned,
		AfterName: after.Name, AfterID: after.ID, PageSize: limit + 1})
	total := int64(after.Seen + len(rows)) // one more than fits says that there is a next page
	if len(rows) > int(limit) {
		rows = rows[:limit]
	}
	return listing(rows, page, func(row sqlc.ListResourcesRow) (access.Resource, int64, position) {
		return access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Key: row.Key, Name: row.Name, Description: row.Description,
			Owner: access.Person{ID: required(row.OwnerID), Name: row.OwnerName, Email: row.OwnerEmail}, Mode: access.Mode(row.AccessMode),
			OrgRole: row.OrgRole, Rights: access.Rights(row.Rights), CreatedAt: row.CreatedAt}, total, position{Name: row.SortName, ID: row.ID}
	}), err
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
func (s *Store) ListPlacesToCreate(ctx context.Context, org, user access.ID) ([]Place, error) {
	rows, err := s.q.ListPlacesToCreate(ctx, sqlc.ListPlacesToCreateParams{OrgID: org, Subject: user, CreateRight: int64(access.Create)})
	places := make([]Place, len(rows))
	for i, row := range rows {
		places[i] = Place{Ref: access.Ref{Type: row.Kind, ID: row.ID, Name: row.Name}, Rights: access.Rights(row.Rights)}
	}
	return places, err
}

// NewResource is what somebody asks to create. A Key is made from the name where it is empty.
type NewResource struct {
	Kind              access.Kind
	Parent            access.ID
	Key               string
	Name, Description string
}

// CreateResource makes a resource that the one who asks will own, and returns its id.
func (s *Store) CreateResource(ctx context.Context, by By, org access.ID, made NewResource) (access.ID, error) {
	var err error
	if made.Name, made.Description, err = cleanTexts(made.Name, made.Description); err != nil {
		return "", err
	}
	if !made.Kind.Known() || !made.Kind.Owned() {
		return "", access.Invalid("kind", "%q cannot be created here.", string(made.Kind))
	}
	id := newID()
	return id, s.change(ctx, by, org, func(c *change) error {
		parent, err := c.resource(ctx, made.Parent)
		if err != nil {
			return err
		}
		resource := access.Resource{ID: id, Kind: made.Kind, Name: made.Name, Description: made.Description, Owner: access.Person{ID: c.actor.ID}}
		var taken bool
		if resource.Key, taken, err = c.key(ctx, made); err != nil {
			return err
		}
		resource.Mode, resource.OrgRole = StartingAccess(parent.Kind, made.Kind, c.org.Policy)
		what := access.CreateResource{Parent: parent, Resource: resource, Taken: taken}
		return c.make(ctx, what, func() error { return c.addResource(ctx, parent.ID, resource) })
	})
}

// StartingAccess is the access mode, and the role that mode Organization gives, with which a new resource starts.
func StartingAccess(parent, kind access.Kind, policy access.Policy) (access.Mode, string) {
	mode, roleName := access.Restricted, access.OrganizationRoles(kind)[0].Name
	if parent == access.Module {
		mode = policy.DefaultMode
		if mode.WiderThan(kind.WidestMode()) {
			mode = kind.WidestMode()
		}
		if _, err := access.FindRole(kind, policy.DefaultRole); err == nil {
			roleName = policy.DefaultRole
		}
	}
	return mode, roleName
}

// key is the key that was asked for, and whether it is taken; or, where none was, a free one made from the name.
func (c *change) key(ctx context.Context, made NewResource) (key string, taken bool, err error) {
	if made.Key != "" {
		taken, err = c.keyTaken(ctx, made.Kind, made.Key)
		return made.Key, taken, err
	}
	base := Slug(made.Name)
	for n := 1; n < 1000; n++ {
		key = base
		if n > 1 {
			key = fmt.Sprintf("%s-%d", base, n)
		}
		if taken, err = c.keyTaken(ctx, made.Kind, key); err != nil || !taken {
			return key, false, err
		}
	}
	return key, true, nil
}

func (c *change) keyTaken(ctx context.Context, kind access.Kind, key string) (bool, error) {
	return c.q.KeyTaken(ctx, sqlc.KeyTakenParams{OrgID: c.org.ID, Kind: string(kind), Key: key})
}

// Slug makes a key out of a name: lower case letters, digits and dashes, at most 60.
func Slug(name string) string {
	var b strings.Builder
	for _, letter := range strings.ToLower(name) {
		switch {
		case letter < 128 && (unicode.IsLetter(letter) || unicode.IsDigit(letter)):
			b.WriteRune(letter)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	if len(slug) > 60 {
		slug = slug[:60]
	}
	if slug = strings.Trim(slug, "-"); slug == "" {
		return "unnamed"
	}
	return slug
}

func (c *change) addResource(ctx context.Context, parent access.ID, r access.Resource) error {
	return c.q.AddResource(ctx, sqlc.AddResourceParams{OrgID: c.org.ID, ID: r.ID, Kind: string(r.Kind), Key: r.Key, Name: r.Name,
		Description: r.Description, ParentID: optional(parent), OwnerID: optional(r.Owner.ID), AccessMode: string(r.Mode), OrgRole: r.OrgRole})
}

// EditResource changes a resource's name and description.
func (s *Store) EditResource(ctx context.Context, by By, org, id access.ID, name, description string) error {
	name, description, err := cleanTexts(name, description)
	if err != nil {
		return err
	}
	return s.transaction(ctx, by, org, func(c *change) error { // an Editor may be of another organization
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		return c.make(ctx, access.EditResource{Resource: resource, ToName: name, ToAbout: description}, func() error {
			return c.q.EditResource(ctx, sqlc.EditResourceParams{OrgID: org, ID: id, Name: name, Description: description})
		})
	})
}

// CountInside counts the resources that lie in a resource, at any depth.
func (s *Store) CountInside(ctx context.Context, org, id access.ID) (int, error) {
	count, err := s.q.CountInside(ctx, sqlc.CountInsideParams{OrgID: org, ID: id})
	return int(count), err
}

// DeleteResource removes a resource and everything inside it.
func (s *Store) DeleteResource(ctx context.Context, by By, org, id access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		inside, err := c.q.CountInside(ctx, sqlc.CountInsideParams{OrgID: org, ID: id})
		if err != nil {
			return err
		}
		return c.make(ctx, access.DeleteResource{Resource: resource, Inside: int(inside)}, func() error {
			return c.q.DeleteResource(ctx, sqlc.DeleteResourceParams{OrgID: org, ID: id})
		})
	})
}

// TransferResource gives a resource to the active member with this normalized address. Version is that of the access
// list on which the one who asks decided.
func (s *Store) TransferResource(ctx context.Context, by By, org, id access.ID, email string, version int64) error {
	return s.change(ctx, by, org, func(c *change) error {
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		to, err := c.memberByEmail(ctx, email)
		if err != nil {
			return err
		}
		what := access.TransferResource{Resource: resource, To: to, Stale: resource.Version != version}
		return c.make(ctx, what, func() error {
			return c.q.SetOwner(ctx, sqlc.SetOwnerParams{OrgID: org, ID: id, OwnerID: optional(to.ID)})
		})
	})
}

// memberByEmail finds a member; somebody who is none is a member without a status, whom the rules refuse.
func (c *change) memberByEmail(ctx context.Context, email string) (access.Member, error) {
	row, err := c.q.FindUserByEmail(ctx, email)
	if err != nil {
		return access.Member{}, ignoreNotFound(found(err))
	}
	member, err := c.member(ctx, row.ID)
	return member, ignoreNotFound(err)
}

// ChangeAccessMode sets who is let in to a resource without a grant. Version is that of the access list on which the
// one who asks decided.
func (s *Store) ChangeAccessMode(ctx context.Context, by By, org, id access.ID, mode access.Mode, orgRole string, version int64) error {
	return s.change(ctx, by, org, func(c *change) error {
		resource, err := c.resource(ctx, id)
		if err != nil {
			return err
		}
		if orgRole == "" {
			orgRole = resource.OrgRole
		}
		what := access.ChangeAccessMode{Resource: resource, ToMode: mode, ToRole: orgRole, Policy: c.org.Policy, Stale: resource.Version != version}
		return c.make(ctx, what, func() error {
			return c.q.SetAccessMode(ctx, sqlc.SetAccessModeParams{OrgID: org, ID: id, AccessMode: string(mode), OrgRole: orgRole})
		})
	})
}

// CountLosers counts the active members who open a resource only because of its own access mode.
func (s *Store) CountLosers(ctx context.Context, org, id access.ID) (int, error) {
	count, err := s.q.CountLosers(ctx, sqlc.CountLosersParams{OrgID: org, Resource: id, View: int64(access.View)})
	return int(count), err
}

// CountViewers counts the active members who can open a resource.
func (s *Store) CountViewers(ctx context.Context, org, id access.ID) (int, error) {
	count, err := s.q.CountViewers(ctx, sqlc.CountViewersParams{OrgID: org, Resource: id, View: int64(access.View)})
	return int(count), err
}
