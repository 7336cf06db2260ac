package db_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// template makes one of the project, as its owner.
func (s shared) template(t *testing.T, name string, rights access.Rights) access.ID {
	t.Helper()
	id, err := s.CreateTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, name, rights)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Break: in queries/templates.sql, SetTemplate; in db/templates.go, editTemplate, the BumpAccessList.
func TestATemplateIsGivenLikeAnyRoleAndItsEditCountsAtOnce(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	id := s.template(t, "Data Analyst", access.View|access.Query)
	research := s.acme.Group("research", s.ana)
	must(t, s.share(t, s.owner, s.project, toGroup(research), "data analyst"))
	s.holds(t, s.ana, s.project, "discover view query")
	s.holds(t, s.ana, s.inner, "discover view query")
	before := number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", s.project)
	must(t, s.EditTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, id, "Analyst", access.View|access.Edit))
	s.holds(t, s.ana, s.inner, "discover view edit")
	if after := number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", s.project); after == before {
		t.Error("a Share dialog that was opened before the edit is not stale")
	}
	for _, list := range []func() (access.Role, error){
		func() (access.Role, error) {
			grants, err := s.ListGrants(t.Context(), s.acme.ID, s.inner)
			for _, grant := range grants {
				if grant.Principal.ID == research {
					return grant.Role, err
				}
			}
			return access.Role{}, err
		},
		func() (access.Role, error) {
			paths, err := s.Explain(t.Context(), s.acme.ID, s.ana, s.inner)
			return paths[0].Role, err
		},
		func() (access.Role, error) {
			given, err := s.ListGroupAccess(t.Context(), s.acme.ID, s.acme.Admin, research)
			return given[0].Role, err
		},
	} {
		if named, err := list(); named.Title != "Analyst" || named.Project != s.project || err != nil {
			t.Errorf("it is shown as %q of %q, %v", named.Title, named.Project, err)
		}
	}
	templates, err := s.ListTemplates(t.Context(), s.acme.ID, s.project)
	if err != nil || len(templates) != 1 || templates[0].Grants != 1 || templates[0].People != 2 { // the Admin who made the group is in it
		t.Errorf("the list says %+v, %v", templates, err)
	}
}

