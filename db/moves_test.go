package db_test

import (
	"errors"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// version reads the version of an access list.
func versionOf(t *testing.T, d *dbtest.Database, id access.ID) int64 {
	t.Helper()
	return int64(number(t, d, "SELECT acl_version FROM resources WHERE id = $1", id))
}

// opens tells whether a user can view a resource.
func opens(t *testing.T, d *dbtest.Database, org, user, id access.ID) bool {
	t.Helper()
	resource, err := d.FindResource(t.Context(), org, user, id)
	if err != nil && !errors.Is(err, access.ErrNotFound) {
		t.Fatal(err)
	}
	return resource.Rights.Has(access.View)
}

func TestAMoveTakesEverythingInsideAlongAndChangesWhoInherits(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	otto, here, there, direct := acme.Member("otto", "modeler"), acme.Member("here", "member"), acme.Member("there", "member"), acme.Member("direct", "member")
	alpha, beta := acme.Project("Alpha", otto), acme.Project("Beta", otto)
	acme.Grant(otto, alpha, toUser(here), "viewer")
	acme.Grant(otto, beta, toUser(there), "viewer")
	bucket := acme.Inside(alpha, access.Bucket, "Files", otto)
	file := acme.Inside(bucket, access.Artifact, "File", otto)
	acme.Grant(otto, bucket, toUser(direct), "viewer")
	stale := versionOf(t, d, bucket) - 1
	before := versionOf(t, d, file)

	move := func(to access.ID, version int64) error {
		return d.MoveResource(t.Context(), dbtest.By(otto), acme.ID, bucket, to, version)
	}
	if err := move(beta, stale); !access.IsStale(err) {
		t.Errorf("a stale form: %v", err)
	}
	if err := move(bucket, versionOf(t, d, bucket)); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("into itself: %v", err)
	}
	if err := move(file, versionOf(t, d, bucket)); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("into what lies in it: %v", err)
	}
	if err := move(alpha, versionOf(t, d, bucket)); !errors.Is(err, access.ErrInvalid) {
		t.Errorf("to where it is: %v", err)
	}
	if err := move(beta, versionOf(t, d, bucket)); err != nil {
		t.Fatal(err)
	}
	for _, id := range []access.ID{bucket, file} {
		if opens(t, d, acme.ID, here, id) || !opens(t, d, acme.ID, there, id) || !opens(t, d, acme.ID, direct, id) {
			t.Errorf("after the move %v, %v, %v open it", opens(t, d, acme.ID, here, id), opens(t, d, acme.ID, there, id), opens(t, d, acme.ID, direct, id))
		}
	}
	if versionOf(t, d, file) != before+1 {
		t.Error("the access list of what lies inside is as old as before")
	}
	if wrong := number(t, d, `SELECT count(*) FROM resources r JOIN resources p ON p.id = r.parent_id WHERE r.path <> p.path || r.id`); wrong != 0 {
		t.Errorf("%d paths are wrong", wrong)
	}
	moved := number(t, d, `SELECT count(*) FROM audit_events WHERE action = 'resource.moved' AND before->>'parent' = 'Alpha' AND after->>'parent' = 'Beta'`)
	if moved != 1 {
		t.Errorf("%d events", moved)
	}
}

func TestMovingWithoutRightsAtBothEndsIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	otto, bea, mo := acme.Member("otto", "modeler"), acme.Member("bea", "modeler"), acme.Member("mo", "member")
	alpha, beta := acme.Project("Alpha", otto), acme.Project("Beta", bea)
	rates := acme.Inside(alpha, access.Dataset, "Rates", otto)
	move := func(user, id, to access.ID) error {
		return d.MoveResource(t.Context(), dbtest.By(user), acme.ID, id, to, versionOf(t, d, id))
	}
	if err := move(otto, rates, beta); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("to where one may not look: %v", err)
	}
	acme.Grant(bea, beta, toUser(otto), "viewer")
	if err := move(otto, rates, beta); !errors.Is(err, access.ErrDenied) {
		t.Errorf("to where one may not create: %v", err)
	}
	acme.Grant(otto, alpha, toUser(bea), "editor")
	if err := move(bea, rates, beta); !errors.Is(err, access.ErrDenied) {
		t.Errorf("what one may edit, and neither delete nor share: %v", err)
	}
	if err := move(acme.Admin, rates, acme.Module); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an org admin, who may only discover: %v", err)
	}
	if err := move(mo, rates, beta); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("what one may not know of: %v", err)
	}
	if err := move(otto, alpha, beta); !errors.Is(err, access.ErrDenied) && !errors.Is(err, access.ErrInvalid) {
		t.Errorf("a project into a project: %v", err)
	}
	acme.Grant(bea, beta, toUser(otto), "editor")
	if err := move(otto, rates, beta); err != nil {
		t.Errorf("with rights at both ends: %v", err)
	}
}

// Nobody hands out by moving what they do not hold: an Admin of a dataset would make themselves its owner by taking it
// into a project of their own.
func TestAMoveGivesNobodyMoreThanTheMoverHolds(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	otto, mallory := acme.Member("otto", "modeler"), acme.Member("mallory", "modeler")
	rates := create(t, d, acme.ID, otto, db.NewResource{Kind: access.Dataset, Parent: acme.Module, Name: "Rates"})
	if err := d.ChangeAccessMode(t.Context(), dbtest.By(otto), acme.ID, rates, access.Restricted, "viewer", versionOf(t, d, rates)); err != nil {
		t.Fatal(err)
	}
	acme.Grant(otto, rates, toUser(mallory), "admin")
	mine := acme.Project("Mine", mallory)
	move := func(user access.ID) error {
		return d.MoveResource(t.Context(), dbtest.By(user), acme.ID, rates, mine, versionOf(t, d, rates))
	}
	if err := move(mallory); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an Admin becomes its owner: %v", err)
	}
	acme.Grant(mallory, mine, toUser(otto), "editor")
	if err := move(otto); err != nil {
		t.Errorf("the owner moves it there: %v", err)
	}
	if err := d.MoveResource(t.Context(), dbtest.By(mallory), acme.ID, rates, acme.Module, versionOf(t, d, rates)); err != nil {
		t.Errorf("who owns the project takes it out again: %v", err)
	}
}

// After any number of moves the database still decides as the design reads.
func TestTheDatabaseDecidesAlikeAfterMoves(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	moves := 0
	for n := uint64(0); n < 2 || moves < 5 && n < 20; n++ { // there are worlds in which hardly anything has another place to go to
		w, d := newWorld(seed, n), dbtest.New(t)
		w.load(t, d)
		for range 150 {
			r := pick(w.random, w.resources)
			to := pick(w.random, r.org.resources)
			err := d.MoveResource(t.Context(), dbtest.Operator, access.ID(r.org.id), access.ID(r.id), access.ID(to.id), versionOf(t, d, access.ID(r.id)))
			if err == nil {
				r.parent = to
				moves++
			} else if !errors.Is(err, access.ErrInvalid) && !errors.Is(err, access.ErrDenied) {
				t.Fatal(err)
			}
		}
		asked := w.questions(w.random, 2000)
		for i, got := range askDatabase(t, d.Pool, asked) {
			if want := w.ask(asked[i].subject, asked[i].resource); got != want.String() {
				t.Fatal(disagreement(t, d, asked[i], want, got))
			}
		}
	}
	if moves < 5 {
		t.Errorf("only %d moves: too few to prove anything", moves)
	}
}
