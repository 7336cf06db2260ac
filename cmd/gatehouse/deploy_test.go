package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// options are the environment variables that the program reads.
func options(t *testing.T) []string {
	t.Helper()
	var found []string
	var collect func(*kong.Node)
	collect = func(node *kong.Node) {
		for _, flag := range node.Flags {
			found = append(found, flag.Envs...)
		}
		for _, child := range node.Children {
			collect(child)
		}
	}
	collect(kong.Must(&commands{}).Model.Node)
	slices.Sort(found)
	return slices.Compact(found)
}

var ofTheProgram = regexp.MustCompile(`\b(GATEHOUSE_[A-Z_]+|DATABASE_URL(_FILE)?)\b`)

// ofTests are variables of tests and measurements, which documents name too.
var ofTests = regexp.MustCompile(`^GATEHOUSE_(BENCH_\w+|RECORDS|MEMBERS|ROUNDS)$`)

// A file that the program takes must come through each proxy, with what a form adds to it: both count by 1024.
func TestTheProxiesLetThroughWhatTheProgramTakes(t *testing.T) {
	for file, limit := range map[string]string{"Caddyfile": "max_size 101MiB", "nginx.conf": "client_max_body_size 101m;"} {
		text, err := os.ReadFile("../../deploy/" + file)
		if err != nil || !strings.Contains(string(text), limit) {
			t.Errorf("%s does not say %q: %v", file, limit, err)
		}
	}
}

// What deploy/ and the documents name is an option of the program, and every option is told of.
func TestEveryVariableThatIsNamedIsReadAndTheOtherWayRound(t *testing.T) {
	known := options(t)
	if len(known) < 10 {
		t.Fatalf("only %v", known)
	}
	var files []string
	for _, pattern := range []string{"../../deploy/*", "../../docs/*.md", "../../README.md"} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		files = append(files, some...)
	}
	told := map[string]string{}
	for _, file := range files {
		if filepath.Base(file) == "secrets" { // the operator's own
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range ofTheProgram.FindAllString(string(text), -1) {
			option := name
			if !slices.Contains(known, name) {
				option = strings.TrimSuffix(name, "_FILE")
			}
			if !slices.Contains(known, option) && !ofTests.MatchString(option) {
				t.Errorf("%s names %s, which the program does not read", file, name)
			}
			told[option] += " " + filepath.Base(file)
		}
	}
	for _, option := range known {
		if !strings.Contains(told[option], "README.md") {
			t.Errorf("the README says nothing of %s", option)
		}
	}
}
