package main

import (
	"gatehouse/access"
	"gatehouse/db"
)

func (d *demo) deactivate(person string) {
	d.do(func() error { return d.store.DeactivateMember(d.ctx, d.admin(), d.org, d.people[person]) })
}

func (d *demo) invite(email, role string, groups ...string) {
	d.do(func() error {
		invited := db.NewInvitation{Email: email, Role: role}
		for _, group := range groups {
			invited.Groups = append(invited.Groups, d.groups[group])
		}
		_, err := d.store.Invite(d.ctx, d.admin(), d.org, invited)
		return err
	})
}

// welcome makes somebody who has an account a member.
func (d *demo) welcome(email, role string, user access.ID) {
	d.do(func() error {
		token, err := d.store.Invite(d.ctx, d.admin(), d.org, db.NewInvitation{Email: email, Role: role})
		if err != nil {
			return err
		}
		_, err = d.store.AcceptInvitation(d.ctx, db.By{User: user, Via: "page"}, token)
		return err
	})
}
