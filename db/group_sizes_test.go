package db_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// sizesAre fails unless every group has the size that a count of its people finds.
func sizesAre(t *testing.T, d *dbtest.Database, after string) {
	t.Helper()
	for _, wrong := range columnOf(t, d, `
		SELECT format('%s: %s, counted %s', g.name, kept.everyone, now.everyone)
		FROM group_sizes_now now FULL JOIN group_sizes kept USING (org_id, group_id) LEFT JOIN groups g ON g.id = group_id
		WHERE kept.everyone IS DISTINCT FROM now.everyone`) {
		t.Errorf("after %s: %s", after, wrong)
	}
}

// anyOf draws one of the pairs of ids that a statement finds; nil where there is none.
func anyOf(t *testing.T, d *dbtest.Database, random *rand.Rand, statement string) []access.ID {
	t.Helper()
	found := columnOf(t, d, statement)
	if len(found) == 0 {
		return nil
	}
	a, b, _ := strings.Cut(found[random.IntN(len(found))], " ")
	return []access.ID{access.ID(a), access.ID(b)}
}

// A person may be in a group by many ways, and each way may end.
// Break: in db/migrations/0023_group_sizes.sql, in size_members, the second NOT EXISTS, or DISTINCT, or what asks for a status; in
// size_ancestry, PERFORM; in size_statuses, DISTINCT or a sign; the trigger leave_groups.
func TestTheSizesOfGroupsFollowEveryChange(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	by, random := dbtest.By(acme.Admin), rand.New(rand.NewPCG(seed(t), 0))
	var people, groups []access.ID
	for i := range 6 {
		people = append(people, acme.Member(fmt.Sprintf("user%d", i), "member"))
	}
	for i := range 7 {
		groups = append(groups, acme.Group(fmt.Sprintf("group%d", i)))
	}
	done := map[string]int{}
	for range 300 {
		i, j := random.IntN(len(groups)), random.IntN(len(groups))
		user := people[random.IntN(len(people))]
		what, err := "", error(nil)
		switch random.IntN(13) {
		case 0, 1, 2:
			what, err = "adding a person", d.AddToGroup(t.Context(), by, acme.ID, groups[i], []access.Ref{{Type: "user", ID: user}}, access.GroupMember)
		case 3, 4:
			if pair := anyOf(t, d, random, "SELECT group_id || ' ' || user_id FROM group_members WHERE role = 'member' ORDER BY 1"); pair != nil {
				what, err = "removing a person", d.RemoveGroupMember(t.Context(), by, acme.ID, pair[0], pair[1])
			}
		case 5, 6:
			what, err = "nesting", d.AddToGroup(t.Context(), by, acme.ID, groups[min(i, j)], []access.Ref{{Type: "group", ID: groups[max(i, j)]}}, access.GroupMember)
		case 7:
			if pair := anyOf(t, d, random, "SELECT group_id || ' ' || member_group_id FROM nested_groups ORDER BY 1"); pair != nil {
				what, err = "taking a group out", d.UnnestGroup(t.Context(), by, acme.ID, pair[0], pair[1])
			}
		case 8:
			who := random.IntN(len(people))
			what, err = "leaving", d.EndMembership(t.Context(), by, acme.ID, people[who], db.Leaving{})
			people[who] = acme.Member(fmt.Sprintf("user%d-%d", who, done["leaving"]), "member")
		case 9:
			what, err = "deleting a group", d.DeleteGroup(t.Context(), by, acme.ID, groups[i])
			groups[i] = acme.Group(fmt.Sprintf("group%d-%d", i, done["deleting a group"]))
		case 10:
			what, err = "deactivating", d.DeactivateMember(t.Context(), by, acme.ID, user)
		case 11:
			what, err = "reactivating", d.ReactivateMember(t.Context(), by, acme.ID, user)
		case 12: // by the server's operator
			status := []string{"active", "deactivated"}[random.IntN(2)]
			what = "an account is " + status
			imported(t, d, fmt.Sprintf(`{"type":"user","email":"%s","status":"%s"}`, columnOf(t, d, "SELECT email FROM users WHERE id = $1", user)[0], status))
		}
		if err == nil && what != "" {
			done[what]++
		}
		sizesAre(t, d, what)
		if t.Failed() {
			return
		}
	}
	if len(done) != 10 {
		t.Errorf("only %v were done", done)
	}
}

