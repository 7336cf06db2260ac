package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// What comes of a resource and its grants, in the words of the management API (docs/api.md).
type (
	sharedThing struct {
		ID         string       `json:"id"`
		Kind       string       `json:"kind"`
		Key        string       `json:"key"`
		Name       string       `json:"name"`
		AccessMode string       `json:"access_mode"`
		OrgRole    string       `json:"org_role"`
		Owner      *sharedOwner `json:"owner"`
	}
	sharedOwner struct {
		Email string `json:"email"`
	}
	sharedGrant struct {
		ID        string          `json:"id"`
		Principal sharedPrincipal `json:"principal"`
		Role      string          `json:"role"`
		ExpiresAt *time.Time      `json:"expires_at"`
		On        *sharedPlace    `json:"on,omitempty"` // what contains the resource, for an inherited one
	}
	sharedPrincipal struct {
		Type     string `json:"type"`
		ID       string `json:"id"`
		Name     string `json:"name"`
		Email    string `json:"email,omitempty"`
		External bool   `json:"external"`
	}
	sharedPlace struct {
		Type string `json:"type"`
		ID   string `json:"id"`
		Name string `json:"name"`
	}
)

// label is how the shell names a principal.
func (p sharedPrincipal) label() string {
	if p.Email != "" {
		return p.Email
	}
	return p.Name
}

func printJSON(value any) error { return json.NewEncoder(os.Stdout).Encode(value) }

func printShares(thing sharedThing, grants []sharedGrant) error {
	fmt.Printf("%s (%s/%s)\n", thing.Name, thing.Kind, thing.Key)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	if thing.Owner != nil {
		fmt.Fprintf(out, "  user\t%s\towner\t\n", thing.Owner.Email)
		mode := thing.AccessMode
		if mode != "restricted" {
			mode += ", " + thing.OrgRole + " for members"
		}
		fmt.Fprintf(out, "  access mode\t%s\t\t\n", mode)
	}
	for _, grant := range grants {
		fmt.Fprintf(out, "  %s\t%s\t%s\t%s\n", grant.Principal.Type, grant.Principal.label(), grant.Role, grant.remarks())
	}
	return out.Flush()
}

// remarks are what is special about a grant.
func (g sharedGrant) remarks() string {
	var remarks []string
	if g.ExpiresAt != nil {
		remarks = append(remarks, "until "+g.ExpiresAt.UTC().Format(time.RFC3339))
	}
	if g.On != nil {
		remarks = append(remarks, "from the "+g.On.Type+" "+g.On.Name)
	}
	if g.Principal.External {
		remarks = append(remarks, "external")
	}
	return strings.Join(remarks, ", ")
}
