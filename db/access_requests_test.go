package db_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// An asking is an organization in which dev asks for access to Alpha, of which dev may not know. Moda owns it; Olga was made an
// Admin of it through a group.
type asking struct {
	*testing.T
	d               *dbtest.Database
	acme            *dbtest.Organization
	dev, moda, olga access.ID
	admins, alpha   access.ID
	pack, elsewhere access.ID
	never           access.ID
}

func newAsking(t *testing.T) *asking {
	d := dbtest.New(t)
	a := &asking{T: t, d: d, acme: d.Organization(t, "acme"), never: never}
	a.dev, a.moda, a.olga = a.acme.Member("dev", "member"), a.acme.Member("moda", "modeler"), a.acme.Member("olga", "member")
	a.admins = a.acme.Group("admins of alpha", a.olga)
	must(t, a.d.RemoveGroupMember(t.Context(), dbtest.By(a.acme.Admin), a.acme.ID, a.admins, a.acme.Admin)) // who made it
	a.alpha = a.acme.Project("Alpha", a.moda)
	a.pack = a.acme.Inside(a.alpha, access.Package, "Pack", a.moda)
	a.elsewhere = a.acme.Project("Elsewhere", a.acme.Member("ella", "modeler"))
	a.acme.Grant(a.moda, a.alpha, toGroup(a.admins), "admin")
	return a
}

func freshID() string { return uuid.NewString() }

func (a *asking) asks(about access.ID, role string) (access.ID, error) {
	return a.d.RequestAccess(a.Context(), dbtest.By(a.dev), a.acme.ID, about, db.AskedAccess{Role: role, Days: 7, Message: "For the quarterly figures."})
}

func (a *asking) asked(about access.ID, role string) access.ID {
	a.Helper()
	id, err := a.asks(about, role)
	must(a, err)
	return id
}

// waiting is what somebody can answer now; it counts as many as it lists.
func (a *asking) waiting(user access.ID) []db.AnswerableRequest {
	a.Helper()
	list, err := a.d.ListAnswerableRequests(a.Context(), a.acme.ID, user, "", db.Page{})
	must(a, err)
	count, err := a.d.CountAnswerableRequests(a.Context(), a.acme.ID, user)
	must(a, err)
	if count != len(list.Rows) {
		a.Errorf("%d are counted and %d listed", count, len(list.Rows))
	}
	return list.Rows
}

func (a *asking) mustWaitFor(sees map[access.ID]int, when string) {
	a.Helper()
	for user, want := range sees {
		if got := len(a.waiting(user)); got != want {
			a.Errorf("%s, %s can answer %d and not %d", when, user, got, want)
		}
	}
}

func (a *asking) approve(by, id access.ID, role string, until *time.Time, version int64) error {
	return a.d.ApproveRequest(a.Context(), dbtest.By(by), a.acme.ID, id, db.Approval{Role: role, Until: until, Version: version})
}

func (a *asking) latest(about access.ID) access.Request {
	a.Helper()
	request, err := a.d.FindLatestRequest(a.Context(), a.acme.ID, a.dev, about)
	must(a, err)
	return request
}

func TestARequestGoesToThoseWhoCanShareAndIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	id := a.asked(a.alpha, "editor")
	a.mustWaitFor(map[access.ID]int{a.moda: 1, a.olga: 1, a.acme.Admin: 0, a.dev: 0}, "at first")
	got := a.waiting(a.olga)[0]
	if got.ID != id || got.From.ID != a.dev || got.About.Name != "Alpha" || got.Role != "editor" || got.Days != 7 || got.Message != "For the quarterly figures." || got.Held != 0 {
		t.Errorf("the one who answers sees %+v", got)
	}
	until := time.Now().Add(48 * time.Hour).Truncate(time.Second)
	effect, err := a.d.PreviewApproval(t.Context(), dbtest.By(a.moda), a.acme.ID, id, db.Approval{Role: "viewer", Until: &until, Version: 1})
	must(t, err)
	if len(effect.Lines) != 1 || effect.Lines[0].People != 1 || effect.Lines[0].Resources != 2 || !effect.Lines[0].Gained.Has(access.View) {
		t.Errorf("the preview says %+v", effect)
	}
	a.mustWaitFor(map[access.ID]int{a.moda: 1}, "after the preview")
	must(t, a.approve(a.moda, id, "viewer", &until, 1)) // less than was asked for
	rights, err := a.d.Rights(t.Context(), a.dev, a.pack)
	if err != nil || !rights.Has(access.View) || rights.Has(access.Edit) {
		t.Errorf("then dev may %q: %v", rights, err)
	}
	answered := a.latest(a.alpha)
	if answered.Status != access.ApprovedRequest || answered.Answer.By != "moda" || answered.Answer.Role != "Viewer" || !answered.Answer.Until.Equal(until) {
		t.Errorf("dev reads %+v", answered)
	}
	a.mustWaitFor(map[access.ID]int{a.moda: 0, a.olga: 0}, "after the answer")
	if err := a.approve(a.olga, id, "viewer", nil, 1); !errors.Is(err, access.ErrConflict) || err.Error() != "moda approved this request already." {
		t.Errorf("a second answer: %v", err)
	}
	for action, want := range map[string]int{"request.made": 1, "request.approved": 1, "grant.created": 2} {
		if got := number(t, a.d, "SELECT count(*) FROM audit_events WHERE action = $1 AND target_id = $2", action, a.alpha); got != want {
			t.Errorf("%d events %s", got, action)
		}
	}
	if _, err := a.asks(a.alpha, "viewer"); !errors.Is(err, access.ErrConflict) {
		t.Errorf("asking for what one has: %v", err)
	}
	if again, err := a.asks(a.alpha, "admin"); err != nil || again == id {
		t.Errorf("asking for more: %v", err)
	}
}

