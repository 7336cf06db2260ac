package web

import (
	"fmt"
	"net/http"
	"net/url"

	"gatehouse/access"
)

// A requestKind is one thing that people and programs ask for.
type requestKind struct {
	name string
	send func(*sequence) *asking
}

var requestKinds = []requestKind{
	sharing, sharing, nesting, moving, opening,
	{"invite", func(s *sequence) *asking {
		org, actor := s.home()
		email := s.word("new@invited.test", " Gil@GLOBEX.test ", "outsider@globex.test", "plain@acme.test")
		groups := ""
		if group := s.one("group", s.ids[org]); group.ID != "" && s.draw(2) == 0 {
			groups = fmt.Sprintf(`,"groups":[%q]`, group.ID)
		}
		sent := s.call(actor, "POST", "/invitations", fmt.Sprintf(`{"email":%q,"role":%q%s}`, email, s.word("member", "modeler", "auditor", "admin", "owner"), groups))
		if sent.status == http.StatusCreated {
			var made struct{ Link string }
			sent.into(&made)
			s.links = append(s.links, mustParse(made.Link).Path)
		}
		return sent
	}},
	{"accept", func(s *sequence) *asking {
		if len(s.links) == 0 {
			return nil
		}
		link := s.links[s.draw(len(s.links))]
		sent := s.fill(s.word("gil", "outsider", "member", "tara"), link, "")
		sent.joins = true
		return sent
	}},
	{"change role", func(s *sequence) *asking {
		org, actor := s.home()
		return s.call(actor, "PATCH", "/members/"+s.member(org), fmt.Sprintf(`{"role":%q}`, s.word("member", "modeler", "auditor", "admin", "viewer")))
	}},
	{"change role on a page", func(s *sequence) *asking {
		role := s.word("member", "modeler", "admin", "editor")
		return s.fill(s.person(""), "/orgs/acme/members/"+s.member("acme")+"/role", form("role", role, "confirm", role))
	}},
	{"deactivate or reactivate", func(s *sequence) *asking {
		org, actor := s.home()
		return s.call(actor, "PATCH", "/members/"+s.member(org), fmt.Sprintf(`{"status":%q}`, s.word("active", "active", "deactivated")))
	}},
	{"remove member", func(s *sequence) *asking {
		org, actor := s.home()
		path := "/members/" + s.one("member", s.ids[org]).ID
		if s.draw(4) > 0 {
			path += "?heir=" + url.QueryEscape(s.heir(org))
		}
		return s.call(actor, "DELETE", path, "")
	}},
	{"leave", func(s *sequence) *asking {
		actor := s.person("")
		if s.draw(3) > 0 {
			return nil
		}
		return s.fill(actor, "/orgs/acme/members/"+s.ids[userOf[actor]]+"/removal", form("heir", s.heir("acme")))
	}},
	{"create group", func(s *sequence) *asking {
		_, actor := s.home()
		if s.draw(3) > 0 {
			return nil
		}
		return s.call(actor, "POST", "/groups", fmt.Sprintf(`{"name":"Group %d"}`, s.draw(20)))
	}},
	{"delete group", func(s *sequence) *asking {
		org, actor := s.home()
		if s.draw(3) > 0 {
			return nil
		}
		return s.call(actor, "DELETE", "/groups/"+s.one("group", s.ids[org]).ID, "")
	}},
	{"add to group", func(s *sequence) *asking {
		org, actor := s.home()
		who := fmt.Sprintf(`"user":%q,"role":%q`, s.one("user", "").ID, s.word("member", "admin"))
		if s.draw(2) == 0 {
			who = fmt.Sprintf(`"group":%q`, s.one("group", "").ID)
		}
		return s.call(actor, "POST", "/groups/"+s.one("group", s.ids[org]).ID+"/members", "{"+who+"}")
	}},
	nesting,
	{"change group role", func(s *sequence) *asking {
		org, actor := s.home()
		inside := s.one("inside", s.ids[org])
		return s.call(actor, "PATCH", "/groups/"+inside.More+"/members/"+inside.ID, fmt.Sprintf(`{"role":%q}`, s.word("member", "admin")))
	}},
	{"remove from group", func(s *sequence) *asking {
		org, actor := s.home()
		inside := s.one("inside", s.ids[org])
		return s.call(actor, "DELETE", "/groups/"+inside.More+"/members/"+inside.ID, "")
	}},
	{"grant", func(s *sequence) *asking {
		org, actor := s.home()
		on := s.one("resource", s.ids[org])
		return s.call(actor, "POST", "/resources/"+on.ID+"/grants", fmt.Sprintf(`{%s,"role":%q}`, asMember(s.principal(on.Org)), s.role(on.Text)), ifMatch(s.version(on)))
	}},
	sharing,
	{"change grant", func(s *sequence) *asking {
		org, actor := s.home()
		held := s.one("grant", s.ids[org])
		return s.call(actor, "PATCH", "/resources/"+held.More+"/grants/"+held.ID, fmt.Sprintf(`{"role":%q}`, s.role(held.Text)), ifMatch(s.version(held)))
	}},
	{"change grant on a page", func(s *sequence) *asking {
		held := s.one("grant", "")
		path := s.place(thing{ID: held.More, Org: held.Org}) + "/grants/" + held.ID + "/role"
		return s.fill(s.person(s.ownerOf(held.More)), path, form("role", s.role(held.Text), "expires_at", s.until(), "version", s.version(held)))
	}},
	{"revoke", func(s *sequence) *asking {
		held := s.one("grant", "")
		return s.fill(s.person(s.ownerOf(held.More)), s.place(thing{ID: held.More, Org: held.Org})+"/grants/"+held.ID+"/removal", form("version", s.version(held)))
	}},
	opening,
	{"transfer", func(s *sequence) *asking {
		org, actor := s.home()
		on := s.one("resource", s.ids[org])
		return s.call(actor, "PUT", "/resources/"+on.ID+"/owner", fmt.Sprintf(`{"email":%q}`, s.one("user", "").Text), ifMatch(s.version(on)))
	}},
	{"create", func(s *sequence) *asking {
		org, actor := s.home()
		in := s.one("resource", s.ids[org])
		kind := s.word("module", "project", "package", "dataset", "constant", "secret", "bucket", "artifact", "connection", "thing")
		return s.call(actor, "POST", "/resources", fmt.Sprintf(`{"kind":%q,"parent":%q,"name":"Thing %d"}`, kind, in.ID, s.draw(1000)))
	}},
	{"create on a page", func(s *sequence) *asking {
		in := s.one("resource", "")
		return s.fill(s.person(in.More), "/orgs/"+s.slug(in.Org)+"/resources", form("kind", s.word("project", "package", "bucket", "secret"), "parent", in.ID,
			"name", fmt.Sprintf("Thing %d", s.draw(1000))))
	}},
	{"delete", func(s *sequence) *asking {
		on := s.one("resource", "")
		if s.draw(4) > 0 {
			return nil
		}
		return s.fill(s.person(on.More), s.place(on)+"/deletion", form("confirm", s.nameOf(on.ID)))
	}},
	moving,
	{"make template", func(s *sequence) *asking {
		on := s.one("resource", "")
		return s.fill(s.person(on.More), s.place(on)+"/templates", s.templateForm("Template "+s.word("one", "two")))
	}},
	{"edit template", func(s *sequence) *asking {
		template := s.one("template", "")
		return s.fill(s.person(s.ownerOf(template.More)), s.place(thing{ID: template.More, Org: template.Org})+"/templates/"+template.ID, s.templateForm(template.Text))
	}},
	{"delete template", func(s *sequence) *asking {
		template := s.one("template", "")
		return s.fill(s.person(s.ownerOf(template.More)), s.place(thing{ID: template.More, Org: template.Org})+"/templates/"+template.ID+"/deletion", "")
	}},
	{"change policy", func(s *sequence) *asking {
		if s.draw(2) > 0 {
			return nil
		}
		to := access.Policy{DefaultMode: access.Mode(s.word("restricted", "organization", "public")), DefaultRole: s.word("viewer", "editor", "admin"),
			WidestMode: access.Mode(s.word("organization", "public", "anonymous", "anonymous")), ExternalSharing: s.draw(4) > 0, FullReach: s.draw(4) == 0}
		fields := url.Values{"default_mode": {string(to.DefaultMode)}, "default_role": {to.DefaultRole}, "widest_mode": {string(to.WidestMode)}, "confirm": {policyText(to)}}
		if to.ExternalSharing {
			fields.Set("external_sharing", "yes")
		}
		if to.FullReach {
			fields.Set("admin_reach", "full")
		}
		return s.fill(s.word("admin", "admin", "owner", "outsider"), "/orgs/acme/settings/policy", fields.Encode())
	}},
	{"time passes", func(s *sequence) *asking {
		s.exec(`UPDATE grants SET expires_at = now() - interval '1 second' WHERE id = (SELECT id FROM grants WHERE expires_at > now() ORDER BY created_at, id LIMIT 1)`)
		s.see(s.take(s.was)) // nobody asked for it
		return nil
	}},
}

