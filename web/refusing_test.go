package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAFormWithWrongInputKeepsWhatWasTypedSaysWhatIsWrongAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long, lines := strings.Repeat("n", 121), strings.Repeat("d", 2001)
	uuid := "11111111-1111-4111-8111-111111111111"
	for _, one := range []struct {
		actor, path, form string
		status            int
		sentence          string
		kept              []string
	}{
		{"anonymous", "/sign-in", "email=typed@x.test&password=x&next=/orgs", 422, wrongSentence, []string{"typed@x.test", "/orgs"}},
		{"anonymous", "/setup/{setup token}", "organization=Typed+Ltd&name=Typed+Name&email=typed@x.test&password=short", 422, "at least", []string{"Typed Ltd", "Typed Name", "typed@x.test"}},
		{"anonymous", "/setup/{setup token}", "organization=Typed+Ltd&name=Typed+Name&email=typed&password=long+enough+1", 422, "is not an e-mail address", []string{"Typed Ltd", "Typed Name"}},
		{"anonymous", "/invitations/{invitation token}", "name=Typed+Name&password=short", 422, "at least", []string{"Typed Name"}},
		{"member", "/preferences/theme", "theme=pink", 422, "Choose light, dark or system.", nil},
		{"admin", "/orgs/acme/settings", "name=", 422, "Enter a name.", nil},
		{"admin", "/orgs/acme/settings", "name=" + long, 422, "at most 120 characters", []string{long}},
		{"admin", "/orgs/acme/settings", "name=a%0Ab", 422, "single line", nil},

		{"admin", "/orgs/acme/members/{tara}/role", "role=emperor", 422, "is not a role", nil},
		{"admin", "/orgs/acme/members/{tara}/role", "", 422, "is not a role", nil},
		{"admin", "/orgs/acme/members/{tara}/role", "role=owner", 422, "is not a role", nil},
		{"admin", "/orgs/acme/members/{tara}/reactivation", "", 409, "is active already", nil},
		{"admin", "/orgs/acme/members/{dan}/deactivation", "", 409, "is deactivated already", nil},
		{"admin", "/orgs/acme/members/{moda}/removal", "", 422, "Choose an active member", nil},
		{"admin", "/orgs/acme/members/{moda}/removal", "heir=not-an-address", 422, "is not an e-mail address", []string{"not-an-address"}},
		{"admin", "/orgs/acme/members/{moda}/removal", "heir=moda@acme.test", 422, "Choose an active member", []string{"moda@acme.test"}},
		{"admin", "/orgs/acme/members/{moda}/removal", "heir=dan@acme.test", 422, "Choose an active member", []string{"dan@acme.test"}},
		{"admin", "/orgs/acme/members/{moda}/removal", "heir=gil@globex.test", 422, "Choose an active member", []string{"gil@globex.test"}},

		{"admin", "/orgs/acme/invitations", "role=member&message=Typed+text", 422, "Enter the addresses", []string{"Typed text"}},
		{"admin", "/orgs/acme/invitations", "to=good@x.test,+bad&role=member&message=Typed+text", 422, "Nobody was invited", []string{"good@x.test, bad", "Typed text"}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test+A@x.test&role=member", 422, "This address is here twice.", []string{"a@x.test A@x.test"}},
		{"admin", "/orgs/acme/invitations", "to=tara@acme.test&role=member", 422, "Is a member already.", []string{"tara@acme.test"}},
		{"admin", "/orgs/acme/invitations", "to=newcomer@invited.test&role=member", 422, "Is invited already.", []string{"newcomer@invited.test"}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test&role=emperor", 422, "is not a role", []string{"a@x.test"}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test", 422, "is not a role", []string{"a@x.test"}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test&role=member&message=" + lines, 422, "at most 2,000 characters", []string{"a@x.test", lines}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test&role=member&who=group:" + uuid, 422, "This person or group is not here any more.", []string{"a@x.test"}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test&role=member&add=Reseach,+research", 422, "There is no group with this name.", []string{"a@x.test", "Reseach", "Research"}},
		{"admin", "/orgs/acme/invitations", "to=a@x.test&role=member&add=tara@acme.test", 422, "is no group. Nobody was invited.", []string{"a@x.test", "tara@acme.test"}},

		{"admin", "/orgs/acme/groups", "name=&description=Typed+text", 422, "Enter a name.", []string{"Typed text"}},
		{"admin", "/orgs/acme/groups", "name=rESEARCH&description=Typed+text", 422, "There is a group named", []string{"rESEARCH", "Typed text"}},
		{"admin", "/orgs/acme/groups", "name=Typed&description=" + lines, 422, "at most 2,000 characters", []string{"Typed", lines}},
		{"group admin", "/orgs/acme/groups/{research}/settings", "name=&description=Typed+text", 422, "Enter a name.", []string{"Typed text"}},
		{"group admin", "/orgs/acme/groups/{research}/settings", "name=Board&description=Typed+text", 422, "There is a group named", []string{"Board", "Typed text"}},
		{"group admin", "/orgs/acme/groups/{research}/members", "role=member", 422, "Choose people or groups", nil},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=user:{plain}", 422, "is not a role", []string{"plain"}},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=user:{plain}&role=owner", 422, "is not a role", []string{"plain"}},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=user:{tara}&role=member", 409, "is in Research already", []string{"tara"}},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=group:{research}&role=member", 409, "cannot be a member of itself", []string{"Research"}},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=group:{inner}&role=member", 409, "is in Research already", []string{"Inner"}},
		{"admin", "/orgs/acme/groups/{inner}/members", "who=group:{research}&role=member", 409, "Research → Inner", []string{"Research"}},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=user:" + uuid + "&role=member", 422, "is not here any more", nil},
		{"group admin", "/orgs/acme/groups/{research}/members", "who=robot:1&role=member", 422, "", nil},
		{"group admin", "/orgs/acme/groups/{research}/members", "add=Nobody+Named,+x@y&role=member", 422, "There is no group with this name", []string{"Nobody Named", "x@y"}},
		{"group admin", "/orgs/acme/groups/{research}/members/{tara}/role", "role=owner", 422, "is not a role in a group", nil},
		{"group admin", "/orgs/acme/groups/{research}/members/{tara}/role", "", 422, "is not a role in a group", nil},

		{"owner", "/orgs/acme/resources", "kind=project&name=&description=Typed+text", 422, "Enter a name.", []string{"Typed text"}},
		{"owner", "/orgs/acme/resources", "kind=project&name=" + long + "&description=Typed+text", 422, "at most 120 characters", []string{long, "Typed text"}},
		{"owner", "/orgs/acme/resources", "kind=package&parent={alpha}&name=&description=Typed+text", 422, "Enter a name.", []string{"Typed text"}},
		{"owner", "/orgs/acme/resources", "kind=package&parent={workspace}&name=", 422, "Enter a name.", nil},
		{"owner", "/orgs/acme/resources/{alpha}/settings", "name=&description=Typed+text", 422, "Enter a name.", []string{"Typed text"}},
		{"owner", "/orgs/acme/resources/{alpha}/deletion", "confirm=alph", 422, "Type Alpha", []string{"alph"}},
		{"owner", "/orgs/acme/resources/{alpha}/deletion", "", 422, "Type Alpha", nil},
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=nobody@acme.test&confirm=nobody@acme.test&version={version}", 422, "Choose an active member", []string{"nobody@acme.test"}},
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=tara@acme.test&confirm=tarra@acme.test&version={version}", 422, "again", []string{"tara@acme.test", "tarra@acme.test"}},
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=dan@acme.test&confirm=dan@acme.test&version={version}", 422, "Choose an active member", []string{"dan@acme.test"}},
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=moda@acme.test&confirm=moda@acme.test&version={version}", 422, "owns it already", []string{"moda@acme.test"}},
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=tara&confirm=tara&version={version}", 422, "is not an e-mail address", nil},
		{"owner", "/orgs/acme/resources/{alpha}/owner", "owner=tara@acme.test&confirm=tara@acme.test&version=1", 409, "in the meantime", []string{"tara@acme.test"}},

		{"owner", "/orgs/acme/resources/{alpha}/grants", "role=viewer&version={version}", 422, "Choose who should have access", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&version={version}", 422, "is not a role", []string{"plain"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=emperor&version={version}", 422, "is not a role", []string{"plain"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version={version}&expires_at=2001-01-01T00:00", 422, "in the future", []string{"plain", "2001-01-01T00:00"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version={version}&expires_at=tomorrow", 422, "Enter a date and a time", []string{"plain", "tomorrow"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version={version}&expires_at=2027-02-31T10:00", 422, "Enter a date and a time", []string{"2027-02-31T10:00"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{tara}&role=editor&version={version}", 409, "has the role Editor here already", []string{"tara"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{moda}&role=viewer&version={version}", 409, "owns Alpha", []string{"moda"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer&version=1", 409, "in the meantime", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&role=viewer", 409, "in the meantime", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "who=user:{plain}&who=user:" + uuid + "&role=viewer&version={version}", 422, "Nothing was shared", []string{"plain"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants", "add=nobody@x.test&role=viewer&version={version}", 422, "has an account", []string{"nobody@x.test"}},
		{"owner", "/orgs/acme/resources/{alpha}/grants/{grant}/role", "role=emperor&version={version}", 422, "is not a role", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants/{grant}/role", "role=viewer&version={version}&expires_at=2001-01-01T00:00", 422, "in the future", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants/{grant}/role", "role=viewer&version=1", 409, "in the meantime", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants/{grant}/removal", "version=1", 409, "in the meantime", nil},
		{"owner", "/orgs/acme/resources/{alpha}/grants/{grant}/removal", "", 409, "in the meantime", nil},
		{"owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode=secret&org_role=viewer&version={version}", 422, "is not an access mode", nil},
		{"owner", "/orgs/acme/resources/{alpha}/access-mode", "org_role=viewer&version={version}", 422, "is not an access mode", nil},
		{"owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode=organization&org_role=admin&version={version}", 422, "cannot be given to the whole organization", nil},
		{"owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode=anonymous&org_role=viewer&version={version}&confirm=alpha", 422, "Type Alpha", []string{"alpha"}},
		{"owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode=public&org_role=viewer&version={version}", 422, "Confirm that every", nil},
		{"owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode=organization&org_role=viewer&version=1", 409, "in the meantime", nil},
	} {
		before := w.checksums()
		delete(before, "public.sign_in_failures")
		got := w.post(one.actor, one.path, one.form)
		if got.status != one.status {
			t.Errorf("%s with %.120s: %d, not %d: %.300s", got.asked, one.form, got.status, one.status, got.text())
		} else {
			got.says(one.sentence)
			for _, typed := range one.kept {
				got.says(typed)
			}
		}
		after := w.checksums()
		delete(after, "public.sign_in_failures")
		for table := range after {
			if after[table] != before[table] && !strings.Contains(table, "sign_in_") {
				t.Errorf("%s with %.120s changed %s", got.asked, one.form, table)
			}
		}
		if got.status < 400 {
			w.restore()
		}
	}
}

// broken inputs are put into every field of every form; none may be answered with a failure of ours.
func broken() map[string]string {
	return map[string]string{
		"NUL":              "a\x00b",
		"broken UTF-8":     "a\xff\xfeb",
		"half a letter":    "\xe2\x82",
		"an overlong NUL":  "\xc0\x80",
		"a surrogate":      "\xed\xa0\x80",
		"10,000 letters":   strings.Repeat("n", 10000),
		"10,000 others":    mixed(10000),
		"4-byte letters":   strings.Repeat("🦊", 500),
		"marks":            strings.Repeat("e\u0301\u0302\u0303", 300),
		"right to left":    "\u202ekcatta\u202c",
		"line breaks":      "a\r\nb\n\nc",
		"a number":         "99999999999999999999999999",
		"a negative":       "-1",
		"SQL":              "'; DROP TABLE users; --",
		"a pattern":        "%_\\%",
		"a template":       "{{.}}${7*7}<%= 7 %>",
		"JSON":             `{"a":[1]}`,
		"far in the past":  "0000-01-01T00:00",
		"far ahead":        "9999-12-31T23:59",
		"another calendar": "2567-01-01T10:00:00+99:99",
		"only space":       " \t ",
	}
}

// nasty are those that are tried in each field by itself too.
var nasty = map[string]bool{"NUL": true, "broken UTF-8": true, "10,000 others": true, "a number": true, "far ahead": true, "another calendar": true, "only space": true}

// mixed are letters that do not compress, so that they do not fit into an index either.
func mixed(length int) string {
	var text strings.Builder
	for seed := uint32(7); text.Len() < length; {
		seed = seed*1664525 + 1013904223
		text.WriteByte("abcdefghijklmnopqrstuvwxyz0123456789"[seed>>16%36])
	}
	return text.String()
}

var everyField = []string{"name", "description", "email", "next", "organization", "message", "to", "role", "owner", "confirm", "heir", "who", "add", "expires_at",
	"access_mode", "org_role", "theme", "back", "kind", "parent", "group", "version", "search", "after", "before", "trail", "status", "action", "tab", "mode", "user", "sort", "scope"}

func TestNoInputIsAnsweredWithAFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, text := range broken() {
		for _, row := range pageRows(t) {
			if strings.HasPrefix(row.route, "/static") || row.route == "/sign-out" || row.method == http.MethodPost && row.form == "" {
				continue // nothing is read from these
			}
			actor := row.allowed()
			var forms []string
			all := url.Values{}
			for _, field := range everyField {
				all.Set(field, text)
			}
			forms = append(forms, all.Encode())
			own, _ := url.ParseQuery(w.fillIn(row.form))
			if row.method == http.MethodGet || !nasty[what] {
				own = nil
			}
			for field := range own { // one wrong field among right ones
				changed, _ := url.ParseQuery(w.fillIn(row.form))
				changed.Set(field, text)
				if field == "who" {
					changed["who"] = []string{"user:" + text, "group:" + text, "email:" + text, "name:" + text, text}
				}
				forms = append(forms, changed.Encode())
			}
			for _, typed := range forms {
				var got *answer
				if row.method == http.MethodGet {
					got = w.send(actor, row.method, w.fillIn(row.path())+"?"+typed, "")
				} else {
					got = w.send(actor, row.method, w.fillIn(row.path()), typed)
				}
				if got.status >= 500 {
					t.Errorf("%s with %s: %d", got.asked[:min(120, len(got.asked))], what, got.status)
				}
			}
		}
		w.restore()
	}
	if t.Failed() {
		t.Log(causes(w))
	}
}

// causes are the lines of the log that say why something failed, each once.
func causes(w *world) string {
	seen := map[string]bool{}
	var lines []string
	for line := range strings.Lines(w.log.String()) {
		_, cause, ok := strings.Cut(line, "cause=")
		if ok && !seen[cause] && len(seen) < 20 {
			seen[cause] = true
			lines = append(lines, line[:min(len(line), 500)])
		}
	}
	return strings.Join(lines, "\n")
}

// What a form carries as multipart is text as well: it must not go around the check of what can be stored.
func TestAMultipartFormIsReadLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(actor, path string, pairs ...string) *answer {
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for i := 0; i+1 < len(pairs); i += 2 {
			_ = parts.WriteField(pairs[i], pairs[i+1])
		}
		_ = parts.Close()
		return w.send(actor, http.MethodPost, w.fillIn(path), body.String(), header("Content-Type", parts.FormDataContentType()))
	}
	for what, text := range broken() {
		for _, got := range []*answer{
			send("admin", "/orgs/acme/settings", "name", text),
			send("admin", "/orgs/acme/groups", "name", "New "+what, "description", text),
			send("admin", "/orgs/acme/invitations", "to", "a@x.test", "role", "member", "message", text),
			send("owner", "/orgs/acme/resources", "kind", "project", "name", text, "description", text),
			send("anonymous", "/sign-in", "email", text, "password", text),
			send("member", "/preferences/theme", "theme", "dark", "back", text),
			send("owner", "/orgs/acme/resources/{alpha}/grants", "add", text, "role", text, "version", text),
			send("owner", "/orgs/acme/resources/{alpha}/access-mode", "access_mode", text, "org_role", text),
		} {
			if got.status >= 500 {
				t.Errorf("%s with %s as multipart: %d", got.asked, what, got.status)
			}
		}
	}
	w.post("admin", "/orgs/acme/settings", "--x\r\nbroken", header("Content-Type", "multipart/form-data; boundary=x")).must(http.StatusUnprocessableEntity)
	w.send("admin", http.MethodPost, "/orgs/acme/settings", `{"name":"x"}`, header("Content-Type", "application/json")).must(http.StatusUnprocessableEntity)
	w.post("admin", "/orgs/acme/settings", "name=x", header("Content-Type", "")).must(http.StatusUnprocessableEntity)
	w.post("admin", "/orgs/acme/settings", "name=%zz", header("Content-Type", "application/x-www-form-urlencoded")).must(http.StatusUnprocessableEntity)
	if t.Failed() {
		t.Log(causes(w))
	}
}

func TestAHugeBodyIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.checksums()
	huge := "name=" + strings.Repeat("a", 3<<20)
	for _, row := range pageRows(t) {
		if row.method != http.MethodPost {
			continue
		}
		start := time.Now()
		if got := w.post(row.allowed(), row.path(), huge); got.status != http.StatusUnprocessableEntity && got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", got.asked, got.status)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", row.route, took)
		}
	}
	w.mustBeAsBefore(before, "a huge body")
}

