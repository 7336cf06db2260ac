package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user who runs PostgreSQL. When the program is root it is somebody else, because
// PostgreSQL refuses root.
type account struct {
	name     string
	uid, gid int
	other    bool // not the user who runs this program
}

func ownAccount() account {
	uid := os.Geteuid()
	return account{name: nameOf(uid), uid: uid, gid: os.Getegid()}
}

// serviceAccount is the user for a new cluster when the program is root.
func serviceAccount() (account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			return accountOf(found)
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a user nobody. Run as an ordinary user, or set DATABASE_URL.")
}

// accountFor is the user for a cluster whose files belong to owner. Files of root were put back from
// a backup, and makeCluster gives them away.
func accountFor(owner int) (account, error) {
	if owner == 0 {
		return serviceAccount()
	}
	found, err := user.LookupId(strconv.Itoa(owner))
	if err != nil {
		return account{name: nameOf(owner), uid: owner, gid: owner, other: true}, nil
	}
	return accountOf(found)
}

func accountOf(found *user.User) (account, error) {
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return account{}, err
	}
	gid, err := strconv.Atoi(found.Gid)
	return account{name: found.Username, uid: uid, gid: gid, other: true}, err
}

func nameOf(uid int) string {
	if found, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return found.Username
	}
	return strconv.Itoa(uid)
}

func (a account) credential() *syscall.Credential {
	if !a.other {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

// give hands a file or folder, never what a symbolic link points to, to the account.
func (a account) give(path string) error {
	if !a.other {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// closedFolder returns the topmost existing folder on the way into dir, dir included, that the
// account cannot enter, or "". It reads mode bits only: access lists are not believed.
func (a account) closedFolder(dir string) string {
	if parent := filepath.Dir(dir); parent != dir {
		if closed := a.closedFolder(parent); closed != "" {
			return closed
		}
	}
	found, err := os.Stat(dir)
	if err != nil || found.Mode()&a.enterBit(found) != 0 {
		return ""
	}
	return dir
}

func (a account) enterBit(folder fs.FileInfo) fs.FileMode {
	owner, _ := folder.Sys().(*syscall.Stat_t)
	switch {
	case int(owner.Uid) == a.uid:
		return 0o100
	case int(owner.Gid) == a.gid:
		return 0o010
	}
	return 0o001
}

func ownerOf(path string) (uid int, err error) {
	found, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	owner, _ := found.Sys().(*syscall.Stat_t)
	return int(owner.Uid), nil
}

// ownedByRoot says that dir is a real folder of root's in which nobody else can make anything.
func ownedByRoot(dir string) bool {
	found, err := os.Lstat(dir)
	if err != nil || !found.IsDir() || found.Mode()&0o022 != 0 {
		return false
	}
	owner, err := ownerOf(dir)
	return err == nil && owner == 0
}

// openFile opens a file that the account shares with us, makes it if need be, and follows no symbolic
// link: root may work in a folder that belongs to somebody else.
func (a account) openFile(path string, flags int) (*os.File, error) {
	file, err := os.OpenFile(path, flags|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		owner, _ := ownerOf(path)
		return nil, fmt.Errorf("%s belongs to user %s. Start as that user or as root, or choose another folder with --data.", path, nameOf(owner))
	}
	if err != nil || !a.other {
		return file, err
	}
	if err := file.Chown(a.uid, a.gid); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
