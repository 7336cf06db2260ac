package main

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/db"
	"gatehouse/views"
)

// operator is who changes things from the server's shell.
var operator = db.By{Via: "cli"}

// migrateCommand is `gatehouse migrate`.
type migrateCommand struct{ databaseOptions }

// Run brings the schema up to date.
func (c *migrateCommand) Run() error {
	data, err := c.openCurrent(context.Background())
	if err != nil {
		return err
	}
	defer data.close()
	fmt.Println("The schema is up to date.")
	return nil
}

// adminCommand is `gatehouse admin create`.
type adminCommand struct {
	databaseOptions
	Email   string `required:"" placeholder:"ADDRESS" help:"Of the admin; an account is made if there is none."`
	Org     string `required:"" placeholder:"SLUG" help:"The organization's name in URLs."`
	BaseURL string `env:"GATEHOUSE_BASE_URL" placeholder:"URL" default:"http://localhost:8080" help:"Under which people reach the server."`
}

// Run makes or restores the admin and prints a link that signs them in once.
func (c *adminCommand) Run() error {
	ctx := context.Background()
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	token, err := data.RestoreAdmin(ctx, operator, c.Org, c.Email)
	if err != nil {
		return orNoOrganization(err, c.Org)
	}
	fmt.Printf("%s is an Admin of %s. This link signs them in once, within an hour:\n  %s%s\n", c.Email, c.Org, strings.TrimSuffix(c.BaseURL, "/"), views.LinkPath(token))
	return nil
}
