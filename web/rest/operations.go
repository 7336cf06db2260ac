package rest

import (
	"net/http"
	"slices"
)

// An operation is a route as the OpenAPI document describes it. A test compares them with the routes.
type operation struct {
	method, path, name string
	does               string // a sentence
	query              []parameter
	body, answer       any // of the type that is sent and answered; nil for none
	preview            any // of the type that is answered with preview=true; nil for none
	match              precondition
}

// A parameter stands behind the question mark.
type parameter struct{ name, does string }

// A precondition says what If-Match means to an operation.
type precondition int

const (
	noMatch   precondition = iota
	mayMatch               // the ETag of the thing, optional
	mustMatch              // the ETag of the resource's access list, access mode, owner or parent, needed
)

var (
	search = parameter{"search", "Only what holds this text, in upper or lower case."}
	after  = parameter{"after", "The next of the page before."}
	limit  = parameter{"limit", "How many at most: 50 without it, up to 200."}

	previewing = parameter{"preview", "true: say who would gain or lose which rights, and do nothing."}
)

// operations is every route, in the order of package web's list.
var operations = []operation{
	{method: "GET", path: "/organization", name: "showOrganization", does: "Which organization the token is bound to.", answer: Organization{}},

	{method: "GET", path: "/policy", name: "showPolicy", does: "What the organization decides once for all its resources.", answer: Policy{}},
	{method: "PUT", path: "/policy", name: "changePolicy", does: "Set the sharing policy. What stands wider than it allows is narrowed with it.",
		body: Policy{}, answer: Policy{}, match: mayMatch, preview: PolicyPreview{}},

	{method: "GET", path: "/members", name: "listMembers", does: "The members of the organization.", answer: List[Member]{},
		query: []parameter{search, {"role", "Only with this role."}, {"status", "active or deactivated."},
			{"sort", "name, role, status or seen; with a minus in front the other way round. Without it by name, and of a search those first whose name begins so."}, after, limit}},
	{method: "GET", path: "/members/{user}", name: "showMember", does: "One member.", answer: Member{}},
	{method: "PATCH", path: "/members/{user}", name: "changeMember", does: "Give a member another role, deactivate or reactivate them.",
		body: MemberChange{}, answer: Member{}, match: mayMatch, preview: Preview{}},
	{method: "DELETE", path: "/members/{user}", name: "removeMember", does: "End a membership.", match: mayMatch,
		query: []parameter{{"heir", "The address of the member who takes over what this one owns."}}, preview: Preview{}},
	{method: "POST", path: "/members/{user}/removal", name: "endMembership", does: "End a membership, and hand on what the member had to several people.",
		body: Leaving{}, match: mayMatch, preview: Preview{}},

	{method: "GET", path: "/invitations", name: "listInvitations", does: "The open invitations.", answer: List[Invitation]{}, query: []parameter{search, after, limit}},
	{method: "POST", path: "/invitations", name: "invite", does: "Invite somebody. Nothing is mailed: the answer has the link.", body: NewInvitation{}, answer: InvitationLink{}},
	{method: "POST", path: "/invitations/{invitation}/link", name: "renewInvitation", does: "Make a new link; the old one stops working.", answer: InvitationLink{}},
	{method: "DELETE", path: "/invitations/{invitation}", name: "revokeInvitation", does: "Take an invitation back."},

	{method: "GET", path: "/groups", name: "listGroups", does: "The groups of the organization.", answer: List[Group]{}, query: []parameter{search, after, limit}},
	{method: "POST", path: "/groups", name: "createGroup", does: "Make a group. The token's maker is its first admin.", body: NewGroup{}, answer: Group{}},
	{method: "GET", path: "/groups/{group}", name: "showGroup", does: "One group.", answer: Group{}},
	{method: "PATCH", path: "/groups/{group}", name: "changeGroup", does: "Change a group's name or description.", body: Settings{}, answer: Group{}, match: mayMatch},
	{method: "DELETE", path: "/groups/{group}", name: "deleteGroup", does: "Delete a group with its grants. Accounts are untouched.", match: mayMatch, preview: Preview{}},
	{method: "GET", path: "/groups/{group}/members", name: "listGroupMembers", does: "The people and groups directly in a group.", answer: List[GroupMember]{},
		query: []parameter{search, after, limit}},
	{method: "POST", path: "/groups/{group}/members", name: "addGroupMember", does: "Put a person or a group into a group.", body: NewGroupMember{}, answer: GroupMember{}, preview: Preview{}},
	{method: "GET", path: "/groups/{group}/members/{member}", name: "showGroupMember", does: "One person or group directly in a group.", answer: GroupMember{}},
	{method: "PATCH", path: "/groups/{group}/members/{member}", name: "changeGroupMember", does: "Make somebody an admin of a group, or no longer.",
		body: GroupRoleChange{}, answer: GroupMember{}, match: mayMatch},
	{method: "DELETE", path: "/groups/{group}/members/{member}", name: "removeGroupMember", does: "Take a person or a group out of a group.", match: mayMatch, preview: Preview{}},
	{method: "GET", path: "/groups/{group}/everyone", name: "listEveryone", does: "The active people in a group at any depth.", answer: List[InsidePerson]{}, query: []parameter{after, limit}},

	{method: "GET", path: "/modules", name: "listModules", does: "The modules of which the token's maker may know. A module is a resource: it is made, shown, changed, shared and deleted as one.",
		answer: List[Module]{}, query: []parameter{search, after, limit}},

	{method: "GET", path: "/resources", name: "listResources", does: "The resources of which the token's maker may know. With kind and key: that one, of any kind, or none. Otherwise no modules, which are listed elsewhere.",
		answer: List[Resource]{}, query: []parameter{{"kind", "Only of this kind."}, {"key", "Only the one with this key; goes with kind."},
			{"parent", "Only what lies directly in the resource with this id."}, search, after, limit}},
	{method: "POST", path: "/resources", name: "createResource", does: "Make a resource. The token's maker owns it.", body: NewResource{}, answer: Resource{}},
	{method: "GET", path: "/resources/{resource}", name: "showResource", does: "One resource.", answer: Resource{}},
	{method: "PATCH", path: "/resources/{resource}", name: "changeResource", does: "Change a resource's name or description.", body: Settings{}, answer: Resource{}, match: mayMatch},
	{method: "DELETE", path: "/resources/{resource}", name: "deleteResource", does: "Delete a resource and everything inside it.", match: mayMatch},
	{method: "GET", path: "/resources/{resource}/grants", name: "listGrants", does: "The grants in force on a resource, then those on what contains it; 500 at most.", answer: List[Grant]{},
		query: []parameter{{"user", "Only of this one: an e-mail address, or a member's id."}, {"group", "Only of this one: a name or an id."},
			{"organization", "Only of this one: a slug."}}},
	{method: "POST", path: "/resources/{resource}/grants", name: "addGrant", does: "Give somebody a role on a resource.", body: NewGrant{}, answer: Grant{}, match: mustMatch, preview: Preview{}},
	{method: "PATCH", path: "/resources/{resource}/grants/{grant}", name: "changeGrant", does: "Give a grant another role or end.",
		body: GrantChange{}, answer: Grant{}, match: mustMatch, preview: Preview{}},
	{method: "DELETE", path: "/resources/{resource}/grants/{grant}", name: "revokeGrant", does: "Take a role away.", match: mustMatch, preview: Preview{}},
	{method: "GET", path: "/resources/{resource}/access-mode", name: "showAccessMode", does: "Who is let in without a grant.", answer: AccessMode{}},
	{method: "PUT", path: "/resources/{resource}/access-mode", name: "changeAccessMode", does: "Set who is let in without a grant. Nobody asks again before everybody is let in.",
		body: AccessModeChange{}, answer: AccessMode{}, match: mustMatch, preview: Preview{}},
	{method: "GET", path: "/resources/{resource}/owner", name: "showOwner", does: "Who owns a resource.", answer: Person{}},
	{method: "PUT", path: "/resources/{resource}/owner", name: "changeOwner", does: "Give a resource another owner.", body: NewOwner{}, answer: Person{}, match: mustMatch},

	{method: "GET", path: "/resources/{resource}/parent", name: "showPlacement", does: "In what a resource lies.", answer: Placement{}},
	{method: "PUT", path: "/resources/{resource}/parent", name: "moveResource", does: "Put a resource, with everything inside it, into another parent.",
		body: Placement{}, answer: Placement{}, match: mustMatch, preview: Preview{}},

	{method: "GET", path: "/resources/{resource}/templates", name: "listTemplates", does: "The rights templates of a project: roles of its own, for grants on it.", answer: List[Template]{}},
	{method: "POST", path: "/resources/{resource}/templates", name: "createTemplate", does: "Make a rights template of a project.", body: NewTemplate{}, answer: Template{}},
	{method: "GET", path: "/resources/{resource}/templates/{template}", name: "showTemplate", does: "One rights template.", answer: Template{}},
	{method: "PATCH", path: "/resources/{resource}/templates/{template}", name: "changeTemplate", does: "Change a rights template, at once for everybody who holds it.",
		body: TemplateChange{}, answer: Template{}, match: mayMatch, preview: Preview{}},
	{method: "DELETE", path: "/resources/{resource}/templates/{template}", name: "deleteTemplate", does: "Delete a rights template that no grant gives.", match: mayMatch},

	{method: "POST", path: "/resources/{resource}/requests", name: "requestAccess", does: "Ask those who can share a resource for access, in the name of the token's maker; or change what was asked for.",
		body: NewRequest{}, answer: AccessRequest{}},

	{method: "GET", path: "/requests", name: "listRequests", does: "The open requests that the token's maker can answer, the oldest first; or with from=me what they asked for, which comes in one page.", answer: List[AccessRequest]{},
		query: []parameter{{"from", "me: instead, what the token's maker asks for and asked for lately."}, after, limit}},
	{method: "GET", path: "/requests/{request}", name: "showRequest", does: "One request, for who can answer it and for who asked.", answer: AccessRequest{}},
	{method: "DELETE", path: "/requests/{request}", name: "withdrawRequest", does: "Take back what the token's maker asks for.", match: mayMatch},
	{method: "POST", path: "/requests/{request}/approval", name: "approveRequest", does: "Give access to who asks for it.", body: Approval{}, answer: AccessRequest{}, match: mayMatch, preview: Preview{}},
	{method: "POST", path: "/requests/{request}/denial", name: "denyRequest", does: "Say no to who asks for access.", body: Denial{}, answer: AccessRequest{}, match: mayMatch},

	{method: "GET", path: "/tokens", name: "listTokens", does: "The organization's API tokens, the newest first; 1,000 at most.", answer: List[Token]{}},
	{method: "POST", path: "/tokens", name: "createToken", does: "Make a token in the name of the maker of the one that asks.", body: NewToken{}, answer: MadeToken{}},
	{method: "GET", path: "/tokens/{token}", name: "showToken", does: "One token, without its secret.", answer: Token{}},
	{method: "DELETE", path: "/tokens/{token}", name: "revokeToken", does: "End a token.", match: mayMatch},

	{method: "GET", path: "/audit-events", name: "listAuditEvents", does: "The audit log, the newest event first.", answer: List[AuditEvent]{},
		query: []parameter{search, {"action", "A noun, such as grant, or a whole action, such as grant.created."},
			{"about", "Only what the user, group or resource with this id did, or what was done to it."}, after, limit}},
}

// status is what the operation answers where it is carried out.
func (o operation) status() int {
	switch {
	case o.answer == nil:
		return http.StatusNoContent
	case o.method == http.MethodPost && !slices.Contains([]string{"renewInvitation", "approveRequest", "denyRequest"}, o.name):
		return http.StatusCreated
	}
	return http.StatusOK
}
