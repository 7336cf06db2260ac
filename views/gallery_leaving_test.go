package views

import (
	"time"

	"gatehouse/access"
)

// leavingPictures are the steps in which a member leaves.
func leavingPictures() []picture {
	leaving := Leaving{Org: org, Person: boris, Deactivate: May{Do: true}, Step: LeavingResources, Heir: "ana.petrova@northwind.test",
		Has:         LeavingStake{Resources: 1204, Groups: 3, Grants: 31, Tokens: 1, Invitations: 2, Sessions: 2},
		Heirs:       map[access.ID]string{"p-alpha": "nobody@northwind.test", "elsewhere": "chiara.rossi@northwind.test"},
		Suggestions: []access.Person{ana, chiara}, Pager: Pager{First: 1, Last: 2, Total: 1204, Next: "c"},
		Owned:    []OwnedRow{{Resource: project("Alpha"), In: access.Ref{Type: "module", ID: "m", Name: "Workspace"}, Inside: 12}, {Resource: pkg("Pricing"), In: project("Alpha"), InToo: true}},
		Problems: Problems{access.HeirField("p-alpha"): "Boris Kim owns Alpha. Choose an active member who takes over."}}
	step := func(to LeavingStep) Leaving { l := leaving; l.Step, l.Problems = to, nil; return l }
	groups := step(LeavingGroups)
	groups.Groups = []LeftGroup{{Group: group("Quant"), Alone: true, Others: 11}, {Group: group("Research"), Others: 1},
		{Group: group("Operators"), Alone: true, Refusal: "Operators carries the role Administrator on Workspace. Only somebody who manages the people there can change who is in it."}}
	ends := step(LeavingAccess)
	ends.Grants = []LeftGrant{{Resource: project("Alpha"), Role: role(access.Project, "editor"), ExpiresAt: before(-30 * day)}, {Resource: pkg("Pricing"), Role: role(access.Package, "viewer")}}
	ends.Tokens = []access.APIToken{{ID: "t", Name: "Nightly load", LastUsed: before(3 * time.Hour)}, {ID: "u", Name: "Old"}}
	ends.Invitations = []string{"ada@northwind.test", "new@northwind.test"}
	review := step(LeavingReview)
	review.Admins, review.Groups = map[access.ID]string{"g-quant": ana.Email}, groups.Groups
	review.Takes = []access.Heir{{Person: ana, Fits: true, Resources: 1191}, {Person: chiara, Of: project("Alpha"), Fits: true, Resources: 13}}
	review.Effect = access.Effect{Skipped: 704, Lines: []access.EffectLine{
		{Lost: access.OwnerRights(), People: 1, Names: []string{"Boris Kim"}, Resources: 500, Places: []access.Ref{project("Alpha"), pkg("Pricing")}},
		{Gained: access.OwnerRights(), People: 2, Names: []string{"Ana Petrova", "Chiara Rossi"}, Resources: 500, Places: []access.Ref{project("Alpha"), pkg("Pricing")}}}}
	last := Leaving{Org: org, Person: ana, You: true, Refusal: "Ana Petrova is the only active Admin. Make somebody else an Admin first."}
	frame := at(MembersPath(org))
	return []picture{
		{"leaving-resources", LeavingPage(frame, leaving)},
		{"leaving-groups", LeavingPage(frame, groups)},
		{"leaving-access", LeavingPage(frame, ends)},
		{"leaving-review", LeavingPage(frame, review)},
		{"leaving-last-admin", LeavingPage(frame, last)},
	}
}
