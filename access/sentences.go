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
		told += fmt.Sprintf(" → %s for %s, by the access mode of %s", p.roleTitle(), p.Mode.letsIn(), p.Place.Name)
	default:
		told += fmt.Sprintf(" → %s on %s", p.roleTitle(), p.Place.Name)
	}
	return told + p.reaches(resource)
}

func (p Path) roleTitle() string {
	if p.Role.Title == "" {
		return p.Role.Name
	}
	return p.Role.Title
}

// letsIn says whom a mode lets in.
func (m Mode) letsIn() string {
	switch m {
	case OrganizationMode:
		return "every member"
	case Public:
		return "everyone who is signed in"
	}
	return "anyone"
}

// reaches tells what an inherited path gives on the resource asked about.
func (p Path) reaches(kind Kind) string {
	if !p.Inherited {
		return "."
	}
	role, ok := Strongest(kind, p.Rights)
	switch {
	case ok:
		return fmt.Sprintf(" → %s on this %s.", role.Title, kind)
	case p.Rights.Has(View):
		return fmt.Sprintf(" → can view this %s.", kind)
	case p.Rights.Has(Members):
		return fmt.Sprintf(" → manages this %s.", kind)
	case p.Rights.Has(Create):
		return fmt.Sprintf(" → can create in this %s.", kind)
	}
	return fmt.Sprintf(" → sees that this %s exists.", kind)
}
