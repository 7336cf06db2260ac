package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"gatehouse/access"
	"gatehouse/db"
)

// checkCommand is `gatehouse check`.
type checkCommand struct {
	databaseOptions
	serverOptions
	Subject  string `arg:"" help:"Who: an e-mail address, the id of a user, group:NAME, or anonymous."`
	Right    string `arg:"" help:"Which right, such as view."`
	Resource string `arg:"" help:"On what: kind/key, such as project/alpha, or an id."`
	Org      string `placeholder:"SLUG" help:"The organization's name in URLs. With --server the token says it."`
	Why      bool   `help:"Say through what."`
	JSON     bool   `name:"json" help:"Answer as JSON."`
}

// A verdict is the answer to a check.
type verdict struct {
	Decision bool     `json:"decision"`
	Rights   []string `json:"rights"` // all that the subject holds
	Paths    []string `json:"paths"`  // why, in sentences
}

// What a check ends with.
const (
	exitDenied  = 1
	exitUnknown = 2 // it could not be told
)

// errDenied ends the program with exitDenied and no further word.
var errDenied = errors.New("denied")

// Run decides, prints the answer and ends with 0 for allowed, 1 for denied, 2 where it could not be told.
func (c *checkCommand) Run() error {
	asked, err := c.asked()
	if err != nil {
		return err
	}
	decide := c.fromDatabase
	if c.Server != "" {
		decide = c.fromServer
	}
	found, err := decide(context.Background(), asked)
	if err != nil {
		return err
	}
	if err := c.print(found); err != nil {
		return err
	}
	if !found.Decision {
		return errDenied
	}
	return nil
}

// asked reads the arguments: one question, or one for each kind where the resource is named by its id alone.
func (c *checkCommand) asked() ([]db.Asked, error) {
	if c.Server == "" && c.Org == "" {
		return nil, errors.New("--org is missing: say which organization")
	}
	right, ok := access.ParseRight(c.Right)
	if !ok {
		fmt.Fprintf(os.Stderr, "gatehouse: %q is not a right, so nobody has it\n", c.Right)
	}
	subject := db.Name{Type: "user", ID: c.Subject}
	if group, isGroup := strings.CutPrefix(c.Subject, "group:"); isGroup {
		subject = db.Name{Type: "group", ID: group}
	} else if c.Subject == "anonymous" {
		subject = db.Name{Type: "anonymous", ID: "anonymous"}
	}
	kind, key, hasKind := strings.Cut(c.Resource, "/")
	if hasKind {
		return []db.Asked{{Subject: subject, Resource: db.Name{Type: kind, ID: key}, Right: right}}, nil
	}
	if !access.IsID(strings.ToLower(c.Resource)) {
		return nil, fmt.Errorf("%q names no resource: write kind/key, such as project/alpha, or an id", c.Resource)
	}
	var asked []db.Asked
	for _, kind := range access.Kinds() {
		asked = append(asked, db.Asked{Subject: subject, Resource: db.Name{Type: string(kind), ID: c.Resource}, Right: right})
	}
	return asked, nil
}

// fromDatabase decides as the API would, without a token: whoever has the database needs none.
func (c *checkCommand) fromDatabase(ctx context.Context, asked []db.Asked) (verdict, error) {
	data, err := c.openCurrent(ctx)
	if err != nil {
		return verdict{}, err
	}
	defer data.close()
	found := verdict{Rights: []string{}, Paths: []string{}}
	for _, each := range asked {
		made, paths, err := data.Check(ctx, c.Org, each)
		if err != nil {
			return verdict{}, orNoOrganization(err, c.Org)
		}
		found.Decision = found.Decision || made.Allowed
		found.Rights = append(found.Rights, made.Rights.Names()...)
		for _, path := range paths {
			found.Paths = append(found.Paths, path.Sentence(each.Subject.ID, access.Kind(each.Resource.Type)))
		}
	}
	return found, nil
}

func (c *checkCommand) print(found verdict) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(found)
	}
	answer := "denied"
	if found.Decision {
		answer = "allowed"
	}
	fmt.Println(answer)
	if !c.Why {
		return nil
	}
	if len(found.Paths) == 0 {
		fmt.Printf("Nothing gives %s anything on %s.\n", c.Subject, c.Resource)
		return nil
	}
	fmt.Printf("%s holds: %s.\n", c.Subject, strings.Join(found.Rights, ", "))
	for _, sentence := range found.Paths {
		fmt.Println("  " + sentence)
	}
	return nil
}
