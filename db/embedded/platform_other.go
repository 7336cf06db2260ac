//go:build !linux

package embedded

import "syscall"

// macOS has C.UTF-8 only since version 15.
var localeFlags = []string{"--locale=C", "--lc-ctype=UTF-8"}

// childAttributes put the child in its own process group, because Ctrl-C in a terminal reaches the
// whole group and would stop PostgreSQL before the program has drained. After kill -9 of the program
// PostgreSQL lives on here, and the next start joins it.
func childAttributes(a account) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: a.credential()}
}
