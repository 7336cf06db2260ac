package main

import (
	"os"
	"runtime/debug"
)

// Little of what the server holds lives longer than a request, so collecting it five times as seldom costs a little memory
// and saves a part of each decision. softLimit is where memory counts for more: the whole program stays under 200 MB.
const (
	collectAt = 400       // percent of what lives
	softLimit = 140 << 20 // bytes
)

// spendMemory sets the garbage collector for a server, except where the operator set it: GOGC, GOMEMLIMIT.
func spendMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
}
