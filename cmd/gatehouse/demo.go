package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// The demo is one believable organization, made through the same changes that people make, so that it is audited and
// obeys every rule. All addresses end in .test.

type demoPerson struct{ name, email, role string }

var demoAdmin = demoPerson{"Ana Lopes", "ana@meridian.test", "admin"}

// demoPersonas are who can be looked at through one-click links, and what each shows.
var demoPersonas = []struct{ email, shows string }{
	{"ana@meridian.test", "org admin: members, groups, audit log"},
	{"bo@meridian.test", "group admin: manages Research, Quant and Signals, and nothing else"},
	{"cyra@meridian.test", "project owner: shares Alpha"},
	{"dev@meridian.test", "plain member: opens what others share"},
	{"nadia@meridian.test", "module administrator: manages Client Services and its people"},
	{"hugo@harbor.test", "partner: opens what Meridian shares with Harbor Partners"},
}

var demoPeople = []demoPerson{
	{"Bo Lindqvist", "bo@meridian.test", "member"},
	{"Cyra Haddad", "cyra@meridian.test", "modeler"},
	{"Dev Okafor", "dev@meridian.test", "member"},
	{"Elif Demir", "elif@meridian.test", "admin"},
	{"Farid Nazari", "farid@meridian.test", "modeler"},
	{"Grace Whitfield", "grace@meridian.test", "auditor"},
	{"Hana Kobayashi", "hana@meridian.test", "member"},
	{"Ilya Petrov", "ilya@meridian.test", "member"},
	{"Jun Seo-yeon", "jun@meridian.test", "modeler"},
	{"Kofi Mensah", "kofi@meridian.test", "member"},
	{"Lucía Fernández de la Vega", "lucia@meridian.test", "member"},
	{"Maximiliane von Hohenberg-Schwarzenfels", "maximiliane@meridian.test", "member"},
	{"Nadia Benali", "nadia@meridian.test", "member"},
	{"Oskar Nyberg", "oskar@meridian.test", "member"},
}

// demoGroups are made in this order; the first person of each is its admin.
var demoGroups = []struct {
	name, about string
	people      []string
	groups      []string
}{
	{"Quant", "Builds the pricing models.", []string{"bo", "farid", "jun"}, nil},
	{"Signals", "Looks after the daily signals.", []string{"bo", "hana", "ilya"}, nil},
	{"Research", "Everyone who reads and questions our models.", []string{"bo", "dev"}, []string{"Quant", "Signals"}},
	{"Platform", "Runs the pipelines, and may start new projects.", []string{"elif", "kofi"}, nil},
	{"Client Reporting", "Prepares what clients see.", []string{"lucia", "nadia", "maximiliane"}, nil},
	{"Risk", "Measures what could go wrong.", []string{"oskar"}, []string{"Quant"}},
}

type demoGrant struct {
	who, role string
	days      int // until it expires; 0 for no end
}

var demoProjects = []struct {
	name, about, owner string
	mode               access.Mode
	packages           []string
	grants             []demoGrant
}{
	{"Alpha", "Intraday pricing models for the energy desk.", "cyra", access.Restricted, []string{"Curves", "Dispatch model", "Notebooks"},
		[]demoGrant{{"group:Research", "editor", 0}, {"kofi", "viewer", 21}, {"hugo@harbor.test", "viewer", 0}, {"lucia", "modeler", 0}}},
	{"Nightly Rates", "Rates and fixings, collected every night at 02:00.", "farid", access.OrganizationMode, []string{"Collectors", "Checks"},
		[]demoGrant{{"group:Platform", "admin", 0}, {"organization:harbor", "viewer", 0}}},
	{"Client Letters", "The monthly letters and the figures in them.", "jun", access.Restricted, []string{"October", "November"},
		[]demoGrant{{"group:Client Reporting", "editor", 0}}},
	{"Open Benchmarks", "How we measure ourselves, for everybody to read.", "cyra", access.Anonymous, []string{"Results"}, nil},
	{"Onboarding", "What a new colleague reads first.", "farid", access.Public, nil, nil},
}

// startDemo loads the demo into an empty database, or finds it there, and prints who can be looked at.
func startDemo(ctx context.Context, store *db.Store, base string) error {
	fresh, err := store.StartDemo(ctx)
	if err != nil {
		return err
	}
	if fresh {
		if err := loadDemo(ctx, store); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
	}
	fmt.Println("Look around as")
	for _, persona := range demoPersonas {
		account, err := store.FindAccount(ctx, persona.email)
		if err != nil {
			return err
		}
		token, err := store.MakeSignInLink(ctx, account.ID, 30*24*time.Hour, true)
		if err != nil {
			return err
		}
		fmt.Printf("  %-12s %s%s\n               %s\n", account.Name, base, views.LinkPath(token), persona.shows)
	}
	return nil
}

// A demo is what was made so far, by name. Its first error sticks and ends it.
type demo struct {
	ctx    context.Context
	store  *db.Store
	org    access.ID
	slug   string
	people map[string]access.ID // by the part of the address before the @
	groups map[string]access.ID
	made   map[string]access.ID // modules and projects
	err    error
}

