package db_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
	"gatehouse/db/internal/sqlc"
)

// An explainer notes which statements read a whole large table, or a row of one for every second member.
type explainer struct {
	sqlc.DBTX
	members int
	mu      *sync.Mutex
	asked   map[string]int
	whole   map[string]string
}

var (
	statementName = regexp.MustCompile(`-- name: (\w+)`)
	wholeTable    = regexp.MustCompile(`Seq Scan on (users|memberships|accounts|resources|grants|group_members|people)\b`)
	readRows      = regexp.MustCompile(`Scan .*\bon (users|memberships|accounts|resources|grants|group_members|people)\b.*\(actual rows=(\d+) loops=(\d+)\)`)
)

func (e explainer) explain(ctx context.Context, text string, args []any) {
	name := statementName.FindStringSubmatch(text)[1]
	rows, err := e.DBTX.Query(ctx, "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) "+text, args...)
	if err != nil {
		return
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked[name]++
	plan := strings.Join(lines, "\n")
	if found := wholeTable.FindString(plan); found != "" {
		e.whole[name] = found
	}
	for _, scan := range readRows.FindAllStringSubmatch(plan, -1) {
		rows, _ := strconv.Atoi(scan[2])
		loops, _ := strconv.Atoi(scan[3])
		if rows*loops > e.members/2 && name != "ListGroups" { // which counts who is inside each group of its page
			e.whole[name] = fmt.Sprintf("Scan of %d rows of %s", rows*loops, scan[1])
		}
	}
}

func (e explainer) Query(ctx context.Context, text string, args ...any) (pgx.Rows, error) {
	e.explain(ctx, text, args)
	return e.DBTX.Query(ctx, text, args...)
}

func (e explainer) QueryRow(ctx context.Context, text string, args ...any) pgx.Row {
	e.explain(ctx, text, args)
	return e.DBTX.QueryRow(ctx, text, args...)
}

// Break: in queries/grants.sql, ListGrants, leave out OFFSET 0 after the roles. GATEHOUSE_MEMBERS=100000 is the size that the project promises; plans are the same from some thousands on.
func TestNoPageReadsAWholeTable(t *testing.T) {
	d := dbtest.New(t)
	members := dbtest.FromEnvironment(t, "GATEHOUSE_MEMBERS", 4000)
	for _, set := range []dbtest.Dataset{{Slug: "little", Members: 1000, Seed: 1}, {Slug: "large", Members: members, Seed: 1}} {
		if err := set.Load(t.Context(), d.Pool); err != nil {
			t.Fatal(err)
		}
	}
	var org, admin, project, group access.ID
	err := d.Pool.QueryRow(t.Context(), `SELECT o.id, r.owner_id, r.id, (SELECT g.id FROM groups g WHERE g.org_id = o.id AND g.description = 'Number 300')
		FROM organizations o JOIN resources r ON r.org_id = o.id AND r.kind = 'project' AND r.access_mode = 'organization'
		WHERE o.slug = 'large' LIMIT 1`).Scan(&org, &admin, &project, &group)
	if err != nil {
		t.Fatal(err)
	}
	e := explainer{members: members, mu: &sync.Mutex{}, asked: map[string]int{}, whole: map[string]string{}}
	s := d.Through(func(between sqlc.DBTX) sqlc.DBTX {
		e.DBTX = between
		return e
	})
	none := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	for _, filter := range []db.MemberFilter{{}, {Sort: "-role"}, {Sort: "seen"}, {Search: "an"}, {Search: "zora zh"}, {Search: "q"}, {Status: access.Deactivated}, {Role: "admin"}} {
		none(s.ListMembers(ctx, org, filter, db.Page{}))
	}
	none(s.ListGroups(ctx, org, db.GroupFilter{Reader: admin}, db.Page{}))
	none(s.ListGroups(ctx, org, db.GroupFilter{Search: "quants", Reader: admin}, db.Page{}))
	none(s.ListGroups(ctx, org, db.GroupFilter{Reader: admin, Own: true}, db.Page{}))
	none(s.ListGroupMembers(ctx, org, group, "", db.Page{}))
	none(s.ListEveryoneInside(ctx, org, group, db.Page{}))
	none(s.CountGroup(ctx, org, group))
	none(s.ListGrants(ctx, org, project))
	none(s.ListGroupsWithGrants(ctx, org, project))
	fillInvitations(t, d, org, group)
	_, _, err = s.ListInvitedTo(ctx, org, project, []access.ID{org, project})
	none(nil, err)
	for _, search := range []string{"zora", "an"} {
		_, _, err = s.ListCandidates(ctx, org, project, search)
		none(nil, err)
	}
	none(s.CountMembers(ctx, org))
	none(s.FindStanding(ctx, "large", access.Person{ID: admin}))
	none(s.ListTree(ctx, org, admin, db.TreeSize{Projects: 25, PackagesOfEach: 10, Packages: 50, Modules: 25}))
	none(s.ListResources(ctx, org, admin, db.ResourceFilter{Kind: access.Project}, db.Page{}))
	none(s.ListResources(ctx, org, admin, db.ResourceFilter{Kind: access.Package, Parent: project}, db.Page{}))
	none(s.CountInsideEach(ctx, org, admin, []access.ID{project}))
	none(s.Rights(ctx, admin, project))
	fillRequests(t, d, org, 100)
	none(s.CountAnswerableRequests(ctx, org, admin))
	none(s.ListAnswerableRequests(ctx, org, admin, "", db.Page{}))
	none(s.ListAnswerableRequests(ctx, org, admin, project, db.Page{}))
	none(s.ListRequestsOf(ctx, org, admin))
	if len(e.asked) < 15 {
		t.Errorf("only %v were asked", e.asked)
	}
	for name, found := range e.whole {
		t.Errorf("%s has a %s", name, found)
	}
}

// fillRequests makes open requests for projects all over the organization.
func fillRequests(t *testing.T, d *dbtest.Database, org access.ID, count int) {
	outside(t, d, func(tx pgx.Tx) {
		_, err := tx.Exec(t.Context(), `INSERT INTO access_requests (org_id, id, user_id, asked_id, role, days, expires_at)
			SELECT $1, gen_random_uuid(), m.user_id, r.id, 'viewer', 7, now() + interval '14 days'
			FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM resources WHERE org_id = $1 AND kind = 'project' LIMIT $2) AS r
			JOIN (SELECT user_id, row_number() OVER (ORDER BY user_id DESC) AS n FROM memberships WHERE org_id = $1 AND status = 'active') AS m ON m.n = r.n`, org, count)
		if err != nil {
			t.Fatal(err)
		}
	})
	if _, err := d.Pool.Exec(t.Context(), "ANALYZE access_requests"); err != nil {
		t.Fatal(err)
	}
}

// fillInvitations invites a thousand people into a group.
func fillInvitations(t *testing.T, d *dbtest.Database, org, group access.ID) {
	outside(t, d, func(tx pgx.Tx) {
		_, err := tx.Exec(t.Context(), `WITH made AS (INSERT INTO invitations (org_id, email, role_id, token_hash, expires_at)
			SELECT $1, 'invited' || n || '@large.test', 'organization/member', n::text::bytea, now() + interval '7 days' FROM generate_series(1, 1000) n RETURNING id)
			INSERT INTO invitation_groups (org_id, invitation_id, group_id) SELECT $1, made.id, $2 FROM made`, org, group)
		if err != nil {
			t.Fatal(err)
		}
	})
	if _, err := d.Pool.Exec(t.Context(), "ANALYZE invitations, invitation_groups"); err != nil {
		t.Fatal(err)
	}
}
