package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// shareOptions are those of every share command.
type shareOptions struct {
	databaseOptions
	serverOptions
	Resource string `arg:"" help:"Of what: kind/key, such as project/alpha."`
	Org      string `placeholder:"SLUG" help:"The organization's name in URLs. With --server the token says it."`
	JSON     bool   `name:"json" help:"Answer as JSON."`
}

// principalOptions name one principal.
type principalOptions struct {
	User         string `xor:"who" placeholder:"EMAIL" help:"A person, by e-mail address."`
	Group        string `xor:"who" placeholder:"NAME" help:"A group, by name."`
	Organization string `xor:"who" placeholder:"SLUG" help:"A whole other organization."`
}

// named is the kind of principal that the options name, and its name.
func (o principalOptions) named() (kind, name string, err error) {
	switch {
	case o.User != "":
		return "user", o.User, nil
	case o.Group != "":
		return "group", o.Group, nil
	case o.Organization != "":
		return "organization", o.Organization, nil
	}
	return "", "", errors.New("say whom: --user, --group or --organization")
}

// A sharing is where a share command works: on the database or through a server.
type sharing interface {
	// list reads the resource and who has access. With a name, only that principal's grants.
	list(ctx context.Context, kind, name string) (sharedThing, []sharedGrant, error)
	add(ctx context.Context, kind, name, role string, until *time.Time) (sharedGrant, error)
	remove(ctx context.Context, grants []sharedGrant) error
	close()
}

// open finds the place that the options name.
func (o *shareOptions) open(ctx context.Context) (sharing, error) {
	kind, key, ok := strings.Cut(o.Resource, "/")
	if !ok || kind == "" || key == "" {
		return nil, fmt.Errorf("%q names no resource: write kind/key, such as project/alpha", o.Resource)
	}
	if o.Server != "" {
		return &serverSharing{serverOptions: o.serverOptions, kind: kind, key: key}, nil
	}
	if o.Org == "" {
		return nil, errors.New("--org is missing: say which organization")
	}
	return o.openDatabase(ctx, kind, key)
}

// shareListCommand is `gatehouse share list`.
type shareListCommand struct {
	shareOptions
	principalOptions
}

// Run prints who has access to a resource.
func (c *shareListCommand) Run() error {
	ctx := context.Background()
	place, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer place.close()
	kind, name, _ := c.named() // nobody means everybody
	thing, grants, err := place.list(ctx, kind, name)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			Resource sharedThing   `json:"resource"`
			Grants   []sharedGrant `json:"grants"`
		}{thing, append([]sharedGrant{}, grants...)})
	}
	return printShares(thing, grants)
}

// shareAddCommand is `gatehouse share add`.
type shareAddCommand struct {
	shareOptions
	principalOptions
	Role  string `required:"" placeholder:"ROLE" help:"Which role, such as viewer, editor or admin."`
	Until string `placeholder:"TIME" help:"When it ends, such as 2027-01-31 or 2027-01-31T18:00:00Z. Default: never."`
}

// Run gives a principal a role.
func (c *shareAddCommand) Run() error {
	ctx := context.Background()
	kind, name, err := c.named()
	if err != nil {
		return err
	}
	until, err := parseUntil(c.Until)
	if err != nil {
		return err
	}
	place, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer place.close()
	made, err := place.add(ctx, kind, name, c.Role, until)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(made)
	}
	fmt.Printf("%s has the role %s on %s.\n", made.Principal.label(), made.Role, c.Resource)
	return nil
}

// shareRemoveCommand is `gatehouse share remove`.
type shareRemoveCommand struct {
	shareOptions
	principalOptions
	Role string `placeholder:"ROLE" help:"Only this role. Default: every role that they were given there."`
}

// Run takes a principal's roles away, those that were given on the resource itself.
func (c *shareRemoveCommand) Run() error {
	ctx := context.Background()
	kind, name, err := c.named()
	if err != nil {
		return err
	}
	place, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer place.close()
	_, grants, err := place.list(ctx, kind, name)
	if err != nil {
		return err
	}
	removed := []sharedGrant{}
	for _, grant := range grants {
		if grant.On == nil && (c.Role == "" || grant.Role == c.Role) {
			removed = append(removed, grant)
		}
	}
	if len(removed) == 0 {
		return &refusedError{said: fmt.Sprintf("%s was given no such role on %s itself", name, c.Resource)}
	}
	if err := place.remove(ctx, removed); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(map[string][]sharedGrant{"removed": removed})
	}
	for _, grant := range removed {
		fmt.Printf("%s no longer has the role %s on %s.\n", grant.Principal.label(), grant.Role, c.Resource)
	}
	return nil
}
