package views

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gatehouse/access"
)

// recordedActions are the actions that the changes of package access write: what their methods Event name.
func recordedActions(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../access/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files (%v)", len(files), err)
	}
	action := regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	var found []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range parsed.Decls {
			method, ok := declared.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Event" {
				continue
			}
			ast.Inspect(method, func(node ast.Node) bool {
				if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					if value, _ := strconv.Unquote(literal.Value); action.MatchString(value) {
						found = append(found, value)
					}
				}
				return true
			})
		}
	}
	return found
}

// To see it fail: leave "grant.expired" out of grantEvent, or "template" out of eventKinds.
func TestEveryActionHasASentenceAndAPlaceInTheFilter(t *testing.T) {
	actions := recordedActions(t)
	if len(actions) < 60 {
		t.Errorf("only %d actions were found: %v", len(actions), actions)
	}
	for _, action := range actions {
		if changeSentence(AuditEvent{Action: action}, text("it"), text("them")) == nil {
			t.Errorf("%s has no sentence", action)
		}
		noun, _, _ := strings.Cut(action, ".")
		if !slices.ContainsFunc(eventKinds, func(kind Option) bool { return kind.Value == noun }) {
			t.Errorf("the audit log cannot be narrowed to %s", noun)
		}
	}
}

// heard is the sentence of an event as a person reads it.
func heard(t *testing.T, e AuditEvent) string {
	t.Helper()
	for _, each := range []*access.Facts{&e.Before, &e.After} { // as the database gives it back
		stored, err := json.Marshal(*each)
		if err != nil {
			t.Fatal(err)
		}
		*each = nil
		if err := json.Unmarshal(stored, each); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := sentence(eventSentence(org, e)).Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(out.String(), ""))
}

// of is an event as the store records it.
func of(change access.Change) AuditEvent {
	event := change.Event()
	return AuditEvent{Action: event.Action, Target: event.Target, Subject: event.Subject, Before: event.Before, After: event.After}
}

func TestSentencesSayWhoWhomAndWhatItWasBefore(t *testing.T) {
	open := access.Policy{DefaultMode: access.OrganizationMode, DefaultRole: "editor", WidestMode: access.Anonymous, ExternalSharing: true}
	closed := access.Policy{DefaultMode: access.Restricted, DefaultRole: "editor", WidestMode: access.OrganizationMode, FullReach: true}
	end := clock
	given := access.Grant{Resource: project("Alpha"), Principal: access.Principal{Ref: access.Ref{Type: "user", ID: "h", Name: "Hugo"}, External: true},
		Role: role(access.Project, "viewer"), ExpiresAt: &end}
	alpha := access.Resource{ID: "alpha", Kind: access.Project, Name: "Alpha", Mode: access.Public, OrgRole: "viewer"}
	acme := access.Org{ID: "acme", Name: "Acme", Policy: open}
	expired := of(access.ExpireGrant{Grant: given})
	expired.Job, expired.Actor = true, access.Ref{Type: "user", Name: "Gatehouse"}
	on := end.UTC().Format("2006-01-02")
	byAna := func(change access.Change) AuditEvent {
		e := of(change)
		e.Actor = access.Ref{Type: "user", ID: "ana", Name: "Ana"}
		return e
	}
	for want, e := range map[string]AuditEvent{
		"Gatehouse took the role Viewer on Alpha from Hugo: its time was over on " + on + ".": expired,
		"The server's operator renamed the organization from Acme to Apex.":                   of(access.RenameOrganization{Org: acme, To: "Apex"}),
		"Ana took the role Viewer on Alpha from Hugo, because the sharing policy no longer allows people outside.": byAna(
			access.EndExternalGrant{Grant: given, Policy: closed}),
		"Ana took the access of Alpha back to Organization (it was Public), because the sharing policy allows nothing wider.": byAna(
			access.NarrowAccessMode{Resource: alpha, Policy: closed}),
		"Ana changed the sharing policy: the widest access is Organization (it was Anonymous), a new project starts as Restricted (it was Organization, Editor), " +
			"sharing with people outside is off (it was on) and Admins reach everything that an owner does (it was what exists and who has access to it).": byAna(
			access.ChangePolicy{Org: acme, To: closed}),
		"Ana changed how members of the organization sign in: a session that is not used ends after 1 hour (it was 12 hours).": byAna(
			access.ChangeSignInPolicy{From: access.SignInPolicy{IdleHours: 12, AbsoluteHours: 24}, To: access.SignInPolicy{IdleHours: 1, AbsoluteHours: 24}}),
		"Ana made Hugo an Editor on Alpha (was Viewer until " + on + ").": byAna(access.ChangeGrant{Grant: given, ToRole: role(access.Project, "editor")}),
		"Ana renamed the project Alpha to Beta.":                          byAna(access.EditResource{Resource: alpha, ToName: "Beta"}),
		"Ana set the access of Alpha to Organization, Editor (it was Public).": byAna(
			access.ChangeAccessMode{Resource: alpha, ToMode: access.OrganizationMode, ToRole: "editor"}),
		"Ana deleted the group Quant with its 1 grant.": byAna(access.DeleteGroup{Group: access.GroupFacts{ID: "q", Name: "Quant"}, Grants: 1}),
	} {
		if got := heard(t, e); got != want {
			t.Errorf("%s reads\n%s, want\n%s", e.Action, got, want)
		}
	}
}
