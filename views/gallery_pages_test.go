package views

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"gatehouse/access"
)

const org = "northwind"

type picture struct {
	name string
	page templ.Component
}

var orgRoles = access.RolesOf(access.Organization)

// gallery is every page, in the states that look different.
func gallery() []picture {
	return slices.Concat(peoplePictures(), leavingPictures(), thingPictures(), doorPictures(), modulePictures(), accountPictures(),
		templatePictures(), requestPictures())
}

func at(path string) Frame { return frame("Page", path) }

func peoplePictures() []picture {
	members := Members{Org: org, Rows: memberRows(), Pager: Pager{First: 1, Last: 50, Total: 1204, Next: "c"}, CanInvite: true}
	none := Members{Org: org, Filter: MembersFilter{Search: "zzz"}, CanInvite: true}
	member := Member{Org: org, Member: access.Member{Person: boris, Role: orgRoles[3], Status: access.Active, LastSeen: before(3 * time.Hour), JoinedAt: clock.Add(-200 * day)},
		EditRole: May{Do: true}, Deactivate: May{Do: true}, Remove: May{Do: true}, Groups: memberships(), Access: accessRows(), MoreAccess: 8, Events: events()[:4], CanAudit: true}
	flashed := at(MembersPath(org))
	flashed.Flash = &Flash{Message: "Boris Kim is an Auditor now.", Undo: &Undo{Path: "/undo"}}
	invitation := InvitationForm{Org: org, Role: "member", Roles: orgRoles, To: "ada@northwind.test, Boris Kim <boris.kim@northwind.test>, broken",
		Chips:    []InvitationChip{{Text: "ada@northwind.test"}, {Text: "Boris Kim <boris.kim@northwind.test>", Problem: "boris.kim@northwind.test is a member already."}, {Text: "broken", Problem: "This is not an e-mail address."}},
		Groups:   Picker{Path: InvitationCandidatesPath(org), OnlyGroups: true, Chips: []Chip{{Value: "group:g-quant", Label: "Quant"}, {Value: "name:Operatos", Label: "Operatos", Problem: "There is no group with this name."}}},
		Problems: Problems{"to": "Two of the addresses cannot be invited."}}
	results := InvitationResults{Org: org, Results: []InvitationResult{{Email: "ada@northwind.test", Link: "https://gatehouse.northwind.test/invitations/3q9Zk1vXo0c7yR5nB2mW8tLpQe4uJhFs", ExpiresAt: clock.Add(7 * day)},
		{Email: "boris.kim@northwind.test", Problem: "boris.kim@northwind.test is a member already."}}}
	return []picture{
		{"members", MembersPage(at(MembersPath(org)), members)},
		{"selection-role", SelectionPage(at(MembersPath(org)), selectionOf(access.ActRole, "Auditor"))},
		{"selection-first", SelectionPage(at(MembersPath(org)), Selection{Org: org, Act: access.ActGroup, Groups: []string{"Quant"}, Rows: selectedRows()})},
		{"selection-end", SelectionPage(at(MembersPath(org)), selectionOf(access.ActDeactivate, ""))},
		{"selection-refused", SelectionPage(at(MembersPath(org)), Selection{Org: org, Problems: Problems{"": "Nobody is selected who is still here."}})},
		{"selection-results", SelectionResultsPage(at(MembersPath(org)), selectionOf(access.ActRenew, "").Results())},
		{"members-flash", MembersPage(flashed, members)},
		{"members-nothing-found", MembersPage(at(MembersPath(org)), none)},
		{"members-empty", MembersPage(at(MembersPath(org)), Members{Org: org, CanInvite: true})},
		{"member", MemberPage(at(MemberPath(org, boris.ID)), member)},
		{"member-role", MemberRolePage(at(MembersPath(org)), MemberRole{Org: org, Person: boris, Role: "member", Roles: orgRoles})},
		{"member-role-effect", MemberRolePage(at(MembersPath(org)), MemberRole{Org: org, Person: boris, Role: "auditor", Roles: orgRoles, Effect: &access.Effect{People: 1, Lines: []access.EffectLine{
			{Lost: access.Create, People: 1, Names: []string{"Boris Kim"}, Resources: 3, Places: []access.Ref{project("Alpha"), pkg("Pricing")}},
			{Gained: access.Audit, People: 1, Names: []string{"Boris Kim"}, Resources: 1, Places: []access.Ref{project("Alpha")}}}}})},
		{"member-role-last", MemberRolePage(at(MembersPath(org)), MemberRole{Org: org, Person: ana, Refusal: "Ana Petrova is the only active Admin. Make somebody else an Admin first."})},
		{"deactivation", DeactivationPage(at(MembersPath(org)), Deactivation{Org: org, Person: boris, Owns: 3, Effect: access.Effect{People: 1, Lines: []access.EffectLine{
			{Lost: access.Discover | access.View | access.Query, People: 1, Names: []string{"Boris Kim"}, Resources: 41, Places: []access.Ref{project("Alpha"), pkg("Pricing")}}}}})},
		{"invitation", InvitationFormPage(at(InvitationsPath(org)), invitation)},
		{"invitation-results", InvitationResultsPage(at(InvitationsPath(org)), results)},
		{"audit", AuditPage(at(AuditPath(org, "", "")), Audit{Org: org, Events: events(), Pager: Pager{After: "y", Trail: Trail{"", "z"}, Next: "x"}})},
		{"my-access", MyAccessPage(at(MyAccessPath(org)), MyAccess{Org: org, OrgName: "Northwind Traders", Member: member.Member, Access: accessRows(), Groups: memberships(), Pager: Pager{First: 1, Last: 4, Total: 4}, Leave: May{Do: true},
			Outside: []SharedOutside{{Org: OrgLink{Slug: "contoso", Name: "Contoso"}, Resource: project("Alpha"), Role: "Viewer"}}})},
	}
}

