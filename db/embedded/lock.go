package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// pollInterval is how often a start looks again for what it waits for.
const pollInterval = 10 * time.Millisecond

// lockOrJoin returns either the lock of a cluster that nobody runs or a server that somebody does.
//
// The lock is a file that PostgreSQL inherits (see command), so it is held from the moment a program
// prepares the cluster until PostgreSQL's last process has ended, through kill -9 of either. A
// postmaster.pid beside a free lock is therefore stale, even when its number is in use again, as it
// always is in a container.
func lockOrJoin(ctx context.Context, h home) (*os.File, *Server, error) {
	lock, err := h.account.openFile(h.lock(), os.O_RDWR)
	if err != nil {
		return nil, nil, err
	}
	for {
		locked, err := tryLock(lock)
		if err != nil {
			lock.Close()
			return nil, nil, err
		}
		// Also asked when the lock is ours, for a PostgreSQL that somebody started by hand.
		server, err := join(h)
		switch {
		case err != nil || server != nil:
			lock.Close()
			return nil, server, err
		case locked:
			return lock, nil, removeStale(h)
		}
		if err := pause(ctx); err != nil {
			lock.Close()
			return nil, nil, fmt.Errorf("Another program holds %s, but no PostgreSQL answers there (%w). See %s, and who it is with: fuser %s", h.dir, err, h.log(), h.lock())
		}
	}
}

func tryLock(lock *os.File) (bool, error) {
	switch err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == nil:
		return true, nil
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return false, nil
	default:
		return false, fmt.Errorf("The file system of %s cannot lock files: %w. Choose another folder with --data, or set DATABASE_URL.", lock.Name(), err)
	}
}

// join returns nil when no PostgreSQL answers for this cluster, or not yet.
func join(h home) (*Server, error) {
	guest, where, err := visit(h)
	if guest == nil {
		return nil, err
	}
	return joined(h, where, guest), nil
}

// visit connects to the PostgreSQL that runs on this cluster. The connection is nil when there is none
// that is ready.
func visit(h home) (net.Conn, address, error) {
	where, ok := readAddress(h)
	if !ok {
		return nil, where, nil
	}
	// The pid file outlives a crash, and a folder below /tmp may since belong to somebody else.
	if owner, err := ownerOf(where.socket()); err != nil || owner != h.account.uid {
		return nil, where, nil
	}
	guest, err := greet(where)
	return guest, where, err
}

// readAddress reads where the server of this cluster listens from its pid file, if it is ready. Of that
// file's lines, the fourth is the port, the fifth the folder of the socket, the eighth the state.
// Asking the file first keeps "the database system is starting up" out of the log.
func readAddress(h home) (address, bool) {
	content, err := os.ReadFile(filepath.Join(h.cluster(), "postmaster.pid"))
	lines := strings.Split(string(content), "\n")
	if err != nil || len(lines) < 8 || lines[4] == "" || strings.TrimSpace(lines[7]) != "ready" {
		return address{}, false
	}
	port, err := strconv.Atoi(lines[3])
	return address{folder: lines[4], port: port}, err == nil
}

// removeStale is needed because PostgreSQL itself only looks whether some process has that number.
// Its own second guard, a shared memory segment, stays in force.
func removeStale(h home) error {
	err := os.Remove(filepath.Join(h.cluster(), "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(pollInterval):
		return nil
	}
}
