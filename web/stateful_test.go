package web

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// stepsOfASequence is how many requests one sequence sends.
const stepsOfASequence = 50

// TestNoSequenceOfRequestsBreaksAnInvariant sends random sequences of real requests, each to a world of its own, and checks
// after every one of them what can never be broken (stateful_invariants_test.go). Rapid makes a sequence that fails shorter.
func TestNoSequenceOfRequestsBreaksAnInvariant(t *testing.T) {
	t.Parallel()
	set(t, "rapid.checks", dbtest.FromEnvironment(t, "GATEHOUSE_SEQUENCES", 8))
	set(t, "rapid.nofailfile", true)
	w := newWorld(t)
	done := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		s := newSequence(w, "")
		base := rapid.Uint64().Draw(r, "base")
		for _, seed := range rapid.SliceOfN(rapid.Uint64(), stepsOfASequence, stepsOfASequence).Draw(r, "steps") {
			if seed == 0 { // a step that rapid could leave out
				continue
			}
			s.draw = rand.New(rand.NewPCG(seed, base)).IntN
			if problem := s.step(); problem != "" {
				r.Fatalf("%s\n\nafter\n%s", problem, strings.Join(s.told, "\n"))
			}
		}
		if problem := s.chainProblem(); problem != "" {
			r.Fatal(problem)
		}
		for name, count := range s.done {
			done[name] += count
		}
	})
	t.Logf("carried out: %v", done)
}

func set(t testing.TB, name string, value any) {
	t.Helper()
	if err := flag.Set(name, fmt.Sprint(value)); err != nil {
		t.Fatal(err)
	}
}

// A sequence is one world, the requests that were sent to it, and what it was before the next one.
type sequence struct {
	*world
	draw     func(below int) int // of the step
	known    things
	was      picture
	deciders map[string]string // a token that asks for decisions, by organization
	tokens   map[string]string // of the API, by the actor who made it
	links    []string          // of invitations that were sent
	told     []string          // what was asked and answered
	done     map[string]int    // how often each kind of request was carried out
}

// newSequence begins anew: in a fresh copy of the world, after a statement that breaks it on purpose.
func newSequence(w *world, fault string) *sequence {
	w.restore()
	s := &sequence{world: w, deciders: map[string]string{}, tokens: map[string]string{}, done: map[string]int{}}
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
			s.deciders[made.org] = token
		} else {
			s.tokens[made.maker] = token
		}
	}
	if fault != "" {
		w.exec(fault)
	}
	s.known, s.was = s.look(), s.take()
	return s
}

// step sends one request, and returns what it broke; empty for nothing.
func (s *sequence) step() string {
	kind := requestKinds[s.draw(len(requestKinds))]
	sent := kind.send(s)
	if sent == nil { // there is nothing to ask for
		return ""
	}
	now := s.take()
	line := fmt.Sprintf("%s %s: %d", kind.name, sent.asked, sent.status)
	s.told = append(s.told, line)
	if sent.status < 400 {
		s.done[kind.name]++
	}
	problem := s.judge(kind, sent, now)
	s.known, s.was = s.look(), now
	if problem != "" {
		return line + ": " + problem
	}
	return ""
}

// TestEveryFaultInAChangeIsFound breaks the database on purpose, a fault at a time: the test above must find each.
func TestEveryFaultInAChangeIsFound(t *testing.T) {
	t.Parallel()
	for fault, statement := range changeFaults {
		t.Run(strings.ReplaceAll(fault, " ", "_"), func(t *testing.T) {
			w := newWorld(t)
			for seed := range uint64(60) {
				random := rand.New(rand.NewPCG(seed, 7))
				s := newSequence(w, statement)
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
	"deactivated members keep their grants": `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('access_paths'::regproc),
		$q$m.status IS DISTINCT FROM 'deactivated'$q$, 'true'); END $$`,
	"what moves keeps its old place in paths": `CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.path := OLD.path; RETURN NEW; END $$;
		CREATE TRIGGER linger BEFORE UPDATE OF path ON resources FOR EACH ROW EXECUTE FUNCTION linger()`,
	"the chain of the audit log breaks": `CREATE OR REPLACE FUNCTION audit_hash(previous bytea, e audit_events) RETURNS bytea LANGUAGE sql STABLE AS
		$$ SELECT sha256(convert_to(random()::text, 'UTF8')) $$`,
}
