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
	if said, err := command("ready", "--addr", strings.TrimPrefix(server.base, "http://")).CombinedOutput(); err != nil {
		t.Errorf("ready: %v\n%s", err, said)
	}
	refuses(t, nil, "ready", "--addr", "127.0.0.1:1")
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

// What is malformed is named before anything is made, and nothing of a password is printed.
func TestAMalformedOptionStopsTheStartWithASentence(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "never")
	for setting, sentence := range map[string]string{
		"GATEHOUSE_METRICS_ADDR=nowhere":                                   "GATEHOUSE_METRICS_ADDR: cannot listen at nowhere",
		"GATEHOUSE_SMTP_URL=mail.example.org":                              "GATEHOUSE_SMTP_URL should be like smtp://",
		"GATEHOUSE_SMTP_URL=https://u:swordfish@mail.example.org":          "GATEHOUSE_SMTP_URL should be like smtp://",
		"GATEHOUSE_SMTP_URL=smtp://u:swordfish@mail.example.org:0":         "GATEHOUSE_SMTP_URL has the port",
		"GATEHOUSE_SMTP_URL=smtp://u:swordfish@mail.example.org?to=x":      `GATEHOUSE_SMTP_URL has the parameter "to"`,
		"GATEHOUSE_SMTP_URL=smtp://u:swordfish@mail.example.org?tls=maybe": "GATEHOUSE_SMTP_URL",
		"GATEHOUSE_SMTP_URL=smtp://u:sword/fish@mail.example.org":          "write @ / : ? # and % in a password as",
		"GATEHOUSE_TRUSTED_PROXIES=proxy.example.org":                      `GATEHOUSE_TRUSTED_PROXIES holds "proxy.example.org"`,
		"GATEHOUSE_TRUSTED_PROXIES=127.0.0.1,10.0.0.0/33":                  `GATEHOUSE_TRUSTED_PROXIES holds "10.0.0.0/33"`,
		"GATEHOUSE_MAX_FILE=much":                                          "GATEHOUSE_MAX_FILE",
		"GATEHOUSE_LOG_LEVEL=loud":                                         "log-level",
		"GATEHOUSE_SECRET_FILE=/nowhere/at/all":                            "GATEHOUSE_SECRET_FILE names a file that cannot be read",
	} {
		said := refuses(t, []string{setting}, "serve", "--addr", "127.0.0.1:0", "--data", data)
		if !strings.Contains(said, sentence) || strings.Contains(said, "swordfish") || strings.Contains(said, "fish@") || strings.Contains(said, "panic") {
			t.Errorf("%s says:\n%s", setting, said)
		}
		if _, err := os.Stat(data); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s leaves a folder of data behind: %v", setting, err)
		}
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
