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

// roleBy is roleTitle where the paths that give the rights are known, the strongest first: a rights template that says more
// than any built-in role is named.
func roleBy(paths []access.Path, resource access.Resource, person access.ID) string {
	if resource.Owner.ID != person && len(paths) > 0 {
		return strongest(resource, paths).Title
	}
	return roleTitle(resource, person)
}

// strongest is the role that says most about the rights that these paths give on a resource.
func strongest(resource access.Resource, paths []access.Path) access.Role {
	role, _ := access.Strongest(resource.Kind, resource.Rights)
	if len(paths) > 0 && paths[0].Role.Project != "" && paths[0].Rights.Count() > role.Here.Count() {
		return paths[0].Role
	}
	return role
}
