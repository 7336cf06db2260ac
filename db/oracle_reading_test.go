package db_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The rules of access read aloud. This file shares nothing with package access or the SQL: the role table is written again,
// rights are words, and every question walks the whole world.

// storedOrder is the order of the bits in which rights are stored. It must never change.
var storedOrder = []string{"discover", "view", "query", "create", "edit", "configure", "connect", "reveal", "share",
	"delete", "transfer", "members", "groups", "audit"}

// On organizations and modules: what each role gives on the thing itself, and on what lies below.
var (
	hereOnContainers = map[string]string{
		"organization Admin":   "discover view configure create members groups audit connect",
		"organization Auditor": "discover view audit",
		"organization Modeler": "discover view create",
		"organization Member":  "discover view",
		"module Administrator": "discover view create configure members",
		"module Creator":       "discover view create",
		"module User":          "discover view",
	}
	belowContainers = map[string]string{
		"organization Admin":   "discover connect transfer",
		"organization Auditor": "discover",
	}
)

// On a project and all the rest: the same here and below.
var contentRights = map[string]string{
	"viewer":  "discover view query",
	"modeler": "discover view query create edit",
	"editor":  "discover view query create edit configure reveal",
	"admin":   "discover view query create edit configure reveal connect share delete",
	"owner":   "discover view query create edit configure reveal connect share delete transfer",
}

// An answer is a set of rights, and every reason for it in words.
type answer struct {
	rights  map[string]bool
	reasons []string
}

func (a *answer) add(rights []string, reason string, args ...any) {
	if len(rights) == 0 {
		return
	}
	for _, right := range rights {
		a.rights[right] = true
	}
	a.reasons = append(a.reasons, fmt.Sprintf(reason, args...)+": "+strings.Join(rights, " "))
}

// String lists the rights in the stored order.
func (a *answer) String() string {
	var held []string
	for _, right := range storedOrder {
		if a.rights[right] {
			held = append(held, right)
		}
	}
	return strings.Join(held, " ")
}

// ask answers what a subject may do with a resource, and why. The subject is nil for anyone who is not signed in.
func (w *world) ask(subject *worldUser, r *worldResource) *answer {
	a := &answer{rights: map[string]bool{}}
	if subject != nil && !subject.active { // a deactivated user gets what anonymous gets
		subject = nil
	}
	for place := r; place != nil; place = place.parent {
		if subject != nil && place.owner == subject && subject.memberships[r.org] == "active" {
			a.add(strings.Fields(contentRights["owner"]), "owns the %s %s", place.kind, place.id)
		}
		a.addMode(subject, place, r)
	}
	for _, grant := range w.grants {
		if contains(grant.on, r) && inForce(grant) && names(grant, subject, r.org) {
			a.add(reach(grant, r), "grant %s on the %s %s", grant.id, grant.on.kind, grant.on.id)
		}
	}
	return a
}

// addMode adds what the access mode of a place lets in to a resource there.
func (a *answer) addMode(subject *worldUser, place, r *worldResource) {
	member := subject != nil && subject.memberships[r.org] == "active"
	if place.mode != "restricted" && member {
		a.add(strings.Fields(contentRights[place.orgRole]), "%s mode of the %s %s, a member", place.mode, place.kind, place.id)
	}
	open := place.mode == "anonymous" || place.mode == "public" && subject != nil
	if open && !closed(r.kind) {
		a.add(strings.Fields(contentRights["viewer"]), "%s mode of the %s %s", place.mode, place.kind, place.id)
	}
}

// closed kinds go no wider than Organization, whatever contains them.
func closed(kind string) bool { return kind == "constant" || kind == "secret" || kind == "connection" }

// contains tells whether r is the place or lies anywhere in it.
func contains(place, r *worldResource) bool {
	for ; r != nil; r = r.parent {
		if r == place {
			return true
		}
	}
	return false
}

func inForce(grant *worldGrant) bool { return grant.expires == nil || grant.expires.After(time.Now()) }

// names tells whether a grant names the subject, a group that they are in, or an organization of theirs. Whose
// membership in the resource's organization is deactivated has no group and no grant of their own there.
func names(grant *worldGrant, subject *worldUser, org *worldOrg) bool {
	switch {
	case subject == nil:
		return false
	case grant.user != nil:
		return grant.user == subject && subject.memberships[org] != "deactivated"
	case grant.group != nil:
		return subject.memberships[org] == "active" && isIn(subject, grant.group, map[*worldGroup]bool{})
	}
	return subject.memberships[grant.org] == "active"
}

// isIn tells whether a user is in a group through any depth of nesting.
func isIn(user *worldUser, group *worldGroup, seen map[*worldGroup]bool) bool {
	if seen[group] {
		return false
	}
	seen[group] = true
	return user.standsFor == group || slices.Contains(group.users, user) ||
		slices.ContainsFunc(group.inside, func(inner *worldGroup) bool { return isIn(user, inner, seen) })
}

// reach is what a grant gives on a resource that lies at or below the place granted.
func reach(grant *worldGrant, r *worldResource) []string {
	if grant.template != nil {
		return grant.template.rights
	}
	if grant.on.kind != "organization" && grant.on.kind != "module" {
		return strings.Fields(contentRights[grant.role])
	}
	row := grant.on.kind + " " + strings.ToUpper(grant.role[:1]) + grant.role[1:]
	here := strings.Fields(hereOnContainers[row])
	if grant.on == r {
		return here
	}
	below := strings.Fields(belowContainers[row])
	if grant.on.kind == "organization" && r.kind == "module" {
		below = append(below, everyModule(here)...)
	}
	if row == "organization Admin" && r.org.fullReach { // everything that an owner has
		below = append(below, strings.Fields(contentRights["owner"])...)
	}
	return below
}

// everyModule is what a role on the organization does in every module: create, and likewise configure and members.
func everyModule(here []string) []string {
	var reached []string
	for _, right := range []string{"create", "configure", "members"} {
		if slices.Contains(here, right) {
			reached = append(reached, right)
		}
	}
	if reached != nil {
		reached = append(reached, "discover")
	}
	return reached
}
