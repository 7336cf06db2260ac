package views

import (
	"time"

	"gatehouse/access"
)

func alpha() access.Resource {
	return access.Resource{ID: "p-alpha", Kind: access.Project, Name: "Alpha", Description: "Pricing models for the northern desks.", Owner: ana, Mode: access.OrganizationMode,
		OrgRole: "editor", Version: 17, Rights: role(access.Project, "owner").Here, CreatedAt: clock.Add(-120 * day)}
}

func resourceRows(kind access.Kind) []ResourceRow {
	ref := project
	if kind == access.Package {
		ref = pkg
	}
	return []ResourceRow{
		{Resource: ref("Alpha"), Description: "Pricing models for the northern desks.", Owner: ana, Mode: access.OrganizationMode, Role: "Owner", Inside: 12},
		{Resource: ref("Beta"), Owner: boris, Mode: access.Restricted, Inside: 0},
		{Resource: ref("Open figures"), Description: "Published every quarter.", Owner: chiara, Mode: access.Anonymous, Role: "Viewer", Inside: 3},
		{Resource: ref("Consolidated regulatory reporting for the northern region, second edition"), Description: "Everything that the supervisors ask for, in the form in which they ask for it, with the history of every figure.", Owner: longName, Mode: access.Public, Role: "Editor", Inside: 140},
	}
}

func share() Share {
	roles := access.RolesOf(access.Project)
	viewer, editor := role(access.Project, "viewer"), role(access.Project, "editor")
	policy := access.Policy{WidestMode: access.Public, ExternalSharing: true}
	user := func(p access.Person, external bool) access.Principal {
		return access.Principal{Ref: p.Ref(), Email: p.Email, External: external, Active: true}
	}
	grant := func(id access.ID, p access.Principal, r access.Role) access.Grant {
		return access.Grant{ID: id, Resource: project("Alpha"), Principal: p, Role: r}
	}
	ending := grant("3", user(outsider, true), viewer)
	ending.ExpiresAt = before(-9 * day)
	ended := grant("5", user(chiara, false), viewer)
	ended.ExpiresAt = before(2 * day)
	return Share{Org: org, OrgName: "Northwind Traders", Resource: alpha(), Parent: access.Ref{Type: "module", ID: "m1", Name: "Workspace"}, Link: "https://gatehouse.northwind.test/orgs/northwind/resources/p-alpha",
		You: ana.ID, CanShare: true, Role: "viewer", Roles: roles, Modes: access.ModeOptions(access.Project, access.OrganizationMode, policy), OrgRoles: access.OrganizationRoles(access.Project),
		Members: 212, CanTransfer: true, Direct: []ShareGrant{
			{Grant: grant("1", access.Principal{Ref: group("Research"), Active: true}, editor), Roles: roles, CanChange: true, People: 31},
			{Grant: grant("2", user(boris, false), viewer), Roles: roles, CanChange: true, Through: []access.Ref{group("Quant"), group("Research")}},
			{Grant: ending, Roles: roles, CanChange: true},
			{Grant: grant("4", user(longName, false), role(access.Project, "admin")), Refusal: "Admin is more than you hold."},
			{Grant: ended, Roles: roles, CanChange: true}},
		Inherited:   []InheritedAccess{{Principal: access.Principal{Ref: group("Operators")}, Role: viewer, Place: access.Ref{Type: "module", ID: "m1", Name: "Workspace"}, People: 6}},
		MoreInvited: 12, Invited: []InvitedAccess{{Invitation: "i1", Email: "petra@northwind.test", ExpiresAt: clock.Add(6 * day), Role: editor, Through: []access.Ref{group("Research"), group("Quant")}}}}
}

func packageShare() Share {
	s := share()
	s.Resource.ID, s.Resource.Kind, s.Resource.Name, s.Resource.Mode = "k-pricing", access.Package, "Pricing", access.Restricted
	s.Parent, s.Direct = project("Alpha"), s.Direct[:1]
	s.Modes = access.ModeOptions(access.Package, access.Restricted, access.Policy{WidestMode: access.OrganizationMode})
	s.Inherited = append(s.Inherited, InheritedAccess{Principal: access.Principal{Ref: ana.Ref()}, Owner: true, Place: project("Alpha")},
		InheritedAccess{Mode: access.OrganizationMode, Role: role(access.Package, "editor"), Place: project("Alpha"), People: 212})
	s.Stale = "Somebody else changed who has access in the meantime. This is the current list; nothing of yours was applied."
	s.Picker = Picker{Chips: []Chip{{Value: "user:out", Label: "Ravi Menon", External: true}, {Value: "group:g-quant", Label: "Quant"}}}
	return s
}

