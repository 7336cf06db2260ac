package access

// An Org is an organization as one of its people sees it.
type Org struct {
	ID     ID
	Slug   string // its name in URLs and files
	Name   string
	Policy Policy
}

// Ref names the organization for an audit event or a link.
func (o Org) Ref() Ref { return Ref{Type: string(Organization), ID: o.ID, Name: o.Name} }

// CreateOrganization makes an organization with its first Admin. Only the server's operator can.
type CreateOrganization struct {
	Org   Org
	Admin Person
}

func (c CreateOrganization) allowed(a Actor) error {
	if !a.Operator {
		return Denied("Only the operator of this server can create an organization.")
	}
	return nil
}

func (c CreateOrganization) Event() Event {
	return Event{Action: "organization.created", Target: c.Org.Ref(), Subject: c.Admin.Ref(),
		After: Facts{"slug": c.Org.Slug, "name": c.Org.Name, "admin": c.Admin.Email}}
}

// RestoreAdmin makes somebody an active Admin when nobody can get in. Only the server's operator can.
type RestoreAdmin struct {
	Org   Org
	Admin Person
	Lifts bool // single sign-on is no longer the only way in
}

func (c RestoreAdmin) allowed(a Actor) error { return CreateOrganization{Org: c.Org}.allowed(a) }

func (c RestoreAdmin) Event() Event {
	event := Event{Action: "member.admin_restored", Target: c.Admin.Ref(), Subject: c.Admin.Ref(), After: Facts{"role": "admin", "status": Active}}
	if c.Lifts {
		event.After["single_sign_on_required"] = false
	}
	return event
}

// RenameOrganization changes an organization's name.
type RenameOrganization struct {
	Org Org
	To  string
}

func (c RenameOrganization) allowed(a Actor) error {
	if !a.may(a.Rights, Configure) {
		return Denied("Only an Admin of the organization can change its settings.")
	}
	return nil
}

func (c RenameOrganization) Event() Event {
	return Event{Action: "organization.renamed", Target: c.Org.Ref(), Before: Facts{"name": c.Org.Name}, After: Facts{"name": c.To}}
}