func loadDemo(ctx context.Context, store *db.Store) error {
	harbor := newDemo(ctx, store, "harbor", "Harbor Partners", demoPerson{"Hugo Brandt", "hugo@harbor.test", "admin"})
	d := newDemo(ctx, store, "meridian", "Meridian Analytics", demoAdmin)
	for _, person := range demoPeople {
		d.join(person)
	}
	for _, group := range demoGroups {
		d.group(group.name, group.about, group.people, group.groups)
	}
	d.carry("Platform", "creator")
	d.modules()
	for _, project := range demoProjects {
		d.project(project.name, project.about, project.owner, project.mode, project.packages, project.grants)
	}
	d.templates()
	d.contents()
	d.files()
	d.requests()
	d.deactivate("oskar")
	d.invite("petra@meridian.test", "modeler", "Quant")
	d.invite("quentin@meridian.test", "member")
	harbor.welcome("ana@meridian.test", "modeler", d.people["ana"])
	if d.err != nil {
		return d.err
	}
	if harbor.err != nil {
		return harbor.err
	}
	return store.FinishDemo(ctx)
}

func newDemo(ctx context.Context, store *db.Store, slug, name string, admin demoPerson) *demo {
	d := &demo{ctx: ctx, store: store, slug: slug, people: map[string]access.ID{}, groups: map[string]access.ID{}, made: map[string]access.ID{}}
	made := db.NewOrganization{Slug: slug, Name: name, Admin: access.Person{Name: admin.name, Email: admin.email}}
	var id access.ID
	d.org, id, d.err = store.CreateOrganization(ctx, operator, made)
	d.people[local(admin.email)] = id
	return d
}

// local is the part of an address before the @.
func local(email string) string {
	name, _, _ := strings.Cut(email, "@")
	return name
}

// do runs a step unless an earlier one failed.
func (d *demo) do(step func() error) {
	if d.err == nil {
		d.err = step()
	}
}

func (d *demo) by(person string) db.By {
	return db.By{User: d.people[person], Via: "page", Recent: true}
}

func (d *demo) admin() db.By {
	if d.slug == "harbor" {
		return d.by("hugo")
	}
	return d.by("ana")
}

func (d *demo) join(person demoPerson) {
	d.do(func() error {
		token, err := d.store.Invite(d.ctx, d.admin(), d.org, db.NewInvitation{Email: person.email, Role: person.role})
		if err != nil {
			return err
		}
		_, d.people[local(person.email)], err = d.store.AcceptAsNewUser(d.ctx, db.By{Via: "page"}, token, person.name, "")
		return err
	})
}

func (d *demo) group(name, about string, people, groups []string) {
	d.do(func() error {
		id, err := d.store.CreateGroup(d.ctx, operator, d.org, name, about)
		d.groups[name] = id
		for i, person := range people {
			role := access.GroupMember
			if i == 0 {
				role = access.GroupAdmin
			}
			if err == nil {
				err = d.store.AddToGroup(d.ctx, d.admin(), d.org, id, []access.Ref{{Type: "user", ID: d.people[person]}}, role)
			}
		}
		for _, group := range groups {
			if err == nil {
				err = d.store.AddToGroup(d.ctx, d.admin(), d.org, id, []access.Ref{{Type: "group", ID: d.groups[group]}}, access.GroupMember)
			}
		}
		return err
	})
}

// carry gives a group a role on the module Workspace.
func (d *demo) carry(group, role string) {
	d.do(func() error {
		places, err := d.store.ListPlacesToCreate(d.ctx, d.org, d.people["ana"])
		if err != nil {
			return err
		}
		return d.share(d.admin(), places[0].ID, demoGrant{who: "group:" + group, role: role})
	})
}

func (d *demo) project(name, about, owner string, mode access.Mode, packages []string, grants []demoGrant) {
	d.do(func() error {
		places, err := d.store.ListPlacesToCreate(d.ctx, d.org, d.people[owner])
		if err != nil {
			return err
		}
		module := places[0].ID
		if other := d.made[demoModuleOf[name]]; other != "" {
			module = other
		}
		project, err := d.store.CreateResource(d.ctx, d.by(owner), d.org, db.NewResource{Kind: access.Project, Parent: module, Name: name, Description: about})
		if err != nil {
			return err
		}
		d.made[name] = project
		if mode != access.OrganizationMode {
			if err := d.store.ChangeAccessMode(d.ctx, d.by(owner), d.org, project, mode, "viewer", 1); err != nil {
				return err
			}
		}
		for _, each := range packages {
			if _, err := d.store.CreateResource(d.ctx, d.by(owner), d.org, db.NewResource{Kind: access.Package, Parent: project, Name: each}); err != nil {
				return err
			}
		}
		for _, grant := range grants {
			if err := d.share(d.by(owner), project, grant); err != nil {
				return err
			}
		}
		return nil
	})
}

// share gives a person, a group or somebody outside a role.
func (d *demo) share(by db.By, resource access.ID, grant demoGrant) error {
	found, err := d.store.FindResource(d.ctx, d.org, by.User, resource)
	if err != nil {
		return err
	}
	who := access.Ref{Type: "user", ID: d.people[grant.who]}
	if name, isGroup := strings.CutPrefix(grant.who, "group:"); isGroup {
		who = access.Ref{Type: "group", ID: d.groups[name]}
	} else if slug, isOrganization := strings.CutPrefix(grant.who, "organization:"); isOrganization {
		who = access.Ref{Type: "organization", Name: slug}
	} else if local(grant.who) != grant.who {
		who = access.Ref{Type: "email", Name: grant.who}
	}
	var until *time.Time
	if grant.days > 0 {
		at := time.Now().AddDate(0, 0, grant.days).Truncate(time.Hour)
		until = &at
	}
	return d.store.GrantRoles(d.ctx, by, d.org, resource, db.Share{Who: []access.Ref{who}, Role: grant.role, ExpiresAt: until, Version: found.Version})
}
