package web

import (
	"net/http"
	"testing"
)

// origins are what browsers send with a request that another site made, and what no browser of today sends.
var origins = map[string][]option{
	"cross-site":         {header("Sec-Fetch-Site", "cross-site")},
	"same-site":          {header("Sec-Fetch-Site", "same-site")},
	"another origin":     {header("Sec-Fetch-Site", ""), header("Origin", "https://evil.example")},
	"a subdomain":        {header("Sec-Fetch-Site", ""), header("Origin", "http://evil.gatehouse.test")},
	"another port":       {header("Sec-Fetch-Site", ""), header("Origin", "http://gatehouse.test:8081")},
	"a null origin":      {header("Sec-Fetch-Site", ""), header("Origin", "null")},
	"both, one of evil":  {header("Sec-Fetch-Site", "cross-site"), header("Origin", "http://gatehouse.test")},
	"a partial, from it": {header("Sec-Fetch-Site", "cross-site"), partial},
}

func TestNoOtherSiteCanChangeAnything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range pageRows(t) {
		if row.method != http.MethodPost {
			continue
		}
		before := w.checksums()
		for name, options := range origins {
			got := row.send(w, row.allowed(), options...)
			if got.status != http.StatusForbidden {
				t.Errorf("%s %s from %s: %d", row.method, row.route, name, got.status)
			}
			got.says("This request came from another site, so it was not carried out.")
			if len(got.cookies) > 0 {
				t.Errorf("%s from %s sets a cookie", row.route, name)
			}
		}
		if !w.mustBeAsBefore(before, "POST "+row.route+" from another site") {
			w.restore()
		}
	}
}

func TestARequestThatDoesNotSayWhereItComesFromChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.events()
	for _, row := range pageRows(t) {
		if row.method != http.MethodPost {
			continue
		}
		if got := row.send(w, row.allowed(), header("Sec-Fetch-Site", "")); got.status != http.StatusForbidden || w.events() != before {
			t.Errorf("%s %s without Sec-Fetch-Site and Origin: %d", row.method, row.route, got.status)
			w.restore()
		}
	}
}

func TestABrowserWithoutFetchMetadataIsLetInByItsOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("admin", "/orgs/acme/settings", "name=Renamed", header("Sec-Fetch-Site", ""), header("Origin", "http://gatehouse.test")).leadsTo("/orgs/acme/settings")
	w.get("admin", "/orgs/acme/settings").must(http.StatusOK).says("Renamed")
}

func TestALinkFromAnotherSiteOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/", "/orgs/acme", "/invitations/{invitation token}", "/links/{link token}", "/orgs/acme/resources/{alpha}"} {
		if got := w.get("admin", path, header("Sec-Fetch-Site", "cross-site")); got.status >= 400 {
			t.Errorf("%s: %d", got.asked, got.status)
		}
	}
}

func TestNoGetChangesAnything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.checksums()
	for _, row := range pageRows(t) {
		if row.method != http.MethodGet {
			continue
		}
		for _, actor := range actors {
			row.send(w, actor)
			row.send(w, actor, partial)
			w.ask(actor, http.MethodHead, row.path(), "")
			w.get(actor, row.path()+"?role=admin&access_mode=anonymous&confirm=Alpha&name=X&theme=dark&_method=POST&version={version}",
				header("X-HTTP-Method-Override", "POST"))
		}
	}
	for _, row := range pageRows(t) {
		if row.method == http.MethodPost {
			w.get(row.allowed(), row.path()+"?"+row.form)
		}
	}
	w.mustBeAsBefore(all, "a GET")
}
