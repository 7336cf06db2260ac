package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// W10 of the proof for bodies: a member that nobody asks for is named, and nothing is changed.
func TestMembersThatABodyDoesNotHaveAreNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	before := w.checksums()
	for _, row := range restRows(t) {
		if row.body == "" {
			continue
		}
		for _, name := range []string{"role", "org_id", "owner", "is_admin", "id", "status", "made_by", "Role", "NAME", "rights", "email", "access_mode", "via", "", "\u202e"} {
			if strings.Contains(row.body, `"`+name+`":`) || takesMember(row, name) {
				continue
			}
			extra, _ := json.Marshal(map[string]any{name: "admin"})
			body := strings.TrimSuffix(string(extra), "}") + "," + strings.TrimPrefix(row.body, "{")
			full := row
			full.body = body
			if said := full.send(w, token).isProblem(http.StatusBadRequest); said.Field != name || !strings.Contains(said.Detail, "Nobody asks for "+name) {
				t.Errorf("%s %s with %q: %v", row.method, row.path, name, said)
			}
		}
	}
	w.mustBeAsBefore(before, "a member that nobody asks for")
}

// takesMember tells whether a body may have a member that its row leaves out.
func takesMember(row serviceRow, name string) bool {
	return name == "status" && strings.HasPrefix(row.path, "/members/")
}

// bodies are no requests, with the status of each.
var noRequests = map[string]int{"": 400, " ": 400, "null": 400, "[]": 400, "1": 400, `"text"`: 400, "{": 400, "{}}": 400, `{"a":1}{"b":2}`: 400, "{'a':1}": 400,
	"\xff\xfe": 400, `{"name":"a` + "\xff" + `"}`: 400, strings.Repeat("[", 20000): 400, `{"a":` + strings.Repeat("{\"a\":", 20000): 400}

func TestABodyThatIsNoRequestIsRefusedAsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	before := w.checksums()
	for _, row := range restRows(t) {
		if row.body == "" {
			continue
		}
		for body, status := range noRequests {
			if len(body) == 0 {
				body = " "
			}
			broken := row
			broken.body = body
			broken.send(w, token).isProblem(status)
		}
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/json-patch+json", ";"} {
			row.send(w, token, func(r *http.Request) { r.Header["Content-Type"] = []string{kind} }).isProblem(http.StatusUnsupportedMediaType)
		}
		large := row
		large.body = `{"name":"` + strings.Repeat("n", 1<<20) + `"}`
		large.send(w, token).isProblem(http.StatusRequestEntityTooLarge)
		w.rest(token, row.method, row.path, row.body, header("Content-Type", "application/json; charset=utf-8"), header("If-Match", "")) // is one: refused, if at all, for another reason
		if w.count(`SELECT count(*) FROM service_answers`) > 0 {
			t.Error("an answer is kept without a key")
		}
		w.restore()
		token = w.services()["owner"]
		before = w.checksums()
	}
	w.mustBeAsBefore(before, "bodies that are no requests")
}

// Every member of every body is given values of every type and all that breaks programs: none is a failure.
func TestNoValueOfAnyMemberMakesTheServerFail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["owner"]
	values := []any{nil, true, 1, -1.5, 1e300, []any{}, []any{nil}, []any{map[string]any{}}, map[string]any{}, map[string]any{"id": "x"}, "", w.ids["beta"], w.ids["acme"], "admin", "2099-01-01T00:00:00Z"}
	lists := values
	for _, text := range broken() {
		values, lists = append(values, text), append(lists, []any{text})
	}
	for _, row := range restRows(t) {
		if row.body == "" {
			continue
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(w.fillBody(row.body)), &members); err != nil {
			t.Fatal(err)
		}
		for _, optional := range []string{"description", "message", "groups", "group", "organization", "expires_at", "key", "status", "org_role", "role"} {
			if _, there := members[optional]; !there {
				members[optional] = nil
			}
		}
		for name := range members {
			of := values
			if name == "groups" || name == "scopes" || name == "rights" {
				of = lists
			}
			for _, value := range of {
				sent := map[string]any{}
				for other, is := range members {
					if is != nil {
						sent[other] = is
					}
				}
				sent[name] = value
				body, _ := json.Marshal(sent)
				broken := row
				broken.body = string(body)
				before := w.written()
				got := broken.send(w, token)
				if got.status >= 500 {
					t.Errorf("%s with %s = %.60v: %d", got.asked, name, value, got.status)
				}
				if got.status >= 400 {
					got.isProblem(got.status)
				}
				if w.written() != before && (row.guarded() || strings.HasPrefix(row.path, "/members")) { // elsewhere the next is let in too
					w.restore()
					token = w.services()["owner"]
				}
			}
		}
	}
}

