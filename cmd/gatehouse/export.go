package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// exportCommand is `gatehouse export`.
type exportCommand struct {
	databaseOptions
	Org string `required:"" placeholder:"SLUG" help:"The organization's name in URLs."`
}

// Run writes the organization to standard output, one record a line.
func (c *exportCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	return orNoOrganization(data.Export(ctx, c.Org, os.Stdout), c.Org)
}
