package web

import (
	"net/http"
	"testing"
)

func TestWhatAResourceHoldsIsForThoseWhoMayView(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for actor, may := range map[string]bool{"owner": true, "group admin": true, "tara": true, "admin": false, "auditor": false} {
		rate, dashboard := w.get(actor, "/orgs/acme/resources/{rate}"), w.get(actor, "/orgs/acme/resources/{dashboard}")
		opened := w.get(actor, "/orgs/acme/resources/{dashboard}/open")
		if may {
			rate.must(http.StatusOK).says("hidden-value")
			dashboard.must(http.StatusOK).says("hidden-address")
			opened.leadsTo("https://dashboard.example.org/hidden-address")
			if got := opened.header.Get("Referrer-Policy"); got != "no-referrer" {
				t.Errorf("the release learns from where people come: %q", got)
			}
			continue
		}
		rate.must(http.StatusOK).saysNothingOf("hidden-value")
		dashboard.must(http.StatusOK).saysNothingOf("hidden-address")
		opened.must(http.StatusForbidden).saysNothingOf("hidden-address")
	}
	w.get("member", "/orgs/acme/resources/{dashboard}/open").must(http.StatusNotFound)
	w.get("owner", "/orgs/acme/resources/{figures}/open").must(http.StatusNotFound)
}

func TestTheFormOfAKindAsksForWhatItHoldsAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const made = "/orgs/acme/resources"
	w.get("owner", made+"/new?kind=connection&parent={alpha}").must(http.StatusOK).says("System").says("Secret (optional)")
	w.post("owner", made, "kind=release&parent={alpha}&name=Desk&url=javascript:alert(1)").must(http.StatusUnprocessableEntity).
		says("Enter a whole address").says("javascript:alert(1)").holds(`aria-invalid="true"`)
	w.post("owner", made, "kind=release&parent={alpha}&name=Desk&url=https://desk.example.org").must(http.StatusSeeOther)
	w.get("tara", "/orgs/acme/resources/{alpha}?tab=others").must(http.StatusOK).says("Releases").says("Desk")
	w.post("group admin", made, "kind=release&parent={alpha}&name=Mine&url=https://mine.example.org").must(http.StatusForbidden)
	w.get("admin", made+"?kind=package").must(http.StatusNotFound)
	w.post("owner", made, "kind=constant&name=PRICING__FLOOR&value=3").must(http.StatusSeeOther) // in a module, without a project
	w.get("owner", made+"?kind=constant").must(http.StatusOK).says("Constants · PRICING").says("PRICING__FLOOR")
	count := w.made("owner", made, "kind=constant&name=PRICING__DAYS&value=360&description=Days+of+a+year")
	w.get("owner", made+"/"+count).must(http.StatusOK).says("Days of a year").says("Category PRICING")
	w.post("owner", made, "kind=artifact&parent={alpha}&name=x").must(http.StatusNotFound)
	w.post("owner", made, "kind=organization&parent={acme}&name=x").must(http.StatusNotFound)
}

func TestContentThatIsRefusedComesBackIntoItsField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("owner", "/orgs/acme/resources/{figures}/content", "location=&format=Parquet").must(http.StatusUnprocessableEntity).says("This cannot be empty.").says("Parquet")
	w.post("owner", "/orgs/acme/resources/{figures}/content", "location=s3://lake/second&columns=day:+the+trading+day").leadsTo(w.fillIn("/orgs/acme/resources/{figures}"))
	w.get("owner", "/orgs/acme/resources/{figures}").says("s3://lake/second").says("the trading day").saysNothingOf("s3://lake/first")
}
