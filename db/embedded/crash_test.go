package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestKillingTheProgramStopsPostgreSQL(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	other := runProgram(t, os.Args[0], dir, account{})
	query(t, other.says(t, "started "), "CREATE TABLE kept AS SELECT 42 AS n")
	other.cmd.Process.Kill()
	other.cmd.Wait()

	next := start(t, dir) // at once, while the old one is still stopping; it has to wait for the lock
	if next.Joined() {
		t.Fatal("the start joined a server that was about to end")
	}
	if got := query(t, next.URL(), "SELECT n FROM kept"); got != "42" {
		t.Errorf("the table holds %q", got)
	}
}

// Two servers on one cluster would destroy it: a start has to wait for the last process of the old one.
func TestASlowStopDelaysTheNextStart(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	other := runProgram(t, os.Args[0], dir, account{})
	checkpointer, err := strconv.Atoi(query(t, other.says(t, "started "), "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"))
	if err != nil {
		t.Fatal(err)
	}
	syscall.Kill(checkpointer, syscall.SIGSTOP)
	defer syscall.Kill(checkpointer, syscall.SIGCONT)
	other.cmd.Process.Kill()
	other.cmd.Wait()
	syscall.Kill(postmaster(t, dir), syscall.SIGINT) // where the kernel does not do it

	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := StartWith(ctx, dir, quick); err == nil || !strings.Contains(err.Error(), "Another program holds") {
		t.Errorf("a second server was tried beside the first: %v", err)
	}
	syscall.Kill(checkpointer, syscall.SIGCONT)
	if start(t, dir).Joined() {
		t.Error("the start joined a server that was about to end")
	}
}

func TestAfterACrashOfPostgreSQL(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	server := start(t, dir)
	query(t, server.URL(), "SET synchronous_commit = on; CREATE TABLE kept AS SELECT 42 AS n")
	syscall.Kill(postmaster(t, dir), syscall.SIGKILL)
	select {
	case <-server.Done():
	case <-time.After(60 * time.Second):
		t.Fatal("nobody noticed")
	}
	if err := server.Stop(); err == nil {
		t.Error("Stop calls that clean")
	}
	if got := query(t, start(t, dir).URL(), "SELECT n FROM kept"); got != "42" {
		t.Errorf("the table holds %q", got)
	}
}

// A number in a stale pid file may belong to a living process by now, in a container even to us.
func TestAStalePidFileOfALivingProcess(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	first := start(t, dir)
	stop(t, first)
	stranger := exec.Command("sleep", "60")
	stranger.Dir = "/"
	stranger.SysProcAttr = &syscall.SysProcAttr{Credential: first.home.account.credential()}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer stranger.Wait()
	defer stranger.Process.Kill()
	stale := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n  1234567   1234567\nready   \n", stranger.Process.Pid, first.home.cluster(), first.address.folder)
	pidFile := filepath.Join(first.home.cluster(), "postmaster.pid")
	if err := os.WriteFile(pidFile, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	os.Chown(pidFile, first.home.account.uid, first.home.account.gid)

	programs, _ := findPrograms(first.home)
	alone := programs.command(t.Context(), first.home, nil, "postgres", serverArguments(first.home, first.address, quick)...)
	if said, err := alone.CombinedOutput(); err == nil || !strings.Contains(string(said), "already exists") {
		t.Fatalf("PostgreSQL alone was expected to refuse: %v\n%s", err, said)
	}
	query(t, start(t, dir).URL(), "SELECT 1")
}

func TestAnInterruptedFirstStart(t *testing.T) {
	t.Parallel()
	dir, began := newDir(t), time.Now()
	for !interrupted(t, dir) { // on a busy machine initdb may be done before anybody looks
		if time.Since(began) > 60*time.Second {
			t.Fatal("initdb works in the place of the finished cluster")
		}
		dir = newDir(t)
	}
	query(t, start(t, dir).URL(), "SELECT 1")
	if _, err := os.Stat(filepath.Join(dir, "postgres.draft")); err == nil {
		t.Error("the draft was left behind")
	}
}

// interrupted kills a first start as soon as initdb is seen at work, and says whether that was before the cluster was finished.
func interrupted(t *testing.T, dir string) bool {
	t.Helper()
	other := runProgram(t, os.Args[0], dir, account{})
	defer other.cmd.Process.Kill()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(dir, "postgres*/base/*")); len(found) > 0 {
			other.cmd.Process.Kill()
			_, err := os.Stat(filepath.Join(dir, "postgres/PG_VERSION"))
			return err != nil
		}
	}
	t.Fatal("initdb was never seen at work")
	return false
}
