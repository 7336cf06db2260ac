package db_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// refused are lines that are refused where the example of the contract is there already, with the whole report.
var refused = []struct{ line, sentence string }{
	// what is no record
	{`nonsense`, `line 1: This is not a JSON object.`},
	{`["user"]`, `line 1: This is not a JSON object.`},
	{`{"type":"user","email":"x@acme.test"} {}`, `line 1: This is not a JSON object.`},
	{"{\"type\":\"user\",\"email\":\"x@acme.test\",\"name\":\"\xff\"}", `line 1: This is not UTF-8.`},
	{`{"email":"x@acme.test"}`, `line 1, type: A record has a type: grant, group, group_member, member, module, organization, resource, template, user.`},
	{`{"type":"team"}`, `line 1, type: A record has a type: grant, group, group_member, member, module, organization, resource, template, user.`},
	{`{"type":"user","email":"x@acme.test","colour":"red"}`, `line 1, colour: A record of the type user has no field "colour".`},
	{`{"type":"user","Email":"x@acme.test"}`, `line 1, Email: A record of the type user has no field "Email".`},
	{`{"type":"user","email":"x@acme.test","role":"admin"}`, `line 1, role: A record of the type user has no field "role".`},
	{`{"type":"user"}`, `line 1, email: A record of the type user needs the field "email".`},
	{`{"type":"user","email":7}`, `line 1, email: This must be a text.`},
	{`{"type":"user","email":"x@acme.test","name":null}`, `line 1, name: This must be a text.`},
	{`{"type":"template","organization":"acme","project":"alpha","name":"x","rights":"view"}`, `line 1, rights: This must be a list of rights.`},
	{`{"type":"group","organization":"acme"}`, `line 1, name: A record of the type group needs the field "name".`},
	// accounts and members
	{`{"type":"user","email":"nobody"}`, `line 1, email: "nobody" is not an e-mail address.`},
	{`{"type":"user","email":"x@acme.test","status":"invited"}`, `line 1, status: "invited" is not a status. It is active or deactivated.`},
	{`{"type":"organization","slug":"No Slug","name":"x"}`, `line 1, slug: "No Slug" cannot stand in addresses: lower case letters, digits and dashes can.`},
	{`{"type":"organization","slug":"fresh","name":"Fresh"}`, `line 1: An organization needs an active Admin: put a member record with the role admin into the same file.`},
	{`{"type":"member","organization":"nowhere","user":"bo@acme.test","role":"member"}`, `line 1, organization: There is no organization "nowhere".`},
	{`{"type":"member","organization":"acme","user":"zoe@acme.test","role":"member"}`, `line 1, user: There is no user zoe@acme.test. Put a user record into the file.`},
	{`{"type":"member","organization":"acme","user":"pia@partner.test"}`, `line 1, role: A new member needs a role.`},
	{`{"type":"member","organization":"acme","user":"bo@acme.test","role":"owner"}`, `line 1, role: "owner" is not a role on a organization.`},
	{`{"type":"member","organization":"acme","user":"ana@acme.test","role":"member"}`, `line 1: Ana Lopes is the only active Admin. Make somebody else an Admin first.`},
	{`{"type":"member","organization":"acme","user":"ana@acme.test","status":"deactivated"}`, `line 1: Ana Lopes is the only active Admin. Make somebody else an Admin first.`},
	{`{"type":"user","email":"ana@acme.test","status":"deactivated"}`, `line 1: Ana Lopes is the only active Admin. Make somebody else an Admin first.`},
	// groups
	{`{"type":"group_member","organization":"acme","group":"nobody","user":"bo@acme.test","role":"member"}`, `line 1, group: There is no group "nobody" in acme.`},
	{`{"type":"group_member","organization":"acme","group":"quant","user":"bo@acme.test","role":"owner"}`, `line 1, role: "owner" is not a role in a group. Choose member or admin.`},
	{`{"type":"group_member","organization":"acme","group":"quant","user":"bo@acme.test"}`, `line 1, role: A new member of a group needs a role: member or admin.`},
	{`{"type":"group_member","organization":"acme","group":"quant","user":"pia@partner.test","role":"member"}`, `line 1, user: pia@partner.test is no member of acme: a group holds only its organization's members.`},
	{`{"type":"group_member","organization":"acme","group":"quant","role":"member"}`, `line 1: A record of the type group_member has exactly one of the fields user, member_group.`},
	{`{"type":"group_member","organization":"acme","group":"quant","member_group":"research","role":"admin"}`, `line 1, role: A group inside a group is a member.`},
	{`{"type":"group_member","organization":"acme","group":"quant","member_group":"nobody","role":"member"}`, `line 1, member_group: There is no group "nobody" in acme.`},
	{`{"type":"group_member","organization":"acme","group":"quant","member_group":"Quant","role":"member"}`, `line 1: quant cannot be a member of itself.`},
	{`{"type":"group_member","organization":"acme","group":"quant","member_group":"research","role":"member"}`, `line 1: research already contains quant: research → quant. Adding it would close a circle.`},
	// resources and templates
	{`{"type":"resource","organization":"acme","kind":"folder","key":"x"}`, `line 1, kind: "folder" is not a kind of resource. Organizations and modules have records of their own types.`},
	{`{"type":"resource","organization":"acme","kind":"module","key":"x"}`, `line 1, kind: "module" is not a kind of resource. Organizations and modules have records of their own types.`},
	{`{"type":"module","organization":"acme","key":"fresh"}`, `line 1: There is no module/fresh. To make one, its record needs a name.`},
	{`{"type":"resource","organization":"acme","kind":"project","key":"beta","name":"Beta","parent":"module/risk"}`, `line 1: There is no project/beta. To make one, its record needs name, parent and owner.`},
	{resource("project", "beta", "module/none", "bo@acme.test"), `line 1, parent: There is no module "none" in acme.`},
	{resource("project", "beta", "risk", "bo@acme.test"), `line 1, parent: "risk" does not name a resource: write kind/key, as in project/alpha.`},
	{resource("project", "beta", "project/alpha", "bo@acme.test"), `line 1, kind: A project cannot lie in a project.`},
	{resource("artifact", "a", "project/alpha", "bo@acme.test"), `line 1, kind: A artifact cannot lie in a project.`},
	{resource("project", "beta", "module/risk", "zoe@acme.test"), `line 1, owner: There is no user zoe@acme.test. Put a user record into the file.`},
	{resource("project", "beta", "module/risk", "pia@partner.test"), `line 1, owner: Pia is no member of the organization.`},
	{resource("project", " beta", "module/risk", "bo@acme.test"), `line 1, key: " beta" cannot be a key.`},
	{resource("project", "beta", "module/risk", "bo@acme.test", `"access_mode":"open"`), `line 1, access_mode: "open" is not an access mode. Choose restricted, organization, public or anonymous.`},
	{resource("secret", "s", "project/alpha", "bo@acme.test", `"access_mode":"public"`), `line 1, access_mode: A secret can be opened to Organization at most.`},
	{resource("package", "p", "project/alpha", "bo@acme.test", `"org_role":"modeler"`), `line 1, org_role: "modeler" is not a role on a package.`},
	{resource("project", "beta", "module/risk", "bo@acme.test", `"org_role":"admin"`), `line 1, org_role: "admin" cannot be given to the whole organization.`},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","parent":"module/workspace"}`, `line 1: project/alpha lies somewhere else. An import moves nothing: move it on its page first.`},
	{`{"type":"resource","organization":"acme","kind":"project","key":"alpha","owner":"pia@partner.test"}`, `line 1, owner: Choose an active member of the organization.`},
	{`{"type":"template","organization":"acme","project":"none","name":"x","rights":["view"]}`, `line 1, project: There is no project "none" in acme.`},
	{`{"type":"template","organization":"acme","project":"alpha","name":"x","rights":["fly"]}`, `line 1, rights: fly is not a right.`},
	{`{"type":"template","organization":"acme","project":"alpha","name":"x","rights":["view","share"]}`, `line 1, rights: A rights template cannot hold share.`},
	{`{"type":"template","organization":"acme","project":"alpha","name":"x"}`, `line 1, rights: A new rights template needs rights.`},
	// grants
	{grant("project/none", `"user":"bo@acme.test","role":"viewer"`), `line 1, resource: There is no project "none" in acme.`},
	{grant("project/alpha", `"user":"bo@acme.test","role":"creator"`), `line 1, role: "creator" is not a role on a project.`},
	{grant("project/alpha", `"user":"bo@acme.test","role":"owner"`), `line 1, role: "owner" is not a role on a project.`},
	{grant("project/alpha", `"user":"bo@acme.test","group":"quant","role":"viewer"`), `line 1: A record of the type grant has exactly one of the fields user, group, grantee_organization.`},
	{grant("project/alpha", `"user":"bo@acme.test"`), `line 1: A record of the type grant has exactly one of the fields role, template.`},
	{grant("project/alpha", `"user":"zoe@acme.test","role":"viewer"`), `line 1, user: There is no user zoe@acme.test. Put a user record into the file.`},
	{grant("project/alpha", `"group":"nobody","role":"viewer"`), `line 1, group: There is no group "nobody" in acme.`},
	{grant("project/alpha", `"grantee_organization":"nowhere","role":"viewer"`), `line 1, grantee_organization: There is no organization "nowhere" on this server.`},
	{grant("project/alpha", `"user":"bo@acme.test","template":"none"`), `line 1, template: project/alpha has no rights template "none".`},
	{grant("package/alpha-core", `"user":"bo@acme.test","template":"analyst"`), `line 1, template: package/alpha-core has no rights template "analyst".`},
	{grant("organization/acme", `"user":"bo@acme.test","role":"admin"`), `line 1, principal: A member's role in the organization is changed on the Members page.`},
	{grant("project/alpha", `"user":"pia@partner.test","role":"admin"`), `line 1, role: Somebody outside the organization can be an Editor at most.`},
	{grant("project/alpha", `"grantee_organization":"partner","role":"admin"`), `line 1, role: Somebody outside the organization can be an Editor at most.`},
	{grant("module/risk", `"user":"pia@partner.test","role":"user"`), `line 1, principal: Only members can have a role on a module.`},
	{grant("project/alpha", `"user":"bo@acme.test","role":"viewer","expires_at":"2001-01-01T00:00:00Z"`), `line 1, expires_at: Choose a time in the future, or none.`},
	{grant("project/alpha", `"user":"bo@acme.test","role":"viewer","expires_at":"tomorrow"`), `line 1, expires_at: "tomorrow" is not a time as in 2027-01-01T00:00:00Z.`},
}

