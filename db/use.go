package db

import (
	"sync/atomic"
	"time"
)

// A Use is how busy a Store has been since it was opened. Reading it asks nothing of the database.
type Use struct {
	Connections, BusyConnections, MostConnections int
	ConnectionWaits                               int64         // how often somebody waited for a connection
	ConnectionWaited                              time.Duration // and for how long, all together

	ChecksAllowed, ChecksDenied     uint64
	SharedStatements, SharingChecks uint64 // statements that answered several single checks, and how many these were
}

// A tally counts checks.
type tally struct{ allowed, denied, shared, sharing atomic.Uint64 }

func (t *tally) count(allowed bool) {
	if allowed {
		t.allowed.Add(1)
	} else {
		t.denied.Add(1)
	}
}

// Use reads how busy the Store is.
func (s *Store) Use() Use {
	pool := s.pool.Stat()
	return Use{Connections: int(pool.TotalConns()), BusyConnections: int(pool.AcquiredConns()), MostConnections: int(pool.MaxConns()),
		ConnectionWaits: pool.EmptyAcquireCount(), ConnectionWaited: pool.EmptyAcquireWaitTime(),
		ChecksAllowed: s.tally.allowed.Load(), ChecksDenied: s.tally.denied.Load(),
		SharedStatements: s.tally.shared.Load(), SharingChecks: s.tally.sharing.Load()}
}