// A token that ends hands out none that does not; and what a token makes is its maker's.
func TestATokenHandsOutNoMoreThanItHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	w.exec(`UPDATE api_tokens SET expires_at = now() + interval '1 hour' WHERE name = 'admin'`)
	soon := time.Now().Add(30 * time.Minute).UTC().Format(time.RFC3339)
	for _, asked := range []struct {
		name, until string
		status      int
	}{{"Longer for ever", "null", 422}, {"Longer by years", `"2099-01-01T00:00:00Z"`, 422}, {"Longer not", `"` + soon + `"`, 201}} {
		got := w.rest(tokens["admin"], "POST", "/tokens", `{"name":"`+asked.name+`","scopes":["manage"],"expires_at":`+asked.until+`}`).must(asked.status)
		if asked.status == 422 && got.isProblem(422).Field != "expires_at" {
			t.Error(got.body)
		}
	}
	if own := w.count(`SELECT count(*) FROM api_tokens WHERE name LIKE 'Longer%' AND made_by = $1::uuid`, w.ids["admin"]); own != 1 {
		t.Errorf("%d tokens are the maker's", own)
	}
}

// The rules are the pages' own: what a page refuses, a service is refused.
func TestAServiceIsRefusedWhatAPageRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	for _, name := range []string{"second", "moda"} { // one Admin is left, who makes these requests
		w.rest(tokens["admin"], "PATCH", "/members/{"+name+"}", `{"role":"member"}`).must(200)
	}
	before := w.checksums()
	for _, each := range []struct {
		actor, method, path, body string
		status                    int
	}{
		{"admin", "DELETE", "/members/{admin}", "", 409},
		{"admin", "PATCH", "/members/{admin}", `{"role":"member"}`, 409},
		{"operator", "PATCH", "/members/{admin}", `{"status":"deactivated"}`, 409},
		{"operator", "DELETE", "/members/{admin}", "", 409},
		{"admin", "DELETE", "/members/{moda}", "", 422},                      // owns something: who takes it over?
		{"admin", "DELETE", "/members/{moda}?heir=gil@globex.test", "", 422}, // no member
		{"admin", "DELETE", "/members/{moda}?heir=moda@acme.test", "", 422},  // the one who goes
		{"admin", "POST", "/members/{moda}/removal", `{}`, 422},
		{"admin", "POST", "/members/{moda}/removal", `{"heir":"tara@acme.test","heirs":[{"resource":"{alpha}","heir":"gil@globex.test"}]}`, 422},
		{"admin", "POST", "/members/{moda}/removal", `{"heir":"tara@acme.test","heirs":[{"resource":"alpha","heir":"plain@acme.test"}]}`, 422},
		{"admin", "POST", "/members/{moda}/removal", `{"heir":"tara@acme.test","heirs":[{"resource":"{acme}","heir":"plain@acme.test"}]}`, 422},
		{"admin", "POST", "/members/{moda}/removal", `{"heir":"tara@acme.test","admins":[{"group":"{research}","admin":"plain@acme.test"}]}`, 422},
		{"admin", "POST", "/members/{moda}/removal", `{"heir":"tara@acme.test","heirs":"alpha"}`, 400},
		{"admin", "PATCH", "/members/{plain}", `{"role":"emperor"}`, 422},         // no role
		{"admin", "PATCH", "/members/{plain}", `{"status":"invited"}`, 422},       // no status to give
		{"admin", "PATCH", "/members/{plain}", `{"status":"active"}`, 409},        // is
		{"admin", "POST", "/groups/{inner}/members", `{"group":"Research"}`, 409}, // a circle
		{"admin", "POST", "/groups/{inner}/members", `{"group":"Inner"}`, 409},    // itself
		{"admin", "POST", "/groups/{inner}/members", `{"user":"{gil}","role":"member"}`, 422},
		{"admin", "POST", "/groups/{inner}/members", `{"user":"gil@globex.test","role":"member"}`, 422},
		{"admin", "POST", "/groups/{inner}/members", `{"user":"tara@acme.test","role":"member"}`, 409},
		{"admin", "POST", "/groups/{inner}/members", `{"user":"plain@acme.test"}`, 422},
		{"admin", "POST", "/groups/{inner}/members", `{"user":"plain@acme.test","group":"Board","role":"member"}`, 400},
		{"admin", "POST", "/groups/{inner}/members", `{}`, 400},
		{"admin", "POST", "/invitations", `{"email":"tara@acme.test","role":"member"}`, 409},
		{"admin", "POST", "/invitations", `{"email":"newcomer@invited.test","role":"member"}`, 409},
		{"admin", "POST", "/invitations", `{"email":"no address","role":"member"}`, 422},
		{"admin", "POST", "/resources", `{"kind":"project","parent":"{alpha}","name":"Inside"}`, 403},
		{"operator", "POST", "/resources/{alpha}/grants", `{"user":"gil@globex.test","role":"admin"}`, 422}, // outside: Editor at most
		{"operator", "POST", "/resources/{alpha}/grants", `{"user":"tara@acme.test","role":"owner"}`, 422},
		{"operator", "POST", "/resources/{alpha}/grants", `{"user":"moda@acme.test","role":"viewer"}`, 409}, // owns it
		{"operator", "POST", "/resources/{alpha}/grants", `{"user":"plain@acme.test","role":"viewer","expires_at":"2001-01-01T00:00:00Z"}`, 422},
		{"operator", "POST", "/resources/{acme}/grants", `{"user":"plain@acme.test","role":"admin"}`, 422}, // on the Members page
		{"operator", "POST", "/groups", `{"name":"Research"}`, 422},
		{"operator", "PUT", "/resources/{alpha}/access-mode", `{"access_mode":"everybody"}`, 422},
		{"operator", "PUT", "/resources/{alpha}/access-mode", `{"access_mode":"organization","org_role":"admin"}`, 422},
		{"operator", "PUT", "/resources/{acme}/access-mode", `{"access_mode":"public"}`, 403},
		{"operator", "PUT", "/resources/{alpha}/owner", `{"email":"gil@globex.test"}`, 422},
		{"operator", "DELETE", "/resources/{acme}", "", 403},
		{"operator", "PUT", "/resources/{alpha}/parent", `{"parent":"{alpha}"}`, 422},     // in itself
		{"operator", "PUT", "/resources/{alpha}/parent", `{"parent":"{pack}"}`, 422},      // in what lies in it
		{"operator", "PUT", "/resources/{alpha}/parent", `{"parent":"{acme}"}`, 422},      // projects lie in modules
		{"operator", "PUT", "/resources/{alpha}/parent", `{"parent":"{workspace}"}`, 422}, // where it is
		{"operator", "PUT", "/resources/{yard}/parent", `{"parent":"{workspace}"}`, 403},
		{"admin", "PUT", "/policy", `{"default_mode":"public","default_role":"viewer","widest_mode":"organization","external_sharing":true,"admin_reach":"full"}`, 422},
		{"admin", "PUT", "/policy", `{"default_mode":"restricted","default_role":"admin","widest_mode":"organization","external_sharing":true,"admin_reach":"full"}`, 422},
		{"admin", "PUT", "/policy", `{"default_mode":"restricted","default_role":"viewer","widest_mode":"all","external_sharing":true,"admin_reach":"full"}`, 422},
		{"admin", "PUT", "/policy", `{"default_mode":"restricted","default_role":"viewer","widest_mode":"organization","external_sharing":true,"admin_reach":"half"}`, 422},
		{"admin", "PUT", "/policy", `{"widest_mode":"organization"}`, 400}, // a policy is sent whole
	} {
		tag := ""
		if row := (serviceRow{method: each.method, path: each.path}); row.guarded() {
			list := strings.NewReplacer("/owner", "/grants", "/access-mode", "/grants", "/parent", "/grants").Replace(each.path)
			tag = w.rest(tokens["operator"], "GET", list, "").header.Get("ETag")
		}
		w.rest(tokens[each.actor], each.method, each.path, each.body, tagged(tag)).isProblem(each.status)
	}
	w.mustBeAsBefore(before, "a refused request")
}

