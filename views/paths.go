package views

import (
	"net/url"

	"gatehouse/access"
)

// Every URL that a page links to or posts to. Templates call these and never join strings; the router registers
// the same patterns with parameters in place of the arguments.

// join makes a path of escaped segments.
func join(segments ...string) string {
	path := ""
	for _, segment := range segments {
		path += "/" + url.PathEscape(segment)
	}
	return path
}

// query adds those of the name, value pairs that have a value.
func query(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// Outside an organization.

func RootPath() string                     { return "/" }
func OrganizationsPath() string            { return "/orgs" }
func SetupPath(token string) string        { return join("setup", token) }
func SignInPath(next string) string        { return query("/sign-in", "next", next) }
func SignOnsPath(next string) string       { return query("/sso", "next", next) }
func SignOnPath(org, next string) string   { return query(join("sso", org), "next", next) }
func SignOnCallbackPath(org string) string { return join("sso", org, "callback") }
func SignOnStartPath(org, next string, again bool) string {
	if again {
		return query(join("sso", org, "start"), "next", next, "again", "yes")
	}
	return query(join("sso", org, "start"), "next", next)
}
func SignOutPath() string                 { return "/sign-out" }
func LinkPath(token string) string        { return join("links", token) }
func AcceptancePath(token string) string  { return join("invitations", token) }
func ThemePath() string                   { return "/preferences/theme" }
func SecondStepPath(next string) string   { return query("/sign-in/second-step", "next", next) }
func SecondStepPasskeyPath() string       { return "/sign-in/second-step/passkey" }
func SecondStepChallengePath() string     { return "/sign-in/second-step/challenge" }
func SignInPasskeyPath() string           { return "/sign-in/passkey" }
func SignInChallengePath() string         { return "/sign-in/passkey/challenge" }
func ConfirmationChallengePath() string   { return "/confirmation/challenge" }
func ForgotPath() string                  { return "/forgot" }
func ResetPath(token string) string       { return join("resets", token) }
func PasswordPath() string                { return "/account/password" }
func DemoMailsPath() string               { return "/demo/mail" }
func DemoMailPath(mail string) string     { return join("demo", "mail", mail) }
func DemoMailHTMLPath(mail string) string { return join("demo", "mail", mail, "html") }
func ConfirmationPath(next string) string { return query("/confirmation", "next", next) }

// The person's own account.

func AccountPath() string               { return "/account" }
func ProfilePath() string               { return "/account/profile" }
func AppPath(next string) string        { return query("/account/app", "next", next) }
func AppCodePath() string               { return "/account/app/code.png" }
func AppConfirmationPath() string       { return "/account/app/confirmation" }
func AppRemovalPath() string            { return "/account/app/removal" }
func RecoveryCodesPath() string         { return "/account/recovery-codes" }
func PasskeysPath() string              { return "/account/passkeys" }
func NewPasskeyPath(next string) string { return query("/account/passkeys/new", "next", next) }
func NewPasskeyChallengePath() string   { return "/account/passkeys/challenge" }
func PasskeyNamePath(passkey access.ID) string {
	return join("account", "passkeys", string(passkey), "name")
}
func PasskeyRemovalPath(passkey access.ID) string {
	return join("account", "passkeys", string(passkey), "removal")
}
func OtherSessionsRemovalPath() string { return "/account/sessions/removal" }
func SessionRemovalPath(session access.ID) string {
	return join("account", "sessions", string(session), "removal")
}

// An organization and its own pages. org is always the slug.

func HomePath(org string) string               { return join("orgs", org) }
func HomeSearchPath(org, search string) string { return query(HomePath(org), "search", search) }
func SettingsPath(org string) string           { return join("orgs", org, "settings") }
func MailSettingsPath(org string) string       { return join("orgs", org, "settings", "mail") }
func PolicyPath(org string) string             { return join("orgs", org, "settings", "policy") }
func SignInPolicyPath(org string) string {
	return join("orgs", org, "settings", "sign-in")
}
func ProviderPath(org string) string { return join("orgs", org, "settings", "single-sign-on") }
func ProviderTestPath(org string) string {
	return join("orgs", org, "settings", "single-sign-on", "test")
}
func TokensPath(org string) string   { return join("orgs", org, "tokens") }
func NewTokenPath(org string) string { return join("orgs", org, "tokens", "new") }
func TokenRevocationPath(org string, token access.ID) string {
	return join("orgs", org, "tokens", string(token), "revocation")
}
func ProvisioningPath(org string) string { return join("orgs", org, "settings", "provisioning") }

// NewProvisioningTokenPath is the form for a token, with the scope chosen.
func NewProvisioningTokenPath(org string) string {
	return NewTokenPath(org) + "?scope=" + string(access.SCIMScope)
}
func IdentityRemovalPath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "identity", "removal")
}
func SearchPath(org, search string) string {
	return query(join("orgs", org, "search"), "search", search)
}
func MyAccessPath(org string) string { return join("orgs", org, "my-access") }
func MyAccessSearchPath(org, search string) string {
	return query(MyAccessPath(org), "search", search)
}

