// Command gatehouse is the front desk of a data platform: its portal, and the commands that an operator needs.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// commands are what `gatehouse` can do. Every option is a flag and an environment variable.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the portal."`
	Ready   readyCommand   `cmd:"" help:"Ask the server on this machine whether it is ready: ends with 0 if so."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date."`
	Admin   struct {
		Create adminCommand `cmd:"" help:"Make or restore an admin when nobody can get in; prints a one-time sign-in link."`
	} `cmd:"" help:"Help with getting in."`
	Check checkCommand `cmd:"" help:"Ask whether somebody may do something: ends with 0 for allowed, 1 for denied, 2 where it could not be told."`
	Share struct {
		List   shareListCommand   `cmd:"" help:"Say who has access to a resource."`
		Add    shareAddCommand    `cmd:"" help:"Give somebody a role on a resource."`
		Remove shareRemoveCommand `cmd:"" help:"Take somebody's roles on a resource away."`
	} `cmd:"" help:"Say and change who has access: ends with 0 where it is done, 1 where it is refused, 2 where it could not be told."`
	Token struct {
		Create tokenCommand `cmd:"" help:"Make an API token for a service, and print it, once."`
	} `cmd:"" help:"Let services ask."`
	Audit struct {
		Heads  auditHeadsCommand  `cmd:"" help:"Print where the audit logs stand, to be kept off the database."`
		Verify auditVerifyCommand `cmd:"" help:"Check the audit logs against their hashes, and against heads that were kept."`
	} `cmd:"" help:"Check the audit logs."`
	Import importCommand `cmd:"" help:"Apply files of records: organizations, people, groups, resources, grants."`
	Export exportCommand `cmd:"" help:"Write an organization as records, to be imported elsewhere."`
}

func main() {
	if err := readSecretFiles(); err != nil {
		fail(err)
	}
	var cli commands
	parser := kong.Must(&cli, kong.Name("gatehouse"), kong.Description("The front desk of a data platform."), kong.UsageOnError())
	if err := refuseUnknownVariables(parser); err != nil {
		fail(err)
	}
	command, err := parser.Parse(os.Args[1:])
	if err != nil {
		fail(err)
	}
	if err := command.Run(); err != nil {
		fail(err)
	}
}

// fail ends the program. To whoever waits for a check or a change of who has access, only 1 means denied.
func fail(err error) {
	if errors.Is(err, errDenied) {
		os.Exit(exitDenied)
	}
	fmt.Fprintln(os.Stderr, "gatehouse:", err)
	var refused *refusedError
	if len(os.Args) > 1 && (os.Args[1] == "check" || os.Args[1] == "share" && !errors.As(err, &refused)) {
		os.Exit(exitUnknown)
	}
	os.Exit(1)
}

// readSecretFiles lets every variable be given as the name of a file that holds it: GATEHOUSE_SECRET_FILE for
// GATEHOUSE_SECRET, so that a secret need not stand in the environment.
func readSecretFiles() error {
	for _, pair := range os.Environ() {
		name, path, _ := strings.Cut(pair, "=")
		target, isFile := strings.CutSuffix(name, "_FILE")
		if !isFile || target != "DATABASE_URL" && !strings.HasPrefix(target, "GATEHOUSE_") {
			continue
		}
		if os.Getenv(target) != "" {
			return fmt.Errorf("%s and %s are both set: keep one of them", target, name)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("%s names a file that cannot be read: %w", name, err)
		}
		_ = os.Unsetenv(name)
		if err := os.Setenv(target, strings.TrimSpace(string(text))); err != nil {
			return err
		}
	}
	return nil
}

// refuseUnknownVariables stops at a GATEHOUSE_ variable that no option knows: most likely it is misspelt.
func refuseUnknownVariables(parser *kong.Kong) error {
	known := map[string]bool{}
	var collect func(*kong.Node)
	collect = func(node *kong.Node) {
		for _, flag := range node.Flags {
			for _, name := range flag.Envs {
				known[name] = true
			}
		}
		for _, child := range node.Children {
			collect(child)
		}
	}
	collect(parser.Model.Node)
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "GATEHOUSE_") && !known[name] {
			return fmt.Errorf("%s is not an option of gatehouse: see `gatehouse serve --help` for those that are", name)
		}
	}
	return nil
}
