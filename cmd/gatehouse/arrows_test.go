package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows is the diagram of the house: which packages each package may import. What is not here is not allowed.
var arrows = map[string][]string{
	"gatehouse/access":            {},
	"gatehouse/static":            {},
	"gatehouse/views":             {"gatehouse/access", "gatehouse/static"},
	"gatehouse/db":                {"gatehouse/access", "gatehouse/db/internal/sqlc"},
	"gatehouse/db/internal/sqlc":  {"gatehouse/access"},
	"gatehouse/db/embedded":       {},
	"gatehouse/db/dbtest":         {"gatehouse/access", "gatehouse/db", "gatehouse/db/embedded"},
	"gatehouse/web":               {"gatehouse/access", "gatehouse/db", "gatehouse/static", "gatehouse/views", "gatehouse/web/api", "gatehouse/web/metrics", "gatehouse/web/oidc", "gatehouse/web/rest", "gatehouse/web/scim"},
	"gatehouse/web/api":           {"gatehouse/access", "gatehouse/db", "gatehouse/web/bearer", "gatehouse/web/message"},
	"gatehouse/web/bearer":        {"gatehouse/access", "gatehouse/db"},
	"gatehouse/web/etag":          {},
	"gatehouse/web/message":       {},
	"gatehouse/web/mail":          {"gatehouse/access", "gatehouse/db", "gatehouse/views"},
	"gatehouse/web/metrics":       {"gatehouse/db"},
	"gatehouse/web/oidc":          {},
	"gatehouse/web/oidc/oidctest": {},
	"gatehouse/web/rest":          {"gatehouse/access", "gatehouse/db", "gatehouse/web/bearer", "gatehouse/web/etag", "gatehouse/web/message"},
	"gatehouse/web/scim":          {"gatehouse/access", "gatehouse/db", "gatehouse/web/bearer", "gatehouse/web/etag", "gatehouse/web/message"},
	"gatehouse/cmd/gatehouse":     {"gatehouse/access", "gatehouse/db", "gatehouse/db/embedded", "gatehouse/views", "gatehouse/web", "gatehouse/web/mail", "gatehouse/web/metrics"},
}

func TestTheArrowsRunOneWay(t *testing.T) {
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "gatehouse/...")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		names := strings.Fields(line)
		allowed, known := arrows[names[0]]
		if !known {
			t.Errorf("%s is not in the diagram", names[0])
		}
		for _, imported := range names[1:] {
			if strings.HasPrefix(imported, "gatehouse/") && !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s", names[0], imported)
			}
		}
	}
}

// Package access is the standard library's and nobody else's.
func TestTheRulesNeedNoLibrary(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}}{{end}}`, "gatehouse/access")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != "gatehouse/access" {
		t.Errorf("package access needs %s", got)
	}
}
