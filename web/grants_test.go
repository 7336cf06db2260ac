package web

import (
	"net/http"
	"testing"
)

// Break: in views/shares.go, modeSummary, leave out the container.
func TestWhoDoesNotShareReadsWhoElseOpensWhatLiesInAProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, thing := range []string{"{pack}", "{pack}/share"} {
		w.get("tara", w.fillIn("/orgs/acme/resources/"+thing)).must(http.StatusOK).says("Those who can open Alpha, and people who were added here.")
	}
	w.get("tara", w.fillIn("/orgs/acme/resources/{alpha}/share")).must(http.StatusOK).says("Only people who were given access can open it.")
}
