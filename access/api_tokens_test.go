package access_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/access"
)

func tokenFor(scopes ...access.Scope) access.APIToken {
	return access.APIToken{ID: "t", Name: "Pipeline", Scopes: scopes}
}

func TestScopesAreKnownAndAtLeastOne(t *testing.T) {
	for _, names := range [][]string{nil, {""}, {"Decide"}, {"decide", "root"}} {
		if scopes, err := access.ParseScopes(names); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("%q became %v", names, scopes)
		}
	}
	scopes, err := access.ParseScopes([]string{"scim", "decide", "scim"})
	if err != nil || !slices.Equal(scopes, []access.Scope{access.DecideScope, access.SCIMScope}) {
		t.Errorf("got %v, %v", scopes, err)
	}
}

// Nobody hands out more than they hold: a token for a directory manages members and groups.
func TestATokenNeedsWhatItsScopesHandOut(t *testing.T) {
	held := access.Actor{ID: "a", Active: true, Member: true, Proven: true, Rights: access.Discover | access.Configure}
	for scope, may := range map[access.Scope]bool{access.DecideScope: true, access.ManageScope: false, access.SCIMScope: false} {
		if err := access.Decide(held, access.CreateToken{Token: tokenFor(scope)}); (err == nil) != may {
			t.Errorf("%s: %v", scope, err)
		}
	}
}

func TestATokenIsRefusedWhenItsNameIsTakenOrItsTimeIsOver(t *testing.T) {
	now := time.Now()
	over := tokenFor(access.DecideScope)
	over.ExpiresAt = &now
	admin := people["admin"].actor
	for _, change := range []access.Change{access.CreateToken{Token: tokenFor(access.DecideScope), Taken: true}, access.CreateToken{Token: over, Now: now}} {
		if err := access.Decide(admin, change); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("%+v: %v", change, err)
		}
	}
}

// The secret is no part of the change, so it cannot enter the audit; the facts are all that an auditor needs.
func TestTheEventOfATokenSaysWhatItIsFor(t *testing.T) {
	event := access.CreateToken{Token: tokenFor(access.DecideScope, access.SCIMScope)}.Event()
	if told := fmt.Sprint(event.After["scopes"]); event.Action != "token.created" || !strings.Contains(told, "scim") {
		t.Errorf("%+v", event)
	}
}

// Each resource has one owner: who holds as much by roles is no second one. Break: in access/roles.go, Strongest, OwnerRole.
func TestNobodyIsAnOwnerByTheirRights(t *testing.T) {
	for _, kind := range access.Kinds() {
		if role, _ := access.Strongest(kind, access.OwnerRights()|access.Members|access.Groups|access.Audit); role.Name == access.OwnerRole || role.Name == "" {
			t.Errorf("%s: %+v", kind, role)
		}
	}
}

func TestAPathIsTold(t *testing.T) {
	editor := roleOf(access.Project, "editor")
	alpha := access.Ref{Type: "project", ID: "p", Name: "Alpha"}
	for want, path := range map[string]access.Path{
		"ana → Quant → Editor on Alpha → Editor on this package.": {Source: access.ByGrant, Role: editor, Place: alpha, Inherited: true,
			Rights: editor.Below, Via: []access.Ref{{Name: "Quant"}}},
		"ana owns Alpha.": {Source: access.ByOwner, Place: alpha, Rights: access.OwnerRights()},
		"ana → Viewer for anyone, by the access mode of Alpha.": {Source: access.ByMode, Mode: access.Anonymous, Role: roleOf(access.Project, "viewer"),
			Place: alpha, Rights: access.View},
		"ana → Admin on Acme → sees that this package exists.": {Source: access.ByGrant, Role: roleOf(access.Organization, "admin"), Place: access.Ref{Name: "Acme"},
			Inherited: true, Rights: access.Discover},
		"ana → Admin on Acme → sees that this package exists, and can give it to another owner.": {Source: access.ByGrant,
			Role: roleOf(access.Organization, "admin"), Place: access.Ref{Name: "Acme"}, Inherited: true, Rights: access.Discover | access.Connect | access.Transfer},
		"ana owns Alpha → can do everything with this package.": {Source: access.ByOwner, Place: alpha, Inherited: true, Rights: access.OwnerRights()},
		"ana → Editor for every member, by the access mode of Alpha.": {Source: access.ByMode, Mode: access.Public, Role: editor, Place: alpha,
			Rights: editor.Here},
	} {
		if got := path.Sentence("ana", access.Package); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A token works for whoever could make it now, and for nobody else.
func TestATokenWorksAsLongAsItsMakerMayMakeIt(t *testing.T) {
	for rights, works := range map[access.Rights]bool{access.Configure | access.Members | access.Groups: true, access.Configure: false, access.Configure | access.Members: false, 0: false} {
		maker := access.Actor{ID: "a", Active: true, Member: true, Rights: rights}
		if token := tokenFor(access.ManageScope); token.WorksFor(maker) != works {
			t.Errorf("%s: %t", rights, !works)
		}
		maker.Active = false
		if tokenFor(access.ManageScope).WorksFor(maker) {
			t.Errorf("it works for a deactivated maker with %s", rights)
		}
	}
	if !tokenFor(access.ManageScope).WorksFor(access.Actor{Active: true, Operator: true}) {
		t.Error("the operator's does not work")
	}
}

func TestATokenDoesNotOutliveTheOneThatMakesIt(t *testing.T) {
	now := time.Now()
	soon, later := now.Add(time.Hour), now.Add(2*time.Hour)
	admin := people["admin"].actor
	for _, each := range []struct {
		until, ends *time.Time
		may         bool
	}{{nil, nil, true}, {nil, &later, true}, {&soon, nil, false}, {&soon, &later, false}, {&soon, &soon, true}, {&later, &soon, true}} {
		asked := tokenFor(access.DecideScope)
		asked.ExpiresAt = each.ends
		if err := access.Decide(admin, access.CreateToken{Token: asked, Now: now, Until: each.until}); (err == nil) != each.may {
			t.Errorf("%+v: %v", each, err)
		}
	}
}
