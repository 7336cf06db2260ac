package views

import (
	"slices"
	"strings"
	"time"

	"gatehouse/access"
)

// A LeavingStep is a part of the page on which a member leaves.
type LeavingStep string

const (
	LeavingResources LeavingStep = "resources"
	LeavingGroups    LeavingStep = "groups"
	LeavingAccess    LeavingStep = "access"
	LeavingReview    LeavingStep = "review"
	LeavingDone      LeavingStep = "done" // asked for by the last button
)

// Leaving is the page on which a member is removed, or leaves: a form in steps, of which each carries what was chosen in the
// others. It posts at, to (a LeavingStep, or page and a cursor), heir, heir.ID, admin.ID, sessions and seen.
type Leaving struct {
	Org        string
	Person     access.Person
	You        bool
	Status     access.Status
	Refusal    string
	Deactivate May
	Has        LeavingStake
	Step       LeavingStep
	Moved      bool // by a button: the focus goes to the step's title

	Heir        string // addresses as typed
	Heirs       map[access.ID]string
	Admins      map[access.ID]string
	EndSessions bool
	Seen        string // tells the server what the reader looked at

	Suggestions []access.Person
	Owned       []OwnedRow
	Search      string
	Pager       Pager
	Groups      []LeftGroup
	Grants      []LeftGrant
	Tokens      []access.APIToken
	Invitations []string // addresses
	Effect      access.Effect
	Takes       []access.Heir // of the review
	Problems    Problems
}

// LeavingStake counts what the member has.
type LeavingStake struct{ Resources, Groups, Grants, Tokens, Invitations, Sessions int }

// An OwnedRow is a resource that the member owns.
type OwnedRow struct {
	Resource access.Ref
	In       access.Ref
	Inside   int // more of theirs in it
}

// A LeftGroup is a group that the member is in directly.
type LeftGroup struct {
	Group   access.Ref
	Role    access.GroupRole
	Alone   bool // nobody else is its admin
	Others  int
	Refusal string // why the reader cannot name another admin
}

// A LeftGrant is a role that ends.
type LeftGrant struct {
	Resource  access.Ref
	Role      access.Role
	ExpiresAt *time.Time
}

// Steps are those in which there is something to say.
func (l Leaving) Steps() []LeavingStep {
	var steps []LeavingStep
	if l.Has.Resources > 0 {
		steps = append(steps, LeavingResources)
	}
	if l.Has.Groups > 0 {
		steps = append(steps, LeavingGroups)
	}
	if l.Has.Grants+l.Has.Tokens+l.Has.Invitations+l.Has.Sessions > 0 {
		steps = append(steps, LeavingAccess)
	}
	return append(steps, LeavingReview)
}

// Before tells whether one step comes before another.
func (l Leaving) Before(one, other LeavingStep) bool {
	steps := l.Steps()
	first := slices.Index(steps, one)
	return first >= 0 && first < slices.Index(steps, other)
}

func (l Leaving) beside(by int) LeavingStep {
	steps := l.Steps()
	if at := slices.Index(steps, l.Step) + by; at >= 0 && at < len(steps) {
		return steps[at]
	}
	return ""
}

// StepOf is the step that asks for the field, if there is one.
func (l Leaving) StepOf(field string) LeavingStep {
	step := LeavingReview
	switch {
	case strings.HasPrefix(field, "heir"):
		step = LeavingResources
	case strings.HasPrefix(field, "admin."):
		step = LeavingGroups
	}
	if !slices.Contains(l.Steps(), step) {
		return LeavingReview
	}
	return step
}

func (s LeavingStep) title() string {
	switch s {
	case LeavingResources:
		return "What they own"
	case LeavingGroups:
		return "Groups"
	case LeavingAccess:
		return "Access that ends"
	}
	return "Review"
}

// stepTitle speaks to the one who leaves.
func (l Leaving) stepTitle(step LeavingStep) string {
	if l.You && step == LeavingResources {
		return "What you own"
	}
	return step.title()
}

func (l Leaving) title() string {
	if l.You {
		return "Leave the organization"
	}
	return "Remove " + l.Person.Label()
}

func (l Leaving) lead() string {
	if l.You {
		return "Your account stays, and you stay in your other organizations."
	}
	return "The account stays, and they stay in their other organizations."
}

