package access_test

import (
	"strings"
	"testing"

	"gatehouse/access"
)

// The bits are stored in every role of every database: a new right goes to the end.
func TestTheBitsOfRightsAreNeverRenumbered(t *testing.T) {
	stored := strings.Fields("discover view query create edit configure connect reveal share delete transfer members groups audit")
	for i, name := range stored {
		right, ok := access.ParseRight(name)
		if !ok || right != 1<<i || right.String() != name {
			t.Errorf("%s is the right %v", name, right)
		}
	}
	if _, ok := access.ParseRight("everything"); ok {
		t.Error("an unknown right was accepted")
	}
}

// Whoever may do anything with a resource may know that it exists, and whoever may view may discover.
func TestEveryRoleCarriesDiscover(t *testing.T) {
	for _, role := range access.Roles() {
		if !role.Here.Has(access.Discover) || role.Below != 0 && !role.Below.Has(access.Discover) || role.BelowOnModules() != 0 && !role.BelowOnModules().Has(access.Discover) {
			t.Errorf("%s gives %q here, %q below and %q on modules", role.ID, role.Here, role.Below, role.BelowOnModules())
		}
	}
}

func TestAnUnknownRoleIsRefusedAndNeverReplaced(t *testing.T) {
	for _, name := range []string{"", "Owner", "owner", "superuser", "viewer ", "administrator"} {
		if role, err := access.FindRole(access.Project, name); answer(err) != "422" || role.Here != 0 {
			t.Errorf("%q is the role %+v, %v", name, role, err)
		}
	}
	for _, name := range []string{"", "owner", "Admin"} {
		if role, err := access.ParseGroupRole(name); answer(err) != "422" || role != "" {
			t.Errorf("%q is the group role %q, %v", name, role, err)
		}
	}
}

func TestOnlyCanonicalIDsNameSomething(t *testing.T) {
	for id, want := range map[string]bool{
		"00000000-0000-4000-8000-000000000000":   true,
		"0191e8a3-7b2c-7def-8123-456789abcdef":   true,
		"0191E8A3-7B2C-7DEF-8123-456789ABCDEF":   false,
		"0191e8a37b2c7def8123456789abcdef":       false,
		"{0191e8a3-7b2c-7def-8123-456789abcdef}": false,
		"0191e8a3-7b2c-7def-8123-456789abcdeg":   false,
		"0191e8a3-7b2c-7def-8123-456789abcde-":   false,
		"":                                       false,
		"' OR 1=1 --                         ":   false,
	} {
		if access.IsID(id) != want {
			t.Errorf("IsID(%q) is %v", id, !want)
		}
	}
}

func TestNamesAreOneLineOfTextOfAReasonableLength(t *testing.T) {
	for name, want := range map[string]string{" Ana ": "Ana", "Ünïcode 日本": "Ünïcode 日本", strings.Repeat("é", 120): strings.Repeat("é", 120)} {
		if got, err := access.CleanName("name", name); got != want || err != nil {
			t.Errorf("%q becomes %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", " \t ", "a\nb", "a\x00b", "a\xffb", strings.Repeat("é", 121)} {
		if got, err := access.CleanName("name", name); answer(err) != "422" {
			t.Errorf("%q becomes %q, %v", name, got, err)
		}
	}
}

func TestDescriptionsAreTextThatPostgreSQLCanHold(t *testing.T) {
	if got, err := access.CleanDescription(" two\nlines "); got != "two\nlines" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"a\x00b", "a\xffb", strings.Repeat("é", 2001)} {
		if got, err := access.CleanDescription(text); answer(err) != "422" {
			t.Errorf("%q becomes %q, %v", text, got, err)
		}
	}
}
