package dbtest

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// tooMuchMemory is more than ten times what the tests of any package hold, in bytes.
const tooMuchMemory = 4 << 30

// watchMemory ends a test that runs away, with the stacks of all, among which is its name. Without, the system would end
// something or other once the machine has no memory left, and say nothing of a test.
func watchMemory() {
	held := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for range time.Tick(time.Second) {
		if metrics.Read(held); held[0].Value.Uint64() > tooMuchMemory {
			debug.SetTraceback("all")
			panic(fmt.Sprintf("dbtest: the tests hold %d MB, which none of them needs: one that is at work below does not end", held[0].Value.Uint64()>>20))
		}
	}
}
