package main

import (
	"context"
	"fmt"
	"time"

	"gatehouse/db"
)

// tokenCommand is `gatehouse token create`.
type tokenCommand struct {
	databaseOptions
	Org   string   `required:"" placeholder:"SLUG" help:"The organization's name in URLs."`
	Name  string   `required:"" placeholder:"NAME" help:"Which service uses it."`
	Scope []string `required:"" placeholder:"SCOPE" help:"What it is for: decide, manage or scim. May be given several times."`
	Until string   `placeholder:"TIME" help:"When it expires, such as 2027-01-31 or 2027-01-31T18:00:00Z. Default: never."`
}

// Run makes a token and prints it, once: it works until it expires or is revoked.
func (c *tokenCommand) Run() error {
	ctx := context.Background()
	until, err := parseUntil(c.Until)
	if err != nil {
		return err
	}
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	org, err := data.FindOrganizationBySlug(ctx, c.Org)
	if err != nil {
		return orNoOrganization(err, c.Org)
	}
	token, err := data.CreateAPIToken(ctx, operator, org.ID, db.NewAPIToken{Name: c.Name, Scopes: c.Scope, ExpiresAt: until})
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}

// parseUntil reads an end: a time, or a day, which ends as it begins in UTC. None is nil.
func parseUntil(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return &at, nil
		}
	}
	return nil, fmt.Errorf("%q is no time: write it like 2027-01-31 or 2027-01-31T18:00:00Z", text)
}
