package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
)

// A picture is what a world is between two requests, read by plain SQL that shares nothing with the program's.
type picture struct {
	holds    map[holding]access.Rights // who may do what where; no entry for nothing
	places   map[string]placing        // of each resource
	statuses map[[2]string]string      // of each member, by organization and user
	facts    string                    // a fingerprint of every table of access facts
	events   int
}

type holding struct{ user, resource string }

type placing struct {
	Org, Kind, Key, Owner string
	Above                 []string // itself and what contains it
}

// Who holds what, as plainly as the rules can be written: closures walked anew, the paths and the closure that are kept not read.
const holdsSQL = `
	WITH RECURSIVE inside (group_id, user_id) AS (
		SELECT group_id, user_id FROM group_members
		UNION SELECT n.group_id, i.user_id FROM nested_groups n JOIN inside i ON i.group_id = n.member_group_id
	), above (id, place) AS (
		SELECT id, id FROM resources
		UNION SELECT a.id, r.parent_id FROM above a JOIN resources r ON r.id = a.place WHERE r.parent_id IS NOT NULL
	), role (id, here, below, below_modules, reach) AS (
		SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
		UNION ALL SELECT id, here, here, here, 0 FROM roles WHERE project_id IS NOT NULL
	), given (place, user_id, group_id, organization_id, role_id) AS MATERIALIZED (
		SELECT resource_id, user_id, group_id, organization_id, role_id FROM grants WHERE expires_at IS NULL OR expires_at > now()
	), pair AS (
		SELECT u.id AS user_id, r.id AS resource_id, r.org_id, r.kind, m.status, p.id AS place, p.kind AS place_kind, p.owner_id, p.access_mode, p.org_role
		FROM users u CROSS JOIN resources r JOIN above a ON a.id = r.id JOIN resources p ON p.id = a.place
		LEFT JOIN memberships m ON m.org_id = r.org_id AND m.user_id = u.id WHERE u.status = 'active'
	), gets AS (
		SELECT pair.*, place_kind || '/owner' AS role_id FROM pair WHERE owner_id = user_id AND status = 'active'
		UNION ALL SELECT pair.*, g.role_id FROM pair JOIN given g USING (place, user_id) WHERE status IS NULL OR status = 'active'
		UNION ALL SELECT pair.*, g.role_id FROM pair JOIN inside i USING (user_id) JOIN given g ON g.place = pair.place AND g.group_id = i.group_id WHERE status = 'active'
		UNION ALL SELECT pair.*, g.role_id FROM pair JOIN given g ON g.place = pair.place
			JOIN memberships h ON h.org_id = g.organization_id AND h.user_id = pair.user_id AND h.status = 'active'
		UNION ALL SELECT pair.*, place_kind || '/' || org_role FROM pair WHERE access_mode <> 'restricted' AND status = 'active'
		UNION ALL SELECT pair.*, place_kind || '/viewer' FROM pair WHERE access_mode IN ('public', 'anonymous') AND kind NOT IN ('constant', 'secret', 'connection')
	)
	SELECT gets.user_id::text, gets.resource_id::text, bit_or(CASE WHEN place = resource_id THEN role.here ELSE
		CASE WHEN kind = 'module' THEN role.below_modules ELSE role.below END | CASE WHEN o.full_reach THEN role.reach ELSE 0 END END)
	FROM gets JOIN role ON role.id = gets.role_id JOIN organizations o ON o.id = gets.org_id GROUP BY 1, 2`

