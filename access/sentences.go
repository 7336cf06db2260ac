package access

import "fmt"

// Sentence tells in plain text why a subject has rights on a resource: "ana@acme.test → Quant → Editor on Alpha → Viewer
// on this package." The subject is written as whoever asked wrote it.
func (p Path) Sentence(subject string, resource Kind) string {
	told := subject
	for _, via := range p.Via {
		told += " → " + via.Name
	}
	switch p.Source {
	case ByOwner:
		told += " owns " + p.Place.Name
	case ByMode:
		told += fmt.Sprintf(" → %s for %s, by the access mode of %s", p.roleTitle(), p.LetsIn(), p.Place.Name)
	default:
		told += fmt.Sprintf(" → %s on %s", p.roleTitle(), p.Place.Name)
	}
	return told + p.Reaches(resource) + "."
}

func (p Path) roleTitle() string {
	if p.Role.Title == "" {
		return p.Role.Name
	}
	return p.Role.Title
}

// LetsIn says whom the access mode lets in by this path: all but what members have is a Viewer's.
func (p Path) LetsIn() string {
	switch {
	case p.Mode == OrganizationMode || p.Role.Name != "viewer":
		return "every member"
	case p.Mode == Public:
		return "everyone who is signed in"
	}
	return "anyone"
}

// Reaches tells what an inherited path gives on the resource asked about, of a kind; nothing where it is no inherited one.
func (p Path) Reaches(kind Kind) string {
	if !p.Inherited {
		return ""
	}
	role, ok := Strongest(kind, p.Rights)
	switch {
	case p.Source == ByOwner:
		return fmt.Sprintf(" → can do everything with this %s", kind)
	case ok:
		return fmt.Sprintf(" → %s on this %s", role.Title, kind)
	case p.Rights.Has(View):
		return fmt.Sprintf(" → can view this %s", kind)
	case p.Rights.Has(Members):
		return fmt.Sprintf(" → manages this %s", kind)
	case p.Rights.Has(Create):
		return fmt.Sprintf(" → can create in this %s", kind)
	case p.Rights.Has(Transfer):
		return fmt.Sprintf(" → sees that this %s exists, and can give it to another owner", kind)
	}
	return fmt.Sprintf(" → sees that this %s exists", kind)
}
