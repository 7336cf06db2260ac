package web

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showWhy explains why somebody can open a resource, or what is missing. Everybody may ask about themselves; about
// others, who shares the resource, manages members or audits.
func (s *Server) showWhy(r *request) error {
	user := r.person().ID
	if asked := r.QueryParam("user"); asked != "" {
		id, err := parseID(asked)
		if err != nil {
			return err
		}
		user = id
	}
	if user != r.person().ID && !r.resource.Rights.Has(r.resource.Kind.Handing()) && r.actor().Rights&seesMembers == 0 {
		return access.Denied("You can ask why only about yourself here.")
	}
	shown, err := s.why(r, user)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf("Why", views.WhyPage, views.WhyDialog, shown))
}

func (s *Server) why(r *request, user access.ID) (views.Why, error) {
	shown := views.Why{Org: r.org().Slug, You: user == r.person().ID, Resource: r.resource.Ref()}
	person, err := s.personAround(r, user)
	if err != nil {
		return shown, err
	}
	shown.Person = person.Person
	if shown.Paths, err = s.pathsOf(r, user); err != nil {
		return shown, err
	}
	rights := unionOf(shown.Paths)
	opens := access.View
	if !r.resource.Kind.Owned() {
		opens = access.Discover // what lies in a module has access of its own
	}
	if !rights.Has(opens) {
		shown.CanAsk = shown.You && access.CanRequest(r.actor(), r.resource) == nil
		shown.Denial, err = s.denial(r, person)
		return shown, err
	}
	held := r.resource
	held.Rights = rights
	shown.Role = roleBy(shown.Paths, held, user)
	return shown, nil
}

// pathsOf are the paths by which a user has rights on the resource. Places of which whoever asks may not know stay unnamed.
func (s *Server) pathsOf(r *request, user access.ID) ([]access.Path, error) {
	paths, err := s.store.Explain(r.ctx(), r.org().ID, user, r.resource.ID)
	if err != nil || user == r.person().ID {
		return paths, err
	}
	known, err := s.knownPlaces(r)
	for i := range paths {
		if !known[paths[i].Place.ID] {
			paths[i].Place = access.Ref{Name: "what contains it"}
		}
	}
	return paths, err
}

// knownPlaces are the resource and, of what contains it, that of which the person may know.
func (s *Server) knownPlaces(r *request) (map[access.ID]bool, error) {
	places, err := s.store.ListContainers(r.ctx(), r.person().ID, r.resource.ID)
	known := map[access.ID]bool{r.resource.ID: true}
	for _, place := range places {
		known[place.ID] = place.Rights.Has(access.Discover)
	}
	return known, err
}

// personAround is whom the page is about. Anybody who was let in may ask about themselves.
func (s *Server) personAround(r *request, user access.ID) (db.PersonAround, error) {
	person, err := s.store.FindPersonAround(r.ctx(), r.org().ID, user)
	if user == r.person().ID && errors.Is(err, access.ErrNotFound) {
		return db.PersonAround{Person: r.person()}, nil
	}
	return person, err
}

func unionOf(paths []access.Path) access.Rights {
	var rights access.Rights
	for _, path := range paths {
		rights |= path.Rights
	}
	return rights
}

// denial says what the nearest grant would be and who can give it.
func (s *Server) denial(r *request, person db.PersonAround) (*views.Denial, error) {
	denial := &views.Denial{Role: access.WeakestRole(r.resource.Kind), Place: r.resource.Ref()}
	if person.Status == access.Deactivated {
		denial.Reason = person.Label() + " is deactivated in " + r.org().Name + ", so nothing that they have counts."
	}
	var err error
	denial.Givers, err = s.store.ListWhoCanShare(r.ctx(), r.resource.ID, r.resource.Kind)
	return denial, err
}

// showMyAccess shows a person what they can open, through what, and the groups that they are in.
func (s *Server) showMyAccess(r *request) error {
	member, err := s.store.FindMember(r.ctx(), r.org().ID, r.user.ID)
	if err != nil {
		return err
	}
	search := r.QueryParam("search")
	shown := views.MyAccess{Org: r.org().Slug, OrgName: r.org().Name, Member: member, Search: search}
	if shown.Groups, err = s.memberships(r, r.user.ID); err != nil {
		return err
	}
	last, err := s.isLastAdmin(r, member)
	if err != nil {
		return err
	}
	_, _, _, shown.Leave = memberActions(r, member, last)
	if shown.Asked, err = s.ownRequests(r); err != nil {
		return err
	}
	if shown.Outside, err = s.sharedOutside(r); err != nil {
		return err
	}
	shown.Access, shown.Pager, err = s.accessRows(r, r.user.ID, db.ResourceFilter{Search: search}, r.part())
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf("My access", views.MyAccessPage, views.MyAccessTable, shown))
}

// accessRows lists what a user can open, with the strongest path to each.
func (s *Server) accessRows(r *request, user access.ID, filter db.ResourceFilter, part db.Page) (rows []views.AccessRow, line views.Pager, err error) {
	filter.Wanted = access.Discover | access.View
	list, err := paged(part, func(page db.Page) (db.Listing[access.Resource], error) {
		return s.store.ListResources(r.ctx(), r.org().ID, user, filter, page)
	})
	if err != nil {
		return nil, line, err
	}
	ids := make([]access.ID, len(list.Rows))
	for i, resource := range list.Rows {
		ids[i] = resource.ID
	}
	paths, err := s.store.ExplainEach(r.ctx(), r.org().ID, user, ids)
	if err != nil {
		return nil, line, err
	}
	for _, resource := range list.Rows {
		row := views.AccessRow{Resource: resource.Ref()}
		if owned := resource.Owner.ID == user; owned {
			row.Role, _ = access.RoleByID(access.RoleID(resource.Kind, access.OwnerRole))
		} else {
			row.Role = strongest(resource, paths[resource.ID])
		}
		if found := paths[resource.ID]; len(found) > 0 {
			row.Reason, row.OtherPaths = found[0], len(found)-1
		}
		rows = append(rows, row)
	}
	return rows, pager(r, list), nil
}