// take reads what the world is now.
func (s *sequence) take() picture {
	ctx := s.t.Context()
	must := func(err error) {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	now := picture{holds: map[holding]access.Rights{}, places: map[string]placing{}, statuses: map[[2]string]string{}}
	var ids []string
	var here, below, modules, reach []int64
	for _, role := range access.Roles() {
		ids, here, below = append(ids, role.ID), append(here, int64(role.Here)), append(below, int64(role.Below))
		modules, reach = append(modules, int64(role.BelowOnModules())), append(reach, int64(role.AddedAtFullReach()))
	}
	rows, _ := s.pool.Query(ctx, holdsSQL, ids, here, below, modules, reach)
	var who holding
	var rights int64
	_, err := pgx.ForEachRow(rows, []any{&who.user, &who.resource, &rights}, func() error {
		if rights != 0 {
			now.holds[who] = access.Rights(rights)
		}
		return nil
	})
	must(err)
	rows, _ = s.pool.Query(ctx, `WITH RECURSIVE above (id, place) AS (
			SELECT id, id FROM resources UNION SELECT a.id, r.parent_id FROM above a JOIN resources r ON r.id = a.place WHERE r.parent_id IS NOT NULL)
		SELECT r.id::text, r.org_id::text, r.kind, r.key, COALESCE(r.owner_id::text, ''), array_agg(a.place::text) FROM resources r JOIN above a ON a.id = r.id GROUP BY 1, 2, 3, 4, 5`)
	var id string
	var at placing
	_, err = pgx.ForEachRow(rows, []any{&id, &at.Org, &at.Kind, &at.Key, &at.Owner, &at.Above}, func() error { now.places[id] = at; at.Above = nil; return nil })
	must(err)
	rows, _ = s.pool.Query(ctx, `SELECT org_id::text, user_id::text, status FROM memberships`)
	var member [2]string
	var status string
	_, err = pgx.ForEachRow(rows, []any{&member[0], &member[1], &status}, func() error { now.statuses[member] = status; return nil })
	must(err)
	var sums []string
	for _, table := range []string{"organizations", "memberships", "groups", "group_members", "nested_groups", "resources", "grants", "roles", "invitations", "invitation_groups"} {
		sums = append(sums, "(SELECT COALESCE(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM "+table+" t)")
	}
	must(s.pool.QueryRow(ctx, `SELECT `+strings.Join(sums, " || ")+`, (SELECT count(*) FROM audit_events)`).Scan(&now.facts, &now.events))
	return now
}

// judge says what a request broke; empty for nothing.
func (s *sequence) judge(kind requestKind, sent *asking, now picture) string {
	switch refused := sent.status >= 400; {
	case sent.status >= 500:
		return "failed: " + causes(s.world)
	case refused && (now.facts != s.was.facts || now.events != s.was.events):
		return "it was refused, and something changed"
	case now.facts != s.was.facts && now.events <= s.was.events:
		return "something changed, and no audit event says so"
	}
	if problem := s.unsound(); problem != "" {
		return problem
	}
	if problem := s.raised(sent, now); problem != "" {
		return problem
	}
	return s.disagreement(now)
}

// unsoundness is what may not be found, as queries that count it.
var unsoundness = map[string]string{
	"organizations without an active, direct Admin": `SELECT count(*) FROM organizations o WHERE NOT EXISTS (
		SELECT FROM grants g JOIN memberships m ON m.org_id = o.id AND m.user_id = g.user_id JOIN users u ON u.id = g.user_id
		WHERE g.resource_id = o.id AND g.role_id = 'organization/admin' AND g.expires_at IS NULL AND m.status = 'active' AND u.status = 'active')`,
	"groups inside themselves": `WITH RECURSIVE down (top, id) AS (SELECT group_id, member_group_id FROM nested_groups
		UNION SELECT d.top, n.member_group_id FROM down d JOIN nested_groups n ON n.group_id = d.id) SELECT count(*) FROM down WHERE top = id`,
	"differences between the closure and its edges": `WITH RECURSIVE down (top, id) AS (SELECT id, id FROM groups
		UNION SELECT d.top, n.member_group_id FROM down d JOIN nested_groups n ON n.group_id = d.id)
		SELECT count(*) FROM down d FULL JOIN group_ancestry a ON a.ancestor_id = d.top AND a.descendant_id = d.id WHERE d.id IS NULL OR a.descendant_id IS NULL`,
	"groups whose size is not how many are in them": `SELECT count(*) FROM (TABLE group_sizes_now EXCEPT TABLE group_sizes) AS wrong`,
	"resources whose owner is no member": `SELECT count(*) FROM resources r WHERE kind NOT IN ('organization', 'module')
		AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = r.org_id AND m.user_id = r.owner_id)`,
	"members without a role, or with two": `SELECT count(*) FROM memberships m WHERE (SELECT count(*) FROM grants g WHERE g.resource_id = m.org_id AND g.user_id = m.user_id) <> 1`,
	"edges between organizations": `SELECT (SELECT count(*) FROM group_members e JOIN groups g ON g.id = e.group_id WHERE NOT EXISTS (
			SELECT FROM memberships m WHERE m.org_id = g.org_id AND m.user_id = e.user_id))
		+ (SELECT count(*) FROM nested_groups e JOIN groups a ON a.id = e.group_id JOIN groups b ON b.id = e.member_group_id WHERE a.org_id <> b.org_id)
		+ (SELECT count(*) FROM resources r JOIN resources p ON p.id = r.parent_id WHERE p.org_id <> r.org_id)
		+ (SELECT count(*) FROM grants g JOIN resources r ON r.id = g.resource_id JOIN groups t ON t.id = g.group_id WHERE t.org_id <> r.org_id)
		+ (SELECT count(*) FROM grants g JOIN resources r ON r.id = g.resource_id WHERE g.org_id <> r.org_id OR g.resource_kind <> r.kind)`,
	"grants to people outside that do not say so, or say so of members": `SELECT count(*) FROM grants g JOIN resources r ON r.id = g.resource_id WHERE g.external <> (
		g.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = r.org_id AND m.user_id = g.user_id)
		OR g.organization_id IS NOT NULL AND g.organization_id <> r.org_id)`,
	"grants to people outside that policy or place forbids": `SELECT count(*) FROM grants g JOIN organizations o ON o.id = g.org_id JOIN roles role ON role.id = g.role_id
		WHERE g.external AND (NOT o.external_sharing OR g.resource_kind IN ('organization', 'module') OR (role.here | role.below) &
			~(SELECT here FROM roles WHERE id = 'project/editor') <> 0)`,
	"grants of a role that the kind does not have": `SELECT count(*) FROM grants g JOIN resources r ON r.id = g.resource_id JOIN roles role ON role.id = g.role_id
		WHERE role.kind <> r.kind OR role.name = 'owner' OR role.project_id <> r.id`,
	"resources wider than their kind or the policy": `SELECT count(*) FROM resources r JOIN organizations o ON o.id = r.org_id
		CROSS JOIN (SELECT ARRAY['restricted', 'organization', 'public', 'anonymous'] AS modes) AS known
		WHERE array_position(modes, r.access_mode) IS NULL OR array_position(modes, r.access_mode) > array_position(modes, o.widest_mode)
		OR r.kind IN ('organization', 'module') AND r.access_mode <> 'restricted' OR r.kind IN ('constant', 'secret', 'connection') AND r.access_mode IN ('public', 'anonymous')`,
	"resources whose path is not where they lie": `WITH RECURSIVE down (id, path) AS (SELECT id, ARRAY[id] FROM resources WHERE parent_id IS NULL
		UNION ALL SELECT r.id, d.path || r.id FROM down d JOIN resources r ON r.parent_id = d.id)
		SELECT count(*) FROM resources r LEFT JOIN down d ON d.id = r.id WHERE d.path IS DISTINCT FROM r.path`,
	"addresses that are not normal, or of two people": `SELECT count(*) FROM users u WHERE email <> lower(btrim(normalize(email, NFKC)))
		OR EXISTS (SELECT FROM users o WHERE o.id <> u.id AND lower(btrim(o.email)) = lower(btrim(u.email)))`,
}

func (s *sequence) unsound() string {
	names := slices.Sorted(maps.Keys(unsoundness))
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = "(" + unsoundness[name] + ")"
	}
	var counts []int64
	if err := s.pool.QueryRow(s.t.Context(), "SELECT ARRAY["+strings.Join(parts, ", ")+"]").Scan(&counts); err != nil {
		s.t.Fatal(err)
	}
	for i, count := range counts {
		if count != 0 {
			return fmt.Sprintf("there are %d %s", count, names[i])
		}
	}
	return ""
}

