package views

func groupEvent(e AuditEvent, target, subject phrase) []phrase {
	switch e.Action {
	case "group.created":
		return []phrase{text(" created the group "), target, text(".")}
	case "group.edited":
		return edited(e, "group", target)
	case "group.deleted":
		return []phrase{text(" deleted the group "), strong(e.Target.Name), text(" with its %s.", counted(e.Before, "grants", "grant"))}
	case "group.member_added", "group.group_added":
		return []phrase{text(" added "), subject, text(" to "), target, text("%s.", asAdmin(e.After))}
	case "group.member_removed", "group.group_removed":
		return []phrase{text(" removed "), subject, text(" from "), target, text(".")}
	case "group.member_role_changed":
		return []phrase{text(" made "), subject, text(" %s of ", article(title(e.After, "role"))), target, was(e.Before, "role"), text(".")}
	case "group.provisioned":
		return []phrase{text(" provisioned the group "), target, text(".")}
	case "group.profile_changed":
		return []phrase{text(" provisioned the name "), strong(fact(e.After, "name")), text(" of the group "), target, text(".")}
	}
	return nil
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
	return nil
}
