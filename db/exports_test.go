package db_test

import (
	"bytes"
	"testing"

	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// exported is an organization as records.
func exported(t testing.TB, d *dbtest.Database, slug string) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := d.Export(t.Context(), slug, &text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// exportsAlike imports an export into an empty database, and exports it again.
func exportsAlike(t *testing.T, d *dbtest.Database, slug string) {
	t.Helper()
	first := exported(t, d, slug)
	empty := dbtest.New(t)
	report, err := empty.Import(t.Context(), importer, bytes.NewReader(first), db.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, refusal := range report.Refused {
		t.Errorf("the export is refused: %s", refusal)
	}
	second := exported(t, empty, slug)
	if bytes.Equal(first, second) {
		return
	}
	was, is := bytes.Split(first, []byte("\n")), bytes.Split(second, []byte("\n"))
	for n := range min(len(was), len(is)) {
		if !bytes.Equal(was[n], is[n]) {
			t.Fatalf("line %d was\n%s\nand is\n%s", n+1, was[n], is[n])
		}
	}
	t.Fatalf("%d lines were exported, and then %d", len(was), len(is))
}
