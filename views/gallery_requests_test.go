package views

import (
	"time"

	"gatehouse/access"
)

func requestPictures() []picture {
	open := access.Request{ID: "r-1", From: boris, Active: true, About: project("Alpha"), Role: "editor", Days: 30, Status: access.OpenRequest, Version: 1,
		Message: "For the figures of the quarter, <b>please</b>.", MadeAt: clock.Add(-26 * time.Hour), ExpiresAt: clock.Add(12 * day)}
	as := func(status access.RequestStatus, answer access.RequestAnswer) access.Request {
		request := open
		request.ID, request.Status, request.Answer = access.ID("r-"+string(status)), status, answer
		return request
	}
	hidden := open
	hidden.ID, hidden.About = "r-2", access.Ref{ID: "01a2033e-b134-742a-b6a1-86b4aa6abaca"}
	until := clock.Add(30 * day)
	own := OwnRequests{Org: org, Rows: []access.Request{open, hidden, as(access.ApprovedRequest, access.RequestAnswer{By: "Ana Petrova", Role: "Viewer", Until: &until}),
		as(access.DeniedRequest, access.RequestAnswer{By: "Ana Petrova", Reason: "Ask me again in spring."}), as(access.WithdrawnRequest, access.RequestAnswer{}), as(access.ExpiredRequest, access.RequestAnswer{})}}
	long := open
	long.From, long.Days = longName, 0
	rows := []RequestRow{{Request: open}, {Request: long, Held: "Viewer"}}
	roles := access.RolesOf(access.Project)
	gives := access.Effect{Lines: []access.EffectLine{{Gained: access.View | access.Query, People: 1, Names: []string{"Boris Kim"}, Resources: 1, Places: []access.Ref{project("Alpha")}}}}
	review := RequestReview{Org: org, Request: open, Roles: roles, Role: "viewer", Effect: gives, ExpiresAt: "2027-01-01T00:00"}
	over, denying, refused := review, review, review
	over.Request, over.Problems = own.Rows[2], Problems{"": "Ana Petrova approved this request already."}
	denying.Denying, denying.Reason, denying.Problems = true, "No", Problems{"reason": "A reason has at most 2,000 characters."}
	refused.Refusal, refused.Effect, refused.Problems = "Boris Kim has the role Viewer here already.", access.Effect{}, Problems{"": "Boris Kim has the role Viewer here already."}
	badged := at(RequestsPath(org))
	badged.Requests = 50
	form := RequestForm{Org: org, OrgName: "Northwind Traders", About: hidden.About, Roles: access.RequestableRoles(""), Role: "viewer", Days: "30"}
	known := form
	known.About, known.Open, known.Problems = project("Alpha"), &open, Problems{"role": "Choose one.", "days": "Choose how long you need it."}
	again := form
	again.Last = &own.Rows[3]
	return []picture{
		{"requests", RequestsPage(badged, Requests{Org: org, Rows: rows, Own: own})},
		{"requests-none", RequestsPage(at(RequestsPath(org)), Requests{Org: org, Own: OwnRequests{Org: org}})},
		{"request-form", RequestFormPage(at(RequestsPath(org)), form)},
		{"request-form-known", RequestFormPage(at(RequestsPath(org)), known)},
		{"request-form-again", RequestFormPage(at(RequestsPath(org)), again)},
		{"request-review", RequestReviewPage(at(RequestsPath(org)), review)},
		{"request-review-over", RequestReviewPage(at(RequestsPath(org)), over)},
		{"request-review-denying", RequestReviewPage(at(RequestsPath(org)), denying)},
		{"request-review-refused", RequestReviewPage(at(RequestsPath(org)), refused)},
		{"error-ask", ErrorPage(at("/orgs/northwind/resources/x"), Error{Status: 404, Home: HomePath(org), HomeTitle: "Projects", Ask: RequestAccessPath(org, "x")})},
	}
}
