package rest

import (
	"encoding/base64"
	"strconv"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// An AuditEvent is one change that was made.
type AuditEvent struct {
	Seq       int64        `json:"seq" doc:"From 1, without gaps."`
	At        time.Time    `json:"at"`
	Actor     *Named       `json:"actor" doc:"Without an id for the operator of the server and for Gatehouse itself (via job)."`
	Via       string       `json:"via" doc:"page, api, cli, import, job or scim."`
	Action    string       `json:"action" doc:"Such as grant.created."`
	Target    *Named       `json:"target"`
	Subject   *Named       `json:"subject" doc:"Whom it concerns; null for nobody."`
	Before    access.Facts `json:"before"`
	After     access.Facts `json:"after"`
	Address   string       `json:"address"`
	RequestID string       `json:"request_id"`
}

func auditEvent(e db.AuditEvent) AuditEvent {
	return AuditEvent{Seq: e.Seq, At: e.At.UTC(), Actor: named(e.Actor), Via: e.Via, Action: e.Action, Target: named(e.Target), Subject: named(e.Subject),
		Before: e.Before, After: e.After, Address: e.Address, RequestID: e.RequestID}
}

// ListAuditEvents lists the audit log, the newest event first.
func ListAuditEvents(c *Call) (Answer, error) {
	if err := c.sees(access.Audit); err != nil {
		return Answer{}, err
	}
	filter, err := c.auditFilter()
	if err != nil {
		return Answer{}, err
	}
	events, next, err := c.store.ListAuditEvents(c.ctx(), c.Org.ID, filter)
	if err != nil {
		return Answer{}, err
	}
	cursor := ""
	if next > 0 {
		cursor = base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(next, 10)))
	}
	return listOf(events, cursor, auditEvent)
}

func (c *Call) auditFilter() (filter db.AuditFilter, err error) {
	if filter.Search, err = c.query("search"); err != nil {
		return filter, err
	}
	if filter.Action, err = c.query("action"); err != nil {
		return filter, err
	}
	if filter.About, err = c.idQuery("about"); err != nil {
		return filter, err
	}
	if filter.Size, err = c.limit(); err != nil {
		return filter, err
	}
	after, err := c.query("after")
	if err != nil || after == "" {
		return filter, err
	}
	text, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		filter.Before, err = strconv.ParseInt(string(text), 10, 64)
	}
	if err != nil || filter.Before < 1 {
		return filter, malformed("after", "after is not a cursor of this list.")
	}
	return filter, nil
}
