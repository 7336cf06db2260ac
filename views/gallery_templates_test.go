package views

import "gatehouse/access"

// templatePictures are the pages of a project's rights templates.
func templatePictures() []picture {
	named := func(id, name string, rights access.Rights) access.Role {
		return access.Role{ID: id, Kind: access.Project, Name: name, Title: name, Here: access.Discover | rights, Project: "p-alpha"}
	}
	page := Resource{Org: org, OrgName: "Northwind Traders", Resource: alpha(), Tab: TemplatesTab, Role: "Owner", You: ana.ID, CanGrant: true, Activity: true,
		Templates: []TemplateRow{{Template: named("t1", "Data analyst", access.View|access.Query), Grants: 3, People: 31}, {Template: named("t2", "Release keeper of the northern region", access.TemplateRights())},
			{Template: named("t3", "Passer-by", 0), Grants: 1, People: 1}}}
	none := page
	none.Templates = nil
	form := TemplateForm{Org: org, Project: project("Alpha"), Name: "Data analyst", Rights: access.View | access.Query, Held: access.OwnerRights()}
	edited, refused := form, form
	edited.ID, edited.Grants, edited.People = "t1", 3, 31
	refused.Held, refused.Problems = access.View|access.Query|access.Share, Problems{"name": "There is a rights template named Data analyst already.", "rights": "A rights template cannot hold share."}
	deletion := TemplateDeletion{Org: org, Project: project("Alpha"), ID: "t1", Name: "Data analyst"}
	given := deletion
	given.Refusal = "Data analyst is given 3 times, and so 31 people hold it. Give other roles under Share first."
	here := at(ResourcePath(org, "p-alpha"))
	return []picture{
		{"templates", ResourcePage(here, page)},
		{"templates-empty", ResourcePage(here, none)},
		{"template-new", TemplateFormPage(here, form)},
		{"template-edit", TemplateFormPage(here, edited)},
		{"template-refused", TemplateFormPage(here, refused)},
		{"template-deletion", TemplateDeletionPage(here, deletion)},
		{"template-given", TemplateDeletionPage(here, given)},
	}
}