// back is where the one who asks came from: a member who leaves may not see the list.
func (l Leaving) back() string {
	if l.You {
		return MyAccessPath(l.Org)
	}
	return MembersPath(l.Org)
}

func (l Leaving) button() string {
	if l.You {
		return "Leave organization"
	}
	return "Remove " + l.Person.Label()
}

// they begins a sentence about the one who goes.
func (l Leaving) they() string {
	if l.You {
		return "You"
	}
	return l.Person.Label()
}

func (l Leaving) ownsLead() string {
	owns := " owns "
	if l.You {
		owns = " own "
	}
	return l.they() + owns + count(l.Has.Resources, "resource", "resources") + ". Each needs an active member as its new owner."
}

func (l Leaving) leavesLead() string {
	leaves := " leaves "
	if l.You {
		leaves = " leave "
	}
	return l.they() + leaves + count(l.Has.Groups, "group", "groups") + "."
}

// hidden are the choices that the step does not show.
func (l Leaving) hidden() []Field {
	var fields []Field
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, Field{Name: name, Value: value})
		}
	}
	shown := map[string]bool{}
	if l.Step == LeavingResources {
		shown["heir"] = true
		for _, row := range l.Owned {
			shown[heirField(row.Resource.ID)] = true
		}
	}
	if l.Step == LeavingGroups {
		for _, group := range l.Groups {
			shown[adminField(group.Group.ID)] = group.asks()
		}
	}
	choices := map[string]string{"heir": l.Heir}
	for id, email := range l.Heirs {
		choices[heirField(id)] = email
	}
	for id, email := range l.Admins {
		choices[adminField(id)] = email
	}
	for _, name := range sortedKeys(choices) {
		if !shown[name] {
			add(name, choices[name])
		}
	}
	if l.EndSessions && l.Step != LeavingAccess {
		add("sessions", "yes")
	}
	if l.Step == LeavingReview {
		add("seen", l.Seen)
	}
	return fields
}

func sortedKeys(of map[string]string) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func heirField(resource access.ID) string { return "heir." + string(resource) }
func adminField(group access.ID) string   { return "admin." + string(group) }

// asks tells whether the step asks for another admin.
func (g LeftGroup) asks() bool { return g.Alone && g.Refusal == "" }

func (g LeftGroup) says(you bool) string {
	others := people(g.Others) + " stay in it."
	if g.Others == 1 {
		others = "1 person stays in it."
	}
	if g.Others == 0 {
		others = "Nobody else is in it."
	}
	if !g.Alone {
		return others
	}
	only := "They are its only admin. "
	if you {
		only = "You are its only admin. "
	}
	return only + others
}

// elsewhere counts the exceptions that the page of the list does not show.
func (l Leaving) elsewhere() int {
	n := len(l.Heirs)
	for _, row := range l.Owned {
		if l.Heirs[row.Resource.ID] != "" {
			n--
		}
	}
	return n
}

func (r OwnedRow) where() string {
	where := capital(r.Resource.Type) + " in " + r.In.Name
	if r.Inside > 0 {
		where += ", with " + number(r.Inside) + " more of theirs in it"
	}
	return where
}

// takesOver says what an heir gets.
func takesOver(heir access.Heir) string {
	if heir.Of.ID == "" {
		return "takes over " + count(heir.Resources, "resource", "resources")
	}
	if heir.Resources > 1 {
		return "takes over " + heir.Of.Name + " with " + number(heir.Resources-1) + " more in it"
	}
	return "takes over " + heir.Of.Name
}

func (l Leaving) effectLead() string {
	if len(l.Effect.Lines) == 0 {
		return "Nobody's access changes."
	}
	return "This changes what people can do:"
}

func used(token access.APIToken) string {
	if token.LastUsed == nil {
		return "Never used"
	}
	return "Used " + ago(*token.LastUsed)
}

func (l Leaving) ends() []Field {
	var ends []Field
	for _, each := range []struct {
		n         int
		one, many string
	}{
		{l.Has.Resources, "resource gets a new owner", "resources get a new owner"},
		{l.Has.Groups, "group membership ends", "group memberships end"},
		{l.Has.Grants, "share ends", "shares end"},
		{l.Has.Tokens, "API token stops working", "API tokens stop working"},
		{l.Has.Invitations, "open invitation is revoked", "open invitations are revoked"},
	} {
		ends = append(ends, Field{Name: number(each.n), Value: plural(each.n, each.one, each.many)})
	}
	return ends
}
