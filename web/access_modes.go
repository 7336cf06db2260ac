package web

import (
	"net/http"
	"strconv"
	"time"

	"gatehouse/access"
	"gatehouse/views"
)

func formatVersion(version int64) string { return strconv.FormatInt(version, 10) }

// inputTime is a time as the browser's field for date and time holds it, in UTC.
func inputTime(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04")
}

// showAccessMode says what another access mode would do, before it is set.
func (s *Server) showAccessMode(r *request) error {
	form, err := s.accessModeForm(r, access.Mode(r.QueryParam("mode")), r.QueryParam("role"))
	if err == nil {
		err = s.addModeEffect(r, &form)
	}
	if err != nil {
		return s.refusedMode(r, err)
	}
	return r.show(http.StatusOK, accessModePage(form))
}

// refusedMode shows the Share dialog with the reason why a mode cannot be set.
func (s *Server) refusedMode(r *request, err error) error {
	return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) { shown.Problem = err.Error() })
}

func accessModePage(shown views.AccessMode) page {
	return pageOf("General access", views.AccessModePage, views.AccessModeDialog, shown)
}

func (s *Server) accessModeForm(r *request, mode access.Mode, roleName string) (views.AccessMode, error) {
	if roleName == "" {
		roleName = r.resource.OrgRole
	}
	form := views.AccessMode{Org: r.org().Slug, OrgName: r.org().Name, Resource: r.resource, To: mode, Version: r.resource.Version}
	what := access.ChangeAccessMode{Resource: r.resource, ToMode: mode, ToRole: roleName, Policy: r.org().Policy}
	if err := access.Decide(r.actor(), what); err != nil {
		return form, err
	}
	form.ToRole, _ = access.FindRole(r.resource.Kind, roleName)
	return form, nil
}

// addModeEffect counts what the mode of a form would do, and for whom.
func (s *Server) addModeEffect(r *request, form *views.AccessMode) (err error) {
	if form.Inside, form.Staying, err = s.store.CountFollowersInside(r.ctx(), r.org().ID, r.resource.ID, form.To); err != nil {
		return err
	}
	form.Effect, err = s.store.PreviewAccessMode(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.To, form.ToRole.Name, r.resource.Version)
	return err
}

// changeAccessMode sets who is let in without a grant, after the change was confirmed; letting anyone in by typing the name.
func (s *Server) changeAccessMode(r *request) error {
	mode, roleName := access.Mode(r.form("access_mode")), r.form("org_role")
	form, err := s.accessModeForm(r, mode, roleName)
	if err != nil {
		return s.refusedMode(r, err)
	}
	form.Confirm = r.form("confirm")
	if err := confirmed(r.resource, mode, form.Confirm); err != nil {
		if err := s.addModeEffect(r, &form); err != nil {
			return s.refusedMode(r, err)
		}
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return accessModePage(form)
		})
	}
	if err := s.store.ChangeAccessMode(r.ctx(), r.by(), r.org().ID, r.resource.ID, mode, roleName, r.version()); err != nil {
		return s.refusedMode(r, err)
	}
	return s.changedShare(r, "General access is "+mode.Title()+" now.", nil)
}

// confirmed asks again before everybody is let in: Public by a yes, Anonymous by the resource's name.
func confirmed(resource access.Resource, to access.Mode, answer string) error {
	switch {
	case !to.WiderThan(resource.Mode):
		return nil
	case to == access.Anonymous && answer != resource.Name:
		return access.Invalid("confirm", "Type %s to let anyone on the internet read it.", resource.Name)
	case to == access.Public && answer != "yes":
		return access.Invalid("confirm", "Confirm that every signed-in user of this server may read it.")
	}
	return nil
}
