package views

import "gatehouse/access"

// Organizations is the page that lists the person's organizations.
type Organizations struct {
	List   []OrgLink
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
	Sections []SearchSection // those with hits
	More     bool            // match than are shown
}

// Add adds a section, unless it is empty.
func (s *Search) Add(title string, hits []SearchHit) {
	if len(hits) > 0 {
		s.Sections = append(s.Sections, SearchSection{title, hits})
	}
}

// moreMatch stands below what a search shows when there is more.
const moreMatch = "More match. Type more to narrow this down."

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

func (o OrgLink) detail() string { return "You are " + article(o.Role) }
