package web

import (
	"net/http"
	"strings"
	"testing"
)

// extra is what nobody asked for: each field would lift somebody if a form were bound by name.
const extra = "&org_id={globex}&org=globex&owner={plain}&owner_id={plain}&is_admin=true&admin=1&status=active&id={alpha}&user_id={plain}&user={plain}" +
	"&rights=16383&here=16383&below=16383&external=false&acl_version=1&kind_id=organization&full_reach=true&default_mode=anonymous&widest_mode=anonymous" +
	"&external_sharing=true&slug=globex&key=taken&path=x&created_at=2001-01-01&accepted_at=2001-01-01&invited_by={second}&password_hash=x&via=cli&actor_id={second}"

// What a form must not be sent twice over: these names are its own on these routes.
func extraFor(row row) string {
	var kept []string
	for _, pair := range strings.Split(strings.TrimPrefix(extra, "&"), "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name == "owner" && strings.HasSuffix(row.route, "/owner") {
			continue
		}
		kept = append(kept, pair)
	}
	// fields that other forms have
	for name, value := range map[string]string{"role": "admin", "access_mode": "anonymous", "org_role": "editor", "heir": "plain@acme.test", "parent": "{globex workspace}",
		"kind": "organization", "email": "evil@evil.example", "group": "{board}"} {
		if !strings.Contains("&"+row.form, "&"+name+"=") && !takes(row, name) {
			kept = append(kept, name+"="+value)
		}
	}
	return strings.Join(kept, "&")
}

// takes tells whether a route has a field that its row leaves empty.
func takes(row row, name string) bool {
	switch {
	case strings.HasSuffix(row.route, "/:user/removal") && !strings.Contains(row.route, ":group"):
		return name == "heir"
	case strings.HasSuffix(row.route, "/resources"), strings.HasSuffix(row.route, "/parent"):
		return name == "parent"
	}
	return false
}

// facts are what an organization's tables hold, without ids, times and hashes of what was just made.
func (w *world) facts() string {
	w.t.Helper()
	var text string
	err := w.pool.QueryRow(w.t.Context(), `SELECT string_agg(line, E'\n' ORDER BY line) FROM (
		SELECT 'user ' || email || ' ' || name || ' ' || status FROM users UNION ALL
		SELECT 'organization ' || (to_jsonb(o) - 'valid_from')::text FROM organizations o WHERE slug IN ('acme', 'globex') UNION ALL
		SELECT 'organization ' || slug FROM organizations UNION ALL
		SELECT 'member ' || org_id || ' ' || u.email || ' ' || m.status FROM memberships m JOIN users u ON u.id = user_id WHERE org_id IN ($1::uuid, $2::uuid) UNION ALL
		SELECT 'group ' || org_id || ' ' || name || ' ' || description FROM groups UNION ALL
		SELECT 'in group ' || g.name || ' ' || u.email || ' ' || gm.role FROM group_members gm JOIN groups g ON g.id = group_id JOIN users u ON u.id = user_id UNION ALL
		SELECT 'nested ' || a.name || ' ' || b.name FROM nested_groups n JOIN groups a ON a.id = group_id JOIN groups b ON b.id = member_group_id UNION ALL
		SELECT 'resource ' || r.kind || r.key || ' ' || r.name || ' ' || COALESCE(u.email, '') || r.access_mode || r.org_role || r.acl_version || COALESCE(p.name, '')
			FROM resources r LEFT JOIN users u ON u.id = r.owner_id LEFT JOIN resources p ON p.id = r.parent_id UNION ALL
		SELECT 'grant ' || r.name || g.role_id || COALESCE(u.email, gr.name, '') || COALESCE(g.expires_at::text, 'for good') || g.external
			FROM grants g JOIN resources r ON r.id = g.resource_id LEFT JOIN users u ON u.id = g.user_id LEFT JOIN groups gr ON gr.id = g.group_id UNION ALL
		SELECT 'invitation ' || i.org_id || i.email || i.role_id || COALESCE(i.invited_by::text, '') || (accepted_at IS NULL)::text || (revoked_at IS NULL)::text FROM invitations i UNION ALL
		SELECT 'invited to ' || g.name FROM invitation_groups ig JOIN groups g ON g.id = ig.group_id UNION ALL
		SELECT 'account ' || u.email || ' ' || theme FROM accounts JOIN users u ON u.id = user_id UNION ALL
		SELECT 'event ' || r.key || seq || COALESCE(u.email, '') || via || action || target_name || subject_name FROM audit_events e
			JOIN resources r ON r.id = e.org_id LEFT JOIN users u ON u.id = actor_id
	) AS lines (line)`, w.ids["acme"], w.ids["globex"]).Scan(&text)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

func TestFieldsThatAFormDoesNotHaveAreIgnored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := w.facts()
	for _, row := range pageRows(t) {
		if row.method != http.MethodPost {
			continue
		}
		actor := row.allowed()
		if actor == "outsider" {
			actor = "anonymous"
		}
		w.ask(actor, row.method, row.path(), row.form)
		plain := w.facts()
		w.restore()
		body := row.form + "&" + extraFor(row)
		got := w.ask(actor, row.method, row.path()+"?"+extraFor(row), strings.TrimPrefix(body, "&"))
		if more := w.facts(); got.status == http.StatusUnprocessableEntity || got.status == http.StatusBadRequest {
			if more != start {
				t.Errorf("%s refuses extra fields and changes something", row.route)
			}
		} else if more != plain {
			t.Errorf("%s takes a field that it does not have:\n%s", row.route, difference(plain, more))
		}
		w.restore()
	}
}

// difference are the lines that only one of two texts has.
func difference(a, b string) string {
	var lines []string
	has := func(text string) map[string]bool {
		set := map[string]bool{}
		for line := range strings.Lines(text) {
			set[line] = true
		}
		return set
	}
	inA, inB := has(a), has(b)
	for line := range inA {
		if !inB[line] {
			lines = append(lines, "- "+line)
		}
	}
	for line := range inB {
		if !inA[line] {
			lines = append(lines, "+ "+line)
		}
	}
	return strings.Join(lines, "")
}
