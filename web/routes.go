package web

import (
	"github.com/labstack/echo/v4"

	"gatehouse/access"
)

// routes is every route, top to bottom. A guard protects its whole group; what a change asks of a person beyond that,
// the rules in package access decide.
func (s *Server) routes(e *echo.Echo) {
	// The process
	e.GET("/livez", with(s.live))
	e.GET("/readyz", with(s.ready))
	e.GET("/static/*", with(s.serveStatic))

	s.serviceRoutes(e)

	// Getting in
	e.GET("/", with(s.showRoot))
	e.GET("/setup/:token", with(s.showSetup))
	e.POST("/setup/:token", with(s.setUp))
	e.GET("/sign-in", with(s.showSignIn))
	e.POST("/sign-in", with(s.signIn))
	e.GET("/sign-in/second-step", with(s.showSecondStep))
	e.POST("/sign-in/second-step", with(s.takeSecondStep))
	e.POST("/sign-in/second-step/challenge", with(s.askSecondStep))
	e.POST("/sign-in/second-step/passkey", with(s.takeSecondStepByPasskey))
	e.POST("/sign-in/passkey", with(s.signInByPasskey))
	e.POST("/sign-in/passkey/challenge", with(s.askSignIn))
	e.POST("/sign-out", with(s.signOut))
	e.GET("/sso", with(s.showSignOns))
	e.POST("/sso", with(s.findSignOn))
	e.GET("/sso/:org", with(s.showSignOn))
	e.GET("/sso/:org/start", with(s.startSignOn))
	e.GET("/sso/:org/callback", with(s.finishSignOn))
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
	e.POST("/confirmation/challenge", with(s.askConfirmation), guard(signedIn))
	e.POST("/preferences/theme", with(s.setTheme), guard(signedIn))
	account := e.Group("/account", guard(signedIn))
	account.GET("", with(s.showAccount))
	account.POST("/profile", with(s.changeProfile))
	account.POST("/sessions/removal", with(s.endOtherSessions))
	account.POST("/sessions/:session/removal", with(s.endSession))
	account.GET("/app", with(s.showApp))
	account.POST("/app", with(s.startApp))
	account.GET("/app/code.png", with(s.showAppCode))
	account.POST("/app/confirmation", with(s.confirmApp))
	account.GET("/app/removal", with(s.showAppRemoval))
	account.POST("/app/removal", with(s.removeApp))
	account.GET("/passkeys/new", with(s.showNewPasskey))
	account.POST("/passkeys/challenge", with(s.askNewPasskey))
	account.POST("/passkeys", with(s.addPasskey))
	account.GET("/passkeys/:passkey/name", with(s.showPasskeyName))
	account.POST("/passkeys/:passkey/name", with(s.renamePasskey))
	account.GET("/passkeys/:passkey/removal", with(s.showPasskeyRemoval))
	account.POST("/passkeys/:passkey/removal", with(s.removePasskey))
	account.GET("/recovery-codes", with(s.showRecoveryCodes))
	account.POST("/recovery-codes", with(s.renewRecoveryCodes))
	account.GET("/password", with(s.showPassword))
	account.POST("/password", with(s.changePassword))

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
	settings.GET("/sign-in", with(s.showSignInPolicy))
	settings.POST("/sign-in", with(s.changeSignInPolicy))
	settings.GET("/single-sign-on", with(s.showProvider))
	settings.POST("/single-sign-on", with(s.changeProvider))
	settings.POST("/single-sign-on/test", with(s.testProvider))
	settings.GET("/mail", with(s.showMailSettings))
	settings.POST("/mail", with(s.sendTestMail))
	settings.GET("/provisioning", with(s.showProvisioning))

	tokens := org.Group("/tokens", guard(needsAny(access.TokenRights)))
	tokens.GET("", with(s.listTokens))
	tokens.GET("/new", with(s.showNewToken))
	tokens.POST("", with(s.createToken))
	tokens.GET("/:token/revocation", with(s.showTokenRevocation))
	tokens.POST("/:token/revocation", with(s.revokeToken))

	// Members and invitations
	org.GET("/members", with(s.listMembers), guard(needsAny(seesMembers)))
	org.GET("/members/selection", with(s.showSelectionResults))
	org.POST("/members/selection", with(s.showSelection), guard(needsAny(seesMembers)))
	org.POST("/members/selection/changes", with(s.changeSelection), guard(needsAny(seesMembers)))
	org.GET("/members/:user", with(s.showMember))
	org.GET("/members/:user/role", with(s.showMemberRole))
	org.POST("/members/:user/role", with(s.changeMemberRole))
	org.GET("/members/:user/deactivation", with(s.showDeactivation))
	org.POST("/members/:user/deactivation", with(s.deactivateMember))
	org.POST("/members/:user/reactivation", with(s.reactivateMember))
	org.GET("/members/:user/removal", with(s.showMemberRemoval))
	org.POST("/members/:user/removal", with(s.removeMember))
	org.GET("/members/:user/removal/heirs", with(s.listHeirs))

	org.POST("/members/:user/identity/removal", with(s.unlinkMember))
	org.POST("/members/:user/sessions/removal", with(s.endMemberSessions))
	org.POST("/members/:user/sessions/:session/removal", with(s.endMemberSession))

	invitations := org.Group("/invitations", guard(needsAny(seesMembers)))
	invitations.GET("/new", with(s.showInvitationForm))
	invitations.GET("/candidates", with(s.listInvitationCandidates))
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

	// Requests for access. One asks at the address of what one may not know of, so nothing there depends on whether it exists.
	org.GET("/resources/:resource/request", with(s.showRequestForm))
	org.POST("/resources/:resource/request", with(s.requestAccess))
	org.GET("/requests", with(s.listRequests))
	org.GET("/requests/:request", with(s.showRequest))
	org.POST("/requests/:request/approval", with(s.approveRequest))
	org.POST("/requests/:request/denial", with(s.denyRequest))
	org.POST("/requests/:request/withdrawal", with(s.withdrawRequest))

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
