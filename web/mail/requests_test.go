package mail

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// askingMail is an organization that sends mail, with a project that two can share and of which the others may not know.
type askingMail struct {
	t             *testing.T
	d             *dbtest.Database
	acme          *dbtest.Organization
	owner, helper access.ID
	project       access.ID
}

func newAskingMail(t *testing.T) *askingMail {
	d, acme := posting(t)
	a := &askingMail{t: t, d: d, acme: acme, owner: acme.Member("owner", "modeler"), helper: acme.Member("helper", "member")}
	a.project = acme.Project("Alpha", a.owner)
	acme.Grant(a.owner, a.project, access.Ref{Type: "user", ID: a.helper}, "admin")
	return a
}

func (a *askingMail) asks(user, about access.ID) access.ID {
	a.t.Helper()
	asked := db.AskedAccess{Role: "viewer", Days: 7, Message: "For <b>the</b> figures."}
	id, err := a.d.RequestAccess(a.t.Context(), dbtest.By(user), a.acme.ID, about, asked)
	if err != nil {
		a.t.Fatal(err)
	}
	return id
}

func TestThoseWhoCanShareAreMailedOnceAndTheOneWhoAsksHearsTheAnswer(t *testing.T) {
	t.Parallel()
	a := newAskingMail(t)
	ctx, by := t.Context(), dbtest.By
	dev, eve, flo := a.acme.Member("dev", "member"), a.acme.Member("eve", "member"), a.acme.Member("flo", "member")
	box := newMailbox(t, false)
	first := a.asks(dev, a.project)
	a.asks(eve, "00000000-0000-4000-8000-000000000000") // reaches nobody
	taken := a.asks(flo, a.project)
	if err := a.d.WithdrawRequest(ctx, by(flo), a.acme.ID, taken); err != nil {
		t.Fatal(err)
	}
	works(t, a.d.Store, box.server(t, "smtp", ""))
	for _, got := range box.waits(t, 2) {
		if got.to != "owner@acme.test" && got.to != "helper@acme.test" || got.subject != "dev asks for access to Alpha" || !strings.Contains(got.text, "> For <b>the</b> figures.") ||
			!strings.Contains(got.text, "https://gatehouse.test/orgs/acme/requests/"+string(first)) || strings.Contains(got.html, "<b>the</b>") {
			t.Errorf("%+v", got)
		}
	}
	if err := a.d.WithdrawRequest(ctx, by(dev), a.acme.ID, first); err != nil {
		t.Fatal(err)
	}
	second := a.asks(dev, a.project) // on the same day: nobody is mailed again
	if err := a.d.DenyRequest(ctx, by(a.helper), a.acme.ID, second, "Not this quarter.", 1); err != nil {
		t.Fatal(err)
	}
	if got := box.waits(t, 3)[2]; got.to != "dev@acme.test" || got.subject != "No access to what you asked for" || !strings.Contains(got.text, "> Not this quarter.") ||
		strings.Contains(got.text+got.html, "Alpha") {
		t.Errorf("a refusal says %+v", got)
	}
	third := a.asks(dev, a.project)
	if err := a.d.ApproveRequest(ctx, by(a.owner), a.acme.ID, third, db.Approval{Role: "editor", Version: 1}); err != nil {
		t.Fatal(err)
	}
	if got := box.waits(t, 4)[3]; got.subject != "You have access to Alpha" || !strings.Contains(got.text, "owner gave you the role Editor on the project Alpha of acme.") {
		t.Errorf("an approval says %+v", got)
	}
	if n := len(box.letters()); n != 4 {
		t.Errorf("%d letters", n)
	}
}

// Break: in db/mail_requests.go, checkRequestMail, leave out the cases.
func TestWhatWaitsIsJudgedAgainBeforeAMailAboutItIsSent(t *testing.T) {
	t.Parallel()
	a := newAskingMail(t)
	dev := a.acme.Member("dev", "member")
	box := newMailbox(t, false)
	stop := works(t, a.d.Store, box.server(t, "smtp", ""))
	for _, email := range []string{"owner@acme.test", "helper@acme.test", "dev@acme.test"} {
		ended(t, a.acme, email) // their invitations, which they accepted long ago
	}
	stop()
	request := a.asks(dev, a.project)
	var once sync.Once
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		_ = a.d.WorkMail(ctx, db.MailWork{Log: slog.New(slog.DiscardHandler), Pause: func(int) time.Duration { return 50 * time.Millisecond },
			Send: func(ctx context.Context, _ db.Mail) error {
				once.Do(func() { // the first mail is tried, and meanwhile the request is taken back
					if err := a.d.WithdrawRequest(ctx, dbtest.By(dev), a.acme.ID, request); err != nil {
						t.Error(err)
					}
				})
				return errors.New("come back later")
			}})
	}()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		rows, _, err := a.d.ListMails(ctx, a.acme.ID) // the rows alone: the counts are read after them
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("%v; %+v", err, rows)
		}
		if rows[0].Kind == db.RequestMail && rows[1].Kind == db.RequestMail && rows[0].EndedAt != nil && rows[1].EndedAt != nil {
			if rows[0].Problem+rows[1].Problem != strings.Repeat("The request waits no longer.", 2) {
				t.Errorf("%+v", rows[:2])
			}
			return
		}
	}
}
