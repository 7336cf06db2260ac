package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"gatehouse/access"
)

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
	if now.unsound != "" {
		return now.unsound
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

var (
	unsoundNames = slices.Sorted(maps.Keys(unsoundness))
	unsoundSQL   = func() string {
		var parts []string
		for _, name := range unsoundNames {
			parts = append(parts, "("+unsoundness[name]+")")
		}
		return "SELECT ARRAY[" + strings.Join(parts, ", ") + "]"
	}()
)

func (g *ground) unsound() string {
	var counts []int64
	g.must(g.eyes.QueryRow(g.t.Context(), unsoundSQL).Scan(&counts))
	for i, count := range counts {
		if count != 0 {
			return fmt.Sprintf("there are %d %s", count, unsoundNames[i])
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
