package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestAFileOfPeopleIsTriedFirstAndSaysWhatBecomesOfEachRow(t *testing.T) {
	t.Parallel()
	w := mailing(t)
	file := "\ufeffEmail;Name;Role;Groups\r\nnina@invited.test;Nina;Modeler;Research\r\nplain@acme.test;Known;member;\r\nnobody;;;\r\n" +
		"NINA@invited.test;Twice;;\r\notto@invited.test;Otto;king;\r\nuwe@invited.test;Uwe;member;Nowhere\r\nvera@invited.test;;;\r\n"
	invited := func() int {
		return w.count(`SELECT count(*) FROM invitations WHERE email LIKE '%@invited.test'`) + w.count(`SELECT count(*) FROM mails`)
	}
	before := invited()
	tried := w.post("admin", "/orgs/acme/invitations/file", form("csv", file)).must(http.StatusOK).says("Nobody is invited yet. 2 people would be, 5 not.").
		says("Is a member already.").says("This is not an e-mail address.").says("This address is here twice.").says("There is no group Nowhere.")
	if invited() != before {
		t.Fatal("a try invited somebody or mailed")
	}
	if !strings.Contains(tried.body, `name="confirm" value="yes"`) {
		t.Error("there is no second step")
	}
	w.post("admin", "/orgs/acme/invitations/file", form("csv", file, "confirm", "yes")).must(http.StatusOK).says("2 people invited by mail, 5 not.")
	if invited() != before+4 {
		t.Errorf("%d invitations and mails more, and not 4", invited()-before)
	}
	if n := w.count(`SELECT count(*) FROM invitations i JOIN invitation_groups g ON g.invitation_id = i.id WHERE i.email = 'nina@invited.test' AND i.role_id = 'organization/modeler'`); n != 1 {
		t.Error("Nina's role or group is not the file's")
	}
	for _, bad := range []string{"", "email", "name\nNina", "email,email\na@b.test,c@d.test", "email,is_admin\na@b.test,yes", "email\n\"a@b.test"} {
		w.post("admin", "/orgs/acme/invitations/file", form("csv", bad)).must(http.StatusUnprocessableEntity)
	}
}
