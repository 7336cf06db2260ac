package web

import (
	"net/http"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// grantRoles gives the chosen people and groups a role.
func (s *Server) grantRoles(r *request) error {
	if err := access.MayHandOut(r.actor(), r.resource); err != nil {
		return err
	}
	made, err := s.chosen(r, true)
	var until *time.Time
	if err == nil {
		until, err = r.until()
	}
	if err == nil && made.bad {
		err = access.Invalid("who", "Mend or remove what is marked. Nothing was shared.")
	}
	if err == nil {
		err = s.store.GrantRoles(r.ctx(), r.by(), r.org().ID, r.resource.ID, db.Share{Who: made.who, Role: r.form("role"), ExpiresAt: until, Version: r.version(),
			Notify: r.form("notify") == "yes", Message: r.form("message")})
	}
	if err != nil {
		return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) {
			shown.Notify, shown.Message = r.form("notify") == "yes", r.form("message")
			shown.Problems, shown.Picker.Chips, shown.Picker.Problem = problems, made.chips, problems["who"]+problems["principal"]
			shown.Role, shown.ExpiresAt = r.form("role"), r.form("expires_at")
		})
	}
	return s.changedShare(r, "Shared.", nil)
}

// changeGrant gives a grant another role or end, and offers to undo it.
func (s *Server) changeGrant(r *request) error {
	grant, err := s.grant(r)
	if err != nil {
		return err
	}
	until, err := r.until()
	if err == nil {
		err = s.store.ChangeGrant(r.ctx(), r.by(), r.org().ID, r.resource.ID, grant.ID, r.form("role"), until, r.version())
	}
	if err != nil {
		return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) {
			shown.Problem = err.Error()
		})
	}
	undo := &views.Undo{Path: views.GrantRolePath(r.org().Slug, r.resource.ID, grant.ID),
		Fields: []views.Field{{Name: "role", Value: grant.Role.Name}, {Name: "expires_at", Value: inputTime(grant.ExpiresAt)}, s.nextVersion(r)}}
	return s.changedShare(r, grant.Principal.Name+" has another role now.", undo)
}

// grant reads the grant of the URL.
func (s *Server) grant(r *request) (access.Grant, error) {
	id, err := r.id("grant")
	if err != nil {
		return access.Grant{}, err
	}
	grant, err := s.store.FindGrant(r.ctx(), r.org().ID, r.resource.ID, id)
	grant.Resource = r.resource.Ref()
	return grant, err
}

// showGrantRemoval asks before a grant is taken away, and says who loses what by it and whether access stays in another way. Who is
// in another organization, it knows itself.
func (s *Server) showGrantRemoval(r *request) error {
	form, err := s.grantRemovalForm(r)
	if err != nil {
		return err
	}
	if form.Grant.Principal.Type != string(access.Organization) {
		effect, err := s.store.PreviewRevocation(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.Grant.ID, r.resource.Version)
		if err != nil {
			return err
		}
		form.Effect = &effect
	}
	return r.show(http.StatusOK, grantRemovalPage(form))
}

func grantRemovalPage(shown views.GrantRemoval) page {
	return pageOf("Remove access", views.GrantRemovalPage, views.GrantRemovalDialog, shown)
}

func (s *Server) grantRemovalForm(r *request) (views.GrantRemoval, error) {
	grant, err := s.grant(r)
	if err != nil {
		return views.GrantRemoval{}, err
	}
	if err := access.Decide(r.actor(), access.RevokeGrant{Resource: r.resource, Grant: grant}); err != nil {
		return views.GrantRemoval{}, err
	}
	form := views.GrantRemoval{Org: r.org().Slug, Resource: r.resource.Ref(), Grant: grant, Version: r.resource.Version, You: grant.Principal.ID == r.user.ID}
	if grant.Principal.Type == "user" {
		form.Keeps, err = s.keeps(r, grant)
	}
	return form, err
}

// keeps are the paths that still let a person open the resource when a grant is gone.
func (s *Server) keeps(r *request, grant access.Grant) ([]access.Path, error) {
	paths, err := s.pathsOf(r, grant.Principal.ID)
	var kept []access.Path
	for _, path := range paths {
		if path.GrantID != grant.ID && path.Rights.Has(access.View) {
			kept = append(kept, path)
		}
	}
	return kept, err
}

// revokeGrant takes a grant away, and offers to undo it.
func (s *Server) revokeGrant(r *request) error {
	form, err := s.grantRemovalForm(r)
	if err != nil {
		return err
	}
	if err := s.store.RevokeGrant(r.ctx(), r.by(), r.org().ID, r.resource.ID, form.Grant.ID, r.version()); err != nil {
		return s.refusedShare(r, err, func(shown *views.Share, problems views.Problems) { shown.Problem = problems[""] })
	}
	notice := form.Grant.Principal.Name + " no longer has the role " + form.Grant.Role.Title + " here."
	if len(form.Keeps) > 0 {
		notice += " Access stays in another way: see Why."
	}
	who := form.Grant.Principal.Type + ":" + string(form.Grant.Principal.ID)
	if form.Grant.Principal.Type == string(access.Organization) {
		who = "organization:" + form.Grant.Principal.Slug
	} else if form.Grant.Principal.External {
		who = "email:" + form.Grant.Principal.Email
	}
	return s.changedShare(r, notice, &views.Undo{Path: views.GrantsPath(r.org().Slug, r.resource.ID), Fields: []views.Field{
		{Name: "who", Value: who}, {Name: "role", Value: form.Grant.Role.Name}, {Name: "expires_at", Value: inputTime(form.Grant.ExpiresAt)}, s.nextVersion(r)}})
}

// nextVersion is the version of the access list after the change that was just made: an undo is refused when somebody
// changed it again since.
func (s *Server) nextVersion(r *request) views.Field {
	return views.Field{Name: "version", Value: formatVersion(r.resource.Version + 1)}
}
