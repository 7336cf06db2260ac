package web

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// W8 of the proof: a token gives no more than its maker holds at this moment, from the next request on.
//
// Break: in db/services.go, FindService, leave out WorksFor.
func TestTheNextRequestOfATokenKnowsWhatItsMakerIsNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, acme, second := t.Context(), access.ID(w.ids["acme"]), access.ID(w.ids["second"])
	token, err := w.store.CreateAPIToken(ctx, db.By{User: second, Via: "page", Recent: true}, acme, db.NewAPIToken{Name: "second's", Scopes: []string{"manage"}})
	if err != nil {
		t.Fatal(err)
	}
	rounds := 0
	works := func() {
		t.Helper()
		rounds++
		w.rest(token, "GET", "/members", "").must(http.StatusOK)
		w.rest(token, "POST", "/groups", fmt.Sprintf(`{"name":"Group %d"}`, rounds)).must(http.StatusCreated)
	}
	rests := func(what string) {
		t.Helper()
		before := w.written()
		for _, row := range restRows(t) {
			if got := row.send(w, token); got.status != http.StatusUnauthorized {
				t.Errorf("%s: %s: %d", what, got.asked, got.status)
			}
		}
		if w.written() != before {
			t.Errorf("%s, the token still changes something", what)
		}
	}
	works()
	for _, role := range []string{"member", "modeler", "auditor"} {
		w.post("admin", "/orgs/acme/members/{second}/role", "role="+role+"&confirm="+role).must(http.StatusSeeOther)
		rests("its maker is a " + role)
		w.post("admin", "/orgs/acme/members/{second}/role", "role=admin&confirm=admin").must(http.StatusSeeOther)
		works()
	}
	w.post("admin", "/orgs/acme/members/{second}/deactivation", "").must(http.StatusSeeOther)
	rests("its maker is deactivated")
	w.post("admin", "/orgs/acme/members/{second}/reactivation", "").must(http.StatusSeeOther)
	works()
	w.exec(`UPDATE users SET status = 'deactivated' WHERE id = $1::uuid`, second)
	rests("its maker's account is deactivated")
	w.exec(`UPDATE users SET status = 'active' WHERE id = $1::uuid`, second)
	works()
	w.exec(`UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE name = 'second''s'`)
	rests("it has expired")
	w.exec(`UPDATE api_tokens SET expires_at = NULL WHERE name = 'second''s'`)
	w.post("admin", "/orgs/acme/members/{second}/removal", "").must(http.StatusSeeOther)
	rests("its maker is removed")
}

// A new password through a mailed link ends what its owner's tokens open, on every route.
//
// Break: in db/passwords.go, ResetPassword, leave out endTokens.
func TestANewPasswordByMailEndsTheTokensOfItsOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, err := w.store.CreateAPIToken(t.Context(), db.By{User: access.ID(w.ids["second"]), Via: "page", Recent: true}, access.ID(w.ids["acme"]),
		db.NewAPIToken{Name: "second's", Scopes: []string{"manage", "decide"}})
	if err != nil {
		t.Fatal(err)
	}
	w.rest(token, "GET", "/members", "").must(http.StatusOK)
	w.post("anonymous", w.resettable("second"), "password=a+wholly+new+one").must(http.StatusSeeOther)
	before := w.written()
	for _, row := range restRows(t) {
		row.send(w, token).must(http.StatusUnauthorized)
	}
	w.asService(token, http.MethodPost, "/access/v1/evaluation", w.question()).must(http.StatusUnauthorized)
	if w.written() != before {
		t.Error("the token still changes something")
	}
}

// R1 of the proof, page against service: of the last two Admins who demote each other at once, one stays.
func TestAPageAndAServiceCannotTogetherRemoveTheLastAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, acme, second := t.Context(), access.ID(w.ids["acme"]), access.ID(w.ids["second"])
	token, err := w.store.CreateAPIToken(ctx, db.By{User: second, Via: "page", Recent: true}, acme, db.NewAPIToken{Name: "second's", Scopes: []string{"manage"}})
	if err != nil {
		t.Fatal(err)
	}
	for round := range 20 {
		var both sync.WaitGroup
		both.Go(func() { w.post("admin", "/orgs/acme/members/{second}/role", "role=member&confirm=member") })
		both.Go(func() { w.rest(token, "PATCH", "/members/{admin}", `{"role":"member"}`) })
		both.Wait()
		admins := w.count(`SELECT count(*) FROM grants WHERE org_id = $1::uuid AND role_id = 'organization/admin' AND user_id IS NOT NULL`, w.ids["acme"])
		if admins != 1 {
			t.Fatalf("round %d leaves %d Admins", round, admins)
		}
		w.exec(`UPDATE grants SET role_id = 'organization/admin' WHERE resource_kind = 'organization' AND user_id IN ($1::uuid, $2::uuid)`, w.ids["admin"], second)
	}
}
