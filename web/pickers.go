package web

import (
	"errors"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// A choice is what somebody put into a picker: whom, and the chips that show it again.
type choice struct {
	who   []access.Ref
	chips []views.Chip
	bad   bool
}

const maxChosen = 200 // people and groups at once

// chosen reads a picker: the chips (who) and what was typed without JavaScript (add). Whoever cannot be found stays in it
// as a chip that says so; without outside that is also everybody who is no member.
func (s *Server) chosen(r *request, outside bool) (choice, error) {
	var made choice
	seen := map[access.ID]bool{}
	values := append(r.Request().Form["who"], typedValues(r.form("add"))...)
	if len(values) > maxChosen {
		return made, access.Invalid("who", "Choose at most %d at once.", maxChosen)
	}
	for _, value := range values {
		principal, problem, err := s.findChosen(r, value, outside)
		if err != nil {
			return made, err
		}
		if !outside && (principal.External || problem == nobodyWithAddress) {
			problem = "Nobody with this address is a member. Invite them first."
		}
		if problem == nobodyWithAddress || outside && principal.External && principal.Type == "user" && !r.org().Policy.SharesOutside(r.resource.Kind) {
			if problem, err = s.whyNobody(r, value); err != nil {
				return made, err
			}
		}
		if problem != "" {
			made.bad = true
			_, label, _ := strings.Cut(value, ":")
			made.chips = append(made.chips, views.Chip{Value: value, Label: label, Problem: problem})
			continue
		}
		if seen[principal.ID] {
			continue
		}
		seen[principal.ID] = true
		ref := principal.Ref
		switch {
		case principal.Type == string(access.Organization): // found again by the slug only
			ref.Name = principal.Slug
		case principal.External: // and a person by the address only
			ref = access.Ref{Type: "email", Name: principal.Email}
		}
		made.who = append(made.who, ref)
		made.chips = append(made.chips, views.Chip{Value: value, Label: principal.Name, External: principal.External})
	}
	return made, nil
}

const nobodyWithAddress = "Nobody with this address has an account on this server. Invite them first."

// whyNobody tells of an address that cannot be chosen whether the organization invited it, and only where something could be
// shared with somebody outside that it has no account.
func (s *Server) whyNobody(r *request, value string) (string, error) {
	email, err := db.NormalizeEmail(strings.TrimPrefix(value, "email:"))
	if err == nil {
		if _, invited, err := s.store.InvitationStanding(r.ctx(), r.org().ID, email); err != nil || invited {
			return stillInvited, err
		}
	}
	if !r.org().Policy.SharesOutside(r.resource.Kind) {
		return noMember, nil
	}
	return nobodyWithAddress, nil
}

// typedValues makes values like those of chips out of names and addresses, separated by commas, semicolons or lines.
func typedValues(text string) []string {
	var values []string
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if strings.Contains(name, "@") {
			values = append(values, "email:"+name)
		} else {
			values = append(values, "name:"+name)
		}
	}
	return values
}

// findChosen finds the principal behind one value; the problem says why there is none. Organizations are found only where
// somebody outside may be chosen.
func (s *Server) findChosen(r *request, value string, outside bool) (principal access.Principal, problem string, err error) {
	kind, text, _ := strings.Cut(value, ":")
	ref := access.Ref{Type: kind}
	problem = "Nobody here has this name."
	switch kind {
	case "user", "group":
		if ref.ID, err = parseID(text); err != nil {
			return principal, "This person or group is not here any more.", nil
		}
		problem = "This person or group is not here any more."
	case "email":
		if ref.Name, err = db.NormalizeEmail(text); err != nil {
			return principal, "This is not an e-mail address.", nil
		}
		problem = nobodyWithAddress
	case "name":
		group, err := s.store.FindGroupByName(r.ctx(), r.org().ID, text)
		if !errors.Is(err, access.ErrNotFound) {
			return access.Principal{Ref: group, Active: true}, "", err
		}
		problem = "There is no group with this name. Enter a person's e-mail address."
		if !outside {
			return principal, problem, nil
		}
		ref = access.Ref{Type: string(access.Organization), Name: text}
	case string(access.Organization):
		if ref.Name = text; !outside {
			return principal, problem, nil
		}
		problem = "There is no organization with this short name."
	default:
		return principal, problem, nil
	}
	principal, err = s.store.FindPrincipal(r.ctx(), r.org().ID, ref)
	if errors.Is(err, access.ErrNotFound) {
		return principal, problem, nil
	}
	return principal, "", err
}
