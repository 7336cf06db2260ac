package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestStoppingKeepsTheDataAndLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	data := newData(t)
	server := startProgram(t, data)
	server.answers("/livez", http.StatusOK)
	server.answers("/readyz", http.StatusOK)
	iris := newPerson(t, server)
	setsUp(iris)
	postgres := postgresOf(t, data)
	if took := server.stop(); took > 30*time.Second {
		t.Errorf("SIGTERM took %s", took)
	}
	if alive(postgres) {
		t.Errorf("PostgreSQL (process %d) outlives the program", postgres)
	}

	server = startProgram(t, data)
	if strings.Contains(server.said.String(), "/setup/") {
		t.Error("a second start offers to set the server up again")
	}
	signsIn(newPerson(t, server))
	postgres = postgresOf(t, data)
	server.kill()
	server = startProgram(t, data)
	signsIn(newPerson(t, server))
	if now := postgresOf(t, data); !alive(now) {
		t.Errorf("process %d of PostgreSQL is not there", now)
	}
	server.stop()
	if alive(postgres) {
		t.Errorf("PostgreSQL (process %d) outlives the program that was killed and its successor", postgres)
	}

	said := refuses(t, nil, "serve", "--addr", "127.0.0.1:0", "--demo", "--data", data)
	if !strings.Contains(said, "the demo is refused on a database that holds anything else") {
		t.Errorf("the demo on a real organization says:\n%s", said)
	}
	server = startProgram(t, data)
	signsIn(newPerson(t, server)) // and nothing of it was changed
}

func TestAMisspeltVariableIsRefusedByName(t *testing.T) {
	t.Parallel()
	said := refuses(t, []string{"GATEHOUSE_FOO=1"}, "serve", "--addr", "127.0.0.1:0", "--data", newData(t))
	if !strings.Contains(said, "GATEHOUSE_FOO is not an option of gatehouse") {
		t.Errorf("a misspelt variable says:\n%s", said)
	}
}

func TestAnAdminMadeInTheShellSignsInOnce(t *testing.T) {
	t.Parallel()
	data := newData(t)
	server := startProgram(t, data)
	setsUp(newPerson(t, server))
	link := server.adminLink("rescue@northwind.test", "northwind-research")
	rescue := newPerson(t, server)
	rescue.opens(link)
	rescue.opens(link) // looking does not use it up
	rescue.clicks("button", "Sign in as .*")
	rescue.seesThe("heading", "Projects")
	rescue.opens("/orgs/northwind-research/members")
	rescue.row("rescue@northwind.test").sees("Admin", "Active")

	again := newPerson(t, server)
	again.tries(link)
	again.seesThe("heading", "This link no longer works")
	said := refuses(t, nil, "admin", "create", "--email", "x@y.test", "--org", "nowhere", "--data", data)
	if !strings.Contains(said, `there is no organization "nowhere"`) {
		t.Errorf("an unknown organization says:\n%s", said)
	}
}

// setsUp makes Iris's organization on an empty server.
func setsUp(iris *person) {
	iris.t.Helper()
	iris.opens(iris.server.find(`(/setup/\S+)`))
	iris.fills("Name of the organization", "Northwind Research")
	iris.fills("Your name", "Iris Vale")
	iris.fills("E-mail address", "iris@northwind.test")
	iris.fills("Password", "correct horse battery")
	iris.clicks("button", "Set up the server")
	iris.seesThe("heading", "Projects")
}

func signsIn(iris *person) {
	iris.t.Helper()
	iris.opens("/sign-in")
	iris.fills("E-mail address", "Iris@Northwind.test ") // one address, however it is written
	iris.fills("Password", "correct horse battery")
	iris.clicks("button", "Sign in")
	iris.seesThe("heading", "Projects")
	iris.sees("Northwind Research")
}

// postgresOf is the process of the private PostgreSQL.
func postgresOf(t *testing.T, data string) int {
	t.Helper()
	process := 0
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "postmaster.pid" {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			first, _, _ := strings.Cut(string(text), "\n")
			process, err = strconv.Atoi(strings.TrimSpace(first))
			return err
		}
		return err
	})
	if err != nil || process == 0 {
		t.Fatalf("no PostgreSQL runs in %s: %v", data, err)
	}
	return process
}

func alive(process int) bool { return !errors.Is(syscall.Kill(process, 0), syscall.ESRCH) }
