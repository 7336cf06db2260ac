package embedded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// quick gives up durability; every other default stays.
var quick = Settings{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

// TestMain turns the test binary into another program that starts a server, if the environment says so.
func TestMain(m *testing.M) {
	if dir := os.Getenv("EMBEDDED_TEST_DIR"); dir != "" {
		beAnotherProgram(dir)
		return
	}
	os.Exit(m.Run())
}

// beAnotherProgram starts, says how that went in one line, and stops when its standard input ends.
func beAnotherProgram(dir string) {
	server, err := StartWith(context.Background(), dir, quick)
	if err != nil {
		fmt.Println("failed", strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Println(map[bool]string{true: "joined", false: "started"}[server.Joined()], server.URL())
	io.Copy(io.Discard, os.Stdin)
	if err := server.Stop(); err != nil {
		fmt.Println("unclean", err)
	}
}

// program is the test binary, run as another program.
type program struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Reader
}

func runProgram(t *testing.T, binary, dir string, as account) *program {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), "EMBEDDED_TEST_DIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as.credential()}
	cmd.Stderr = os.Stderr
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{cmd, stdin, bufio.NewReader(stdout)}
	t.Cleanup(p.end)
	return p
}

func (p *program) says(t *testing.T, prefix string) string {
	t.Helper()
	line, _ := p.lines.ReadString('\n')
	if !strings.HasPrefix(line, prefix) {
		t.Fatalf("the other program says %q, want %q", line, prefix)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, prefix))
}

func (p *program) end() {
	p.stdin.Close()
	p.cmd.Wait()
}

// newDir is a folder that does not exist yet, in memory where there is enough of it, and open to the
// user who runs PostgreSQL when we are root (t.TempDir is not).
func newDir(t *testing.T) string {
	t.Helper()
	base := "/dev/shm"
	var memory syscall.Statfs_t
	if err := syscall.Statfs(base, &memory); err != nil || memory.Bavail*uint64(memory.Bsize) < 2<<30 {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	server, err := StartWith(t.Context(), dir, quick)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop() })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
}

func startFails(t *testing.T, dir string, settings Settings, want ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	server, err := StartWith(ctx, dir, settings)
	if err == nil {
		server.Stop()
		t.Fatal("the start succeeded")
	}
	for _, part := range want {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error lacks %q:\n%v", part, err)
		}
	}
}

// query runs SQL with psql, which reads the URL as pgx does.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	programs, err := findPrograms(home{account: ownAccount()})
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(programs.bin+"/psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql).CombinedOutput()
	if err != nil {
		t.Fatalf("psql %s: %v\n%s", url, err, said)
	}
	return strings.TrimSpace(string(said))
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "postgres/postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.Split(string(content), "\n")[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
