package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// The preview of a policy that narrows every mode and ends every grant to people outside is what the naive reading says.
func TestThePreviewOfAPolicyIsWhatTheNaiveReadingSays(t *testing.T) {
	t.Parallel()
	w, d := newWorld(seed(t), 5), dbtest.New(t)
	w.load(t, d)
	for _, org := range w.orgs {
		to := access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.OrganizationMode, FullReach: org.fullReach}
		_, got, err := d.PreviewPolicy(t.Context(), db.By{Via: "cli"}, access.ID(org.id), to, nil)
		if err != nil {
			t.Fatal(err)
		}
		roots := map[*worldResource]bool{}
		outside := func(g *worldGrant) bool {
			return g.on.org == org && (g.user != nil && g.user.memberships[org] == "" || g.org != nil && g.org != org)
		}
		for _, r := range org.resources {
			roots[r] = r.mode == "public" || r.mode == "anonymous"
		}
		for _, g := range w.grants {
			if outside(g) {
				roots[g.on] = true
			}
		}
		var inside []*worldResource
		places := map[*worldResource]bool{}
		for _, r := range org.resources {
			touched := false
			for up := r; up != nil; up = up.parent {
				touched = touched || roots[up]
			}
			if touched {
				inside = append(inside, r)
				for up := r; up != nil; up = up.parent {
					places[up] = true
				}
			}
		}
		modes, grants := map[*worldResource]string{}, w.grants
		want := w.expected(w.known(org, places), inside, func() {
			for _, r := range org.resources {
				if modes[r] = r.mode; r.mode == "public" || r.mode == "anonymous" {
					r.mode = "organization"
				}
			}
			w.grants = nil
			for _, g := range grants {
				if !outside(g) {
					w.grants = append(w.grants, g)
				}
			}
		})
		for r, mode := range modes {
			r.mode = mode
		}
		w.grants = grants
		if told(got) != want {
			t.Errorf("%s:\n%s\nwant\n%s", org.slug, told(got), want)
		}
	}
}

// To see it fail: leave the loop over narrowed.Grants out of changePolicy.
func TestANarrowerPolicyTakesBackWhatStandsWider(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o, other := d.Organization(t, "acme"), d.Organization(t, "partner")
	owner, guest := o.Member("owner", "modeler"), other.Member("guest", "member")
	alpha, beta := o.Project("Alpha", owner), o.Project("Beta", owner)
	if err := d.ChangeAccessMode(t.Context(), dbtest.By(owner), o.ID, alpha, access.Anonymous, "viewer", versionOf(t, d, alpha)); err != nil {
		t.Fatal(err)
	}
	o.Grant(owner, beta, access.Ref{Type: "email", Name: "guest@partner.test"}, "viewer")
	to := access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.Restricted}
	if err := d.ChangePolicy(t.Context(), dbtest.By(owner), o.ID, to, nil); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a Modeler changes the policy: %v", err)
	}
	narrowed, _, err := d.PreviewPolicy(t.Context(), dbtest.By(o.Admin), o.ID, to, nil)
	if err != nil || len(narrowed.Resources) != 1 || len(narrowed.Grants) != 1 {
		t.Fatalf("the preview: %+v (%v)", narrowed, err)
	}
	if rights, _ := d.Rights(t.Context(), "", alpha); !rights.Has(access.View) {
		t.Error("the preview has narrowed something")
	}
	if err := d.ChangePolicy(t.Context(), dbtest.By(o.Admin), o.ID, to, nil); err != nil {
		t.Fatal(err)
	}
	for name, asked := range map[string][2]access.ID{"anyone": {"", alpha}, "the guest": {guest, beta}} {
		if rights, err := d.Rights(t.Context(), asked[0], asked[1]); rights != 0 || err != nil {
			t.Errorf("%s still has %s (%v)", name, rights, err)
		}
	}
	for _, action := range []string{"organization.policy_changed", "resource.access_mode_narrowed", "grant.ended_by_policy"} {
		if events, _, err := d.ListAuditEvents(t.Context(), o.ID, db.AuditFilter{Action: action}); len(events) != 1 || err != nil {
			t.Errorf("%d events %s (%v)", len(events), action, err)
		}
	}
}

// A policy is whole or refused.
func TestAPolicyThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := d.Organization(t, "acme")
	good := access.Policy{DefaultMode: access.Restricted, DefaultRole: "viewer", WidestMode: access.OrganizationMode}
	for name, spoil := range map[string]func(*access.Policy){
		"a default that is wider than the widest": func(p *access.Policy) { p.DefaultMode = access.Public },
		"a mode that is none":                     func(p *access.Policy) { p.WidestMode = "secret" },
		"a role that cannot be given to all":      func(p *access.Policy) { p.DefaultRole = "admin" },
	} {
		bad := good
		spoil(&bad)
		if err := d.ChangePolicy(t.Context(), dbtest.By(o.Admin), o.ID, bad, nil); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
