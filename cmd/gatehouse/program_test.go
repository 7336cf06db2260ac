package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is a running `gatehouse serve`.
type program struct {
	t     testing.TB
	base  string // URL
	data  string // folder
	cmd   *exec.Cmd
	said  *transcript
	ended chan struct{}
}

// A transcript is what a program printed so far.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// startDemoProgram serves a demo organization of this test alone.
func startDemoProgram(t *testing.T) *program { return startProgram(t, newData(t), "--demo") }

// newData names a folder for a program's data.
func newData(t testing.TB) string {
	dir, err := os.MkdirTemp(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// startProgram serves until the test ends.
func startProgram(t testing.TB, data string, args ...string) *program {
	t.Helper()
	p := &program{t: t, data: data, said: &transcript{}, ended: make(chan struct{})}
	p.cmd = command(append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, args...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.stop() })
	p.base = p.find(`Gatehouse is at (\S+)`)
	p.answers("/readyz", http.StatusOK)
	return p
}

// command is the program with nothing of the surroundings' own settings.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "GATEHOUSE_") && !strings.HasPrefix(pair, "DATABASE_URL") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	return cmd
}

// find waits for a line and returns what its first pair of parentheses holds.
func (p *program) find(pattern string) string {
	p.t.Helper()
	expression := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if match := expression.FindStringSubmatch(p.said.String()); match != nil {
			return match[1]
		}
		select {
		case <-p.ended:
			p.t.Fatalf("the program ended and had printed:\n%s", p.said)
		default:
		}
	}
	p.t.Fatalf("the program never printed %s, but:\n%s", pattern, p.said)
	return ""
}

// answers checks the status of a path that needs no browser.
func (p *program) answers(path string, status int) {
	p.t.Helper()
	answer, err := (&http.Client{Timeout: 60 * time.Second}).Get(p.base + path)
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", path, err, p.said)
	}
	defer answer.Body.Close()
	if answer.StatusCode != status {
		p.t.Fatalf("%s answers %d and should answer %d", path, answer.StatusCode, status)
	}
}

// stop ends the program as an operator does, and says how long that took.
func (p *program) stop() time.Duration {
	p.t.Helper()
	start := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		p.t.Errorf("the program did not stop within 30 seconds of SIGTERM")
	}
	return time.Since(start)
}

// kill ends the program without a chance to clean up.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// personaLink is the path of the demo's link for a person.
func (p *program) personaLink(name string) string {
	p.t.Helper()
	return p.find(regexp.QuoteMeta(name) + `\s+` + regexp.QuoteMeta(p.base) + `(/links/\S+)`)
}

// adminLink makes a link that signs an admin in once, from the shell beside the running program.
func (p *program) adminLink(email, org string) string {
	p.t.Helper()
	return p.adminLinkAt("", email, org)
}

// adminLinkAt is adminLink for a program on another database than its own.
func (p *program) adminLinkAt(database, email, org string) string {
	p.t.Helper()
	cmd := command("admin", "create", "--email", email, "--org", org, "--data", p.data, "--base-url", p.base)
	if database != "" {
		cmd.Env = append(cmd.Env, "DATABASE_URL="+database)
	}
	said, err := cmd.CombinedOutput()
	match := regexp.MustCompile(regexp.QuoteMeta(p.base) + `(/links/\S+)`).FindSubmatch(said)
	if err != nil || match == nil {
		p.t.Fatalf("admin create: %v\n%s", err, said)
	}
	return string(match[1])
}

// refuses runs a command that must end with an error, and returns what it printed.
func refuses(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd := command(args...)
	cmd.Env = append(cmd.Env, env...)
	said, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("gatehouse %s was not refused:\n%s", fmt.Sprint(args), said)
	}
	return string(said)
}
