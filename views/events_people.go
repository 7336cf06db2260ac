package views

import "gatehouse/access"

func memberEvent(e AuditEvent, target phrase) []phrase {
	switch e.Action {
	case "member.role_changed":
		return []phrase{text(" made "), target, text(" %s", article(title(e.After, "role"))), was(e.Before, "role"), text(".")}
	case "member.deactivated":
		return []phrase{text(" deactivated "), target, text(".")}
	case "member.reactivated":
		return []phrase{text(" reactivated "), target, text(".")}
	case "member.removed":
		return []phrase{text(" removed "), strong(e.Target.Name), text(" from the organization"), heir(e.After), text(".")}
	case "member.admin_restored":
		return []phrase{text(" made "), target, text(" an Admin again%s.", lifted(e.After))}
	case "member.imported":
		return []phrase{text(" added "), target, text(" to the organization as %s.", title(e.After, "role"))}
	case "member.provisioned":
		return []phrase{text(" provisioned "), target, text(" as %s.", title(e.After, "role"))}
	case "member.profile_changed":
		if to := fact(e.After, "email"); to != "" {
			return []phrase{text(" provisioned another address for "), target, text(": %s, before %s.", to, fact(e.Before, "email"))}
		}
		return []phrase{text(" provisioned other details of "), target, text(".")}
	case "member.identity_linked":
		return []phrase{text(" is known to the organization's single sign-on now.")}
	case "member.identity_unlinked":
		return []phrase{text(" ended the link of "), target, text(" to the single sign-on.")}
	case "member.signed_in":
		return []phrase{text(" signed in with single sign-on.")}
	case "member.sessions_ended":
		if e.After["all"] == true {
			return []phrase{text(" ended all sessions of "), target, text(".")}
		}
		return []phrase{text(" ended a session of "), target, text(".")}
	}
	return nil
}

// lifted says that an Admin was let in past the single sign-on.
func lifted(after access.Facts) string {
	if after["single_sign_on_required"] == false {
		return ", and no longer asks members to use single sign-on"
	}
	return ""
}

func invitationEvent(e AuditEvent, target phrase) []phrase {
	switch e.Action {
	case "invitation.created":
		return []phrase{text(" invited "), target, text(" as %s%s.", title(e.After, "role"), intoGroups(e.After))}
	case "invitation.renewed":
		return []phrase{text(" made a new link for the invitation of "), target, text(".")}
	case "invitation.revoked":
		return []phrase{text(" revoked the invitation of "), target, text(".")}
	case "invitation.accepted":
		return []phrase{text(" accepted the invitation and joined as %s%s.", title(e.After, "role"), intoGroups(e.After))}
	}
	return nil
}

func intoGroups(after access.Facts) string {
	switch groups := facts(after, "groups"); len(groups) {
	case 0:
		return ""
	case 1:
		return ", in the group " + groups[0]
	default:
		return ", in the groups " + list(groups)
	}
}

func userEvent(e AuditEvent, target phrase) []phrase {
	switch e.Action {
	case "user.imported":
		return []phrase{text(" imported the account of "), target, text(", %s.", fact(e.After, "status"))}
	case "user.renamed":
		return []phrase{text(" changed their name from "), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text(".")}
	case "user.factor_added":
		return []phrase{text(" added %s to their account.", factorFact(e.After))}
	case "user.factor_removed":
		return []phrase{text(" removed %s from their account.", factorFact(e.Before))}
	case "user.passkey_renamed":
		return []phrase{text(" renamed their passkey from "), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text(".")}
	case "user.recovery_codes_renewed":
		return []phrase{text(" made new recovery codes.")}
	}
	return nil
}

func tokenEvent(e AuditEvent) []phrase {
	token := strong(e.Target.Name)
	switch e.Action {
	case "token.created":
		return []phrase{text(" made the API token "), token, text(" for %s", list(facts(e.After, "scopes"))), until(e.After), text(".")}
	case "token.revoked":
		return []phrase{text(" revoked the API token "), token, text(".")}
	case "token.ended":
		return []phrase{text(" chose a new password by mail, which ended the API token "), token, text(".")}
	}
	return nil
}
