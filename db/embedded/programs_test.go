package embedded

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestNewestFirst(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"9.6", "10", "15", "9.10"} {
		os.MkdirAll(filepath.Join(base, name, "bin"), 0o755)
	}
	var got []string
	for _, bin := range newestFirst(base + "/*/bin") {
		got = append(got, filepath.Base(filepath.Dir(bin)))
	}
	if want := []string{"15", "10", "9.10", "9.6"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestProgramsThatDoNotFit(t *testing.T) {
	dir := newDir(t)
	fake := filepath.Join(filepath.Dir(dir), "bin")
	os.Mkdir(fake, 0o755)
	t.Setenv("PG_BIN", fake)
	startFails(t, dir, nil, "PG_BIN is "+fake, "unset PG_BIN")

	script := "#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n"
	os.WriteFile(filepath.Join(fake, "postgres"), []byte(script), 0o755)
	startFails(t, dir, nil, "15 or newer is needed, and only 14 was found")

	t.Setenv("PG_BIN", "")
	stop(t, start(t, dir))
	os.WriteFile(filepath.Join(dir, "postgres/PG_VERSION"), []byte("99\n"), 0o600)
	startFails(t, dir, nil, "made by PostgreSQL 99", "apt-get install postgresql-99")
}

func TestNoProgramsAtAll(t *testing.T) {
	err := notFound(home{}, 0, "")
	if want := "PostgreSQL was not found. Install it with: apt-get install postgresql"; err.Error()[:len(want)] != want {
		t.Errorf("the error is %v", err)
	}
}