// raised finds somebody who holds afterwards, on something that was there before, what the one who asked did not hold
// there: nobody hands out more than they hold, to themselves neither.
func (s *sequence) raised(sent *asking, now picture) string {
	for who, after := range now.holds {
		place, known := s.was.places[who.resource]
		gained := after &^ s.was.holds[who]
		if !known || gained&^s.was.holds[holding{sent.actor, who.resource}] == 0 || s.mayRaise(sent, now, who, place) {
			continue
		}
		return fmt.Sprintf("%s holds %s more on the %s %s, where %s held %s", s.calledBy(who.user), gained, place.Kind, place.Key, s.calledBy(sent.actor),
			s.was.holds[holding{sent.actor, who.resource}])
	}
	return ""
}

// mayRaise are the rights that are not ceilings by the amount that somebody holds: who manages the people of an
// organization or a module, its groups or its policy; who gives something another owner; and who joins.
func (s *sequence) mayRaise(sent *asking, now picture, who holding, place placing) bool {
	manages := s.was.holds[holding{sent.actor, place.Org}]
	switch {
	case sent.joins:
		return who.user == sent.actor
	case s.reactivated(sent, now, who.user):
		return true
	case place.Kind == "module" || place.Kind == "organization":
		return s.was.holds[holding{sent.actor, who.resource}].Has(access.Members)
	case manages.Has(access.Groups|access.Members|access.Configure) && (strings.Contains(sent.asked, "/groups") || strings.Contains(sent.asked, "/policy")):
		return true
	}
	for _, above := range now.places[who.resource].Above {
		before, there := s.was.places[above]
		if there && before.Owner != now.places[above].Owner && now.places[above].Owner == who.user {
			return s.was.holds[holding{sent.actor, above}].Has(access.Transfer) || manages.Has(access.Members) || before.Owner == sent.actor
		}
	}
	return false
}

