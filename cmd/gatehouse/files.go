package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gatehouse/db"
)

// keepFiles gives the store the place for files: the operator's, or a folder beside the data.
func (c *serveCommand) keepFiles(ctx context.Context, store *db.Store) error {
	address := c.Files
	if address == "" {
		folder, err := filepath.Abs(filepath.Join(c.Data, "files"))
		if err != nil {
			return err
		}
		address = (&url.URL{Scheme: "file", Path: folder}).String()
	}
	return store.UseFiles(ctx, address)
}

// maxFile reads a size such as 100MB.
func (c *serveCommand) maxFile() (int64, error) {
	text := strings.ToUpper(strings.ReplaceAll(c.MaxFile, " ", ""))
	for unit, bytes := range map[string]int64{"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30} {
		digits, found := strings.CutSuffix(text, unit)
		if !found {
			continue
		}
		if size, err := strconv.ParseInt(digits, 10, 32); err == nil && size > 0 {
			return size * bytes, nil
		}
	}
	return 0, fmt.Errorf("GATEHOUSE_MAX_FILE is %q and should be like 100MB, 500KB or 2GB", c.MaxFile)
}

const sweepEvery = time.Minute

// sweepFiles removes what deleted artifacts and uploads that were cut off left, until the context ends.
func sweepFiles(ctx context.Context, store *db.Store, log *slog.Logger) {
	for {
		if _, err := store.SweepFiles(ctx); err != nil && ctx.Err() == nil {
			log.Warn("files that nothing points at could not be removed", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery):
		}
	}
}