func AuditPath(org, search, action string) string {
	return query(join("orgs", org, "audit"), "search", search, "action", action)
}

// Members and invitations.

func MembersPath(org string) string { return join("orgs", org, "members") }

// Path is the members list with this filter.
func (f MembersFilter) Path(org string) string {
	return query(MembersPath(org), "search", f.Search, "role", f.Role, "status", f.Status, "sort", f.Sort)
}

func SelectionPath(org string) string { return join("orgs", org, "members", "selection") }
func SelectionChangesPath(org string) string {
	return join("orgs", org, "members", "selection", "changes")
}

func MemberPath(org string, user access.ID) string { return join("orgs", org, "members", string(user)) }
func MemberRolePath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "role")
}
func DeactivationPath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "deactivation")
}
func ReactivationPath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "reactivation")
}
func MemberRemovalPath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "removal")
}
func HeirsPath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "removal", "heirs")
}

func MemberSessionsRemovalPath(org string, user access.ID) string {
	return join("orgs", org, "members", string(user), "sessions", "removal")
}
func MemberSessionRemovalPath(org string, user, session access.ID) string {
	return join("orgs", org, "members", string(user), "sessions", string(session), "removal")
}

func InvitationsPath(org string) string    { return join("orgs", org, "invitations") }
func InvitationFilePath(org string) string { return join("orgs", org, "invitations", "file") }
func NewInvitationPath(org string) string  { return join("orgs", org, "invitations", "new") }
func InvitationCandidatesPath(org string) string {
	return join("orgs", org, "invitations", "candidates")
}
func InvitationOfPath(org, email string) string {
	return query(NewInvitationPath(org), "to", email)
}
func InvitationLinkPath(org string, invitation access.ID) string {
	return join("orgs", org, "invitations", string(invitation), "link")
}
func RevocationPath(org string, invitation access.ID) string {
	return join("orgs", org, "invitations", string(invitation), "revocation")
}

// Groups.

func GroupsPath(org string) string { return join("orgs", org, "groups") }
func GroupsSearchPath(org, search string) string {
	return query(GroupsPath(org), "search", search)
}
func NewGroupPath(org string) string { return join("orgs", org, "groups", "new") }

func groupPath(org string, group access.ID, rest ...string) string {
	return join(append([]string{"orgs", org, "groups", string(group)}, rest...)...)
}

func GroupPath(org string, group access.ID) string { return groupPath(org, group) }

// GroupTabPath is one tab of a group's page: members, everyone, access or settings.
func GroupTabPath(org string, group access.ID, tab GroupTab) string {
	if tab == GroupMembersTab { // which the page opens with
		tab = ""
	}
	return query(groupPath(org, group), "tab", string(tab))
}
func GroupSettingsPath(org string, group access.ID) string { return groupPath(org, group, "settings") }
func GroupDeletionPath(org string, group access.ID) string { return groupPath(org, group, "deletion") }
func GroupMembersPath(org string, group access.ID) string  { return groupPath(org, group, "members") }
func NewGroupMembersPath(org string, group access.ID) string {
	return groupPath(org, group, "members", "new")
}
func GroupCandidatesPath(org string, group access.ID) string {
	return groupPath(org, group, "candidates")
}
func GroupMemberRolePath(org string, group, user access.ID) string {
	return groupPath(org, group, "members", string(user), "role")
}
func GroupMemberRemovalPath(org string, group, user access.ID) string {
	return groupPath(org, group, "members", string(user), "removal")
}
func NestedGroupRemovalPath(org string, group, member access.ID) string {
	return groupPath(org, group, "groups", string(member), "removal")
}

// GroupRolesPath is the list of the groups that have a role in the organization.
func GroupRolesPath(org string) string { return join("orgs", org, "group-roles") }
