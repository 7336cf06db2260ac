package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// process is a child that dies with this program, even after kill -9 on Linux.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when the child has been reaped
	err   error         // how it ended; read it after ended
	log   *logFile
}

// run starts the server and waits until it answers.
func run(ctx context.Context, h home, programs programs, lock *os.File, settings Settings) (*Server, error) {
	where, err := makeSocketFolder(h)
	if err != nil {
		return nil, err
	}
	log, err := openLog(h)
	if err != nil {
		return nil, err
	}
	defer log.file.Close()
	cmd := programs.command(context.WithoutCancel(ctx), h, lock, "postgres", serverArguments(h, where, settings)...)
	cmd.Stdout, cmd.Stderr = log.file, log.file
	process, err := spawn(cmd)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL could not be run as user %s: %w.", h.account.name, err)
	}
	process.log = log
	if err := process.waitUntilReady(ctx, h); err != nil {
		process.stop()
		return nil, log.explain("PostgreSQL did not start", err)
	}
	return started(h, where, process), nil
}

// serverArguments end with what makes the server private, which no setting can change.
func serverArguments(h home, where address, settings Settings) []string {
	return append(settings.flags(), "-D", h.cluster(), "-k", where.folder, "-p", strconv.Itoa(where.port),
		"-c", "listen_addresses=", "-c", "unix_socket_permissions=0700")
}

// spawn starts a child from a goroutine that keeps its thread until the child has been reaped: Linux
// sends the parent-death signal (childAttributes) when the thread ends, not the program.
func spawn(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.ended)
	}()
	return p, <-started
}

// runToEnd is cmd.Run for a child that dies with this program.
func runToEnd(cmd *exec.Cmd) error {
	p, err := spawn(cmd)
	if err != nil {
		return err
	}
	<-p.ended
	return p.err
}

func (p *process) waitUntilReady(ctx context.Context, h home) error {
	for {
		guest, _, err := visit(h)
		if err != nil {
			return err
		}
		if guest != nil {
			leave(guest)
			waitForEnd(guest)
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("it ended at once: %v", p.err)
		default:
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// stop first asks for a fast shutdown, which ends the sessions and writes a checkpoint. A server that
// takes too long is ended without one, and repairs itself from its log at the next start.
func (p *process) stop() error {
	for _, try := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, 12 * time.Second}, {syscall.SIGQUIT, 6 * time.Second}, {syscall.SIGKILL, time.Second}} {
		p.cmd.Process.Signal(try.signal)
		select {
		case <-p.ended:
			if p.err != nil {
				return p.log.explain("PostgreSQL did not stop cleanly; it repairs itself at the next start", p.err)
			}
			return nil
		case <-time.After(try.patience):
		}
	}
	return fmt.Errorf("PostgreSQL (process %d) cannot be stopped. Its log is %s.", p.cmd.Process.Pid, p.log.path)
}