func (s *sequence) templateForm(name string) string {
	fields, rights := url.Values{"name": {name}}, access.Discover
	for range 1 + s.draw(4) {
		right := s.word("view", "query", "create", "edit", "configure", "connect", "reveal", "delete", "share")
		known, _ := access.ParseRight(right)
		fields.Add("rights", right)
		rights |= known
	}
	fields.Set("confirm", rights.String())
	return fields.Encode()
}

func (s *sequence) ownerOf(resource string) string {
	for _, each := range s.known["resource"] {
		if each.ID == resource {
			return each.More
		}
	}
	return ""
}

func (s *sequence) nameOf(resource string) string {
	var name string
	if err := s.pool.QueryRow(s.t.Context(), `SELECT name FROM resources WHERE id = $1`, resource).Scan(&name); err != nil {
		s.t.Fatal(err)
	}
	return name
}

// sharing is asked for more often than others.
var sharing = requestKind{"share on a page", func(s *sequence) *asking {
	on := s.one("resource", "")
	return s.fill(s.person(on.More), s.place(on)+"/grants", form("who", s.principal(on.Org), "role", s.role(on.Text), "expires_at", s.until(), "version", s.version(on)))
}}

// nesting is asked for more often than others.
var nesting = requestKind{"add to group on a page", func(s *sequence) *asking {
	org := s.ids["acme"]
	who, confirm := "user:"+s.one("user", "").ID, ""
	if s.draw(2) == 0 {
		who = "group:" + s.one("group", org).ID
		confirm = who
	}
	actor := s.word("group admin", "group admin", "tara", "admin", "outsider")
	return s.fill(actor, "/orgs/acme/groups/"+s.one("group", org).ID+"/members", form("who", who, "role", s.word("member", "admin"), "confirm", confirm))
}}

// moving is asked for more often than others.
var moving = requestKind{"move", func(s *sequence) *asking {
	on := s.one("resource", "")
	to := s.one("resource", on.Org)
	if s.draw(9) == 0 {
		to = s.one("resource", "")
	}
	return s.fill(s.person(on.More), s.place(on)+"/parent", form("parent", to.ID, "confirm", to.ID, "version", s.version(on)))
}}

// opening is asked for more often than others.
var opening = requestKind{"change access mode", func(s *sequence) *asking {
	on := s.one("resource", "")
	mode := s.word("restricted", "organization", "public", "anonymous", "everyone")
	confirm := map[string]string{"public": "yes", "anonymous": s.nameOf(on.ID)}[mode]
	return s.fill(s.person(on.More), s.place(on)+"/access-mode", form("access_mode", mode, "org_role", s.word("viewer", "modeler", "editor", "admin"),
		"confirm", confirm, "version", s.version(on)))
}}
