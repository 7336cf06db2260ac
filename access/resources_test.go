package access

import "testing"

func TestADescriptionIsReadByWhoMayReadContentAndAModulesByWhoWritesIt(t *testing.T) {
	for _, each := range []struct {
		kind   Kind
		rights Rights
		reads  bool
	}{
		{Project, Discover | View, true}, {Project, Discover | Configure, false}, {Project, Discover, false},
		{Module, Discover | View, true}, {Module, Discover | Configure, true}, {Module, Discover | Members, false},
	} {
		if said := (Resource{Kind: each.kind, Rights: each.rights, Description: "said"}).About(); (said == "said") != each.reads {
			t.Errorf("with %s on a %s one reads %q", each.rights, each.kind, said)
		}
	}
}
