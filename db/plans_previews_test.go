package db_test

import (
	"regexp"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

var (
	ofPreviews    = regexp.MustCompile("ListWithin|PlacesOf|NotePeople|HeldFacts|Answers|PeopleInside")
	ofFew         = regexp.MustCompile("AlikeResources") // what a group has here is one resource in twenty, which is not few
	allOfTheTrees = regexp.MustCompile(`Seq Scan on (resources|grants|memberships|group_members)\b`)
)

// What is shared to a group, and what lies in it, is found without reading all that an organization has. Break: in
// queries/previews.sql, ListWithin, write root.id = ANY (r.path) for what the index finds.
func TestNoPreviewOfAFewReadsAWholeTable(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	must(t, dbtest.Dataset{Slug: "large", Members: 2400, Seed: 1}.Load(t.Context(), d.Pool))
	var org, group, project, user access.ID
	must(t, d.Pool.QueryRow(t.Context(), `SELECT g.org_id, g.id, p.resource_id, gm.user_id
		FROM groups g
		JOIN organizations o ON o.id = g.org_id AND o.slug = 'large'
		JOIN group_members gm ON gm.group_id = g.id
		JOIN grants p ON p.group_id = g.id AND p.resource_kind = 'project'
		ORDER BY length(g.description) DESC, g.description DESC, gm.user_id LIMIT 1`).Scan(&org, &group, &project, &user))
	c := counter{seen: map[string]pgx.TraceQueryStartData{}}
	config := d.Pool.Config()
	config.ConnConfig.Tracer = &c
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	defer pool.Close()
	s, by := d.On(pool), db.By{Via: "cli"}
	for name, preview := range map[string]func() (access.Effect, error){
		"deletion": func() (access.Effect, error) { return s.PreviewGroupDeletion(t.Context(), by, org, group) },
		"removal":  func() (access.Effect, error) { return s.PreviewGroupMemberRemoval(t.Context(), by, org, group, user) },
		"sharing": func() (access.Effect, error) {
			return s.PreviewGrants(t.Context(), by, org, project, db.Share{Who: []access.Ref{toUser(user)}, Role: "modeler", Version: 1})
		},
	} {
		clear(c.seen)
		if effect, err := preview(); err != nil || len(effect.Lines) == 0 {
			t.Errorf("%s: %v (%v)", name, effect, err)
		}
		if len(c.seen) < 10 {
			t.Errorf("%s: only %d kinds of statement were seen", name, len(c.seen))
		}
		c.explain(t, d, ofPreviews, allOfTheTrees)
		if name == "sharing" {
			c.explain(t, d, ofFew, allOfTheTrees)
		}
	}
}
