package views

import (
	"fmt"
	"strings"

	"gatehouse/access"
)

// eventSentence says in plain words what an audit event records.
func eventSentence(org string, e AuditEvent) []phrase {
	actor := named(org, e.Actor)
	if e.Actor.ID == "" {
		actor = strong("The server's operator")
	}
	target, subject := named(org, e.Target), named(org, e.Subject)
	say := func(rest ...phrase) []phrase { return append([]phrase{actor}, rest...) }
	if e.Provisioner {
		say = func(rest ...phrase) []phrase {
			return append([]phrase{text("The identity provider, with a token of "), actor, text(",")}, rest...)
		}
	}
	switch e.Action {
	case "member.role_changed":
		return say(text(" made "), target, text(" %s", article(title(e.After, "role"))), was(e.Before, "role"), text("."))
	case "member.deactivated":
		return say(text(" deactivated "), target, text("."))
	case "member.reactivated":
		return say(text(" reactivated "), target, text("."))
	case "member.removed":
		return say(text(" removed "), strong(e.Target.Name), text(" from the organization"), heir(e.After), text("."))
	case "member.admin_restored":
		return say(text(" made "), target, text(" an Admin again."))
	case "member.provisioned":
		return say(text(" provisioned "), target, text(" as %s.", title(e.After, "role")))
	case "member.profile_changed":
		if to := fact(e.After, "email"); to != "" {
			return say(text(" provisioned another address for "), target, text(": %s, before %s.", to, fact(e.Before, "email")))
		}
		return say(text(" provisioned other details of "), target, text("."))
	case "group.provisioned":
		return say(text(" provisioned the group "), target, text("."))
	case "group.profile_changed":
		return say(text(" provisioned the name "), strong(fact(e.After, "name")), text(" of the group "), target, text("."))
	case "invitation.created":
		return say(text(" invited "), target, text(" as %s.", title(e.After, "role")))
	case "invitation.renewed":
		return say(text(" made a new link for the invitation of "), target, text("."))
	case "invitation.revoked":
		return say(text(" revoked the invitation of "), target, text("."))
	case "invitation.accepted":
		return say(text(" accepted the invitation and joined as %s.", title(e.After, "role")))
	case "organization.created":
		return say(text(" created the organization "), strong(e.Target.Name), text("."))
	case "user.imported":
		return say(text(" imported the account of "), target, text(", %s.", fact(e.After, "status")))
	case "member.imported":
		return say(text(" added "), target, text(" to the organization as %s.", title(e.After, "role")))
	case "organization.renamed":
		return say(text(" renamed the organization from "), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text("."))
	case "organization.sign_in_policy_changed":
		return say(text(" changed how members of the organization sign in."))
	case "organization.single_sign_on_changed":
		return say(text(" changed the single sign-on of the organization, which is %s now.", useOf(e.After)))
	case "member.identity_linked":
		return say(text(" is known to the organization's single sign-on now."))
	case "member.identity_unlinked":
		return say(text(" ended the link of "), target, text(" to the single sign-on."))
	case "member.signed_in":
		return say(text(" signed in with single sign-on."))
	case "member.sessions_ended":
		return say(text(" ended sessions of "), target, text("."))
	case "user.renamed":
		return say(text(" changed their name from "), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text("."))
	case "user.factor_added":
		return say(text(" added %s to their account.", factorFact(e.After)))
	case "user.factor_removed":
		return say(text(" removed %s from their account.", factorFact(e.Before)))
	case "user.passkey_renamed":
		return say(text(" renamed their passkey from "), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text("."))
	case "user.recovery_codes_renewed":
		return say(text(" made new recovery codes."))
	case "token.created":
		return say(text(" made the API token "), strong(e.Target.Name), text(" for %s", scopesFact(e.After)), until(e.After), text("."))
	case "token.revoked":
		return say(text(" revoked the API token "), strong(e.Target.Name), text("."))
	case "token.ended":
		return say(text(" chose a new password by mail, which ended the API token "), strong(e.Target.Name), text("."))
	}
	if strings.HasPrefix(e.Action, "request.") {
		return say(requestEvent(e, target, subject)...)
	}
	if strings.HasPrefix(e.Action, "group.") {
		return say(groupEvent(e, target, subject)...)
	}
	return say(resourceEvent(e, target, subject)...)
}

// useOf says how a single sign-on is used.
func useOf(facts access.Facts) string {
	switch {
	case facts["required"] == true:
		return "the only way in"
	case facts["enabled"] == true:
		return "on"
	}
	return "off"
}

func groupEvent(e AuditEvent, target, subject phrase) []phrase {
	switch e.Action {
	case "group.created":
		return []phrase{text(" created the group "), target, text(".")}
	case "group.edited":
		return []phrase{text(" changed the settings of the group "), target, text(".")}
	case "group.deleted":
		return []phrase{text(" deleted the group "), strong(e.Target.Name), text(" with its %s.", fact(e.Before, "grants")+" grants")}
	case "group.member_added", "group.group_added":
		return []phrase{text(" added "), subject, text(" to "), target, text("%s.", asAdmin(e.After))}
	case "group.member_removed", "group.group_removed":
		return []phrase{text(" removed "), subject, text(" from "), target, text(".")}
	case "group.member_role_changed":
		return []phrase{text(" made "), subject, text(" %s of ", article(title(e.After, "role"))), target, was(e.Before, "role"), text(".")}
	}
	return unknownEvent(e, target)
}

