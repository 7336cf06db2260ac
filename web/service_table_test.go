package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A serviceRow is one line of a table of routes that services ask (rest_table_test.go, scim_table_test.go).
type serviceRow struct {
	method, path string
	statuses     []string // one for each of the makers of tokens
	body         string
}

// serviceRows reads a table that has a column for each of the makers.
func serviceRows(t testing.TB, table string, makers []string) []serviceRow {
	t.Helper()
	var list []serviceRow
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2+len(makers) {
			t.Fatalf("this row has %d columns: %s", len(fields), line)
		}
		path := strings.ReplaceAll(fields[1], "_", " ") // names of the world have spaces
		list = append(list, serviceRow{fields[0], path, fields[2 : 2+len(makers)], strings.Join(fields[2+len(makers):], " ")})
	}
	return list
}

// routesBelow are the method and path of every route below a path, without what echo adds to groups by itself.
func (w *world) routesBelow(prefix string) []string {
	var routes []string
	for _, route := range w.server.echo.Routes() {
		if strings.HasPrefix(route.Path, prefix) && !strings.HasPrefix(route.Method, "echo_") {
			routes = append(routes, route.Method+" "+route.Path)
		}
	}
	return routes
}

func mustBeTheSameRoutes(t testing.TB, routes, table []string) {
	t.Helper()
	slices.Sort(routes)
	slices.Sort(table)
	if !slices.Equal(routes, table) {
		t.Errorf("routes and table differ:\n%v\n%v", routes, table)
	}
}

// mustBeAnswered fails unless the answer to a token is the one in the row, with a trace of just what it says it did. It
// tells whether anything changed since before, which the world's written gave.
func (r serviceRow) mustBeAnswered(w *world, maker, status string, got *answer, before int) (changed bool) {
	w.t.Helper()
	if strconv.Itoa(got.status) != status {
		w.t.Errorf("%s %s as %s: %d, not %s\n%.300s", r.method, r.path, maker, got.status, status, got.body)
	}
	got.mustBeSecured()
	changed = w.written() != before
	if (r.method == http.MethodGet || got.status >= 400) && changed {
		w.t.Errorf("%s %s as %s: %d, and something is changed", r.method, r.path, maker, got.status)
	}
	if unsafeMethods[r.method] && got.status < 300 && !changed {
		w.t.Errorf("%s %s as %s leaves no trace", r.method, r.path, maker)
	}
	return changed
}
