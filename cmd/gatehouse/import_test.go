package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runs runs a command to its end and gives what it printed, and whether it went well.
func runs(t *testing.T, args ...string) (output, complaints string, well bool) {
	t.Helper()
	cmd := command(args...)
	var said, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complained
	err := cmd.Run()
	return said.String(), complained.String(), err == nil
}

// The demo goes from one server to another, and is the same there.
func TestTheDemoIsExportedAndImportedToTheSameState(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	first, complaints, well := runs(t, "export", "--org", "meridian", "--data", server.data)
	if !well || !strings.HasPrefix(first, `{"type":"organization","slug":"meridian","name":"Meridian Analytics"}`) {
		t.Fatalf("export says %q\n%s", first, complaints)
	}
	folder := newData(t)
	file := filepath.Join(filepath.Dir(folder), "meridian.ndjson")
	if err := os.WriteFile(file, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	partner, complaints, _ := runs(t, "export", "--org", "harbor", "--data", server.data) // to which Nightly Rates is shared
	other := filepath.Join(filepath.Dir(folder), "harbor.ndjson")
	if err := os.WriteFile(other, []byte(partner), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, complaints, well := runs(t, "import", "--data", folder, other); !well {
		t.Fatalf("the partner was not imported: %s", complaints)
	}
	for _, want := range []string{" 3 unchanged, 0 refused", " 0 changed, "} { // the module Workspace, with which it is born, and two people whom the partner knows
		said, complaints, well := runs(t, "import", "--data", folder, file)
		if !well || !strings.Contains(said, want) || strings.Contains(complaints, "\r") {
			t.Fatalf("import says %q, want %q\n%s", said, want, complaints)
		}
	}
	if second, complaints, _ := runs(t, "export", "--org", "meridian", "--data", folder); second != first {
		t.Errorf("exported was\n%s\nand is\n%s\n%s", first, second, complaints)
	}
	if _, complaints, well := runs(t, "export", "--org", "nowhere", "--data", folder); well || !strings.Contains(complaints, `there is no organization "nowhere"`) {
		t.Errorf("export of nothing says %q", complaints)
	}
}

func TestAnImportReportsEveryRefusedLineAndFails(t *testing.T) {
	t.Parallel()
	folder := newData(t)
	file := filepath.Join(filepath.Dir(folder), "mixed.ndjson")
	text := `{"type":"organization","slug":"acme","name":"Acme"}
{"type":"user","email":"ana@acme.test"}
{"type":"member","organization":"acme","user":"ana@acme.test","role":"admin"}
{"type":"group","organization":"acme","name":"a","colour":"red"}
{"type":"group","organization":"nowhere","name":"b"}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct{ flag, said string }{{"", "5 records read, 0 changed, 0 unchanged, 2 refused"}, {"--continue", "5 records read, 3 changed, 0 unchanged, 2 refused"}} {
		args := []string{"import", "--data", folder, file}
		if try.flag == "--continue" {
			args = append(args, try.flag)
		}
		said, complaints, well := runs(t, args...)
		if well || !strings.Contains(said, try.said) || !strings.Contains(complaints, `line 4, colour: A record of the type group has no field "colour".`) ||
			!strings.Contains(complaints, `line 5, organization: There is no organization "nowhere".`) {
			t.Errorf("%s: %v\n%s\n%s", try.flag, well, said, complaints)
		}
	}
}