// Many who come at once are counted in another way than few.
// Break: in db/migrations/0023_group_sizes.sql, in size_members, PERFORM count_groups.
func TestTheSizesOfGroupsFollowAnImport(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var file strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&file, format+"\n", values...) }
	line(`{"type":"organization","slug":"acme","name":"Acme"}`)
	for i := range 400 {
		line(`{"type":"user","email":"user%d@acme.test","name":"User %d","status":"active"}`, i, i)
	}
	for i := range 400 {
		line(`{"type":"member","organization":"acme","user":"user%d@acme.test","role":"%s","status":"active"}`, i, map[bool]string{true: "admin", false: "member"}[i == 0])
	}
	for _, name := range []string{"outer", "left", "right", "inner"} {
		line(`{"type":"group","organization":"acme","name":"%s"}`, name)
	}
	for _, edge := range []string{"outer left", "outer right", "left inner", "right inner"} {
		outer, inner, _ := strings.Cut(edge, " ")
		line(`{"type":"group_member","organization":"acme","group":"%s","member_group":"%s","role":"member"}`, outer, inner)
	}
	for i := range 400 {
		line(`{"type":"group_member","organization":"acme","group":"%s","user":"user%d@acme.test","role":"member"}`, []string{"inner", "left", "right"}[i%3], i)
		if i%5 == 0 {
			line(`{"type":"group_member","organization":"acme","group":"outer","user":"user%d@acme.test","role":"member"}`, i)
		}
	}
	imported(t, d, file.String())
	sizesAre(t, d, "importing")
	if n := number(t, d, "SELECT everyone FROM group_sizes s JOIN groups g ON g.id = s.group_id WHERE g.name = 'outer'"); n != 400 {
		t.Errorf("%d people are in the outermost group", n)
	}
	for _, change := range []struct {
		record string
		want   int
	}{{`{"type":"member","organization":"acme","user":"user%d@acme.test","status":"deactivated"}`, 101},
		{`{"type":"user","email":"user%d@acme.test","status":"deactivated"}`, 1}, {`{"type":"member","organization":"acme","user":"user%d@acme.test","status":"active"}`, 1},
		{`{"type":"user","email":"user%d@acme.test","status":"active"}`, 400}} {
		file.Reset()
		for i := 1; i < 400; i++ {
			if strings.Contains(change.record, "member") && i <= 100 {
				continue
			}
			line(change.record, i)
		}
		imported(t, d, file.String())
		sizesAre(t, d, change.record)
		if n := number(t, d, "SELECT everyone FROM group_sizes s JOIN groups g ON g.id = s.group_id WHERE g.name = 'outer'"); n != change.want {
			t.Errorf("after %s %d people are in the outermost group, not %d", change.record, n, change.want)
		}
	}
}

// Of very many groups a search finds its page in other ways than of few. All show the same.
// Break: in queries/groups.sql, ListGroups, the line with walked.enough: count(*) > 5 in place of count(*) >= @candidates.
func TestALongListOfGroupsIsWholeInEverySearch(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	long := d.Organization(t, "long")
	outside(t, d, func(tx pgx.Tx) {
		_, err := tx.Exec(t.Context(), `WITH made AS (
			INSERT INTO groups (org_id, name, description)
			SELECT $1, (ARRAY['Analysts', 'Quants', 'Traders'])[1 + n % 3] || ' ' || n, 'Number ' || n FROM generate_series(1, 1300) AS n RETURNING org_id, id)
			INSERT INTO group_ancestry SELECT org_id, id, id FROM made`, long.ID)
		must(t, err)
	})
	for search, many := range map[string]bool{"number": true, "QUANTS": true, "s 11": true, "tr": true, "9": true, "traders 129": false, "number 1199": false, "zzz": false, "zz": false, "": false} {
		for _, size := range []int{40, 200} {
			atLeast, total := false, 0
			found := paged(t, size, func(page db.Page) (db.Listing[db.GroupRow], error) {
				list, err := d.ListGroups(t.Context(), long.ID, db.GroupFilter{Search: search}, page)
				if page.After == "" {
					atLeast, total = list.AtLeast, list.Total
				}
				return list, err
			}, func(row db.GroupRow) access.ID { return row.ID })
			var want []access.ID
			for _, id := range columnOf(t, d, "SELECT id::text FROM groups WHERE strpos(lower(name), $1) > 0 OR strpos(lower(description), $1) > 0", strings.ToLower(search)) {
				want = append(want, access.ID(id))
			}
			sameIDs(t, search, found, want)
			if !atLeast && total != len(want) || atLeast && total > len(want) || atLeast && !many {
				t.Errorf("%q of %d: %d, and more: %v", search, len(want), total, atLeast)
			}
		}
	}
}
