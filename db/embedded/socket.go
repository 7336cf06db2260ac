package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	defaultPort = 5432 // only a part of the socket's name here

	// longestSocket is what macOS allows, in bytes; Linux has four more.
	longestSocket = 103
)

// makeSocketFolder makes the folder of the socket: below the home, or, when that path is too long for
// a socket, below the temporary folder under a name that no other home or user has.
func makeSocketFolder(h home) (address, error) {
	own := address{filepath.Join(h.dir, "sock"), defaultPort}
	if own.fits() {
		return own, h.account.makePrivateFolder(own.folder)
	}
	sum := sha256.Sum256([]byte(h.dir + "\x00" + strconv.Itoa(h.account.uid)))
	for _, base := range []string{os.TempDir(), "/tmp"} {
		short := address{filepath.Join(base, "gatehouse-"+hex.EncodeToString(sum[:8])), defaultPort}
		if short.fits() && h.account.closedFolder(base) == "" {
			return short, h.account.makePrivateFolder(short.folder)
		}
	}
	return address{}, fmt.Errorf("The path %s is too long for a socket, and so is the temporary folder. Choose a shorter one with --data or TMPDIR.", own.folder)
}

// fits says that the socket can be made there and named: PostgreSQL and pgx read a comma as the end
// of one folder.
func (a address) fits() bool {
	return len(a.socket()) <= longestSocket && !strings.ContainsAny(a.folder, ",\n")
}

// makePrivateFolder makes a folder that only the account may enter, and trusts an existing one only
// if it is just that: below /tmp, a stranger may have made it before us.
func (a account) makePrivateFolder(path string) error {
	err := os.Mkdir(path, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	found, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner, err := ownerOf(path)
	if err != nil {
		return err
	}
	if !found.IsDir() || found.Mode().Perm() != 0o700 || owner != a.uid && owner != os.Geteuid() {
		return fmt.Errorf("%s has to be a folder of user %s with mode 0700, because whoever can enter it could pose as the database. It is %s of user %s. Remove it and start again.",
			path, a.name, found.Mode(), nameOf(owner))
	}
	return a.give(path)
}
