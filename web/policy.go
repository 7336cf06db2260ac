package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/views"
)

// showPolicy shows the organization's sharing policy.
func (s *Server) showPolicy(r *request) error {
	return r.show(http.StatusOK, policyPage(policyForm(r, r.org().Policy)))
}

func policyPage(shown views.PolicyForm) page {
	return pageOf("Sharing policy", views.PolicyPage, views.PolicyPart, shown)
}

func policyForm(r *request, policy access.Policy) views.PolicyForm {
	return views.PolicyForm{Org: r.org().Slug, OrgName: r.org().Name, Policy: policy, Seen: policyText(r.org().Policy), Roles: access.OrganizationRoles(access.Project)}
}

// changePolicy sets the policy. Where that moves anybody's access or takes something back, it is shown first, and the same
// form sent again does it.
func (s *Server) changePolicy(r *request) error {
	to := access.Policy{DefaultMode: access.Mode(r.form("default_mode")), DefaultRole: r.form("default_role"), WidestMode: access.Mode(r.form("widest_mode")),
		ExternalSharing: r.form("external_sharing") == "yes", FullReach: r.form("admin_reach") == "full"}
	form, seen := policyForm(r, to), seenAs[access.Policy](r)
	if r.form("confirm") != policyText(to) {
		narrowed, effect, err := s.store.PreviewPolicy(r.ctx(), r.by(), r.org().ID, to, seen)
		if err != nil {
			return refusedPolicy(r, form, err)
		}
		if len(narrowed.Resources)+len(narrowed.Grants)+len(effect.Lines) > 0 {
			form.Preview, form.Confirm = &views.PolicyPreview{Resources: narrowed.Resources, Grants: narrowed.Grants, Effect: effect}, policyText(to)
			return r.show(http.StatusOK, policyPage(form))
		}
	}
	if err := s.store.ChangePolicy(r.ctx(), r.by(), r.org().ID, to, seen); err != nil {
		return refusedPolicy(r, form, err)
	}
	return r.done(views.PolicyPath(r.org().Slug), views.Flash{Message: "The sharing policy is changed."})
}

func refusedPolicy(r *request, form views.PolicyForm, err error) error {
	return r.refused(err, func(problems views.Problems) page {
		form.Problems = problems
		if errors.Is(err, access.ErrConflict) { // what was chosen stays, beside what somebody else set
			form.Present = &r.standing.Org.Policy
		}
		return policyPage(form)
	})
}

// policyText stands for a policy in a form: the one that was seen, and the one whose preview is confirmed.
func policyText[P access.Policy | access.SignInPolicy](policy P) string {
	text, _ := json.Marshal(policy) // a struct of texts, numbers and booleans always encodes
	return string(text)
}

// seenAs is what a form was made from; nil where it does not say.
func seenAs[P access.Policy | access.SignInPolicy](r *request) *P {
	text := r.form("seen")
	if text == "" {
		return nil
	}
	seen := new(P)
	if json.Unmarshal([]byte(text), seen) != nil {
		return new(P) // which no organization has
	}
	return seen
}
