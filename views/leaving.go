package views

import (
	"maps"
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
// others. It posts at, to (a LeavingStep, or page and what a link to it would say), heir, heir.ID, admin.ID, sessions and seen.
type Leaving struct {
	Org        string
	Person     access.Person
	You        bool
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
	Elsewhere   []access.Ref // what has an heir of its own and is not among Owned
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
	InToo    bool // of which they are the owner as well
	Inside   int  // more of theirs in it
}

// A LeftGroup is a group that the member is in directly.
type LeftGroup struct {
	Group   access.Ref
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
			shown[access.HeirField(row.Resource.ID)] = true
		}
		for _, resource := range l.Elsewhere {
			shown[access.HeirField(resource.ID)] = true
		}
	}
	if l.Step == LeavingGroups {
		for _, group := range l.Groups {
			shown[access.AdminField(group.Group.ID)] = group.asks()
		}
	}
	choices := map[string]string{"heir": l.Heir}
	for id, email := range l.Heirs {
		choices[access.HeirField(id)] = email
	}
	for id, email := range l.Admins {
		choices[access.AdminField(id)] = email
	}
	for _, name := range slices.Sorted(maps.Keys(choices)) {
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

// asks tells whether the step asks for another admin.
func (g LeftGroup) asks() bool { return g.Alone && g.Refusal == "" }