func thingPictures() []picture {
	carries := []access.Carried{{Role: role(access.Module, "creator"), Resource: "Workspace"}}
	groups := Groups{Org: org, CanCreate: true, Pager: Pager{First: 1, Last: 3, Total: 3}, Rows: []GroupRow{
		{Group: group("Quant"), Description: "Pricing and curves.", People: 12, Groups: 2, Inside: 31, Carries: []string{"Creator on Workspace"}, Admin: true},
		{Group: group("Research"), Description: "Everybody who publishes, in all three offices, including visiting fellows and the two laboratories.", People: 3, Inside: 3},
		{Group: group("Operators of the northern region and everything beside it"), Groups: 1, Inside: 140}}}
	one := Group{Org: org, ID: "g-quant", Name: "Quant", Description: "Pricing and curves.", Tab: GroupMembersTab, CanManage: true, CanChange: true, Delete: May{Do: true},
		People: 3, Groups: 1, Inside: 31, Carries: carries, Pager: Pager{First: 1, Last: 4, Total: 4},
		Members: []GroupMember{{Ref: group("Curves"), Inside: 9, AddedAt: clock.Add(-40 * day)}, {Ref: ana.Ref(), Email: ana.Email, You: true, Role: access.GroupAdmin, Status: access.Active, AddedAt: clock.Add(-90 * day)},
			{Ref: longName.Ref(), Email: longName.Email, Role: access.GroupMember, Status: access.Active, AddedAt: clock.Add(-3 * day)}, {Ref: boris.Ref(), Email: boris.Email, Role: access.GroupMember, Status: access.Deactivated, AddedAt: clock.Add(-9 * day)}},
		Persons: []InsidePerson{{Person: ana}, {Person: chiara, Through: []access.Ref{group("Curves"), group("Fixed income")}}},
		Shares:  []GroupShare{{Resource: project("Alpha"), Role: role(access.Project, "editor"), ExpiresAt: before(-30 * day)}, {Resource: pkg("Pricing"), Role: role(access.Package, "viewer"), Through: &access.Ref{Type: "group", ID: "g-research", Name: "Research"}}},
		Parents: []access.Ref{group("Research")}}
	tab := func(t GroupTab) Group { g := one; g.Tab = t; return g }
	bare := Group{Org: org, ID: "g-new", Name: "New group", Tab: GroupMembersTab, Refusal: "New group carries the role Creator on Workspace. Only somebody who manages the people there can change who is in it."}
	chips := []Chip{{Value: "user:boris-kim", Label: "Boris Kim"}, {Value: "group:g-research", Label: "Research", Problem: "Research already contains Quant: Research → Quant. Adding it would close a circle."}}
	lost := access.Effect{Skipped: 12, Lines: []access.EffectLine{
		{Lost: access.View | access.Query, People: 31, Names: []string{"Ana Petrova", "Boris Kim"}, Resources: 4, Places: []access.Ref{project("Alpha"), pkg("Pricing")}},
		{Gained: access.Edit, Lost: access.Reveal, People: 1, Names: []string{"Chiara Rossi"}, Resources: 1, Places: []access.Ref{pkg("Pricing")}}}}
	return append([]picture{
		{"groups", GroupsPage(at(GroupsPath(org)), groups)},
		{"groups-empty", GroupsPage(at(GroupsPath(org)), Groups{Org: org, CanCreate: true})},
		{"group-members", GroupPage(at(GroupPath(org, "g-quant")), one)},
		{"group-everyone", GroupPage(at(GroupPath(org, "g-quant")), tab(GroupEveryoneTab))},
		{"group-access", GroupPage(at(GroupPath(org, "g-quant")), tab(GroupAccessTab))},
		{"group-settings", GroupPage(at(GroupPath(org, "g-quant")), tab(GroupSettingsTab))},
		{"group-bare", GroupPage(at(GroupPath(org, "g-new")), bare)},
		{"group-new", GroupFormPage(at(GroupsPath(org)), GroupForm{Org: org, Name: "Quant", Problems: Problems{"name": "There is a group named Quant already."}})},
		{"group-addition", GroupAdditionPage(at(GroupPath(org, "g-quant")), GroupAddition{Org: org, Group: group("Quant"), Shares: 7, Carries: carries, Role: access.GroupMember,
			Picker: Picker{Path: GroupCandidatesPath(org, "g-quant"), Chips: chips, Problem: "Nobody here is called zorro."}})},
		{"group-member-removal", GroupMemberRemovalPage(at(GroupPath(org, "g-quant")), GroupMemberRemoval{Org: org, Group: group("Quant"), Member: boris.Ref(), Effect: lost})},
		{"group-deletion", GroupDeletionPage(at(GroupPath(org, "g-quant")), GroupDeletion{Org: org, Group: group("Quant"), Inside: 31, Grants: 7, Effect: lost})},
	}, resourcePictures()...)
}

