package access_test

import (
	"maps"
	"time"

	"gatehouse/access"
)

// changes are those of every line of the policy table.
var changes = func() map[string]func(person) access.Change {
	all := maps.Clone(mostChanges)
	maps.Copy(all, requestChanges)
	return all
}()

// requestChanges are those about requests for access.
var requestChanges = map[string]func(person) access.Change{
	"MakeRequest": func(p person) access.Change {
		return access.MakeRequest{Request: wish(p.actor.ID), Resource: p.alpha(), Role: roleOf(access.Project, "viewer")}
	},
	"MakeRequest of-what-nobody-knows": func(p person) access.Change {
		return access.MakeRequest{Request: wish(p.actor.ID), Role: roleOf(access.Package, "viewer")}
	},
	"MakeRequest for-somebody-else": func(p person) access.Change {
		return access.MakeRequest{Request: wish("ana"), Role: roleOf(access.Package, "viewer")}
	},
	"MakeRequest one-too-many": func(p person) access.Change {
		return access.MakeRequest{Request: wish(p.actor.ID), Resource: p.alpha(), Role: roleOf(access.Project, "viewer"), Open: access.MostRequests}
	},
	"ChangeRequest one's-own": func(p person) access.Change {
		return access.ChangeRequest{Request: wish(p.actor.ID), Resource: p.alpha(), ToRole: roleOf(access.Project, "viewer"), ToDays: 1}
	},
	"ChangeRequest somebody-else's": func(p person) access.Change {
		return access.ChangeRequest{Request: wish("ana"), Resource: p.alpha(), ToRole: roleOf(access.Project, "viewer"), ToDays: 1}
	},
	"WithdrawRequest one's-own":       func(p person) access.Change { return access.WithdrawRequest{Request: wish(p.actor.ID)} },
	"WithdrawRequest somebody-else's": func(p person) access.Change { return access.WithdrawRequest{Request: wish("ana")} },
	"ApproveRequest": func(p person) access.Change {
		return access.ApproveRequest{Request: wish("ana"), Resource: p.alpha(), Role: roleOf(access.Project, "viewer")}
	},
	"ApproveRequest on-the-module": func(p person) access.Change {
		return access.ApproveRequest{Request: wish("ana"), Resource: p.risk(), Role: roleOf(access.Module, "user")}
	},
	"ApproveRequest that-was-decided": func(p person) access.Change {
		decided := wish("ana")
		decided.Status = access.DeniedRequest
		return access.ApproveRequest{Request: decided, Resource: p.alpha(), Role: roleOf(access.Project, "viewer")}
	},
	"DenyRequest": func(p person) access.Change { return access.DenyRequest{Request: wish("ana"), Resource: p.alpha()} },
	"DenyRequest that-was-changed": func(p person) access.Change {
		return access.DenyRequest{Request: wish("ana"), Resource: p.alpha(), Stale: true}
	},
	"ExpireRequest": func(p person) access.Change { return access.ExpireRequest{Request: wish("ana"), Now: time.Now()} },
}

// wish is an open request of somebody.
func wish(from access.ID) access.Request {
	return access.Request{ID: "wish", From: access.Person{ID: from, Name: "Ana"}, Active: true,
		About: access.Ref{Type: "project", ID: "alpha", Name: "Alpha"}, Role: "viewer", Days: 7, Status: access.OpenRequest}
}
