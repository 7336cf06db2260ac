package main

import (
	"context"
	"log/slog"
	"time"

	"gatehouse/db"
)

// expiryPause is how long a grant whose time is over may stand in the lists before it is recorded as expired. It gives
// nothing from the very moment on.
const expiryPause = 30 * time.Second

// keepExpiring records expired grants, and warns of those that end soon, until the context ends. Every replica does; whoever comes second finds nothing.
func keepExpiring(ctx context.Context, store *db.Store, log *slog.Logger) {
	for {
		if _, err := store.ExpireGrants(ctx); err != nil && ctx.Err() == nil {
			log.Error("expired grants could not be recorded", "error", err)
		}
		if _, err := store.WarnOfEnds(ctx); err != nil && ctx.Err() == nil {
			log.Error("people could not be warned of grants that end", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(expiryPause):
		}
	}
}
