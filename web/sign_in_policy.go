package web

import (
	"errors"
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
	return r.show(http.StatusOK, s.signInPolicyPage(r, signInPolicyForm(policy)))
}

func signInPolicyForm(policy access.SignInPolicy) views.SignInPolicy {
	return views.SignInPolicy{IdleHours: strconv.Itoa(policy.IdleHours), AbsoluteHours: strconv.Itoa(policy.AbsoluteHours),
		SecondFactor: policy.SecondFactor, Seen: policyText(policy)}
}

func (s *Server) signInPolicyPage(r *request, shown views.SignInPolicy) page {
	shown.Org, shown.OrgName = r.org().Slug, r.org().Name
	return pageOf("Signing in", views.SignInPolicyPage, views.SignInPolicyForm, shown)
}

// changeSignInPolicy sets it. What is no number is none that the rules allow.
func (s *Server) changeSignInPolicy(r *request) error {
	typed := views.SignInPolicy{IdleHours: r.form("idle_hours"), AbsoluteHours: r.form("absolute_hours"), SecondFactor: r.form("second_factor") == "yes", Seen: r.form("seen")}
	to := access.SignInPolicy{SecondFactor: typed.SecondFactor}
	to.IdleHours, _ = strconv.Atoi(typed.IdleHours)
	to.AbsoluteHours, _ = strconv.Atoi(typed.AbsoluteHours)
	err := s.store.ChangeSignInPolicy(r.ctx(), r.by(), r.org().ID, to, seenAs[access.SignInPolicy](r))
	if errors.Is(err, access.ErrConflict) { // what was typed stays, beside what somebody else set
		present, err := s.store.FindSignInPolicy(r.ctx(), r.org().ID)
		if err != nil {
			return err
		}
		now := signInPolicyForm(present)
		typed.Present, typed.Seen = &now, now.Seen
	}
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			typed.Problems = problems
			return s.signInPolicyPage(r, typed)
		})
	}
	return r.done(views.SignInPolicyPath(r.org().Slug), views.Flash{Message: "How members sign in is changed."})
}