// reactivated tells whether the user is active again in an organization whose members the one who asked manages. What is
// shared with that organization, they have again too.
func (s *sequence) reactivated(sent *asking, now picture, user string) bool {
	for key, status := range now.statuses {
		if key[1] == user && status == "active" && s.was.statuses[key] == "deactivated" && s.was.holds[holding{sent.actor, key[0]}].Has(access.Members) {
			return true
		}
	}
	return false
}

func (s *sequence) calledBy(user string) string {
	for _, each := range s.known["user"] {
		if each.ID == user {
			return each.Text
		}
	}
	return "nobody"
}

// disagreement asks the decision API about some of those who are concerned: the next decision agrees with what is stored now.
func (s *sequence) disagreement(now picture) string {
	moved := map[holding]bool{}
	for who, rights := range now.holds {
		if s.was.holds[who] != rights {
			moved[who] = true
		}
	}
	for who := range s.was.holds {
		if now.holds[who] == 0 {
			moved[who] = true
		}
	}
	pairs := slices.SortedFunc(maps.Keys(moved), func(a, b holding) int { return strings.Compare(a.user+a.resource, b.user+b.resource) })
	if len(pairs) > 20 {
		pairs = pairs[:20]
	}
	for range 6 {
		pairs = append(pairs, holding{s.one("user", "").ID, s.one("resource", "").ID})
	}
	for _, org := range []string{"acme", "globex"} {
		if problem := s.disagreementIn(now, org, pairs); problem != "" {
			return problem
		}
	}
	return ""
}

// disagreementIn asks about everybody who is a member of an organization: others are not found there by their id.
func (s *sequence) disagreementIn(now picture, org string, pairs []holding) string {
	var items, about []string
	var want []bool
	for _, who := range pairs {
		place, there := now.places[who.resource]
		if !there || place.Org != s.ids[org] || now.statuses[[2]string{place.Org, who.user}] == "" {
			continue
		}
		for _, right := range []access.Rights{access.Discover, access.View, access.Edit, access.Share, access.Transfer, access.Members} {
			items = append(items, fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":%q},"resource":{"type":%q,"id":%q}}`, who.user, right, place.Kind, who.resource))
			about = append(about, fmt.Sprintf("whether %s may %s the %s %s", s.calledBy(who.user), right, place.Kind, place.Key))
			want = append(want, now.holds[who].Has(right))
		}
	}
	if len(items) == 0 {
		return ""
	}
	got := s.asService(s.deciders[org], http.MethodPost, "/access/v1/evaluations", `{"evaluations":[`+strings.Join(items, ",")+`]}`)
	var said struct{ Evaluations []struct{ Decision bool } }
	got.must(http.StatusOK).into(&said)
	for i, each := range said.Evaluations {
		if each.Decision != want[i] {
			return fmt.Sprintf("asked %s, the next decision says %v", about[i], each.Decision)
		}
	}
	return ""
}

// chainProblem says where the audit log of an organization is not whole.
func (s *sequence) chainProblem() string {
	for _, org := range []string{"acme", "globex"} {
		if _, err := s.store.VerifyAudit(s.t.Context(), access.ID(s.ids[org])); err != nil {
			return "the audit log of " + org + ": " + err.Error()
		}
	}
	if n := s.count(`SELECT count(*) FROM (SELECT seq - lag(seq, 1, 0::bigint) OVER (PARTITION BY org_id ORDER BY seq) AS step FROM audit_events) AS s WHERE step <> 1`); n != 0 {
		return "there are gaps in the audit log"
	}
	return ""
}