// Break: in db/access_requests.go, RequestAccess, return the error of c.resource where the thing is not known.
func TestARequestForWhatIsHiddenAndForWhatWasNeverIssuedAreAlike(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	globex := a.d.Organization(t, "globex")
	theirs := globex.Project("Theirs", globex.Admin)
	for _, about := range []access.ID{a.alpha, a.never, theirs} {
		if _, err := a.asks(about, "modeler"); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("a role of projects only: %v", err)
		}
		id := a.asked(about, "viewer")
		if again := a.asked(about, "editor"); again != id {
			t.Error("asking again made another request")
		}
	}
	list, err := a.d.ListRequestsOf(t.Context(), a.acme.ID, a.dev)
	must(t, err)
	for _, one := range list {
		if one.About.Name != "" || one.About.Type != "" || one.Status != access.OpenRequest || one.Version != 2 || one.Role != "editor" {
			t.Errorf("dev reads %+v", one)
		}
	}
	a.mustWaitFor(map[access.ID]int{a.moda: 1, a.acme.Admin: 0}, "of three")
	others, err := a.d.ListAnswerableRequests(t.Context(), globex.ID, globex.Admin, "", db.Page{})
	if err != nil || len(others.Rows) != 0 {
		t.Errorf("globex is asked %d times: %v", len(others.Rows), err)
	}
	// A refusal tells no name; access does.
	must(t, a.d.DenyRequest(t.Context(), dbtest.By(a.moda), a.acme.ID, a.latest(a.alpha).ID, "Not this quarter.", 2))
	list, err = a.d.ListRequestsOf(t.Context(), a.acme.ID, a.dev)
	must(t, err)
	for _, one := range list {
		if one.About.Name != "" || one.About.ID == a.alpha && (one.Status != access.DeniedRequest || one.Answer.Reason != "Not this quarter.") {
			t.Errorf("after a refusal dev reads %+v", one)
		}
	}
	must(t, a.approve(a.moda, a.asked(a.alpha, "viewer"), "viewer", nil, 1))
	list, err = a.d.ListRequestsOf(t.Context(), a.acme.ID, a.dev)
	must(t, err)
	named := 0
	for _, one := range list {
		if one.About.Name == "Alpha" {
			named++
		}
	}
	if named != 2 {
		t.Errorf("with access, %d requests have their name", named)
	}
}

func TestWhoIsAskedIsComputedNow(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	ctx, by := t.Context(), dbtest.By
	id := a.asked(a.pack, "viewer")
	a.mustWaitFor(map[access.ID]int{a.moda: 1, a.olga: 1}, "about a package")
	must(t, a.d.RemoveGroupMember(ctx, by(a.acme.Admin), a.acme.ID, a.admins, a.olga))
	a.mustWaitFor(map[access.ID]int{a.moda: 1, a.olga: 0}, "after olga left the group")
	if err := a.approve(a.olga, id, "viewer", nil, 1); err != access.ErrNotFound {
		t.Errorf("who may know nothing of it any more answers: %v", err)
	}
	if err := a.approve(a.acme.Admin, id, "viewer", nil, 1); err != access.ErrNotFound {
		t.Errorf("an Admin, who only sees that it exists, answers: %v", err)
	}
	must(t, a.d.DeactivateMember(ctx, by(a.acme.Admin), a.acme.ID, a.dev))
	a.mustWaitFor(map[access.ID]int{a.moda: 0}, "while dev is deactivated")
	if err := a.approve(a.moda, id, "viewer", nil, 1); !errors.Is(err, access.ErrConflict) {
		t.Errorf("access for somebody deactivated: %v", err)
	}
	must(t, a.d.ReactivateMember(ctx, by(a.acme.Admin), a.acme.ID, a.dev))
	policy := access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.Anonymous, ExternalSharing: true, FullReach: true}
	must(t, a.d.ChangePolicy(ctx, by(a.acme.Admin), a.acme.ID, policy, nil))
	a.mustWaitFor(map[access.ID]int{a.moda: 1, a.acme.Admin: 1}, "when Admins reach everything")
	module := a.asked(a.acme.Module, "viewer")
	a.mustWaitFor(map[access.ID]int{a.moda: 1, a.acme.Admin: 2}, "with a module")
	if err := a.approve(a.acme.Admin, module, "viewer", nil, 1); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("a role that modules do not have: %v", err)
	}
	must(t, a.approve(a.acme.Admin, module, "user", nil, 1))
	must(t, a.d.DeleteResource(ctx, by(a.moda), a.acme.ID, a.alpha))
	a.mustWaitFor(map[access.ID]int{a.moda: 0, a.acme.Admin: 0}, "when it is deleted")
	if left := a.latest(a.pack); left.Status != access.OpenRequest || left.About.Name != "" {
		t.Errorf("dev, who may not know that there was anything, reads %+v", left)
	}
	must(t, a.d.WithdrawRequest(ctx, by(a.dev), a.acme.ID, id))
	if err := a.d.WithdrawRequest(ctx, by(a.dev), a.acme.ID, id); !errors.Is(err, access.ErrConflict) {
		t.Errorf("taking it back twice: %v", err)
	}
	must(t, a.d.EndMembership(ctx, by(a.acme.Admin), a.acme.ID, a.dev, db.Leaving{}))
	if left := number(t, a.d, "SELECT count(*) FROM access_requests"); left != 0 {
		t.Errorf("%d requests outlive the membership", left)
	}
}

