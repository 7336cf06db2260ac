package oidctest

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// DexPassword is that of everybody at dex.
const DexPassword = "password"

// hashed is DexPassword with bcrypt, as dex wants it.
const hashed = "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"

// StartDex runs dex with people who have these addresses, for a client that may redirect to these URLs. It returns its issuer, and
// a function that stops it before the test ends.
func StartDex(t testing.TB, people []string, redirects ...string) (issuer string, stop func()) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	issuer = "http://" + address + "/dex"
	config := fmt.Sprintf("issuer: %s\nstorage: {type: memory}\nweb: {http: %q}\noauth2: {skipApprovalScreen: true}\nenablePasswordDB: true\nlogger: {level: error}\n", issuer, address)
	config += fmt.Sprintf("staticClients: [{id: %s, name: Gatehouse, secret: %q, redirectURIs: [%s]}]\nstaticPasswords:\n", ClientID, Secret, strings.Join(redirects, ", "))
	for i, email := range people {
		name, _, _ := strings.Cut(email, "@")
		config += fmt.Sprintf("- {email: %q, username: %q, userID: \"id-%d\", hash: %q}\n", email, name, i, hashed)
	}
	file := filepath.Join(t.TempDir(), "dex.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	said := &strings.Builder{}
	dex := exec.Command(program(t), "serve", file)
	dex.Stdout, dex.Stderr = said, said
	if err := dex.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = dex.Wait(); close(ended) }()
	stop = func() { _ = dex.Process.Kill(); <-ended }
	t.Cleanup(stop)
	wait(t, issuer, ended, said)
	return issuer, stop
}

// program is where the Makefile built dex.
func program(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("DEX"); named != "" {
		return named
	}
	folder, err := os.Getwd()
	for err == nil && folder != "/" {
		if built := filepath.Join(folder, ".cache", "dex"); exists(built) {
			return built
		}
		folder = filepath.Dir(folder)
	}
	t.Fatal("dex is missing: `make .cache/dex` builds it")
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// wait returns when dex answers.
func wait(t testing.TB, issuer string, ended chan struct{}, said *strings.Builder) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get(issuer + "/.well-known/openid-configuration")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ended:
			t.Fatalf("dex ended and had said:\n%s", said)
		default:
		}
	}
	t.Fatal("dex does not answer")
}
