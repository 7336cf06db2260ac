package embedded

import (
	"maps"
	"slices"
)

// defaults suit a small machine that PostgreSQL shares with the program. fsync stays on.
var defaults = Settings{
	"cluster_name":                     "gatehouse", // shown by ps
	"max_connections":                  "100",
	"max_wal_size":                     "256MB", // also bounds the recovery after a crash
	"random_page_cost":                 "1.1",   // solid state disks
	"jit":                              "off",   // costs more than it gains on short statements
	"max_parallel_workers_per_gather":  "0",     // two cores; and containers have a tiny /dev/shm
	"max_parallel_maintenance_workers": "0",
	"log_checkpoints":                  "off",
	"log_line_prefix":                  "%m [%p] ",
	"logging_collector":                "off", // the log goes where a failed start looks for it
	"log_destination":                  "stderr",
}

// flags are the command line arguments for the settings and, where they say nothing, the defaults.
func (s Settings) flags() []string {
	merged := maps.Clone(defaults)
	maps.Copy(merged, s)
	var flags []string
	for _, name := range slices.Sorted(maps.Keys(merged)) {
		flags = append(flags, "-c", name+"="+merged[name])
	}
	return flags
}
