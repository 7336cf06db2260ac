// Package embedded runs a private PostgreSQL beside the program: it makes the cluster at the first
// start, finds it again at the next one, joins it where it already runs, and stops it at the end.
//
// PostgreSQL listens on a Unix socket in a folder that only its own user may enter; there is no
// password and no port. Whoever runs it holds a lock (lock.go) that the kernel drops when the last
// PostgreSQL process of the cluster is gone, so no process id is ever guessed at.
package embedded

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	adminUser    = "app"       // the cluster's superuser
	databaseName = "gatehouse" // made together with the cluster

	// startLimit bounds a start, recovery after a crash included.
	startLimit = 2 * time.Minute
)

// Settings are PostgreSQL settings by name, which take precedence over the defaults.
type Settings map[string]string

// Server is a running PostgreSQL: one that this program started and stops, or one that another
// program on the same folder started and that this one only uses.
type Server struct {
	home    home
	address address
	process *process // nil when joined
	done    chan struct{}
	stop    func() error
}

// Start finds PostgreSQL's programs, makes the cluster below dir at the first start, and runs it on
// a Unix socket only. Where another program already runs it, Start joins that one. ctx bounds the
// start, not the life of the server.
func Start(ctx context.Context, dir string) (*Server, error) {
	return StartWith(ctx, dir, nil)
}

// StartWith is Start with other settings, for example fsync=off for a test that may lose its data.
// They have no effect on a server that is joined.
func StartWith(ctx context.Context, dir string, settings Settings) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	home, err := findHome(dir)
	if err != nil {
		return nil, err
	}
	lock, joined, err := lockOrJoin(ctx, home)
	if err != nil || joined != nil {
		return joined, err
	}
	defer lock.Close()
	programs, err := findPrograms(home)
	if err != nil {
		return nil, err
	}
	if err := makeCluster(ctx, home, programs, lock, settings); err != nil {
		return nil, err
	}
	return run(ctx, home, programs, lock, settings)
}

// URL is the connection string of the database gatehouse, for pgx and libpq alike.
func (s *Server) URL() string {
	// libpq reads a plus in a URL as a plus, so a space has to be %20.
	folder := strings.ReplaceAll(url.QueryEscape(s.address.folder), "+", "%20")
	return fmt.Sprintf("postgres:///%s?host=%s&port=%d&user=%s", databaseName, folder, s.address.port, adminUser)
}

// Dir is the folder that holds the cluster. It is not below the one asked for when Notice is not empty.
func (s *Server) Dir() string { return s.home.dir }

// Notice is a sentence for the person who started the program when the cluster could not live in the
// folder asked for, and says where it lives instead. Otherwise it is empty.
func (s *Server) Notice() string { return s.home.notice }

// Joined says that another program started this PostgreSQL and may stop it at any time.
func (s *Server) Joined() bool { return s.process == nil }

// Done is closed when PostgreSQL has ended, whoever ended it. A long-lived program that joined
// should then Start again on the same folder: the URL stays the same, so a pool reconnects by itself.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends a PostgreSQL that this program started, cleanly if it can within some seconds, and leaves
// one that another program started alone. It returns an error if the end was not clean; the data is
// safe even then. Further calls return the first answer.
func (s *Server) Stop() error { return s.stop() }

func started(home home, address address, p *process) *Server {
	s := &Server{home: home, address: address, process: p, done: p.ended}
	s.stop = sync.OnceValue(p.stop)
	return s
}

// joined keeps one connection open, because its end is the only sign that the other program stopped.
func joined(home home, address address, guest net.Conn) *Server {
	s := &Server{home: home, address: address, done: make(chan struct{})}
	go func() {
		waitForEnd(guest)
		close(s.done)
	}()
	s.stop = sync.OnceValue(func() error {
		leave(guest) // fails when the server has ended, and then there is nothing to leave
		<-s.done
		return nil
	})
	return s
}

// address is where a PostgreSQL listens.
type address struct {
	folder string
	port   int
}

func (a address) socket() string { return a.folder + "/.s.PGSQL." + strconv.Itoa(a.port) }
