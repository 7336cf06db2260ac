package main

import (
	"context"
	"errors"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// A databaseSharing works on the database, as the operator of the server.
type databaseSharing struct {
	*database
	org      access.ID
	resource access.Resource
}

// openDatabase finds the resource in the database.
func (o *shareOptions) openDatabase(ctx context.Context, kind, key string) (sharing, error) {
	data, err := o.openCurrent(ctx)
	if err != nil {
		return nil, err
	}
	opened := &databaseSharing{database: data}
	if err := opened.find(ctx, o.Org, kind, key); err != nil {
		data.close()
		return nil, err
	}
	return opened, nil
}

func (d *databaseSharing) find(ctx context.Context, slug, kind, key string) error {
	org, err := d.FindOrganizationBySlug(ctx, slug)
	if err != nil {
		return orNoOrganization(err, slug)
	}
	d.org = org.ID
	id, err := d.FindResourceID(ctx, d.org, access.Kind(kind), key)
	if errors.Is(err, access.ErrNotFound) {
		return nothingCalled(kind, key)
	}
	if err == nil {
		d.resource, err = d.FindAnyResource(ctx, d.org, id)
	}
	return err
}

func (d *databaseSharing) list(ctx context.Context, kind, name string) (sharedThing, []sharedGrant, error) {
	thing := sharedThing{ID: string(d.resource.ID), Kind: string(d.resource.Kind), Key: d.resource.Key, Name: d.resource.Name,
		AccessMode: string(d.resource.Mode), OrgRole: d.resource.OrgRole}
	if d.resource.Owner.ID != "" {
		thing.Owner = &sharedOwner{d.resource.Owner.Email}
	}
	only := access.ID("")
	if name != "" {
		who, _, err := d.FindPrincipalNamed(ctx, d.org, kind, name)
		if err != nil {
			return thing, nil, asRefusal(err)
		}
		only = who.ID
	}
	rows, err := d.ListGrants(ctx, d.org, d.resource.ID)
	var grants []sharedGrant
	for _, row := range rows {
		if only != "" && row.Principal.ID != only {
			continue
		}
		grant := shared(row.Grant)
		if !row.Direct {
			grant.On = &sharedPlace{row.Resource.Type, string(row.Resource.ID), row.Resource.Name}
		}
		grants = append(grants, grant)
	}
	return thing, grants, err
}

func shared(grant access.Grant) sharedGrant {
	who := grant.Principal
	made := sharedGrant{ID: string(grant.ID), Role: grant.Role.Name,
		Principal: sharedPrincipal{Type: who.Type, ID: string(who.ID), Name: who.Name, Email: who.Email, External: who.External}}
	if grant.ExpiresAt != nil {
		until := grant.ExpiresAt.UTC()
		made.ExpiresAt = &until
	}
	return made
}

// asRefusal marks what a rule said no to.
func asRefusal(err error) error {
	var refusal *access.Error
	if errors.As(err, &refusal) {
		return &refusedError{said: refusal.Message}
	}
	return err
}

// together changes who has access on the list as it is: the lock keeps others from it.
func (d *databaseSharing) together(ctx context.Context, steps func(inside *db.Store, version int64) error) error {
	return asRefusal(d.Together(ctx, d.org, func(inside *db.Store) error {
		now, err := inside.FindAnyResource(ctx, d.org, d.resource.ID)
		if err != nil {
			return err
		}
		return steps(inside, now.Version)
	}))
}

func (d *databaseSharing) add(ctx context.Context, kind, name, role string, until *time.Time) (made sharedGrant, err error) {
	err = d.together(ctx, func(inside *db.Store, version int64) error {
		who, sent, err := inside.FindPrincipalNamed(ctx, d.org, kind, name)
		if err != nil {
			return err
		}
		share := db.Share{Who: []access.Ref{sent}, Role: role, ExpiresAt: until, Version: version}
		if err := inside.GrantRoles(ctx, operator, d.org, d.resource.ID, share); err != nil {
			return err
		}
		grant, err := inside.FindGrantOf(ctx, d.org, d.resource.ID, who.ID, role)
		made = shared(grant)
		return err
	})
	return made, err
}

func (d *databaseSharing) remove(ctx context.Context, grants []sharedGrant) error {
	return d.together(ctx, func(inside *db.Store, version int64) error {
		for _, grant := range grants {
			if err := inside.RevokeGrant(ctx, operator, d.org, d.resource.ID, access.ID(grant.ID), version); err != nil {
				return err
			}
			version++
		}
		return nil
	})
}
