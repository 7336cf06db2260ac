package web

import "gatehouse/access"

// roleTitle is what a person is on a resource, as pages write it; empty for somebody who can only see that it exists.
func roleTitle(resource access.Resource, person access.ID) string {
	if person != "" && resource.Owner.ID == person {
		return "Owner"
	}
	if role, ok := access.Strongest(resource.Kind, resource.Rights); ok {
		return role.Title
	}
	if resource.Rights.Has(access.View) { // by a rights template, which only an explanation names
		return "Can view"
	}
	return ""
}

// roleBy is roleTitle where the paths that give the rights are known: a rights template that says more than any built-in role
// is named.
func roleBy(paths []access.Path, resource access.Resource, person access.ID) string {
	if resource.Owner.ID != person {
		if role := strongest(resource, paths); role.Title != "" {
			return role.Title
		}
	}
	return roleTitle(resource, person)
}

// strongest is the role that says most about the rights that these paths give on a resource.
func strongest(resource access.Resource, paths []access.Path) access.Role {
	role, _ := access.Strongest(resource.Kind, resource.Rights)
	says := role.Here.Count()
	for _, path := range paths {
		if path.Role.Project != "" && path.Rights.Count() > says {
			role, says = path.Role, path.Rights.Count()
		}
	}
	return role
}

// beyond are rights that an Admin of the organization has on everything in it, whatever else they are there.
var beyond = adminRole().Below

func adminRole() access.Role {
	role, _ := access.RoleByID(access.RoleID(access.Organization, "admin"))
	return role
}

// rolesOn is what the person who asks is on each resource, as roleBy. Only where no built-in role says all that they hold, the
// paths are looked for.
func (s *Server) rolesOn(r *request, resources ...access.Resource) (map[access.ID]string, error) {
	titles, unclear := map[access.ID]string{}, []access.ID{}
	for _, resource := range resources {
		titles[resource.ID] = roleTitle(resource, r.person().ID)
		if role, _ := access.Strongest(resource.Kind, resource.Rights); resource.Rights&^role.Here&^beyond != 0 && resource.Owner.ID != r.person().ID {
			unclear = append(unclear, resource.ID)
		}
	}
	if len(unclear) == 0 {
		return titles, nil
	}
	paths, err := s.store.ExplainEach(r.ctx(), r.org().ID, r.person().ID, unclear)
	for _, resource := range resources {
		if found := paths[resource.ID]; len(found) > 0 {
			titles[resource.ID] = roleBy(found, resource, r.person().ID)
		}
	}
	return titles, err
}
