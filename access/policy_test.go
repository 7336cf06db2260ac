package access_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
)

// Who may make which change. A row is a kind of change and, after it, what it does; policy_changes_test.go makes each.
// All else speaks for the change: the group is free, the invitation open, the list fresh, the heir an active member.
// The answers: yes, no (denied), 422 (invalid), 409 (conflict), 401 (no account that counts).
const policy = `
                                     operator admin auditor modeler member groupadmin owner projectadmin editor viewer outsider deactivated

CreateOrganization                   yes      no    no      no      no     no         no    no           no     no     no       401
RestoreAdmin                         yes      no    no      no      no     no         no    no           no     no     no       401
RenameOrganization                   yes      yes   no      no      no     no         no    no           no     no     no       401

ChangePolicy                         yes      yes   no      no      no     no         no    no           no     no     no       401
NarrowAccessMode                     yes      yes   no      no      no     no         no    no           no     no     no       401
EndExternalGrant                     yes      yes   no      no      no     no         no    no           no     no     no       401

ChangeSignInPolicy                   yes      yes   no      no      no     no         no    no           no     no     no       401
ChangeProvider                       yes      yes   no      no      no     no         no    no           no     no     no       401
LinkIdentity one's-own               no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
LinkIdentity somebody-else's         no       no    no      no      no     no         no    no           no     no     no       401
SignInThroughProvider one's-own      no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
SignInThroughProvider as-another     no       no    no      no      no     no         no    no           no     no     no       401
UnlinkIdentities                     yes      yes   no      no      no     no         no    no           no     no     no       401
EndMemberSessions                    yes      yes   no      no      no     no         no    no           no     no     no       401

RenameUser one's-own                 no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
RenameUser somebody-else             no       no    no      no      no     no         no    no           no     no     no       401
AddFactor one's-own                  no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
AddFactor somebody-else's            no       no    no      no      no     no         no    no           no     no     no       401
RemoveFactor one's-own               no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
RemoveFactor somebody-else's         no       no    no      no      no     no         no    no           no     no     no       401
RenamePasskey one's-own              no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
RenamePasskey somebody-else's        no       no    no      no      no     no         no    no           no     no     no       401
RenewRecoveryCodes one's-own         no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401

InviteMember                         yes      yes   no      no      no     no         no    no           no     no     no       401
InviteMember into-a-group            yes      yes   no      no      no     no         no    no           no     no     no       401
RenewInvitation                      yes      yes   no      no      no     no         no    no           no     no     no       401
RevokeInvitation                     yes      yes   no      no      no     no         no    no           no     no     no       401
AcceptInvitation of-the-outsider     no       no    no      no      no     no         no    no           no     no     yes      401
ChangeMemberRole                     yes      yes   no      no      no     no         no    no           no     no     no       401
DeactivateMember                     yes      yes   no      no      no     no         no    no           no     no     no       401
ReactivateMember                     yes      yes   no      no      no     no         no    no           no     no     no       401
RemoveMember                         yes      yes   no      no      no     no         no    no           no     no     no       401

CreateGroup                          yes      yes   no      no      no     no         no    no           no     no     no       401
EditGroup                            yes      yes   no      no      no     yes        no    no           no     no     no       401
DeleteGroup                          yes      yes   no      no      no     yes        no    no           no     no     no       401
AddGroupMember                       yes      yes   no      no      no     yes        no    no           no     no     no       401
ChangeGroupMemberRole                yes      yes   no      no      no     yes        no    no           no     no     no       401
RemoveGroupMember                    yes      yes   no      no      no     yes        no    no           no     no     no       401
NestGroup                            yes      yes   no      no      no     yes        no    no           no     no     no       401
UnnestGroup                          yes      yes   no      no      no     yes        no    no           no     no     no       401

EditGroup that-carries               yes      yes   no      no      no     yes        no    no           no     no     no       401
DeleteGroup that-carries             yes      yes   no      no      no     no         no    no           no     no     no       401
AddGroupMember that-carries          yes      yes   no      no      no     no         no    no           no     no     no       401
ChangeGroupMemberRole that-carries   yes      yes   no      no      no     no         no    no           no     no     no       401
RemoveGroupMember that-carries       yes      yes   no      no      no     no         no    no           no     no     no       401
NestGroup that-carries               yes      yes   no      no      no     no         no    no           no     no     no       401
UnnestGroup that-carries             yes      yes   no      no      no     no         no    no           no     no     no       401

GrantRole viewer                     yes      no    no      no      no     no         yes   yes          no     no     no       401
GrantRole admin                      yes      no    no      no      no     no         yes   yes          no     no     no       401
GrantRole editor-to-an-outsider      yes      no    no      no      no     no         yes   yes          no     no     no       401
GrantRole admin-to-an-outsider       422      no    no      no      no     no         422   422          no     no     no       401
GrantRole on-the-module              yes      yes   no      no      no     no         no    no           no     no     no       401
GrantRole of-the-organization        yes      yes   no      no      no     no         no    no           no     no     no       401
ChangeGrant viewer-to-editor         yes      no    no      no      no     no         yes   yes          no     no     no       401
ChangeGrant admin-to-viewer          yes      no    no      no      no     no         yes   yes          no     no     no       401
GrantRole to-oneself-for-longer      no       no    no      no      no     no         no    no           no     no     no       401
ChangeGrant one's-own-for-longer     no       no    no      no      no     no         no    no           no     no     no       401
ExpireGrant                          yes      yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401
RevokeGrant viewer                   yes      no    no      no      no     no         yes   yes          no     no     no       401
RevokeGrant of-the-organization      yes      yes   no      no      no     no         no    no           no     no     no       401

MakeRequest                          no       yes   yes     yes     yes    yes        no    no           409    409    no       401
MakeRequest of-what-nobody-knows     no       yes   yes     yes     yes    yes        yes   yes          yes    yes    no       401
MakeRequest for-somebody-else        no       no    no      no      no     no         no    no           no     no     no       401
MakeRequest one-too-many             no       409   409     409     409    409        no    no           409    409    no       401
ChangeRequest one's-own              no       yes   yes     yes     yes    yes        no    no           409    409    no       401
ChangeRequest somebody-else's        no       no    no      no      no     no         no    no           no     no     no       401
WithdrawRequest one's-own            no       yes   yes     yes     yes    yes        yes   yes          yes    yes    no       401
WithdrawRequest somebody-else's      no       no    no      no      no     no         no    no           no     no     no       401
ApproveRequest                       yes      no    no      no      no     no         yes   yes          no     no     no       401
ApproveRequest on-the-module         yes      yes   no      no      no     no         no    no           no     no     no       401
ApproveRequest that-was-decided      409      no    no      no      no     no         409   409          no     no     no       401
DenyRequest                          yes      no    no      no      no     no         yes   yes          no     no     no       401
DenyRequest that-was-changed         409      no    no      no      no     no         409   409          no     no     no       401
ExpireRequest                        yes      yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401

CreateResource project-in-module     yes      yes   no      yes     no     no         no    no           no     no     no       401
CreateResource module                yes      yes   no      no      no     no         no    no           no     no     no       401
CreateResource package-in-project    yes      no    no      no      no     no         yes   yes          yes    no     no       401
EditResource                         yes      no    no      no      no     no         yes   yes          yes    no     no       401
EditResource module                  yes      yes   no      no      no     no         no    no           no     no     no       401
EditContent                          yes      no    no      no      no     no         yes   yes          yes    no     no       401
EditContent of-a-connection          yes      yes   no      no      no     no         yes   yes          no     no     no       401
EditContent of-a-project             422      no    no      no      no     no         422   422          422    no     no       401
ReplaceSecret                        yes      no    no      no      no     no         yes   yes          yes    no     no       401
RevealSecret                         yes      no    no      no      no     no         yes   yes          yes    no     no       401
ReplaceFile                          yes      no    no      no      no     no         yes   yes          yes    no     no       401
DeleteResource                       yes      no    no      no      no     no         yes   yes          no     no     no       401
DeleteResource module                yes      yes   no      no      no     no         no    no           no     no     no       401
DeleteResource full-module           409      409   no      no      no     no         no    no           no     no     no       401
TransferResource                     yes      yes   no      no      no     no         yes   no           no     no     no       401
MoveResource to-a-module             yes      no    no      no      no     no         no    no           no     no     no       401
MoveResource out-of-a-module         yes      no    no      no      no     no         yes   yes          no     no     no       401
MoveResource between-owned-projects  yes      no    no      no      no     no         yes   no           no     no     no       401
MoveResource into-itself             422      no    no      no      no     no         422   422          no     no     no       401
ChangeAccessMode                     yes      no    no      no      no     no         yes   yes          no     no     no       401

ProvisionMember                      no       no    no      no      no     no         no    no           no     no     no       401
EditProvisionedMember                no       no    no      no      no     no         no    no           no     no     no       401
ProvisionGroup                       no       no    no      no      no     no         no    no           no     no     no       401
EditProvisionedGroup                 no       no    no      no      no     no         no    no           no     no     no       401
DeactivateMember managed             409      409   no      no      no     no         no    no           no     no     no       401
ReactivateMember managed             409      409   no      no      no     no         no    no           no     no     no       401
RemoveMember managed                 409      409   no      no      no     no         no    no           no     no     no       401
ChangeMemberRole managed             yes      yes   no      no      no     no         no    no           no     no     no       401
RenameUser managed                   no       409   409     409     409    409        409   409          409    409    409      401
EditGroup managed                    409      409   no      no      no     409        no    no           no     no     no       401
DeleteGroup managed                  409      409   no      no      no     409        no    no           no     no     no       401
AddGroupMember managed               409      409   no      no      no     409        no    no           no     no     no       401
ChangeGroupMemberRole managed        409      409   no      no      no     409        no    no           no     no     no       401
RemoveGroupMember managed            409      409   no      no      no     409        no    no           no     no     no       401
NestGroup into-a-managed-one         409      409   no      no      no     409        no    no           no     no     no       401
NestGroup a-managed-one              yes      yes   no      no      no     yes        no    no           no     no     no       401
UnnestGroup managed                  409      409   no      no      no     409        no    no           no     no     no       401
InviteMember into-a-managed-group    409      409   no      no      no     no         no    no           no     no     no       401
GrantRole to-a-managed-group         yes      no    no      no      no     no         yes   yes          no     no     no       401

CreateToken to-decide                yes      yes   no      no      no     no         no    no           no     no     no       401
CreateToken to-manage                yes      yes   no      no      no     no         no    no           no     no     no       401
RevokeToken                          yes      yes   no      no      no     no         no    no           no     no     no       401
EndToken                             no       no    no      no      no     no         no    no           no     no     no       401
EndToken of-their-own                no       yes   yes     yes     yes    yes        yes   yes          yes    yes    yes      401

ImportUser                           yes      no    no      no      no     no         no    no           no     no     no       401
ImportMember                         yes      yes   no      no      no     no         no    no           no     no     no       401
ImportResource module                yes      yes   no      no      no     no         no    no           no     no     no       401
ImportResource project-in-module     yes      yes   no      yes     no     no         no    no           no     no     no       401
ImportResource package-in-project    yes      no    no      no      no     no         yes   yes          yes    no     no       401

CreateTemplate                       yes      no    no      no      no     no         yes   yes          no     no     no       401
EditTemplate                         yes      no    no      no      no     no         yes   yes          no     no     no       401
DeleteTemplate                       yes      no    no      no      no     no         yes   yes          no     no     no       401
GrantRole a-template                 yes      no    no      no      no     no         yes   yes          no     no     no       401
`

