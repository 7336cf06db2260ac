package views

import (
	"strings"

	"gatehouse/access"
)

// eventSentence says in plain words what an audit event records.
func eventSentence(org string, e AuditEvent) []phrase {
	said := changeSentence(e, e.named(org, e.Target), e.named(org, e.Subject))
	if said == nil {
		said = unknownEvent(e, e.named(org, e.Target))
	}
	return append(doer(org, e), said...)
}

// doer is who made the change, as its sentence begins.
func doer(org string, e AuditEvent) []phrase {
	switch {
	case e.Provisioner:
		return []phrase{text("The identity provider, with a token of "), e.named(org, e.Actor), text(",")}
	case e.Job:
		return []phrase{strong("Gatehouse")}
	case e.Actor.ID == "":
		return []phrase{strong("The server's operator")}
	}
	return []phrase{e.named(org, e.Actor)}
}

// named is the name of something that the event is about, as a link where it has a page.
func (e AuditEvent) named(org string, ref access.Ref) phrase {
	if e.Paths == nil || ref.ID == "" || ref.Name == "" {
		return named(org, ref)
	}
	if path := e.Paths[ref.ID]; path != "" {
		return phrase{text: ref.Name, path: path}
	}
	return strong(ref.Name)
}

// changeSentence is what was done, to follow who did it; nil for an action that this version does not know.
func changeSentence(e AuditEvent, target, subject phrase) []phrase {
	noun, _, _ := strings.Cut(e.Action, ".")
	switch noun {
	case "organization":
		return organizationEvent(e, subject)
	case "member":
		return memberEvent(e, target)
	case "invitation":
		return invitationEvent(e, target)
	case "user":
		return userEvent(e, target)
	case "token":
		return tokenEvent(e)
	case "group":
		return groupEvent(e, target, subject)
	case "request":
		return requestEvent(e, target, subject)
	case "grant":
		return grantEvent(e, target, subject)
	case "template":
		return templateEvent(e, target)
	}
	return resourceEvent(e, target, subject)
}

// unknownEvent keeps an event readable that a later version wrote.
func unknownEvent(e AuditEvent, target phrase) []phrase {
	noun, verb, _ := strings.Cut(e.Action, ".")
	return []phrase{text(": %s %s, ", noun, strings.ReplaceAll(verb, "_", " ")), target, text(".")}
}

// eventKinds are the nouns by which the log can be narrowed.
var eventKinds = []Option{{"", "Everything"}, {"member", "Members"}, {"invitation", "Invitations"}, {"group", "Groups"}, {"grant", "Sharing"},
	{"request", "Requests for access"}, {"resource", "Resources"}, {"template", "Rights templates"}, {"secret", "Secrets"}, {"artifact", "Files"},
	{"organization", "Organization"}, {"token", "API tokens"}, {"user", "Accounts"}}

// icon stands for whoever is no person.
func (e AuditEvent) icon() string {
	if e.Job {
		return "clock"
	}
	return "key"
}

// person tells whether somebody with an account made the change.
func (e AuditEvent) person() bool { return e.Actor.ID != "" && !e.Job }
