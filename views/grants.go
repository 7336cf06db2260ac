package views

import (
	"time"

	"gatehouse/access"
)

// Share is the Share dialog: who has access to a resource, and the forms that change it. Every form in it posts
// version; a stale one is answered with 409 and the same dialog, fresh, with Stale set.
type Share struct {
	Org      string
	OrgName  string
	Resource access.Resource // Version, Mode, OrgRole, Owner and the asking person's Rights are used
	Parent   access.Ref      // what contains it, as far as the person may discover
	Link     string          // the full URL of the resource's page
	You      access.ID
	CanAsk   bool   // why somebody else has access
	CanShare bool   // somebody with Discover alone reads the list
	Stale    string // the sentence of a 409
	Notice   string // what the last change did
	Undo     *Undo  // its inverse: a POST that is answered with the dialog
	Problem  string // why the last change did not work (422 of a role, a mode or an expiry)

	Picker    Picker
	Role      string        // chosen for the batch
	Roles     []access.Role // that the person may give
	ExpiresAt string        // as typed: 2006-01-02T15:04
	Mail      bool          // the server sends mail: those who are given access can be told
	Notify    bool          // as chosen
	Message   string        // to them
	Problems  Problems      // of the add form: who, role, expires_at, message

	Modes    []access.ModeOption
	OrgRoles []access.Role // for Organization; empty where the mode cannot be changed
	Members  int           // active members of the organization

	Requests    []RequestRow // that wait for an answer of the person's
	MoreAsk     bool         // than Requests holds
	CanTransfer bool
	Direct      []ShareGrant
	Inherited   []InheritedAccess
	Invited     []InvitedAccess
	MoreInvited int // who were not listed
}

// A ShareGrant is a grant on the resource itself.
type ShareGrant struct {
	Grant     access.Grant
	Roles     []access.Role // to choose from; without CanChange ignored
	CanChange bool
	Refusal   string       // why not: "Admin is more than you hold."
	People    int          // inside a group or organization
	Through   []access.Ref // groups through which a person has access as well
}

// InheritedAccess comes from what contains the resource, and is changed there.
type InheritedAccess struct {
	Principal access.Principal // for a mode: the organization; unused for Public and Anonymous
	Mode      access.Mode      // set where an access mode of the place lets people in
	Owner     bool             // the principal owns the place
	Role      access.Role      // as it counts here
	Place     access.Ref
	People    int
	ExpiresAt *time.Time
}

// InvitedAccess is what an invitation to the organization brings when it is accepted. It is changed there.
type InvitedAccess struct {
	Invitation access.ID
	Email      string
	ExpiresAt  time.Time
	Role       access.Role
	Through    []access.Ref // groups
}

// GrantRemoval asks before a grant is taken away. It posts version.
type GrantRemoval struct {
	Org      string
	Resource access.Ref
	Grant    access.Grant
	Version  int64
	You      bool
	Effect   *access.Effect // for a person or a group
	Keeps    []access.Path  // that still let the person in afterwards, the strongest first
}

// AccessMode is the step between choosing an access mode and setting it. It posts access_mode, org_role, version and
// confirm: "yes", or for Anonymous the resource's name.
type AccessMode struct {
	Org      string
	OrgName  string
	Resource access.Resource
	To       access.Mode
	ToRole   access.Role // what Organization gives
	Version  int64
	Effect   access.Effect
	Inside   int    // resources below that are opened or closed with it
	Staying  int    // resources below that are not, because of their kind
	Confirm  string // as typed
	Problems Problems
}

// Owner hands a resource to another owner. It posts owner (an e-mail address), confirm (the same again) and version.
type Owner struct {
	Org         string
	Resource    access.Resource
	Version     int64
	You         bool // the asking person is the owner
	Owner       string
	Confirm     string
	Suggestions []access.Person
	Problems    Problems
}
