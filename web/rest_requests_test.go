package web

import (
	"testing"

	"gatehouse/access"
)

// An Admin asks, the owner answers, the Admin reads the answer and asks for something else, and takes that back.
func TestRequestsGoToAndFroOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	type shown struct {
		ID, Role, Status, Given string
		AnsweredBy              string `json:"answered_by"`
		On                      struct{ Type, Name string }
		From                    struct{ Email string }
	}
	var asked, again, answered shown
	w.rest(tokens["admin"], "POST", "/resources/{alpha}/requests", `{"role":"viewer","days":2}`).isProblem(422)
	w.rest(tokens["admin"], "POST", "/resources/{alpha}/requests", `{"role":"viewer","days":7}`).must(201).into(&asked)
	w.rest(tokens["admin"], "POST", "/resources/{alpha}/requests", `{"role":"Analyst","days":0,"message":"For good"}`).must(201).into(&again)
	if asked.ID != again.ID || again.Role != "Analyst" || again.On.Name != "Alpha" || again.Status != "open" {
		t.Errorf("%+v, then %+v", asked, again)
	}
	w.ids["mine"] = asked.ID
	var list struct{ Items []shown }
	w.rest(tokens["owner"], "GET", "/requests", "").must(200).into(&list)
	if len(list.Items) != 2 || list.Items[0].From.Email != "plain@acme.test" || list.Items[1].ID != asked.ID {
		t.Errorf("the owner can answer %+v", list)
	}
	tag := w.rest(tokens["owner"], "GET", "/requests/{mine}", "").must(200).header.Get("ETag")
	w.rest(tokens["owner"], "POST", "/requests/{mine}/approval", `{"role":"editor"}`, tagged(`"old"`)).isProblem(412)
	w.rest(tokens["owner"], "POST", "/requests/{mine}/approval", `{"role":"owner"}`).isProblem(422)
	w.rest(tokens["owner"], "POST", "/requests/{mine}/approval", `{"role":"editor","expires_at":"2099-01-01T00:00:00Z"}`, tagged(tag)).must(200)
	w.rest(tokens["operator"], "POST", "/requests/{mine}/denial", `{}`).isProblem(409)
	w.rest(tokens["admin"], "GET", "/requests/{mine}", "").must(200).into(&answered)
	if answered.Status != "approved" || answered.AnsweredBy != "moda" || answered.Given != "Editor" {
		t.Errorf("the Admin reads %+v", answered)
	}
	w.rest(tokens["admin"], "DELETE", "/requests/{mine}", "").isProblem(409)
	w.rest(tokens["admin"], "POST", "/resources/{alpha}/requests", `{"role":"admin","days":1}`).must(201).into(&again)
	w.ids["mine"] = again.ID
	w.rest(tokens["admin"], "DELETE", "/requests/{mine}", "").must(204)
	w.rest(tokens["admin"], "GET", "/requests?from=me", "").must(200).into(&list)
	if len(list.Items) != 2 || list.Items[0].Status != "withdrawn" || list.Items[1].Status != "approved" {
		t.Errorf("the Admin asked for %+v", list)
	}
	w.rest(tokens["operator"], "GET", "/requests?from=me", "").must(200)
	w.rest(tokens["admin"], "GET", "/requests?from=tara", "").isProblem(400)
}

// Of four services that answer one request, one does.
func TestOfServicesThatAnswerOneRequestOneDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := w.services()
	statuses := make(chan int, 4)
	for _, ask := range [][2]string{{"approval", `{"role":"viewer"}`}, {"approval", `{"role":"editor"}`}, {"approval", `{"role":"admin"}`}, {"denial", `{}`}} {
		go func() { statuses <- w.rest(tokens["owner"], "POST", "/requests/{request}/"+ask[0], ask[1]).status }()
	}
	done := 0
	for range 4 {
		if status := <-statuses; status == 200 {
			done++
		} else if status != 409 {
			t.Errorf("a loser is answered %d", status)
		}
	}
	grants, err := w.store.ListGrants(t.Context(), access.ID(w.ids["acme"]), access.ID(w.ids["alpha"]))
	given := 0
	for _, grant := range grants {
		if string(grant.Principal.ID) == w.ids["plain"] {
			given++
		}
	}
	request, findErr := w.store.FindLatestRequest(t.Context(), access.ID(w.ids["acme"]), access.ID(w.ids["plain"]), access.ID(w.ids["alpha"]))
	if err != nil || findErr != nil || done != 1 || given != map[access.RequestStatus]int{access.ApprovedRequest: 1}[request.Status] {
		t.Errorf("%d answers, %d grants, %s: %v, %v", done, given, request.Status, err, findErr)
	}
}
