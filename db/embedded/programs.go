package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const oldestMajor = 15 // the migrations use NULLS NOT DISTINCT

// programs are the PostgreSQL programs of one version.
type programs struct {
	bin   string
	major int
}

// findPrograms returns the first programs, in the order of binFolders, that the account can run and
// that fit the cluster: a cluster opens only with the version that made it.
func findPrograms(h home) (programs, error) {
	made := clusterMajor(h)
	var seen []string
	for _, bin := range binFolders() {
		major, err := majorVersion(h, bin)
		if err != nil {
			continue
		}
		if made == major || made == 0 && major >= oldestMajor {
			return programs{bin, major}, nil
		}
		seen = append(seen, strconv.Itoa(major))
	}
	return programs{}, notFound(h, made, strings.Join(seen, ", "))
}

func notFound(h home, made int, seen string) error {
	const otherwise = " Or name the folder of its programs in PG_BIN, or set DATABASE_URL to a server of your own."
	switch {
	case os.Getenv("PG_BIN") != "" && seen == "":
		return fmt.Errorf("PG_BIN is %s, where user %s can run no postgres. Correct or unset PG_BIN.", os.Getenv("PG_BIN"), h.account.name)
	case made != 0:
		return fmt.Errorf("The cluster in %s was made by PostgreSQL %d, which was not found (found: %s). Install it with: apt-get install postgresql-%[2]d (macOS: brew install postgresql@%[2]d)."+otherwise,
			h.dir, made, cmp.Or(seen, "none"))
	case seen != "":
		return fmt.Errorf("PostgreSQL %d or newer is needed, and only %s was found. Install a newer one."+otherwise, oldestMajor, seen)
	}
	return errors.New("PostgreSQL was not found. Install it with: apt-get install postgresql (macOS: brew install postgresql@17)." + otherwise)
}

// binFolders lists where the programs may be, best first. PG_BIN is an order, not a hint.
func binFolders() []string {
	if named := os.Getenv("PG_BIN"); named != "" {
		return absolute(named)
	}
	folders := newestFirst("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin") // Debian, Red Hat
	if found, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(found); err == nil { // initdb is beside the real one
			folders = append(folders, absolute(filepath.Dir(real))...)
		}
	}
	folders = append(folders, newestFirst("/opt/homebrew/opt/postgresql@*/bin")...)
	folders = append(folders, newestFirst("/usr/local/opt/postgresql@*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin")...)
	return append(folders, npmFolders()...)
}

func absolute(path string) []string {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	return []string{path}
}

var versionInPath = regexp.MustCompile(`(\d+)(?:\.(\d+))?/bin$`)

// newestFirst sorts by number: 15 comes before 9.6.
func newestFirst(patterns ...string) []string {
	var found []string
	for _, pattern := range patterns {
		matches, _ := filepath.Glob(pattern)
		found = append(found, matches...)
	}
	slices.SortStableFunc(found, func(a, b string) int {
		return slices.Compare(versionOf(b), versionOf(a))
	})
	return found
}

func versionOf(path string) []int {
	var version []int
	if match := versionInPath.FindStringSubmatch(path); match != nil {
		for _, part := range match[1:] {
			number, _ := strconv.Atoi(part)
			version = append(version, number)
		}
	}
	return version
}

var versionSaid = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// majorVersion asks the program itself, as the user who is to run it.
func majorVersion(h home, bin string) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	said, err := programs{bin: bin}.command(ctx, h, nil, "postgres", "--version").Output()
	if err != nil {
		return 0, err
	}
	match := versionSaid.FindSubmatch(said)
	if match == nil {
		return 0, fmt.Errorf("%s/postgres says %q", bin, said)
	}
	return strconv.Atoi(string(match[1]))
}

// clusterMajor is the version that made the cluster, 0 when there is none.
func clusterMajor(h home) int {
	content, _ := os.ReadFile(filepath.Join(h.cluster(), "PG_VERSION"))
	major, _ := strconv.Atoi(strings.TrimSpace(string(content)))
	return major
}

// command runs a program as the home's account, holding the lock. It sees only what it needs of our
// environment: our secrets are not its business, and a stray PGPORT or PGDATA would mislead it.
func (p programs) command(ctx context.Context, h home, lock *os.File, name string, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), arguments...)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C"} // macOS refuses to start without
	for _, name := range []string{"PATH", "TZ", "LD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	if lock != nil {
		cmd.ExtraFiles = []*os.File{lock}
	}
	cmd.SysProcAttr = childAttributes(h.account)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}
