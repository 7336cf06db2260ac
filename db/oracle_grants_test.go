package db_test

import "time"

// The grants of a random world.

// rolesOn are the names of the roles that can be granted on a kind, written again for the oracle.
func rolesOn(kind string) []string {
	switch kind {
	case "organization":
		return []string{"admin", "auditor", "modeler", "member"}
	case "module":
		return []string{"administrator", "creator", "user"}
	case "project":
		return []string{"viewer", "modeler", "editor", "admin"}
	}
	return []string{"viewer", "editor", "admin"}
}

// addMemberRoles gives nearly every member one role in the organization, mostly for good.
func (w *world) addMemberRoles(org *worldOrg) {
	for _, member := range org.members {
		if w.chance(92) {
			role := pick(w.random, []string{"admin", "auditor", "modeler", "member", "member", "member"})
			w.keep(&worldGrant{on: org.resources[0], role: role, user: member, expires: w.expiry(85)})
		}
	}
}

// addGrant adds one grant on anything in the tree, to a member, an outsider, a group, or an organization, their own too.
func (w *world) addGrant(org *worldOrg) {
	grant := &worldGrant{on: pick(w.random, org.resources), expires: w.expiry(60)}
	grant.role = pick(w.random, rolesOn(grant.on.kind))
	if len(grant.on.templates) > 0 && w.chance(50) {
		grant.role, grant.template = "", pick(w.random, grant.on.templates)
	}
	switch n := w.random.IntN(100); {
	case n < 45:
		grant.group = pick(w.random, org.groups)
	case n < 85:
		grant.user = pick(w.random, w.users)
		if grant.on.kind == "organization" { // a member has one role there, and has it already
			return
		}
	default:
		grant.org = pick(w.random, w.orgs)
	}
	w.keep(grant)
}

// expiry is none in so many of a hundred cases, else a time that is over or one still to come.
func (w *world) expiry(never int) *time.Time {
	if w.chance(never) {
		return nil
	}
	minutes := 60 + w.random.IntN(100_000)
	if w.chance(50) {
		minutes = -minutes
	}
	at := time.Now().Add(time.Duration(minutes) * time.Minute).UTC().Truncate(time.Microsecond)
	return &at
}

// keep adds a grant unless the principal has that role there already.
func (w *world) keep(grant *worldGrant) {
	for _, other := range w.grants {
		if other.on == grant.on && other.role == grant.role && other.template == grant.template &&
			other.user == grant.user && other.group == grant.group && other.org == grant.org {
			return
		}
	}
	grant.id = newUUID(w.random)
	w.grants = append(w.grants, grant)
}

// external tells whether the grant names somebody who is not of the organization.
func (g *worldGrant) external() bool {
	switch {
	case g.user != nil:
		return g.user.memberships[g.on.org] == ""
	case g.org != nil:
		return g.org != g.on.org
	}
	return false
}
