package main

import (
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// ends runs a command and returns its status and what it printed.
func ends(t *testing.T, args ...string) (status int, said string) {
	t.Helper()
	out, err := command(args...).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		status = exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return status, string(out)
}

// A check at the shell and one through the running server are the same answer, and end the same way.
func TestACheckAtTheShellAndThroughTheServerAgree(t *testing.T) {
	p := startDemoProgram(t)
	status, token := ends(t, "token", "create", "--org", "meridian", "--name", "pipeline", "--scope", "decide", "--data", p.data)
	token = strings.TrimSpace(token)
	if status != 0 || !strings.HasPrefix(token, "gh_") {
		t.Fatalf("%d %s", status, token)
	}
	for _, each := range []struct {
		subject, right, resource string
		want                     int
	}{
		{"cyra@meridian.test", "share", "project/alpha", 0},
		{"group:Research", "edit", "project/alpha", 0},
		{"group:Quant", "edit", "package/curves", 0},
		{"kofi@meridian.test", "edit", "project/alpha", 1},
		{"anonymous", "view", "project/open-benchmarks", 0},
		{"anonymous", "view", "project/alpha", 1},
		{"nobody@meridian.test", "view", "project/alpha", 1},
		{"cyra@meridian.test", "view", "project/nothing", 1},
		{"cyra@meridian.test", "fly", "project/alpha", 1},
		{"cyra@meridian.test", "view", "alpha", 2},
	} {
		question := []string{"check", each.subject, each.right, each.resource, "--why", "--json"}
		here, saidHere := ends(t, append(question, "--org", "meridian", "--data", p.data)...)
		there, saidThere := ends(t, append(question, "--server", p.base, "--token", token)...)
		if here != each.want || there != each.want || saidHere != saidThere {
			t.Errorf("%v: here %d %s\nthere %d %s", question, here, saidHere, there, saidThere)
		}
		if each.want == 2 {
			continue
		}
		var found verdict
		if err := json.Unmarshal([]byte(saidHere[strings.Index(saidHere, "{"):]), &found); err != nil || found.Decision != (each.want == 0) {
			t.Errorf("%s (%v)", saidHere, err)
		}
	}
	_, said := ends(t, "check", "kofi@meridian.test", "view", "project/alpha", "--why", "--org", "meridian", "--data", p.data)
	if !strings.Contains(said, "allowed") || !strings.Contains(said, "kofi@meridian.test → Viewer on Alpha.") {
		t.Error(said)
	}
}

// To whoever waits for the status, only 0 allows and only 1 denies.
func TestACheckThatCannotBeToldEndsWithTwo(t *testing.T) {
	p := startDemoProgram(t)
	question := []string{"check", "cyra@meridian.test", "share", "project/alpha"}
	for name, more := range map[string][]string{
		"no organization":      {"--data", p.data},
		"unknown organization": {"--org", "nothing", "--data", p.data},
		"unknown flag":         {"--nothing"},
		"no token":             {"--server", p.base},
		"wrong token":          {"--server", p.base, "--token", "gh_nothing"},
		"no server":            {"--server", "http://127.0.0.1:1", "--token", "gh_x"},
		"no database":          {"--org", "meridian", "--database-url", "postgres://nobody@127.0.0.1:1/nothing"},
	} {
		if status, said := ends(t, append(question, more...)...); status != 2 {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
	if status, said := ends(t, "token", "create", "--org", "meridian", "--name", "x", "--scope", "root", "--data", p.data); status == 0 {
		t.Error(said)
	}
}
