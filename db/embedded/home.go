package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// home is the folder where a cluster lives and the account that runs it.
type home struct {
	dir     string // absolute, without symbolic links
	account account
	notice  string // why it is not the folder asked for
}

func (h home) cluster() string { return filepath.Join(h.dir, "postgres") }
func (h home) draft() string   { return filepath.Join(h.dir, "postgres.draft") }
func (h home) log() string     { return filepath.Join(h.dir, "postgres.log") }
func (h home) lock() string    { return filepath.Join(h.dir, "postgres.lock") }

// fallbackPrefixes begin the path of a cluster when root asked for a folder that PostgreSQL's user
// cannot enter. Both survive a restart of the machine.
var fallbackPrefixes = []string{"/var/lib/gatehouse/", "/var/tmp/gatehouse-"}

// findHome makes the folder if need be. The same dir always leads to the same home, even if what is
// open to whom has changed since: a cluster that exists is found before a new one is made.
func findHome(dir string) (home, error) {
	dir, err := resolve(dir)
	if err != nil {
		return home{}, err
	}
	if os.Geteuid() != 0 {
		return home{dir: dir, account: ownAccount()}, makeFolder(dir, 0o700)
	}
	if found, err := existingHome(dir); err != nil || found.dir != "" {
		return found, err
	}
	return newHome(dir)
}

func existingHome(dir string) (home, error) {
	for _, candidate := range homesFor(dir) {
		// A stranger can make a folder below /var/tmp before we do.
		if candidate.notice != "" && !ownedByRoot(candidate.dir) {
			continue
		}
		owner, err := ownerOf(candidate.cluster())
		if err != nil {
			continue
		}
		if candidate.account, err = accountFor(owner); err != nil {
			return home{}, err
		}
		if closed := candidate.account.closedFolder(candidate.dir); closed != "" {
			return home{}, fmt.Errorf("The cluster in %s belongs to user %s, who cannot enter %s. Open that folder with chmod o+x, or start as %[2]s.",
				candidate.dir, candidate.account.name, closed)
		}
		return candidate, nil
	}
	return home{}, nil
}

func newHome(dir string) (home, error) {
	account, err := serviceAccount()
	if err != nil {
		return home{}, err
	}
	closed := account.closedFolder(dir)
	for _, candidate := range homesFor(dir) {
		candidate.account = account
		if candidate.notice != "" {
			candidate.notice = fmt.Sprintf("PostgreSQL refuses to run as root, and user %s cannot enter %s, so the data is in %s.", account.name, closed, candidate.dir)
		}
		if account.closedFolder(candidate.dir) != "" {
			continue
		}
		if err := makeFolder(candidate.dir, 0o711); err != nil && candidate.notice == "" {
			return home{}, err
		}
		if candidate.notice == "" || ownedByRoot(candidate.dir) {
			return candidate, nil
		}
	}
	return home{}, fmt.Errorf("PostgreSQL refuses to run as root, and user %s cannot enter %s. Choose another folder with --data, run as an ordinary user, or set DATABASE_URL.", account.name, closed)
}

// homesFor lists dir and the places to fall back to, best first; only the latter carry a notice.
func homesFor(dir string) []home {
	sum := sha256.Sum256([]byte(dir))
	homes := []home{{dir: dir}}
	for _, prefix := range fallbackPrefixes {
		place := prefix + hex.EncodeToString(sum[:8])
		homes = append(homes, home{dir: place, notice: fmt.Sprintf("The data for %s is in %s.", dir, place)})
	}
	return homes
}

// resolve returns the absolute path without symbolic links of a folder that may not exist yet.
func resolve(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(dir)
	if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
		return real, err
	}
	parent, err := resolve(filepath.Dir(dir))
	return filepath.Join(parent, filepath.Base(dir)), err
}

// makeFolder makes dir and its missing parents with the given mode, whatever the umask says.
func makeFolder(dir string, mode fs.FileMode) error {
	if found, err := os.Stat(dir); err == nil && found.IsDir() {
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := makeFolder(parent, mode); err != nil {
			return err
		}
	}
	switch err := os.Mkdir(dir, mode); {
	case errors.Is(err, fs.ErrExist):
		found, err := os.Stat(dir)
		if err == nil && found.IsDir() { // another program was faster
			return nil
		}
		return fmt.Errorf("%s is not a folder. Choose another one with --data.", dir)
	case err != nil:
		return fmt.Errorf("The folder for the data cannot be made: %w. Choose another one with --data.", err)
	}
	return os.Chmod(dir, mode)
}