func TestARequestThatWasChangedIsLookedAtAgainAndOneTooOldIsNotAnswered(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	id := a.asked(a.alpha, "viewer")
	a.asked(a.alpha, "admin")
	if err := a.approve(a.moda, id, "viewer", nil, 1); !errors.Is(err, access.ErrConflict) {
		t.Errorf("an answer to what was asked before: %v", err)
	}
	if err := a.d.DenyRequest(t.Context(), dbtest.By(a.moda), a.acme.ID, id, "", 1); !errors.Is(err, access.ErrConflict) {
		t.Errorf("a refusal of what was asked before: %v", err)
	}
	must(t, commit(t, a.d, "UPDATE access_requests SET expires_at = now() - interval '1 second'; "+auditSomething))
	a.mustWaitFor(map[access.ID]int{a.moda: 0}, "after 14 days")
	if err := a.approve(a.moda, id, "viewer", nil, 2); !errors.Is(err, access.ErrConflict) {
		t.Errorf("an answer after 14 days: %v", err)
	}
	if a.latest(a.alpha).Status != access.ExpiredRequest {
		t.Error("it has not expired")
	}
	if again := a.asked(a.alpha, "viewer"); again == id {
		t.Error("asking again changed what had expired")
	}
	for range access.MostRequests - 1 {
		a.asked(access.ID(freshID()), "viewer")
	}
	if _, err := a.asks(access.ID(freshID()), "viewer"); !errors.Is(err, access.ErrConflict) {
		t.Errorf("request number %d: %v", access.MostRequests+1, err)
	}
	a.asked(a.alpha, "editor") // what is open can still be changed
}

func TestSharingWithSomebodyWhoAskedAnswersThem(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	a.asked(a.alpha, "editor")
	a.acme.Grant(a.olga, a.alpha, access.Ref{Type: "email", Name: "dev@acme.test"}, "viewer")
	if got := a.latest(a.alpha); got.Status != access.ApprovedRequest || got.Answer.By != "olga" || got.Answer.Role != "Viewer" {
		t.Errorf("dev reads %+v", got)
	}
	a.asked(a.elsewhere, "viewer") // another one stays open
	a.acme.Grant(a.olga, a.alpha, toGroup(a.acme.Group("others", a.dev)), "editor")
	if a.latest(a.elsewhere).Status != access.OpenRequest {
		t.Error("sharing something else answered it")
	}
}

// Requests that came in the same moment stand on one page each. Break: in queries/access_requests.sql, compare created_at alone.
func TestALongListOfRequestsIsReadWhole(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	var made []access.ID
	for i := range 9 {
		user := a.acme.Member(fmt.Sprint("asker", i), "member")
		id, err := a.d.RequestAccess(t.Context(), dbtest.By(user), a.acme.ID, a.alpha, db.AskedAccess{Role: "viewer", Days: 7})
		must(t, err)
		made = append(made, id)
	}
	outside(t, a.d, func(tx pgx.Tx) {
		_, err := tx.Exec(t.Context(), "UPDATE access_requests SET created_at = date_trunc('hour', now()) - interval '1 hour' * (ascii(right(id::text, 1)) % 2)")
		must(t, err)
	})
	for _, size := range []int{1, 2, 4, 200} {
		sameIDs(t, "requests to answer", paged(t, size, func(page db.Page) (db.Listing[db.AnswerableRequest], error) {
			return a.d.ListAnswerableRequests(t.Context(), a.acme.ID, a.moda, "", page)
		}, func(row db.AnswerableRequest) access.ID { return row.ID }), made)
		sameIDs(t, "every request", paged(t, size, func(page db.Page) (db.Listing[db.AnswerableRequest], error) {
			return a.d.ListEveryOpenRequest(t.Context(), a.acme.ID, page)
		}, func(row db.AnswerableRequest) access.ID { return row.ID }), made)
	}
}
