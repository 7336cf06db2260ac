package embedded

import "syscall"

var localeFlags = []string{"--locale=C.UTF-8"}

// childAttributes put the child in its own process group, because Ctrl-C in a terminal reaches the
// whole group and would stop PostgreSQL before the program has drained; and have the kernel stop it
// (SIGINT is PostgreSQL's fast shutdown) when the program dies without doing so.
func childAttributes(a account) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT, Credential: a.credential()}
}
