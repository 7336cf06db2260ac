package mail

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// works lets a store enqueue mail, and sends it through the mailbox until the test ends or the answer is called.
func works(t *testing.T, store *db.Store, server *Server) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- store.WorkMail(ctx, db.MailWork{Send: server.Send, Log: slog.New(slog.DiscardHandler), Pause: func(int) time.Duration { return 50 * time.Millisecond }})
	}()
	stop = func() {
		cancel()
		if ended != nil {
			if err := <-ended; err != nil {
				t.Error(err)
			}
			ended = nil
		}
	}
	t.Cleanup(stop)
	return stop
}

// posting is an organization that sends mail.
func posting(t *testing.T) (*dbtest.Database, *dbtest.Organization) {
	t.Helper()
	d := dbtest.New(t)
	acme := d.Organization(t, "acme")
	if err := d.UseMail(); err != nil {
		t.Fatal(err)
	}
	return d, acme
}

func invite(t *testing.T, acme *dbtest.Organization, email, message string) string {
	t.Helper()
	token, err := acme.Database.Invite(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewInvitation{Email: email, Role: "member", Message: message})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// ended waits until the newest mail to an address has ended, and says how.
func ended(t *testing.T, acme *dbtest.Organization, email string) db.MailRow {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		rows, _, err := acme.Database.ListMails(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		newest := slices.IndexFunc(rows, func(row db.MailRow) bool { return row.Email == email }) // an older one may end before it
		if newest >= 0 && rows[newest].EndedAt != nil {
			return rows[newest]
		}
	}
	t.Fatalf("the mail to %s never ended", email)
	return db.MailRow{}
}

func TestAnInvitationArrivesThroughSTARTTLSAndThroughTLSInBothForms(t *testing.T) {
	t.Parallel()
	for scheme, implicit := range map[string]bool{"smtp": false, "smtps": true} {
		d, acme := posting(t)
		box := newMailbox(t, implicit)
		works(t, d.Store, box.server(t, scheme, ""))
		token := invite(t, acme, "nora@acme.test", "<script>alert(1)</script> & welcome")
		got := box.waits(t, 1)[0]
		link := "https://gatehouse.test/invitations/" + token
		if got.to != "nora@acme.test" || got.from != mailUser || got.subject != "You are invited to acme" || got.id == "" {
			t.Errorf("%s: %+v", scheme, got)
		}
		if !strings.Contains(got.text, link) || !strings.Contains(got.text, "> <script>alert(1)</script> & welcome") {
			t.Errorf("%s: the text is\n%s", scheme, got.text)
		}
		if !strings.Contains(got.html, `href="`+link+`"`) || strings.Contains(got.html, "<script") || !strings.Contains(got.html, "&lt;script&gt;") {
			t.Errorf("%s: the HTML is\n%s", scheme, got.html)
		}
		if row := ended(t, acme, "nora@acme.test"); row.State != "sent" || row.Attempts != 1 || row.Problem != "" {
			t.Errorf("%s: %+v", scheme, row)
		}
	}
}

func TestNoTokenStandsInClearInWhatWaits(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	token := invite(t, acme, "nora@acme.test", "")
	var found, sealed int
	err := d.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM mails m WHERE strpos(m::text, $1) > 0 OR strpos(encode(m.link, 'escape'), $1) > 0)
		+ (SELECT count(*) FROM river_job j WHERE strpos(j::text, $1) > 0), (SELECT count(*) FROM mails WHERE link IS NOT NULL)`, token).Scan(&found, &sealed)
	if err != nil || found != 0 || sealed != 1 {
		t.Errorf("%d rows hold the token and %d are sealed: %v", found, sealed, err)
	}
	box := newMailbox(t, false)
	works(t, d.Store, box.server(t, "smtp", ""))
	ended(t, acme, "nora@acme.test")
	if err := d.Pool.QueryRow(t.Context(), `SELECT count(*) FROM mails WHERE link IS NOT NULL`).Scan(&sealed); err != nil || sealed != 0 {
		t.Errorf("%d tokens are kept after their mail: %v", sealed, err)
	}
}

func TestAFailureForNowIsTriedAgainAndOneForGoodIsNot(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	box := newMailbox(t, false)
	busy := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "come back later"}
	box.refuse = []error{busy, busy}
	works(t, d.Store, box.server(t, "smtp", ""))
	invite(t, acme, "nora@acme.test", "")
	box.waits(t, 1)
	if row := ended(t, acme, "nora@acme.test"); row.State != "sent" || row.Attempts != 3 {
		t.Errorf("after two answers 451: %+v", row)
	}
	invite(t, acme, "gone@acme.test", "")
	if row := ended(t, acme, "gone@acme.test"); row.State != "failed" || row.Attempts != 1 || !strings.Contains(row.Problem, "no such person") {
		t.Errorf("after an answer 550: %+v", row)
	}
	if n := len(box.letters()); n != 1 {
		t.Errorf("%d letters were taken", n)
	}
}

// Everything that waits is looked at again when it is sent.
func TestWhatIsNoLongerTrueIsNotMailed(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	by, ctx := dbtest.By(acme.Admin), t.Context()
	for _, email := range []string{"revoked@acme.test", "renewed@acme.test", "accepted@acme.test", "expired@acme.test"} {
		token := invite(t, acme, email, "")
		invitation, err := d.FindInvitation(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		switch email {
		case "revoked@acme.test":
			err = d.RevokeInvitation(ctx, by, acme.ID, invitation.ID)
		case "renewed@acme.test":
			_, _, err = d.RenewInvitation(ctx, by, acme.ID, invitation.ID)
		case "accepted@acme.test":
			_, _, err = d.AcceptAsNewUser(ctx, db.By{Via: "page"}, token, "Ada", "no password")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	expire(t, d, "expired@acme.test")
	leaver := acme.Member("leaver", "admin")
	if err := d.SendTestMail(ctx, dbtest.By(leaver), acme.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.EndMembership(ctx, by, acme.ID, leaver, db.Leaving{Heir: "admin@acme.test"}); err != nil {
		t.Fatal(err)
	}
	box := newMailbox(t, false)
	works(t, d.Store, box.server(t, "smtp", ""))
	for email, why := range map[string]string{"revoked@acme.test": "revoked", "accepted@acme.test": "accepted", "expired@acme.test": "expired",
		"leaver@acme.test": "no active member"} {
		if row := ended(t, acme, email); row.State != "dropped" || !strings.Contains(row.Problem, why) {
			t.Errorf("%s: %+v", email, row)
		}
	}
	got := box.waits(t, 1)
	if len(got) != 1 || got[0].to != "renewed@acme.test" {
		t.Errorf("%+v", got)
	}
}

// expire ends an invitation behind the Store's back, with the event that the guard asks for switched off.
func expire(t *testing.T, d *dbtest.Database, email string) {
	t.Helper()
	for _, statement := range []string{"ALTER TABLE invitations DISABLE TRIGGER audit_guard",
		"UPDATE invitations SET expires_at = now() - interval '1 hour' WHERE email = '" + email + "'", "ALTER TABLE invitations ENABLE TRIGGER audit_guard"} {
		if _, err := d.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAChangeThatFailsMailsNothing(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	before := waiting(t, d)
	err := d.Together(t.Context(), acme.ID, func(inside *db.Store) error {
		if _, err := inside.Invite(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewInvitation{Email: "nora@acme.test", Role: "member"}); err != nil {
			t.Error(err)
		}
		return access.ErrConflict
	})
	if !errors.Is(err, access.ErrConflict) || waiting(t, d) != before {
		t.Errorf("%v, and %d jobs wait", err, waiting(t, d))
	}
	invite(t, acme, "nora@acme.test", "") // the same in earnest
	if waiting(t, d) != before+1 {
		t.Error("a change that was made mails nothing")
	}
}

func waiting(t *testing.T, d *dbtest.Database) (jobs int) {
	t.Helper()
	if err := d.Pool.QueryRow(t.Context(), "SELECT count(*) FROM river_job").Scan(&jobs); err != nil {
		t.Fatal(err)
	}
	return jobs
}

func TestAForgottenPasswordIsChosenAnewOnceAndEndsEverySessionAndToken(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	box := newMailbox(t, false)
	stop := works(t, d.Store, box.server(t, "smtp", ""))
	for _, email := range []string{"nobody@acme.test", "admin@acme.test"} {
		if err := d.RequestReset(t.Context(), email, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
	}
	got := box.waits(t, 1)
	stop()
	if n := len(box.letters()); n != 1 || got[0].to != "admin@acme.test" {
		t.Fatalf("%d letters: %+v", n, got)
	}
	token := regexp.MustCompile(`https://gatehouse\.test/resets/(\S+)`).FindStringSubmatch(got[0].text)[1]
	session, err := d.StartSession(t.Context(), acme.Admin, "", "")
	if err != nil {
		t.Fatal(err)
	}
	api, err := d.CreateAPIToken(t.Context(), dbtest.By(acme.Admin), acme.ID, db.NewAPIToken{Name: "robot", Scopes: []string{"decide"}})
	if err != nil {
		t.Fatal(err)
	}
	if person, err := d.FindReset(t.Context(), token); err != nil || person.ID != acme.Admin {
		t.Fatalf("looking at the link: %v, %v", person, err)
	}
	if user, err := d.ResetPassword(t.Context(), db.By{Via: "page"}, token, "new hash"); err != nil || user != acme.Admin {
		t.Fatalf("%v, %v", user, err)
	}
	if account, _ := d.FindAccount(t.Context(), "admin@acme.test"); account.PasswordHash != "new hash" {
		t.Error("the password is not the new one")
	}
	if _, err := d.ResetPassword(t.Context(), db.By{Via: "page"}, token, "again"); !errors.Is(err, access.ErrNotFound) {
		t.Errorf("the link works twice: %v", err)
	}
	if _, err := d.FindSession(t.Context(), session); !errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("the session goes on: %v", err)
	}
	if _, err := d.FindService(t.Context(), api, access.DecideScope); err == nil {
		t.Error("the API token goes on")
	}
}

func TestAMisspeltServerIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"mail.example.org":                              "should be like smtp://",
		"http://mail.example.org":                       "should be like smtp://",
		"smtp://u:p@mail.example.org:0?from=a@b.test":   "port",
		"smtp://mail.example.org":                       "needs from=",
		"smtp://mail.example.org?from=a@b.test&tsl=no":  `parameter "tsl"`,
		"smtp://mail.example.org?from=a@b.test&tls=yes": "tls=yes",
		"smtps://m.example.org?from=a@b.test&tls=none":  "tls=none",
		"smtp://u:hush@m.test?from=a@b.test&tls=none":   "in clear",
	} {
		_, err := ParseServer(address, &url.URL{})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAServerWithoutTLSGetsNeitherPasswordNorMail(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, false)
	server := box.server(t, "smtp", "")
	server.roots = nil // its certificate is nobody's that we know
	err := server.Send(t.Context(), db.Mail{ID: "1", To: access.Person{Email: "a@b.test"}})
	if err == nil || box.plain != 0 || len(box.letters()) != 0 {
		t.Errorf("%v; %d signed in without TLS", err, box.plain)
	}
}

func TestPeopleAreToldOfWhatIsSharedTransferredAndEndsSoon(t *testing.T) {
	t.Parallel()
	d, acme := posting(t)
	ctx := t.Context()
	ann, bea, cid, owner := acme.Member("ann", "member"), acme.Member("bea", "member"), acme.Member("cid", "member"), acme.Member("owner", "modeler")
	project, group := acme.Project("Alpha", owner), acme.Group("research", bea, cid)
	version := func() int64 {
		resource, err := d.FindResource(ctx, acme.ID, owner, project)
		if err != nil {
			t.Fatal(err)
		}
		return resource.Version
	}
	soon := time.Now().Add(48 * time.Hour)
	share := db.Share{Who: []access.Ref{{Type: "user", ID: ann}, {Type: "group", ID: group}}, Role: "viewer", ExpiresAt: &soon, Version: version(), Notify: true, Message: "Have a look."}
	if err := d.GrantRoles(ctx, dbtest.By(owner), acme.ID, project, share); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds nobody who was not warned
		if _, err := d.WarnOfEnds(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.EndMembership(ctx, dbtest.By(acme.Admin), acme.ID, cid, db.Leaving{}); err != nil {
		t.Fatal(err)
	}
	if err := d.TransferResource(ctx, dbtest.By(acme.Admin), acme.ID, project, "admin@acme.test", version()); err != nil {
		t.Fatal(err)
	}
	box := newMailbox(t, false)
	works(t, d.Store, box.server(t, "smtp", ""))
	ended(t, acme, "owner@acme.test")
	if row := ended(t, acme, "cid@acme.test"); row.State != "dropped" {
		t.Errorf("somebody who was removed: %+v", row)
	}
	about := map[string]string{}
	for _, got := range box.waits(t, 5) {
		about[got.to] += got.subject + "; "
		if got.to == "bea@acme.test" && (!strings.Contains(got.text, "> Have a look.") || !strings.Contains(got.text, "https://gatehouse.test/orgs/acme/resources/"+string(project))) {
			t.Errorf("the text is\n%s", got.text)
		}
	}
	if about["bea@acme.test"] != "owner shared Alpha with you; " || about["owner@acme.test"] != "Alpha has another owner now; " ||
		strings.Count(about["ann@acme.test"], "shared Alpha with you") != 1 || strings.Count(about["ann@acme.test"], "ends soon") != 1 {
		t.Errorf("%v", about)
	}
}
