package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"gatehouse/access"
	"gatehouse/db"
)

// auditHeadsCommand is `gatehouse audit heads`.
type auditHeadsCommand struct{ databaseOptions }

// Run prints where every organization's log stands: what `audit verify --heads` compares with later.
func (c *auditHeadsCommand) Run() error {
	ctx := context.Background()
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	heads, err := data.ListAuditHeads(ctx)
	for _, head := range heads {
		fmt.Printf("%s %d %s %s\n", head.Slug, head.Seq, hex.EncodeToString(head.Hash), head.Org)
	}
	return err
}

// auditVerifyCommand is `gatehouse audit verify`.
type auditVerifyCommand struct {
	databaseOptions
	Heads string `placeholder:"FILE" help:"What 'gatehouse audit heads' printed earlier: the logs must still go through it."`
}

// Run checks every organization's log. The first fault ends it with an error.
func (c *auditVerifyCommand) Run() error {
	ctx := context.Background()
	kept, err := readHeads(c.Heads)
	if err != nil {
		return err
	}
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	heads, err := data.ListAuditHeads(ctx)
	if err != nil {
		return err
	}
	for _, head := range heads {
		events, err := data.VerifyAudit(ctx, head.Org)
		if err != nil {
			return fmt.Errorf("the audit log of %s is not sound: %w", head.Slug, err)
		}
		fmt.Printf("%s: %d events, sound\n", head.Slug, events)
	}
	for _, head := range kept {
		if err := data.HasAuditHead(ctx, head); err != nil {
			return fmt.Errorf("the audit log of %s is not the one of %s: %w", head.Slug, c.Heads, err)
		}
	}
	if len(kept) > 0 {
		fmt.Printf("%d logs go through the heads in %s\n", len(kept), c.Heads)
	}
	return nil
}

// readHeads reads what audit heads printed; nothing for no file.
func readHeads(name string) ([]db.AuditHead, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var heads []db.AuditHead
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var head db.AuditHead
		var hash, org string
		if _, err := fmt.Sscanf(lines.Text(), "%s %d %s %s", &head.Slug, &head.Seq, &hash, &org); err != nil {
			return nil, fmt.Errorf("%s has a line that 'gatehouse audit heads' did not print: %q", name, lines.Text())
		}
		if head.Hash, err = hex.DecodeString(hash); err != nil || !access.IsID(org) {
			return nil, fmt.Errorf("%s has a line that 'gatehouse audit heads' did not print: %q", name, lines.Text())
		}
		head.Org = access.ID(org)
		heads = append(heads, head)
	}
	if len(heads) == 0 {
		err = errors.New(name + " holds no heads")
	}
	return heads, errors.Join(err, lines.Err())
}
