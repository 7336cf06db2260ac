package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// importCommand is `gatehouse import`.
type importCommand struct {
	databaseOptions
	Files    []string `arg:"" name:"file" help:"A file of records, one JSON object a line; - for standard input. Each is imported whole or not at all."`
	Continue bool     `help:"Import all that is valid, and report what is not."`
	As       string   `placeholder:"ADDRESS" help:"Judge every record by what this person may do. Without it only the server's invariants bind."`
}

// Run imports the files one after the other, and fails when something in them was refused.
func (c *importCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	by, err := c.importer(ctx, data)
	if err != nil {
		return err
	}
	refused := 0
	for _, name := range c.Files {
		count, err := c.importFile(ctx, data, by, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		refused += count
		if refused > 0 && !c.Continue {
			return fmt.Errorf("%s was not imported: nothing of it was applied", name)
		}
	}
	if refused > 0 {
		return fmt.Errorf("%d records were refused; everything else was imported", refused)
	}
	return nil
}

func (c *importCommand) importer(ctx context.Context, data *database) (db.By, error) {
	by := db.By{Via: "import"}
	if c.As == "" {
		return by, nil
	}
	email, err := db.NormalizeEmail(c.As)
	if err != nil {
		return by, err
	}
	account, err := data.FindAccount(ctx, email)
	if errors.Is(err, access.ErrNotFound) || err == nil && !account.Active {
		return by, fmt.Errorf("nobody with the address %s has an active account", c.As)
	}
	by.User = account.ID
	return by, err
}

// importFile imports one file, prints what became of it, and returns how many records were refused.
func (c *importCommand) importFile(ctx context.Context, data *database, by db.By, name string) (int, error) {
	file, err := openFile(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	bar := newProgressBar(os.Stderr, sizeOf(file))
	started := time.Now()
	report, err := data.Import(ctx, by, file, db.ImportOptions{Continue: c.Continue, Progress: bar.show})
	bar.clear()
	if err != nil {
		return 0, err
	}
	for _, refusal := range report.Refused {
		fmt.Fprintf(os.Stderr, "%s: %s\n", name, refusal)
	}
	fmt.Printf("%s: %d records read, %d changed, %d unchanged, %d refused, in %.1f seconds\n",
		name, report.Read, report.Changed, report.Unchanged, len(report.Refused), time.Since(started).Seconds())
	return len(report.Refused), nil
}

func openFile(name string) (*os.File, error) {
	if name == "-" {
		return os.Stdin, nil
	}
	return os.Open(name)
}

// sizeOf is 0 for what is no plain file.
func sizeOf(file *os.File) int64 {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// A progressBar shows on a terminal how far an import is; elsewhere it shows nothing.
type progressBar struct {
	to    io.Writer // nil for no terminal
	bytes int64     // of the file
	drawn time.Time
}

func newProgressBar(file *os.File, bytes int64) *progressBar {
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progressBar{}
	}
	return &progressBar{to: file, bytes: bytes}
}

// show draws the bar at most ten times a second. Reading counts bytes, whose total the caller does not know.
func (b *progressBar) show(step string, done, total int64) {
	if b.to == nil || time.Since(b.drawn) < 100*time.Millisecond {
		return
	}
	b.drawn = time.Now()
	if total == 0 {
		total = b.bytes
	}
	if total == 0 {
		fmt.Fprintf(b.to, "\r\x1b[K%-9s %d MB", step, done>>20)
		return
	}
	const width = 40
	filled := int(min(done, total) * width / total)
	fmt.Fprintf(b.to, "\r\x1b[K%-9s [%s%s] %3d %%", step, strings.Repeat("=", filled), strings.Repeat(" ", width-filled), min(done, total)*100/total)
}

// clear takes the bar away.
func (b *progressBar) clear() {
	if b.to != nil {
		fmt.Fprint(b.to, "\r\x1b[K")
	}
}
