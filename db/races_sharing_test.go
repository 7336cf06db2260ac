package db_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// A sharing is a project, a member and a group, with which races are run.
type sharing struct {
	d                    *dbtest.Database
	acme                 *dbtest.Organization
	user, group, project access.ID
	count                int
}

func newSharing(t *testing.T) *sharing {
	d := dbtest.New(t)
	s := &sharing{d: d, acme: d.Organization(t, "acme")}
	s.again(t)
	return s
}

// again makes everything anew, for the next round.
func (s *sharing) again(*testing.T) {
	s.count++
	s.user = s.acme.Member(fmt.Sprintf("user%d", s.count), "modeler")
	s.group = s.acme.Group(fmt.Sprintf("group %d", s.count))
	s.project = s.acme.Project(fmt.Sprintf("Project %d", s.count), s.acme.Admin)
}

// fill puts the ids into a statement.
func (s *sharing) fill(statement string) string {
	return strings.NewReplacer("$org", string(s.acme.ID), "$user", string(s.user), "$group", string(s.group), "$project", string(s.project)).Replace(statement)
}

func (s *sharing) naive(look, write string) naiveWay { return naiveWay{s.fill(look), s.fill(write)} }

func (s *sharing) by() db.By { return dbtest.By(s.acme.Admin) }

// grant gives a role on the project, as seen in its second version: made, then narrowed.
func (s *sharing) grant(t *testing.T, principal string, id access.ID) func() error {
	share := db.Share{Who: []access.Ref{{Type: principal, ID: id}}, Role: "viewer", Version: 2}
	project := s.project
	return func() error { return s.d.GrantRoles(t.Context(), s.by(), s.acme.ID, project, share) }
}

func (s *sharing) transfer(t *testing.T) func() error {
	email := fmt.Sprintf("user%d@acme.test", s.count)
	return func() error {
		return s.d.TransferResource(t.Context(), s.by(), s.acme.ID, s.project, email, 2)
	}
}

func (s *sharing) narrow(t *testing.T) func() error {
	return func() error {
		return s.d.ChangeAccessMode(t.Context(), s.by(), s.acme.ID, s.project, access.OrganizationMode, "viewer", 2)
	}
}

func (s *sharing) create(t *testing.T) func() error {
	made := db.NewResource{Kind: access.Project, Parent: s.acme.Module, Name: fmt.Sprintf("Of user %d", s.count)}
	return func() error {
		_, err := s.d.CreateResource(t.Context(), dbtest.By(s.user), s.acme.ID, made)
		return err
	}
}

func (s *sharing) removeUser(t *testing.T) func() error {
	return func() error {
		return s.d.EndMembership(t.Context(), s.by(), s.acme.ID, s.user, db.Leaving{Heir: "admin@acme.test"})
	}
}

func (s *sharing) join(t *testing.T) func() error {
	return func() error {
		return s.d.AddToGroup(t.Context(), s.by(), s.acme.ID, s.group, []access.Ref{{Type: "user", ID: s.user}}, access.GroupMember)
	}
}

func (s *sharing) deleteGroup(t *testing.T) func() error {
	return func() error { return s.d.DeleteGroup(t.Context(), s.by(), s.acme.ID, s.group) }
}

func (s *sharing) deleteProject(t *testing.T) func() error {
	return func() error { return s.d.DeleteResource(t.Context(), s.by(), s.acme.ID, s.project) }
}