// A row is one line of the table.
type row struct {
	kind    string // the name of the type that is the change
	name    string // the whole name, by which policy_changes_test.go knows it
	answers map[string]string
}

func readPolicy(t *testing.T) []row {
	var actors []string
	var table []row
	for line := range strings.Lines(policy) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case actors == nil:
			actors = words
			continue
		}
		name := words[:len(words)-len(actors)]
		answers := map[string]string{}
		for i, answer := range words[len(name):] {
			answers[actors[i]] = answer
		}
		if len(name) < 1 || len(name) > 2 {
			t.Fatalf("a line of %d words: %s", len(words), line)
		}
		table = append(table, row{kind: name[0], name: strings.Join(name, " "), answers: answers})
	}
	return table
}

func TestThePolicyTable(t *testing.T) {
	for _, row := range readPolicy(t) {
		make, ok := changes[row.name]
		if !ok {
			t.Errorf("policy_changes_test.go does not make %q", row.name)
			continue
		}
		if len(row.answers) != len(people) {
			t.Errorf("%s: %d answers for %d people", row.name, len(row.answers), len(people))
		}
		for name, want := range row.answers {
			change := make(people[name])
			if kind := reflect.TypeOf(change).Name(); kind != row.kind {
				t.Fatalf("%s is made as a %s", row.name, kind)
			}
			if got := answer(access.Decide(people[name].actor, change)); got != want {
				t.Errorf("%s by the %s: %s, want %s", row.name, name, got, want)
			}
		}
	}
}

