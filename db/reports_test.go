package db_test

import (
	"slices"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// The two reports say what the naive reading says, whole and once, whatever the size of their parts, and name first what gives the right. To see it fail: leave out
// access.PutGiving, or let ListWhatCan go on from the same kind after it filled a part.
func TestTheReportsAreWholeAndTrue(t *testing.T) {
	t.Parallel()
	w, d := newWorld(seed(t), 6), dbtest.New(t)
	w.load(t, d)
	org := pick(w.random, w.orgs)
	id := access.ID(org.id)
	for _, right := range []string{"view", "edit", "share"} {
		wanted, _ := access.ParseRight(right)
		for range 8 {
			r := pick(w.random, org.resources)
			inside, places := w.within(r)
			var want []access.ID
			for _, user := range w.known(org, places) {
				if w.ask(user, inside[0]).rights[right] {
					want = append(want, access.ID(user.id))
				}
			}
			for _, size := range []int{1, 7, 500} {
				got := w.report(t, right, size, func(after string) ([]db.ReportRow, string, error) {
					return d.ListWhoCan(t.Context(), id, access.Resource{ID: access.ID(r.id), Kind: access.Kind(r.kind)}, wanted, after, size)
				})
				for _, user := range want {
					if !slices.Contains(got, [2]access.ID{user, access.ID(r.id)}) {
						t.Errorf("%s who can %s the %s %s: %s is missing", org.slug, right, r.kind, r.id, user)
					}
				}
			}
		}
		for range 4 {
			user := pick(w.random, org.members)
			var want [][2]access.ID
			for _, r := range org.resources[1:] {
				if w.ask(user, r).rights[right] {
					want = append(want, [2]access.ID{access.ID(user.id), access.ID(r.id)})
				}
			}
			for _, size := range []int{1, 7, 500} {
				got := w.report(t, right, size, func(after string) ([]db.ReportRow, string, error) {
					return d.ListWhatCan(t.Context(), id, db.PersonAround{Person: access.Person{ID: access.ID(user.id)}}, wanted, after, size)
				})
				if len(got) != len(want) {
					t.Errorf("what can %s %s: %d resources, want %d", user.id, right, len(got), len(want))
				}
				for _, pair := range want {
					if !slices.Contains(got, pair) {
						t.Errorf("what can %s %s: %s is missing", user.id, right, pair[1])
					}
				}
			}
		}
	}
}

// report reads all parts of a report, and says what is wrong with its rows: somebody without the right, or twice.
func (w *world) report(t *testing.T, right string, size int, list func(after string) ([]db.ReportRow, string, error)) (pairs [][2]access.ID) {
	t.Helper()
	after := ""
	for {
		rows, next, err := list(after)
		if err != nil || len(rows) > size {
			t.Fatalf("%d rows in a part of %d: %v", len(rows), size, err)
		}
		for _, row := range rows {
			pair := [2]access.ID{row.Person.ID, row.Resource.ID}
			user := w.users[slices.IndexFunc(w.users, func(u *worldUser) bool { return u.id == string(row.Person.ID) })]
			r := w.resources[slices.IndexFunc(w.resources, func(r *worldResource) bool { return r.id == string(row.Resource.ID) })]
			if wanted, _ := access.ParseRight(right); !row.Paths[0].Rights.Has(wanted) {
				t.Errorf("%s on the %s %s: the reason given for %s gives %s", user.id, r.kind, r.id, right, row.Paths[0].Rights)
			}
			if want := w.ask(user, r); row.Rights.String() != want.String() || !want.rights[right] {
				t.Errorf("%s on the %s %s: %s, want %s", user.id, r.kind, r.id, row.Rights, want)
			}
			if slices.Contains(pairs, pair) {
				t.Errorf("%v stands twice", pair)
			}
			pairs = append(pairs, pair)
		}
		if after = next; after == "" {
			return pairs
		}
	}
}