// Whatever happens below /api/v1, a program reads JSON with the headers of every answer.
func TestWhateverFailsIsAProblemDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.services()["admin"]
	for _, each := range []struct {
		method, path string
		status       int
	}{
		{"GET", "", 404}, {"GET", "/", 404}, {"GET", "/nothing", 404}, {"POST", "/nothing", 404}, {"PUT", "/members", 405}, {"DELETE", "/audit-events", 405},
		{"PATCH", "/resources/{alpha}/grants", 405}, {"TRACE", "/members", 405}, {"GET", "/members/" + strings.Repeat("x", 5000), 404},
	} {
		got := w.rest(token, each.method, each.path, "")
		got.isProblem(each.status)
		got.mustBeSecured()
	}
	w.asService("", "POST", "/api/openapi.json", "").isProblem(http.StatusMethodNotAllowed)
	named := w.rest(token, "GET", "/nothing", "", header("X-Request-ID", "3f2c-77")).isProblem(http.StatusNotFound)
	if named.RequestID != "3f2c-77" {
		t.Errorf("%v", named)
	}
	w.store.Close()
	for _, method := range []string{"GET", "POST"} {
		said := w.rest(token, method, "/groups", `{"name":"Sales"}`).isProblem(w.rest(token, method, "/groups", `{"name":"Sales"}`).status)
		if said.Status < 500 || strings.Contains(said.Detail, "pool") {
			t.Errorf("without a database: %v", said)
		}
	}
}

// A change made by a service is in the audit log as its maker's, through the API; the operator's as the operator's.
func TestTheAuditLogSaysThatItWasAService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	for actor, id := range map[string]string{"admin": w.ids["admin"], "operator": ""} {
		w.rest(tokens[actor], "POST", "/groups", `{"name":"Made by `+actor+`"}`, header("X-Request-ID", "by-"+actor)).must(http.StatusCreated)
		if found := w.count(`SELECT count(*) FROM audit_events WHERE via = 'api' AND action = 'group.created' AND target_name = $1 AND request_id = $2
			AND address = '192.0.2.1' AND COALESCE(actor_id::text, '') = $3`, "Made by "+actor, "by-"+actor, id); found != 1 {
			t.Errorf("%d events tell of the group made by %s", found, actor)
		}
	}
	var log struct{ Items []map[string]any }
	w.rest(tokens["admin"], "GET", "/audit-events?action=group.created&limit=2", "").must(200).into(&log)
	if len(log.Items) != 2 || log.Items[0]["via"] != "api" {
		t.Errorf("%v", log.Items)
	}
}
