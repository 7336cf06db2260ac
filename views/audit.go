package views

import (
	"time"

	"gatehouse/access"
)

// Audit is the audit log, the newest first.
type Audit struct {
	Org    string
	Search string
	Action string // "member" for every member.… event, or one action
	Events []AuditEvent
	Pager  Pager
}

// An AuditEvent is one event; the page makes a sentence of it.
type AuditEvent struct {
	At          time.Time
	Actor       access.Ref // who did it; without an ID the server's operator
	Provisioner bool       // the identity provider did it, with a token of the actor
	Job         bool       // Gatehouse did it by itself, when its time had come
	Action      string     // "member.role_changed"
	Target      access.Ref
	Subject     access.Ref
	Before      access.Facts
	After       access.Facts
	Paths       map[access.ID]string // the pages of what it names, as far as they exist for the reader; nil leaves that open
	Undo        *Undo                // the inverse change, where the reader may make it
}