func resource(kind, key, parent, owner string, more ...string) string {
	return fmt.Sprintf(`{"type":"resource","organization":"acme","kind":"%s","key":"%s","name":"New","parent":"%s","owner":"%s"%s}`,
		kind, key, parent, owner, strings.Join(append([]string{""}, more...), ","))
}

func grant(resource, rest string) string {
	return fmt.Sprintf(`{"type":"grant","organization":"acme","resource":"%s",%s}`, resource, rest)
}

func TestEveryRefusalOfALineHasItsSentence(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	before := everything(t, d)
	for _, one := range refused {
		_, sentences := refusals(t, d, importer, one.line, db.ImportOptions{Continue: true})
		if len(sentences) != 1 || sentences[0] != one.sentence {
			t.Errorf("%s\nis refused with %q, want\n%s", one.line, sentences, one.sentence)
		}
	}
	if after := everything(t, d); after != before {
		t.Errorf("what was refused changed\n%s\nto\n%s", before, after)
	}
	soundAudit(t, d, "acme", "partner")
}

func TestTheSharingPolicyBindsAFile(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	if err := commit(t, d, auditSomething+"; UPDATE organizations SET external_sharing = false, widest_mode = 'organization' WHERE slug = 'acme'"); err != nil {
		t.Fatal(err)
	}
	_, sentences := refusals(t, d, importer, grant("project/alpha", `"user":"pia@partner.test","role":"viewer"`)+"\n"+
		`{"type":"resource","organization":"acme","kind":"project","key":"alpha","access_mode":"public"}`, db.ImportOptions{})
	want := "line 1, principal: This organization's sharing policy does not allow sharing with people outside.\n" +
		"line 2, access_mode: This organization's sharing policy allows Organization at most."
	if strings.Join(sentences, "\n") != want {
		t.Errorf("%q, want %q", sentences, want)
	}
}

