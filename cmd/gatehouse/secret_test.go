package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheServersOwnSecretIsMadeOnceAndForItsUserOnly(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	made, err := ownSecret(data)
	if err != nil || len(made) < 40 {
		t.Fatalf("%q, %v", made, err)
	}
	if again, err := ownSecret(data); err != nil || again != made {
		t.Errorf("the second start has %q, %v", again, err)
	}
	found, err := os.Stat(filepath.Join(data, "secret"))
	if err != nil || found.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", found.Mode(), err)
	}
	if drafts, _ := filepath.Glob(filepath.Join(data, "secret-*")); len(drafts) > 0 {
		t.Errorf("drafts are left: %v", drafts)
	}
}

func TestASecretThatIsTooShortStopsTheStartAndIsNotPrinted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("swordfish\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := refuses(t, []string{"GATEHOUSE_SECRET_FILE=" + file}, "serve", "--addr", "127.0.0.1:0", "--data", newData(t))
	if !strings.Contains(said, "GATEHOUSE_SECRET has 9 characters and needs at least 32") || strings.Contains(said, "swordfish") {
		t.Errorf("the start says:\n%s", said)
	}
}
