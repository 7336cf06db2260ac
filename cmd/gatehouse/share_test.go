package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newTokenOf makes an operator's token at the shell, and returns the file that holds it.
func newTokenOf(t *testing.T, p *program, scope string) string {
	t.Helper()
	status, token := ends(t, "token", "create", "--org", "meridian", "--name", "shell "+scope, "--scope", scope, "--data", p.data)
	if status != 0 || !strings.HasPrefix(token, "gh_") {
		t.Fatalf("%d %s", status, token)
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The same share commands, on the database and through the running server, end the same way and say the same.
func TestSharingAtTheShellAndThroughTheServerAgree(t *testing.T) {
	t.Parallel()
	p := startDemoProgram(t)
	file := newTokenOf(t, p, "manage")
	places := map[string][]string{
		"here":  {"--org", "meridian", "--data", p.data},
		"there": {"--server", p.base, "--token-file", file},
	}
	steps := []struct {
		words string
		want  int
		says  string
	}{
		{"list project/alpha", 0, "cyra@meridian.test"},
		{"add project/alpha --user dev@meridian.test --role editor --until 2099-01-31", 0, "dev@meridian.test has the role editor on project/alpha."},
		{"add project/alpha --user dev@meridian.test --role editor", 1, "has the role Editor here already"},
		{"list project/alpha", 0, "until 2099-01-31T00:00:00Z"},
		{"list project/alpha --user dev@meridian.test --json", 0, `"role":"editor"`},
		{"list package/curves", 0, "from the project Alpha"},
		{"remove project/alpha --user dev@meridian.test --role viewer", 1, "was given no such role on project/alpha itself"},
		{"remove project/alpha --user Dev@Meridian.test --role editor", 0, "dev@meridian.test no longer has the role editor on project/alpha."},
		{"remove project/alpha --user dev@meridian.test --role editor", 1, "was given no such role on project/alpha itself"},
		{"add project/alpha --group quant --role viewer --json", 0, `"name":"Quant"`},
		{"remove project/alpha --group Quant --role viewer --json", 0, `"removed":[{`},
		{"add project/alpha --user dev@meridian.test --role emperor", 1, `"emperor" is not a role on a project.`},
		{"add project/alpha --user nobody@meridian.test --role viewer", 1, "There is no such user to share with."},
		{"add project/alpha --group nobody --role viewer", 1, `There is no group named "nobody".`},
		{"add project/alpha --organization nowhere --role viewer", 1, "There is no such organization to share with."},
		{"add project/alpha --user dev@meridian.test --role viewer --until 2001-01-01", 1, "Choose a time in the future"},
		{"add project/nothing --user dev@meridian.test --role viewer", 1, "there is no project/nothing"},
		{"add project/alpha --user dev@meridian.test --role viewer --until tomorrow", 2, `"tomorrow" is no time`},
		{"add project/alpha --role viewer", 2, "say whom: --user, --group or --organization"},
		{"add project/alpha --user a@b.test --group Quant --role viewer", 2, "can't be used together"},
		{"add alpha --user dev@meridian.test --role viewer", 2, `"alpha" names no resource`},
	}
	for place, options := range places { // one after the other: the steps leave everything as they found it
		for _, each := range steps {
			status, said := ends(t, append(append([]string{"share"}, strings.Fields(each.words)...), options...)...)
			if status != each.want || !strings.Contains(said, each.says) {
				t.Errorf("%s, share %s: %d, not %d\n%s", place, each.words, status, each.want, said)
			}
		}
	}
	_, here := ends(t, append([]string{"share", "list", "project/alpha", "--json"}, places["here"]...)...)
	_, there := ends(t, append([]string{"share", "list", "project/alpha", "--json"}, places["there"]...)...)
	var list struct{ Grants []sharedGrant }
	if err := json.Unmarshal([]byte(here), &list); here != there || err != nil || len(list.Grants) == 0 {
		t.Errorf("%v: the lists differ:\n%s\n%s", err, here, there)
	}
}

// To whoever waits for the status, 1 means that it was refused, and anything that leaves it open is 2.
func TestAShareCommandThatCannotBeToldEndsWithTwo(t *testing.T) {
	t.Parallel()
	p := startDemoProgram(t)
	decide := newTokenOf(t, p, "decide")
	for name, each := range map[string]struct {
		want    int
		options []string
	}{
		"no organization":      {2, []string{"--data", p.data}},
		"unknown organization": {2, []string{"--org", "nothing", "--data", p.data}},
		"unknown flag":         {2, []string{"--nothing"}},
		"no token":             {2, []string{"--server", p.base}},
		"no token file":        {2, []string{"--server", p.base, "--token-file", p.data + "/nothing"}},
		"wrong token":          {2, []string{"--server", p.base, "--token", "gh_nothing"}},
		"another scope":        {1, []string{"--server", p.base, "--token-file", decide}},
		"no server":            {2, []string{"--server", "http://127.0.0.1:1", "--token", "gh_x"}},
	} {
		if status, said := ends(t, append([]string{"share", "list", "project/alpha"}, each.options...)...); status != each.want {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
}
