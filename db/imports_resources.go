package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// resourceImport is what a page of resource records came to.
type resourceImport struct {
	*importing
	fresh   []sqlc.CopyResourcesParams
	changed []sqlc.UpdateResourcesParams
}

// importResources imports one kind after the other, what contains before what is contained, so that a parent may stand
// anywhere in the file.
func (i *importing) importResources(ctx context.Context) error {
	r := &resourceImport{importing: i}
	for _, kind := range access.Kinds() {
		err := pages(ctx, i, func(after int64, size int32) ([]sqlc.FindImportedResourcesRow, error) {
			return i.q.FindImportedResources(ctx, sqlc.FindImportedResourcesParams{Place: placeOf(kind), After: after, PageSize: size})
		}, func(row sqlc.FindImportedResourcesRow) int64 { return row.Line },
			func(row sqlc.FindImportedResourcesRow) error { return r.judge(ctx, row) }, func() error { return r.apply(ctx) })
		if err != nil {
			return err
		}
	}
	return nil
}

// seen is a resource with what the actor holds there. One of which they may not know is not found.
func (i *importing) seen(ctx context.Context, org *importedOrg, field string, asked access.Resource) (access.Resource, error) {
	if org.actor.Operator && asked.ID != "" {
		return asked, nil
	}
	err := error(access.ErrNotFound)
	found := asked
	if asked.ID != "" {
		found, err = org.resource(ctx, asked.ID)
	}
	if err == access.ErrNotFound {
		err = access.Invalid(field, "There is no %s %q in %s.", asked.Kind, asked.Key, org.org.Slug)
	}
	return found, err
}

func (r *resourceImport) judge(ctx context.Context, row sqlc.FindImportedResourcesRow) error {
	org, err := r.org(row.Organization)
	if err != nil {
		return err
	}
	owner := access.Member{Person: access.Person{ID: required(row.OwnerID), Name: orEmpty(row.OwnerName), Email: orEmpty(row.Owner)},
		Status: access.Status(orEmpty(row.OwnerStatus))}
	if row.Owner != nil && row.OwnerID == nil {
		return noUser("owner", *row.Owner)
	}
	if row.ResourceID == nil {
		return r.add(ctx, org, owner, row)
	}
	return r.alter(ctx, org, owner, row)
}

func (r *resourceImport) add(ctx context.Context, org *importedOrg, owner access.Member, row sqlc.FindImportedResourcesRow) error {
	made := access.Resource{ID: newID(), Kind: access.Kind(row.Kind), Key: row.Key, Name: orEmpty(row.Name), Description: orEmpty(row.Description), Owner: owner.Person}
	if row.Name == nil || row.ParentKind == nil || row.Owner == nil && made.Kind.Owned() {
		return access.Invalid("", "There is no %s/%s. To make one, its record needs %s.", row.Kind, row.Key, neededBy(made.Kind))
	}
	asked := access.Resource{ID: required(row.ParentID), Kind: access.Kind(*row.ParentKind), Key: *row.ParentKey, Name: orEmpty(row.ParentName)}
	parent, err := r.seen(ctx, org, "parent", asked)
	if err != nil {
		return err
	}
	mode, orgRole := access.Restricted, "viewer" // of a module, whose mode says nothing
	if made.Kind.Owned() {
		mode, orgRole = StartingAccess(parent.Kind, made.Kind, org.org.Policy)
	}
	made.Mode, made.OrgRole = access.Mode(or(row.AccessMode, string(mode))), or(row.OrgRole, orgRole)
	if err := r.allow(org, access.ImportResource{Parent: parent, Resource: made, Owner: owner, Policy: org.org.Policy}); err != nil {
		return err
	}
	r.fresh = append(r.fresh, sqlc.CopyResourcesParams{OrgID: org.org.ID, ID: made.ID, Kind: row.Kind, Key: made.Key, Name: made.Name,
		Description: made.Description, ParentID: row.ParentID, Path: append(slices.Clip(row.ParentPath), made.ID), OwnerID: optional(owner.ID),
		AccessMode: string(made.Mode), OrgRole: made.OrgRole})
	return nil
}

