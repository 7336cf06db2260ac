package embedded

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPathTooLongForASocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), strings.Repeat("long", 25))
	server := start(t, dir)
	short := server.address.folder
	defer os.RemoveAll(short)
	if strings.HasPrefix(short, dir) || !strings.HasPrefix(short, os.TempDir()) {
		t.Errorf("the socket is in %s", short)
	}
	query(t, server.URL(), "SELECT 1")
	if !start(t, dir).Joined() {
		t.Error("a second start did not find it")
	}
	stop(t, server)

	os.Chmod(short, 0o777) // as a stranger would have made it
	startFails(t, dir, quick, short, "could pose as the database", "Remove it")
	os.Remove(short)
	os.Symlink(dir, short)
	startFails(t, dir, quick, short, "could pose as the database")
}

func TestAClosedParentAsRoot(t *testing.T) {
	t.Parallel()
	needRoot(t)
	closed := newDir(t)
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "below/data")
	first := start(t, dir)
	defer os.Remove("/var/lib/gatehouse") // succeeds if the test made it
	defer os.RemoveAll(first.Dir())
	if !strings.HasPrefix(first.Dir(), "/var/") || !strings.Contains(first.Notice(), closed) || !strings.Contains(first.Notice(), first.Dir()) {
		t.Errorf("it runs in %s and says %q", first.Dir(), first.Notice())
	}
	if _, err := os.Stat(filepath.Dir(dir)); err == nil {
		t.Error("it left an empty folder where it cannot run")
	}
	query(t, first.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	stop(t, first)

	os.Chmod(closed, 0o711) // opened since: the data must still be found
	second := start(t, dir)
	if got := query(t, second.URL(), "SELECT n FROM kept"); got != "42" || second.Notice() == "" {
		t.Errorf("the table holds %q, the notice is %q", got, second.Notice())
	}
	stop(t, second)
}

// Root may run a command on the cluster of an ordinary user, and must leave it to that user.
func TestAnOrdinaryUserAndRoot(t *testing.T) {
	t.Parallel()
	needRoot(t)
	nobody, err := accountFor(65534)
	if err != nil {
		t.Fatal(err)
	}
	dir := newDir(t)
	os.Mkdir(dir, 0o755)
	os.Chown(dir, nobody.uid, nobody.gid)
	binary := copyOfThisProgram(t, filepath.Dir(dir))

	other := runProgram(t, binary, dir, nobody)
	url := other.says(t, "started ")
	if guest := start(t, dir); !guest.Joined() || guest.URL() != url {
		t.Errorf("root did not join: %s", guest.URL())
	}
	other.end()
	asRoot := start(t, dir)
	if got := asRoot.home.account.name; got != nobody.name {
		t.Errorf("root runs it as %s", got)
	}
	stop(t, asRoot)
	runProgram(t, binary, dir, nobody).says(t, "started ")
}

func TestTheClusterOfAnotherUser(t *testing.T) {
	t.Parallel()
	needRoot(t)
	dir := newDir(t)
	owner := start(t, dir)
	stranger, _ := accountFor(1)
	binary := copyOfThisProgram(t, filepath.Dir(dir))
	said := runProgram(t, binary, dir, stranger).says(t, "failed ")
	if !strings.Contains(said, "belongs to user "+owner.home.account.name) {
		t.Errorf("a stranger is told: %s", said)
	}
}

func TestAClusterPutBackByRoot(t *testing.T) {
	t.Parallel()
	needRoot(t)
	dir := newDir(t)
	first := start(t, dir)
	query(t, first.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	stop(t, first)
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error { return os.Lchown(path, 0, 0) })
	if err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, dir).URL(), "SELECT n FROM kept"); got != "42" {
		t.Errorf("the table holds %q", got)
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root runs PostgreSQL as another user")
	}
}

// copyOfThisProgram is one that other users may run; go test's own is in a closed folder.
func copyOfThisProgram(t *testing.T, dir string) string {
	t.Helper()
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "program"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
