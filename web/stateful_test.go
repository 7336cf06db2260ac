package web

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// stepsOfASequence is how many requests one sequence sends.
const stepsOfASequence = 50

// TestNoSequenceOfRequestsBreaksAnInvariant sends random sequences of real requests, each to a world as it was made, and checks
// after every one of them what can never be broken (stateful_invariants_test.go). Rapid makes a sequence that fails shorter.
func TestNoSequenceOfRequestsBreaksAnInvariant(t *testing.T) {
	t.Parallel()
	asked := dbtest.FromEnvironment(t, "GATEHOUSE_SEQUENCES", 16)
	grounds := 1
	if asked >= 100 { // it pays to use all processors
		grounds = runtime.GOMAXPROCS(0)
	}
	set(t, "rapid.checks", (asked+grounds-1)/grounds)
	set(t, "rapid.nofailfile", true)
	for number := range grounds {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			t.Parallel()
			sendSequences(t, number, (asked+grounds-1)/grounds)
		})
	}
}

// sendSequences sends as many as were asked for to one ground.
func sendSequences(t *testing.T, number, asked int) {
	g := newGround(t, "")
	sent, done := 0, map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		s := newSequence(g)
		base := rapid.Uint64().Draw(r, "base")
		for i, seed := range rapid.SliceOfN(rapid.Uint64(), stepsOfASequence, stepsOfASequence).Draw(r, "steps") {
			if seed == 0 { // a step that rapid could leave out
				continue
			}
			s.draw = rand.New(rand.NewPCG(seed, base^uint64(number<<8+i)<<32)).IntN // rapid draws small numbers often
			if problem := s.step(); problem != "" {
				r.Fatalf("%s\n\nafter\n%s", problem, strings.Join(s.told, "\n"))
			}
		}
		if problem := s.chainProblem(); problem != "" {
			r.Fatal(problem)
		}
		sent++
		for name, count := range s.done {
			done[name] += count
		}
	})
	if sent < asked && !testing.Short() { // rapid stops early when the time is up
		t.Errorf("only %d of %d sequences were sent: give the tests more time", sent, asked)
	}
	t.Logf("carried out in %d sequences: %v", sent, done)
}

func set(t testing.TB, name string, value any) {
	t.Helper()
	if err := flag.Set(name, fmt.Sprint(value)); err != nil {
		t.Fatal(err)
	}
}

// A ground is a world that sequences are sent to, one after the other: each of them finds it as the first did.
type ground struct {
	*world
	undo     func()
	eyes     *pgx.Conn         // which reads pictures; what it asks is planned once
	deciders map[string]string // a token that asks for decisions, by organization
	tokens   map[string]string // of the API, by the actor who made it
	known    things            // what is there at the beginning
	was      picture
}

// newGround makes a world, and breaks it on purpose by a statement.
func newGround(t testing.TB, fault string) *ground {
	w := newWorld(t)
	g := &ground{world: w, deciders: map[string]string{}, tokens: map[string]string{}, eyes: w.connect("SET plan_cache_mode = force_generic_plan")}
	for _, made := range []struct{ maker, org string }{{"admin", "acme"}, {"second", "acme"}, {"outsider", "globex"}, {"", "acme"}, {"", "globex"}} {
		by, scope := dbtest.By(access.ID(w.ids[made.maker])), "manage"
		if made.maker == "" {
			by, scope = dbtest.Operator, "decide"
		}
		token, err := w.store.CreateAPIToken(w.t.Context(), by, access.ID(w.ids[made.org]), db.NewAPIToken{Name: "Stateful " + made.maker, Scopes: []string{scope}})
		if err != nil {
			w.t.Fatal(err)
		}
		if made.maker == "" {
			g.deciders[made.org] = token
		} else {
			g.tokens[made.maker] = token
		}
	}
	if fault != "" {
		w.exec(fault)
	}
	w.exec("ANALYZE") // what nobody has counted PostgreSQL believes to be large, and its plans are for that
	g.undo = w.undoable()
	g.was = g.take(picture{})
	g.known = g.look()
	return g
}

// A sequence is the requests that are sent to a ground, and what that was before the next one.
type sequence struct {
	*ground
	draw  func(below int) int // of the step
	known things
	was   picture
	links []string       // of invitations that were sent
	told  []string       // what was asked and answered
	done  map[string]int // how often each kind of request was carried out
}

// newSequence begins anew.
func newSequence(g *ground) *sequence {
	g.undo()
	g.log.Reset()
	s := &sequence{ground: g, known: g.known, was: g.take(g.was), done: map[string]int{}}
	if s.was.basis != g.was.basis || s.was.events != g.was.events {
		g.t.Fatal("a sequence does not find the world as the first one did")
	}
	return s
}

