package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// notOpen answers a member for a resource of which they may not know, and for one that was never made: not found, with a way
// to ask.
type notOpen struct{ ask string }

func (notOpen) Error() string { return access.ErrNotFound.Error() }
func (notOpen) Unwrap() error { return access.ErrNotFound }

// showRequestForm asks what access somebody would like to what the URL names. It answers the same for what they may not know of
// as for an id that was never issued.
func (s *Server) showRequestForm(r *request) error {
	form, err := s.requestForm(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, requestFormPage(form))
}

func requestFormPage(shown views.RequestForm) page {
	return pageOf("Ask for access", views.RequestFormPage, views.RequestFormDialog, shown)
}

func (s *Server) requestForm(r *request) (views.RequestForm, error) {
	id, err := r.id("resource")
	if err != nil {
		return views.RequestForm{}, err
	}
	form := views.RequestForm{Org: r.org().Slug, OrgName: r.org().Name, About: access.Ref{ID: id}, Days: "30"}
	on, err := s.store.FindResource(r.ctx(), r.org().ID, r.user.ID, id)
	if errors.Is(err, access.ErrNotFound) {
		on = access.Resource{}
	} else if err != nil {
		return form, err
	} else {
		form.About = on.Ref()
	}
	if err := access.CanRequest(r.actor(), on); err != nil {
		return form, err
	}
	if form.Roles, err = s.requestableRoles(r, on); err != nil {
		return form, err
	}
	if len(form.Roles) > 0 {
		form.Role = chosenRole(form.Roles, "viewer", form.Roles[0].Name)
	}
	return form, s.addLatestRequest(r, &form)
}

// requestableRoles are the roles that give more than the person has.
func (s *Server) requestableRoles(r *request, on access.Resource) ([]access.Role, error) {
	templates, err := s.templatesOf(r, on)
	var roles []access.Role
	for _, role := range access.RequestableRoles(on.Kind, templates...) {
		if on.Kind == "" || !on.Rights.Has(role.Here) {
			roles = append(roles, role)
		}
	}
	return roles, err
}

// addLatestRequest fills in what they ask for already, or says what became of what they asked for before.
func (s *Server) addLatestRequest(r *request, form *views.RequestForm) error {
	latest, err := s.store.FindLatestRequest(r.ctx(), r.org().ID, r.user.ID, form.About.ID)
	if errors.Is(err, access.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	latest.About = form.About
	if latest.Status != access.OpenRequest {
		form.Last = &latest
		return nil
	}
	form.Open, form.Role, form.Days, form.Message = &latest, latest.Role, strconv.Itoa(latest.Days), latest.Message
	return nil
}

// requestAccess asks for access, or changes what is asked for.
func (s *Server) requestAccess(r *request) error {
	form, err := s.requestForm(r)
	if err != nil {
		return err
	}
	asked := db.AskedAccess{Role: r.form("role"), Message: r.form("message"), Days: daysOf(r.form("days"))}
	if _, err := s.store.RequestAccess(r.ctx(), r.by(), r.org().ID, form.About.ID, asked); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Role, form.Days, form.Message, form.Problems = asked.Role, r.form("days"), asked.Message, problems
			return requestFormPage(form)
		})
	}
	path := views.RequestsPath(r.org().Slug)
	if form.About.Name != "" {
		path = views.ResourcePath(r.org().Slug, form.About.ID)
	}
	return r.done(r.listBehind(path), views.Flash{Message: "You asked for access. You are told what those who can give it decide."})
}

// daysOf reads a number of days; -1, for which nobody can ask, for what is none.
func daysOf(typed string) int {
	days, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return days
}

// listBehind is the page from which somebody came to a request; where that is the request's own page, the one that is named.
func (r *request) listBehind(otherwise string) string {
	path := r.cameFrom(otherwise)
	if strings.HasSuffix(path, "/request") || strings.HasPrefix(path, views.RequestsPath(r.org().Slug)+"/") {
		return otherwise
	}
	return path
}

// withdrawRequest takes back what the person asked for.
func (s *Server) withdrawRequest(r *request) error {
	id, err := r.id("request")
	if err != nil {
		return err
	}
	if err := s.store.WithdrawRequest(r.ctx(), r.by(), r.org().ID, id); err != nil {
		return err
	}
	return r.done(r.listBehind(views.RequestsPath(r.org().Slug)), views.Flash{Message: "You took your request back."})
}

// listRequests shows what waits for the person's answer and what they asked for; or only the part that is read again.
func (s *Server) listRequests(r *request) error {
	shown := views.Requests{Org: r.org().Slug, Own: views.OwnRequests{Org: r.org().Slug}}
	part := r.QueryParam("part")
	if r.partial() && part == "count" {
		waiting, err := s.store.CountAnswerableRequests(r.ctx(), r.org().ID, r.user.ID)
		if err != nil {
			return err
		}
		return r.send(http.StatusOK, views.RequestCount(shown.Org, waiting))
	}
	var err error
	if shown.Own, err = s.ownRequests(r); err != nil {
		return err
	}
	if r.partial() && part == "own" {
		return r.send(http.StatusOK, views.OwnRequestsPart(shown.Own))
	}
	if shown.Rows, shown.Pager, err = s.requestRows(r, "", r.part()); err != nil {
		return err
	}
	return r.show(http.StatusOK, pageOf("Requests", views.RequestsPage, views.RequestsPart, shown))
}

func (s *Server) ownRequests(r *request) (views.OwnRequests, error) {
	rows, err := s.store.ListRequestsOf(r.ctx(), r.org().ID, r.user.ID)
	return views.OwnRequests{Org: r.org().Slug, Rows: rows}, err
}

// requestRows are the requests that the person can answer, about one resource if it is named.
func (s *Server) requestRows(r *request, about access.ID, part db.Page) ([]views.RequestRow, views.Pager, error) {
	list, err := paged(part, func(page db.Page) (db.Listing[db.AnswerableRequest], error) {
		return s.store.ListAnswerableRequests(r.ctx(), r.org().ID, r.user.ID, about, page)
	})
	rows := make([]views.RequestRow, len(list.Rows))
	for i, one := range list.Rows {
		rows[i] = views.RequestRow{Request: one.Request, Held: heldTitle(access.Kind(one.About.Type), one.Held)}
	}
	return rows, pager(r, list), err
}

// heldTitle is the strongest role within some rights, as pages write it; empty for none.
func heldTitle(kind access.Kind, held access.Rights) string {
	role, ok := access.Strongest(kind, held)
	if !ok {
		return ""
	}
	return role.Title
}
