package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/access"
)

// breaks adds a page of an organization that fails in as many ways as are named.
func (w *world) breaks(ways map[string]func(*request) error) {
	w.server.echo.GET("/orgs/:org/breaks/:way", with(func(r *request) error { return ways[r.Param("way")](r) }), guard(w.server.inOrganization))
}

func fails(err error) func(*request) error { return func(*request) error { return err } }

const (
	panelMark   = `id="panel"`
	accountMark = `id="person-menu"`
)

// Break: in web/errors.go, answerError, where it looks for the request.
func TestAnErrorStandsInTheFrameOfWhoeverIsSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.breaks(map[string]func(*request) error{"invalid": fails(access.Invalid("", "This does not fit.")), "conflict": fails(access.ErrConflict),
		"panic": func(*request) error { panic("first") }})
	for _, one := range []struct {
		actor, method, path, form string
		status                    int
	}{
		{"member", "GET", "/orgs/acme/nonsense", "", http.StatusNotFound},
		{"member", "GET", "/orgs/acme/members", "", http.StatusNotFound},
		{"member", "GET", "/orgs/acme/resources/{beta}", "", http.StatusNotFound},
		{"member", "POST", "/orgs/acme/members/{tara}/role", "role=admin", http.StatusForbidden},
		{"admin", "GET", "/orgs/acme/breaks/invalid", "", http.StatusUnprocessableEntity},
		{"admin", "GET", "/orgs/acme/breaks/conflict", "", http.StatusConflict},
		{"admin", "GET", "/orgs/acme/breaks/panic", "", http.StatusInternalServerError},
	} {
		got := w.ask(one.actor, one.method, one.path, one.form).must(one.status)
		got.holds(panelMark).holds(accountMark).holds(`id="switcher"`).holds(`href="/orgs/acme/my-access"`).says("Go to Projects").mustBeSecured()
		if hasAdmin := strings.Contains(got.body, "Admin Controls"); hasAdmin != (one.actor == "admin") {
			t.Errorf("%s shows Admin Controls: %t", got.asked, hasAdmin)
		}
		if part := w.ask(one.actor, one.method, one.path, one.form, partial).must(one.status); strings.Contains(part.body, panelMark) || strings.Contains(part.body, "<html") {
			t.Errorf("%s in part answers with a page", part.asked)
		}
	}
	w.get("admin", "/orgs/acme/resources/{beta}").holds(`href="/orgs/acme/members"`)
	w.get("anonymous", "/nonsense").must(http.StatusNotFound).saysNothingOf(panelMark)
}

// Outside an organization, and for a stranger to one, the frame has the person's own menu and names no organization. That one
// which exists answers like one which does not, all routes are asked for in TestTheNameOfAnotherOrganizationAnswersLikeOneThatNobodyHas.
func TestAnErrorNamesNoOrganizationToAStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, actor := range []string{"outsider", "deactivated"} {
		there, nowhere := w.get(actor, "/orgs/acme/members", fixedID).must(http.StatusNotFound), w.get(actor, "/orgs/nobody/members", fixedID)
		there.holds(panelMark).holds(accountMark).says("Go to the start page").saysNothingOf(`id="switcher"`).saysNothingOf("Admin Controls")
		if there.without("/orgs/acme") != nowhere.without("/orgs/nobody") {
			t.Errorf("%s is told which organizations exist", actor)
		}
	}
	w.get("member", "/nonsense").must(http.StatusNotFound).holds(accountMark).saysNothingOf(`id="switcher"`)
}

// Break: in web/errors.go, answerError, the status from which there is a number.
func TestOnlyAFaultHasANumberForTheOperator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.breaks(map[string]func(*request) error{"fault": func(*request) error { return errors.New("broken") }})
	const number = "Tell the operator of this server this number"
	w.get("admin", "/orgs/acme/breaks/fault").must(http.StatusInternalServerError).says(number)
	w.get("admin", "/orgs/acme/nonsense").must(http.StatusNotFound).saysNothingOf(number)
	w.get("member", "/orgs/acme/resources/{pack}/why?user={tara}", fixedID).saysNothingOf(number)
	w.post("auditor", "/orgs/acme/groups", "name=New").must(http.StatusForbidden).saysNothingOf(number)
}

// Break: in web/errors.go, answerError, the status up to which there is a frame.
func TestADatabaseOutOfReachIsNotAskedForAFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heard := w.listensTo()
	w.breaks(map[string]func(*request) error{
		"gone": func(*request) error { heard.heard(); return &pgconn.PgError{Code: "57P01"} },
		"slow": func(*request) error { heard.heard(); return context.DeadlineExceeded },
	})
	for _, way := range []string{"gone", "slow"} {
		w.get("admin", "/orgs/acme/breaks/"+way).must(http.StatusServiceUnavailable).says("cannot reach its database").saysNothingOf(panelMark)
		if after := heard.heard(); len(after) != 0 {
			t.Errorf("after the database went out of reach it was asked %d more times, first %s", len(after), after[0])
		}
	}
	w.get("admin", "/orgs/acme/nonsense").holds(panelMark)
	if len(heard.heard()) == 0 {
		t.Fatal("the listener hears nothing")
	}
}

// Break: in web/errors.go, framed, the recovery; in answerError, the page without a frame.
func TestWhereTheFrameFailsTooTheErrorStandsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.breaks(map[string]func(*request) error{
		"panic":  func(r *request) error { r.session = nil; panic("first") },
		"closed": func(*request) error { w.store.Close(); return access.ErrNotFound },
	})
	w.get("admin", "/orgs/acme/breaks/panic", header("X-Request-Id", "number-18")).must(http.StatusInternalServerError).says("Something went wrong").says("number-18").saysNothingOf(panelMark)
	w.get("admin", "/orgs/acme/breaks/closed").must(http.StatusNotFound).says("There is nothing here").saysNothingOf(panelMark)
	if log := w.log.String(); strings.Count(log, "the error page has no frame") != 2 || !strings.Contains(log, "nil pointer") {
		t.Errorf("the log does not tell why there is no frame: %s", log)
	}
}
