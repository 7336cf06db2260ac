package views

import (
	"strings"

	"gatehouse/access"
)

func organizationEvent(e AuditEvent, subject phrase) []phrase {
	switch e.Action {
	case "organization.created":
		said := []phrase{text(" created the organization "), strong(e.Target.Name)}
		if e.Subject.ID != "" {
			said = append(said, text(" with "), subject, text(" as its first Admin"))
		}
		return append(said, text("."))
	case "organization.renamed":
		return []phrase{text(" renamed the organization from "), strong(fact(e.Before, "name")), text(" to "), strong(fact(e.After, "name")), text(".")}
	case "organization.policy_changed":
		return []phrase{text(" changed the sharing policy%s.", changed(e, policyFacts))}
	case "organization.sign_in_policy_changed":
		return []phrase{text(" changed how members of the organization sign in%s.", changed(e, signInFacts))}
	case "organization.single_sign_on_changed":
		return []phrase{text(" changed the single sign-on of the organization%s.", changed(e, singleSignOnFacts))}
	}
	return nil
}

// A recordedFact is one thing that a policy decides: a sentence with a gap, and how its value is said.
type recordedFact struct {
	sentence string
	value    func(access.Facts) string // empty where nothing was recorded
}

var policyFacts = []recordedFact{
	{"the widest access is %s", func(f access.Facts) string { return modeTitle(fact(f, "widest_mode")) }},
	{"a new project starts as %s", startFact},
	{"sharing with people outside is %s", func(f access.Facts) string { return switched(f, "external_sharing") }},
	{"Admins reach %s", reachFact},
}

var signInFacts = []recordedFact{
	{"a session that is not used ends after %s", func(f access.Facts) string { return counted(f, "idle_hours", "hour") }},
	{"every session ends after %s", func(f access.Facts) string { return counted(f, "absolute_hours", "hour") }},
	{"asking for a second factor is %s", func(f access.Facts) string { return switched(f, "second_factor") }},
}

var singleSignOnFacts = []recordedFact{
	{"it is %s", useOf},
	{"the provider is %s", func(f access.Facts) string { return fact(f, "issuer") }},
	{"the client is %s", func(f access.Facts) string { return fact(f, "client_id") }},
	{"who gets in with a password is %s", func(f access.Facts) string { return fact(f, "break_glass") }},
	{"there is %s", newSecret},
}

// changed lists what became different: ": the widest access is Organization (it was Anonymous)".
func changed(e AuditEvent, of []recordedFact) string {
	var said []string
	for _, each := range of {
		before, after := each.value(e.Before), each.value(e.After)
		if after == before {
			continue
		}
		if after == "" {
			after = "nobody"
		}
		one := strings.Replace(each.sentence, "%s", after, 1)
		if before != "" {
			one += " (it was " + before + ")"
		}
		said = append(said, one)
	}
	if len(said) == 0 {
		return ", and nothing became different"
	}
	return ": " + list(said)
}

func modeTitle(mode string) string {
	if mode == "" {
		return ""
	}
	return access.Mode(mode).Title()
}

func startFact(facts access.Facts) string {
	mode := access.Mode(fact(facts, "default_mode"))
	if mode == "" {
		return ""
	}
	return modeFact(access.Facts{"access_mode": mode, "org_role": fact(facts, "default_role")})
}

func reachFact(facts access.Facts) string {
	switch fact(facts, "admin_reach") {
	case "full":
		return "everything that an owner does"
	case "":
		return ""
	}
	return "what exists and who has access to it"
}

func switched(facts access.Facts, name string) string {
	switch facts[name] {
	case true:
		return "on"
	case false:
		return "off"
	}
	return ""
}

// useOf says how a single sign-on is used.
func useOf(facts access.Facts) string {
	switch {
	case facts == nil:
		return ""
	case facts["required"] == true:
		return "the only way in"
	case facts["enabled"] == true:
		return "on"
	}
	return "off"
}

func newSecret(facts access.Facts) string {
	if facts["new_secret"] == true {
		return "a new secret"
	}
	return ""
}
