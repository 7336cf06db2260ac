package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A private PostgreSQL is one that a program started, as its operator reaches it.
type privatePostgres struct {
	t      *testing.T
	socket string // folder
	bin    string
}

func privateOf(t *testing.T, data string) privatePostgres {
	t.Helper()
	pid, err := filepath.Glob(filepath.Join(data, "*", "postmaster.pid"))
	if err != nil || len(pid) != 1 {
		t.Fatalf("PostgreSQL's process: %v, %v", pid, err)
	}
	text, err := os.ReadFile(pid[0])
	if err != nil {
		t.Fatal(err)
	}
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	p := privatePostgres{t: t, socket: strings.Split(string(text), "\n")[4]}
	if len(installed) > 0 {
		p.bin = installed[len(installed)-1]
	}
	return p
}

// runs one of PostgreSQL's programs on it and returns what it printed.
func (p privatePostgres) runs(program string, args ...string) string {
	p.t.Helper()
	cmd := exec.Command(filepath.Join(p.bin, program), append([]string{"-h", p.socket, "-U", "app"}, args...)...)
	said, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("%s %v: %v\n%s", program, args, err, said)
	}
	return string(said)
}

// As docs/backup.md says: the database, the files, the server's own secret, and the heads of the audit logs elsewhere.
func TestABackupComesBackOnAFreshServer(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	kept := t.TempDir()
	heads, dump := filepath.Join(kept, "heads"), filepath.Join(kept, "gatehouse.dump")
	printed, err := command("audit", "heads", "--data", server.data).Output()
	if err != nil || os.WriteFile(heads, printed, 0o600) != nil {
		t.Fatal(err)
	}
	privateOf(t, server.data).runs("pg_dump", "--format=custom", "--file="+dump, "gatehouse")
	link := server.personaLink("Cyra Haddad")
	server.stop()

	data := newData(t)
	fresh := startProgram(t, data)
	postgres := privateOf(t, data)
	postgres.runs("dropdb", "--force", "gatehouse")
	postgres.runs("createdb", "gatehouse")
	postgres.runs("pg_restore", "--exit-on-error", "--single-transaction", "--dbname=gatehouse", dump)
	fresh.stop()
	secret, err := os.ReadFile(filepath.Join(server.data, "secret"))
	if err != nil || os.WriteFile(filepath.Join(data, "secret"), secret, 0o600) != nil || os.RemoveAll(filepath.Join(data, "files")) != nil ||
		os.CopyFS(filepath.Join(data, "files"), os.DirFS(filepath.Join(server.data, "files"))) != nil {
		t.Fatal("the secret or the files could not be copied: ", err)
	}

	restored := startProgram(t, data)
	if said, err := command("audit", "verify", "--data", data, "--heads", heads).CombinedOutput(); err != nil || !strings.Contains(string(said), "meridian: ") {
		t.Errorf("the restored logs: %v\n%s", err, said)
	}
	cyra := newPerson(t, restored)
	cyra.signsInBy(link)
	alpha := opensAlpha(cyra)
	cyra.opens(alpha + "?tab=others")
	cyra.content().clicks("link", "Warehouse password")
	cyra.content().clicks("link", "Reveal")
	cyra.dialog().clicks("button", "Reveal the value")
	if value, err := cyra.dialog().field("Value").InputValue(); err != nil || value == "" {
		t.Errorf("the secret is %q, %v", value, err)
	}
	cyra.opens(meridian + "/resources?kind=bucket")
	cyra.content().clicks("link", "Raw figures")
	got, err := cyra.page.ExpectDownload(func() error { return cyra.the("link", "Download method.md").Click() })
	cyra.must(err)
	if failed := got.Failure(); failed != nil {
		t.Errorf("the file: %v", failed)
	}

	// Whoever cuts the log and moves its head is found by the heads that were kept elsewhere, and by nothing else
	postgres = privateOf(t, data)
	postgres.runs("psql", "--dbname=gatehouse", "-c", `SET session_replication_role = replica;
		DELETE FROM audit_events WHERE seq > 5;
		UPDATE audit_heads h SET seq = 5, hash = (SELECT e.hash FROM audit_events e WHERE e.org_id = h.org_id AND e.seq = 5) WHERE seq > 5`)
	if said, err := command("audit", "verify", "--data", data).CombinedOutput(); err != nil {
		t.Errorf("a log with its tail and head cut says of itself: %s", said)
	}
	if said := refuses(t, nil, "audit", "verify", "--data", data, "--heads", heads); !strings.Contains(said, "the log ends before event") {
		t.Errorf("a log that was cut: %s", said)
	}
	if said := refuses(t, nil, "audit", "verify", "--data", data, "--heads", dump); !strings.Contains(said, "did not print") {
		t.Errorf("a file of other things: %s", said)
	}
}
