package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// listAudit shows the audit log, the newest event first.
func (s *Server) listAudit(r *request) error {
	before := eventNumber(r.QueryParam("before"))
	shown := views.Audit{Org: r.org().Slug, Search: r.QueryParam("search"), Action: r.QueryParam("action")}
	events, next, err := s.events(r, db.AuditFilter{Search: shown.Search, Action: shown.Action, Before: before})
	if err != nil {
		return err
	}
	shown.Events, shown.Pager = events, eventPager(r, before, next)
	return r.show(http.StatusOK, pageOf("Audit log", views.AuditPage, views.AuditTable, shown))
}

// events reads audit events as pages show them.
func (s *Server) events(r *request, filter db.AuditFilter) ([]views.AuditEvent, int64, error) {
	events, next, err := s.store.ListAuditEvents(r.ctx(), r.org().ID, filter)
	if err != nil {
		return nil, 0, err
	}
	paths, err := s.eventPaths(r, events)
	shown := make([]views.AuditEvent, len(events))
	for i, event := range events {
		shown[i] = views.AuditEvent{At: event.At, Actor: event.Actor, Provisioner: event.Via == "scim", Job: event.Via == "job",
			Action: event.Action, Target: event.Target, Subject: event.Subject, Before: event.Before, After: event.After,
			Paths: paths, Undo: undoOf(r, event)}
	}
	return shown, next, err
}

// eventPaths are the pages of what events name, where the reader finds one: people outside have none but in the reports.
func (s *Server) eventPaths(r *request, events []db.AuditEvent) (map[access.ID]string, error) {
	var ids []access.ID
	for _, event := range events {
		ids = append(ids, event.Actor.ID, event.Target.ID, event.Subject.ID)
	}
	existing, err := s.store.ListExisting(r.ctx(), r.org().ID, ids)
	paths := map[access.ID]string{}
	for _, ref := range existing {
		if ref.Type != views.Outsider || r.actor().Rights&seesMembers != 0 {
			paths[ref.ID] = views.RefPath(r.org().Slug, ref)
		}
	}
	return paths, err
}

// undoOf is the inverse of an event as a form, where one form can make it. Whether it may still be made, the rules say
// when it is sent.
func undoOf(r *request, event db.AuditEvent) *views.Undo {
	if event.Via == "scim" { // which would do it again
		return nil
	}
	org := r.org().Slug
	role := func(facts access.Facts) views.Field {
		name, _ := facts["role"].(string)
		return views.Field{Name: "role", Value: name}
	}
	switch event.Action {
	case "member.role_changed":
		before := role(event.Before)
		return &views.Undo{Path: views.MemberRolePath(org, event.Target.ID), Fields: []views.Field{before, {Name: "confirm", Value: before.Value}}}
	case "member.deactivated":
		return &views.Undo{Path: views.ReactivationPath(org, event.Target.ID)}
	case "group.member_role_changed":
		return &views.Undo{Path: views.GroupMemberRolePath(org, event.Target.ID, event.Subject.ID), Fields: []views.Field{role(event.Before)}}
	case "group.member_removed", "group.group_removed":
		who := event.Subject.Type + ":" + string(event.Subject.ID)
		fields := []views.Field{{Name: "who", Value: who}, {Name: "role", Value: "member"}, confirmation(event.Subject)}
		if event.Before["role"] == "admin" {
			fields[1].Value = "admin"
		}
		return &views.Undo{Path: views.GroupMembersPath(org, event.Target.ID), Fields: fields}
	}
	return nil
}
