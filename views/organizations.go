package views

import "gatehouse/access"

// Organizations is the page that lists the person's organizations.
type Organizations struct {
	List   []OrgLink
	Name   string          // of the person
	Shared []SharedOutside // by organizations that the person is no member of
}

// SharedOutside is a resource of another organization that is shared with the person, or with an organization of theirs.
type SharedOutside struct {
	Org      OrgLink
	Resource access.Ref
	Role     string // the person's, as pages write it
}

// OrganizationSettings is the form that changes an organization's name. It posts name.
type OrganizationSettings struct {
	Org      string // slug
	Name     string
	Problems Problems
}

// Search is what the palette finds.
type Search struct {
	Org      string
	Search   string
	Sections []SearchSection
}

// A SearchSection is one kind of hit: Pages, People, Groups, Resources.
type SearchSection struct {
	Title string
	Hits  []SearchHit
}

// A SearchHit leads to a page.
type SearchHit struct {
	Path   string
	Title  string
	Detail string // the address, or where it lies
	Type   string // as in access.Ref, or "page"
}

func (o OrgLink) detail() string {
	if o.Members > 0 {
		return "You are " + article(o.Role) + " · " + count(o.Members, "member", "members")
	}
	return "You are " + article(o.Role)
}
