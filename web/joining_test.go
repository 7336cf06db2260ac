package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

const accepted = "name=Nora&password=long+enough+1"

// invited invites an address to acme with the form and returns the token of the link on the page.
func (w *world) invited(email, role string, more ...string) string {
	w.t.Helper()
	page := w.post("admin", "/orgs/acme/invitations", form(append([]string{"to", email, "role", role}, more...)...)).must(http.StatusOK)
	found := regexp.MustCompile(`http://gatehouse\.test/invitations/([\w-]{43})`).FindStringSubmatch(page.body)
	if found == nil {
		w.t.Fatalf("no link in %s", page.text())
	}
	return found[1]
}

func TestSomebodyNewJoinsByTheirLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.invited("Nora <nora@invited.test>", "modeler", "who", "group:"+w.ids["board"], "message", "Please come.")
	for range 5 { // programs that scan mail open links too
		w.get("anonymous", "/invitations/"+token).must(http.StatusOK).says("nora@invited.test").says("Please come.")
	}
	in := w.post("anonymous", "/invitations/"+token, accepted).leadsTo("/orgs/acme")
	w.get("anonymous", "/orgs/acme", cookie(in.session())).must(http.StatusOK)
	w.get("anonymous", "/orgs/acme/resources/new?kind=project", cookie(in.session())).must(http.StatusOK)
	if w.count(`SELECT count(*) FROM group_members gm JOIN users u ON u.id = gm.user_id WHERE gm.group_id = $1 AND u.email = 'nora@invited.test'`, w.ids["board"]) != 1 {
		t.Error("who was invited into a group is not in it")
	}
	w.get("anonymous", "/orgs/acme/members", cookie(in.session())).must(http.StatusNotFound)
	w.signIn("NORA@invited.test", "long enough 1").leadsTo("/")
	w.get("anonymous", "/invitations/"+token).must(http.StatusGone)
}

func TestAnInvitationIsNotAcceptedAsAnotherAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	w.get("outsider", "/invitations/{invitation token}").must(http.StatusOK).says("newcomer@invited.test")
	w.post("outsider", "/invitations/{invitation token}", accepted).must(http.StatusForbidden).says("another address")
	w.post("outsider", "/invitations/{invitation token}", form("email", "newcomer@invited.test", "name", "N", "password", "long enough 1")).must(http.StatusForbidden)
	w.mustBeAsBefore(before, "accepting as another address")
	w.get("outsider", "/orgs/acme").must(http.StatusNotFound)
}

func TestAnInvitationForAKnownAddressGivesNobodyElseThatAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.invited("gil@globex.test", "member")
	w.get("anonymous", "/invitations/"+token).must(http.StatusOK).says("Sign in")
	before := w.checksums()
	w.post("anonymous", "/invitations/"+token, accepted).must(http.StatusConflict)
	w.mustBeAsBefore(before, "accepting for a known address")
	w.signIn("gil@globex.test", "long enough 1").must(http.StatusUnprocessableEntity)
	w.post("gil", "/invitations/"+token, "").leadsTo("/orgs/acme")
	w.get("gil", "/orgs/acme").must(http.StatusOK).says("Welcome to acme")
	w.get("gil", "/orgs/globex").must(http.StatusOK)
}

