package web

import (
	"context"
	"flag"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gatehouse/access"
)

var (
	requests = flag.Int("requests", 2500, "how many random requests TestRandomRequestsNeverFail sends")
	seed     = flag.Uint64("seed", 1, "with which it draws them")
)

// TestRandomRequestsNeverFail sends random requests of random people over all routes, with fields that fit, nearly fit and do
// not fit. None is answered with a failure, and afterwards the invariants hold.
func TestRandomRequestsNeverFail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draw := rand.New(rand.NewPCG(*seed, 2))
	pick := func(list []string) string { return list[draw.IntN(len(list))] }
	var ids, texts []string
	for name, id := range w.ids {
		if (name == "api token" || !strings.Contains(name, "token")) && name != "version" {
			ids = append(ids, id)
		}
	}
	for _, text := range broken() {
		texts = append(texts, text)
	}
	sane := []string{"viewer", "modeler", "editor", "admin", "auditor", "member", "owner", "restricted", "organization", "public", "anonymous", "project", "package", "Alpha",
		"Research", "tara@acme.test", "gil@globex.test", "new@x.test", "yes", "1", "2", "3", "2031-01-01T10:00", "dark", "/orgs", "settings", "everyone", "access", "activity"}
	value := func() string {
		switch draw.IntN(8) {
		case 0:
			return pick(texts)
		case 1, 2:
			return pick(ids)
		case 3:
			return pick([]string{"user:", "group:", "email:", "name:", "organization:", ""}) + pick(ids)
		default:
			return pick(sane)
		}
	}
	table := pageRows(t)
	people := append([]string{"tara", "gil"}, actors...)
	statuses := map[int]int{}
	for n := range *requests {
		row := table[draw.IntN(len(table))]
		if strings.HasPrefix(row.route, "/s") || strings.HasPrefix(row.route, "/links") || row.route == "/confirmation" || row.route == "/invitations/:token" && row.method == "POST" {
			if draw.IntN(20) > 0 { // each of these costs a password's hash, or ends a session
				continue
			}
		}
		path := row.path()
		if draw.IntN(3) == 0 { // ids of something else
			path = placeholder.ReplaceAllStringFunc(path, func(string) string { return pick(ids) })
		}
		fields, _ := url.ParseQuery(w.fillIn(row.form))
		for range draw.IntN(4) {
			field := pick(everyField)
			fields.Del(field)
			for range 1 + draw.IntN(2) {
				fields.Add(field, value())
			}
		}
		if fields.Has("version") && draw.IntN(2) == 0 {
			fields.Set("version", pick([]string{"1", "2", "3", "4", "5"}))
		}
		var options []option
		if draw.IntN(3) == 0 {
			options = append(options, partial, header("HX-Current-URL", "http://gatehouse.test/orgs/acme/members"))
		}
		actor, method := pick(people), row.method
		if draw.IntN(30) == 0 {
			method = pick([]string{"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"})
		}
		var got *answer
		if method == http.MethodGet {
			got = w.send(actor, method, w.fillIn(path)+"?"+fields.Encode(), "", options...)
		} else {
			got = w.send(actor, method, w.fillIn(path), fields.Encode(), options...)
		}
		statuses[got.status]++
		if got.status >= 500 {
			t.Errorf("request %d, %.150s with %.300s: %d", n, got.asked, fields.Encode(), got.status)
		}
		if strings.Contains(got.body, "%!") || strings.Contains(got.body, "<nil>") {
			t.Errorf("request %d, %.150s: the page shows a mistake in formatting", n, got.asked)
		}
		if n%100 == 99 {
			w.mustBeSound()
			if draw.IntN(4) == 0 {
				w.restore()
			}
		}
	}
	t.Logf("answers by status: %v", statuses)
	if statuses[http.StatusSeeOther] < *requests/20 || statuses[http.StatusOK] < *requests/20 {
		t.Error("too few of the requests did anything: this test looks at too little")
	}
	if t.Failed() {
		t.Log(causes(w))
	}
}

// mustBeSound checks, behind the Store's back, what no sequence of changes may break.
func (w *world) mustBeSound() {
	w.t.Helper()
	for what, query := range map[string]string{
		"organizations without an active Admin": `SELECT count(*) FROM organizations o WHERE NOT EXISTS (SELECT FROM active_admins a WHERE a.org_id = o.id)`,
		"groups inside themselves":              `SELECT count(*) FROM nested_groups n JOIN group_ancestry a ON a.ancestor_id = n.member_group_id AND a.descendant_id = n.group_id`,
		"resources whose owner is no member": `SELECT count(*) FROM resources r WHERE kind NOT IN ('organization', 'module')
			AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = r.org_id AND m.user_id = r.owner_id)`,
		"members with no role or two": `SELECT count(*) FROM memberships m WHERE (SELECT count(*) FROM grants g WHERE g.org_id = m.org_id AND g.user_id = m.user_id
			AND g.resource_kind = 'organization') <> 1`,
		"grants above Editor to somebody outside": `SELECT count(*) FROM grants WHERE external AND role_id LIKE '%/admin'`,
		"addresses that are not normal":           `SELECT count(*) FROM users WHERE email <> lower(btrim(email))`,
	} {
		if n := w.count(query); n != 0 {
			w.t.Errorf("there are %d %s", n, what)
		}
	}
	for _, org := range []string{"acme", "globex"} {
		if _, err := w.store.VerifyAudit(context.Background(), access.ID(w.ids[org])); err != nil {
			w.t.Errorf("the audit log of %s: %v", org, err)
		}
	}
}
