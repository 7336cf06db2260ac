package db

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// NewResource is what somebody asks to create. A Key is made from the name where it is empty.
type NewResource struct {
	Kind              access.Kind
	Parent            access.ID
	Key               string
	Name, Description string
	Content           map[string]string // as typed into the fields of its kind; nil for nothing yet
	Secret            string            // the value of a secret; empty for none yet
	file              *storedFile       // of an artifact
}

// CreateResource makes a resource that the one who asks will own, or a module, which nobody owns, and returns its id.
func (s *Store) CreateResource(ctx context.Context, by By, org access.ID, made NewResource) (access.ID, error) {
	var err error
	if made.Name, made.Description, err = cleanTexts(made.Name, made.Description); err != nil {
		return "", err
	}
	if !made.Kind.Known() || made.Kind == access.Organization {
		return "", access.Invalid("kind", "%q cannot be created here.", string(made.Kind))
	}
	if made.Kind.Owned() && by.User == "" {
		return "", access.Denied("Whoever creates something owns it, and the operator of this server cannot own anything.")
	}
	id := newID()
	return id, s.change(ctx, by, org, func(c *change) error {
		parent, err := c.resource(ctx, made.Parent)
		if err != nil {
			return err
		}
		resource := access.Resource{ID: id, Kind: made.Kind, Name: made.Name, Description: made.Description}
		if made.Kind.Owned() {
			resource.Owner.ID = c.actor.ID
		}
		var taken bool
		if resource.Key, taken, err = c.key(ctx, made); err != nil {
			return err
		}
		resource.Mode, resource.OrgRole = StartingAccess(parent.Kind, made.Kind, c.org.Policy)
		what := access.CreateResource{Parent: parent, Resource: resource, Taken: taken}
		return c.make(ctx, what, func() error {
			if err := c.addResource(ctx, parent.ID, resource); err != nil {
				return err
			}
			return c.fill(ctx, s.vault, resource, made)
		})
	})
}

// fill gives a new resource what it holds.
func (c *change) fill(ctx context.Context, vault *vault, resource access.Resource, made NewResource) error {
	if made.Kind == access.Secret && made.Secret != "" {
		return c.setSecret(ctx, vault, resource.ID, made.Secret)
	}
	if made.file != nil {
		return c.addFile(ctx, resource.ID, *made.file)
	}
	if made.Content == nil || len(made.Kind.Fields()) == 0 {
		return nil
	}
	content, err := c.cleanContent(ctx, made.Kind, made.Content)
	if err != nil {
		return err
	}
	return c.setContent(ctx, resource, content)
}

// StartingAccess is the access mode, and the role that mode Organization gives, with which a new resource starts.
func StartingAccess(parent, kind access.Kind, policy access.Policy) (access.Mode, string) {
	mode, roleName := access.Restricted, "viewer"
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

// CountFollowersInside counts the resources in a resource that follow it when its access mode becomes this one, and those that
// do not: constants, secrets and connections go no wider than Organization.
func (s *Store) CountFollowersInside(ctx context.Context, org, id access.ID, mode access.Mode) (follow, stay int, err error) {
	row, err := s.q.CountFollowersInside(ctx, sqlc.CountFollowersInsideParams{OrgID: org, ID: id, AccessMode: string(mode)})
	return int(row.Follow), int(row.Everything - row.Follow), err
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
		end, err := c.endOf(ctx, id, access.Transfer)
		if err != nil {
			return err
		}
		what := access.TransferResource{Resource: resource, To: to, Stale: resource.Version != version, End: end}
		err = c.make(ctx, what, func() error {
			return c.q.SetOwner(ctx, sqlc.SetOwnerParams{OrgID: org, ID: id, OwnerID: optional(to.ID)})
		})
		if err != nil {
			return err
		}
		return c.tellOldOwner(ctx, resource, to)
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
	return s.change(ctx, by, org, func(c *change) error { return c.changeAccessMode(ctx, id, mode, orgRole, version) })
}

func (c *change) changeAccessMode(ctx context.Context, id access.ID, mode access.Mode, orgRole string, version int64) error {
	resource, err := c.resource(ctx, id)
	if err != nil {
		return err
	}
	if orgRole == "" {
		orgRole = resource.OrgRole
	}
	end, err := c.endOf(ctx, id, access.Share)
	if err != nil {
		return err
	}
	what := access.ChangeAccessMode{Resource: resource, ToMode: mode, ToRole: orgRole, Policy: c.org.Policy, Stale: resource.Version != version, End: end}
	return c.make(ctx, what, func() error {
		return c.q.SetAccessMode(ctx, sqlc.SetAccessModeParams{OrgID: c.org.ID, ID: id, AccessMode: string(mode), OrgRole: orgRole})
	})
}

// CountViewers counts the active members who can open a resource.
func (s *Store) CountViewers(ctx context.Context, org, id access.ID) (int, error) {
	count, err := s.q.CountViewers(ctx, sqlc.CountViewersParams{OrgID: org, Resource: id, View: int64(access.View)})
	return int(count), err
}
