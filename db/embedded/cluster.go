package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// makeCluster makes the cluster with its database, unless there is one. It works on a draft and
// renames it at the end, so that a cluster that exists is always whole.
func makeCluster(ctx context.Context, h home, programs programs, lock *os.File, settings Settings) error {
	if owner, err := ownerOf(h.cluster()); err == nil {
		return giveRestored(h, owner)
	}
	if err := makeDraft(h); err != nil {
		return err
	}
	log, err := openLog(h)
	if err != nil {
		return err
	}
	defer log.file.Close()
	if err := initialize(ctx, h, programs, lock, log, settings); err != nil {
		os.RemoveAll(h.draft())
		return log.explain("The PostgreSQL cluster in "+h.dir+" could not be made", err)
	}
	if err := os.Rename(h.draft(), h.cluster()); err != nil {
		return err
	}
	return syncFolder(h.dir)
}

// giveRestored hands a cluster that root put back from a backup to the account that runs it. The
// topmost folder comes last, so that an interrupted change of owners is done again.
func giveRestored(h home, owner int) error {
	if !h.account.other || owner == h.account.uid {
		return nil
	}
	err := filepath.WalkDir(h.cluster(), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == h.cluster() {
			return err
		}
		return h.account.give(path)
	})
	return errors.Join(err, h.account.give(h.cluster()))
}

// makeDraft also throws away what an interrupted first start left; the lock says that nobody works on it.
func makeDraft(h home) error {
	if err := os.RemoveAll(h.draft()); err != nil {
		return err
	}
	if err := os.Mkdir(h.draft(), 0o700); err != nil {
		return fmt.Errorf("The folder for the data cannot be used: %w. Choose another one with --data.", err)
	}
	return h.account.give(h.draft())
}

func initialize(ctx context.Context, h home, programs programs, lock *os.File, log *logFile, settings Settings) error {
	arguments := []string{"-D", h.draft(), "-U", adminUser, "-A", "trust", "-E", "UTF8", "--no-instructions"}
	arguments = append(arguments, localeFlags...)
	if settings["fsync"] == "off" {
		arguments = append(arguments, "--no-sync")
	}
	initdb := programs.command(ctx, h, lock, "initdb", arguments...)
	initdb.Stdout, initdb.Stderr = log.file, log.file
	if err := runToEnd(initdb); err != nil {
		return err
	}
	// Single-user mode, because npm's package has no createdb, and nobody can connect in between.
	arguments = append([]string{"--single", "-D", h.draft(), "-c", "exit_on_error=true"}, settings.flags()...)
	single := programs.command(ctx, h, lock, "postgres", append(arguments, "postgres")...)
	single.Stdin = strings.NewReader("CREATE DATABASE " + databaseName + "\n")
	single.Stdout, single.Stderr = log.file, log.file
	return runToEnd(single)
}

// syncFolder makes a rename in the folder survive a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
