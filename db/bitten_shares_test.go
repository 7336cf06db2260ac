package db_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// What has bitten others, in shares. Each comment says which line to break to see the test fail.

// A shared is a project with a package inside and people around it.
type shared struct {
	*dbtest.Database
	acme           *dbtest.Organization
	owner, ana     access.ID
	project, inner access.ID
}

func newShared(t *testing.T) shared {
	d := dbtest.New(t)
	s := shared{Database: d, acme: d.Organization(t, "acme")}
	s.owner, s.ana = s.acme.Member("otto", "modeler"), s.acme.Member("ana", "member")
	s.project = s.acme.Project("Alpha", s.owner)
	s.inner = s.acme.Inside(s.project, access.Package, "Core", s.owner)
	return s
}

// share gives a role, on the list as it is now.
func (s shared) share(t *testing.T, by, on access.ID, who access.Ref, role string) error {
	version := number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", on)
	return s.GrantRoles(t.Context(), dbtest.By(by), s.acme.ID, on, db.Share{Who: []access.Ref{who}, Role: role, Version: int64(version)})
}

func (s shared) mode(t *testing.T, by, on access.ID, mode access.Mode, role string) error {
	version := number(t, s.Database, "SELECT acl_version FROM resources WHERE id = $1", on)
	return s.ChangeAccessMode(t.Context(), dbtest.By(by), s.acme.ID, on, mode, role, int64(version))
}

// holds fails unless a user holds exactly these rights.
func (s shared) holds(t *testing.T, user, resource access.ID, want string) {
	t.Helper()
	if rights, err := s.Rights(t.Context(), user, resource); wordsOf(int64(rights)) != want || err != nil {
		t.Errorf("%s holds %q, want %q (%v)", user, rights, want, err)
	}
}

// Break: in access/grants.go, handing, the two lines with needed.
func TestNobodySharesAboveTheirOwnRights(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	vic, eve, ada := s.acme.Member("vic", "member"), s.acme.Member("eve", "member"), s.acme.Member("ada", "member")
	s.acme.Grant(s.owner, s.project, toUser(vic), "viewer")
	s.acme.Grant(s.owner, s.project, toUser(eve), "editor")
	s.acme.Grant(s.owner, s.inner, toUser(ada), "admin")
	for name, err := range map[string]error{
		"a viewer shares as viewer":                     s.share(t, vic, s.project, toUser(s.ana), "viewer"),
		"an editor shares as viewer":                    s.share(t, eve, s.project, toUser(s.ana), "viewer"),
		"an editor makes themselves admin":              s.share(t, eve, s.project, toUser(eve), "admin"),
		"an org admin opens a project they do not hold": s.share(t, s.acme.Admin, s.project, toUser(s.acme.Admin), "viewer"),
		"an editor widens the mode":                     s.mode(t, eve, s.project, access.Anonymous, "viewer"),
	} {
		if !errors.Is(err, access.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.share(t, ada, s.project, toUser(s.ana), "viewer"); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("the admin of the package inside shares the project: %v", err)
	}
	if err := s.share(t, ada, s.inner, toUser(s.ana), "admin"); err != nil {
		t.Errorf("the admin of the package inside shares the package: %v", err)
	}
	s.holds(t, s.ana, s.project, "")
}

// Break: in db/grants.go, GrantRoles, FindRole; in access/modes.go, modeFits; in access/resources.go, organizationRole.
func TestRolesAndModesThatThereAreNotAreRefused(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	secret := s.acme.Inside(s.project, access.Secret, "Key", s.owner)
	for _, role := range []string{"", "owner", "administrator", "member", "Admin", "project/admin", "superuser"} {
		if err := s.share(t, s.owner, s.project, toUser(s.ana), role); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("the role %q on a project: %v", role, err)
		}
	}
	if err := s.share(t, s.owner, s.inner, toUser(s.ana), "modeler"); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("the role modeler on a package: %v", err)
	}
	for _, mode := range []access.Mode{"", "friends", "Public", "anonymous "} {
		if err := s.mode(t, s.owner, s.project, mode, ""); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("the mode %q: %v", mode, err)
		}
	}
	for _, mode := range []access.Mode{access.Public, access.Anonymous} {
		if err := s.mode(t, s.owner, secret, mode, ""); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("a secret in mode %s: %v", mode, err)
		}
	}
	for _, role := range []string{"admin", "owner", "member", "nonsense"} {
		if err := s.mode(t, s.owner, s.project, access.OrganizationMode, role); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("the whole organization as %q: %v", role, err)
		}
	}
	for _, role := range []string{"", "owner", "editor", "Admin"} {
		if err := s.ChangeMemberRole(t.Context(), dbtest.By(s.acme.Admin), s.acme.ID, s.ana, role); !errors.Is(err, access.ErrInvalid) {
			t.Errorf("a member as %q: %v", role, err)
		}
	}
}

// Break: in access/grants.go, externalFits; in db/grants.go, findPrincipal, the row.External.
func TestSomebodyOutsideIsEditorAtMostAndOnlyWherePolicyAllows(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	guest := s.Organization(t, "home").Member("gil", "member")
	byAddress := access.Ref{Type: "email", Name: "gil@home.test"}
	if err := s.share(t, s.owner, s.project, toUser(guest), "viewer"); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("by id: %v", err)
	}
	if err := s.share(t, s.owner, s.project, byAddress, "admin"); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("as Admin: %v", err)
	}
	must(t, s.share(t, s.owner, s.project, byAddress, "editor"))
	s.holds(t, guest, s.inner, "discover view query create edit configure reveal")
	s.holds(t, guest, s.acme.ID, "")
	outside(t, s.Database, func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "UPDATE organizations SET external_sharing = false"); err != nil {
			t.Fatal(err)
		}
	})
	if err := s.share(t, s.owner, s.inner, byAddress, "viewer"); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("against the policy: %v", err)
	}
}

// Break: in db/change.go, change, the check that the actor may know of the organization, hides what an outsider may do.
func TestWhatSomebodyOutsideHoldsTheyCanUse(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	guest := s.Organization(t, "home").Member("gil", "member")
	must(t, s.share(t, s.owner, s.project, access.Ref{Type: "email", Name: "gil@home.test"}, "editor"))
	found, err := s.FindResource(t.Context(), s.acme.ID, guest, s.project)
	if err != nil || !found.Rights.Has(access.Configure) {
		t.Fatalf("the page gives %v, %v", found.Rights, err)
	}
	if err := s.EditResource(t.Context(), dbtest.By(guest), s.acme.ID, s.project, "Beta", ""); err != nil {
		t.Errorf("the page says that an outside Editor may change the name, and the change answers: %v", err)
	}
	if err := s.EditResource(t.Context(), dbtest.By(guest), s.acme.ID, s.acme.Module, "Mine", ""); err != access.ErrNotFound {
		t.Errorf("of the module they may not know: %v", err)
	}
}

// Break: in db/organizations.go, createOrganization, who the actor is.
func TestOnlyTheOperatorMakesAnOrganization(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	made := db.NewOrganization{Slug: "mine", Name: "Mine", Admin: access.Person{ID: s.ana}}
	if _, _, err := s.CreateOrganization(t.Context(), dbtest.By(s.ana), made); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a member makes an organization: %v", err)
	}
	if _, err := s.RestoreAdmin(t.Context(), dbtest.By(s.acme.Admin), "acme", "eve@world.test"); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an Admin restores an Admin: %v", err)
	}
	if n := number(t, s.Database, "SELECT count(*) FROM users WHERE email = 'eve@world.test'"); n != 0 {
		t.Error("and an account was left behind")
	}
}
