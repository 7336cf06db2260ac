package embedded

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestARestartFindsTheData(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	began := time.Now()
	first := start(t, dir)
	t.Logf("first start: %v", time.Since(began))
	query(t, first.URL(), "CREATE TABLE kept AS SELECT 'Zoë' AS name")
	began = time.Now()
	stop(t, first)
	t.Logf("stop: %v", time.Since(began))

	began = time.Now()
	second := start(t, dir)
	t.Logf("second start: %v", time.Since(began))
	if got := query(t, second.URL(), "SELECT upper(name) FROM kept"); got != "ZOË" {
		t.Errorf("after a restart the table holds %q", got)
	}
	if second.Joined() || second.Notice() != "" || second.Dir() != dir {
		t.Errorf("joined %v, notice %q, folder %s", second.Joined(), second.Notice(), second.Dir())
	}
}

func TestTheServerIsPrivate(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	server, err := StartWith(t.Context(), dir, Settings{"fsync": "off", "listen_addresses": "*", "unix_socket_permissions": "0777", "max_connections": "37"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	got := query(t, server.URL(), "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions'), current_setting('max_connections'), current_user, current_database()")
	if got != "|0700|37|app|gatehouse" {
		t.Errorf("the server runs with %s", got)
	}
	for path, want := range map[string]os.FileMode{server.address.folder: 0o700, server.home.cluster(): 0o700, server.home.log(): 0o600} {
		if found, err := os.Stat(path); err != nil || found.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, found.Mode(), err)
		}
	}
	ours, _ := syscall.Getpgid(os.Getpid())
	if group, _ := syscall.Getpgid(postmaster(t, dir)); group == ours {
		t.Error("PostgreSQL is in our process group, so Ctrl-C stops it before us")
	}
}

func TestASecondProgramJoins(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	owner := start(t, dir)
	other := runProgram(t, os.Args[0], dir, account{})
	if url := other.says(t, "joined "); url != owner.URL() {
		t.Errorf("it uses %s, want %s", url, owner.URL())
	}
	other.end()
	query(t, owner.URL(), "SELECT 1") // the guest's end is not the server's

	guest := start(t, dir)
	if !guest.Joined() {
		t.Fatal("it runs twice")
	}
	stop(t, owner)
	select {
	case <-guest.Done():
	case <-time.After(60 * time.Second):
		t.Fatal("the guest was not told that the server ended")
	}
	if next := start(t, dir); next.Joined() || next.URL() != guest.URL() {
		t.Errorf("the guest did not take over at the same address: %v, %s", next.Joined(), next.URL())
	}
}

func TestConcurrentFirstStarts(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	var programs []*program
	for range 4 {
		programs = append(programs, runProgram(t, os.Args[0], dir, account{}))
	}
	begun := 0
	for _, p := range programs {
		how, url, _ := strings.Cut(p.says(t, ""), " ")
		if how == "started" {
			begun++
		} else if how != "joined" {
			t.Errorf("a program says %s %s", how, url)
			continue
		}
		query(t, url, "SELECT 1")
	}
	if begun != 1 {
		t.Errorf("%d programs started a server", begun)
	}
}

func TestAWaitHasAnEnd(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	h, err := findHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	lock, _, err := lockOrJoin(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := Start(ctx, dir); err == nil || !strings.Contains(err.Error(), "Another program holds "+dir) {
		t.Errorf("the error is %v", err)
	}
}

func TestAFailedStartShowsTheLog(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	stop(t, start(t, dir))
	startFails(t, dir, Settings{"shared_buffers": "nonsense"}, "did not start", filepath.Join(dir, "postgres.log"), `invalid value for parameter "shared_buffers"`)
	start(t, dir)
}

func TestSpecialCharactersInTheFolder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b&c=d%20+é?#'\"", "with,comma"} {
		dir := filepath.Join(newDir(t), name)
		server := start(t, dir)
		defer os.RemoveAll(server.address.folder)
		if got := query(t, server.URL(), "SHOW data_directory"); got != filepath.Join(dir, "postgres") {
			t.Errorf("%s leads to %s", server.URL(), got)
		}
		stop(t, server)
	}
}
