package web

import (
	"errors"
	"net/http"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showRequest shows a request to whoever can answer it, with what a role would give.
func (s *Server) showRequest(r *request) error {
	shown, err := s.requestReview(r)
	if err != nil {
		return err
	}
	if asked := r.QueryParam("role"); asked != "" {
		shown.Role = asked
	}
	if err := s.addApprovalEffect(r, &shown, nil); err != nil {
		return err
	}
	return r.show(http.StatusOK, requestReviewPage(shown))
}

func requestReviewPage(shown views.RequestReview) page {
	return pageOf("Request for access", views.RequestReviewPage, views.RequestReviewDialog, shown)
}

func (s *Server) requestReview(r *request) (views.RequestReview, error) {
	id, err := r.id("request")
	if err != nil {
		return views.RequestReview{}, err
	}
	request, on, err := s.store.FindRequest(r.ctx(), r.org().ID, r.user.ID, id)
	if err != nil {
		return views.RequestReview{}, err
	}
	held, err := s.store.Rights(r.ctx(), request.From.ID, on.ID)
	if err != nil {
		return views.RequestReview{}, err
	}
	templates, err := s.templatesOf(r, on)
	shown := views.RequestReview{Org: r.org().Slug, Request: request, Held: heldTitle(on.Kind, held),
		Roles: access.AssignableRoles(r.actor(), on.Kind, on.Rights, templates...), ExpiresAt: views.DaysAhead(request.Days)}
	shown.Role = chosenRole(shown.Roles, request.Role, access.WeakestRole(on.Kind).Name)
	return shown, err
}

// chosenRole is the role that was asked for where it can be given, or else the weakest.
func chosenRole(roles []access.Role, asked, weakest string) string {
	for _, role := range roles {
		if role.Name == asked {
			return asked
		}
	}
	return weakest
}

// addApprovalEffect adds what the chosen role would give, or why it cannot be given.
func (s *Server) addApprovalEffect(r *request, shown *views.RequestReview, until *time.Time) error {
	if shown.Request.Status != access.OpenRequest {
		return nil
	}
	approval := db.Approval{Role: shown.Role, Until: until, Version: shown.Request.Version}
	effect, err := s.store.PreviewApproval(r.ctx(), r.by(), r.org().ID, shown.Request.ID, approval)
	if errors.Is(err, access.ErrInvalid) || errors.Is(err, access.ErrConflict) || errors.Is(err, access.ErrDenied) {
		shown.Refusal = err.Error()
		return nil
	}
	shown.Effect = effect
	return err
}

// approveRequest gives the access that was asked for, or shows first what the role gives.
func (s *Server) approveRequest(r *request) error {
	shown, err := s.requestReview(r)
	if err != nil {
		return err
	}
	until, err := r.until()
	if err == nil && r.form("preview") != "" {
		shown.Role, shown.ExpiresAt = r.form("role"), r.form("expires_at")
		if err := s.addApprovalEffect(r, &shown, until); err != nil {
			return err
		}
		return r.show(http.StatusOK, requestReviewPage(shown))
	}
	if err == nil {
		err = s.store.ApproveRequest(r.ctx(), r.by(), r.org().ID, shown.Request.ID, db.Approval{Role: r.form("role"), Until: until, Version: r.version()})
	}
	if err != nil {
		return s.refusedAnswer(r, err, func(fresh *views.RequestReview) {
			fresh.Role, fresh.ExpiresAt = r.form("role"), r.form("expires_at")
		})
	}
	return r.done(r.listBehind(views.RequestsPath(r.org().Slug)), views.Flash{Message: shown.Request.From.Label() + " has access to " + shown.Request.About.Name + " now."})
}

// denyRequest answers with no.
func (s *Server) denyRequest(r *request) error {
	shown, err := s.requestReview(r)
	if err != nil {
		return err
	}
	if err := s.store.DenyRequest(r.ctx(), r.by(), r.org().ID, shown.Request.ID, r.form("reason"), r.version()); err != nil {
		return s.refusedAnswer(r, err, func(fresh *views.RequestReview) { fresh.Reason, fresh.Denying = r.form("reason"), true })
	}
	return r.done(r.listBehind(views.RequestsPath(r.org().Slug)), views.Flash{Message: "You denied the request of " + shown.Request.From.Label() + "."})
}

// refusedAnswer shows the request as it is now, with the reason and what was typed.
func (s *Server) refusedAnswer(r *request, cause error, typed func(*views.RequestReview)) error {
	fresh, err := s.requestReview(r)
	if err != nil {
		return err
	}
	if err := s.addApprovalEffect(r, &fresh, nil); err != nil {
		return err
	}
	return r.refused(cause, func(problems views.Problems) page {
		typed(&fresh)
		fresh.Problems = problems
		return requestReviewPage(fresh)
	})
}
