package views

import "gatehouse/access"

func resourceEvent(e AuditEvent, target, subject phrase) []phrase {
	switch e.Action {
	case "resource.created":
		return []phrase{text(" created the %s ", e.Target.Type), target, text(".")}
	case "resource.imported":
		return []phrase{text(" imported the %s ", e.Target.Type), target, text(".")}
	case "resource.edited":
		return edited(e, e.Target.Type, target)
	case "resource.content_changed":
		return []phrase{text(" changed the content of "), target, text("%s.", contentFact(e.After))}
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
		return []phrase{text(" made "), subject, text(" the owner of "), target, formerly(e.Before), text(".")}
	case "resource.access_mode_changed":
		return []phrase{text(" set the access of "), target, text(" to %s (it was %s).", modeFact(e.After), modeFact(e.Before))}
	case "resource.access_mode_narrowed":
		return []phrase{text(" took the access of "), target, text(" back to %s (it was %s), because the sharing policy allows nothing wider.",
			modeFact(e.After), modeFact(e.Before))}
	}
	return nil
}

func grantEvent(e AuditEvent, target, subject phrase) []phrase {
	took := []phrase{text(" took the role %s on ", title(e.Before, "role")), target, text(" from "), subject}
	switch e.Action {
	case "grant.created":
		return []phrase{text(" made "), subject, text(" %s on ", article(title(e.After, "role"))), target, until(e.After), text(".")}
	case "grant.changed":
		return []phrase{text(" made "), subject, text(" %s on ", article(title(e.After, "role"))), target, until(e.After), wasGiven(e.Before), text(".")}
	case "grant.revoked":
		return append(took, text("."))
	case "grant.expired":
		return append(took, text(": its time was over on %s.", endDay(e.Before)))
	case "grant.ended_by_policy":
		return append(took, text(", because the sharing policy no longer allows people outside."))
	}
	return nil
}

func templateEvent(e AuditEvent, target phrase) []phrase {
	switch e.Action {
	case "template.created":
		return []phrase{text(" made the rights template %s of ", fact(e.After, "template")), target, text(": %s.", list(facts(e.After, "rights")))}
	case "template.edited":
		return []phrase{text(" changed the rights template %s of ", fact(e.Before, "template")), target, text(" to %s: %s (it was %s).",
			fact(e.After, "template"), list(facts(e.After, "rights")), list(facts(e.Before, "rights")))}
	case "template.deleted":
		return []phrase{text(" deleted the rights template %s of ", fact(e.Before, "template")), target, text(".")}
	}
	return nil
}

// edited says what changed of a name and a description.
func edited(e AuditEvent, noun string, target phrase) []phrase {
	renamed := fact(e.Before, "name") != fact(e.After, "name")
	described := fact(e.Before, "description") != fact(e.After, "description")
	switch {
	case renamed && described:
		return []phrase{text(" renamed the %s ", noun), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text(" and changed its description.")}
	case renamed:
		return []phrase{text(" renamed the %s ", noun), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text(".")}
	case described:
		return []phrase{text(" changed the description of "), target, text(".")}
	}
	return []phrase{text(" saved the settings of "), target, text(" without a change.")}
}

func contentFact(after access.Facts) string {
	if changed := facts(after, "changed"); len(changed) > 0 {
		return ": " + list(changed)
	}
	return ""
}

// modeFact is a recorded access mode. What a policy narrowed has no role recorded.
func modeFact(facts access.Facts) string {
	mode := access.Mode(fact(facts, "access_mode"))
	if role := title(facts, "org_role"); mode == access.OrganizationMode && role != "" {
		return mode.Title() + ", " + role
	}
	return mode.Title()
}

// wasGiven is the role that a grant gave before, and until when.
func wasGiven(before access.Facts) phrase {
	if end := endDay(before); end != "" {
		return text(" (was %s until %s)", title(before, "role"), end)
	}
	return was(before, "role")
}

// formerly is who owned a resource before, by the address as it was recorded.
func formerly(before access.Facts) phrase {
	if fact(before, "owner") == "" {
		return text("")
	}
	return text(" (it was %s)", fact(before, "owner"))
}
