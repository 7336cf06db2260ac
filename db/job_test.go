package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

// The main job, without pages: a project is shared with a group, and everyone inside the group can open it.
func TestAShareWithAGroupReachesEveryoneInside(t *testing.T) {
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	owner, ana, stranger := acme.Member("otto", "modeler"), acme.Member("ana", "member"), acme.Member("sam", "member")
	research, quant := acme.Group("research"), acme.Group("quant", ana)
	acme.AddToGroup(research, access.Ref{Type: "group", ID: quant})
	alpha := acme.Project("Alpha", owner)
	core := acme.Inside(alpha, access.Package, "Core", owner)

	if _, err := d.FindResource(t.Context(), acme.ID, ana, alpha); !errors.Is(err, access.ErrNotFound) {
		t.Fatalf("before the share Ana gets %v, want not found", err)
	}
	acme.Grant(owner, alpha, access.Ref{Type: "group", ID: research}, "editor")
	found, err := d.FindResource(t.Context(), acme.ID, ana, core)
	if err != nil || !found.Rights.Has(access.Edit) || found.Rights.Has(access.Share) {
		t.Fatalf("after the share Ana holds %v on the package, %v", found.Rights, err)
	}
	if rights, _ := d.Rights(t.Context(), stranger, core); rights != 0 {
		t.Fatalf("somebody outside the group holds %v", rights)
	}
	paths, err := d.Explain(t.Context(), acme.ID, ana, core)
	if err != nil || len(paths) != 1 || len(paths[0].Via) != 2 || paths[0].Via[0].Name != "quant" || paths[0].Via[1].Name != "research" {
		t.Fatalf("the explanation is %+v, %v", paths, err)
	}
	if events, err := d.VerifyAudit(t.Context(), acme.ID); err != nil || events == 0 {
		t.Fatalf("the audit log has %d events, %v", events, err)
	}
}