func neededBy(kind access.Kind) string {
	if kind.Owned() {
		return "name, parent and owner"
	}
	return "a name"
}

// alter changes what a record says otherwise, each thing with the event that a page's change of it has.
func (r *resourceImport) alter(ctx context.Context, org *importedOrg, owner access.Member, row sqlc.FindImportedResourcesRow) error {
	old := access.Resource{ID: *row.ResourceID, Kind: access.Kind(row.Kind), Key: row.Key, Name: *row.OldName, Description: *row.OldDescription,
		Owner: access.Person{ID: required(row.OldOwnerID), Name: orEmpty(row.OldOwnerName), Email: orEmpty(row.OldOwner)},
		Mode:  access.Mode(*row.OldAccessMode), OrgRole: *row.OldOrgRole}
	if row.ParentKind != nil && (row.ParentID == nil || *row.ParentID != required(row.OldParentID)) {
		return access.Conflict("%s/%s lies somewhere else. An import moves nothing: move it on its page first.", row.Kind, row.Key)
	}
	to := sqlc.UpdateResourcesParams{OrgID: org.org.ID, ID: old.ID, Name: or(row.Name, old.Name), Description: or(row.Description, old.Description),
		OwnerID: row.OldOwnerID, AccessMode: or(row.AccessMode, string(old.Mode)), OrgRole: or(row.OrgRole, old.OrgRole)}
	if row.Owner != nil {
		to.OwnerID = &owner.ID
	}
	if alike(old, to) {
		return nil
	}
	seen, err := r.seen(ctx, org, "key", old)
	if err != nil {
		return err
	}
	changes, err := org.resourceChanges(ctx, seen, owner, to)
	if err != nil {
		return err
	}
	if err := r.allow(org, changes...); err != nil {
		return err
	}
	if to.AccessMode != string(old.Mode) || to.OrgRole != old.OrgRole || required(to.OwnerID) != old.Owner.ID {
		to.ListChanges = 1
	}
	r.changed = append(r.changed, to)
	return nil
}

func alike(old access.Resource, to sqlc.UpdateResourcesParams) bool {
	return to.Name == old.Name && to.Description == old.Description && required(to.OwnerID) == old.Owner.ID &&
		to.AccessMode == string(old.Mode) && to.OrgRole == old.OrgRole
}

func (o *importedOrg) resourceChanges(ctx context.Context, old access.Resource, owner access.Member, to sqlc.UpdateResourcesParams) (changes []access.Change, err error) {
	if to.Name != old.Name || to.Description != old.Description {
		changes = append(changes, access.EditResource{Resource: old, ToName: to.Name, ToAbout: to.Description})
	}
	if required(to.OwnerID) != old.Owner.ID {
		what := access.TransferResource{Resource: old, To: owner}
		if what.End, err = o.endOf(ctx, old.ID, access.Transfer); err != nil {
			return nil, err
		}
		changes = append(changes, what)
	}
	if to.AccessMode != string(old.Mode) || to.OrgRole != old.OrgRole {
		what := access.ChangeAccessMode{Resource: old, ToMode: access.Mode(to.AccessMode), ToRole: to.OrgRole, Policy: o.org.Policy}
		if what.End, err = o.endOf(ctx, old.ID, access.Share); err != nil {
			return nil, err
		}
		changes = append(changes, what)
	}
	return changes, nil
}

func (r *resourceImport) apply(ctx context.Context) error {
	if err := copyInto(ctx, r.fresh, r.q.CopyResources); err != nil {
		return err
	}
	err := batch(ctx, r.changed, r.q.UpdateResources)
	r.fresh, r.changed = r.fresh[:0], r.changed[:0]
	return err
}