// Without --continue every problem is listed, also what is wrong only because something before was refused.
func TestAFileIsAppliedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	imported(t, d, example)
	before := everything(t, d)
	mixed := strings.Join([]string{
		`{"type":"group","organization":"acme","name":"good"}`,
		`{"type":"group","organization":"acme","name":"bad","colour":"red"}`,
		``,
		`{"type":"group_member","organization":"acme","group":"good","user":"bo@acme.test","role":"member"}`,
		`{"type":"group_member","organization":"acme","group":"bad","user":"bo@acme.test","role":"member"}`,
		`{"type":"user","email":"bo@acme.test","name":"Bo Lind"}`,
		`{"type":"user","email":"BO@acme.test","name":"Bo Berg"}`,
		`{"type":"user","email":"bo@acme.test","name":"Bo Lind"}`,
	}, "\n")
	want := []string{`line 2, colour: A record of the type group has no field "colour".`,
		`line 5, group: There is no group "bad" in acme.`, `line 7: Line 6 says something else about the same thing.`}
	report, sentences := refusals(t, d, importer, mixed, db.ImportOptions{})
	if fmt.Sprint(sentences) != fmt.Sprint(want) || report.Changed != 0 {
		t.Errorf("%d changed, refused %q", report.Changed, sentences)
	}
	if after := everything(t, d); after != before {
		t.Errorf("a refused file changed\n%s\nto\n%s", before, after)
	}
	report, sentences = refusals(t, d, importer, mixed, db.ImportOptions{Continue: true})
	if fmt.Sprint(sentences) != fmt.Sprint(want) || report.Read != 7 || report.Changed != 3 || report.Unchanged != 1 {
		t.Errorf("with --continue the report is %+v", report)
	}
	soundAudit(t, d, "acme")
}