func TestACursorThatSomebodyMadeUpIsAnsweredLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := "00000000-0000-0000-0000-000000000000"
	for _, cursor := range []string{"x", "e30", "====", `{"n":"\u0000","i":"` + id + `"}`, `{"n":"\ud800","i":"` + id + `"}`, `{"n":"` + mixed(20000) + `","i":"` + id + `"}`,
		`{"n":"a","i":"` + id + `","s":9223372036854775807}`, `{"n":"a","i":"` + id + `","s":-9223372036854775808}`, `{"n":"a","i":"` + id + `","s":1e400}`,
		`{"n":"a","i":"'; --"}`, `{"n":{},"i":[]}`, `[]`, `null`, `{"n":"a","i":"` + id + `","s":-5}`} {
		for _, list := range []string{"/orgs/acme?", "/orgs/acme/my-access?", "/orgs/acme/members?", "/orgs/acme/groups?", "/orgs/acme/groups/{research}?",
			"/orgs/acme/groups/{research}?tab=everyone&", "/orgs/acme/audit?"} {
			for _, written := range []string{cursor, base64.RawURLEncoding.EncodeToString([]byte(cursor))} {
				got := w.get("admin", list+"after="+url.QueryEscape(written)+"&before="+url.QueryEscape(cursor))
				if got.status != http.StatusOK && got.status != http.StatusUnprocessableEntity {
					t.Errorf("%s after %.60s: %d", list, cursor, got.status)
				}
				if strings.Contains(got.text(), "9,223,372") {
					t.Errorf("%s after %.60s counts %s", list, cursor, "beyond its rows")
				}
			}
		}
	}
	if t.Failed() {
		t.Log(causes(w))
	}
}