func why() Why {
	editor, viewer := role(access.Project, "editor"), role(access.Package, "viewer")
	return Why{Org: org, Person: boris, Resource: pkg("Pricing"), Role: "Editor", Paths: []access.Path{
		{Source: access.ByGrant, Rights: editor.Here, Role: editor, Place: project("Alpha"), Inherited: true, Via: []access.Ref{group("Quant"), group("Research")}, ExpiresAt: before(-9 * day)},
		{Source: access.ByMode, Rights: viewer.Here, Role: role(access.Project, "viewer"), Mode: access.OrganizationMode, Place: project("Alpha"), Inherited: true, Via: []access.Ref{{Type: "organization", ID: "o", Name: "Northwind Traders"}}},
		{Source: access.ByGrant, Rights: viewer.Here, Role: viewer, Place: pkg("Pricing")}}}
}

func resourcePictures() []picture {
	page := Resource{Org: org, OrgName: "Northwind Traders", Resource: alpha(), Path: []access.Ref{{Type: "module", ID: "m1", Name: "Workspace"}}, Tab: OverviewTab, Role: "Owner", You: ana.ID,
		Packages: resourceRows(access.Package), Inside: 4, Shared: []SharedWith{{access.Principal{Ref: group("Research")}, role(access.Project, "editor")}, {access.Principal{Ref: boris.Ref()}, role(access.Project, "viewer")}},
		More: 3, Events: events(), Activity: true, CanGrant: true}
	activity, hidden, public := page, page, page
	activity.Tab = ActivityTab
	hidden.Resource.Rights, hidden.Resource.Mode, hidden.CanGrant, hidden.Role = access.Discover, access.Restricted, false, ""
	public.You, public.CanGrant, public.Activity, public.Role, public.Resource.Rights, public.Shared = "", false, false, "", access.Discover|access.View, nil
	projects := Home{Org: org, OrgName: "Northwind Traders", Projects: resourceRows(access.Project), Pager: Pager{First: 1, Last: 4, Total: 4}, Everyone: 4, CanCreate: true}
	denied := Why{Org: org, Person: longName, Resource: pkg("Pricing"), Denial: &Denial{Role: role(access.Package, "viewer"), Place: pkg("Pricing"), Givers: []access.Person{ana, chiara}}}
	mode := AccessMode{Org: org, OrgName: "Northwind Traders", Resource: alpha(), To: access.Anonymous, Version: 17, Inside: 12, Problems: Problems{"confirm": "This is not the name of the project."}, Confirm: "Alfa"}
	narrow := mode
	narrow.To, narrow.Problems = access.Restricted, nil
	narrow.Effect = access.Effect{Skipped: 40, Lines: []access.EffectLine{
		{Lost: access.View | access.Query | access.Edit, People: 181, Names: []string{"Ana Petrova", "Boris Kim"}, Resources: 13, Places: []access.Ref{project("Alpha"), pkg("Pricing")}},
		{Lost: access.Edit, People: 1, Names: []string{"Chiara Rossi"}, Resources: 1, Places: []access.Ref{pkg("Pricing")}}}}
	here := at(ResourcePath(org, "p-alpha"))
	return []picture{
		{"home", HomePage(at(HomePath(org)), projects)},
		{"home-empty", HomePage(at(HomePath(org)), Home{Org: org, OrgName: "Northwind Traders", CanCreate: true, CanInvite: true})},
		{"project", ResourcePage(here, page)},
		{"project-activity", ResourcePage(here, activity)},
		{"project-hidden", ResourcePage(here, hidden)},
		{"project-signed-out", ResourcePage(Frame{Title: "Alpha", Path: ResourcePath(org, "p-alpha")}, public)},
		{"project-new", ResourceFormPage(at(HomePath(org)), ResourceForm{Org: org, OrgName: "Northwind Traders", Kind: access.Project, Parent: access.Ref{ID: "m1", Name: "Workspace"}, Mode: access.OrganizationMode, OrgRole: role(access.Project, "editor")})},
		{"project-others", ResourcePage(here, others(page))},
		{"project-others-empty", ResourcePage(here, emptyOthers(page))},
		{"dataset", ResourcePage(here, holding(page, access.Dataset, map[string]string{"location": "s3://lake/rates/daily/", "format": "Parquet", "columns": "day: the trading day\nrate: in percent, of the year"}))},
		{"release", ResourcePage(here, holding(page, access.Release, map[string]string{"url": "https://dashboards.northwind.test/rates"}))},
		{"analysis-empty", ResourcePage(here, holding(page, access.Analysis, nil))},
		{"secret", ResourcePage(here, secretPage(page, before(3*day), false))},
		{"secret-without-key", ResourcePage(here, secretPage(page, nil, true))},
		{"secret-value", SecretFormPage(here, SecretForm{Org: org, Resource: project("Password"), Problems: Problems{"value": "Enter the value."}})},
		{"secret-value-without-key", SecretFormPage(here, SecretForm{Org: org, Resource: project("Password"), NoVault: true})},
		{"reveal", RevealPage(here, Reveal{Org: org, Resource: project("Password")})},
		{"reveal-shown", RevealPage(here, Reveal{Org: org, Resource: project("Password"), Shown: true, Value: "</textarea>correct horse"})},
		{"confirmation", ConfirmationPage(here, Confirmation{Person: ana, HasPassword: true, Action: "/orgs", Fields: []Field{{"name", "<b>"}}, Back: "/", Problems: Problems{"proof": "This address and password do not go together."}})},
		{"confirmation-without-password", ConfirmationPage(here, Confirmation{Person: ana, Next: "/", Back: "/"})},
		{"bucket", ResourcePage(here, bucketPage(page))},
		{"bucket-empty", ResourcePage(here, holding(page, access.Bucket, nil))},
		{"artifact", ResourcePage(here, artifactPage(page))},
		{"artifact-empty", ResourcePage(here, holding(page, access.Artifact, nil))},
		{"upload", UploadPage(here, UploadForm{Org: org, Resource: project("Files"), Limit: 100 << 20, Problems: Problems{"file": "Choose a file."}})},
		{"file-replacement", UploadPage(here, UploadForm{Org: org, Resource: project("Files"), Replaces: true, Limit: 100 << 20, None: true})},
		{"move", MovePage(here, Move{Org: org, Resource: pkg("Pricing"), From: project("Alpha"), Parents: []access.Ref{project("Beta"), {Type: "module", ID: "m1", Name: "Workspace"}}, Version: 3, Problems: Problems{"parent": "Pricing lies in Beta already."}})},
		{"move-nowhere", MovePage(here, Move{Org: org, Resource: pkg("Pricing")})},
		{"constants", OtherResourcesPage(at(ResourcesPath(org)), OtherResources{Org: org, Kind: access.Constant, Groups: others(page).Others, Pager: Pager{First: 1, Last: 4, Total: 4}, CanCreate: true})},
		{"constants-empty", OtherResourcesPage(at(ResourcesPath(org)), OtherResources{Org: org, Kind: access.Constant, CanCreate: true})},
		{"connection-new", ResourceFormPage(here, ResourceForm{Org: org, OrgName: "Northwind Traders", Kind: access.Connection, Parent: project("Alpha"), Mode: access.Restricted,
			Content: ContentFields(access.Connection, map[string]string{"system": "PostgreSQL"}, Problems{"address": "This cannot be empty."})})},
		{"content", ContentFormPage(here, ContentForm{Org: org, Resource: project("Alpha"), Fields: ContentFields(access.Analysis, map[string]string{"text": "<b>bold</b>"}, nil)})},
		{"project-deletion", ResourceDeletionPage(here, ResourceDeletion{Org: org, Resource: project("Alpha"), Inside: 12, People: 212})},
		{"share", SharePage(here, share())},
		{"share-package", SharePage(here, packageShare())},
		{"grant-removal", GrantRemovalPage(here, GrantRemoval{Org: org, Resource: project("Alpha"), Grant: share().Direct[1].Grant, Version: 17, Keeps: why().Paths[:1],
			Effect: &access.Effect{People: 1, Lines: []access.EffectLine{{Lost: access.Share | access.Delete, People: 1, Names: []string{"Boris Kim"}, Resources: 3, Places: []access.Ref{project("Alpha"), pkg("Pricing")}}}}})},
		{"access-mode-anonymous", AccessModePage(here, mode)},
		{"access-mode-narrow", AccessModePage(here, narrow)},
		{"owner", OwnerPage(here, Owner{Org: org, Resource: alpha(), Version: 17, You: true, Suggestions: []access.Person{boris, chiara}})},
		{"access", AccessPage(at(AccessPath(org, "", "")), AccessOverview{Org: org, OrgName: "Northwind Traders", Tab: ByResourceTab, Pager: Pager{First: 1, Last: 2, Total: 2},
			Found: []ReportSubject{{Ref: project("Alpha"), Owner: "Ana Petrova"}, {Ref: pkg("Pricing"), Owner: "Boris Kim"}}})},
		{"access-open", AccessPage(at(OpenToOthersPath(org, access.Anonymous)), AccessOverview{Org: org, OrgName: "Northwind Traders", Tab: OpenTab, Mode: access.Anonymous, Anonymous: 1, Public: 3,
			Open: []OpenRow{{Resource: alpha(), Inside: 12}}, Pager: Pager{First: 1, Last: 1, Total: 1}})},
		{"report", ReportPage(here, report())},
		{"policy", PolicyPage(at(PolicyPath(org)), policyForm())},
		{"policy-stale", PolicyPage(at(PolicyPath(org)), stalePolicyForm())},
		{"why", WhyPage(here, why())},
		{"why-denied", WhyPage(here, denied)},
	}
}

