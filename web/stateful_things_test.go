package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
)

// A thing is something that requests can name.
type thing struct {
	Sort, ID, Org string // what it is, and the id of its organization
	Text          string // an address, a name, the kind of a resource
	More          string // what it lies in or belongs to
	Version       int64
}

type things map[string][]thing

// thingsSQL lists everything that requests can name, the oldest first, so that a sequence can be sent again.
const thingsSQL = `
	SELECT sort, id, org, text, more, version FROM (
		SELECT 'user' AS sort, id::text, '' AS org, email AS text, '' AS more, 0::bigint AS version, created_at AS at FROM users
		UNION ALL SELECT 'member', user_id::text, org_id::text, status, '', 0, created_at FROM memberships
		UNION ALL SELECT 'group', id::text, org_id::text, name, '', 0, created_at FROM groups
		UNION ALL SELECT 'resource', id::text, org_id::text, kind, COALESCE(owner_id::text, ''), acl_version, created_at FROM resources
		UNION ALL SELECT 'grant', g.id::text, g.org_id::text, g.resource_kind, g.resource_id::text, r.acl_version, g.created_at
			FROM grants g JOIN resources r ON r.id = g.resource_id WHERE g.user_id IS NULL OR g.resource_kind <> 'organization'
		UNION ALL SELECT 'template', t.id, t.org_id::text, t.name, t.project_id::text, 0, p.created_at FROM roles t JOIN resources p ON p.id = t.project_id
		UNION ALL SELECT 'inside', user_id::text, org_id::text, 'user', group_id::text, 0, created_at FROM group_members
		UNION ALL SELECT 'inside', member_group_id::text, org_id::text, 'group', group_id::text, 0, created_at FROM nested_groups
	) AS all_things ORDER BY sort, at, text, id`

func (g *ground) look() things {
	rows, _ := g.eyes.Query(g.t.Context(), thingsSQL)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[thing])
	g.must(err)
	known := things{}
	for _, one := range found {
		known[one.Sort] = append(known[one.Sort], one)
	}
	return known
}

// one picks something of a sort, in one organization where that is named; the zero thing where there is none.
func (s *sequence) one(sort, org string) thing {
	if org == "" && sort != "user" && s.draw(5) > 0 {
		org = s.ids["acme"]
	}
	var list []thing
	for _, each := range s.known[sort] {
		if org == "" || each.Org == org {
			list = append(list, each)
		}
	}
	if len(list) == 0 {
		return thing{}
	}
	return list[s.draw(len(list))]
}

func (s *sequence) word(words ...string) string { return words[s.draw(len(words))] }

// home is mostly acme, now and then globex, and the token of one who manages it as long as there is one.
func (s *sequence) home() (org, actor string) {
	if s.draw(8) == 0 {
		return "globex", "outsider"
	}
	actor = s.word("admin", "second")
	for _, other := range []string{"admin", "second"} {
		if !s.was.holds[holding{s.ids[actor], s.ids["acme"]}].Has(access.Members) {
			actor = other
		}
	}
	return "acme", actor
}

// member is a member of an organization: now and then one of those who manage it.
func (s *sequence) member(org string) string {
	if org == "acme" && s.draw(4) == 0 {
		return s.ids[s.word("admin", "second")]
	}
	return s.one("member", s.ids[org]).ID
}

// heir is mostly the address of a member.
func (s *sequence) heir(org string) string {
	heir := s.one("member", s.ids[org]).ID
	for _, each := range s.known["user"] {
		if each.ID == heir && s.draw(5) > 0 {
			return each.Text
		}
	}
	return s.one("user", "").Text
}

// role is mostly one that the kind has.
func (s *sequence) role(kind string) string {
	if fitting := access.RolesOf(access.Kind(kind)); len(fitting) > 0 && s.draw(5) > 0 {
		return fitting[s.draw(len(fitting))].Name
	}
	return s.word("viewer", "modeler", "editor", "admin", "administrator", "creator", "user", "owner", "member", "auditor", "Analyst", "Template one")
}

// person is somebody with a session: rather the owner of the thing than anybody.
func (s *sequence) person(owner string) string {
	if s.draw(4) > 0 {
		for _, actor := range sessionActors {
			if owner != "" && s.ids[userOf[actor]] == owner {
				return actor
			}
		}
	}
	return sessionActors[s.draw(len(sessionActors))]
}

// Who has a session, and as whom.
var (
	sessionActors = []string{"admin", "owner", "group admin", "tara", "member", "outsider", "gil"}
	userOf        = map[string]string{"admin": "admin", "second": "second", "owner": "moda", "group admin": "grace", "tara": "tara", "member": "plain",
		"outsider": "outsider", "gil": "gil"}
)

// An asking is what was sent, by whom, and what came back.
type asking struct {
	*answer
	actor string // a user's id; empty for nobody
	joins bool
}

// call sends a request to /api/v1 as the maker of a token.
func (s *sequence) call(actor, method, path, body string, options ...option) *asking {
	got := s.asService(s.tokens[actor], method, "/api/v1"+path, body, options...)
	got.asked = actor + " " + got.asked + " " + body
	return &asking{answer: got, actor: s.ids[userOf[actor]]}
}

// fill sends a page's form.
func (s *sequence) fill(actor, path, form string) *asking {
	got := s.send(actor, http.MethodPost, path, form)
	got.asked += " " + form
	return &asking{answer: got, actor: s.ids[userOf[actor]]}
}

func (s *sequence) slug(org string) string {
	if org == s.ids["globex"] {
		return "globex"
	}
	return "acme"
}

func (s *sequence) place(resource thing) string {
	return "/orgs/" + s.slug(resource.Org) + "/resources/" + resource.ID
}

// version is mostly the one that the access list has.
func (s *sequence) version(of thing) string {
	if s.draw(12) == 0 {
		return "1"
	}
	return fmt.Sprint(of.Version)
}

func (s *sequence) until() string {
	if s.draw(3) > 0 {
		return ""
	}
	return time.Now().AddDate(0, 0, 1+s.draw(9)).UTC().Format("2006-01-02T15:04")
}

// principal names somebody as a form does.
func (s *sequence) principal(org string) string {
	switch s.draw(10) {
	case 0, 1, 2:
		return "group:" + s.one("group", org).ID
	case 3, 4:
		return "email:" + s.one("user", "").Text
	case 5:
		return "organization:" + s.word("acme", "globex")
	case 6:
		return "user:" + s.one("user", "").ID // perhaps of another organization
	}
	return "user:" + s.one("member", org).ID
}

// asMember is the same principal as the API takes it.
func asMember(principal string) string {
	kind, text, _ := strings.Cut(principal, ":")
	return fmt.Sprintf("%q:%q", strings.Replace(kind, "email", "user", 1), text)
}
