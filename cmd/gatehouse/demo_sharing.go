package main

import (
	"gatehouse/access"
	"gatehouse/db"
)

// What the demo shows of modules and rights templates.

// demoModuleOf names the module of each project that does not lie in Workspace.
var demoModuleOf = map[string]string{"Client Letters": "Client Services"}

// modules makes a second module, with an Administrator who is no org admin and a group whose people create in it.
func (d *demo) modules() {
	d.do(func() error {
		made := db.NewResource{Kind: access.Module, Parent: d.org, Name: "Client Services", Description: "Everything that leaves the house."}
		id, err := d.store.CreateResource(d.ctx, d.admin(), d.org, made)
		if err != nil {
			return err
		}
		d.made[made.Name] = id
		if err := d.share(d.admin(), id, demoGrant{who: "nadia", role: "administrator"}); err != nil {
			return err
		}
		return d.share(d.by("nadia"), id, demoGrant{who: "group:Client Reporting", role: "creator"})
	})
}

// templates makes a rights template of Client Letters, and gives it.
func (d *demo) templates() {
	d.do(func() error {
		letters := d.made["Client Letters"]
		_, err := d.store.CreateTemplate(d.ctx, d.by("jun"), d.org, letters, "Proofreader", access.View|access.Edit)
		if err != nil {
			return err
		}
		if err := d.share(d.by("jun"), letters, demoGrant{who: "hana", role: "Proofreader"}); err != nil {
			return err
		}
		return d.share(d.by("jun"), letters, demoGrant{who: "group:Signals", role: "Proofreader", days: 60})
	})
}

// requests asks for access to Alpha, so that its owner has something to answer.
func (d *demo) requests() {
	d.do(func() error {
		asked := db.AskedAccess{Role: "viewer", Days: 30, Message: "I write the letters on the energy desk and would like to look the figures up myself."}
		_, err := d.store.RequestAccess(d.ctx, d.by("maximiliane"), d.org, d.made["Alpha"], asked)
		return err
	})
}