// doorPictures are the pages outside an organization.
func doorPictures() []picture {
	out := Frame{Title: "Gatehouse", Path: "/orgs/northwind/resources/p-alpha"}
	lost := at("/orgs/northwind/resources/none")
	home := Frame{Title: "My organizations", Person: &ana, Path: OrganizationsPath()}
	accept := Acceptance{Token: "t", State: AcceptNew, Organization: "Northwind Traders", Slug: org, Inviter: "Ana Petrova", Email: "ada@northwind.test", SignedInAs: "boris@northwind.test",
		Role: orgRoles[3], Groups: []string{"Quant", "Research"}, Message: "Welcome aboard! The onboarding notes are in Alpha."}
	pictures := []picture{
		{"sign-in", SignInPage(out, SignIn{Email: "ana.petrova@northwind.test", Problems: Problems{"": "The address or the password is wrong."}})},
		{"setup", SetupPage(out, Setup{Token: "t"})},
		{"setup-done", SetupPage(out, Setup{Done: true})},
		{"link", LinkPage(out, Link{Token: "t", Name: "Ana Petrova", Email: ana.Email})},
		{"link-dead", LinkPage(out, Link{Dead: true})},
		{"organizations", OrganizationsPage(home, Organizations{List: frame("", "").Orgs})},
		{"organizations-none", OrganizationsPage(home, Organizations{})},
		{"settings", OrganizationSettingsPage(at(SettingsPath(org)), OrganizationSettings{Org: org, Name: "Northwind Traders"})},
		{"search", SearchPage(at(SearchPath(org, "al")), found())},
		{"search-none", SearchPage(at(SearchPath(org, "zz")), Search{Org: org, Search: "zz"})},
		{"error-404", ErrorPage(lost, Error{Status: 404, Home: HomePath(org), HomeTitle: "Projects"})},
		{"error-403", ErrorPage(lost, Error{Status: 403})},
		{"error-409", ErrorPage(lost, Error{Status: 409})},
		{"error-500", ErrorPage(lost, Error{Status: 500, RequestID: "01JD3K9Q7ZB2"})},
		{"error-401", ErrorPage(out, Error{Status: 401})},
	}
	for _, state := range []AcceptanceState{AcceptNew, AcceptJoin, AcceptSignIn, AcceptOther, AcceptMember, AcceptExpired, AcceptUsed, AcceptRevoked, AcceptUnknown} {
		accept.State = state
		pictures = append(pictures, picture{"acceptance-" + string(state), AcceptancePage(out, accept)})
	}
	return pictures
}

func found() Search {
	return Search{Org: org, Search: "al", Sections: []SearchSection{
		{"People", []SearchHit{{MemberPath(org, "u1"), "Alma Reyes", "alma.reyes@northwind.test", "user"}}},
		{"Resources", []SearchHit{{ResourcePath(org, "p-alpha"), "Alpha", "Workspace", "project"}, {ResourcePath(org, "k-pricing"), "Alpha pricing", "Alpha", "package"}}},
		{"Pages", []SearchHit{{AuditPath(org, "", ""), "Audit log", "Admin Controls", "page"}}}}}
}