func TestALinkThatIsUsedRevokedRenewedOrOverSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used, revoked, over, replaced := w.invited("u@invited.test", "member"), w.invited("r@invited.test", "member"), w.invited("o@invited.test", "member"), w.invited("p@invited.test", "member")
	id := func(email string) string {
		var id string
		if err := w.pool.QueryRow(t.Context(), `SELECT id::text FROM invitations WHERE email = $1`, email).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	w.post("anonymous", "/invitations/"+used, accepted).must(http.StatusSeeOther)
	w.post("admin", "/orgs/acme/invitations/"+id("r@invited.test")+"/revocation", "").must(http.StatusSeeOther)
	w.exec(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE email = 'o@invited.test'`)
	renewed := w.post("admin", "/orgs/acme/invitations/"+id("p@invited.test")+"/link", "").must(http.StatusOK)
	before := w.checksums()
	for what, token := range map[string]string{"used": used, "revoked": revoked, "over": over} {
		for _, actor := range []string{"anonymous", "outsider"} {
			w.get(actor, "/invitations/"+token).must(http.StatusGone)
		}
		if got := w.post("anonymous", "/invitations/"+token, accepted); got.status != http.StatusConflict && got.status != http.StatusGone || got.session() != "" {
			t.Errorf("a link that is %s answers %d", what, got.status)
		}
	}
	w.get("anonymous", "/invitations/"+replaced).must(http.StatusNotFound)
	w.post("anonymous", "/invitations/"+replaced, accepted).must(http.StatusNotFound)
	w.mustBeAsBefore(before, "a dead link")
	fresh := regexp.MustCompile(`invitations/([\w-]{43})`).FindStringSubmatch(renewed.body)[1]
	w.post("anonymous", "/invitations/"+fresh, accepted).must(http.StatusSeeOther)
}

func TestAnInvitationAcceptedByFourAtOnceLetsOneIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.count(`SELECT count(*) FROM memberships`)
	var all sync.WaitGroup
	var mutex sync.Mutex
	statuses := map[int]int{}
	for range 4 {
		all.Go(func() {
			got := w.post("anonymous", "/invitations/{invitation token}", accepted)
			mutex.Lock()
			defer mutex.Unlock()
			statuses[got.status]++
		})
	}
	all.Wait()
	if statuses[http.StatusSeeOther] != 1 || w.count(`SELECT count(*) FROM memberships`) != before+1 {
		t.Errorf("the answers are %v", statuses)
	}
	for status := range statuses {
		if status >= 500 {
			t.Errorf("somebody was answered %d", status)
		}
	}
}

func TestAnInvitationOfAnotherOrganizationIsNeitherRenewedNorRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, what := range []string{"link", "revocation"} {
		w.post("admin", "/orgs/acme/invitations/{globex invitation}/"+what, "").must(http.StatusNotFound)
		w.post("outsider", "/orgs/globex/invitations/{invitation}/"+what, "").must(http.StatusNotFound)
		w.post("outsider", "/orgs/acme/invitations/{invitation}/"+what, "").must(http.StatusNotFound)
	}
	w.mustBeAsBefore(before, "the other organization's Admin")
}

func TestAnInvitationGivesOnlyWhatItsInviterStillHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.invited("late@invited.test", "admin")
	if err := w.store.ChangeMemberRole(t.Context(), dbtest.By(access.ID(w.ids["second"])), access.ID(w.ids["acme"]), access.ID(w.ids["admin"]), "member"); err != nil {
		t.Fatal(err)
	}
	w.post("anonymous", "/invitations/"+token, accepted).must(http.StatusConflict).says("can no longer invite you")
	if n := w.count(`SELECT count(*) FROM users WHERE email = 'late@invited.test'`); n != 0 {
		t.Error("a refused acceptance left an account behind")
	}
}

func TestAcceptingWithABadNameOrPasswordKeepsTheFormAndTheLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, typed := range []string{"", "name=&password=long+enough+1", "name=Nora", "name=Nora&password=short", "name=Nora&password=" + strings.Repeat("x", 201),
		"name=" + strings.Repeat("n", 121) + "&password=long+enough+1"} {
		got := w.post("anonymous", "/invitations/{invitation token}", typed).must(http.StatusUnprocessableEntity)
		if strings.Contains(typed, "Nora") {
			got.says("Nora")
		}
		got.saysNothingOf("long enough 1")
	}
	w.mustBeAsBefore(before, "a refused acceptance")
	w.post("anonymous", "/invitations/{invitation token}", accepted).must(http.StatusSeeOther)
}

func TestTwoSpellingsOfAnAddressAreOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, spelled := range []string{"TARA@acme.test", " tara@ACME.TEST ", "Tara <tara@acme.test>", "ｔara@acme.test"} {
		w.post("admin", "/orgs/acme/invitations", form("to", spelled, "role", "member")).must(http.StatusUnprocessableEntity)
	}
	got := w.post("admin", "/orgs/acme/invitations", form("to", "new@x.test, NEW@x.test", "role", "member")).must(http.StatusUnprocessableEntity)
	got.says("This address is here twice.")
	w.post("admin", "/orgs/acme/invitations", form("to", "Newcomer@Invited.test", "role", "member")).must(http.StatusUnprocessableEntity).says("Is invited already.")
}

func TestAGroupAdminLiftsNobodyThroughAGroupThatCarriesARole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, acme, by := t.Context(), access.ID(w.ids["acme"]), dbtest.By(access.ID(w.ids["admin"]))
	board, research := access.Ref{Type: "group", ID: access.ID(w.ids["board"])}, access.Ref{Type: "group", ID: access.ID(w.ids["research"])}
	before := w.checksums()
	w.post("group admin", "/orgs/acme/groups/{board}/members", "who=user:{grace}&role=member").must(http.StatusForbidden)
	w.post("group admin", "/orgs/acme/groups/{board}/members", "who=group:{research}&role=member").must(http.StatusForbidden)
	w.mustBeAsBefore(before, "a group admin elsewhere")
	// Board carries Creator on Workspace; with Research inside, so does Research, and its admin may no longer say who is in it.
	if err := w.store.GrantRoles(ctx, by, acme, access.ID(w.ids["workspace"]), db.Share{Who: []access.Ref{board}, Role: "creator", Version: 1}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.AddToGroup(ctx, by, acme, board.ID, []access.Ref{research}, access.GroupMember); err != nil {
		t.Fatal(err)
	}
	before = w.checksums()
	w.post("group admin", "/orgs/acme/groups/{research}/members", "who=user:{plain}&role=member").must(http.StatusForbidden).says("carries the role")
	w.post("group admin", "/orgs/acme/groups/{research}/members/{tara}/removal", "").must(http.StatusForbidden)
	w.post("group admin", "/orgs/acme/groups/{research}/members/{tara}/role", "role=admin").must(http.StatusForbidden)
	w.post("group admin", "/orgs/acme/groups/{research}/groups/{inner}/removal", "").must(http.StatusForbidden)
	w.post("group admin", "/orgs/acme/groups/{research}/deletion", "").must(http.StatusForbidden)
	w.mustBeAsBefore(before, "a group admin of a group that carries a role")
	w.post("admin", "/orgs/acme/groups/{research}/members", "who=user:{plain}&role=member").must(http.StatusSeeOther)
}

func TestNobodySharesMoreThanTheyHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	for _, role := range []string{"viewer", "modeler", "editor", "admin"} { // tara is Editor: she holds no right to share
		w.post("tara", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&version={version}&role="+role).must(http.StatusForbidden)
		w.post("tara", "/orgs/acme/resources/{alpha}/grants/{grant}/role", "version={version}&role="+role).must(http.StatusForbidden)
	}
	for _, role := range []string{"owner", "auditor", "member", "administrator", "project/admin", "Viewer", "", "viewer "} {
		got := w.post("owner", "/orgs/acme/resources/{alpha}/grants", form("who", "user:"+w.ids["plain"], "version", w.ids["version"], "role", strings.TrimRight(role, " ")+"!"))
		got.must(http.StatusUnprocessableEntity)
	}
	w.post("owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&version={version}&role=owner").must(http.StatusUnprocessableEntity)
	w.post("owner", "/orgs/acme/resources/{pack}/grants", "who=user:{plain}&version=1&role=modeler").must(http.StatusUnprocessableEntity) // a package has no Modeler
	w.mustBeAsBefore(before, "a role above one's own")
}

func TestSomebodyOutsideIsAnEditorAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	share := func(role string) *answer {
		return w.post("owner", "/orgs/acme/resources/{alpha}/grants", "add=gil@globex.test&version={version}&role="+role)
	}
	share("admin").must(http.StatusUnprocessableEntity).says("Editor at most")
	w.get("gil", "/orgs/acme/resources/{alpha}").must(http.StatusNotFound)
	share("editor").must(http.StatusSeeOther)
	w.get("gil", "/orgs/acme/resources/{alpha}").must(http.StatusOK)
	w.get("gil", "/orgs/acme/resources/{alpha}/settings").must(http.StatusOK)
	w.post("gil", "/orgs/acme/resources/{alpha}/settings", "name=Omega").must(http.StatusSeeOther)
	for _, closed := range []string{"/orgs/acme", "/orgs/acme/resources/{alpha}/share", "/orgs/acme/resources/{alpha}/candidates", "/orgs/acme/members/{tara}", "/orgs/acme/groups/{research}"} {
		w.get("gil", closed).must(http.StatusNotFound)
	}
	w.get("gil", "/orgs/acme/resources/{alpha}").saysNothingOf("tara@acme.test").saysNothingOf(w.ids["tara"])
}

func TestAGrantDoesNotReturnWithANewGroupOfTheSameName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("group admin", "/orgs/acme/resources/{alpha}").must(http.StatusOK)
	w.post("admin", "/orgs/acme/groups/{research}/deletion", "").must(http.StatusSeeOther)
	w.get("group admin", "/orgs/acme/resources/{alpha}").must(http.StatusNotFound)
	made := w.post("admin", "/orgs/acme/groups", "name=Research").must(http.StatusSeeOther)
	w.post("admin", made.location()+"/members", "who=user:{grace}&role=member").must(http.StatusSeeOther)
	w.get("group admin", "/orgs/acme/resources/{alpha}").must(http.StatusNotFound)
}

func TestAPageAndTheAuditLogHoldNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.invited("nora@invited.test", "member")
	w.post("anonymous", "/invitations/"+token, accepted).must(http.StatusSeeOther)
	w.signIn("plain@acme.test", "a wrong secret")
	secrets := []string{token, "long enough 1", "a wrong secret", password, w.tokens["admin"], w.ids["link token"], w.ids["setup token"]}
	for _, secret := range secrets {
		if n := w.count(`SELECT count(*) FROM audit_events e WHERE to_jsonb(e)::text LIKE '%' || $1 || '%'`, secret); n != 0 {
			t.Errorf("the audit log holds %q", secret)
		}
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
		w.get("admin", "/orgs/acme/audit").saysNothingOf(secret)
		w.get("admin", "/orgs/acme/members").saysNothingOf(secret)
	}
	if n := w.count(`SELECT count(*) FROM audit_events e WHERE to_jsonb(e)::text LIKE '%argon2%'`); n != 0 {
		t.Error("the audit log holds the hash of a password")
	}
}

func TestTheAuditChainHoldsAfterEveryRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range pageRows(t) {
		if row.method == http.MethodPost && strings.HasPrefix(row.route, "/orgs/") {
			row.send(w, "admin")
			row.send(w, "owner")
		}
	}
	for _, org := range []string{"acme", "globex"} {
		if _, err := w.store.VerifyAudit(context.Background(), access.ID(w.ids[org])); err != nil {
			t.Errorf("%s: %v", org, err)
		}
	}
	var _ db.By // the events say who, from where and by which request
	if n := w.count(`SELECT count(*) FROM audit_events WHERE via = 'page' AND (actor_id IS NULL OR address = '' OR request_id = '') AND action <> 'invitation.accepted'`); n != 0 {
		t.Errorf("%d events do not say who made them", n)
	}
}
