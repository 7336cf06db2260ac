package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/embedded"
)

// databaseOptions say where the data is. Every command takes them.
type databaseOptions struct {
	Database string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"A PostgreSQL to use. Without it a private one is started."`
	Data     string `default:"./.data" env:"GATEHOUSE_DATA" placeholder:"FOLDER" help:"Where the private PostgreSQL keeps its data."`
}

// A database is an open store, and the private PostgreSQL beneath it if there is one.
type database struct {
	*db.Store
	mu      sync.Mutex
	private *embedded.Server
	closing bool
}

// open connects to the database that the options name, or starts the private one.
func (o databaseOptions) open(ctx context.Context) (*database, error) {
	opened := &database{}
	url := o.Database
	if url == "" {
		server, err := embedded.Start(ctx, o.Data)
		if err != nil {
			return nil, err
		}
		if notice := server.Notice(); notice != "" {
			fmt.Fprintln(os.Stderr, notice)
		}
		opened.private, url = server, server.URL()
		go opened.revive(o.Data, server)
	}
	store, err := db.Open(ctx, url)
	if err != nil {
		opened.close()
		return nil, err
	}
	opened.Store = store
	return opened, nil
}

// revive starts the private PostgreSQL again when it ends under us: it crashed, or the command that had started it is done.
func (d *database) revive(data string, server *embedded.Server) {
	<-server.Done()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing {
		return
	}
	again, err := embedded.Start(context.Background(), data)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gatehouse: the private PostgreSQL ended and does not start again:", err)
		return
	}
	d.private = again
	go d.revive(data, again)
}

// close ends the connections, then the private PostgreSQL if this program started it.
func (d *database) close() {
	if d.Store != nil {
		d.Store.Close()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closing = true
	if d.private != nil {
		if err := d.private.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "gatehouse:", err)
		}
	}
}

// openCurrent opens the database and brings its schema up to date.
func (o databaseOptions) openCurrent(ctx context.Context) (*database, error) {
	opened, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := opened.Migrate(ctx); err != nil {
		opened.close()
		return nil, err
	}
	return opened, nil
}

// orNoOrganization says of what was not found that it is the organization.
func orNoOrganization(err error, slug string) error {
	if errors.Is(err, access.ErrNotFound) {
		return fmt.Errorf("there is no organization %q", slug)
	}
	return err
}