func report() Report {
	alpha := project("Alpha")
	return Report{Org: org, Resource: &alpha, Right: access.View, Pager: Pager{Next: "more"}, Everybody: "Anyone on the internet can view this. The list names the people who are known here.",
		Rows: []ReportRow{
			{Ref: ana.Ref(), Email: ana.Email, Why: "/why", Role: role(access.Project, "owner"), Reason: access.Path{Source: access.ByOwner, Place: alpha}},
			{Ref: longName.Ref(), Email: longName.Email, Why: "/why", External: true, Role: role(access.Project, "viewer"), Others: 2, Reason: access.Path{Source: access.ByGrant, Place: alpha, Via: []access.Ref{group("Quant")}}}}}
}

func policyForm() PolicyForm {
	beta := alpha()
	beta.Mode = access.Public
	return PolicyForm{Org: org, OrgName: "Northwind Traders", Policy: access.Policy{WidestMode: access.OrganizationMode, DefaultMode: access.Public, DefaultRole: "editor"},
		Roles: access.OrganizationRoles(access.Project), Problems: Problems{"default_mode": "A new project cannot start wider than Organization, which is the widest that you allow."},
		Preview: &PolicyPreview{Resources: []access.Resource{beta}, Grants: []access.Grant{{Principal: access.Principal{Ref: boris.Ref(), External: true}, Role: role(access.Project, "viewer"), Resource: project("Beta")}},
			Effect: access.Effect{Lines: []access.EffectLine{{Lost: access.View, People: 12, Names: []string{"Boris Kim"}, Resources: 2, Places: []access.Ref{project("Alpha")}}}}}}
}