// Break: in db/templates.go, roleOn, the ProjectID; in access/grants.go, handing, the role.Project; and behind both the
// trigger of 0011_templates.sql.
func TestATemplateOfAnotherProjectIsNoRoleHere(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	beta := s.acme.Project("Beta", s.owner)
	id := s.template(t, "Analyst", access.View)
	for name, err := range map[string]error{
		"by its name on another project":     s.share(t, s.owner, beta, toUser(s.ana), "Analyst"),
		"by its id on another project":       s.share(t, s.owner, beta, toUser(s.ana), string(id)),
		"by its id on its own project":       s.share(t, s.owner, s.project, toUser(s.ana), string(id)),
		"by its name on a package inside it": s.share(t, s.owner, s.inner, toUser(s.ana), "Analyst"),
		"as what everybody gets":             s.mode(t, s.owner, s.project, access.OrganizationMode, "Analyst"),
	} {
		if !errors.Is(err, access.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, s.share(t, s.owner, beta, toUser(s.ana), "viewer"))
	grants, err := s.ListGrants(t.Context(), s.acme.ID, beta)
	if err != nil || len(grants) != 1 {
		t.Fatalf("%v, %v", grants, err)
	}
	version := int64(number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", beta))
	err = s.ChangeGrant(t.Context(), dbtest.By(s.owner), s.acme.ID, beta, grants[0].ID, "Analyst", nil, version)
	if !errors.Is(err, access.ErrInvalid) {
		t.Errorf("changing a grant to it: %v", err)
	}
	past := "UPDATE grants SET role_id = '" + string(id) + "' WHERE id = '" + string(grants[0].ID) + "'; " + auditSomething
	if err := commit(t, s.Database, past); err == nil || !strings.Contains(err.Error(), "of another project") {
		t.Errorf("past the program: %v", err)
	}
}

// Break: in access/templates.go, DeleteTemplate.allowed; in db/templates.go, DeleteTemplate, what is forgotten; in
// 0011_templates.sql, the key.
func TestATemplateThatIsGivenStaysAndGoesWithItsProject(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	id := s.template(t, "Analyst", access.View)
	remove := func() error { return s.DeleteTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, id) }
	must(t, s.share(t, s.owner, s.project, toUser(s.ana), "Analyst"))
	if err := remove(); !errors.Is(err, access.ErrConflict) || !strings.Contains(err.Error(), "1 person holds it") {
		t.Errorf("while it is given: %v", err)
	}
	must(t, commit(t, s.Database, "UPDATE grants SET expires_at = now() - interval '1 day' WHERE role_id = '"+string(id)+"'; "+auditSomething))
	must(t, remove())
	s.holds(t, s.ana, s.project, "")

	s.template(t, "Analyst", access.View)
	must(t, s.share(t, s.owner, s.project, toUser(s.ana), "Analyst"))
	must(t, s.DeleteResource(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project))
	if left := number(t, s.Database, "SELECT count(*) FROM roles WHERE project_id IS NOT NULL"); left != 0 {
		t.Errorf("%d templates outlived their project", left)
	}
}

// Break: in access/grants.go, outsideAtMost; in queries/templates.sql, ListTemplates, outside; in queries/imports.sql,
// FindImportedTemplates, outside.
func TestATemplateGivesSomebodyOutsideNoMoreThanAnEditorHas(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	s.Organization(t, "home").Member("gil", "member")
	guest := access.Ref{Type: "email", Name: "gil@home.test"}
	s.template(t, "Keeper", access.View|access.Delete)
	id := s.template(t, "Analyst", access.View)
	if err := s.share(t, s.owner, s.project, guest, "Keeper"); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("one that deletes: %v", err)
	}
	must(t, s.share(t, s.owner, s.project, guest, "Analyst"))
	if err := s.EditTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, id, "Analyst", access.View|access.Connect); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("one that grows afterwards: %v", err)
	}
	_, refused := refusals(t, s.Database, importer, `{"type":"template","organization":"acme","project":"alpha","name":"Analyst","rights":["view","delete"]}`, db.ImportOptions{})
	if len(refused) != 1 || !strings.Contains(refused[0], "Somebody outside the organization holds Analyst") {
		t.Errorf("one that grows by a file: %q", refused)
	}
	must(t, s.EditTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, id, "Analyst", access.View|access.Edit))
}

// Break: in access/templates.go, templating, the two answers no.
func TestWhoDoesNotShareAProjectChangesNoTemplateOfIt(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	id := s.template(t, "Analyst", access.View|access.Delete)
	eve := s.acme.Member("eve", "member")
	must(t, s.share(t, s.owner, s.project, toUser(eve), "editor"))
	for name, by := range map[string]access.ID{"an Editor": eve, "an Admin of the organization": s.acme.Admin} {
		_, made := s.CreateTemplate(t.Context(), dbtest.By(by), s.acme.ID, s.project, "Mine", access.View)
		edited := s.EditTemplate(t.Context(), dbtest.By(by), s.acme.ID, s.project, id, "Analyst", access.View)
		deleted := s.DeleteTemplate(t.Context(), dbtest.By(by), s.acme.ID, s.project, id)
		for what, err := range map[string]error{"makes": made, "edits": edited, "deletes": deleted} {
			if !errors.Is(err, access.ErrDenied) {
				t.Errorf("%s %s one: %v", name, what, err)
			}
		}
	}
	if _, err := s.CreateTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.inner, "Mine", access.View); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("of a package: %v", err)
	}
	if _, err := s.CreateTemplate(t.Context(), dbtest.By(s.owner), s.acme.ID, s.project, "ANALYST", access.View); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("of a name that another has: %v", err)
	}
}
