package db

import (
	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

func (s *staged) addGroup(r record) error {
	name, err := cleanName(r.text("name"))
	if err != nil {
		return err
	}
	description, err := r.cleaned("description", access.CleanDescription)
	if err != nil {
		return err
	}
	s.groups = append(s.groups, sqlc.StageGroupsParams{Line: r.line, Said: r.said, Organization: r.text("organization"), Name: name, Description: description})
	return nil
}

func (s *staged) addGroupMember(r record) error {
	if err := r.one("user", "member_group"); err != nil {
		return err
	}
	role := r.optional("role")
	if role != nil {
		if _, err := access.ParseGroupRole(*role); err != nil {
			return err
		}
	}
	if inner := r.text("member_group"); inner != "" {
		if role != nil && *role != string(access.GroupMember) {
			return access.Invalid("role", "A group inside a group is a member.")
		}
		s.nestedGroups = append(s.nestedGroups, sqlc.StageNestedGroupsParams{Line: r.line, Said: r.said, Organization: r.text("organization"),
			GroupName: r.text("group"), MemberName: inner})
		return nil
	}
	email, err := r.email("user")
	if err != nil {
		return err
	}
	s.groupMembers = append(s.groupMembers, sqlc.StageGroupMembersParams{Line: r.line, Said: r.said, Organization: r.text("organization"),
		GroupName: r.text("group"), Email: email, Role: role})
	return nil
}

// addModule keeps a module as the resource that it is, inside the organization.
func (s *staged) addModule(r record) error {
	parentKind, parentKey := string(access.Organization), r.text("organization")
	return s.addTreeResource(r, sqlc.StageResourcesParams{Kind: string(access.Module), ParentKind: &parentKind, ParentKey: &parentKey})
}

func (s *staged) addResource(r record) error {
	kind := access.Kind(r.text("kind"))
	if !kind.Known() || !kind.Owned() {
		return access.Invalid("kind", "%q is not a kind of resource. Organizations and modules have records of their own types.", string(kind))
	}
	staged := sqlc.StageResourcesParams{Kind: string(kind), AccessMode: r.optional("access_mode"), OrgRole: r.optional("org_role")}
	if r.optional("parent") != nil {
		parentKind, parentKey, err := r.place("parent")
		if err != nil {
			return err
		}
		kindName := string(parentKind)
		staged.ParentKind, staged.ParentKey = &kindName, &parentKey
	}
	if r.optional("owner") != nil {
		owner, err := r.email("owner")
		if err != nil {
			return err
		}
		staged.Owner = &owner
	}
	if staged.AccessMode != nil && !access.Mode(*staged.AccessMode).Known() {
		return access.Invalid("access_mode", "%q is not an access mode. Choose restricted, organization, public or anonymous.", *staged.AccessMode)
	}
	if staged.OrgRole != nil {
		if _, err := access.FindRole(kind, *staged.OrgRole); err != nil {
			return access.Invalid("org_role", "%s", err.Error())
		}
	}
	return s.addTreeResource(r, staged)
}

func (s *staged) addTreeResource(r record, staged sqlc.StageResourcesParams) error {
	if err := cleanKey("key", r.text("key")); err != nil {
		return err
	}
	var err error
	if staged.Name, err = r.cleaned("name", cleanName); err != nil {
		return err
	}
	if staged.Description, err = r.cleaned("description", access.CleanDescription); err != nil {
		return err
	}
	staged.Line, staged.Said, staged.Organization, staged.Key = r.line, r.said, r.text("organization"), r.text("key")
	staged.Place = placeOf(access.Kind(staged.Kind))
	s.resources = append(s.resources, staged)
	return nil
}

func (s *staged) addTemplate(r record) error {
	name, err := cleanName(r.text("name"))
	if err != nil {
		return err
	}
	staged := sqlc.StageTemplatesParams{Line: r.line, Said: r.said, Organization: r.text("organization"), Project: r.text("project"), Name: name}
	if list, there := r.fields["rights"].([]any); there {
		rights := access.Discover // whoever may do anything may know of it
		for _, each := range list {
			right, _ := access.ParseRight(each.(string))
			rights |= right
		}
		bits := int64(rights)
		staged.Rights = &bits
	}
	s.templates = append(s.templates, staged)
	return nil
}

func (s *staged) addGrant(r record) error {
	kind, key, err := r.place("resource")
	if err != nil {
		return err
	}
	if err := r.one("user", "group", "grantee_organization"); err != nil {
		return err
	}
	if err := r.one("role", "template"); err != nil {
		return err
	}
	staged := sqlc.StageGrantsParams{Line: r.line, Said: r.said, Organization: r.text("organization"), Kind: string(kind), Key: key,
		GroupName: r.optional("group"), Grantee: r.optional("grantee_organization"), Role: r.optional("role"), Template: r.optional("template")}
	if r.optional("user") != nil {
		email, err := r.email("user")
		if err != nil {
			return err
		}
		staged.Email = &email
	}
	if staged.Role != nil {
		if _, err := access.FindRole(kind, *staged.Role); err != nil {
			return err
		}
	}
	if staged.ExpiresAt, staged.Ends, err = r.end(); err != nil {
		return err
	}
	s.grants = append(s.grants, staged)
	return nil
}
