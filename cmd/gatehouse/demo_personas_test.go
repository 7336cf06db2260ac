package main

import (
	"os"
	"strings"
	"testing"
)

// Whoever tries the demo believes what its links and the README say of Bo. To see it fail: leave Signals out of either.
func TestWhatIsSaidOfTheGroupAdminIsTrueOfTheDemo(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	row := func(text, mark string) string {
		_, rest, _ := strings.Cut(text, mark)
		line, _, _ := strings.Cut(rest, "\n")
		return line
	}
	said := map[string]string{"README": row(string(readme), "| Bo Lindqvist")}
	for _, persona := range demoPersonas {
		if persona.email == "bo@meridian.test" {
			said["demo"] = persona.shows
		}
	}
	for _, group := range demoGroups {
		for where, text := range said {
			if manages := group.people[0] == "bo"; strings.Contains(text, group.name) != manages {
				t.Errorf("%s says of Bo %q; that Bo manages %s is %v", where, text, group.name, manages)
			}
		}
	}
}
