package db_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
)

// A world is a random server in memory: what the rules of access speak of and nothing else. It knows neither package access nor
// the tables; oracle_reading_test.go says what it lets in, oracle_load_test.go writes it to a database.
type world struct {
	random    *rand.Rand
	orgs      []*worldOrg
	users     []*worldUser
	groups    []*worldGroup
	teams     []*worldUser // one for each group
	resources []*worldResource
	grants    []*worldGrant
}

type worldOrg struct {
	id        string
	slug      string
	fullReach bool
	members   []*worldUser // active or not
	groups    []*worldGroup
	resources []*worldResource // the first is the organization itself
}

// A worldUser can also stand for a group that is asked about: somebody who is a member and in that group, and no more.
type worldUser struct {
	id          string
	active      bool
	memberships map[*worldOrg]string // "active" or "deactivated"; absent for an outsider
	standsFor   *worldGroup
}

type worldGroup struct {
	id     string
	org    *worldOrg
	users  []*worldUser
	inside []*worldGroup // directly in it
}

type worldResource struct {
	id        string
	org       *worldOrg
	kind      string
	parent    *worldResource
	owner     *worldUser
	mode      string
	orgRole   string
	templates []*worldTemplate // of a project
}

// A worldTemplate is a rights template: a role that a project admin made.
type worldTemplate struct {
	id     string
	rights []string
}

// A worldGrant names one user, group or organization.
type worldGrant struct {
	id       string
	on       *worldResource
	role     string // the name of a built-in role, or
	template *worldTemplate
	user     *worldUser
	group    *worldGroup
	org      *worldOrg
	expires  *time.Time
}

// seed is GATEHOUSE_SEED, or another one each time. It is printed, so that what was found can be found again.
func seed(t testing.TB) uint64 {
	t.Helper()
	number := rand.Uint64()
	if text := os.Getenv("GATEHOUSE_SEED"); text != "" {
		var err error
		if number, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("GATEHOUSE_SEED is not a number: %v", err)
		}
	}
	t.Logf("GATEHOUSE_SEED=%d", number)
	return number
}

// newWorld makes the nth world of a seed. The worlds differ in size, so that both crowded and lonely ones are met.
func newWorld(seed, n uint64) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, n))}
	for range 10 + w.random.IntN(30) {
		w.users = append(w.users, &worldUser{id: newUUID(w.random), active: !w.chance(10), memberships: map[*worldOrg]string{}})
	}
	for i := range 2 + w.random.IntN(3) {
		w.addOrganization(i)
	}
	for _, org := range w.orgs {
		w.addMemberRoles(org)
		for range 20 + w.random.IntN(120) {
			w.addGrant(org)
		}
	}
	return w
}

// chance is true in so many of a hundred cases.
func (w *world) chance(percent int) bool { return w.random.IntN(100) < percent }

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

func newUUID(random *rand.Rand) string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(random.Uint32())
	}
	return id.String()
}

func (w *world) addOrganization(i int) {
	org := &worldOrg{id: newUUID(w.random), slug: fmt.Sprintf("org-%d", i), fullReach: w.chance(25)}
	w.orgs = append(w.orgs, org)
	for _, user := range w.users {
		if w.chance(40) {
			continue
		}
		user.memberships[org] = "active"
		if w.chance(20) {
			user.memberships[org] = "deactivated"
		}
		org.members = append(org.members, user)
	}
	if len(org.members) == 0 {
		w.users[0].memberships[org] = "active"
		org.members = w.users[:1]
	}
	w.addGroups(org)
	w.addTree(org)
}

// addGroups nests groups ten deep, and lets later ones hang in several earlier ones at once, so that there are diamonds.
func (w *world) addGroups(org *worldOrg) {
	for i := range 10 + w.random.IntN(15) {
		group := &worldGroup{id: newUUID(w.random), org: org}
		for _, user := range org.members {
			if w.chance(8) {
				group.users = append(group.users, user)
			}
		}
		for j, outer := range org.groups {
			deeper := i < 10 && j == i-1
			if deeper || w.chance(12) {
				outer.inside = append(outer.inside, group)
			}
		}
		org.groups = append(org.groups, group)
		w.teams = append(w.teams, &worldUser{id: group.id, active: true, memberships: map[*worldOrg]string{org: "active"}, standsFor: group})
	}
	w.groups = append(w.groups, org.groups...)
}

// inside are the kinds that a kind may contain.
var insideOf = map[string][]string{
	"organization": {"module"},
	"module":       {"project", "project", "project", "package", "dataset", "constant", "secret", "bucket", "release", "analysis", "connection"},
	"project":      {"package", "dataset", "constant", "secret", "bucket", "release", "analysis", "connection"},
	"bucket":       {"artifact"},
}

func (w *world) addTree(org *worldOrg) {
	w.addResource(org, nil, "organization")
	for range 1 + w.random.IntN(3) {
		w.addResource(org, org.resources[0], "module")
	}
	for range 15 + w.random.IntN(50) {
		parent := pick(w.random, org.resources[1:])
		if kinds := insideOf[parent.kind]; kinds != nil {
			w.addResource(org, parent, pick(w.random, kinds))
		}
	}
	w.resources = append(w.resources, org.resources...)
}

func (w *world) addResource(org *worldOrg, parent *worldResource, kind string) {
	r := &worldResource{id: newUUID(w.random), org: org, parent: parent, kind: kind, mode: "restricted", orgRole: "viewer"}
	switch kind {
	case "organization":
		r.id = org.id
	case "module":
	default:
		r.owner = pick(w.random, org.members)
		modes := []string{"restricted", "restricted", "restricted", "restricted", "organization", "public", "anonymous"}
		if closed(kind) {
			modes = modes[:5]
		}
		r.mode = pick(w.random, modes)
		r.orgRole = pick(w.random, []string{"viewer", "editor"})
		if kind == "project" {
			r.orgRole = pick(w.random, []string{"viewer", "modeler", "editor"})
			w.addTemplates(r)
		}
	}
	org.resources = append(org.resources, r)
}

func (w *world) addTemplates(project *worldResource) {
	for w.chance(40) {
		template := &worldTemplate{id: newUUID(w.random), rights: []string{"discover"}}
		for _, right := range []string{"view", "query", "create", "edit", "configure", "connect", "reveal", "delete"} {
			if w.chance(50) {
				template.rights = append(template.rights, right)
			}
		}
		project.templates = append(project.templates, template)
	}
}