func answer(err error) string {
	switch {
	case err == nil:
		return "yes"
	case errors.Is(err, access.ErrDenied):
		return "no"
	case errors.Is(err, access.ErrInvalid):
		return "422"
	case errors.Is(err, access.ErrConflict):
		return "409"
	case errors.Is(err, access.ErrUnauthenticated):
		return "401"
	}
	return err.Error()
}

// A new kind of change needs a line in the table.
func TestEveryKindOfChangeStandsInThePolicyTable(t *testing.T) {
	var listed []string
	for _, row := range readPolicy(t) {
		listed = append(listed, row.kind)
	}
	kinds := kindsOfChange(t)
	if len(kinds) < 20 {
		t.Fatalf("only %d kinds of change were found", len(kinds))
	}
	for _, kind := range kinds {
		if !slices.Contains(listed, kind) {
			t.Errorf("%s has a rule and no line in the policy table", kind)
		}
	}
}

// kindsOfChange reads this package for the types with a method allowed: the seal of access.Change.
func kindsOfChange(t *testing.T) []string {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			method, ok := declared.(*ast.FuncDecl)
			if ok && method.Recv != nil && method.Name.Name == "allowed" {
				kinds = append(kinds, method.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	return kinds
}

// Every audit event names what was changed, and carries an action of the form noun.verb.
func TestEveryChangeHasAnEventThatSaysWhatItIs(t *testing.T) {
	actions := map[string]string{}
	for _, row := range readPolicy(t) {
		event := changes[row.name](people["owner"]).Event()
		noun, verb, dotted := strings.Cut(event.Action, ".")
		if !dotted || noun == "" || verb == "" || event.Target.Type == "" || event.Target.ID == "" || event.Target.Name == "" {
			t.Errorf("%s has the event %+v", row.name, event)
		}
		if other, taken := actions[event.Action]; taken && other != row.kind {
			t.Errorf("%s and %s both write %s", row.kind, other, event.Action)
		}
		actions[event.Action] = row.kind
	}
}