// step sends one request, and returns what it broke; empty for nothing.
func (s *sequence) step() string {
	kind := requestKinds[s.draw(len(requestKinds))]
	sent := kind.send(s)
	if sent == nil { // there is nothing to ask for
		return ""
	}
	now := s.take(s.was)
	line := fmt.Sprintf("%s %s: %d", kind.name, sent.asked, sent.status)
	s.told = append(s.told, line)
	if sent.status < 400 {
		s.done[kind.name]++
	}
	problem := s.judge(kind, sent, now)
	s.see(now)
	if problem != "" {
		return line + ": " + problem
	}
	return ""
}

// see takes a picture for what is there now.
func (s *sequence) see(now picture) {
	if now.basis != s.was.basis {
		s.known = s.look()
	}
	s.was = now
}

// TestEveryFaultInAChangeIsFound breaks the database on purpose, a fault at a time: the test above must find each.
func TestEveryFaultInAChangeIsFound(t *testing.T) {
	t.Parallel()
	for fault, statement := range changeFaults {
		t.Run(strings.ReplaceAll(fault, " ", "_"), func(t *testing.T) {
			g := newGround(t, statement)
			for seed := range uint64(60) {
				random := rand.New(rand.NewPCG(seed, 7))
				s := newSequence(g)
				s.draw = random.IntN
				for range stepsOfASequence {
					if problem := s.step(); problem != "" {
						t.Logf("found by sequence %d, step %d: %.300s", seed, len(s.told), problem)
						return
					}
				}
				if s.chainProblem() != "" {
					return
				}
			}
			t.Errorf("%s, and nobody notices", fault)
		})
	}
}

// changeFaults are what somebody could break in what changes go through.
var changeFaults = map[string]string{
	"Admins of other organizations count as Admins": `CREATE OR REPLACE VIEW active_admins AS
		SELECT o.id AS org_id, g.user_id FROM grants g CROSS JOIN organizations o WHERE g.role_id = 'organization/admin'`,
	"a rights template holds more than was chosen": `CREATE FUNCTION fatten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.here := 16383; RETURN NEW; END $$;
		CREATE TRIGGER fatten BEFORE UPDATE ON roles FOR EACH ROW EXECUTE FUNCTION fatten();
		INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id)
		SELECT t.org_id, t.project_id, 'project', t.id, m.user_id FROM roles t JOIN memberships m ON m.org_id = t.org_id WHERE t.project_id IS NOT NULL`,
	"nesting forgets who is further inside": `CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.ancestor_id <> NEW.descendant_id THEN RETURN NULL; END IF; RETURN NEW; END $$;
		CREATE TRIGGER forget BEFORE INSERT ON group_ancestry FOR EACH ROW EXECUTE FUNCTION forget()`,
	"a grant gives more than was asked for": `CREATE FUNCTION lift() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.resource_kind = 'project' THEN NEW.role_id := 'project/owner'; END IF; RETURN NEW; END $$;
		CREATE TRIGGER lift BEFORE INSERT ON grants FOR EACH ROW EXECUTE FUNCTION lift()`,
	"a member who goes keeps owning": `ALTER TABLE resources DROP CONSTRAINT resources_org_id_owner_id_fkey;
		CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.owner_id := OLD.owner_id; RETURN NEW; END $$;
		CREATE TRIGGER stay BEFORE UPDATE OF owner_id ON resources FOR EACH ROW EXECUTE FUNCTION stay()`,
	"changes of groups are not written down": `CREATE FUNCTION unwritten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.action LIKE 'group.%' THEN RETURN NULL; END IF; RETURN NEW; END $$;
		CREATE TRIGGER a_unwritten BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION unwritten();
		DROP TRIGGER audit_guard ON group_members; DROP TRIGGER audit_guard ON nested_groups; DROP TRIGGER audit_guard ON groups`,
	"deactivated members keep their grants": `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('paths_between'::regproc),
		$q$m.status IS DISTINCT FROM 'deactivated'$q$, 'true'); END $$`,
	"what moves keeps its old place in paths": `CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.path := OLD.path; RETURN NEW; END $$;
		CREATE TRIGGER linger BEFORE UPDATE OF path ON resources FOR EACH ROW EXECUTE FUNCTION linger()`,
	"the chain of the audit log breaks": `CREATE OR REPLACE FUNCTION audit_hash(previous bytea, e audit_events) RETURNS bytea LANGUAGE sql STABLE AS
		$$ SELECT sha256(convert_to(random()::text, 'UTF8')) $$`,
}
