package views

import (
	"gatehouse/access"
)

// Modules. A module's own page is that of a resource.

func ModulesPath(org string) string { return join("orgs", org, "modules") }
func ModulesSearchPath(org, search string) string {
	return query(ModulesPath(org), "search", search)
}
func NewModulePath(org string) string { return join("orgs", org, "modules", "new") }

// ModuleTabPath is one tab of a module's page: resources, people or activity.
func ModuleTabPath(org string, module access.ID, tab ModuleTab, search string) string {
	return query(resourcePath(org, module), "tab", string(tab), "search", search)
}

// Resources and who has access to them.

func ResourcesPath(org string) string { return join("orgs", org, "resources") }

// OtherResourcesPath lists the resources of one kind in the whole organization.
func OtherResourcesPath(org string, kind access.Kind, search string) string {
	return query(ResourcesPath(org), "kind", string(kind), "search", search)
}
func NewResourcePath(org string, kind access.Kind, parent access.ID) string {
	return query(join("orgs", org, "resources", "new"), "kind", string(kind), "parent", string(parent))
}

func resourcePath(org string, resource access.ID, rest ...string) string {
	return join(append([]string{"orgs", org, "resources", string(resource)}, rest...)...)
}

func ResourcePath(org string, resource access.ID) string { return resourcePath(org, resource) }

// ResourceTabPath is one tab of a resource's page: overview, packages or activity.
func ResourceTabPath(org string, resource access.ID, tab ResourceTab) string {
	return query(resourcePath(org, resource), "tab", string(tab))
}
func ResourceSettingsPath(org string, resource access.ID) string {
	return resourcePath(org, resource, "settings")
}
func ResourceDeletionPath(org string, resource access.ID) string {
	return resourcePath(org, resource, "deletion")
}
func ContentPath(org string, resource access.ID) string {
	return resourcePath(org, resource, "content")
}
func SecretValuePath(org string, resource access.ID) string {
	return resourcePath(org, resource, "value")
}
func RevealPath(org string, resource access.ID) string { return resourcePath(org, resource, "reveal") }
func ArtifactsPath(org string, bucket access.ID) string {
	return resourcePath(org, bucket, "artifacts")
}
func NewArtifactPath(org string, bucket access.ID) string {
	return resourcePath(org, bucket, "artifacts", "new")
}
func FilePath(org string, artifact access.ID) string { return resourcePath(org, artifact, "file") }
func NewFilePath(org string, artifact access.ID) string {
	return resourcePath(org, artifact, "file", "new")
}
func ParentPath(org string, resource access.ID) string { return resourcePath(org, resource, "parent") }
func OpenPath(org string, resource access.ID) string   { return resourcePath(org, resource, "open") }
func SharePath(org string, resource access.ID) string  { return resourcePath(org, resource, "share") }
func GrantsPath(org string, resource access.ID) string { return resourcePath(org, resource, "grants") }
func CandidatesPath(org string, resource access.ID) string {
	return resourcePath(org, resource, "candidates")
}
func GrantRolePath(org string, resource, grant access.ID) string {
	return resourcePath(org, resource, "grants", string(grant), "role")
}
func GrantRemovalPath(org string, resource, grant access.ID) string {
	return resourcePath(org, resource, "grants", string(grant), "removal")
}
func AccessModePath(org string, resource access.ID) string {
	return resourcePath(org, resource, "access-mode")
}

func OwnerPath(org string, resource access.ID) string { return resourcePath(org, resource, "owner") }
func WhyPath(org string, resource, user access.ID) string {
	return query(resourcePath(org, resource, "why"), "user", string(user))
}

// Who can do what.

// AccessPath is where reports begin; an empty tab is the first.
func AccessPath(org string, tab ReportTab, search string) string {
	return query(join("orgs", org, "access"), "tab", string(tab), "search", search)
}

// OpenToOthersPath lists what is open to people outside by an access mode; an empty one stands for any.
func OpenToOthersPath(org string, mode access.Mode) string {
	return query(join("orgs", org, "access"), "tab", string(OpenTab), "mode", string(mode))
}
func OpenExportPath(org, format string) string {
	return query(join("orgs", org, "access", "open", "export"), "format", format)
}
func WhoCanPath(org string, resource access.ID, right string) string {
	return query(join("orgs", org, "access", "resources", string(resource)), "right", right)
}
func WhoCanExportPath(org string, resource access.ID, right, format string) string {
	return query(join("orgs", org, "access", "resources", string(resource), "export"), "right", right, "format", format)
}
func WhatCanPath(org string, user access.ID, right string) string {
	return query(join("orgs", org, "access", "people", string(user)), "right", right)
}
func WhatCanExportPath(org string, user access.ID, right, format string) string {
	return query(join("orgs", org, "access", "people", string(user), "export"), "right", right, "format", format)
}

// Rights templates of a project.

func TemplatesPath(org string, project access.ID) string {
	return resourcePath(org, project, "templates")
}
func NewTemplatePath(org string, project access.ID) string {
	return resourcePath(org, project, "templates", "new")
}
func TemplatePath(org string, project, template access.ID) string {
	return resourcePath(org, project, "templates", string(template))
}
func TemplateDeletionPath(org string, project, template access.ID) string {
	return resourcePath(org, project, "templates", string(template), "deletion")
}

// Requests for access. What somebody asks for lies at the address of what they ask for.

func RequestAccessPath(org string, resource access.ID) string {
	return resourcePath(org, resource, "request")
}

// RequestsPath lists what waits for the reader's answer, and what they asked for.
func RequestsPath(org string) string { return join("orgs", org, "requests") }

// RequestsPartPath is one part of it: own or count; empty is what waits for an answer.
func RequestsPartPath(org, part string) string { return query(RequestsPath(org), "part", part) }

func requestPath(org string, request access.ID, rest ...string) string {
	return join(append([]string{"orgs", org, "requests", string(request)}, rest...)...)
}

func RequestPath(org string, request access.ID) string { return requestPath(org, request) }

func RequestApprovalPath(org string, request access.ID) string {
	return requestPath(org, request, "approval")
}
func RequestDenialPath(org string, request access.ID) string {
	return requestPath(org, request, "denial")
}
func RequestWithdrawalPath(org string, request access.ID) string {
	return requestPath(org, request, "withdrawal")
}

// Outsider is the type of a Ref to somebody outside whom a grant names. They have no page as a member: who asks about access
// finds what they can open.
const Outsider = "outsider"

// RefPath is the page of a thing that an event, a path or a search names; empty where it has none.
func RefPath(org string, ref access.Ref) string {
	switch {
	case ref.ID == "":
		return ""
	case ref.Type == "user":
		return MemberPath(org, ref.ID)
	case ref.Type == Outsider:
		return WhatCanPath(org, ref.ID, "")
	case ref.Type == "group":
		return GroupPath(org, ref.ID)
	case ref.Type == string(access.Organization), ref.Type == "invitation", ref.Type == "token", ref.Type == "resource":
		return ""
	}
	return ResourcePath(org, ref.ID)
}