func requestEvent(e AuditEvent, target, subject phrase) []phrase {
	switch e.Action {
	case "request.made":
		return []phrase{text(" asked for access to "), target, text(" as %s.", title(e.After, "role"))}
	case "request.changed":
		return []phrase{text(" asks for access to "), target, text(" as %s now", title(e.After, "role")), was(e.Before, "role"), text(".")}
	case "request.withdrawn":
		return []phrase{text(" took back the request for access to "), target, text(".")}
	case "request.approved":
		return []phrase{text(" approved the request of "), subject, text(" for access to "), target, text(" as %s.", title(e.After, "role"))}
	case "request.denied":
		return []phrase{text(" denied the request of "), subject, text(" for access to "), target, text(".")}
	case "request.expired":
		return []phrase{text(" asked again for access to "), target, text(": the request before had expired.")}
	}
	return unknownEvent(e, target)
}

func resourceEvent(e AuditEvent, target, subject phrase) []phrase {
	switch e.Action {
	case "resource.created":
		return []phrase{text(" created the %s ", e.Target.Type), target, text(".")}
	case "resource.imported":
		return []phrase{text(" imported the %s ", e.Target.Type), target, text(".")}
	case "template.created":
		return []phrase{text(" made the rights template %s of ", fact(e.After, "template")), target, text(": %s.", rightsFact(e.After))}
	case "template.edited":
		return []phrase{text(" changed the rights template %s of ", fact(e.Before, "template")), target, text(" to %s: %s (it was %s).",
			fact(e.After, "template"), rightsFact(e.After), rightsFact(e.Before))}
	case "template.deleted":
		return []phrase{text(" deleted the rights template %s of ", fact(e.Before, "template")), target, text(".")}
	case "resource.edited":
		return []phrase{text(" changed the settings of "), target, text(".")}
	case "resource.content_changed":
		return []phrase{text(" changed the content of "), target, text(".")}
	case "artifact.replaced":
		return []phrase{text(" replaced the file of "), target, text(".")}
	case "secret.replaced":
		return []phrase{text(" gave the secret "), target, text(" another value.")}
	case "secret.revealed":
		return []phrase{text(" revealed the value of the secret "), target, text(".")}
	case "resource.deleted":
		return []phrase{text(" deleted the %s ", e.Target.Type), strong(e.Target.Name), text(".")}
	case "resource.moved":
		if fact(e.Before, "parent") == "" {
			return []phrase{text(" moved "), target, text(".")}
		}
		return []phrase{text(" moved "), target, text(" from "), strong(fact(e.Before, "parent")), text(" to "), strong(fact(e.After, "parent")), text(".")}
	case "resource.transferred":
		return []phrase{text(" made "), subject, text(" the owner of "), target, text(".")}
	case "resource.access_mode_changed":
		return []phrase{text(" set the access of "), target, text(" to %s", modeFact(e.After)), text(" (it was %s).", modeFact(e.Before))}
	case "grant.created":
		return []phrase{text(" made "), subject, text(" %s on ", article(title(e.After, "role"))), target, until(e.After), text(".")}
	case "grant.changed":
		return []phrase{text(" made "), subject, text(" %s on ", article(title(e.After, "role"))), target, until(e.After), was(e.Before, "role"), text(".")}
	case "grant.revoked":
		return []phrase{text(" took the role %s on ", title(e.Before, "role")), target, text(" from "), subject, text(".")}
	}
	return unknownEvent(e, target)
}

// unknownEvent keeps an event readable that a later version wrote.
func unknownEvent(e AuditEvent, target phrase) []phrase {
	noun, verb, _ := strings.Cut(e.Action, ".")
	return []phrase{text(": %s %s, ", noun, strings.ReplaceAll(verb, "_", " ")), target, text(".")}
}

// fact is a recorded value as text; empty where there is none.
func fact(facts access.Facts, name string) string {
	if value, ok := facts[name]; ok && value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// factorFact names a recorded way of signing in.
func factorFact(facts access.Facts) string {
	if fact(facts, "factor") == string(access.PasskeyFactor) {
		return "the passkey " + fact(facts, "name")
	}
	return "codes from an app"
}

// rightsFact lists recorded rights as a sentence does.
func rightsFact(facts access.Facts) string {
	recorded, _ := facts["rights"].([]any)
	names := make([]string, len(recorded))
	for i, name := range recorded {
		names[i] = fmt.Sprint(name)
	}
	return list(names)
}

func title(facts access.Facts, name string) string { return capital(fact(facts, name)) }

func was(before access.Facts, name string) phrase {
	if fact(before, name) == "" {
		return text("")
	}
	return text(" (was %s)", title(before, name))
}

func asAdmin(after access.Facts) string {
	if fact(after, "role") == string(access.GroupAdmin) {
		return " as Admin"
	}
	return ""
}

func heir(after access.Facts) phrase {
	if fact(after, "heir") == "" {
		return text("")
	}
	return text("; %s took over %s", fact(after, "heir"), fact(after, "resources")+" resources")
}

func until(facts access.Facts) phrase {
	if fact(facts, "expires_at") == "" {
		return text("")
	}
	day, _, _ := strings.Cut(fact(facts, "expires_at"), "T")
	return text(" until %s", day)
}

func modeFact(facts access.Facts) string {
	mode := access.Mode(fact(facts, "access_mode"))
	if mode == access.OrganizationMode {
		return "Organization, " + title(facts, "org_role")
	}
	return mode.Title()
}