// Quickly is with few statements: how long they take, the machine decides. Break it: in readInvited, count after the loop.
func TestTenThousandAddressesAreRefusedQuicklyAndTypedTextIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	database := w.listensTo()
	var different, same, names strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&different, "p%d@many.test\n", i)
		same.WriteString("one@many.test ")
		fmt.Fprintf(&names, "Group number %d, ", i)
	}
	before := w.checksums()
	for _, one := range []struct{ actor, path, form string }{
		{"admin", "/orgs/acme/invitations", form("to", different.String(), "role", "member")},
		{"admin", "/orgs/acme/invitations", form("to", same.String(), "role", "member")},
		{"admin", "/orgs/acme/groups/{research}/members", form("add", different.String(), "role", "member")},
		{"admin", "/orgs/acme/groups/{research}/members", form("add", names.String(), "role", "member")},
		{"owner", "/orgs/acme/resources/{alpha}/grants", form("add", different.String(), "role", "viewer", "version", w.ids["version"])},
		{"owner", "/orgs/acme/resources/{alpha}/grants", strings.Repeat("who=user:{plain}&", 10000) + form("role", "viewer", "version", "0")},
	} {
		database.heard()
		got := w.post(one.actor, one.path, one.form)
		asked := len(database.heard())
		if got.status != http.StatusUnprocessableEntity && got.status != http.StatusConflict {
			t.Errorf("%s: %d", got.asked, got.status)
		}
		if asked > 50 {
			t.Errorf("%s with 10,000 of them asks the database %d times: each is looked up before they are counted", one.path, asked)
		}
	}
	w.mustBeAsBefore(before, "10,000 addresses")
	two := w.post("admin", "/orgs/acme/invitations", form("to", strings.Join(strings.Fields(different.String())[:201], " "), "role", "member"))
	two.must(http.StatusUnprocessableEntity).says("Invite at most 200 people at once.").holds("p200@many.test")
}