func stalePolicyForm() PolicyForm {
	form := policyForm()
	form.Preview, form.Problems = nil, Problems{"": "Somebody else changed the policy in the meantime. Nothing of yours was applied."}
	form.Present = &access.Policy{WidestMode: access.Public, ExternalSharing: true, DefaultMode: access.Restricted, DefaultRole: "viewer", FullReach: true}
	return form
}

// others is a project's page that shows what else it holds.
func others(page Resource) Resource {
	var rows []ResourceRow
	for i, name := range []string{"Daily rates", "PRICING__RATE", "PRICING__FLOOR", "REGION", "Warehouse password"} {
		kind := []access.Kind{access.Dataset, access.Constant, access.Constant, access.Constant, access.Secret}[i]
		rows = append(rows, ResourceRow{Resource: access.Ref{Type: string(kind), ID: access.ID(name), Name: name}, Owner: ana, Mode: access.Restricted, Role: "Owner"})
	}
	page.Tab, page.Others = OthersTab, GroupResources(rows)
	return page
}

func emptyOthers(page Resource) Resource {
	page.Tab = OthersTab
	return page
}

// holding is the page of a resource of another kind.
func holding(page Resource, kind access.Kind, content map[string]string) Resource {
	page.Resource.Kind, page.Resource.Description, page.Packages, page.Inside = kind, "", nil, 0
	page.Content = ContentFields(kind, content, nil)
	return page
}

func secretPage(page Resource, set *time.Time, noVault bool) Resource {
	page = holding(page, access.Secret, nil)
	page.Resource.Key, page.Secret, page.NoVault = "warehouse-password", set, noVault
	return page
}

func bucketPage(page Resource) Resource {
	page = holding(page, access.Bucket, nil)
	file := File{Name: "rates.csv", Size: 1_400_000, ChangedAt: clock}
	page.Artifacts = []ArtifactRow{{Resource: access.Ref{Type: "artifact", ID: "a1", Name: "rates.csv"}, File: &file}, {Resource: access.Ref{Type: "artifact", ID: "a2", Name: "empty.csv"}}}
	page.Pager = Pager{First: 1, Last: 2, Total: 3, Next: "more"}
	return page
}

func artifactPage(page Resource) Resource {
	page = holding(page, access.Artifact, nil)
	page.File = &File{Name: "rates.csv", Size: 312, SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ChangedAt: clock}
	return page
}
