package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/access"
)

// lists measures pages of an organization with very many members beside one with 1,000, in the same program.
func (b *bench) lists(r *report) {
	large, little := b.pages(benchOrg), b.pages(littleOrg)
	for round := range b.rounds {
		for i := range large {
			r.add(page100(large[i].name, b.large.members), measure(b.B, 1, b.each/2, overHTTP(b.B, b.large.address(), large[i].calls)))
			r.add(page100(little[i].name, 1000), measure(b.B, 1, b.each/2, overHTTP(b.B, b.large.address(), little[i].calls)))
		}
		fmt.Printf("round %d of %d of the lists is done\n", round+1, b.rounds)
	}
	for _, page := range large {
		r.atMost(page.name+", p99 in ms", 50, r.median(page100(page.name, b.large.members), p99))
		r.atMost(page.name+fmt.Sprintf(", %d/1000 members", b.large.members), 1.3, r.ratio(page100(page.name, b.large.members), page100(page.name, 1000), p50))
	}
}

func page100(name string, members int) string {
	return fmt.Sprintf("%s, %d members", name, members)
}

// A benchPage is a page as an org admin asks for it.
type benchPage struct {
	name  string
	calls []call
}

func (b *bench) pages(org string) []benchPage {
	cookie := b.signIn(org)
	project, rootGroup := b.one(org, `SELECT r.id::text FROM resources r WHERE r.org_id = $1 AND r.kind = 'project' AND r.access_mode = 'organization' AND r.owner_id = $2 LIMIT 1`),
		b.one(org, `SELECT g.id::text FROM groups g WHERE g.org_id = $1 AND g.description = 'Number 0' AND $2::uuid IS NOT NULL`)
	at := "/orgs/" + org
	pages := []benchPage{
		{"home", []call{get(at, cookie, "</html>")}},
		{"members", []call{get(at+"/members", cookie, "@"+org+".test")}},
		{"members by role", []call{get(at+"/members?sort=-role", cookie, "@"+org+".test")}},
		{"members by last seen", []call{get(at+"/members?sort=-seen", cookie, "@"+org+".test")}},
		{"members deactivated", []call{get(at+"/members?status=deactivated", cookie, "@"+org+".test")}},
		{"members found by name", []call{get(at+"/members?search=zora+zh", cookie, "Zhang"), get(at+"/members?search=vikt", cookie, "Viktor")}},
		{"members found by address", []call{get(at+"/members?search=.77@", cookie, ".77@"), get(at+"/members?search=@"+org, cookie, "@"+org)}},
		{"members found by a letter", []call{get(at+"/members?search=q", cookie, "@"), get(at+"/members?search=a", cookie, "@")}},
		{"groups", []call{get(at+"/groups", cookie, "Analysts")}},
		{"groups found", []call{get(at+"/groups?search=quants", cookie, "Quants"), get(at+"/groups?search=number", cookie, "Number")}},
		{"group", []call{get(at+"/groups/"+rootGroup, cookie, "</html>")}},
		{"group, everyone inside", []call{get(at+"/groups/"+rootGroup+"?tab=everyone", cookie, "@"+org+".test")}},
		{"project", []call{get(at+"/resources/"+project, cookie, "</html>")}},
		{"share", []call{get(at+"/resources/"+project+"/share", cookie, "</html>")}},
		{"picker", []call{get(at+"/resources/"+project+"/candidates?search=zora", cookie, "Zora"), get(at+"/resources/"+project+"/candidates?search=an", cookie, "option"),
			get(at+"/resources/"+project+"/candidates?search=quants", cookie, "Quants"), get(at+"/resources/"+project+"/candidates?search=.77@", cookie, "option")}},
	}
	return pages
}

// one finds one thing of an organization and its first member.
func (b *bench) one(org, statement string) (found string) {
	b.Helper()
	id, err := b.large.store.FindOrganizationBySlug(b.Context(), org)
	if err == nil {
		err = b.large.pool.QueryRow(b.Context(), statement, id.ID, b.admin(org)).Scan(&found)
	}
	if err != nil {
		b.Fatalf("%s: %v", statement, err)
	}
	return found
}

// admin is the Admin of an organization who owns a project that is open to it.
func (b *bench) admin(org string) (id access.ID) {
	err := b.large.pool.QueryRow(b.Context(), `SELECT a.user_id FROM active_admins a JOIN organizations o ON o.id = a.org_id WHERE o.slug = $1
		AND EXISTS (SELECT FROM resources r WHERE r.org_id = a.org_id AND r.owner_id = a.user_id AND r.kind = 'project' AND r.access_mode = 'organization')
		ORDER BY a.user_id LIMIT 1`, org).Scan(&id)
	if err != nil {
		b.Fatalf("an admin of %s: %v", org, err)
	}
	return id
}

// signIn is the cookies of an admin, by a link that the operator made.
func (b *bench) signIn(org string) string {
	var email string
	if err := b.large.pool.QueryRow(b.Context(), "SELECT email FROM users WHERE id = $1", b.admin(org)).Scan(&email); err != nil {
		b.Fatal(err)
	}
	link := b.large.program.adminLinkAt(b.large.url, email, org)
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.large.program.base+link, strings.NewReader(url.Values{}.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := (&http.Transport{}).RoundTrip(request)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var cookies []string
	for _, cookie := range answer.Cookies() {
		cookies = append(cookies, cookie.Name+"="+cookie.Value)
	}
	if len(cookies) == 0 {
		b.Fatalf("the link %s answers %s without a cookie", link, answer.Status)
	}
	return strings.Join(cookies, "; ")
}
