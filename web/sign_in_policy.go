package web

import (
	"net/http"
	"strconv"

	"gatehouse/access"
	"gatehouse/views"
)

// showSignInPolicy shows what the organization asks of its members' signing in.
func (s *Server) showSignInPolicy(r *request) error {
	policy, err := s.store.FindSignInPolicy(r.ctx(), r.org().ID)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, s.signInPolicyPage(r, views.SignInPolicy{IdleHours: strconv.Itoa(policy.IdleHours),
		AbsoluteHours: strconv.Itoa(policy.AbsoluteHours), SecondFactor: policy.SecondFactor}))
}

func (s *Server) signInPolicyPage(r *request, shown views.SignInPolicy) page {
	shown.Org, shown.OrgName = r.org().Slug, r.org().Name
	return pageOf("Signing in", views.SignInPolicyPage, views.SignInPolicyForm, shown)
}

// changeSignInPolicy sets it. What is no number is none that the rules allow.
func (s *Server) changeSignInPolicy(r *request) error {
	typed := views.SignInPolicy{IdleHours: r.form("idle_hours"), AbsoluteHours: r.form("absolute_hours"), SecondFactor: r.form("second_factor") == "yes"}
	to := access.SignInPolicy{SecondFactor: typed.SecondFactor}
	to.IdleHours, _ = strconv.Atoi(typed.IdleHours)
	to.AbsoluteHours, _ = strconv.Atoi(typed.AbsoluteHours)
	if err := s.store.ChangeSignInPolicy(r.ctx(), r.by(), r.org().ID, to); err != nil {
		return r.refused(err, func(problems views.Problems) page {
			typed.Problems = problems
			return s.signInPolicyPage(r, typed)
		})
	}
	return r.done(views.SignInPolicyPath(r.org().Slug), views.Flash{Message: "How members sign in is changed."})
}
