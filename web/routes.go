package web

import (
	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/web/api"
	"gatehouse/web/rest"
)

// routes is every route, top to bottom. A guard protects its whole group; what a change asks of a person beyond that,
// the rules in package access decide.
func (s *Server) routes(e *echo.Echo) {
	// The process
	e.GET("/livez", with(s.live))
	e.GET("/readyz", with(s.ready))
	e.GET("/static/*", with(s.serveStatic))

	// Decisions, for services: a token instead of a session, and errors as JSON (package api)
	e.GET(api.ConfigurationPath, service(s.api.Configuration))
	e.POST(api.EvaluationPath, service(s.api.Evaluate))
	e.POST(api.EvaluationsPath, service(s.api.EvaluateEach))
	e.POST(api.SubjectSearchPath, service(s.api.SearchSubject))
	e.POST(api.ResourceSearchPath, service(s.api.SearchResource))
	e.POST(api.ActionSearchPath, service(s.api.SearchAction))

	// Management, for services: what the pages below do, as JSON under a token (package rest)
	e.GET(rest.DocumentPath, service(s.rest.Document))
	manage := e.Group(rest.Path)
	manage.GET("/organization", s.reads(rest.ShowOrganization))
	manage.GET("/members", s.reads(rest.ListMembers))
	manage.GET("/members/:user", s.reads(rest.ShowMember))
	manage.PATCH("/members/:user", s.changes(rest.ChangeMember))
	manage.DELETE("/members/:user", s.changes(rest.RemoveMember))
	manage.GET("/invitations", s.reads(rest.ListInvitations))
	manage.POST("/invitations", s.changes(rest.Invite))
	manage.POST("/invitations/:invitation/link", s.changes(rest.RenewInvitation))
	manage.DELETE("/invitations/:invitation", s.changes(rest.RevokeInvitation))
	manage.GET("/groups", s.reads(rest.ListGroups))
	manage.POST("/groups", s.changes(rest.CreateGroup))
	manage.GET("/groups/:group", s.reads(rest.ShowGroup))
	manage.PATCH("/groups/:group", s.changes(rest.ChangeGroup))
	manage.DELETE("/groups/:group", s.changes(rest.DeleteGroup))
	manage.GET("/groups/:group/members", s.reads(rest.ListGroupMembers))
	manage.POST("/groups/:group/members", s.changes(rest.AddGroupMember))
	manage.GET("/groups/:group/members/:member", s.reads(rest.ShowGroupMember))
	manage.PATCH("/groups/:group/members/:member", s.changes(rest.ChangeGroupMember))
	manage.DELETE("/groups/:group/members/:member", s.changes(rest.RemoveGroupMember))
	manage.GET("/groups/:group/everyone", s.reads(rest.ListEveryone))
	manage.GET("/resources", s.reads(rest.ListResources))
	manage.POST("/resources", s.changes(rest.CreateResource))
	manage.GET("/resources/:resource", s.reads(rest.ShowResource))
	manage.PATCH("/resources/:resource", s.changes(rest.ChangeResource))
	manage.DELETE("/resources/:resource", s.changes(rest.DeleteResource))
	manage.GET("/resources/:resource/grants", s.reads(rest.ListGrants))
	manage.POST("/resources/:resource/grants", s.changes(rest.AddGrant))
	manage.PATCH("/resources/:resource/grants/:grant", s.changes(rest.ChangeGrant))
	manage.DELETE("/resources/:resource/grants/:grant", s.changes(rest.RevokeGrant))
	manage.GET("/resources/:resource/access-mode", s.reads(rest.ShowAccessMode))
	manage.PUT("/resources/:resource/access-mode", s.changes(rest.ChangeAccessMode))
	manage.GET("/resources/:resource/owner", s.reads(rest.ShowOwner))
	manage.PUT("/resources/:resource/owner", s.changes(rest.ChangeOwner))
	manage.GET("/tokens", s.reads(rest.ListTokens))
	manage.POST("/tokens", s.changes(rest.CreateToken))
	manage.GET("/tokens/:token", s.reads(rest.ShowToken))
	manage.DELETE("/tokens/:token", s.changes(rest.RevokeToken))
	manage.GET("/audit-events", s.reads(rest.ListAuditEvents))

	// Getting in
	e.GET("/", with(s.showRoot))
	e.GET("/setup/:token", with(s.showSetup))
	e.POST("/setup/:token", with(s.setUp))
	e.GET("/sign-in", with(s.showSignIn))
	e.POST("/sign-in", with(s.signIn))
	e.POST("/sign-out", with(s.signOut))
	e.GET("/links/:token", with(s.showLink))
	e.POST("/links/:token", with(s.useLink))
	e.GET("/invitations/:token", with(s.showAcceptance))
	e.POST("/invitations/:token", with(s.acceptInvitation))
	e.GET("/forgot", with(s.showForgot))
	e.POST("/forgot", with(s.forgot))
	e.GET("/resets/:token", with(s.showReset))
	e.POST("/resets/:token", with(s.resetPassword))

	// The demo's mail
	e.GET("/demo/mail", with(s.listDemoMails), guard(s.inDemo))
	e.GET("/demo/mail/:mail", with(s.showDemoMail), guard(s.inDemo))
	e.GET("/demo/mail/:mail/html", with(s.showDemoMailDocument), guard(s.inDemo))

	// The person
	e.GET("/orgs", with(s.listOrganizations), guard(signedIn))
	e.GET("/confirmation", with(s.showConfirmation), guard(signedIn))
	e.POST("/confirmation", with(s.confirm), guard(signedIn))
	e.POST("/preferences/theme", with(s.setTheme), guard(signedIn))
	e.GET("/account/password", with(s.showPassword), guard(signedIn))
	e.POST("/account/password", with(s.changePassword), guard(signedIn))

	// An organization, for its active members
	org := e.Group("/orgs/:org", guard(s.inOrganization))
	org.GET("", with(s.showHome))
	org.GET("/search", with(s.search))
	org.GET("/my-access", with(s.showMyAccess))

	audit := org.Group("/audit", guard(needsAny(access.Audit)))
	audit.GET("", with(s.listAudit))

	reports := org.Group("/access", guard(needsAny(seesMembers)))
	reports.GET("", with(s.showAccess))
	reports.GET("/open/export", with(s.exportOpen))
	reports.GET("/resources/:resource", with(s.showWhoCan))
	reports.GET("/resources/:resource/export", with(s.exportWhoCan))
	reports.GET("/people/:user", with(s.showWhatCan))
	reports.GET("/people/:user/export", with(s.exportWhatCan))

	settings := org.Group("/settings", guard(needsAny(access.Configure)))
	settings.GET("", with(s.showSettings))
	settings.POST("", with(s.renameOrganization))
	settings.GET("/policy", with(s.showPolicy))
	settings.POST("/policy", with(s.changePolicy))
	settings.GET("/mail", with(s.showMailSettings))
	settings.POST("/mail", with(s.sendTestMail))

	tokens := org.Group("/tokens", guard(needsAny(access.TokenRights)))
	tokens.GET("", with(s.listTokens))
	tokens.GET("/new", with(s.showNewToken))
	tokens.POST("", with(s.createToken))
	tokens.GET("/:token/revocation", with(s.showTokenRevocation))
	tokens.POST("/:token/revocation", with(s.revokeToken))

	// Members and invitations
	org.GET("/members", with(s.listMembers), guard(needsAny(seesMembers)))
	org.GET("/members/:user", with(s.showMember))
	org.GET("/members/:user/role", with(s.showMemberRole))
	org.POST("/members/:user/role", with(s.changeMemberRole))
	org.GET("/members/:user/deactivation", with(s.showDeactivation))
	org.POST("/members/:user/deactivation", with(s.deactivateMember))
	org.POST("/members/:user/reactivation", with(s.reactivateMember))
	org.GET("/members/:user/removal", with(s.showMemberRemoval))
	org.POST("/members/:user/removal", with(s.removeMember))

	invitations := org.Group("/invitations", guard(needsAny(seesMembers)))
	invitations.GET("/new", with(s.showInvitationForm))
	invitations.POST("", with(s.invite))
	invitations.GET("/file", with(s.showInvitationFile))
	invitations.POST("/file", with(s.inviteFromFile))
	invitations.POST("/:invitation/link", with(s.renewInvitation))
	invitations.POST("/:invitation/revocation", with(s.revokeInvitation))

	// Groups
	org.GET("/groups", with(s.listGroups), guard(seesGroupsPage))
	org.POST("/groups", with(s.createGroup), guard(seesGroupsPage))
	org.GET("/groups/new", with(s.showNewGroup), guard(seesGroupsPage))
	group := org.Group("/groups/:group")
	group.GET("", with(s.showGroup))
	group.POST("/settings", with(s.changeGroup))
	group.GET("/deletion", with(s.showGroupDeletion))
	group.POST("/deletion", with(s.deleteGroup))
	group.GET("/candidates", with(s.listGroupCandidates))
	group.GET("/members/new", with(s.showGroupAddition))
	group.POST("/members", with(s.addGroupMembers))
	group.POST("/members/:user/role", with(s.changeGroupMemberRole))
	group.GET("/members/:user/removal", with(s.showGroupMemberRemoval))
	group.POST("/members/:user/removal", with(s.removeGroupMember))
	group.GET("/groups/:member/removal", with(s.showGroupMemberRemoval))
	group.POST("/groups/:member/removal", with(s.removeGroupMember))

	org.GET("/group-roles", with(s.listGroupRoles), guard(needsAny(seesMembers)))

	// Modules
	modules := org.Group("/modules", guard(s.seesModulesPage))
	modules.GET("", with(s.listModules))
	modules.POST("", with(s.createModule))
	modules.GET("/new", with(s.showNewModule))

	// Resources
	org.GET("/resources/new", with(s.showNewResource))
	org.GET("/resources", with(s.listOtherResources))
	org.POST("/resources", with(s.createResource))

	// One resource, for everybody whom it lets in: members, outsiders, anyone
	resource := e.Group("/orgs/:org/resources/:resource", guard(s.onResource))
	resource.GET("", with(s.showResource), guard(hasPage))
	resource.GET("/open", with(s.openRelease))
	resource.GET("/file", with(s.downloadFile))

	// What is done with it is for people who are signed in
	place := resource.Group("", guard(signedIn))
	place.GET("/why", with(s.showWhy))
	own := place.Group("", guard(hasPage))
	own.GET("/settings", with(s.showResourceSettings))
	own.POST("/settings", with(s.changeResource))
	own.GET("/content", with(s.showContent))
	own.POST("/content", with(s.changeContent))
	own.GET("/value", with(s.showSecretValue))
	own.POST("/value", with(s.replaceSecret))
	own.GET("/reveal", with(s.showReveal))
	own.POST("/reveal", with(s.revealSecret))
	own.GET("/artifacts/new", with(s.showUpload))
	own.POST("/artifacts", with(s.uploadArtifact))
	own.GET("/file/new", with(s.showReplacement))
	own.POST("/file", with(s.replaceFile))
	own.GET("/deletion", with(s.showResourceDeletion))
	own.POST("/deletion", with(s.deleteResource))
	own.GET("/parent", with(s.showMove))
	own.POST("/parent", with(s.moveResource))
	own.GET("/owner", with(s.showOwner))
	own.POST("/owner", with(s.transferResource))

	// Its rights templates
	templates := own.Group("/templates", guard(hasTemplates))
	templates.POST("", with(s.createTemplate))
	templates.GET("/new", with(s.showNewTemplate))
	templates.GET("/:template", with(s.showTemplate))
	templates.POST("/:template", with(s.editTemplate))
	templates.GET("/:template/deletion", with(s.showTemplateDeletion))
	templates.POST("/:template/deletion", with(s.deleteTemplate))

	// Who has access to it
	share := place.Group("", guard(seesWhoHasAccess))
	share.GET("/share", with(s.showShare))
	share.GET("/candidates", with(s.listCandidates))
	share.POST("/grants", with(s.grantRoles))
	share.POST("/grants/:grant/role", with(s.changeGrant))
	share.GET("/grants/:grant/removal", with(s.showGrantRemoval))
	share.POST("/grants/:grant/removal", with(s.revokeGrant))
	share.GET("/access-mode", with(s.showAccessMode))
	share.POST("/access-mode", with(s.changeAccessMode))
}
